"""What judges the long calls finds what grows, and what does not."""

import os
import subprocess
import sys
import time

import pytest
from soak import Sample, Sampler, Span, cost, growth, least_cost, look

BEFORE, AFTER = Span(0, 9), Span(90, 99)
GROWING = (
    "import threading, time\n"
    "kept = []\n"
    "while True:\n"
    "    kept.append((open('/dev/null'), bytearray(b'x' * 4_000_000)))\n"
    "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    "    time.sleep(0.1)\n"
)


def samples(mb: float = 0.0, threads: float = 0.0, handles: float = 0.0) -> list[Sample]:
    """A hundred seconds, in each of which so much is added; a twentieth of a core, and a third of it for a while."""
    cpu = [0.05 * k + (0.3 * min(10, max(0, k - 40))) for k in range(100)]
    return [Sample(k, 400 + mb * k, int(20 + threads * k), int(50 + handles * k), cpu[k]) for k in range(100)]


def test_what_stays_is_flat() -> None:
    assert growth(samples(), BEFORE, AFTER) == []
    assert growth(samples(mb=0.1), BEFORE, AFTER) == []


@pytest.mark.parametrize(
    ("grows", "told"),
    [
        ({"mb": 0.3}, "memory: 401 MB became 428 MB"),
        ({"mb": -0.3}, "memory: 399 MB became 372 MB"),
        ({"threads": 0.02}, "threads: 20 became 21"),
        ({"handles": 0.02}, "handles: 50 became 51"),
    ],
)
def test_what_grows_is_told(grows: dict[str, float], told: str) -> None:
    assert growth(samples(**grows), BEFORE, AFTER) == [told]


def test_the_cost_of_a_stretch() -> None:
    assert cost(samples(), Span(0, 30)) == pytest.approx(0.05)
    assert cost(samples(), Span(40, 50)) == pytest.approx(0.35)
    assert least_cost(samples(), Span(35, 99), 15) == pytest.approx(0.05)


def test_too_few_samples_tell_nothing() -> None:
    with pytest.raises(AssertionError, match="tell nothing"):
        growth(samples(), BEFORE, Span(200, 300))


def test_a_child_of_a_child_that_grows_is_seen() -> None:
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {GROWING!r}])"
    process = subprocess.Popen([sys.executable, "-c", parent], start_new_session=True)
    begun = time.monotonic()
    try:
        with Sampler(process.pid, lambda: time.monotonic() - begun, 0.2) as sampler:
            time.sleep(4)
    finally:
        os.killpg(process.pid, 9)
        process.wait()
    told = growth(sampler.samples, Span(1.0, 2.0), Span(3.0, 4.0))
    assert [sentence.split(":")[0] for sentence in told] == ["memory", "threads", "handles"]


def test_cpu_seconds_are_those_of_the_processes() -> None:
    busy = "import time\nuntil = time.process_time() + 1\nwhile time.process_time() < until: pass\ntime.sleep(30)"
    process = subprocess.Popen([sys.executable, "-c", busy])
    try:
        until = time.monotonic() + 30
        while look(process.pid, 0.0).cpu_s < 0.95 and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(0.5)
        assert 0.95 < look(process.pid, 0.0).cpu_s < 1.6
    finally:
        process.kill()
        process.wait()
