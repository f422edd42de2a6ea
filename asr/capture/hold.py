"""When sound is handed on: at once in a conversation, in longer pieces while nobody speaks.

Each piece wakes four threads in three processes, which is most of what a silent call costs. What is held is calm, so
no word waits; and the other side of the call hurries this one, since a chunk of the call needs both. Pure but for
`hurry`, which any thread may call: it replaces one number.
"""

from asr.background import Background
from asr.sound import Samples

HELD_S = 0.2
"""A piece of calm sound; a side is waited for longer (PATIENCE_S in asr/capture/live.py)."""
JITTER_S = 0.02
"""Blocks do not come to the millisecond."""
CALM_AFTER_S = 2.0
"""Nothing is held sooner after a sound: an utterance ends, and its final text is decoded, without delay."""


class Hold:
    """Of one side's sound. Times are monotonic (s)."""

    def __init__(self) -> None:
        self._background = Background()
        self._loud_at = self._hurried_at = 0.0
        self._handed_at = 0.0

    def is_due(self, samples: Samples, at: float) -> bool:
        """Whether what came until `at`, with this block at its end (mono, -1 to 1), is handed on now."""
        if not self._background.covers(samples):
            self._loud_at = at
        due = at - max(self._loud_at, self._hurried_at) < CALM_AFTER_S or at - self._handed_at >= HELD_S - JITTER_S
        if due:
            self._handed_at = at
        return due

    def is_loud(self, at: float) -> bool:
        """Whether this side itself, until `at`, is in conversation."""
        return at - self._loud_at < CALM_AFTER_S

    def hurry(self, now: float) -> None:
        """The other side is in conversation."""
        self._hurried_at = now
