"""Whisper over CTranslate2: one window of sound in, words with times out. The worker calls it.

Threads: CTranslate2's own, which inherit their lowered priority from the one that loads the weights.

The encoder's cost grows with its window, 20 ms a second with base int8 on two cores; but the decoder was trained on
30 s, and with less it loops. So the encoder hears the sound alone, and the decoder gets what the encoder made of a
quiet room (`hush`) for the time after it: an idea of WhisperFlow's (arXiv 2412.11272), which learns it; here it is
noted once. On 24 read utterances finals of n + 0.5 s with hush up to 30 s had 5.7 % word errors, a window of
max(12 s, n + 4 s) 6.4 % at a third more work, and n + 1.5 s without hush 29 %.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from ctranslate2 import StorageView
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import _LANGUAGE_CODES, Tokenizer

from asr.errors import BadInputError
from asr.events import Word
from asr.heap import give_back
from asr.loops import before_loop, loops
from asr.names import misspelt, written
from asr.priority import lower_thread
from asr.sound import SAMPLE_RATE, Samples
from asr.weights import WhisperWeights

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
_MAX_TOKENS_PER_S = 12
"""Fast English is some 5 words or 8 tokens a second; more is a loop."""


@dataclass(frozen=True)
class _Pass:
    """One decoding pass: text tokens, mean log probability per token, probability of no speech."""

    tokens: list[int]
    log_probability: float
    no_speech: float


class Recogniser:
    """Whisper weights in memory, int8 on the processor; deterministic (temperature 0)."""

    def __init__(
        self, weights: WhisperWeights, language: str = "en", threads: int = THREADS, names: Sequence[str] = ()
    ) -> None:
        """`names` are likely to be said, and misspelt. Raises BadInputError where the weights don't know `language`."""
        # CTranslate2's oneDNN reads it when it first computes.
        os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", KEPT_PRIMITIVES)
        with ThreadPoolExecutor(1, initializer=lower_thread) as lowered:
            self._whisper = lowered.submit(_load, weights, threads).result()
        give_back()
        self.language = language
        multilingual = self._whisper.model.is_multilingual
        if language not in (_LANGUAGE_CODES if multilingual else ("en",)):
            known = "two letters such as en, vi or de" if multilingual else "English only; choose --model base"
            raise BadInputError(f"{language}: {weights.name} does not know this language; it knows {known}.")
        self._tokenizer = Tokenizer(self._whisper.hf_tokenizer, multilingual, task="transcribe", language=language)
        self.know(names)
        self._hush = np.asarray(self._encode(_quiet_room(), FULL_WINDOW_S))

    def know(self, names: Sequence[str]) -> None:
        """From now on these names are likely to be said; from any thread."""
        self._told = self._encoded(", ".join(names))[:MOST_NAME_TOKENS]
        self.names = tuple(names)

    def partial(
        self, sound: Samples, prefix: tuple[Word, ...], offset: float, before: tuple[Word, ...] = ()
    ) -> tuple[Word, ...]:
        """Words that follow `prefix` (forced, spoken within `sound`); `offset` is the sound's start in the call (s).

        `before`: what was said before the sound. None of those that a loop says again.
        """
        encoded = self._hushed(sound, PARTIAL_HUSH_S, stride=PARTIAL_HUSH_STRIDE)
        heard = self._generate(encoded, self._forced(prefix), sound, timestamps=True, before=self._forced(before))
        if _is_noise(heard, _POOR_PARTIAL):
            return ()
        said, known = (*before, *self._words(encoded, heard, sound, offset)), len(before) + len(prefix)
        return said[known : before_loop([word.text for word in said], known + 1)]

    def final(self, sound: Samples, offset: float, prefix: tuple[Word, ...] = ()) -> tuple[Word, ...]:
        """All words of one utterance (at most 28 s); what loops or is unsure is decoded again, with more care.

        `prefix`: words that it is known to begin with.
        """
        encoded = self._hushed(sound, FULL_WINDOW_S)
        forced = self._forced(prefix)
        heard = self._generate(encoded, forced, sound, timestamps=False)
        if _is_noise(heard, _POOR_LOG_PROBABILITY):
            return ()
        if heard.log_probability < UNSURE or self._loops(heard):
            longer = self._hushed(sound, FULL_WINDOW_S, AGAIN_AFTER_S)
            again = self._generate(longer, forced, sound, timestamps=False, beam=AGAIN_BEAM)
            if self._loops(heard) or again.log_probability > heard.log_probability:
                encoded, heard = longer, again
                if _is_noise(heard, _POOR_LOG_PROBABILITY):
                    return ()
        return self._words(encoded, self._spelt(encoded, heard, forced, sound), sound, offset)

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

    def _spelt(self, encoded: Any, heard: _Pass, forced: list[int], sound: Samples) -> _Pass:
        """What was heard, or the same with names in it instead of what sounds like them."""
        before = self._tokenizer.decode(heard.tokens)
        if not misspelt(before, self.names):
            return heard
        told = self._generate(encoded, forced, sound, timestamps=False, before=self._told)
        after = self._tokenizer.decode(told.tokens)
        better = written(after, self.names) > written(before, self.names)
        return told if better and not self._loops(told) else heard

    def _words(self, encoded: Any, heard: _Pass, sound: Samples, offset: float) -> tuple[Word, ...]:
        return tuple(
            Word(word.text, round(offset + word.start, 2), round(offset + word.end, 2), word.probability)
            for word in self._align(encoded, heard.tokens, len(sound) / SAMPLE_RATE)
        )

    def _forced(self, prefix: tuple[Word, ...]) -> list[int]:
        return self._encoded(" ".join(word.text for word in prefix))

    def _encoded(self, text: str) -> list[int]:
        tokens: list[int] = self._tokenizer.encode(f" {text}") if text else []
        return tokens

    def _loops(self, heard: _Pass) -> bool:
        return loops(self._tokenizer.decode(heard.tokens).split())

    def _hushed(self, sound: Samples, hush_s: float, after_s: float = AFTER_S, stride: int = 1) -> Any:
        """The encoder's states of the sound, and after it those of a quiet room, up to the full window at most."""
        states = np.asarray(self._encode(sound, min(FULL_WINDOW_S, len(sound) / SAMPLE_RATE + after_s)))
        end = states.shape[1]
        hush = self._hush[:, end : end + round(hush_s * _STATES_PER_S) : stride]
        return StorageView.from_array(np.ascontiguousarray(np.concatenate([states, hush], axis=1)))

    def _encode(self, sound: Samples, window_s: float) -> Any:
        length = round(window_s * SAMPLE_RATE)
        padded = np.zeros(length, np.float32)
        padded[: len(sound)] = sound[:length]
        features = self._whisper.feature_extractor(padded, padding=0)
        return self._whisper.encode(features[:, : round(window_s * _FRAMES_PER_S)])

    def _generate(
        self,
        encoded: Any,
        forced: list[int],
        sound: Samples,
        *,
        timestamps: bool,
        before: Sequence[int] = (),
        beam: int = 1,
    ) -> _Pass:
        start = [self._tokenizer.timestamp_begin] if timestamps else [self._tokenizer.no_timestamps]
        prompt = [self._tokenizer.sot_prev, *before] if before else []
        limit = len(forced) + 8 + int(len(sound) / SAMPLE_RATE * _MAX_TOKENS_PER_S)
        result = self._whisper.model.generate(
            encoded,
            [[*prompt, *self._tokenizer.sot_sequence, *start, *forced]],
            beam_size=beam,
            return_scores=True,
            return_no_speech_prob=True,
            max_length=min(limit, 440) + len(prompt) + len(self._tokenizer.sot_sequence) + 1,
        )[0]
        produced: list[int] = result.sequences_ids[0]
        return _Pass(
            tokens=[token for token in produced if token < self._tokenizer.eot],
            log_probability=float(result.scores[0]),
            no_speech=float(result.no_speech_prob),
        )

    def _align(self, encoded: Any, tokens: list[int], seconds: float) -> list[Word]:
        """Word times from the cross-attention (CTranslate2's align, as faster-whisper uses it)."""
        if not tokens:
            return []
        found = self._whisper.find_alignment(self._tokenizer, [tokens], encoded, max(1, int(seconds * _FRAMES_PER_S)))[
            0
        ]
        return _merged(
            [
                Word(
                    item["word"],
                    float(item["start"]),
                    float(item["end"]),
                    round(float(item["probability"]), 3),
                )
                for item in found
                if item["word"]
            ]
        )


def _is_noise(heard: _Pass, poor: float) -> bool:
    return heard.no_speech > _NO_SPEECH and heard.log_probability < poor


def _quiet_room() -> Samples:
    """30 s of white noise, always the same."""
    noise = np.random.default_rng(0).standard_normal(round(FULL_WINDOW_S * SAMPLE_RATE))
    return (10 ** (ROOM_DBFS / 20) * noise).astype(np.float32)


def _load(weights: WhisperWeights, threads: int) -> WhisperModel:
    return WhisperModel(
        str(weights.folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
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
