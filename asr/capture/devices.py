"""The sound devices of this machine: microphones, and what can be heard of what the computer plays (loopback)."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from asr.capture import pulse
from asr.errors import BadInputError

Kind = Literal["microphone", "loopback"]
WHAT: dict[Kind, str] = {"microphone": "microphone", "loopback": "output whose sound can be heard"}
CAPTURE = (sys.executable, "-P", "-m", "asr.capture.process")
LOOPBACK, TAP = "loopback:", "tap:"
"""How the ids of Windows' outputs and of a Mac's tap begin."""
CALLS = "communications"
"""What a person says for the output that the system plays calls to."""
_LIST_S = 10.0


@dataclass(frozen=True)
class Device:
    """`id` is what the capture process opens: a source of the sound server, or begins `input:`, `loopback:`, `tap:`.

    `calls`: it is Windows' default for communications, which may be another than `default`.
    """

    id: str
    name: str
    kind: Kind
    default: bool
    rate: int
    channels: int
    calls: bool = False


@dataclass(frozen=True)
class Listed:
    """What a machine without a sound server shows; `busy`: ids of outputs that a program plays into, where known."""

    devices: tuple[Device, ...]
    busy: tuple[str, ...] = ()


def list_devices() -> list[Device]:
    """What is there now, microphones first. Raises BadInputError where PortAudio is missing."""
    if sys.platform.startswith("linux"):
        try:
            return server_devices(pulse.look().sources)
        except ConnectionError:
            return []  # without a server a microphone can be had, but never what the computer plays
    return list(ask_process().devices)


def ask_process() -> Listed:
    """A fresh process tells, for PortAudio's list never changes in a process that has started it.

    Raises BadInputError where PortAudio is missing.
    """
    asked = subprocess.run([*CAPTURE, "list"], capture_output=True, text=True, timeout=_LIST_S, check=False)
    if asked.returncode:
        raise BadInputError(
            "The sound devices can't be listed, for PortAudio is missing; install it (Debian: libportaudio2)."
        )
    return listed_from(asked.stdout)


def server_devices(sources: Iterable[pulse.Source]) -> list[Device]:
    """A sound server's sources as devices, microphones first."""
    return [
        Device(s.name, s.description, "loopback" if s.monitor_of else "microphone", s.default, s.rate, s.channels)
        for s in sorted(sources, key=lambda source: bool(source.monitor_of))
    ]


def find_device(wanted: str | None, kind: Kind, devices: Sequence[Device]) -> Device:
    """The device a person named (by id, name or a part of it, whatever its case), or the default one.

    `communications` is the system's output for calls, where it has one of its own.
    Raises BadInputError where there is none, or several.
    """
    there = [device for device in devices if device.kind == kind]
    if wanted is None:
        if not there:
            raise BadInputError(f"There is no {WHAT[kind]}; connect one, or see `offbook devices`.")
        return next((device for device in there if device.default), there[0])
    exact = [device for device in there if wanted in (device.id, device.name)]
    exact = exact or [device for device in there if device.calls and wanted.lower() == CALLS]
    parts = [device for device in there if wanted.lower() in device.name.lower()]
    # “BlackHole” means that device, and not the Mac's tap of an output “Speakers + BlackHole”.
    begins = [device for device in parts if device.name.lower().startswith(wanted.lower())]
    found = exact or (begins if len(begins) == 1 else parts)
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
    "darwin": "on macOS 14.2 or later install Offbook with its extra `macos`; on an older one install the loopback "
    "device BlackHole, and add it to the output that your meetings use.",
    "win32": "install Offbook with its extra `windows`, which brings PyAudioWPatch.",
}


def numbered(names: Iterable[str]) -> list[str]:
    """The names, each once: a second “Headset” becomes “Headset (2)”."""
    made: list[str] = []
    counts: Counter[str] = Counter()
    for name in names:
        counts[name] += 1
        made.append(name if counts[name] == 1 else f"{name} ({counts[name]})")
    return made


def listed_from(text: str) -> Listed:
    """What `python -m asr.capture.process list` printed."""
    found = json.loads(text)
    return Listed(tuple(Device(**device) for device in found["devices"]), tuple(found["busy"]))
