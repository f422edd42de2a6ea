"""The decoder over ONNX Runtime says what CTranslate2's says, and a draft makes it quicker and nothing else."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ctranslate2 import StorageView

from asr import decoder_file
from asr.decoder import Beginning, _Run
from asr.decoder_file import decoder_files
from asr.errors import BadInputError
from asr.recogniser import AFTER_S, FULL_WINDOW_S, Recogniser, _quiet_room
from asr.sound import SAMPLE_RATE, Samples
from asr.weights import WhisperWeights, whisper_weights


@pytest.fixture(scope="module")
def opening(rep_side: Samples) -> Samples:
    """The first six seconds of the demo call."""
    return rep_side[: 6 * SAMPLE_RATE]


def plain(recogniser: Recogniser, tokens: list[int]) -> list[str]:
    """The words; a comma more or less is a matter of rounding."""
    text = recogniser._tokenizer.decode(tokens)
    return "".join(letter for letter in text.casefold() if letter.isalnum() or letter == " ").split()


def states(recogniser: Recogniser, sound: Samples) -> StorageView:
    """What CTranslate2 decodes: the encoder's states of the sound and of a quiet room after it."""
    heard = recogniser._encode(sound, len(sound) / SAMPLE_RATE + AFTER_S)
    hush = recogniser._encode(_quiet_room(), FULL_WINDOW_S)
    return StorageView.from_array(np.concatenate([heard, hush[len(heard) :]])[None])


