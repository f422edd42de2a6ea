"""In a live call what decodes is lowered, and neither what hears nor what serves the call."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_command import READY_S, Listening, play, speech_of_both
from sound_server import sound_server

from asr.priority import NICE
from tests.processor import Thread, children, threads

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
DECODES_S = 4.0


@pytest.fixture
def engine(tmp_path: Path, machine: Path) -> Iterator[int]:
    """The engine's process while it decodes a call."""
    with sound_server() as server:
        call = Listening(tmp_path / "events.jsonl", "--no-journal", "--model", "tiny.en")
        call.wait("levels", READY_S)
        play(server, speech_of_both(tmp_path))
        call.wait("hypothesis", READY_S)
        yield children(call.process.pid)[0]
        call.end()


def test_the_decoding_threads_are_lowered_and_nothing_else_of_the_call(engine: int) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    before = threads(engine)
    time.sleep(DECODES_S)
    work = {
        lowered: sum(
            thread.cpu_s - before.get(number, Thread(0, 0.0)).cpu_s
            for number, thread in threads(engine).items()
            if (thread.nice > own) == lowered
        )
        for lowered in (False, True)
    }
    assert {thread.nice for thread in before.values()} == {own, max(NICE, own)}
    assert before[engine].nice == own
    assert work[True] > 3 * work[False], work
    captures = children(engine)
    assert len(captures) == 2
    for process in captures:
        assert {thread.nice for thread in threads(process).values()} == {own}
        assert os.getsid(process) == process
    if Path("/proc/self/autogroup").exists():
        nice = {process: Path(f"/proc/{process}/autogroup").read_text().split()[-1] for process in (engine, *captures)}
        assert nice == {engine: str(NICE), captures[0]: "0", captures[1]: "0"}
