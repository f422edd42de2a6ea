"""What a Windows computer plays, through WASAPI loopback: PyAudioWPatch's PortAudio has it, sounddevice's has not.

Callback mode only: its blocking read hangs while nothing plays, when loopback gives no sound at all.
Not run on Windows by us yet; tested against recorded lists of devices.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np

from asr.capture.ring import Ring

RING_S = 30


@dataclass(frozen=True)
class Loopback:
    """An output whose sound can be heard; `id` is PortAudio's index."""

    id: str
    name: str
    default: bool
    rate: int
    channels: int


def loopbacks() -> list[Loopback]:
    """The outputs as a new instance sees them, for an instance's list never changes; empty without PyAudioWPatch."""
    try:
        import pyaudiowpatch
    except ImportError:
        return []
    audio = pyaudiowpatch.PyAudio()
    try:
        try:
            default = audio.get_default_wasapi_loopback()["index"]
        except (OSError, LookupError):
            default = None
        return from_list(list(audio.get_loopback_device_info_generator()), default)
    finally:
        audio.terminate()


def from_list(devices: Sequence[Mapping[str, Any]], default: int | None) -> list[Loopback]:
    """PortAudio's device infos as loopbacks. Zoom and Teams may play to another one than the console's default."""
    return [
        Loopback(
            id=str(device["index"]),
            name=str(device["name"]).removesuffix(" [Loopback]"),
            default=device["index"] == default,
            rate=int(device["defaultSampleRate"]),
            channels=int(device["maxInputChannels"]),
        )
        for device in devices
    ]


def open_loopback(number: str) -> tuple[AbstractContextManager[Any], Ring, int]:
    """The stream of an output, its ring and its rate (Hz). Raises OSError where it is gone."""
    import pyaudiowpatch

    audio = pyaudiowpatch.PyAudio()
    info = audio.get_device_info_by_index(int(number))
    rate, channels = int(info["defaultSampleRate"]), int(info["maxInputChannels"])
    ring = Ring(RING_S * rate)

    def callback(data: bytes, frames: int, moment: Any, status: Any) -> tuple[None, int]:
        ring.write(np.frombuffer(data, np.float32).reshape(frames, channels).mean(axis=1), time.monotonic())
        return None, pyaudiowpatch.paContinue

    stream = audio.open(
        format=pyaudiowpatch.paFloat32,
        channels=channels,
        rate=rate,
        input=True,
        input_device_index=int(number),
        frames_per_buffer=rate // 50,
        stream_callback=callback,
        start=True,
    )
    ending = ExitStack()
    ending.callback(audio.terminate)
    ending.callback(stream.close)
    return ending, ring, rate