@pytest.fixture
def fed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many tokens went into the decoder at a time."""
    counts: list[int] = []
    feed = _Run.feed

    def counted(run: _Run, tokens: list[int], wanted: list[int]) -> object:
        counts.append(len(tokens))
        return feed(run, tokens, wanted)

    monkeypatch.setattr(_Run, "feed", counted)
    return counts


@pytest.mark.parametrize("timed", [False, True])
def test_it_says_what_ctranslate2_says(recogniser: Recogniser, opening: Samples, timed: bool) -> None:
    sound, task = recogniser._hushed(opening, 30.0), recogniser._task(timed=timed)
    text = recogniser._decoder.decode(sound.heard, Beginning(task), 60)
    theirs = recogniser._whisper.model.generate(
        states(recogniser, opening), [task], beam_size=1, return_scores=True, return_no_speech_prob=True
    )[0]
    said = [token for token in theirs.sequences_ids[0] if token < recogniser._tokenizer.eot]
    assert plain(recogniser, text.tokens) == plain(recogniser, said)
    assert len(said) > 10
    assert text.log_probability == pytest.approx(theirs.scores[0], abs=0.1)
    assert text.no_speech == pytest.approx(theirs.no_speech_prob, abs=0.1)


def test_several_texts_are_followed_as_ctranslate2_does(recogniser: Recogniser, rep_side: Samples) -> None:
    task = recogniser._task()
    for at in (0, 8, 24):  # cut in pauses: half a word has many readings that are as likely
        sound = rep_side[at * SAMPLE_RATE : (at + 8) * SAMPLE_RATE]
        text = recogniser._decoder.search(recogniser._hushed(sound, 30.0).heard, Beginning(task), 60, 5)
        theirs = recogniser._whisper.model.generate(
            states(recogniser, sound), [task], beam_size=5, return_scores=True, return_no_speech_prob=True
        )[0]
        assert plain(recogniser, text.tokens) == plain(recogniser, theirs.sequences_ids[0])
        assert text.log_probability == pytest.approx(theirs.scores[0], abs=0.1)
        assert text.no_speech == pytest.approx(theirs.no_speech_prob, abs=0.1)
        assert len(text.tokens) == len(text.probabilities) > 3


def test_one_text_followed_is_the_likeliest_at_each_step(recogniser: Recogniser, opening: Samples) -> None:
    heard, begin = recogniser._hushed(opening, 30.0).heard, Beginning(recogniser._task())
    whole = recogniser._decoder.decode(heard, begin, 60).tokens
    assert recogniser._decoder.search(heard, begin, 60, 1).tokens == whole
    begun = replace(begin, forced=whole[:3])
    assert recogniser._decoder.search(heard, begun, 60, 5).tokens[:3] == whole[:3]
    assert len(recogniser._decoder.search(heard, begin, 4, 5).tokens) == 4


def test_its_words_lie_where_ctranslate2_finds_them(recogniser: Recogniser, opening: Samples) -> None:
    sound, task = recogniser._hushed(opening, 30.0), recogniser._task()
    text = recogniser._decoder.decode(sound.heard, Beginning(task), 60)
    theirs = recogniser._whisper.find_alignment(
        recogniser._tokenizer, [text.tokens], states(recogniser, opening), int(sound.seconds * 100)
    )[0]
    ours = recogniser._words(text, sound.seconds, 0.0)
    ends = {found["word"].strip(): found["end"] for found in theirs if found["word"]}
    assert len(ours) > 8
    assert np.median([abs(word.end - ends[word.text]) for word in ours if word.text in ends]) <= 0.04


@pytest.mark.parametrize("timed", [False, True])
def test_a_draft_changes_nothing(recogniser: Recogniser, opening: Samples, timed: bool) -> None:
    heard, begin = recogniser._hushed(opening, 30.0).heard, Beginning(recogniser._task(timed=timed))
    whole = recogniser._decoder.decode(heard, begin, 60).tokens
    wrong = [*whole[:4], whole[0], *whole[5:]]
    for draft in (whole, whole[:-3], wrong, [*whole, *whole[:5]], whole[::-1]):
        text = recogniser._decoder.decode(heard, begin, 60, draft)
        assert plain(recogniser, text.tokens) == plain(recogniser, whole)
        assert text.looked.shape[1] == len(begin.task) + len(text.tokens)
        assert len(text.probabilities) == len(text.tokens)
        assert np.mean(text.probabilities) > 0.8


def test_a_right_draft_is_read_at_once(recogniser: Recogniser, opening: Samples, fed: list[int]) -> None:
    heard, begin = recogniser._hushed(opening, 30.0).heard, Beginning(recogniser._task())
    whole = recogniser._decoder.decode(heard, begin, 60).tokens
    assert fed == [len(begin.task), *[1] * len(whole)]
    fed.clear()
    assert recogniser._decoder.decode(heard, begin, 60, whole).tokens == whole
    assert fed == [len(begin.task) + len(whole)]
    fed.clear()
    assert recogniser._decoder.decode(heard, begin, 60, whole[:-3]).tokens == whole
    assert fed == [len(begin.task) + len(whole) - 3, 1, 1, 1]


def test_it_stops_at_the_most_tokens_that_it_may_say(recogniser: Recogniser, opening: Samples) -> None:
    heard, begin = recogniser._hushed(opening, 30.0).heard, Beginning(recogniser._task())
    whole = recogniser._decoder.decode(heard, begin, 60).tokens
    assert recogniser._decoder.decode(heard, begin, 5).tokens == whole[:5]
    assert recogniser._decoder.decode(heard, begin, 5, whole).tokens == whole[:5]
    many = Beginning(recogniser._task(), forced=[*whole] * 30)
    assert len(recogniser._decoder.decode(heard, Beginning(many.task, forced=many.forced[:440]), 60).tokens) <= 448


def test_the_graphs_are_made_once_and_anew_where_they_are_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = whisper_weights("tiny.en")
    monkeypatch.setattr(decoder_file, "models_folder", lambda: tmp_path / "models")
    folder = decoder_files(tiny)
    graph = folder / decoder_file.DECODER
    made = graph.stat().st_mtime_ns
    assert decoder_files(tiny) == folder
    assert graph.stat().st_mtime_ns == made
    whole = graph.read_bytes()
    graph.write_bytes(whole[:-1000] + bytes(1000))
    assert (decoder_files(tiny) / decoder_file.DECODER).read_bytes() == whole
    assert [file.name for file in (tmp_path / "models").iterdir()] == [folder.name], "something half was left"


def test_two_starts_at_once_both_find_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = whisper_weights("tiny.en")
    monkeypatch.setattr(decoder_file, "models_folder", lambda: tmp_path / "models")
    killed = tmp_path / "models" / f"{decoder_file.HALF}killed"
    killed.mkdir(parents=True)
    os.utime(killed, (0, 0))
    with ThreadPoolExecutor(2) as starts:
        first, second = starts.map(decoder_files, (tiny, tiny))
    assert first == second
    assert (first / decoder_file.DECODER).is_file()
    assert [file.name for file in (tmp_path / "models").iterdir()] == [first.name]


def test_what_is_no_model_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder_file, "models_folder", lambda: tmp_path / "models")
    (tmp_path / "model.bin").write_bytes(b"\6\0\0\0 no model")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(BadInputError) as error:
        decoder_files(WhisperWeights("mine", tmp_path, "0" * 64))
    assert str(error.value).startswith(f"{tmp_path / 'model.bin'}: is no CTranslate2 model of Whisper")
    assert "\n" not in str(error.value)


def test_weights_that_are_stored_as_whole_numbers_are_read_too(recogniser: Recogniser) -> None:
    file = recogniser._decoder._file
    floats = file.floats("decoder/layer_0/ffn/linear_0/weight")
    scale = 127 / np.abs(floats).max(axis=1)
    file.variables["whole"] = np.round(floats * scale[:, None]).astype(np.int8)
    file.variables["whole_scale"] = scale
    assert np.abs(file.floats("whole") - floats).max() <= 0.51 / scale.min()
    assert np.array_equal(file.rows("whole", [7, 3]), file.floats("whole")[[7, 3]])
