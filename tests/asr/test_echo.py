"""Loudspeakers that the microphone hears: on real speech with the real recogniser, and the parts alone."""

import numpy as np
import pytest
from user import DEMO_CALL

from asr.capture.file import CHUNK, Chunk, open_stereo
from asr.echo import EchoGate, correlated, repeats
from asr.events import Advice, Event, Hypothesis, Utterance
from asr.live import transcribe_at_max
from asr.recogniser import Recogniser
from asr.sound import SAMPLE_RATE, Samples
from asr.weights import whisper_weights

CALL_S = 36
ROOM_DBFS = -62.0


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(whisper_weights("base"))


def sides(seconds: float = CALL_S) -> tuple[Samples, Samples]:
    chunks = [item for item in open_stereo(DEMO_CALL).chunks() if isinstance(item, Chunk)][: round(seconds * 10)]
    rep, buyer = (np.concatenate([getattr(chunk, side) for chunk in chunks]) for side in ("rep", "buyer"))
    noise = np.random.default_rng(1).normal(0, 10 ** (ROOM_DBFS / 20), len(rep))
    return (rep + noise).astype(np.float32), buyer


def with_loudspeakers(rep: Samples, buyer: Samples, db: float, delay_s: float) -> Samples:
    """What the microphone hears in a room with some reverberation."""
    chance = np.random.default_rng(2)
    room = 0.03 * chance.normal(0, 1, 4000) * np.exp(-np.arange(4000) / 800)
    room[0] = 1.0
    echo = 10 ** (db / 20) * np.convolve(buyer, room)[: len(buyer)]
    late = round(delay_s * SAMPLE_RATE)
    heard = rep.copy()
    heard[late:] += echo[: len(rep) - late].astype(np.float32)
    return heard


def chunked(rep: Samples, buyer: Samples) -> list[Chunk]:
    return [Chunk(rep[k : k + CHUNK], buyer[k : k + CHUNK]) for k in range(0, len(rep), CHUNK)]


def said(events: list[Event], channel: int) -> list[str]:
    return [e.text for e in events if isinstance(e, Utterance) and e.channel == channel and e.text]


def test_headphones_are_told_from_loudspeakers() -> None:
    rep, buyer = sides()
    apart, gate = EchoGate(), EchoGate()
    for chunk in chunked(rep, buyer):
        apart.hear(chunk.rep, chunk.buyer)
        assert not apart.loudspeakers
    since = None
    for k, chunk in enumerate(chunked(with_loudspeakers(rep, buyer, -20, 0.08), buyer)):
        gate.hear(chunk.rep, chunk.buyer)
        since = k / 10 if gate.loudspeakers and since is None else since
    # The buyer says their first word at 6.5 s, and is done at 9.2 s.
    assert since is not None
    assert since < 9.2
    assert gate.loudspeakers


@pytest.mark.parametrize(("db", "delay"), [(-12, 0.04), pytest.param(-25, 0.15, marks=pytest.mark.verify)])
def test_what_the_loudspeakers_say_is_no_line_of_the_rep_s(recogniser: Recogniser, db: float, delay: float) -> None:
    rep, buyer = sides()
    alone = list(transcribe_at_max(iter(chunked(rep, buyer)), recogniser, EchoGate()))
    heard = with_loudspeakers(rep, buyer, db, delay)
    echoing = list(transcribe_at_max(iter(chunked(heard, buyer)), recogniser, EchoGate()))
    assert said(echoing, 1) == said(alone, 1)
    own, lines = said(alone, 0), said(echoing, 0)
    assert len(own) >= 4, own
    for line in own:
        assert any(words_in(line, other) >= 0.7 for other in lines), (line, lines)
    for line in said(alone, 1):
        assert not any(words_in(line, other) >= 0.7 for other in lines), (line, lines)
    advice = [event for event in echoing if isinstance(event, Advice)]
    assert [event.message for event in advice] == ["Your microphone hears your loudspeakers; a headset hears better."]
    assert not [event for event in alone if isinstance(event, Advice)]


def words_in(line: str, other: str) -> float:
    """The share of a line's words that another one has too."""
    words, others = (["".join(filter(str.isalnum, w)) for w in text.lower().split()] for text in (line, other))
    return sum(word in others for word in words) / max(1, len(words))


def utterance(text: str, start: float, end: float, channel: int = 0) -> Utterance:
    speaker = "rep" if channel == 0 else "buyer"
    return Utterance(
        t=end,
        id="u1",
        channel=channel,
        speaker=speaker,
        audio_start=start,
        audio_end=end,
        text=text,
        words=(),  # type: ignore[arg-type]
    )


BUYER = utterance("We are using Zendesk right now, and our whole team works with it.", 10.0, 15.0, 1)


@pytest.mark.parametrize(
    ("text", "start", "end", "repeated"),
    [
        ("We are using Zendesk right now and our whole team works with it", 10.1, 15.1, True),
        ("are using send desk right now", 10.2, 12.0, True),
        ("whole team works with", 13.0, 15.2, True),
        ("And how long have you been on Zendesk?", 16.0, 18.0, False),
        ("Yes, exactly.", 12.0, 12.8, False),
        ("We are using Zendesk right now and our whole team works with it", 17.5, 22.0, False),
    ],
)
def test_a_line_repeats_another_by_words_and_time(text: str, start: float, end: float, repeated: bool) -> None:
    assert repeats(utterance(text, start, end), [BUYER]) is repeated


def test_a_line_that_was_shown_is_taken_back() -> None:
    gate = EchoGate()
    early = Hypothesis(t=11, utterance="u1", channel=0, audio_start=10, audio_end=11, stable="we are", rest="using")
    assert gate.let_through(early) == [early]
    gate.let_through(BUYER)
    gate.loudspeakers = True
    advice, taken_back = gate.let_through(utterance("We are using Zendesk right now.", 10.1, 12.5))
    assert isinstance(advice, Advice)
    assert isinstance(taken_back, Utterance)
    assert (taken_back.id, taken_back.text, taken_back.words) == ("u1", "", ())


def test_silence_and_a_constant_hum_are_no_loudspeakers() -> None:
    assert correlated([(-120.0, -120.0)] * 400) is None
    assert correlated([(-40.0, -30.0)] * 400) is None
