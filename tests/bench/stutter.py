"""Does Offbook make a meeting stutter? `python -m tests.bench.stutter`, on a sound server of its own; 2 to 5 minutes.

Another program (tests/meeting_program.py) plays and hears in buffers of 10 ms, 20 ms ahead, while Offbook starts and
listens to a call in which both talk without a pause. What a recorder hears of it tells what was lost. Side by side:
the program alone; with Offbook; with Offbook at ordinary priority; and with busy programs, to see the measure fail.
Whatever else the machine does falsifies it, so a run tells how many cores others took, and busy ones are tried again.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from rich.console import Console
from rich.table import Table

from asr.capture.file import Chunk, open_stereo
from tests.live_command import READY_S, Listening
from tests.meeting_program import BUFFER, STEADY
from tests.meeting_sound import RATE, Gap, gaps
from tests.processor import busy_s, own_s
from tests.sound_server import SoundServer, sound_server
from tests.user import DEMO_CALL, ROOT, write_wav

SINK = "meeting"
QUIET = 0.15
"""Cores that others may take while it is measured."""
SECONDS, RUNS = 8.0, 2
"""Length of a run, and quiet runs of each condition, where nobody says otherwise."""
TRIES = 2
"""Runs for each that is to be quiet."""
BUSY = 4
"""Busy programs for each core."""
SETTLE_S = 1.0
COUNTED_MS = 1000 * STEADY * BUFFER / RATE - 500
"""In what was heard: it is shorter by what was lost before the meeting played steadily."""
CALLS = 4
"""The demo call one after another: some nine minutes."""
WAIT_S = 10.0
"""For a quiet moment."""
UNLOWERED = Path(__file__).parent / "unlowered"


@dataclass(frozen=True)
class Run:
    """What the meeting's program says of itself, what was heard of it (ms), and the cores that others took."""

    buffers: int
    underflows: int
    overflows: int
    wake_p99_ms: float
    wake_max_ms: float
    gaps: tuple[Gap, ...]
    others: float

    @property
    def lost(self) -> int:
        """Times that sound was lost, in what it played or in what it heard."""
        return max(self.underflows, len(self.gaps)) + self.overflows

    @property
    def worst_ms(self) -> float:
        return max((gap.length for gap in self.gaps), default=0.0)


Runs = Generator[Run, None, None]
"""Endless."""


