"""The terminal is drawn where it looks different, and only there."""

import io
import time
from collections.abc import Iterator

from calls import started, utterance
from rich.console import Console

from asr.events import Event, Levels
from cues.events import AnyEvent
from overlay.terminal import watch


def drawn(events: Iterator[AnyEvent]) -> str:
    out = io.StringIO()
    for _ in watch(events, Console(file=out, force_terminal=True, width=80, height=40)):
        pass
    return out.getvalue()


def test_words_are_on_the_screen_while_the_call_goes_on() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=80, height=40)
    events: list[Event] = [started(), utterance("u1", "buyer", "We run Zendesk today", 4.0)]
    for count, _ in enumerate(watch(iter(events), console)):  # type: ignore[arg-type]
        until = time.monotonic() + 10
        while ("Zendesk" in out.getvalue()) < (count == 1):
            assert time.monotonic() < until, out.getvalue()
            time.sleep(0.02)


def test_silence_is_drawn_once_a_second() -> None:
    def silence() -> Iterator[AnyEvent]:
        for k in range(40):
            time.sleep(0.05)
            yield Levels(t=5.0 + 0.05 * k, rep=-60.0 - k % 3, buyer=-120.0, rep_heard_t=None, buyer_heard_t=None)

    assert 1 <= drawn(silence()).count("listening") <= 4
