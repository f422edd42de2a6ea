"""The ring between an audio callback and its reader."""

import threading
import time

import numpy as np

from asr.capture.ring import Ring


def test_the_reader_wakes_when_something_is_written_and_not_before() -> None:
    ring = Ring(100)
    begun = time.monotonic()
    ring.wait(0.2)
    assert time.monotonic() - begun >= 0.2
    threading.Timer(0.2, ring.write, (np.ones(10, np.float32), 1.0)).start()
    begun = time.monotonic()
    ring.wait(20)
    assert time.monotonic() - begun < 10
    assert len(ring.read()[0]) == 10


def test_what_was_written_while_nobody_waited_is_not_waited_for() -> None:
    ring = Ring(100)
    for _ in range(3):
        ring.write(np.ones(10, np.float32), 1.0)
    begun = time.monotonic()
    ring.wait(20)
    assert time.monotonic() - begun < 10
    assert len(ring.read()[0]) == 30
    ring.wait(0.2)
    assert not len(ring.read()[0])


def test_what_does_not_fit_is_dropped_and_counted_and_the_rest_keeps_its_order() -> None:
    ring = Ring(10)
    ring.write(np.arange(8, dtype=np.float32), 1.0)
    assert list(ring.read()[0]) == list(range(8))
    ring.write(np.arange(8, 24, dtype=np.float32), 2.0)
    samples, at = ring.read()
    assert list(samples) == list(range(8, 18))
    assert (at, ring.overflowed) == (2.0, 6)
