"""Whether the call may be heard: not while the rep has paused it, nor before a consent that is required. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from asr.events import Event
from cues.events import CallStarted, RepAction

GIVEN = "given"
DECLINED = "declined"
REMINDED = "reminded"
"""Values of the `consent` action."""


@dataclass(frozen=True)
class Hearing:
    """What decides it."""

    waits: bool = False
    """A consent is required and was not given yet."""
    declined: bool = False
    paused: bool = False

    @property
    def on(self) -> bool:
        """Whether sound is heard."""
        return not (self.waits or self.declined or self.paused)


def after(hearing: Hearing, event: Event) -> Hearing:
    """The state after one more event of the call."""
    if isinstance(event, CallStarted):
        return replace(hearing, waits=event.consent == "require")
    if not isinstance(event, RepAction):
        return hearing
    if event.action in ("pause", "resume"):
        return replace(hearing, paused=event.action == "pause")
    if event.action == "consent" and event.value == GIVEN:
        return replace(hearing, waits=False, declined=False)
    if event.action == "consent" and event.value == DECLINED:
        return replace(hearing, declined=True)
    return hearing


def hearing_after(events: Iterable[Event]) -> Hearing:
    """The state after a call's events so far."""
    hearing = Hearing()
    for event in events:
        hearing = after(hearing, event)
    return hearing
