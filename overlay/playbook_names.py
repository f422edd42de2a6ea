"""Which playbook a call ran under, and since when, in words. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from asr.events import Event
from cues.events import CallStarted, PlaybookChanged, PlaybookVersion
from overlay.screen import clock_time


def named(playbook: PlaybookVersion) -> str:
    """Its name and version; where it has none, how its hash begins, for two of them would look alike."""
    return f"{playbook.name} {playbook.version or f'({playbook.hash[:8]})'}"


def call_ran_under(events: Sequence[Event]) -> str:
    """Such as `Northwind 3`, or `Northwind 3, from 12:30 on Northwind 4`; "" where the call does not tell."""
    versions = [version for _, version in _versions(events)]
    if len(versions) == 1:
        return f"{versions[0].name} {versions[0].version or ''}".rstrip()
    later = [f"from {clock_time(t)} on {named(version)}" for t, version in _versions(events)][1:]
    return ", ".join([*map(named, versions[:1]), *later])


def shown_under(events: Iterable[Event], event: Event) -> str:
    """The playbook that was in force when the call emitted `event`; "" where the call does not tell."""
    before = [version for _, version in _versions(other for other in events if other.seq < event.seq)]
    return named(before[-1]) if before else ""


def _versions(events: Iterable[Event]) -> Iterator[tuple[float, PlaybookVersion]]:
    return ((event.t, event.playbook) for event in events if isinstance(event, CallStarted | PlaybookChanged))
