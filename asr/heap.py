"""Memory that loading weights left unused goes back to the system. Any thread."""

import ctypes
import sys


def give_back() -> None:
    """Only glibc keeps it so long that it counts: 60 to 90 MB after each set of weights."""
    if sys.platform == "linux":
        try:
            ctypes.CDLL("libc.so.6").malloc_trim(0)
        except (OSError, AttributeError):
            return  # another C library
