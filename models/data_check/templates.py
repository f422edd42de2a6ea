"""Phrases that recur with one word swapped: a head learns the frame instead of what it means."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.data_check.finding import Finding
from models.data_check.lines import Line

PHRASE = 6
"""Words of a phrase, one of them swapped: five that stand fixed are more than grammar makes."""
CALLS = 5
"""A frame that so many calls share is a template."""
SWAPPED = 3
"""Different words in the gap; fewer is a saying."""
GAP = "…"

Start = tuple[int, int]
"""A line and the word in it at which a phrase begins."""


@dataclass(frozen=True)
class _Frame:
    words: tuple[str, ...]
    found: dict[Start, str]


def templates(lines: Sequence[Line]) -> Iterator[Finding]:
    """The frames of `lines`, commonest first, none told twice by its neighbours."""
    taken: set[Start] = set()
    # Of frames as common the one whose gap does not come first: what follows a frame tells more than what leads to it.
    for frame in sorted(_frames(lines), key=lambda frame: (-_calls(lines, frame.found), frame.words[0] == GAP)):
        fresh = {start: word for start, word in frame.found.items() if not taken & _around(start)}
        if _calls(lines, fresh) < CALLS or len(set(fresh.values())) < SWAPPED:
            continue
        taken |= set(fresh)
        places = [lines[row].place for row, _ in fresh]
        words = ", ".join(list(dict.fromkeys(fresh.values()))[:5])
        sentence = f'"{" ".join(frame.words)}" in {_calls(lines, fresh)} calls: {words}'
        yield Finding("warning", "template", places[0], sentence, tuple(places[1:]))


def _frames(lines: Sequence[Line]) -> Iterator[_Frame]:
    """Every phrase with a gap that enough calls share."""
    found: defaultdict[tuple[str, ...], dict[Start, str]] = defaultdict(dict)
    for row, line in enumerate(lines):
        for start in range(len(line.words) - PHRASE + 1):
            phrase = line.words[start : start + PHRASE]
            for gap in range(PHRASE):
                frame = (*phrase[:gap], GAP, *phrase[gap + 1 :])
                found[frame][row, start] = phrase[gap]
    for frame, starts in found.items():
        if len(starts) >= CALLS and _calls(lines, starts) >= CALLS and len(set(starts.values())) >= SWAPPED:
            yield _Frame(frame, starts)


def _calls(lines: Sequence[Line], starts: dict[Start, str]) -> int:
    return len({lines[row].said.call for row, _ in starts})


def _around(start: Start) -> set[Start]:
    row, word = start
    return {(row, word + step) for step in range(-PHRASE + 1, PHRASE)}
