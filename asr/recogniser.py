"""Whisper: one window of sound in, words with times out. The worker calls it.

CTranslate2 encodes; `asr/decoder.py` decodes.
Threads: CTranslate2's and ONNX Runtime's own, which inherit their lowered priority from the one that loads the weights.

The encoder's cost grows with its window, 20 ms a second with base int8 on two cores; but the decoder was trained on
30 s, and with less it loops. So the encoder hears the sound alone, and the decoder gets what the encoder made of a
quiet room (`hush`) for the time after it: an idea of WhisperFlow's (arXiv 2412.11272), which learns it; here it is
noted once. On 24 read utterances finals of n + 0.5 s with hush up to 30 s had 5.7 % word errors, a window of
max(12 s, n + 4 s) 6.4 % at a third more work, and n + 1.5 s without hush 29 %.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import _LANGUAGE_CODES, Tokenizer

from asr.decoder import Beginning, Decoder, Heard, Text
from asr.decoding import Vocabulary
from asr.errors import BadInputError
from asr.events import Word
from asr.heap import give_back
from asr.loops import before_loop, loops
from asr.names import misspelt, written
from asr.priority import lower_thread
from asr.sound import SAMPLE_RATE, Samples
from asr.weights import WhisperWeights
from asr.whisper_file import suppressed
from asr.word_times import token_frames

THREADS = 2
"""Of the processor, where nobody says otherwise."""
KEPT_PRIMITIVES = "16"
"""Compiled for one shape each, which hardly comes again, as each window has its own length: with oneDNN's 1024 memory
grew by 70 MB in half an hour, and was no faster."""
FULL_WINDOW_S = 30.0
AFTER_S = 0.5
"""The encoder hears so much silence after the sound."""
PARTIAL_HUSH_S = 8.0
"""A partial pass gets so much hush; one that loops says nothing new. A final gets all of it."""
PARTIAL_HUSH_STRIDE = 2
"""And every second state of it. In finals that would spare a quarter of the time for ten more wrong words of 1,300."""
UNSURE = -0.5
"""Mean log probability per token: a final below it is decoded once more, and the likelier text is taken."""
AGAIN_AFTER_S, AGAIN_BEAM = 6.0, 5
"""The second time the encoder hears so much silence, and the decoder follows so many texts. Wrong words of 24 read
utterances and of 191 spoken lines: not again 33 and 280, by the full window of 30 s 30 and 262, by these 26 and 264 in
half the time, by the beam alone 31 and 272; below -0.2 26 and 255, but every third final takes longer."""
MOST_NAME_TOKENS = 80
"""Of a prompt's 223. Names are told where something sounds like one: of the 31 in the long dialogue 29 were heard, 15
without; told before every final they cost read speech 1.4 points of word errors."""
ROOM_DBFS = -60.0
"""How loud the quiet room is; with digital silence there were more errors."""
LONGEST_S = 28.0
"""A single pass takes no more sound than this; the endpointing keeps utterances shorter."""
_NO_SPEECH = 0.6
_POOR_LOG_PROBABILITY = -1.0
"""Whisper's own thresholds: probably no speech, and the text improbable too."""
_POOR_PARTIAL = -1.5
"""The first words of a sentence, before quiet, are often less probable than -1.0."""
_FRAMES_PER_S = 100
_STATES_PER_S = 50
_MAX_TOKENS_PER_S = 8
"""Fast English has some 5 words or 8 tokens a second; more is a loop."""


@dataclass(frozen=True)
class _Sound:
    """What the decoder hears of some sound, with the hush after it."""

    heard: Heard
    seconds: float


