"""Lines to a parent that may hang or be gone."""

import os
import time

from overlay import pipe
from overlay.pipe import Pipe


def read_all(handle: int) -> bytes:
    with os.fdopen(handle, "rb") as file:
        return file.read()


def test_lines_arrive_in_order() -> None:
    out, into = os.pipe()
    said = Pipe(into)
    for k in range(100):
        said.say(b"%d" % k)
    said.close()
    assert read_all(out).split() == [b"%d" % k for k in range(100)]


def test_a_parent_that_hangs_holds_nothing_up_and_gets_the_rest_when_it_reads_again() -> None:
    out, into = os.pipe()
    said = Pipe(into)
    begun = time.monotonic()
    for _ in range(1000):
        said.say(b"x" * 1000)
    assert time.monotonic() - begun < 1
    got = b""
    while got.count(b"\n") < 1000:
        got += os.read(out, 1_000_000)
        said.say(b"")
    assert got.startswith((b"x" * 1000 + b"\n") * 1000)


def test_what_a_hanging_parent_is_behind_is_bounded() -> None:
    _, into = os.pipe()
    said = Pipe(into)
    for _ in range(12):
        said.say(b"x" * 1_000_000)
    assert len(said._left) < pipe.MOST_LEFT + 2_000_000


def test_a_parent_that_is_gone_is_no_fault() -> None:
    out, into = os.pipe()
    said = Pipe(into)
    os.close(out)
    said.say(b"x")
    said.say(b"y")
    said.close()
