"""Memory that loading left unused goes back to the system; what is loaded is not searched for garbage. Any thread."""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def give_back() -> None:
    """Only glibc keeps it so long that it counts: 60 to 90 MB after each set of weights."""
    if sys.platform == "linux":
        try:
            ctypes.CDLL("libc.so.6").malloc_trim(0)
        except (OSError, AttributeError):
            return  # another C library


@contextmanager
def growing() -> Iterator[None]:
    """While much is built and nothing thrown away: the collector would go through all of it again and again."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