class Recogniser:
    """Whisper weights in memory, int8 on the processor; deterministic (temperature 0)."""

    def __init__(
        self, weights: WhisperWeights, language: str = "en", threads: int = THREADS, names: Sequence[str] = ()
    ) -> None:
        """`names` are likely to be said, and misspelt. Raises BadInputError where the weights don't know `language`."""
        # CTranslate2's oneDNN reads it when it first computes.
        os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", KEPT_PRIMITIVES)
        with ThreadPoolExecutor(1, initializer=lower_thread) as lowered:
            self._whisper, self._decoder = lowered.submit(_load, weights, threads).result()
        give_back()
        self.language = language
        multilingual = self._whisper.model.is_multilingual
        if language not in (_LANGUAGE_CODES if multilingual else ("en",)):
            known = "two letters such as en, vi or de" if multilingual else "English only; choose --model base"
            raise BadInputError(f"{language}: {weights.name} does not know this language; it knows {known}.")
        self._tokenizer = Tokenizer(self._whisper.hf_tokenizer, multilingual, task="transcribe", language=language)
        self.know(names)
        self._hush = self._decoder.hear(self._encode(_quiet_room(), FULL_WINDOW_S))

    def know(self, names: Sequence[str]) -> None:
        """From now on these names are likely to be said; from any thread."""
        self._told = self._encoded(", ".join(names))[:MOST_NAME_TOKENS]
        self.names = tuple(names)

    def partial(
        self,
        sound: Samples,
        prefix: tuple[Word, ...],
        offset: float,
        before: tuple[Word, ...] = (),
        draft: tuple[Word, ...] = (),
    ) -> tuple[Word, ...]:
        """Words that follow `prefix` (forced, spoken within `sound`); `offset` is the sound's start in the call (s).

        `before`: what was said before the sound. None of those that a loop says again. `draft`: what probably follows;
        it makes the pass quicker, and changes nothing.
        """
        heard = self._hushed(sound, PARTIAL_HUSH_S, stride=PARTIAL_HUSH_STRIDE)
        begin = Beginning(self._task(timed=True), self._said(self._forced(before)), self._forced(prefix))
        text = self._decode(heard, begin, self._forced(draft))
        if _is_noise(text, _POOR_PARTIAL):
            return ()
        said, known = (*before, *self._words(text, heard.seconds, offset)), len(before) + len(prefix)
        return said[known : before_loop([word.text for word in said], known + 1)]

    def final(
        self, sound: Samples, offset: float, prefix: tuple[Word, ...] = (), draft: tuple[Word, ...] = ()
    ) -> tuple[Word, ...]:
        """All words of one utterance (at most 28 s); what loops or is unsure is decoded again, with more care.

        `prefix`: words that it is known to begin with; `draft`: what probably follows, which makes it quicker.
        """
        heard, begin = self._hushed(sound, FULL_WINDOW_S), Beginning(self._task(), forced=self._forced(prefix))
        text = self._decode(heard, begin, self._forced(draft))
        if _is_noise(text, _POOR_LOG_PROBABILITY):
            return ()
        if text.log_probability < UNSURE or self._loops(text):
            longer = self._hushed(sound, FULL_WINDOW_S, AGAIN_AFTER_S)
            again = self._decoder.search(longer.heard, begin, _most(longer), AGAIN_BEAM)
            if self._loops(text) or again.log_probability > text.log_probability:
                heard, text = longer, again
                if _is_noise(text, _POOR_LOG_PROBABILITY):
                    return ()
        return self._words(self._spelt(heard, text, begin), heard.seconds, offset)

    def offline(self, sound: Samples, offset: float, prompt: str = "") -> tuple[Word, ...]:
        """What benches compare with: 30 s windows and beam search, without haste; `prompt` is the text before it."""
        segments, _ = self._whisper.transcribe(
            sound,
            language=self._tokenizer.language_code,
            beam_size=5,
            initial_prompt=prompt or None,
            condition_on_previous_text=False,
            word_timestamps=True,
        )
        pieces = [Word(w.word, w.start, w.end, w.probability) for segment in segments for w in segment.words or ()]
        return tuple(
            word._replace(start=round(offset + word.start, 2), end=round(offset + word.end, 2))
            for word in _merged(pieces)
        )

    def _spelt(self, heard: _Sound, text: Text, begin: Beginning) -> Text:
        """What was heard, or the same with names in it instead of what sounds like them."""
        before = self._tokenizer.decode(text.tokens)
        if not misspelt(before, self.names):
            return text
        told = self._decode(heard, replace(begin, before=self._said(self._told)), text.tokens[len(begin.forced) :])
        after = self._tokenizer.decode(told.tokens)
        better = written(after, self.names) > written(before, self.names)
        return told if better and not self._loops(told) else text

    def _words(self, text: Text, seconds: float, offset: float) -> tuple[Word, ...]:
        """Its words, each with its place in the call and its probability."""
        frames = max(1, int(seconds * _STATES_PER_S))
        if not text.tokens:
            return ()
        times = offset + token_frames(text.looked, frames, len(text.tokens) + 1) / _STATES_PER_S
        pieces, at = [], 0
        for word, tokens in zip(*self._tokenizer.split_to_word_tokens(text.tokens), strict=True):
            end = at + len(tokens)
            probability = round(float(np.mean(text.probabilities[at:end])), 3)
            pieces.append(Word(word, round(float(times[at]), 2), round(float(times[end]), 2), probability))
            at = end
        return tuple(_merged([piece for piece in pieces if piece.text]))

    def _forced(self, words: tuple[Word, ...]) -> list[int]:
        return self._encoded(" ".join(word.text for word in words))

    def _encoded(self, text: str) -> list[int]:
        tokens: list[int] = self._tokenizer.encode(f" {text}") if text else []
        return tokens

    def _loops(self, text: Text) -> bool:
        return loops(self._tokenizer.decode(text.tokens).split())

    def _hushed(self, sound: Samples, hush_s: float, after_s: float = AFTER_S, stride: int = 1) -> _Sound:
        """The encoder's states of the sound, and after it those of a quiet room, up to the full window at most."""
        seconds = len(sound) / SAMPLE_RATE
        states = self._encode(sound, min(FULL_WINDOW_S, seconds + after_s))
        end = len(states)
        stop = end + round(hush_s * _STATES_PER_S)
        return _Sound(self._decoder.hear(states).then(self._hush.part(end, stop, stride)), seconds)

    def _encode(self, sound: Samples, window_s: float) -> npt.NDArray[np.float32]:
        """The encoder's states (frames, width)."""
        length = round(window_s * SAMPLE_RATE)
        padded = np.zeros(length, np.float32)
        padded[: len(sound)] = sound[:length]
        features = self._whisper.feature_extractor(padded, padding=0)
        made = self._whisper.encode(features[:, : round(window_s * _FRAMES_PER_S)])
        return np.asarray(made, np.float32).squeeze(0)

    def _task(self, *, timed: bool = False) -> list[int]:
        start = self._tokenizer.timestamp_begin if timed else self._tokenizer.no_timestamps
        return [*self._tokenizer.sot_sequence, start]

    def _said(self, before: Sequence[int]) -> list[int]:
        return [self._tokenizer.sot_prev, *before] if before else []

    def _decode(self, sound: _Sound, begin: Beginning, draft: Sequence[int]) -> Text:
        return self._decoder.decode(sound.heard, begin, _most(sound), draft)


