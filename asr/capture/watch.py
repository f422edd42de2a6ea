"""What to do and to say about one side of a live call, from what is seen of its device. Pure."""

from dataclasses import dataclass, replace
from typing import Literal

from asr.capture.devices import TAP, Device
from asr.events import Event, Fault, Recovered, Speaker

LOST_S = 0.5
"""Without a block for so long, the sound fails: blocks come every 0.05 s; calm, or on a busy machine, every 0.2 s."""
STALLED_S = 1.5
"""A device that is still there, and gives nothing for so long, is opened anew."""
SETTLE_S = 3.0
"""What a device gets to give its first sound."""
ZEROS_S = 10.0
"""A live microphone never gives only zeros for so long; neither does an output that a program plays into."""
AGAIN_S = 0.5
"""Between two tries to open a device."""


@dataclass(frozen=True)
class Look:
    """One look at a side; times in seconds into the call."""

    now: float
    clock: str
    """The time of day, as the rep reads it."""
    server: bool
    target: Device | None
    """The device that should be heard now; None where it isn't there."""
    opened: Device | None
    """The device whose capture process runs."""
    opened_at: float
    heard_at: float | None
    """When its last block came."""
    elsewhere: bool
    """The sound server gives its stream another device's sound."""
    muted: bool
    zeros_s: float
    """For how long only zeros came."""
    busy_s: float
    """For how long a program has played into the output; 0 while none does."""


@dataclass(frozen=True)
class Watch:
    """What was said so far."""

    side: Speaker
    last: Device | None = None
    """The device that was opened last."""
    heard: Device | None = None
    """The device that was heard last."""
    lost_at: float | None = None
    told: bool = False
    """That it is lost."""
    silent: str | None = None
    """Why nothing can be heard though sound flows, as it was said."""
    tried_at: float = -AGAIN_S


Do = Literal["open", "close", "wait"]
Step = tuple[Watch, list[Event], Do]
"""Then what to say, and whether to open the target (anew), or to close what is open."""


def step(watch: Watch, look: Look) -> Step:
    """One more look."""
    if _flows(look):
        return _flowing(watch, look)
    if watch.heard is None and look.heard_at is not None:
        watch = replace(watch, heard=look.opened)
    if watch.lost_at is None:
        watch = replace(watch, lost_at=look.now if look.heard_at is None else min(look.heard_at, look.now))
    events: list[Event] = []
    if not watch.told and look.now - (watch.lost_at or 0.0) >= _bears(watch, look):
        watch = replace(watch, told=True, silent=None)
        events.append(Fault(t=look.now, part=watch.side, message=_lost(watch, look)))
    if look.target is None or look.now - watch.tried_at < AGAIN_S or _may_still_come(look, look.target):
        # What comes from elsewhere would be taken for this side's.
        return watch, events, "close" if look.elsewhere else "wait"
    return replace(watch, tried_at=look.now, last=look.target), events, "open"


def _flows(look: Look) -> bool:
    """Whether the right device's sound comes."""
    if look.opened is None or look.heard_at is None or look.elsewhere or look.now - look.heard_at > LOST_S:
        return False
    return look.target is None or look.target.id == look.opened.id


def _bears(watch: Watch, look: Look) -> float:
    """How long sound may fail before the rep is told (s): what mends itself in a moment would only alarm them."""
    if watch.heard is None and look.target is not None:
        return SETTLE_S
    return LOST_S if not look.server or look.target is None else STALLED_S


def _may_still_come(look: Look, target: Device) -> bool:
    """Whether the device that is open may give sound yet, as after a stutter of the machine or at its start."""
    if look.opened is None or look.elsewhere or look.opened.id != target.id:
        return False
    if look.heard_at is None:
        return look.now - look.opened_at < SETTLE_S
    return look.now - look.heard_at < STALLED_S


def _flowing(watch: Watch, look: Look) -> Step:
    opened = look.opened
    assert opened is not None
    events: list[Event] = []
    if watch.told or (watch.heard is not None and watch.heard.id != opened.id):
        events.append(Recovered(t=look.now, part=watch.side, message=_back(watch, look, opened)))
    silent = _silent(watch.side, look, opened)
    if silent is not None and silent != watch.silent:
        events.append(Fault(t=look.now, part=watch.side, message=silent))
    if silent is None and watch.silent is not None and look.zeros_s == 0:
        events.append(Recovered(t=look.now, part=watch.side, message=f"{_WHO[watch.side]} heard again."))
    still = silent if silent is not None or look.zeros_s == 0 else watch.silent
    return replace(watch, heard=opened, lost_at=None, told=False, silent=still), events, "wait"


_WHO = {"rep": "You are", "buyer": "The buyer is"}
_FROM = {"rep": "No sound from you", "buyer": "No sound from the buyer"}
_DEVICE = {"rep": "the microphone", "buyer": "the output device"}


def _lost(watch: Watch, look: Look) -> str:
    who, device = _FROM[watch.side], _DEVICE[watch.side]
    again = "Listening again as soon as it is back."
    if not look.server:
        return f"{who}: the sound server stopped at {look.clock}. {again}"
    known = watch.heard or watch.last
    if known is None:
        return f"{who}: {device} is not there. Listening as soon as there is one; `offbook devices` tells more."
    if look.target is None or look.elsewhere:
        return f"{who}: {device} “{known.name}” went away at {look.clock}. {again}"
    return f"{who}: {device} “{known.name}” gives no sound since {look.clock}; it is opened again."


def _back(watch: Watch, look: Look, opened: Device) -> str:
    if watch.heard is None:
        return f"{_WHO[watch.side]} heard now, through “{opened.name}”."
    gap = 0.0 if watch.lost_at is None else max(0.0, look.now - watch.lost_at)
    missing = f" {gap:.1f} s of it are missing, from {_minutes(watch.lost_at or look.now)} on." if gap >= 0.1 else ""
    again = "again" if watch.heard.id == opened.id else "now"
    return f"{_WHO[watch.side]} heard {again}, through “{opened.name}”.{missing}"


def _silent(side: Speaker, look: Look, opened: Device) -> str | None:
    if look.muted:
        return f"{_FROM[side]}: {_DEVICE[side]} “{opened.name}” is muted. Turn it on in the system's sound settings."
    if look.zeros_s < ZEROS_S:
        return None
    if opened.kind == "microphone":
        return (
            f"{_FROM[side]}: “{opened.name}” gives nothing but digital silence. Its switch may be off, another program "
            "may hold it, or this program may not be allowed to use it."
        )
    if look.busy_s < ZEROS_S:
        return None
    if opened.id.startswith(TAP):
        return (
            f"{_FROM[side]}: programs play, but macOS hands on nothing but silence. If you hear the buyer, allow the "
            "program that you started Offbook in (such as Terminal) under System Settings > Privacy & Security > "
            "Screen & System Audio Recording, then quit that program and start it again."
        )
    return f"{_FROM[side]}: a program plays into “{opened.name}”, but nothing of it arrives here."


def _minutes(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"
