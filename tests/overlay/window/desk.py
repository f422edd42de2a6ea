"""A desk to test windows on: an X server with a window manager, real keys, pictures of the screen."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage
from Xlib import XK, X, Xatom
from Xlib.display import Display
from Xlib.error import BadWindow
from Xlib.ext import xtest
from Xlib.protocol.event import ClientMessage
from Xlib.xobject.drawable import Window

from overlay.virtual_display import SIZE, virtual_display

HERE = Path(__file__).parent
PICTURES = HERE.parents[2] / "out" / "pictures"


@contextmanager
def desk() -> Iterator["Desk"]:
    """Xvfb on a free display, and openbox; both end with the test."""
    with virtual_display(SIZE) as name:
        display = Display(name)
        try:
            here = Desk(name, display)
            wait_until(lambda: here.property(here.root, "_NET_SUPPORTING_WM_CHECK") is not None)
            yield here
        finally:
            display.close()


@dataclass
class Desk:
    """What a person at the desk does and sees."""

    name: str
    display: Display

    @property
    def root(self) -> Window:
        return self.display.screen().root

    @property
    def env(self) -> dict[str, str]:
        """For programs that run on this desk."""
        kept = {k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY")}
        return kept | {"DISPLAY": self.name, "PYTHONPATH": f"{HERE.parents[2]}:{HERE.parents[1]}"}

    def focus(self) -> int:
        """The window that has the keyboard."""
        focus = self.display.get_input_focus().focus
        return focus.id if isinstance(focus, Window) else int(focus)

    def press(self, *keys: str) -> None:
        """Presses the keys together, as by hand."""
        codes = [self.code(key) for key in keys]
        for code in codes:
            xtest.fake_input(self.display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self.display, X.KeyRelease, code)
        self.display.sync()

    def code(self, key: str) -> int:
        return self.display.keysym_to_keycode(XK.string_to_keysym(key))

    def click(self, x: int, y: int) -> None:
        xtest.fake_input(self.display, X.MotionNotify, x=x, y=y)
        for kind in (X.ButtonPress, X.ButtonRelease):
            xtest.fake_input(self.display, kind, 1)
        self.display.sync()

    def close(self, title: str) -> None:
        """Closes a window, as by its own cross."""
        window = self.windows(title)[0]
        ask, delete = (self.display.intern_atom(name) for name in ("WM_PROTOCOLS", "WM_DELETE_WINDOW"))
        window.send_event(ClientMessage(window=window, client_type=ask, data=(32, [delete, X.CurrentTime, 0, 0, 0])))
        self.display.sync()

    def property(self, window: Window, name: str) -> object | None:
        answer = window.get_full_property(self.display.intern_atom(name), X.AnyPropertyType)
        return None if answer is None else answer.value

    def windows(self, title: str) -> list[Window]:
        """Managed windows of that title, lowest first."""
        ids = self.property(self.root, "_NET_CLIENT_LIST_STACKING")
        found = [self.display.create_resource_object("window", k) for k in ids] if ids is not None else []
        return [w for w in found if self.title(w) == title]

    def title(self, window: Window) -> str:
        try:
            value = self.property(window, "_NET_WM_NAME")
        except BadWindow:  # closed since it was listed
            return ""
        return value.decode() if isinstance(value, bytes) else ""

    def atoms(self, window: Window, name: str) -> list[str]:
        """A property that holds names, such as _NET_WM_STATE."""
        answer = window.get_full_property(self.display.intern_atom(name), Xatom.ATOM)
        return [self.display.get_atom_name(atom) for atom in answer.value] if answer else []

    def box(self, window: Window) -> tuple[int, int, int, int]:
        """x, y, width and height on the screen."""
        size = window.get_geometry()
        place = window.translate_coords(self.root, 0, 0)
        return -place.x, -place.y, size.width, size.height

    def look(self) -> QImage:
        """The whole screen as it is now."""
        raw = self.root.get_image(0, 0, *SIZE, X.ZPixmap, 0xFFFFFFFF)
        return QImage(raw.data, *SIZE, QImage.Format.Format_RGB32).copy()

    def look_until_calm(self, different_from: QImage | None = None, timeout: float = 10) -> QImage:
        """The screen when it has changed and then stays as it is for 0.3 s."""
        end = time.monotonic() + timeout
        last, since = self.look(), time.monotonic()
        while time.monotonic() < end:
            time.sleep(0.05)
            now = self.look()
            if now != last:
                last, since = now, time.monotonic()
            elif time.monotonic() - since > 0.3 and now != different_from:
                return now
        raise AssertionError("the screen did not change")


@contextmanager
def program(
    here: Desk, *code: str, stdout: int = subprocess.PIPE, stderr: int | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Runs Python on the desk; it is killed when the test is over."""
    process = subprocess.Popen(
        [sys.executable, *code], env=here.env, stdout=stdout, stderr=stderr, text=True, bufsize=1
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(5)
        wait_until(lambda: not here.windows("Offbook"))
        if process.stdout:
            process.stdout.close()


def wait_until(holds: Callable[[], object], timeout: float = 10) -> None:
    """Fails where it does not come to hold."""
    end = time.monotonic() + timeout
    while not holds():
        assert time.monotonic() < end, "it did not come to hold"
        time.sleep(0.02)
