"""The comparison of two playbooks on past calls as one HTML page with plots; it loads nothing from elsewhere."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from asr.errors import BadInputError
from overlay.rehearsal.comparison import TOLD, Comparison, Kind, at_once, example, per_call
from overlay.rehearsal.play import Played

EXAMPLES = 5
"""Of each kind of change of a cue."""
_PAGE = (Path(__file__).parent / "report.html").read_text(encoding="utf-8")
_ROW, _BAR, _LEFT, _WIDTH = 26, 18, 220, 720
"""Pixels of a plot: a row's height, its bar's, where bars begin, and where they end."""


@dataclass(frozen=True)
class Bar:
    """A part of a row: its class in the page's style, how much it is, and what it says."""

    kind: str
    value: float
    says: str


def write_report(comparison: Comparison, before: str, after: str, pace: str, file: Path) -> None:
    """Writes the page; only its owner can read it, for it holds words. Raises BadInputError where it can't be."""
    content = page(comparison, before, after, pace)
    try:
        with os.fdopen(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as opened:
            opened.write(content)
        file.chmod(0o600)
    except OSError as error:
        raise BadInputError(f"--report {file}: can't be written ({error.strerror}); give another file.") from error


def page(comparison: Comparison, before: str, after: str, pace: str) -> str:
    """The whole page."""
    old, new = comparison.before, comparison.after
    parts = {
        "TITLE": f"{escape(after)} against {escape(before)}",
        "CALLS": str(len(comparison.calls)),
        "PACE": escape(pace),
        "FIGURES": "".join(
            f"<tr><th>{name}<td>{was}<td>{now}"
            for name, was, now in (
                ("Cards a call", f"{per_call(old):.2f}", f"{per_call(new):.2f}"),
                ("At once, at most", at_once(old), at_once(new)),
            )
        ),
        "LEGEND": "".join(f'<span class="key {kind}">{told}</span>' for kind, told in TOLD.items()),
        "CHANGES": plot([(cue, _changed(comparison, cue)) for cue in comparison.cues()]),
        "PER_CALL": plot(_per_call(old, new)),
        "CUES": "".join(_cue(comparison, cue) for cue in comparison.cues()) or "<p>Every card comes as before.</p>",
    }
    made = _PAGE
    for name, part in parts.items():
        made = made.replace(f"<!--{name}-->", part)
    return made


def plot(rows: Sequence[tuple[str, Sequence[Bar]]]) -> str:
    """Bars to the right, a row for each name; parts of a row stand behind each other. SVG that fits any width."""
    most = max((sum(bar.value for bar in bars) for _, bars in rows), default=0) or 1
    height = _ROW * max(1, len(rows))
    drawn = [f'<svg viewBox="0 0 {_WIDTH + 60} {height}" role="img">']
    for k, (name, bars) in enumerate(rows):
        y, x = k * _ROW, float(_LEFT)
        drawn.append(f'<text x="{_LEFT - 8}" y="{y + 17}" text-anchor="end">{escape(name)}</text>')
        for bar in bars:
            width = (_WIDTH - _LEFT) * bar.value / most
            drawn.append(
                f'<rect class="{bar.kind}" x="{x:.1f}" y="{y + 4}" width="{width:.1f}" height="{_BAR}">'
                f"<title>{escape(bar.says)}</title></rect>"
            )
            x += width
        total = sum(bar.value for bar in bars)
        drawn.append(f'<text class="total" x="{x + 6:.1f}" y="{y + 17}">{total:g}</text>')
    return "".join((*drawn, "</svg>"))


def _changed(comparison: Comparison, cue: str) -> list[Bar]:
    counts = ((kind, comparison.count(kind, cue)) for kind in TOLD)
    return [Bar(kind, count, f"{count} {TOLD[kind]}") for kind, count in counts if count]


def _per_call(before: Sequence[Played], after: Sequence[Played]) -> list[tuple[str, list[Bar]]]:
    """How many calls have so many cards, before and after."""
    was, now = (Counter(len(one.cards) for one in played) for played in (before, after))
    rows = []
    for cards in range(max((*was, *now), default=0) + 1):
        name = f"{cards} card" + ("" if cards == 1 else "s")
        rows.append((f"{name}, before", [Bar("before", was[cards], f"{was[cards]} calls before")]))
        rows.append(("after", [Bar("after", now[cards], f"{now[cards]} calls after")]))
    return rows


def _cue(comparison: Comparison, cue: str) -> str:
    items = "".join(_examples(comparison, cue, kind) for kind in TOLD)
    return f"<h3>{escape(cue)}</h3><ul>{items}</ul>"


def _examples(comparison: Comparison, cue: str, kind: Kind) -> str:
    found = comparison.examples(cue, kind, EXAMPLES)
    return "".join(
        f'<li><span class="key {kind}"></span> {escape(example(change))} <small>{escape(name)}</small>'
        for name, change in found
    )
