"""What this desktop offers: a display that can be reached, and whether windows may be see-through at their corners.

Imports neither Qt nor Xlib at the top, so that `check_display` can say in plain words what is missing.
"""

import ctypes
import os
import sys
from pathlib import Path

from asr.errors import BadInputError


def check_display() -> None:
    """Raises BadInputError where no window can be shown, before Qt would end the process."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM", "xcb") != "xcb":
        return
    name = os.environ.get("DISPLAY")
    if not name:
        if os.environ.get("WAYLAND_DISPLAY"):
            return
        raise BadInputError("There is no display to show the overlay on; start it in a desktop, or use --headless.")
    from Xlib.display import Display
    from Xlib.error import DisplayError

    try:
        Display(name).close()
    except (DisplayError, OSError) as error:
        raise BadInputError(
            f"The display {name} can't be reached; start it in a desktop, or use --headless."
        ) from error
    # Qt under Wayland can neither stay on top nor choose its place; through X (XWayland) it can do both.
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    _check_libraries()


def _check_libraries() -> None:
    """Qt ends the process where a library of the system is missing; this names it first."""
    try:
        import PySide6.QtWidgets

        ctypes.CDLL(str(Path(PySide6.__file__).parent / "Qt/plugins/platforms/libqxcb.so"))
    except (ImportError, OSError) as error:
        raise BadInputError(
            f"The overlay can't start, for this system lacks a library ({error}). "
            "Install Qt's libraries (the list is in .ci/setup), or use --headless."
        ) from error


def blends() -> bool:
    """Whether round corners show what is behind them. On Windows never: see-through windows can't be kept out of
    screen shares there."""
    if sys.platform == "darwin":
        return True
    return on_x11() and _composited()


def on_x11() -> bool:
    """Whether Qt draws through X."""
    return os.environ.get("QT_QPA_PLATFORM") == "xcb"


def keys_are_kept() -> bool:
    """A Wayland desktop gives global keys to nobody; only windows that run through X see ours."""
    return on_x11() and os.environ.get("XDG_SESSION_TYPE") != "wayland"


def _composited() -> bool:
    from Xlib import X
    from Xlib.display import Display

    display = Display()
    try:
        manager = display.intern_atom(f"_NET_WM_CM_S{display.get_default_screen()}")
        return bool(display.get_selection_owner(manager) != X.NONE)
    finally:
        display.close()
