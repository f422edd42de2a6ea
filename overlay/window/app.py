"""Runs the overlay: feed and keys in, view out.

Qt's thread holds the state and draws. The feed's two threads and the keys' one only put letters into the mailbox, and
`Overlay.tell` may be called from any thread. Nothing here waits for anything.
"""

import signal
import time
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from cues.events import Action
from overlay import presenter
from overlay.presenter import KeyNames, Link, Said, State
from overlay.window import desktop
from overlay.window.feed_client import Address, FeedClient
from overlay.window.hotkeys_x11 import HotkeysX11, Keys
from overlay.window.mailbox import KeyPressed, Mailbox
from overlay.window.overlay_window import OverlayWindow
from overlay.window.theme import Scheme

FRAME_MS = 16
"""The fastest that the screen is drawn anew."""
TICK_MS = 1000
"""How often ages and passing notices are looked at; Ctrl-C in the terminal is noticed as often."""
LINGER_S = 4.0
"""How long the overlay stays when the call is over."""
NO_GLOBAL_KEYS = "This desktop (Wayland) gives global keys to no program: they work only in some windows."


def run_overlay(port: int, token: str, *, scheme: Scheme | None = None, linger_s: float | None = LINGER_S) -> int:
    """Shows the call of the engine on `port` until it is over or the overlay is told to stop; the exit code.

    Raises BadInputError where there is no display. Before importing this module, call desktop.check_display(): where
    Qt's libraries are missing the import itself fails.
    """
    return Overlay(lambda: Address(port, token), scheme=scheme, linger_s=linger_s).run()


class Overlay(QObject):
    """The overlay's process. Made and run in the main thread."""

    def __init__(
        self, where: Callable[[], Address], *, scheme: Scheme | None = None, linger_s: float | None = LINGER_S
    ) -> None:
        """`where` tells the engine's present address; with `linger_s` None it stays when the call is over."""
        desktop.check_display()
        super().__init__()
        self._app = _application()
        self._linger_s = linger_s
        self._state = State()
        self._mailbox = Mailbox()
        self._feed = FeedClient(where, self._mailbox.put, self._mailbox.clear)
        self._hotkeys = HotkeysX11(self._press, self._say_keys) if desktop.on_x11() else None
        self.window = OverlayWindow(scheme, blends=desktop.blends())
        self._frame = QTimer(singleShot=True)
        self._tick = QTimer()
        self._drawn_at = 0.0
        self._code = 0
        self._mailbox.woken.connect(self._soon)
        self._frame.timeout.connect(self._turn)
        self._tick.timeout.connect(self._turn)

    def tell(self, link: Link) -> None:
        """What only the engine's parent knows: it is being restarted, or finishing. From any thread."""
        self._mailbox.put(link)

    def say(self, sentence: str) -> None:
        """A passing notice for the rep. From any thread."""
        self._mailbox.put(Said(sentence))

    def stop(self, code: int = 0) -> None:
        """Ends `run`. Qt's thread."""
        self._code = code
        self._app.quit()

    def run(self) -> int:
        """Shows the window until the call is over; the exit code."""
        self._turn()
        self.window.show()
        self._tick.start(TICK_MS)
        self._feed.start()
        if self._hotkeys is not None:
            self._hotkeys.start()
        before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            self._app.exec()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self._close()
        return self._code

    @Slot()
    def _soon(self) -> None:
        """Draws now, or when the present frame's time is over: a flood of events costs no more than 60 pictures/s."""
        rest_ms = FRAME_MS - 1000 * (time.monotonic() - self._drawn_at)
        if rest_ms <= 0:
            self._turn()
        elif not self._frame.isActive():
            self._frame.start(round(rest_ms))

    @Slot()
    def _turn(self) -> None:
        """Takes what has come, and shows what it makes."""
        self._drawn_at = now = time.monotonic()
        ended = self._state.ended
        for letter in self._mailbox.take_all():
            if isinstance(letter, KeyPressed):
                self._obey(letter)
            else:
                self._state = presenter.after(self._state, letter, now)
        self.window.show_view(presenter.view(self._state, now))
        if self._state.ended and not ended and self._linger_s is not None:
            QTimer.singleShot(round(1000 * self._linger_s), self.stop)

    def _obey(self, key: KeyPressed) -> None:
        command = presenter.command(self._state, key.action)
        if command is not None:
            self._feed.send(command)

    def _press(self, action: Action) -> None:
        self._mailbox.put(KeyPressed(action))

    def _say_keys(self, keys: Keys) -> None:
        self._mailbox.put(KeyNames(keys.working))
        if keys.taken:
            self._mailbox.put(Said(taken(keys)))
        elif not desktop.keys_are_kept():
            self._mailbox.put(Said(NO_GLOBAL_KEYS))

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stop(130 if number == signal.SIGINT else 0)

    def _close(self) -> None:
        self._tick.stop()
        self._feed.stop()
        if self._hotkeys is not None:
            self._hotkeys.stop()
        self.window.close()


def taken(keys: Keys) -> str:
    """The sentence for chords that do not work."""
    listed = ", ".join(f"{name} ({action})" for action, name in keys.taken)
    return f"Another program uses {listed}, so that key does not reach Offbook."


def _application() -> QApplication:
    app = QApplication.instance() or QApplication(["offbook"])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    return app
