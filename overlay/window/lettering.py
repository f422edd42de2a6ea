"""Lays out and draws wrapped text: at most so many lines, and of live words the last ones.

Runs in Qt's thread.
"""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption


class Paragraph:
    """Text wrapped to `width`; what is over `lines` is cut from the end."""

    def __init__(self, text: str, font: QFont, width: float, lines: int) -> None:
        self._layout = _wrapped(text, font, width)
        if self._layout.lineCount() > lines:
            last = self._layout.lineAt(lines - 1).textStart()
            rest = QFontMetricsF(font).elidedText(text[last:], Qt.TextElideMode.ElideRight, width)
            self._layout = _wrapped(text[:last] + rest, font, width)
        self._lines = min(lines, self._layout.lineCount())
        self.height = sum(self._layout.lineAt(k).height() for k in range(self._lines))

    def draw(self, painter: QPainter, x: float, y: float, colour: str) -> None:
        """Draws it with its left upper corner at (x, y)."""
        painter.setPen(QColor(colour))
        _draw_lines(painter, self._layout, range(self._lines), x, y)


class RollingText:
    """Live words like a subtitle: wrapped to `width`, the last `lines` lines are shown; words stay where they are."""

    def __init__(self, firm: str, soft: str, font: QFont, width: float, lines: int, soft_colour: str) -> None:
        text = f"{firm} {soft}" if firm and soft else firm + soft
        tail = QTextLayout.FormatRange()
        tail.start, tail.length = len(text) - len(soft), len(soft)
        tail.format = _soft(soft_colour)
        self._layout = _wrapped(text, font, width, [tail] if soft else [])
        self._first = max(0, self._layout.lineCount() - lines)

    def draw(self, painter: QPainter, x: float, y: float, colour: str) -> None:
        """Draws it with its left upper corner at (x, y)."""
        painter.setPen(QColor(colour))
        _draw_lines(painter, self._layout, range(self._first, self._layout.lineCount()), x, y)


def line_height(font: QFont) -> float:
    """Of one line, in logical pixels."""
    metrics = QFontMetricsF(font)
    return metrics.ascent() + metrics.descent()


def elided(text: str, font: QFont, width: float) -> str:
    """One line of it, cut at the end."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)


def _soft(colour: str) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setForeground(QColor(colour))
    look.setFontItalic(True)
    return look


def _wrapped(text: str, font: QFont, width: float, looks: list[QTextLayout.FormatRange] | None = None) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption()
    # A word that is wider than the card breaks rather than being cut.
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats(looks or [])
    layout.beginLayout()
    y = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, y))
        y += line.height()
    layout.endLayout()
    return layout


def _draw_lines(painter: QPainter, layout: QTextLayout, lines: range, x: float, y: float) -> None:
    if not lines:
        return
    top = layout.lineAt(lines[0]).y()
    for k in lines:
        layout.lineAt(k).draw(painter, QPointF(x, y - top))
