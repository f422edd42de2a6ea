"""Starts and ends the capture process of a device."""

import os
import subprocess
import sys
from contextlib import suppress

from asr.capture.devices import CAPTURE, Device
from asr.priority import ORDINARY

Process = subprocess.Popen[bytes]


def capture(device: Device) -> Process:
    """A process that writes the device's sound as blocks (asr/capture/blocks.py) until it is ended."""
    by_server = sys.platform.startswith("linux")
    return subprocess.Popen(
        [*CAPTURE, "hear", "pulse" if by_server else device.id],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # PortAudio knows the sound server as one device; its client library reads from here which source is meant.
        # It would lose sound if it came late, so what lowers the engine (asr/priority.py) must not lower it.
        creationflags=ORDINARY,
        start_new_session=True,
        env=os.environ | ({"PULSE_SOURCE": device.id} if by_server else {}),
    )


def hurry(process: Process) -> None:
    """Tells it that the other side of the call is in conversation (asr/capture/hold.py)."""
    if process.stdin is not None:
        with suppress(OSError, ValueError):
            os.write(process.stdin.fileno(), b"!")


def end(process: Process) -> None:
    """Ends it at once."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError, ValueError):
                pipe.close()
