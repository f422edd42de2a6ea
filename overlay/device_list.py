"""The devices of this machine in the terminal, with how loud each is now.

Threads: each device's, see asr/capture/meter.py; the caller's draws.
"""

import time
from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from asr.capture.devices import CALLS, Device, Kind, find_device
from asr.capture.meter import Meters
from asr.errors import BadInputError
from overlay.sides import level_of

REDRAWS_PER_S = 8
BAR = 24
"""Characters of a meter."""
_WHAT = {"microphone": "microphone", "loopback": "what it plays"}


def show_devices(
    devices: Sequence[Device], rep: str | None, buyer: str | None, seconds: float, missing: Sequence[str]
) -> None:
    """Draws the list for `seconds`, with live levels where there is a terminal; then what is missing."""
    console = Console()
    chosen = {
        device.id for device in (_chosen(rep, "microphone", devices), _chosen(buyer, "loopback", devices)) if device
    }
    if devices and seconds > 0 and console.is_terminal:
        with Meters(devices) as meters, Live(console=console, refresh_per_second=REDRAWS_PER_S) as live:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                live.update(table(devices, chosen, meters.levels()))
                time.sleep(1 / REDRAWS_PER_S)
    elif devices:
        console.print(table(devices, chosen, {}))
    for sentence in missing:
        console.print(Text(sentence, style="bold"))


def table(devices: Sequence[Device], chosen: set[str], levels: dict[str, float]) -> RenderableType:
    """A row a device; those that a call would hear are marked."""
    grid = Table(box=None, padding=(0, 1))
    for name in ("", "Device", "Hears", "Level", "Rate"):
        grid.add_column(name)
    for device in devices:
        mark = Text("●", style="green") if device.id in chosen else Text("")
        level = levels.get(device.id)
        grid.add_row(mark, device.name, _hears(device), bar(level), f"{device.rate / 1000:g} kHz")
    notes = ["● is heard in a call; choose another with --rep or --buyer."]
    if any(device.calls and not device.default for device in devices):
        notes.append(f"Zoom and Teams may play to the output for calls; `--buyer {CALLS}` hears that one.")
    return Group(grid, *(Text(note, style="dim") for note in notes))


def _hears(device: Device) -> str:
    """With the defaults of an output, where the system has one of its own for calls."""
    roles = [role for role, has in (("default", device.default), ("for calls", device.calls)) if has]
    told = f" ({', '.join(roles)})" if device.kind == "loopback" and roles else ""
    return _WHAT[device.kind] + told


def bar(level: float | None) -> Text:
    """A meter of a level (dBFS); empty where there is none."""
    if level is None:
        return Text("")
    full = round(BAR * level_of(level))
    return Text("█" * full + "·" * (BAR - full)) + Text(f" {level:4.0f} dB", style="dim")


def _chosen(wanted: str | None, kind: Kind, devices: Sequence[Device]) -> Device | None:
    try:
        return find_device(wanted, kind, devices)
    except BadInputError:
        if wanted is not None:
            raise
        return None
