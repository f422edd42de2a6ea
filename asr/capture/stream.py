"""A device that is open, whatever library opened it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from asr.capture.ring import Ring

BLOCK_S = 0.05
"""Each block wakes four threads, in silence too; and so long at most does a sample wait."""
RING_S = 30
"""What is kept while nobody reads: an engine that was stopped for seconds loses nothing."""


def always() -> bool:
    return True


@dataclass(frozen=True)
class Stream:
    """While `open` is entered, `ring` gets mono sound at `rate` (Hz)."""

    open: AbstractContextManager[Any]
    ring: Ring
    rate: int
    alive: Callable[[], bool] = always
    """False once it will never give sound again."""
    idle: Callable[[], bool] | None = None
    """Whether it gives nothing only because nothing plays; None for a device that always gives something."""