def _most(sound: _Sound) -> int:
    """Tokens that may be said in the sound."""
    return 8 + int(sound.seconds * _MAX_TOKENS_PER_S)


def _is_noise(text: Text, poor: float) -> bool:
    return text.no_speech > _NO_SPEECH and text.log_probability < poor


def _quiet_room() -> Samples:
    """30 s of white noise, always the same."""
    noise = np.random.default_rng(0).standard_normal(round(FULL_WINDOW_S * SAMPLE_RATE))
    return (10 ** (ROOM_DBFS / 20) * noise).astype(np.float32)


def _load(weights: WhisperWeights, threads: int) -> tuple[WhisperModel, Decoder]:
    whisper = WhisperModel(
        str(weights.folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
    )
    return whisper, Decoder(weights, _vocabulary(weights, whisper), threads)


def _vocabulary(weights: WhisperWeights, whisper: WhisperModel) -> Vocabulary:
    silent = suppressed(weights.folder)

    def number(token: str) -> int:
        return int(whisper.hf_tokenizer.token_to_id(token))

    quiet = whisper.hf_tokenizer.token_to_id("<|nospeech|>") or whisper.hf_tokenizer.token_to_id("<|nocaptions|>")
    return Vocabulary(
        eot=number("<|endoftext|>"),
        no_timestamps=number("<|notimestamps|>"),
        no_speech=int(quiet),
        suppressed=silent.always,
        suppressed_first=silent.first,
    )


def _merged(pieces: list[Word]) -> list[Word]:
    """Words as a reader sees them: a piece that begins without a space (punctuation, "$") joins its neighbour."""
    words: list[Word] = []
    for piece in pieces:
        text = piece.text.strip()
        if words and text and not piece.text.startswith(" "):
            last = words.pop()
            speech = any(map(str.isalnum, text))
            words.append(
                Word(
                    last.text + text,
                    last.start,
                    piece.end if speech else last.end,
                    min(last.probability, piece.probability) if speech else last.probability,
                )
            )
        elif text:
            words.append(piece._replace(text=text))
    return words
