"""Takes a picture of the screen at each moment of a call that is worth one, once. Qt's thread."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication

from overlay.view import View

CALM_MS = 1500
"""A moment must last this long; then everything of it is painted."""


class Photographer(QObject):
    """Connect the overlay's `drawn` to `see`; the pictures lie in `folder`, and are listed in `taken`."""

    def __init__(self, folder: Path, taken: list[Path]) -> None:
        super().__init__()
        self._folder, self._taken = folder, taken
        self._moment: str | None = None

    @Slot(object)
    def see(self, view: View) -> None:
        """What is on the screen now."""
        now = moment(view)
        if now == self._moment:
            return
        self._moment = now
        if now is not None and self._file(now) not in self._taken:
            QTimer.singleShot(CALM_MS, lambda: self._take(now))

    def _take(self, name: str) -> None:
        file = self._file(name)
        if name != self._moment or file in self._taken:
            return
        if QGuiApplication.primaryScreen().grabWindow(0).save(str(file), "PNG"):
            self._taken.append(file)

    def _file(self, name: str) -> Path:
        return self._folder / f"overlay-{name}.png"


def moment(view: View) -> str | None:
    """The name of the moment that a view shows, if it is one to keep."""
    if view.mood == "done":
        return "end"
    if view.mood != "listening":
        return None
    if view.cards:
        return "one-card" if len(view.cards) == 1 else "two-cards"
    heard = view.lines and all(line.firm or line.soft for line in view.lines)
    return "listening" if heard else None
