"""Lines from the engine to its parent. Never waits: a parent that hangs must not stop the call.

No thread of its own; only the engine's main thread writes. A line is in the kernel's hands before the feed says the
event, so a parent that reads knows every event that any client ever saw, even of an engine that was killed.
"""

import os
import time
from contextlib import suppress

MOST_LEFT = 8 * 1024 * 1024
"""Bytes that a parent may be behind; later lines are dropped for it (the journal and the feed have them)."""
_AT_ONCE = 64 * 1024
_LAST_S = 2.0


class Pipe:
    """Writes to the open file `handle`, which it owns."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._left = bytearray()
        self._gone = False
        # Windows can't before Python 3.12; there a parent that hangs does hold the engine up.
        with suppress(OSError, AttributeError):
            os.set_blocking(handle, False)

    def say(self, line: bytes) -> None:
        """Writes a line, or keeps it until the next one where the pipe is full."""
        if len(self._left) < MOST_LEFT:
            self._left += line + b"\n"
        self._push()

    def close(self) -> None:
        """Gives the parent a moment to take the rest."""
        until = time.monotonic() + _LAST_S
        while self._left and time.monotonic() < until:
            self._push()
            time.sleep(0.01 if self._left else 0)
        os.close(self._handle)

    def _push(self) -> None:
        while self._left and not self._gone:
            try:
                written = os.write(self._handle, self._left[:_AT_ONCE])
            except BlockingIOError:
                return
            except OSError:
                self._gone = True
            else:
                del self._left[:written]
        if self._gone:
            self._left.clear()
