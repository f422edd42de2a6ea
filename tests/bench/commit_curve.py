"""How early words may stand, and what that costs: `python -m tests.bench.commit_curve FOLDER`, a minute or two a point.

For several thresholds of the commit policy the call is transcribed against a clock that stands still while there is
nothing to do, so that it takes less than the call's length; each pass takes as long as it really took.
"""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import plotext
from rich.console import Console
from rich.table import Table
from rich.text import Text

from asr import commit
from asr.capture.file import Chunk, open_stereo
from asr.events import Event
from asr.recogniser import Recogniser
from asr.sound import SAMPLE_RATE
from asr.transcriber import Transcriber
from asr.weights import whisper_weights
from overlay.bench_asr import call_sound, offline_pass, reference
from overlay.bench_scores import AsrFigures, Load, normaliser, score
from tests.user import DEMO_CALL

POINTS: tuple[Mapping[str, float], ...] = (
    {"SURE": 0.5, "DOUBT": 0.0},
    {"SURE": 0.7, "DOUBT": 0.2},
    {"SURE": 0.8, "DOUBT": 0.35},
    {"SURE": 0.9, "DOUBT": 0.35},
    {"SURE": 0.95, "DOUBT": 0.5},
    {"SURE": 2.0, "DOUBT": 0.0},
    {"SURE": 2.0, "DOUBT": 0.7},
)
"""Thresholds of asr/commit.py; a SURE above 1 leaves agreement alone."""


@dataclass
class Clock:
    """Call time (s): it goes on by itself only while a pass runs."""

    at: float = 0.0
    since: float | None = None

    def __call__(self) -> float:
        return round(self.at + (0.0 if self.since is None else time.monotonic() - self.since), 3)


def hear(file: Path, recogniser: Recogniser) -> tuple[list[Event], float]:
    """The call's events as at real pace, and how long the passes took in all (s)."""
    clock = Clock()
    transcriber = Transcriber(recogniser, clock)
    events: list[Event] = []
    busy = heard = 0.0

    def work_until(limit: float) -> None:
        nonlocal busy
        while clock.at < limit:
            clock.since = time.monotonic()
            made = transcriber.work()
            took, clock.since = time.monotonic() - clock.since, None
            if made is None:
                return
            clock.at += took
            busy += took
            events.extend(made)

    for chunk in open_stereo(file).chunks():
        if not isinstance(chunk, Chunk):
            continue
        heard += len(chunk.rep) / SAMPLE_RATE
        work_until(heard)
        clock.at = max(clock.at, heard)
        transcriber.feed((chunk.rep, chunk.buyer))
    transcriber.finish()
    work_until(float("inf"))
    return events, busy


def curve(folder: Path) -> list[tuple[str, AsrFigures]]:
    recogniser, normalise = Recogniser(whisper_weights("base")), normaliser()
    spoken = reference(folder)
    offline = offline_pass(spoken, recogniser, normalise)
    found = []
    for point in POINTS:
        with patch.multiple(commit, **point):
            events, busy = hear(call_sound(folder), recogniser)
        name = ", ".join(f"{key.lower()} {value:g}" for key, value in point.items())
        found.append((name, score(events, Load(busy, 0.0, 0.0), spoken, offline, normalise).figures))
    return found


def print_curve(found: list[tuple[str, AsrFigures]], console: Console) -> None:
    table = Table(title="Stable words: how early, and how often wrong")
    for name in ("thresholds", "lag p50 s", "p95 s", "corrected", "word errors", "busy"):
        table.add_column(name, justify="left" if name == "thresholds" else "right")
    for name, one in found:
        lags = [f"{lag or 0:.2f}" for lag in (one.stable_lag_p50_s, one.stable_lag_p95_s)]
        shares = [f"{one.corrected_stable_share:.1%}", f"{one.wer:.2f} %", f"{one.busy_per_audio_s:.2f}"]
        table.add_row(name, *lags, *shares)
    console.print(table)
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plotsize(min(console.width, 100), 16)
    plotext.scatter(
        [one.stable_lag_p50_s or 0.0 for _, one in found],
        [100 * one.corrected_stable_share for _, one in found],
        marker="●",
    )
    plotext.xlabel("lag of a stable word, p50 (s)")
    plotext.ylabel("corrected (%)")
    console.print(Text.from_ansi(plotext.build()))


if __name__ == "__main__":
    print_curve(curve(Path(sys.argv[1]) if len(sys.argv) > 1 else DEMO_CALL.parent), Console())
