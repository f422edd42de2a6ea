"""Plays a recorded call for a command: starts it, writes its events, draws it in the terminal."""

import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from rich.console import Console

from asr.capture.file import Recording
from asr.errors import BadInputError
from cues.check import load_playbook
from cues.events import EVENT, AnyEvent
from cues.playbook import Playbook
from overlay.engine_messages import Ready, Start
from overlay.parent import Died, Parent
from overlay.terminal import watch


def play_call(
    recording: Recording,
    folder: Path,
    model: str,
    real_time: bool,
    headless: bool,
    events: str | None,
    picture: Path | None,
    journal: str | None,
) -> None:
    """At real pace in an engine of its own, or at full speed in this process; drawn in the terminal if not `headless`.

    `events` is a file for them as JSON lines, or - for the output. `journal` is an address, "" its usual place,
    None for no record. Raises BadInputError, EngineLostError.
    """
    console = Console()
    playbook = load_playbook(folder)
    with ExitStack() as stack:
        out = _events_file(events, stack)
        call: Iterable[AnyEvent]
        if real_time:
            call = stack.enter_context(_in_an_engine(Start(recording.files, folder, model, journal=journal)))
        else:
            call = _at_max(recording, playbook, model)
            if journal is not None:
                call = _recorded(call, journal, stack)
        if out is not None:
            call = _written(call, out)
        if not headless and events != "-":
            call = watch(call, console, picture)
        for _ in call:
            pass


def _at_max(recording: Recording, playbook: Playbook, model: str) -> Iterator[AnyEvent]:
    """In this process: nothing is lost when it dies, as the same file gives the same events again."""
    from overlay.engine import load_setup, play

    return play(recording, load_setup(playbook, model), real_time=False)


def _recorded(events: Iterable[AnyEvent], journal: str, stack: ExitStack) -> Iterator[AnyEvent]:
    """Stores the events as they pass."""
    from overlay.journal_log import JournalLog

    log = JournalLog(journal, lambda trouble: print(trouble.message, file=sys.stderr))
    stack.callback(log.close)
    return _stored(events, log.append)


def _stored(events: Iterable[AnyEvent], append: Callable[[AnyEvent], None]) -> Iterator[AnyEvent]:
    for event in events:
        append(event)
        yield event


@contextmanager
def _in_an_engine(start: Start) -> Iterator[Iterator[AnyEvent]]:
    """The events of a call in an engine of its own. The first Ctrl-C ends the call; the next one breaks off."""
    parent = Parent(start)
    interrupted = []

    def end(number: int, frame: object) -> None:
        interrupted.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        parent.stop()

    before = signal.signal(signal.SIGINT, end)
    try:
        yield _events_alone(parent)
    finally:
        signal.signal(signal.SIGINT, before)
    if interrupted:
        raise KeyboardInterrupt


def _events_alone(parent: Parent) -> Iterator[AnyEvent]:
    for happening in parent.happenings():
        if isinstance(happening, Ready):
            if happening.notice:
                print(happening.notice, file=sys.stderr)
        elif isinstance(happening, Died):
            print(happening.message, file=sys.stderr)
        else:
            yield happening


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
