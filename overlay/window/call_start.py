"""Calls that a rep begins and ends in a window, one after the other.

Qt has the main thread; the call's are in overlay/window/live.py, and the devices' levels before it in
overlay/window/sound_watch.py.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from types import FrameType

from asr.capture.chime import start_chime
from overlay.engine_messages import Live, Start
from overlay.following import Follow
from overlay.sound_check import Look, both_sides, side
from overlay.view import View
from overlay.window.app import Overlay, application
from overlay.window.call_window import CallWindow
from overlay.window.live import run_with_overlay
from overlay.window.sound_watch import SoundWatch

STARTED, CLOSED, INTERRUPTED = range(3)


def run_calls(start: Start, follow: Follow) -> None:
    """Until the window is closed, or Ctrl-C. Main thread; call desktop.check_display() before importing.

    Raises BadInputError, EngineLostError, KeyboardInterrupt.
    """
    with closing(_Calls(start.live or Live())) as calls:
        while calls.wait_for_start():
            calls.run(start, follow)


class _Calls:
    """The window, and what its buttons do before a call and in it."""

    def __init__(self, live: Live) -> None:
        self._app, self._live = application(), live
        self._window, self._watch = CallWindow(live.consent), SoundWatch()
        self._look: Look = ()
        self._overlay: Overlay | None = None
        self._closed = False
        self._watch.looked.connect(self._show)
        self._window.chimed.connect(self._chime)
        self._window.started.connect(lambda: self._app.exit(STARTED))
        self._window.ended.connect(self._end)
        self._window.closed.connect(self._close)
        self._window.show()

    def wait_for_start(self) -> bool:
        """Shows whether both sides are heard until the button is pressed; False where the window was closed."""
        if self._closed:
            return False
        self._watch.listen_to(both_sides(self._live.microphone, self._live.buyer_sound))
        try:
            with _interrupts(self._app.exit):
                code = self._app.exec()
        finally:
            self._watch.stop()
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        return code == STARTED

    def run(self, start: Start, follow: Follow) -> None:
        """One call."""
        agreed = replace(start, live=replace(self._live, agreed=self._window.agreed))
        self._window.show_state("calling")
        try:
            run_with_overlay(agreed, follow, self._meet)
        finally:
            self._overlay = None
        self._window.show_state("over")

    def close(self) -> None:
        self._window.hide()
        self._window.deleteLater()

    def _show(self, look: Look) -> None:
        self._look = look
        self._window.show_look(look)

    def _chime(self) -> None:
        heard = side(self._look, "loopback")
        start_chime(heard.device if heard else None)

    def _meet(self, overlay: Overlay) -> None:
        self._overlay = overlay
        overlay.drawn.connect(self._drawn)

    def _drawn(self, view: View) -> None:
        """The call may end without the button, as after long silence."""
        if view.mood == "done":
            self._window.show_state("finishing")

    def _end(self) -> None:
        if self._overlay is not None:
            self._overlay.end()

    def _close(self) -> None:
        self._closed = True
        if self._overlay is None:
            self._app.exit(CLOSED)


@contextmanager
def _interrupts(leave: Callable[[int], None]) -> Iterator[None]:
    """Ctrl-C, which Python notices whenever the levels wake Qt's thread."""

    def interrupted(number: int, frame: FrameType | None) -> None:
        leave(INTERRUPTED)

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
