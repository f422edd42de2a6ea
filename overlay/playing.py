"""Plays a call for a command: at real pace with the overlay or without it, or at full speed in this process."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace

from asr.capture.file import Recording
from asr.errors import BadInputError
from asr.events import Fault, Recovered
from cues.check import load_playbook
from cues.events import AnyEvent
from overlay.engine_messages import Start
from overlay.event_log import EventLog, history_of
from overlay.following import Follow
from overlay.kept_playbook import playbook_of
from overlay.live_call import run_headless


def run_live(start: Start, follow: Follow, *, headless: bool) -> None:
    """A call at real pace: with the overlay, or without it where there is no display or none is wanted.

    Main thread. Raises BadInputError, EngineLostError, KeyboardInterrupt.
    """
    playbook_of(start)
    why_not = None if headless else no_window()
    if headless or why_not is not None:
        run_headless(start, follow, why_not)
        return
    # Qt takes 0.3 s and 40 MB, which no other command should pay.
    from overlay.window.live import run_with_overlay

    run_with_overlay(start, follow)


def run_in_window(start: Start, follow: Follow) -> None:
    """Live calls that the rep begins and ends in a window, until it is closed; only where `no_window` is None.

    Main thread. Raises BadInputError, EngineLostError, KeyboardInterrupt.
    """
    playbook_of(start)
    from overlay.window.call_start import run_calls

    run_calls(start, follow)


def play_at_max(recording: Recording, start: Start, follow: Follow) -> None:
    """In this process: nothing is lost when it dies, as the same file gives the same events again."""
    from overlay.call_setup import load_setup
    from overlay.engine import play

    setup = load_setup(load_playbook(start.playbook), start.model, language=start.language)
    if start.journal is None:
        follow(play(recording, setup, real_time=False, deal=start.deal))
        return
    from overlay.journal_log import JournalLog

    with closing(JournalLog(start.journal, _complain)) as log:
        setup = replace(setup, call=replace(setup.call, history=history_of(start, [], log, _complain)))
        follow(_recorded(play(recording, setup, real_time=False, deal=start.deal), log))


def no_window() -> str | None:
    """Why a window can't be shown, or None where it can."""
    from overlay.window.desktop import check_display

    try:
        check_display()
    except BadInputError as error:
        return f"{error} The call goes on without it."
    return None


def _recorded(events: Iterable[AnyEvent], log: EventLog) -> Iterator[AnyEvent]:
    """Stores the events as they pass."""
    for event in events:
        log.append(event)
        yield event


def _complain(trouble: Fault | Recovered) -> None:
    print(trouble.message, file=sys.stderr)
