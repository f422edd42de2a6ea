"""What is written outlives the writing process: SIGKILL at any moment takes no event older than 0.25 s."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from user import ROOT

from cues.journal.open import open_journal
from cues.journal.soundness import check

BAR_S = 0.25
RATES = [5, 20, 100]
"""Events a second: a call makes some five, a busy one twenty."""
CHILD = Path(__file__).parent / "child.py"


def child(file: Path, call: str, rate: float, count: int = 0) -> "subprocess.Popen[str]":
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    command = [sys.executable, str(CHILD), str(file), call, str(rate), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path})


def kill_once(file: Path, call: str, rate: float, after_s: float) -> None:
    """Kills a writing process `after_s` after its first event, then looks at what it left."""
    process = child(file, call, rate)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(after_s)
    killed = time.monotonic()
    process.kill()
    rest = process.stdout.read()
    process.wait()
    lines = [line.split() for line in (first + rest).splitlines(keepends=True) if line.endswith("\n")]
    emitted = {int(seq): float(at) for seq, at in lines}
    journal = open_journal(str(file))
    there = {event.seq for event in journal.events(call)}
    lost = {seq: killed - at for seq, at in emitted.items() if seq not in there}
    assert max(lost.values(), default=0.0) <= BAR_S, lost
    assert len(emitted) > 1
    assert check(journal) == []
    journal.close()


@pytest.mark.parametrize("rate", RATES)
def test_kill_9_of_the_writing_process(file: Path, rate: float) -> None:
    kill_once(file, "aa11", rate, random.uniform(0.5, 2.0))


@pytest.mark.verify
def test_kill_9_twenty_times_into_the_same_journal(file: Path) -> None:
    for k in range(20):
        kill_once(file, f"call{k}", random.choice(RATES), random.uniform(0.5, 3.0))


def test_two_processes_write_into_one_journal(file: Path) -> None:
    """Both make it, too: neither finds one."""
    both = [child(file, call, 300, 600) for call in ("aa11", "bb22")]
    for process in both:
        process.communicate(timeout=120)
        assert process.returncode == 0
    journal = open_journal(str(file))
    for call in ("aa11", "bb22"):
        assert [event.seq for event in journal.events(call)] == list(range(600))
    assert check(journal) == []
    journal.close()
