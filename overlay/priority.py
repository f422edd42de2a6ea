"""Makes room for the meeting: this process gets the processor only after programs of ordinary priority."""

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
