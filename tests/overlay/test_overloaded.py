"""A busy program on each core beside a live call: what was said comes later, but all of it, and hardly worse."""

import os
import sys
from pathlib import Path

import pytest
from user import DEMO_CALL

from tests.bench.live_accuracy import heard, played_live
from tests.bench.stutter import busy_programs
from tests.sound_server import sound_server

BOUND_S = 15.0
"""Of the lag of a final: with base it would grow for as long as the call goes on."""
WORSE = 2.0
"""Points of word error rate."""


@pytest.mark.verify
@pytest.mark.skipif(sys.platform != "linux", reason="needs a PulseAudio of its own")
@pytest.mark.usefixtures("machine")
def test_beside_busy_programs_the_words_come_later_and_hardly_worse(tmp_path: Path) -> None:
    folder = DEMO_CALL.parent
    with sound_server() as server:
        quiet = played_live(folder, server, scratch(tmp_path, "quiet"))
        busy = played_live(folder, server, scratch(tmp_path, "busy"), busy_programs(os.cpu_count() or 1))
    lags = [event["t"] - event["audio_end"] for event in busy if event["type"] == "utterance"]
    faults = [event["message"] for event in busy if event["type"] == "fault"]
    rates = [heard(name, folder, events).wer[2] for name, events in (("quiet", quiet), ("busy", busy))]
    print(f"word errors {rates} %, lags of finals {sorted(lags)}, {faults}")
    assert rates[1] <= rates[0] + WORSE
    assert max(lags) < BOUND_S


def scratch(folder: Path, name: str) -> Path:
    """A folder for each call, so that none is taken for the other's events."""
    own = folder / name
    own.mkdir()
    return own
