"""What a Windows computer plays, through WASAPI loopback: PyAudioWPatch's PortAudio has it, sounddevice's has not.

Callback mode only: its blocking read hangs while nothing plays, when loopback gives no sound at all. Windows has two
default outputs: one for everything, and one for communications, which Zoom and Teams may play to; pycaw tells that one.
Written from the source text of PyAudioWPatch 0.2.12.9 and pycaw 20260927; never run on Windows by us.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np

from asr.capture.devices import LOOPBACK, Device, numbered
from asr.capture.ring import Ring
from asr.capture.stream import RING_S, Stream, always

_SUFFIX = " [Loopback]"
"""What PortAudio adds to an output's name."""


def from_list(infos: Sequence[Mapping[str, Any]], default: str | None, calls: str | None) -> list[Device]:
    """PortAudio's infos on loopbacks as devices; `default` and `calls` name Windows' two default outputs."""
    names = numbered(str(info["name"]).removesuffix(_SUFFIX) for info in infos)
    return [
        Device(
            id=LOOPBACK + name,
            name=name,
            kind="loopback",
            default=name == default,
            rate=int(info["defaultSampleRate"]),
            channels=int(info["maxInputChannels"]),
            calls=name == calls,
        )
        for info, name in zip(infos, names, strict=True)
    ]


def loopbacks() -> list[Device]:
    """The outputs whose sound can be heard; empty without PyAudioWPatch."""
    try:
        import pyaudiowpatch
    except ImportError:
        return []
    with pyaudiowpatch.PyAudio() as audio:
        try:
            default = audio.get_default_wasapi_device(d_out=True)["name"]
        except (OSError, ValueError):
            default = None
        return from_list(list(audio.get_loopback_device_info_generator()), default, _calls_output())


def _calls_output() -> str | None:
    """The name of the default output for communications; None where there is none, or pycaw is missing."""
    try:
        from comtypes import COMError
        from pycaw.constants import EDataFlow, ERole
        from pycaw.utils import AudioUtilities
    except ImportError:
        return None
    try:
        outputs = AudioUtilities.GetDeviceEnumerator()
        found = outputs.GetDefaultAudioEndpoint(EDataFlow.eRender.value, ERole.eCommunications.value)
        return str(AudioUtilities.CreateDevice(found).FriendlyName)
    except (OSError, COMError):
        return None


def open_loopback(device: str) -> Stream:
    """The stream of an output, by its id. Raises OSError where it is gone."""
    import pyaudiowpatch

    audio = pyaudiowpatch.PyAudio()
    infos = list(audio.get_loopback_device_info_generator())
    ids = [found.id for found in from_list(infos, None, None)]
    if device not in ids:
        raise OSError(f"{device} is gone")
    info = infos[ids.index(device)]
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
        input_device_index=info["index"],
        frames_per_buffer=rate // 50,
        stream_callback=callback,
        start=True,
    )
    ending = ExitStack()
    ending.callback(audio.terminate)
    ending.callback(stream.close)
    # Filled-in silence would hide that the device is gone; its thread has ended then.
    return Stream(ending, ring, rate, alive=stream.is_active, idle=always)
