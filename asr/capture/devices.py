"""The sound devices of this machine: microphones, and what can be heard of what the computer plays (loopback)."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from asr.capture import pulse
from asr.capture.macos import is_loopback
from asr.errors import BadInputError

Kind = Literal["microphone", "loopback"]
WHAT: dict[Kind, str] = {"microphone": "microphone", "loopback": "output whose sound can be heard"}
CAPTURE = (sys.executable, "-P", "-m", "asr.capture.process")
_LIST_S = 10.0


@dataclass(frozen=True)
class Device:
    """`id` is what the capture process opens: a source of the sound server, PortAudio's index, or `loopback:ID`."""

    id: str
    name: str
    kind: Kind
    default: bool
    rate: int
    channels: int


def list_devices() -> list[Device]:
    """What is there now, microphones first. Raises BadInputError where PortAudio is missing."""
    if sys.platform.startswith("linux"):
        try:
            return server_devices(pulse.look().sources)
        except ConnectionError:
            return []  # without a server a microphone can be had, but never what the computer plays
    return [*_microphones(), *_loopbacks()]


def server_devices(sources: Iterable[pulse.Source]) -> list[Device]:
    """A sound server's sources as devices, microphones first."""
    return [
        Device(s.name, s.description, "loopback" if s.monitor_of else "microphone", s.default, s.rate, s.channels)
        for s in sorted(sources, key=lambda source: bool(source.monitor_of))
    ]


def find_device(wanted: str | None, kind: Kind, devices: Sequence[Device]) -> Device:
    """The device a person named (by id, name or a part of it, whatever its case), or the default one.

    Raises BadInputError where there is none, or several.
    """
    there = [device for device in devices if device.kind == kind]
    if wanted is None:
        if not there:
            raise BadInputError(f"There is no {WHAT[kind]}; connect one, or see `offbook devices`.")
        return next((device for device in there if device.default), there[0])
    exact = [device for device in there if wanted in (device.id, device.name)]
    found = exact or [device for device in there if wanted.lower() in device.name.lower()]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"“{device.name}”" for device in found or there) or "none"
    if found:
        raise BadInputError(f"“{wanted}” may be several devices: {names}; give more of its name.")
    raise BadInputError(f"There is no {WHAT[kind]} “{wanted}” now; there are: {names}.")


def what_is_missing(devices: Sequence[Device]) -> list[str]:
    """Sentences for what keeps this machine from hearing both sides, each with its mend."""
    missing = []
    if not devices and sys.platform.startswith("linux"):
        return [f"Nothing can be heard: {_NO_LOOPBACK['linux']}"]
    if not any(device.kind == "microphone" for device in devices):
        missing.append("No microphone is there: connect one, or allow this program to use it in the system's settings.")
    if not any(device.kind == "loopback" for device in devices):
        missing.append(f"The buyer can't be heard: {_NO_LOOPBACK.get(sys.platform, _NO_LOOPBACK['linux'])}")
    return missing


_NO_LOOPBACK = {
    "linux": "no PulseAudio or PipeWire server answers; start one (`systemctl --user start pipewire-pulse`).",
    "darwin": "install the loopback device BlackHole, and add it to the output that your meetings use.",
    "win32": "install Offbook with its extra `windows`, which brings PyAudioWPatch.",
}


def _microphones() -> list[Device]:
    """A fresh process asks PortAudio, whose list never changes in a process that has started it."""
    asked = subprocess.run([*CAPTURE, "list"], capture_output=True, text=True, timeout=_LIST_S, check=False)
    if asked.returncode:
        raise BadInputError(
            "The sound devices can't be listed, for PortAudio is missing; install it (Debian: libportaudio2)."
        )
    return portaudio_devices(json.loads(asked.stdout), sys.platform)


def portaudio_devices(inputs: Iterable[Mapping[str, Any]], platform: str) -> list[Device]:
    """PortAudio's inputs as devices; on a Mac some of them give what the computer plays."""
    return [
        Device(
            id=str(found["index"]),
            name=found["name"],
            kind="loopback" if platform == "darwin" and is_loopback(found["name"]) else "microphone",
            default=found["default"],
            rate=found["rate"],
            channels=found["channels"],
        )
        for found in inputs
    ]


def _loopbacks() -> list[Device]:
    if sys.platform == "win32":
        from asr.capture.windows import loopbacks

        return [Device(f"loopback:{x.id}", x.name, "loopback", x.default, x.rate, x.channels) for x in loopbacks()]
    return []