class Desk:
    """A sound server with a meeting's own output, and both sides of a call that never pauses."""

    def __init__(self, server: SoundServer, folder: Path) -> None:
        self.server, self.folder = server, folder
        # Exactly what is played: one channel, so that nothing is mixed.
        words = f"module-null-sink sink_name={SINK} rate={RATE} channels=1 format=s16le"
        server.pactl("load-module", *words.split())
        server.pactl("set-default-sink", "speakers")
        chunks = [item for item in open_stereo(DEMO_CALL).chunks() if isinstance(item, Chunk)]
        call = np.concatenate([chunk.rep + chunk.buyer for chunk in chunks])[:, None].astype(np.float64)
        both = np.tile(call, (CALLS, 1))
        # Half a call apart, so that neither side is taken for the other's echo.
        self.rep = write_wav(folder / "rep.wav", both)
        self.buyer = write_wav(folder / "buyer.wav", np.roll(both, len(call) // 2, axis=0))

    def run(self, during: Callable[["subprocess.Popen[str]"], None]) -> Run:
        """The meeting's program while `during` does something beside it, or to it."""
        file = self.folder / "heard"
        with recorder(file), meeting() as program:
            assert program.stdout is not None
            assert program.stdout.readline() == "plays\n"
            since, own, begun = busy_s(), own_s(), time.monotonic()
            during(program)
            others = max(0.0, busy_s() - since - (own_s() - own)) / (time.monotonic() - begun)
            said = json.loads(program.communicate()[0])
            time.sleep(SETTLE_S)
        heard = gaps(np.fromfile(file, "<i2"))
        counted = tuple(gap for gap in heard if gap.at >= COUNTED_MS)
        return Run(**said, gaps=counted, others=round(others, 2))

    @contextmanager
    def call(self) -> Iterator[None]:
        """Offbook listens, and both talk."""
        events = self.folder / "call.jsonl"
        events.unlink(missing_ok=True)
        call = Listening(events, "--no-journal", "--model", "base")
        try:
            call.wait("levels", READY_S)
            self.server.play(self.rep, "mic")
            self.server.play(self.buyer, "speakers")
            call.wait("hypothesis", READY_S)
            yield
        finally:
            for player in list(self.server.players):
                self.server.hush(player)
            call.end()


@contextmanager
def desk() -> Iterator[Desk]:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OFFBOOK_SETTINGS", f"{folder}/settings.yaml")
        with sound_server() as server:
            yield Desk(server, Path(folder))


@contextmanager
def meeting() -> Iterator["subprocess.Popen[str]"]:
    """The meeting's program, in a session of its own as one that is started from a desktop."""
    command = [sys.executable, "-m", "tests.meeting_program"]
    variables = os.environ | {"PULSE_SINK": SINK, "PULSE_SOURCE": "headset"}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, env=variables, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True,
        start_new_session=True,
    ) as program:  # fmt: skip
        try:
            yield program
        finally:
            program.kill()


@contextmanager
def recorder(file: Path) -> Iterator[None]:
    """Hears what the meeting plays, after the sound server has mixed it."""
    form = ["--raw", "--format=s16le", f"--rate={RATE}", "--channels=1", "--latency-msec=20"]
    with file.open("wb") as out, subprocess.Popen(["parec", *form, f"--device={SINK}.monitor"], stdout=out) as process:
        try:
            yield
        finally:
            process.terminate()


@contextmanager
def unlowered() -> Iterator[None]:
    """What is started now keeps its ordinary priority."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(UNLOWERED), os.environ.get("PYTHONPATH", "")]))
        yield


@contextmanager
def busy_programs(count: int) -> Iterator[None]:
    with ExitStack() as stack:
        for _ in range(count):
            burning = [sys.executable, "-c", "while True: sum(range(10_000))"]
            stack.callback(subprocess.Popen(burning, start_new_session=True).kill)
        yield


def freeze(program: "subprocess.Popen[str]", seconds: float) -> None:
    """Keeps a program from running at all, the surest stutter, and lets it go on."""
    program.send_signal(signal.SIGSTOP)
    time.sleep(seconds)
    program.send_signal(signal.SIGCONT)
    time.sleep(SETTLE_S)


def measure(seconds: float = SECONDS, wanted: int = RUNS) -> dict[str, list[Run]]:
    """So many quiet runs of each condition."""
    with desk() as here:
        return {
            "alone": quiet(alone(here, seconds), wanted),
            "Offbook starts": quiet(beside_a_start(here), wanted),
            "Offbook listens": quiet(beside_offbook(here, seconds), wanted),
            "the same, not lowered": quiet(beside_unlowered(here, seconds), wanted),
            f"{BUSY} busy programs a core": quiet(beside_busy(here, seconds), wanted),
        }


def quiet(runs: Runs, wanted: int) -> list[Run]:
    """The first runs in which the machine had little else to do; at least the quietest."""
    taken: list[Run] = []
    with closing(runs):
        while len(taken) < TRIES * wanted and sum(run.others < QUIET for run in taken) < wanted:
            wait_until_quiet()
            taken.append(next(runs))
    return [run for run in taken if run.others < QUIET] or [min(taken, key=lambda run: run.others)]


def wait_until_quiet() -> None:
    """Until the machine had little else to do for a second, but not for ever."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        since, own = busy_s(), own_s()
        time.sleep(1.0)
        if busy_s() - since - (own_s() - own) < QUIET:
            return


def alone(here: Desk, seconds: float) -> Runs:
    while True:
        yield here.run(lambda _: time.sleep(seconds))


def beside_a_start(here: Desk) -> Runs:
    def start(_: object) -> None:
        with here.call():
            pass

    while True:
        yield here.run(start)


def beside_offbook(here: Desk, seconds: float) -> Runs:
    with here.call():
        yield from alone(here, seconds)


def beside_unlowered(here: Desk, seconds: float) -> Runs:
    with unlowered():
        yield from beside_offbook(here, seconds)


def beside_busy(here: Desk, seconds: float) -> Runs:
    def busy(_: object) -> None:
        with busy_programs(BUSY * (os.cpu_count() or 1)):
            time.sleep(seconds)

    while True:
        yield here.run(busy)


def print_stutter(found: dict[str, list[Run]], console: Console) -> None:
    """A row for each condition: sums of its runs, and the worst of them."""
    table = Table(title="A meeting beside Offbook")
    for name in ("", "buffers", "flagged", "lost", "worst gap ms", "wakes late p99 ms", "max", "others' cores"):
        table.add_column(name, justify="left" if not name else "right")
    for name, runs in found.items():
        table.add_row(
            name,
            str(sum(run.buffers for run in runs)),
            str(sum(run.underflows + run.overflows for run in runs)),
            str(sum(run.lost for run in runs)),
            f"{max(run.worst_ms for run in runs):.1f}",
            f"{max(run.wake_p99_ms for run in runs):.1f}",
            f"{max(run.wake_max_ms for run in runs):.1f}",
            ", ".join(f"{run.others:.2f}" for run in runs),
        )
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each run")
    parser.add_argument("--runs", type=int, default=RUNS, help="of each condition")
    options = parser.parse_args()
    print_stutter(measure(options.seconds, options.runs), Console())


if __name__ == "__main__":
    main()
