"""What a command does with the events of its call while they come: writes them, draws them in the terminal."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from rich.console import Console

from asr.errors import BadInputError
from cues.events import EVENT, AnyEvent
from overlay.terminal import watch

Follow = Callable[[Iterable[AnyEvent]], None]
"""Takes the events of a call until it is over, in whatever thread they come."""


@dataclass(frozen=True)
class Outlets:
    """`events` is a file for JSON lines, or - for the output; `picture` an SVG of the terminal."""

    events: str | None = None
    terminal: bool = True
    picture: Path | None = None


@contextmanager
def follower(outlets: Outlets) -> Iterator[Follow]:
    """Raises BadInputError where a file can't be written."""
    with ExitStack() as stack:
        out = _events_file(outlets.events, stack)

        def follow(events: Iterable[AnyEvent]) -> None:
            if out is not None:
                events = _written(events, out)
            if outlets.terminal and outlets.events != "-":
                events = watch(events, Console(), outlets.picture)
            for _ in events:
                pass

        yield follow


def _events_file(events: str | None, stack: ExitStack) -> TextIO | None:
    if events is None or events == "-":
        return sys.stdout if events else None
    try:
        return stack.enter_context(Path(events).open("w", encoding="utf-8"))
    except OSError as error:
        raise BadInputError(f"--events {events}: can't be written ({error.strerror}); give another file.") from error


def _written(events: Iterable[AnyEvent], out: TextIO) -> Iterator[AnyEvent]:
    for event in events:
        out.write(EVENT.dump_json(event).decode() + "\n")
        out.flush()
        yield event
