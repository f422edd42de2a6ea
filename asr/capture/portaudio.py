"""What PortAudio (sounddevice) can hear: microphones, and on a Mac loopback devices such as BlackHole.

Its numbers change as devices come and go, so a device is known by its name, and the process that opens it looks it up.
"""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from asr.capture.devices import Device, numbered
from asr.capture.ring import Ring
from asr.capture.stream import BLOCK_S, RING_S, Stream
from asr.sound import SAMPLE_RATE

INPUT = "input:"
LOOPBACK_DEVICES = ("blackhole", "loopback audio", "soundflower", "vb-cable")
"""How a Mac shows, as inputs, the devices that give what is played into them."""


@dataclass(frozen=True)
class Input:
    """`index` is PortAudio's, in the process that asked."""

    index: int
    device: Device


def inputs(
    devices: Sequence[Mapping[str, Any]], systems: Sequence[Mapping[str, Any]], default: int, platform: str
) -> list[Input]:
    """PortAudio's inputs from sounddevice's `query_devices`, `query_hostapis` and default index.

    Windows shows each device once for each of its four sound systems: WASAPI's are taken, whose names are whole.
    """
    wasapi = next((number for number, system in enumerate(systems) if system["name"] == "Windows WASAPI"), None)
    if platform == "win32" and wasapi is not None:
        devices = [device for device in devices if device["hostapi"] == wasapi]
        default = systems[wasapi]["default_input_device"]
    found = [device for device in devices if device["max_input_channels"] > 0]
    names = numbered(str(device["name"]) for device in found)
    return [
        Input(
            index=device["index"],
            device=Device(
                id=INPUT + name,
                name=name,
                kind="loopback" if platform == "darwin" and is_loopback(name) else "microphone",
                default=device["index"] == default,
                rate=int(device["default_samplerate"]),
                channels=device["max_input_channels"],
            ),
        )
        for device, name in zip(found, names, strict=True)
    ]


def is_loopback(name: str) -> bool:
    """Whether a Mac's input gives what the computer plays."""
    return any(known in name.lower() for known in LOOPBACK_DEVICES)


def inputs_here() -> list[Input]:
    """Those of this machine, as this process sees them. Raises OSError where PortAudio is missing."""
    import sounddevice

    return inputs(
        sounddevice.query_devices(), sounddevice.query_hostapis(), sounddevice.default.device[0], sys.platform
    )


def open_input(device: str) -> Stream:
    """`device` is an input's id, or PortAudio's own name of the sound server. Raises OSError where it is gone."""
    if not device.startswith(INPUT):
        return _open(device)
    index = next((found.index for found in inputs_here() if found.device.id == device), None)
    if index is None:
        raise OSError(f"{device} is gone")
    return _open(index)


def _open(device: int | str) -> Stream:
    import sounddevice

    rate, channels = _form(sounddevice, device)
    ring = Ring(RING_S * rate)

    def callback(data: Any, frames: int, moment: Any, status: Any) -> None:
        block = np.frombuffer(data, np.float32).reshape(frames, channels)
        ring.write(block[:, 0] if channels == 1 else block.mean(axis=1), time.monotonic())

    stream = sounddevice.RawInputStream(
        device=device,
        samplerate=rate,
        channels=channels,
        dtype="float32",
        blocksize=int(rate * BLOCK_S),
        latency="low",
        callback=callback,
    )
    return Stream(stream, ring, rate)


def _form(sounddevice: Any, device: int | str) -> tuple[int, int]:
    """16 kHz where the device or its sound server gives it, else its own rate; one or two channels."""
    found = sounddevice.query_devices(device, "input")
    channels = min(2, int(found["max_input_channels"]))
    for rate in (SAMPLE_RATE, int(found["default_samplerate"])):
        for count in (1, channels):
            try:
                sounddevice.check_input_settings(device, count, "float32", samplerate=rate)
            except sounddevice.PortAudioError:
                continue
            return rate, count
    return int(found["default_samplerate"]), channels
