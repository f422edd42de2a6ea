"""Runs the overlay: feed and keys in, view out.

Qt's thread holds the state and draws. The feed's two threads and the keys' one only put letters into the mailbox, and
`Overlay.tell` may be called from any thread. Nothing here waits for anything.
"""

import signal
import time
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from cues.events import Action
from overlay import presenter
from overlay.presenter import Command, KeyNames, Link, Said, State
from overlay.window import desktop
from overlay.window.feed_client import Address, FeedClient
from overlay.window.hotkeys_x11 import HotkeysX11, Keys
from overlay.window.mailbox import KeyPressed, Leave, Mailbox
from overlay.window.overlay_window import OverlayWindow
from overlay.window.theme import Scheme

FRAME_MS = 16
"""The fastest that the screen is drawn anew."""
TICK_MS = 1000
"""How often ages and passing notices are looked at; Ctrl-C in the terminal is noticed as often."""
LINGER_S = 4.0
"""How long the overlay stays when the call is over."""
LINGER_INTERRUPTED_S = 1.0
"""The same where the rep ended it at the terminal and waits there."""
CHOICE_MS = 1000
"""A stage that the rep chose stands so long after the last press: the eye needs half of it to read a word."""
NO_GLOBAL_KEYS = "This desktop (Wayland) gives global keys to no program: they work only in some windows."


class Overlay(QObject):
    """Shows the call of the engine's feed. Made and run in the main thread.

    Raises BadInputError where there is no display. Before importing this module, call desktop.check_display(): where
    Qt's libraries are missing the import itself fails.
    """

    drawn = Signal(object)
    """The View that was just drawn; in Qt's thread."""

    def __init__(
        self,
        where: Callable[[], Address],
        *,
        scheme: Scheme | None = None,
        linger_s: float | None = None,
        end: Callable[[], None] | None = None,
    ) -> None:
        """`where` tells the engine's present address, or raises ConnectionError while it has none.

        With `linger_s` None the overlay stays until it is told to `leave`. `end` ends the call; then the first Ctrl-C
        calls it and only the second one ends the overlay.
        """
        desktop.check_display()
        super().__init__()
        self._app = application()
        self._linger_s = linger_s
        self._end = end
        self._ending = self._leaving = False
        self._state = State()
        self._mailbox = Mailbox()
        self._feed = FeedClient(where, self._mailbox.put, self._mailbox.clear)
        self._hotkeys = HotkeysX11(self._press, self._say_keys) if desktop.on_x11() else None
        self.window = OverlayWindow(scheme, blends=desktop.blends())
        self._frame = QTimer(singleShot=True)
        self._tick = QTimer()
        self._choice = QTimer(singleShot=True, interval=CHOICE_MS)
        self._drawn_at = 0.0
        self._code = 0
        self._mailbox.woken.connect(self._soon)
        self._frame.timeout.connect(self._turn)
        self._tick.timeout.connect(self._turn)
        self._choice.timeout.connect(self._settle)

    def tell(self, link: Link) -> None:
        """What only the engine's parent knows: it is being restarted, or finishing. From any thread."""
        self._mailbox.put(link)

    def say(self, sentence: str) -> None:
        """A passing notice for the rep. From any thread."""
        self._mailbox.put(Said(sentence))

    def leave(self, after_s: float) -> None:
        """The call is over: ends `run` after so many seconds. From any thread."""
        self._mailbox.put(Leave(after_s))

    def end(self) -> None:
        """Ends the call cleanly, as the first Ctrl-C does. Qt's thread."""
        self._ending = True
        if self._end is None:
            self.stop()
        else:
            self._end()
            self.tell(Link.FINISHING)

    def stop(self) -> None:
        """Ends `run`. Qt's thread."""
        self._app.exit()  # quit would first ask every window, and the call's refuses to go

    def run(self) -> int:
        """Shows the window until the call is over; the exit code, 130 where Ctrl-C ended it."""
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
            elif isinstance(letter, Leave):
                self._leave(letter.after_s)
            else:
                self._state = presenter.after(self._state, letter, now)
        view = presenter.view(self._state, now)
        self.window.show_view(view)
        self.drawn.emit(view)
        if self._state.ended and not ended:
            self._feed.stop()  # another call's engine may come to its port, and has nothing to say here
            if self._linger_s is not None:
                self._leave(self._linger_s)

    def _leave(self, after_s: float) -> None:
        self._leaving = True
        rest_s = min(after_s, LINGER_INTERRUPTED_S) if self._code else after_s
        QTimer.singleShot(round(1000 * rest_s), self.stop)

    def _obey(self, key: KeyPressed) -> None:
        if key.action == "correct":
            self._state = presenter.choose(self._state)
            self._choice.start()
        else:
            self._ask(presenter.command(self._state, key.action))

    @Slot()
    def _settle(self) -> None:
        """The rep has chosen a stage."""
        self._state, command = presenter.settle(self._state)
        self._ask(command)
        self._turn()

    def _ask(self, command: Command | None) -> None:
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
        self._code = 130 if number == signal.SIGINT else self._code
        if self._ending or self._leaving:
            self.stop()
        else:
            self.end()

    def _close(self) -> None:
        self._tick.stop()
        self._choice.stop()
        self._feed.stop()
        if self._hotkeys is not None:
            self._hotkeys.stop()
        self.window.close()


def taken(keys: Keys) -> str:
    """The sentence for chords that do not work."""
    listed = ", ".join(f"{name} ({action})" for action, name in keys.taken)
    return f"Another program uses {listed}, so that key does not reach Offbook."


def application() -> QApplication:
    """Qt's application, made where there is none yet."""
    app = QApplication.instance() or QApplication(["offbook"])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    return app
