"""What is heard through real devices is what is heard from the file."""

import pytest
from user import DEMO_CALL

from tests.bench.live_accuracy import compare


@pytest.mark.verify
@pytest.mark.usefixtures("machine")
def test_a_call_through_real_devices_reads_as_its_file_does() -> None:
    live, replay = compare(DEMO_CALL.parent)
    assert abs(live.wer[2] - replay.wer[2]) <= 0.5
    assert (live.cards, live.competitors, live.last_stage) == (replay.cards, replay.competitors, replay.last_stage)
    assert live.faults == 0
