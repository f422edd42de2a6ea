"""Whisper over CTranslate2: one window of sound in, words with times out. No thread of its own; the worker calls it.

Measured on two cores with base int8: the encoder's cost grows with the window, so windows are cut short
(max(12 s, n + 4 s) for finals, n + 1.5 s for partials); below 10 s a pass may loop, so a loop falls back to 30 s.
"""

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer

from asr.events import Word
from asr.loops import loops
from asr.sound import SAMPLE_RATE, Samples
from asr.weights import WhisperWeights

THREADS = 2
"""Of the processor, where nobody says otherwise."""
KEPT_PRIMITIVES = "16"
"""Compiled for one shape each, which hardly comes again, as each window has its own length: with oneDNN's 1024 memory
grew by 70 MB in half an hour, and was no faster."""
FULL_WINDOW_S = 30.0
LONGEST_S = 28.0
"""A single pass takes no more sound than this; the endpointing keeps utterances shorter."""
_NO_SPEECH = 0.6
_POOR_LOG_PROBABILITY = -1.0
"""Whisper's own thresholds: probably no speech, and the text improbable too."""
_FRAMES_PER_S = 100
_MAX_TOKENS_PER_S = 12
"""Fast English is some 5 words or 8 tokens a second; more is a loop."""


@dataclass(frozen=True)
class _Pass:
    """One decoding pass: text tokens, mean log probability per token, probability of no speech."""

    tokens: list[int]
    log_probability: float
    no_speech: float


class Recogniser:
    """Whisper weights in memory, int8 on the processor; deterministic (greedy, temperature 0)."""

    def __init__(self, weights: WhisperWeights, language: str = "en", threads: int = THREADS) -> None:
        # CTranslate2's oneDNN reads it when it first computes.
        os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", KEPT_PRIMITIVES)
        self._whisper = WhisperModel(
            str(weights.folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
        )
        multilingual = self._whisper.model.is_multilingual
        self._tokenizer = Tokenizer(
            self._whisper.hf_tokenizer,
            multilingual,
            task="transcribe",
            language=language if multilingual else "en",
        )

    def partial(self, sound: Samples, prefix: tuple[Word, ...], offset: float) -> tuple[Word, ...]:
        """Words that follow `prefix` (forced, spoken within `sound`); `offset` is the sound's start in the call (s).

        None of them where the pass looped.
        """
        window = max(6.0, len(sound) / SAMPLE_RATE + 1.5)
        forced = self._tokenizer.encode(" " + " ".join(word.text for word in prefix)) if prefix else []
        words = self._decode(sound, window, forced, timestamps=True, offset=offset)
        return () if loops([w.text for w in words], len(prefix) + 1) else words[len(prefix) :]

    def final(self, sound: Samples, offset: float) -> tuple[Word, ...]:
        """All words of one utterance (at most 28 s); a loop is decoded again in the full window."""
        window = max(12.0, len(sound) / SAMPLE_RATE + 4.0)
        words = self._decode(sound, window, [], timestamps=False, offset=offset)
        if loops([w.text for w in words]):
            words = self._decode(sound, FULL_WINDOW_S, [], timestamps=False, offset=offset)
        return words

    def offline(self, sound: Samples, offset: float, beam: int = 5) -> tuple[Word, ...]:
        """The reference that benches compare with: 30 s windows and beam search, without haste."""
        segments, _ = self._whisper.transcribe(
            sound,
            language=self._tokenizer.language_code,
            beam_size=beam,
            condition_on_previous_text=False,
            word_timestamps=True,
        )
        return tuple(
            Word(word.word.strip(), round(offset + word.start, 2), round(offset + word.end, 2), word.probability)
            for segment in segments
            for word in segment.words or ()
        )

    def _decode(
        self, sound: Samples, window_s: float, forced: list[int], *, timestamps: bool, offset: float
    ) -> tuple[Word, ...]:
        seconds = len(sound) / SAMPLE_RATE
        encoded = self._encode(sound, min(window_s, FULL_WINDOW_S))
        result = self._generate(encoded, forced, seconds, timestamps=timestamps)
        if result.no_speech > _NO_SPEECH and result.log_probability < _POOR_LOG_PROBABILITY:
            return ()
        return tuple(
            Word(word.text, round(offset + word.start, 2), round(offset + word.end, 2), word.probability)
            for word in self._align(encoded, result.tokens, seconds)
        )

    def _encode(self, sound: Samples, window_s: float) -> Any:
        length = round(window_s * SAMPLE_RATE)
        padded = np.zeros(length, np.float32)
        padded[: len(sound)] = sound[:length]
        features = self._whisper.feature_extractor(padded, padding=0)
        return self._whisper.encode(features[:, : round(window_s * _FRAMES_PER_S)])

    def _generate(self, encoded: Any, forced: list[int], seconds: float, *, timestamps: bool) -> _Pass:
        start = [self._tokenizer.timestamp_begin] if timestamps else [self._tokenizer.no_timestamps]
        limit = len(forced) + 8 + int(seconds * _MAX_TOKENS_PER_S)
        result = self._whisper.model.generate(
            encoded,
            [[*self._tokenizer.sot_sequence, *start, *forced]],
            beam_size=1,
            return_scores=True,
            return_no_speech_prob=True,
            max_length=min(limit, 440) + len(self._tokenizer.sot_sequence) + 1,
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
