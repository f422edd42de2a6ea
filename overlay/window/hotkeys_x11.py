"""Global keys on X11: pressed in whatever window, they reach the overlay, which never has the focus itself.

One thread of its own with its own connection to the X server; `on_key` and `on_keys` are called in it.
"""

import select
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

from Xlib import XK, X, error
from Xlib.display import Display
from Xlib.protocol.rq import Event as XEvent

from cues.events import Action

LOCKS = (0, X.LockMask, X.Mod2Mask, X.LockMask | X.Mod2Mask)
"""CapsLock and NumLock count as modifiers in X; a chord is grabbed with and without them."""
MODIFIERS = X.ControlMask | X.Mod1Mask
PREFIX = "Ctrl+Alt+"
# Not D, which shows the desktop in GNOME, nor S, which opens the settings of JetBrains' editors.
KEYS: tuple[tuple[Action, str], ...] = (
    ("dismiss", "X"),
    ("pin", "P"),
    ("help", "H"),
    ("pause", "Space"),
    ("correct", "W"),
    ("consent", "Y"),
)
"""What each chord does; the key's name as a person writes it."""


@dataclass(frozen=True)
class Keys:
    """Which chords work, and which another program holds."""

    working: tuple[tuple[Action, str], ...]
    taken: tuple[tuple[Action, str], ...]


class HotkeysX11:
    """Listens for the chords from `start` until `stop`."""

    def __init__(self, on_key: Callable[[Action], None], on_keys: Callable[[Keys], None]) -> None:
        self._on_key, self._on_keys = on_key, on_keys
        self._stop_reading, self._stop_writing = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="hotkeys", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Lets the chords go; waits for the thread at most a second."""
        self._stop_writing.send(b"x")
        self._thread.join(1)

    def _run(self) -> None:
        try:
            display = Display()
            try:
                self._listen(display)
            finally:
                display.close()
        except (error.DisplayError, error.ConnectionClosedError, OSError):
            # The X server is gone, and the window with it: there is nothing to say it on.
            return

    def _listen(self, display: Display) -> None:
        held = self._grab_all(display)
        stop = self._stop_reading.fileno()
        released: dict[int, int] = {}
        """When each key went up last (X's ms): a key held down repeats as pairs of up and down at the same time."""
        while True:
            if not display.pending_events():
                ready, _, _ = select.select([display.fileno(), stop], [], [])
                if stop in ready:
                    return
                continue
            event = display.next_event()
            if event.type == X.MappingNotify:
                display.refresh_keyboard_mapping(event)
                display.screen().root.ungrab_key(X.AnyKey, X.AnyModifier)
                held = self._grab_all(display)
            elif event.type == X.KeyRelease:
                released[event.detail] = event.time
            elif event.type == X.KeyPress and released.get(event.detail) != event.time:
                self._press(held, event)

    def _press(self, held: dict[int, Action], event: XEvent) -> None:
        action = held.get(event.detail)
        if action is not None:
            self._on_key(action)

    def _grab_all(self, display: Display) -> dict[int, Action]:
        """The keycodes that are ours now; says which work and which are taken."""
        held: dict[int, Action] = {}
        working, taken = [], []
        for action, key in KEYS:
            code = display.keysym_to_keycode(XK.string_to_keysym(key.lower()))
            if code and _grab(display, code):
                held[code] = action
                working.append((action, key))
            else:
                taken.append((action, key))
        self._on_keys(Keys(_named(tuple(working)), _named(tuple(taken))))
        return held


def _grab(display: Display, code: int) -> bool:
    """Takes a chord; False, and nothing taken, where another program has it."""
    refused = error.CatchError(error.BadAccess)
    root = display.screen().root
    for lock in LOCKS:
        root.grab_key(code, MODIFIERS | lock, True, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
    display.sync()
    if refused.get_error() is None:
        return True
    for lock in LOCKS:
        root.ungrab_key(code, MODIFIERS | lock)
    display.sync()
    return False


def _named(keys: tuple[tuple[Action, str], ...]) -> tuple[tuple[Action, str], ...]:
    return tuple((action, PREFIX + key) for action, key in keys)
