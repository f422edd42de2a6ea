"""A call with its overlay: this process is both the engine's parent and the window.

Qt has the main thread. The thread `call` (owner: CallThread) reads the engine's pipe, and follows the events to file
and terminal; what the overlay must know of the engine's life it tells through the overlay's mailbox.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

from asr.events import Recovered
from cues.events import AnyEvent
from overlay.engine_messages import Ready, Start
from overlay.following import Follow
from overlay.live_call import events_alone
from overlay.parent import EngineLostError, Parent
from overlay.presenter import Link
from overlay.token_file import feed_token
from overlay.window.app import LINGER_S, Overlay
from overlay.window.feed_client import Address

GAVE_UP_S = 20.0
"""How long the overlay says that it can't go on: long enough to be seen by someone who talks."""


def run_with_overlay(start: Start, follow: Follow, dress: Callable[[Overlay], object] | None = None) -> None:
    """The call until it is over and the overlay has gone. Main thread; call desktop.check_display() before importing.

    `dress` is given the overlay before it runs; what it returns is kept as long. Raises BadInputError, EngineLostError,
    and KeyboardInterrupt where Ctrl-C ended the call.
    """
    call = CallThread(start, follow)
    overlay = Overlay(call.address, end=call.end)
    kept = dress(overlay) if dress is not None else None
    call.begin(overlay)
    try:
        code = overlay.run()
    finally:
        call.finish()
        del kept
    if call.error is not None:
        raise call.error
    if code:
        raise KeyboardInterrupt


class CallThread:
    """The engine's parent, in a thread of its own."""

    def __init__(self, start: Start, follow: Follow) -> None:
        self.error: BaseException | None = None
        """What ended the call, if it did not end by itself; to be read after `finish`."""
        self._parent = Parent(start)
        self._follow = follow
        self._address: Address | None = None
        self._thread: threading.Thread | None = None

    def begin(self, overlay: Overlay) -> None:
        """Starts the engine."""
        self._thread = threading.Thread(target=self._run, args=(overlay,), name="call", daemon=True)
        self._thread.start()

    def address(self) -> Address:
        """Where the feed is now. Raises ConnectionError before there is one."""
        if self._address is None:
            raise ConnectionError
        return self._address

    def end(self) -> None:
        """Ends the call cleanly: the last words are heard out. From any thread."""
        self._parent.stop()

    def finish(self) -> None:
        """Waits for the call's end, and breaks it off where it isn't over: then nobody sees it any more."""
        self._parent.break_off()
        if self._thread is not None:
            self._thread.join()

    def _run(self, overlay: Overlay) -> None:
        def ready(happening: Ready) -> None:
            self._address = Address(happening.port, feed_token())

        def died() -> None:
            overlay.tell(Link.RESTARTING)

        try:
            with closing(events_alone(self._parent, ready, died)) as events:
                self._follow(_watched(events, overlay))
        except EngineLostError as error:
            self.error = error
            overlay.tell(Link.GAVE_UP)
            overlay.leave(GAVE_UP_S)
        except BaseException as error:  # every one is raised again in the main thread
            self.error = error
            overlay.leave(0.0)
        else:
            overlay.leave(LINGER_S)


def _watched(events: Iterable[AnyEvent], overlay: Overlay) -> Iterator[AnyEvent]:
    """Passes the events on, and tells the overlay when an engine that was started again listens."""
    for event in events:
        if isinstance(event, Recovered) and event.part == "engine":
            overlay.tell(Link.CONNECTED)
        yield event
