"""Plays a short sound, so that a person can see whether what the computer plays is heard.

It plays in a process of its own, `python -m asr.capture.chime`: PortAudio never sees what came after its start.
"""

import os
import subprocess
import sys

import numpy as np

from asr.capture.devices import Device
from asr.sound import Samples

RATE = 48_000
TONES_HZ = (523.25, 659.25, 783.99)
"""C major, one after the other: pleasant, and nothing that a person or a notification says."""
TONE_S, FADE_S = 0.35, 0.08
LOUD = 0.25
"""-15 dBFS at its peak: heard on any output, and no fright in a headset."""
_MONITOR = ".monitor"


def start_chime(heard_by: Device | None) -> "subprocess.Popen[bytes]":
    """Begins to play into the output whose sound `heard_by` gives, or the default one; 0 is the exit code when it
    could be played."""
    sink = heard_by.id.removesuffix(_MONITOR) if heard_by is not None and heard_by.id.endswith(_MONITOR) else None
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "asr.capture.chime"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | ({"PULSE_SINK": sink} if sink is not None else {}),
    )


def chime() -> Samples:
    """The sound, mono at 48 kHz."""
    seconds = np.arange(round(TONE_S * RATE)) / RATE
    fade = np.minimum(1.0, np.minimum(seconds, seconds[::-1]) / FADE_S)
    return np.concatenate([LOUD * fade * np.sin(2 * np.pi * hertz * seconds) for hertz in TONES_HZ]).astype(np.float32)


def main() -> int:
    """In the process of its own."""
    import sounddevice

    try:
        device = "pulse" if sys.platform.startswith("linux") else None
        sounddevice.play(chime()[:, None], RATE, device=device, blocking=True)
    except (sounddevice.PortAudioError, ValueError):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
