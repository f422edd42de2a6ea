"""Makes room for the meeting: what decodes comes after programs of ordinary priority, and takes few threads.

Only a live call is lowered: a recording has no meeting beside it, and threads that wait for each other at every step
are many times slower where others come first. On Linux niceness is each thread's own and is inherited by those begun
later: only what decodes is lowered, not what hears, writes or serves. Under autogroup it counts within a session only,
so the engine's own session is lowered too; capture has another one. On Windows and macOS it is the whole engine that is
lowered. No thread of its own.
"""

import os
import sys
import threading
import time
from pathlib import Path

NICE = 5
"""POSIX niceness of what decodes: a quarter of a core is left to it beside a busy program (with 10 a tenth)."""
ORDINARY = 0x0000_0020 if sys.platform == "win32" else 0
"""Windows' NORMAL_PRIORITY_CLASS, as flags for a process that a lowered one starts; elsewhere none."""
_BELOW_NORMAL = 0x0000_4000
"""Windows' BELOW_NORMAL_PRIORITY_CLASS."""
_AUTOGROUP = Path("/proc/self/autogroup")
_TRIES = 10
_lowered = threading.Event()
"""Set in a process whose decoding is to be lowered."""


def lower_thread() -> None:
    """On Linux, in a lowered engine, lowers the calling thread and what it begins later, for good; never raised."""
    if sys.platform == "linux" and _lowered.is_set():
        _renice(threading.get_native_id())


def lower_engine() -> None:
    """Lowers what decodes in this process as a whole, where its threads alone are not enough; call it first.

    On Linux it needs a session of its own (subprocess' `start_new_session`), so that no other program is lowered.
    """
    _lowered.set()
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.WinDLL("kernel32")
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        kernel.SetPriorityClass.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    elif sys.platform != "linux":
        _renice(0)
    elif os.getsid(0) == os.getpid():
        _lower_autogroup()


def _renice(who: int) -> None:
    os.setpriority(os.PRIO_PROCESS, who, max(NICE, os.getpriority(os.PRIO_PROCESS, who)))


def _lower_autogroup() -> None:
    for _ in range(_TRIES):
        try:
            _AUTOGROUP.write_text(str(NICE))
        except BlockingIOError:
            # The kernel takes only one such write each 0.1 s, of all unprivileged programs together.
            time.sleep(0.1)
        except OSError:
            return  # a kernel without autogroup
        else:
            return


def hearing_environment() -> dict[str, str]:
    """The environment to start a process with that decodes; it can't be set later.

    Its small matrix products keep to one thread of BLAS: BLAS would take every core for them, whatever the threads of
    the recogniser, and be slower (0.75 s of work for a second of speech against 0.59 s, on two cores). And its threads
    share one heap, as glibc keeps 70 MB unused in heaps of their own.
    """
    return {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1", **os.environ}
