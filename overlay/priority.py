"""Makes room for the meeting: a process that hears comes after programs of ordinary priority, on few threads."""

import os
import sys

NICE = 10
"""POSIX niceness of a call: half-way to the lowest, so that a busy machine still lets it hear."""
_BELOW_NORMAL = 0x0000_4000
"""Windows' BELOW_NORMAL_PRIORITY_CLASS."""


def lower_priority() -> None:
    """Lowers this process and never raises it; call it first, since on Linux only threads begun later follow."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.WinDLL("kernel32")
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        kernel.SetPriorityClass.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        os.setpriority(os.PRIO_PROCESS, 0, max(NICE, os.getpriority(os.PRIO_PROCESS, 0)))


def hearing_environment() -> dict[str, str]:
    """The environment to start a process with that decodes: its small matrix products keep to one thread of BLAS.

    BLAS would take every core for them, whatever the threads of the recogniser, and be slower: 0.75 s of work for a
    second of speech against 0.59 s, on two cores. It reads this when numpy is imported, so it can't be set later.
    """
    return {"OPENBLAS_NUM_THREADS": "1", **os.environ}
