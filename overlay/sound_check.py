"""Before a call: is each side heard? What the devices give, and what to tell the rep of it.

Threads: those of asr/capture/meter.py while `looks` is iterated; it runs in the caller's.
"""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from asr.capture.devices import Device, Kind, find_device, list_devices
from asr.capture.live import AUDIBLE_DBFS
from asr.capture.meter import SILENCE_DBFS, Meters
from asr.errors import BadInputError

LOOK_S = 0.1
LIST_S = 1.0
"""Between two looks at which devices there are."""
OPENS_S = 4.0
"""What a device gets to give its first sound; an idle PulseAudio null sink takes 2 s."""
ZEROS_S = 3.0
"""A live microphone never gives only zeros for so long."""
CHECK_S = 5.0
"""How long both sides are listened to before a call begins by itself."""

Verdict = Literal["heard", "waiting", "broken"]
Pick = Callable[[Sequence[Device]], Sequence[Device]]
"""Which of the devices that there are to listen to."""


@dataclass(frozen=True)
class Heard:
    """What a device gave since it was opened, `open_s` seconds ago: its level now and its highest so far (dBFS)."""

    device: Device
    open_s: float = 0.0
    level: float | None = None
    """None before its first sound."""
    loudest: float = SILENCE_DBFS


Look = tuple[Heard, ...]


def looks(pick: Pick, every: float = LOOK_S) -> Generator[Look, None, None]:
    """What the picked devices give, again and again without end, even where they come and go; close it to end."""
    while True:
        devices = tuple(pick(_there()))
        yield from _while_there(devices, pick, every)


def both_sides(microphone: str | None, buyer_sound: str | None) -> Pick:
    """Picks what a call would hear: the named devices, or the default ones."""

    def pick(devices: Sequence[Device]) -> Sequence[Device]:
        sides: tuple[tuple[str | None, Kind], ...] = ((microphone, "microphone"), (buyer_sound, "loopback"))
        return [found for wanted, kind in sides if (found := _found(wanted, kind, devices)) is not None]

    return pick


def microphones(devices: Sequence[Device]) -> Sequence[Device]:
    """Picks every microphone."""
    return [device for device in devices if device.kind == "microphone"]


def side(look: Look, kind: Kind) -> Heard | None:
    """What is heard of a side."""
    return next((heard for heard in look if heard.device.kind == kind), None)


def judged(kind: Kind, heard: Heard | None) -> tuple[Verdict, str]:
    """Whether a side is heard, and the sentence for it. Pure."""
    if heard is None:
        what = "No microphone is there." if kind == "microphone" else "What this computer plays can't be heard."
        return "broken", f"{what} `offbook devices` tells more."
    if heard.level is None:
        if heard.open_s < OPENS_S:
            return "waiting", f"Opening “{heard.device.name}”…"
        return "broken", f"“{heard.device.name}” gives no sound; another program may hold it."
    if heard.loudest > AUDIBLE_DBFS:
        return "heard", f"Heard, through “{heard.device.name}”."
    if kind == "loopback":
        return "waiting", f"Nothing plays through “{heard.device.name}” now. Play a sound, and see the bar move."
    if heard.loudest <= SILENCE_DBFS and heard.open_s > ZEROS_S:
        return "broken", f"“{heard.device.name}” gives nothing but digital silence; its switch may be off."
    return "waiting", f"“{heard.device.name}” is quiet. Say a word."


def both_heard(look: Look) -> bool:
    """Whether the check is done."""
    return all(judged(kind, side(look, kind))[0] == "heard" for kind in ("microphone", "loopback"))


def _while_there(devices: tuple[Device, ...], pick: Pick, every: float) -> Iterator[Look]:
    """Looks at these devices until others are to be heard, or one stops giving sound."""
    begun = listed = time.monotonic()
    loudest = {device.id: SILENCE_DBFS for device in devices}
    with Meters(devices) as meters:
        while True:
            now, levels = time.monotonic(), meters.levels()
            loudest |= {name: max(loudest[name], level) for name, level in levels.items()}
            yield tuple(Heard(d, now - begun, levels.get(d.id), loudest[d.id]) for d in devices)
            if now - listed > LIST_S:
                if tuple(pick(_there())) != devices or not meters.running():
                    return
                listed = now
            time.sleep(every)


def _there() -> Sequence[Device]:
    try:
        return list_devices()
    except BadInputError:
        return ()


def _found(wanted: str | None, kind: Kind, devices: Sequence[Device]) -> Device | None:
    try:
        return find_device(wanted, kind, devices)
    except BadInputError:
        return None
