"""How a fault of ours is written down: its kind and place, never what it was about, which may be words of a call."""

import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType


def described(error: BaseException) -> str:
    """Such as `OSError (No space left on device) in kept_sound.py, line 88`.

    A library's message may quote its input, so only the system's own is given.
    """
    reason = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
    return f"{type(error).__name__}{reason}{_place(error.__traceback__)}"


def say_what_ends_threads() -> None:
    """From now on a thread that ends by a fault says so in one line, not in a traceback with the fault's message."""
    threading.excepthook = _thread_ended


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    name = ended.thread.name if ended.thread is not None else "?"
    if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
        print(f"The thread {name} stopped: {described(ended.exc_value)}.", file=sys.stderr)


def _place(where: TracebackType | None) -> str:
    """The innermost line of ours."""
    frames = [frame for frame in traceback.extract_tb(where) if "site-packages" not in frame.filename]
    return f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
