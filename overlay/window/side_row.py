"""One side in a window: its name, how loud it is now, and a sentence. Qt's thread."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from overlay.sides import level_of
from overlay.sound_check import Verdict
from overlay.window.theme import Fonts, Theme

METER_HEIGHT = 8
NAME_WIDTH = 56
_SIGNS: dict[Verdict, str] = {"heard": "✓", "waiting": "", "broken": "!"}


class Meter(QWidget):
    """A bar whose length is the level, on the scale of the overlay's."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._level = theme, 0.0
        self.setFixedHeight(METER_HEIGHT)

    def show_level(self, dbfs: float | None) -> None:
        level = 0.0 if dbfs is None else level_of(dbfs)
        if round(level * self.width()) != round(self._level * self.width()):
            self._level = level
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for share, colour in ((1.0, self._theme.edge), (self._level, self._theme.good)):
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(0, 0, share * self.width(), self.height()), 3, 3)


class SideRow(QWidget):
    """Draws one side."""

    def __init__(self, name: str, theme: Theme, fonts: Fonts) -> None:
        super().__init__()
        self._theme = theme
        self._meter, self._note, self._sign = Meter(theme), QLabel(), QLabel()
        title = QLabel(name)
        title.setFont(fonts.label)
        title.setFixedWidth(NAME_WIDTH)
        self._sign.setFont(fonts.label)
        self._sign.setFixedWidth(16)
        self._note.setFont(fonts.label_text)
        self._note.setWordWrap(True)
        self._note.setMinimumHeight(2 * self._note.fontMetrics().height() + 2)
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.addWidget(title, 0, 0)
        grid.addWidget(self._meter, 0, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._sign, 0, 2)
        grid.addWidget(self._note, 1, 1, 1, 2)

    def show_side(self, dbfs: float | None, verdict: Verdict, sentence: str) -> None:
        """How loud it is now, whether that will do, and what to say of it."""
        self._meter.show_level(dbfs)
        if sentence != self._note.text():
            self._note.setText(sentence)
            self.setAccessibleName(sentence)
        colour = {"heard": self._theme.good, "broken": self._theme.alarm}.get(verdict, self._theme.quiet)
        self._sign.setText(_SIGNS[verdict])
        self._sign.setStyleSheet(f"color: {colour}")
        self._note.setStyleSheet(f"color: {self._theme.alarm if verdict == 'broken' else self._theme.quiet}")
