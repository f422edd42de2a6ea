"""A call in an engine of its own, followed without a window; with one it is overlay/window/live.py that runs it.

No thread of its own. The first Ctrl-C ends the call, with its last words; the next one breaks it off.
"""

import signal
import sys
from collections.abc import Callable, Generator
from contextlib import closing

from cues.events import AnyEvent
from overlay.engine_messages import Ready, Start
from overlay.following import Follow
from overlay.parent import Died, Parent


def run_headless(start: Start, follow: Follow, notice: str | None = None) -> None:
    """The call until it is over, in the caller's thread, the main one; `notice` is said once it can begin.

    Raises BadInputError, EngineLostError.
    """
    parent = Parent(start)
    interrupted = []

    def end(number: int, frame: object) -> None:
        interrupted.append(number)
        if len(interrupted) == 1:
            parent.stop()
        else:
            parent.break_off()

    def ready(happening: Ready) -> None:
        nonlocal notice
        if notice is not None:
            print(notice, file=sys.stderr)
        notice = None

    before = signal.signal(signal.SIGINT, end)
    try:
        with closing(events_alone(parent, ready)) as events:
            follow(events)
    finally:
        signal.signal(signal.SIGINT, before)
    if interrupted:
        raise KeyboardInterrupt


def events_alone(
    parent: Parent, on_ready: Callable[[Ready], None] | None = None, on_died: Callable[[], None] | None = None
) -> Generator[AnyEvent, None, None]:
    """The events of the call; what else happens is said in the terminal, and to `on_ready` and `on_died`."""
    with closing(parent.happenings()) as happenings:
        for happening in happenings:
            if isinstance(happening, Ready):
                if happening.notice:
                    print(happening.notice, file=sys.stderr)
                if on_ready is not None:
                    on_ready(happening)
            elif isinstance(happening, Died):
                print(happening.message, file=sys.stderr)
                if on_died is not None:
                    on_died()
            else:
                yield happening
