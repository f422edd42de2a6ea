"""What a Mac plays, through a Core Audio process tap (macOS 14.2 and later), by the package catap.

catap and not proc-tap, which taps one process at a time and takes the screen's recording first; catap taps them all.
A tap without permission gives zeros, and nothing says so; one made while a headset changes its profile gives nothing.
Written from the source text of catap 0.6.0, whose maker tests it on macOS 15 and 26; never run on a Mac by us. Not
known: whether a tap gives zeros or nothing while no program plays; here both are silence.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any

import numpy as np

from asr.capture.devices import TAP, Device
from asr.capture.ring import Ring
from asr.capture.stream import RING_S, Stream
from asr.sound import Samples

USUAL_RATE = 48_000
ASK_S = 0.5
"""Between two questions whether a program plays."""


def tap_of(devices: Sequence[Mapping[str, Any]]) -> Device | None:
    """The tap, from the fields of catap's `AudioDevice`s; None where there is no output.

    Its id names what it is made for: with another output, or another rate (a headset's profile), it is made anew.
    """
    output = next((device for device in devices if device["is_default_output"]), None)
    if output is None:
        return None
    rates = [int(stream["sample_rate"]) for stream in output["streams"] if stream["direction"] == "output"]
    rate = rates[0] if rates else USUAL_RATE
    name = f"System sound ({output['name']})"
    return Device(f"{TAP}{output['uid']}@{rate}", name, "loopback", default=True, rate=rate, channels=2)


def plays(processes: Sequence[Mapping[str, Any]], but: int) -> bool:
    """Whether any process but one (by its id) has an output running, from the fields of catap's `AudioProcess`es."""
    return any(process["is_outputting"] and process["pid"] != but for process in processes)


def mono(data: bytes, sample_type: str, bits: int, channels: int) -> Samples:
    """A buffer of catap's as samples from -1 to 1; `sample_type` is its `float` or `signed_integer`."""
    if sample_type == "float":
        samples = np.frombuffer(data, f"<f{bits // 8}").astype(np.float32)
    else:
        samples = np.frombuffer(data, f"<i{bits // 8}").astype(np.float32) / np.float32(2 ** (bits - 1))
    return np.asarray(samples.reshape(-1, channels).mean(axis=1), np.float32)


def tap_here() -> tuple[Device | None, bool]:
    """The tap of this Mac, and whether a program plays; no tap without catap, or before macOS 14.2."""
    try:
        import catap
    except (ImportError, OSError):
        return None, False
    return tap_of([asdict(device) for device in catap.list_audio_devices()]), _plays_here()


def open_tap() -> Stream:
    """A new tap of all that this Mac plays. Raises OSError where it can't be made."""
    import catap

    ring = Ring(RING_S * USUAL_RATE)

    def take(buffer: Any) -> None:
        form = buffer.format
        samples = mono(buffer.data, form.sample_type, form.bits_per_sample, form.num_channels)
        ring.write(samples, time.monotonic())

    session = catap.record_system_audio(mono=True, on_buffer=take)
    session.start()
    ending = ExitStack()
    ending.callback(session.close)
    rate = int(session.stream_format.sample_rate)
    # Nothing from a tap into which a program plays is a loss: then nothing is filled in, and it is made anew.
    return Stream(ending, ring, rate, alive=lambda: not session.capture_failed, idle=_idle())


def _plays_here() -> bool:
    import catap

    return plays([asdict(process) for process in catap.list_audio_processes()], but=os.getpid())


def _idle() -> Callable[[], bool]:
    asked_at, playing = 0.0, True

    def idle() -> bool:
        nonlocal asked_at, playing
        if time.monotonic() - asked_at > ASK_S:
            asked_at, playing = time.monotonic(), _plays_here()
        return not playing

    return idle
