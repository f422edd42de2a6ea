"""Two devices whose clocks drift apart stay together on the call's clock."""

from itertools import pairwise

import numpy as np
import pytest

from asr.capture.call_clock import CallClock
from asr.capture.ring import Ring
from asr.sound import SAMPLE_RATE

BLOCK = 3200
HOURS = 8


def drifted(ppm: float, hours: float) -> float:
    """How far (s) the last sample of a device lies from where it was heard, after hours through ring and clock."""
    rate = SAMPLE_RATE * (1 + ppm / 1e6)
    ring, clock, jitter = Ring(SAMPLE_RATE), CallClock(), np.random.default_rng(1)
    end, worst = 0, 0.0
    for k in range(int(hours * 3600 * rate / BLOCK)):
        heard = (k + 1) * BLOCK / rate
        ring.write(np.zeros(BLOCK, np.float32), heard + jitter.uniform(0, 0.02))
        samples, at = ring.read()
        piece = clock.put(samples, at)
        end = piece.at + len(piece.samples)
        if k * BLOCK / rate > 60:
            worst = max(worst, abs(end / SAMPLE_RATE - heard))
    return worst


@pytest.mark.parametrize("ppm", [200, -200])
def test_after_a_long_call_a_drifting_device_is_where_it_was_heard(ppm: float) -> None:
    assert drifted(ppm, 0.5) < 0.025  # half of the 50 ms that two such devices may be apart


@pytest.mark.verify
@pytest.mark.parametrize("ppm", [200, -200])
def test_after_eight_hours_too(ppm: float) -> None:
    assert drifted(ppm, HOURS) < 0.025


def test_stretching_leaves_no_seam_and_changes_no_loudness() -> None:
    clock = CallClock()
    made = []
    for k in range(300):
        heard = (k + 1) * BLOCK / SAMPLE_RATE * (1 + 200e-6)
        places = np.arange(k * BLOCK, (k + 1) * BLOCK)
        made.append(clock.put(np.sin(2 * np.pi * 400 * places / SAMPLE_RATE).astype(np.float32), heard))
    assert all(one.at + len(one.samples) == other.at for one, other in pairwise(made))
    sound = np.concatenate([piece.samples for piece in made])[SAMPLE_RATE:]
    # A sine's curvature is bounded: a seam would stand out of it.
    assert np.abs(np.diff(sound, 2)).max() < 1.05 * (2 * np.pi * 400 / SAMPLE_RATE) ** 2
    assert np.sqrt(np.mean(sound**2)) == pytest.approx(np.sqrt(0.5), rel=1e-3)


def test_missing_sound_is_a_gap_and_not_stretched() -> None:
    clock = CallClock()
    clock.put(np.ones(BLOCK, np.float32), 0.2)
    after = clock.put(np.ones(BLOCK, np.float32), 5.2)
    assert abs(after.at / SAMPLE_RATE - 5.0) < 0.001
    assert len(after.samples) == BLOCK


def test_a_ring_gives_what_was_written_and_counts_what_had_no_room() -> None:
    ring, taken = Ring(1000), []
    written = np.arange(10_000, dtype=np.float32)
    for k in range(0, 10_000, 370):
        ring.write(written[k : k + 370], k)
        taken.append(ring.read()[0])
    assert np.array_equal(np.concatenate(taken), written)
    ring.write(written[:700], 1.0)
    ring.write(written[700:1400], 2.0)
    samples, at = ring.read()
    assert (len(samples), at, ring.overflowed) == (1000, 2.0, 400)
    assert np.array_equal(samples, written[:1000])
