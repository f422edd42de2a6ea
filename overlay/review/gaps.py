"""Where a call was not heard, not helped or silent: gaps with a name. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from asr.events import Event, Fault, Recovered, Utterance
from cues.events import RepAction
from overlay.review.wording import span

SILENCE_S = 30.0
"""A pause shorter than this is part of talking."""
GapKind = Literal["fault", "pause", "silence"]


@dataclass(frozen=True)
class Gap:
    """Something is missing from `start` to `end` (s); `message` says what."""

    start: float
    end: float
    kind: GapKind
    message: str


def gaps(events: Sequence[Event], duration: float) -> tuple[Gap, ...]:
    """All gaps in order of their beginning; what never recovered lasts until the end."""
    found = [*_faults(events, duration), *_pauses(events, duration), *_silences(events)]
    return tuple(sorted(found, key=lambda gap: gap.start))


def _faults(events: Sequence[Event], duration: float) -> Iterator[Gap]:
    broken: dict[str, Fault] = {}
    for event in events:
        if isinstance(event, Fault):
            broken.setdefault(event.part, event)
        elif isinstance(event, Recovered) and (fault := broken.pop(event.part, None)) is not None:
            yield Gap(fault.t, event.t, "fault", fault.message)
    for fault in broken.values():
        yield Gap(fault.t, max(duration, fault.t), "fault", fault.message)


def _pauses(events: Sequence[Event], duration: float) -> Iterator[Gap]:
    since: float | None = None
    for event in events:
        if isinstance(event, RepAction) and event.action == "pause":
            since = event.t if since is None else since
        elif isinstance(event, RepAction) and event.action == "resume" and since is not None:
            yield Gap(since, event.t, "pause", "The rep paused the cards.")
            since = None
    if since is not None:
        yield Gap(since, duration, "pause", "The rep paused the cards until the end.")


def _silences(events: Sequence[Event]) -> Iterator[Gap]:
    spoken = sorted((e.audio_start, e.audio_end) for e in events if isinstance(e, Utterance) and e.text)
    heard = 0.0
    for (_, end), (start, _) in pairwise(spoken):
        heard = max(heard, end)
        if start - heard >= SILENCE_S:
            yield Gap(heard, start, "silence", f"Nobody spoke for {span(start - heard)}.")
