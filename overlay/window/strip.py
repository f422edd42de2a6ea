"""The strip at the top of the overlay: whether it listens, the stage, and the live words of both sides.

Its height never changes while it shows the same kind of thing, so the cards below stay where they are. Qt's thread.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from overlay.view import Hint, LiveLine, Mood, View
from overlay.window.lettering import Paragraph, RollingText, elided, line_height
from overlay.window.theme import DOT, LABEL_WIDTH, PAD, WIDTH, Fonts, Theme

TOP = 14
HEADER = 20
LEADING = 8
"""Between the header and the words, and between the two sides."""
LINES = {"Buyer": 2, "You": 1}
"""Lines of words kept for each side; the rep knows what they said."""
INNER = WIDTH - 2 * PAD
HINT = 20
KEY_WIDTH = 126
METER_WIDTH = 38
METER_HEIGHT = 3
"""Below the name of a side."""


class Strip(QWidget):
    """Draws the status line and what is said."""

    def __init__(self, parent: QWidget, theme: Theme, fonts: Fonts) -> None:
        super().__init__(parent)
        self._theme, self._fonts = theme, fonts
        self._view: View | None = None

    def show_view(self, view: View) -> None:
        """Draws `view` from the next paint on."""
        if self._view is None or _mine(self._view) != _mine(view):
            self._view = view
            spoken = ". ".join(f"{line.speaker}: {line.firm} {line.soft}" for line in view.lines)
            self.setAccessibleName(f"{view.status}. {view.stage}. {spoken}")
            self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def needed(self, view: View) -> int:
        """Height in pixels."""
        row = line_height(self._fonts.live)
        words = round(TOP + HEADER + 2 * LEADING + sum(LINES.values()) * row + TOP)
        hints = TOP + HEADER + LEADING + len(view.hints) * HINT + TOP - 4
        if view.lines or view.mood == "listening":
            return max(words, hints) if view.hints else words
        return hints if view.hints else TOP + HEADER + TOP

    def paintEvent(self, event: QPaintEvent) -> None:
        view = self._view
        if view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_header(painter, view)
        y = TOP + HEADER + LEADING
        if view.lines:
            self._draw_lines(painter, view.lines, y)
        else:
            self._draw_hints(painter, view.hints, y)

    def _draw_header(self, painter: QPainter, view: View) -> None:
        theme, fonts = self._theme, self._fonts
        header = QRectF(PAD, TOP, INNER, HEADER)
        _draw_dot(painter, view.mood, QRectF(PAD, TOP + (HEADER - DOT) / 2, DOT, DOT), theme.mood(view.mood))
        painter.setFont(fonts.status)
        painter.setPen(QColor(theme.alarm if view.mood == "broken" else theme.text))
        flags = Qt.AlignmentFlag
        painter.drawText(header.adjusted(DOT + 8, 0, 0, 0), flags.AlignLeft | flags.AlignVCenter, view.status)
        painter.setFont(fonts.stage)
        painter.setPen(QColor(theme.accent if view.choosing else theme.quiet))
        stage = elided(view.stage, fonts.stage, INNER / 2)
        painter.drawText(header, flags.AlignRight | flags.AlignVCenter, stage)

    def _draw_lines(self, painter: QPainter, lines: tuple[LiveLine, ...], y: float) -> None:
        theme, fonts = self._theme, self._fonts
        row = line_height(fonts.live)
        for line in lines:
            Paragraph(line.speaker, fonts.label, LABEL_WIDTH, 1).draw(painter, PAD, y, theme.quiet)
            if line.level is not None:
                _draw_meter(painter, line.level, QRectF(PAD, y + row - 1, METER_WIDTH, METER_HEIGHT), theme)
            if line.note:
                Paragraph(line.note, fonts.label_text, INNER - LABEL_WIDTH, 1).draw(
                    painter, PAD + LABEL_WIDTH, y, theme.quiet
                )
            kept = LINES.get(line.speaker, 1)
            text = RollingText(line.firm, line.soft, fonts.live, INNER - LABEL_WIDTH, kept, theme.quiet)
            text.draw(painter, PAD + LABEL_WIDTH, y, theme.text if line.running else theme.quiet)
            y += kept * row + LEADING

    def _draw_hints(self, painter: QPainter, hints: tuple[Hint, ...], y: float) -> None:
        theme, fonts = self._theme, self._fonts
        for hint in hints:
            x = PAD + (KEY_WIDTH if hint.key else 0)
            Paragraph(hint.key, fonts.label, KEY_WIDTH, 1).draw(painter, PAD, y, theme.text)
            Paragraph(hint.text, fonts.label_text, INNER - (x - PAD), 1).draw(painter, x, y, theme.quiet)
            y += HINT


def _mine(view: View) -> tuple[object, ...]:
    return view.mood, view.status, view.stage, view.choosing, view.lines, view.hints


def _draw_meter(painter: QPainter, level: float, box: QRectF, theme: Theme) -> None:
    """How loud a side is now: its length tells, not its colour."""
    painter.fillRect(box, QColor(theme.edge))
    painter.fillRect(QRectF(box.left(), box.top(), round(level * box.width()), box.height()), QColor(theme.text))


def _draw_dot(painter: QPainter, mood: Mood, box: QRectF, colour: str) -> None:
    """A shape for each mood, so that colour is never the only sign."""
    pen = QPen(QColor(colour), 2)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if mood == "listening":
        painter.setBrush(QColor(colour))
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
    elif mood == "paused":
        for x in (box.left() + 2.5, box.right() - 2.5):
            painter.drawLine(QPointF(x, box.top() + 1), QPointF(x, box.bottom() - 1))
    elif mood == "broken":
        painter.drawLine(box.topLeft() + QPointF(1, 1), box.bottomRight() - QPointF(1, 1))
        painter.drawLine(box.topRight() + QPointF(-1, 1), box.bottomLeft() + QPointF(1, -1))
    elif mood == "done":
        tick = (QPointF(0, 5), QPointF(3.5, 8.5), QPointF(10, 1.5))
        painter.drawPolyline(QPolygonF([box.topLeft() + point for point in tick]))
    else:
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
