"""Where everything of a call stands on its timeline: x in percent of the call, y in pixels. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from overlay.review.call_page import CallPage, Line
from overlay.review.card_entries import Entry
from overlay.review.findings import Finding
from overlay.review.wording import clock, label

AXIS, STAGE, VOICE, HEARD, CARD = 22, 26, 18, 18, 28
"""Heights of the lanes in pixels."""
GAP = 8
"""Between groups of lanes."""
NEAREST = 4.0
"""Marks of two cards closer than this (percent) would touch, so they stand in two lanes."""
_TICKS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_MOST_TICKS = 9


@dataclass(frozen=True)
class Lane:
    """A row's name on the left, and its middle (y)."""

    name: str
    y: float
    kind: str


@dataclass(frozen=True)
class Box:
    """Something that lasts: a stage, an utterance, a card's time on the screen, a gap."""

    x: float
    width: float
    y: float
    kind: str
    says: str
    line: str = ""
    """The utterance to jump to."""


@dataclass(frozen=True)
class Point:
    """Something at one moment: a finding, a card's pin, an outcome."""

    x: float
    y: float
    kind: str
    says: str
    line: str = ""
    text: str = ""


@dataclass(frozen=True)
class Timeline:
    """Everything to draw, in layers."""

    height: float
    lanes: tuple[Lane, ...]
    ticks: tuple[Point, ...]
    stages: tuple[Box, ...]
    voices: tuple[Box, ...]
    found: tuple[Point, ...]
    cards: tuple[Box, ...]
    pins: tuple[Point, ...]
    endings: tuple[Point, ...]
    gaps: tuple[Box, ...]


@dataclass
class _Rows:
    """Lanes from top to bottom, as they are asked for."""

    y: float = AXIS
    lanes: list[Lane] = field(default_factory=list)

    def add(self, name: str, height: float, kind: str) -> float:
        middle = self.y + height / 2
        self.lanes.append(Lane(name, middle, kind))
        self.y += height
        return middle


def timeline(page: CallPage) -> Timeline:
    """The timeline of a call."""
    whole = max(page.duration, max((line.end for line in page.lines), default=0.0), 1.0)
    rows = _Rows()
    stage_y = rows.add("Stage", STAGE, "stage")
    rows.y += GAP
    voice_y = {"rep": rows.add("Rep", VOICE, "rep"), "buyer": rows.add("Buyer", VOICE, "buyer")}
    rows.y += GAP
    found = tuple(_found(page.lines, rows, whole))
    rows.y += GAP if found else 0
    lane_of = _card_lanes(page.entries, whole)
    card_y = [rows.add("" if k else "Cards", CARD, "cards") for k in range(max(lane_of, default=0) + 1)]
    placed = [(entry, card_y[lane]) for entry, lane in zip(page.entries, lane_of, strict=True)]
    return Timeline(
        height=rows.y + GAP / 2,
        lanes=tuple(rows.lanes),
        ticks=tuple(_ticks(whole)),
        stages=tuple(_stages(page.lines, stage_y, whole)),
        voices=tuple(_voice(line, voice_y.get(line.speaker, voice_y["buyer"]), whole) for line in page.lines),
        found=found,
        cards=tuple(_card(entry, y, whole) for entry, y in placed),
        pins=tuple(_pin(entry, y, whole) for entry, y in placed),
        endings=tuple(point for entry, y in placed for point in _endings(entry, y, whole)),
        gaps=tuple(
            Box(_x(gap.start, whole), _x(gap.end - gap.start, whole), AXIS, gap.kind, gap.message) for gap in page.gaps
        ),
    )


def _x(seconds: float, whole: float) -> float:
    return round(min(100.0, max(0.0, 100 * seconds / whole)), 3)


def _ticks(whole: float) -> Iterator[Point]:
    step = next((step for step in _TICKS if whole / step <= _MOST_TICKS), _TICKS[-1])
    for k in range(int(whole // step) + 1):
        yield Point(_x(k * step, whole), AXIS, "tick", "", text=clock(k * step))


def _stages(lines: Sequence[Line], y: float, whole: float) -> Iterator[Box]:
    """One box from each change of stage to the next; the last lasts until the end."""
    changes = [line for line in lines if line.new_stage and line.stage]
    ends = [*(line.start for line in changes[1:]), whole]
    for line, end in zip(changes, ends, strict=False):
        sure = f"{line.stage_p:.0%} sure" if line.stage_p is not None else "corrected"
        says = f"{label(line.stage or '')} from {clock(line.start)} ({sure})"
        yield Box(_x(line.start, whole), _x(end - line.start, whole), y - STAGE / 2, line.stage or "", says, line.id)


def _voice(line: Line, y: float, whole: float) -> Box:
    says = f"{clock(line.start)} {line.speaker}: {line.text}"
    return Box(_x(line.start, whole), _x(line.end - line.start, whole), y - VOICE / 2 + 3, line.speaker, says, line.id)


def _found(lines: Sequence[Line], rows: _Rows, whole: float) -> Iterator[Point]:
    """One lane for each thing that was found, in the order in which they first came."""
    lanes: dict[tuple[str, str], float] = {}
    for line in lines:
        for finding in line.findings:
            if finding.kind == "role":
                continue
            name = _lane_name(finding)
            if (finding.kind, name) not in lanes:
                lanes[finding.kind, name] = rows.add(name, HEARD, finding.kind)
            sure = f" ({finding.p:.0%} sure)" if finding.p is not None else ""
            says = f"{clock(line.start)} {finding.name}{sure}: {line.text}"
            middle = (line.start + line.end) / 2
            yield Point(_x(middle, whole), lanes[finding.kind, name], finding.kind, says, line.id)


def _lane_name(finding: Finding) -> str:
    """Competitors have one lane whatever their stance."""
    return finding.key.partition(":")[2] if finding.kind == "competitor" else finding.name


def _card_lanes(entries: Sequence[Entry], whole: float) -> list[int]:
    """The first lane that is free where each entry begins."""
    free: list[float] = []
    chosen = []
    for entry in entries:
        start = _x(entry.t, whole)
        lane = next((k for k, taken in enumerate(free) if taken <= start), len(free))
        free[lane : lane + 1] = [_x(_end(entry), whole) + NEAREST]
        chosen.append(lane)
    return chosen


def _end(entry: Entry) -> float:
    """When the card went, or its opportunity ended, whichever was later."""
    return max(entry.until or entry.t, *(ending.t for ending in entry.endings if ending.t is not None), entry.t)


def _card(entry: Entry, y: float, whole: float) -> Box:
    """From the card's coming to its going, or to what ended its opportunity."""
    x = _x(entry.t, whole)
    return Box(x, _x(_end(entry), whole) - x, y - 4, entry.outcome, "", entry.utterance)


def _pin(entry: Entry, y: float, whole: float) -> Point:
    title = entry.content.title if entry.content else f"No card for {label(entry.cue)}"
    says = f"{clock(entry.t)} {title}: {entry.outcome if entry.outcome != 'none' else 'nothing to do'}"
    return Point(_x(entry.t, whole), y, entry.outcome, says, entry.utterance, str(entry.number or ""))


def _endings(entry: Entry, y: float, whole: float) -> Iterator[Point]:
    for ending in entry.endings:
        if ending.t is not None:
            says = f"{clock(ending.t)} {label(ending.behaviour)}: {ending.outcome}"
            yield Point(_x(ending.t, whole), y, ending.outcome, says, ending.evidence or entry.utterance)
