"""One card: headline, at most three lines, and why it came. It is laid out once, when it changes. Qt's thread."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from overlay.view import Card
from overlay.window.lettering import Paragraph, elided, line_height
from overlay.window.theme import GAP, LABEL_WIDTH, WIDTH, Fonts, Theme

INSET = 12
"""Of the card from the window's sides."""
PAD = 16
INNER = WIDTH - 2 * INSET - 2 * PAD
BETWEEN = 6
BAR = 4
RADIUS = 10
MARK = 8
"""Across a dot."""


class CardWidget(QWidget):
    """Draws one card; `newest` lifts it from the ground."""

    def __init__(self, parent: QWidget, theme: Theme, fonts: Fonts) -> None:
        super().__init__(parent)
        self._theme, self._fonts = theme, fonts
        self._shown: tuple[Card, bool] | None = None
        self._headline: Paragraph | None = None
        self._parts: list[tuple[str, Paragraph]] = []

    @property
    def card(self) -> Card | None:
        """The card that it draws."""
        return self._shown[0] if self._shown else None

    def show_card(self, card: Card, newest: bool) -> None:
        """Lays it out and draws it from the next paint on."""
        if self._shown == (card, newest):
            return
        fonts = self._fonts
        self._shown = (card, newest)
        self._headline = Paragraph(card.headline, fonts.headline if newest else fonts.old_headline, INNER, 2)
        self._parts = [(p.label, Paragraph(p.text, fonts.body, INNER - LABEL_WIDTH, 3)) for p in card.parts]
        self.setAccessibleName(
            ". ".join([card.headline, *(f"{p.label}: {p.text}" for p in card.parts), card.why, "Pinned" * card.pinned])
        )
        self.setToolTip(card.headline if card.dot else "")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def needed(self) -> int:
        """Height in pixels."""
        if self._shown is None or self._headline is None:
            return 0
        if self._shown[0].dot:
            return 3 * MARK
        if not self._parts:
            return round(PAD + self._headline.height + PAD - 4)
        parts = sum(part.height + BETWEEN for _, part in self._parts)
        return round(PAD + self._headline.height + BETWEEN + parts + BETWEEN + line_height(self._fonts.small) + PAD - 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._shown is None or self._headline is None:
            return
        card, newest = self._shown
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if card.dot:
            _draw_mark(painter, QPointF(PAD + MARK / 2, self.height() / 2), theme.accent)
            return
        self._draw_ground(painter, newest)
        x, y = float(PAD), float(PAD - 2)
        self._headline.draw(painter, x, y, theme.text)
        y += self._headline.height + BETWEEN + 2
        for label, part in self._parts:
            name = Paragraph(label, self._fonts.label, LABEL_WIDTH, 1)
            drop = line_height(self._fonts.body) - line_height(self._fonts.label)
            name.draw(painter, x, y + drop - 1, theme.alarm if label == "Avoid" else theme.accent)
            part.draw(painter, x + LABEL_WIDTH, y, theme.text)
            y += part.height + BETWEEN
        if not self._parts:
            return  # a headline alone: the rep knows why
        self._draw_foot(painter, card, y + BETWEEN - 2)

    def _draw_ground(self, painter: QPainter, newest: bool) -> None:
        theme = self._theme
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(box, RADIUS, RADIUS)
        painter.fillPath(shape, QColor(theme.raised if newest else theme.ground))
        if newest:
            painter.save()
            painter.setClipPath(shape)
            painter.fillRect(QRectF(0, 0, BAR, self.height()), QColor(theme.accent))
            painter.restore()
        else:
            painter.setPen(QPen(QColor(theme.edge), 1))
            painter.drawPath(shape)

    def _draw_foot(self, painter: QPainter, card: Card, y: float) -> None:
        """Why it came on the left; how old it is, or that it is pinned, on the right."""
        fonts, theme = self._fonts, self._theme
        right = "Pinned" if card.pinned else card.age
        room = QRectF(PAD, y, INNER, line_height(fonts.small))
        painter.setFont(fonts.small)
        painter.setPen(QColor(theme.quiet))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
        taken = painter.fontMetrics().horizontalAdvance(right)
        if card.pinned:
            taken += 14
            _draw_pin(painter, QPointF(room.right() - taken + 4, room.center().y()), theme.accent)
        why = elided(card.why, fonts.small, INNER - taken - GAP)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, why)


def _draw_mark(painter: QPainter, centre: QPointF, colour: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(centre, MARK / 2, MARK / 2)


def _draw_pin(painter: QPainter, centre: QPointF, colour: str) -> None:
    painter.save()
    painter.setPen(QPen(QColor(colour), 1.6))
    painter.drawLine(centre + QPointF(0, 0), centre + QPointF(0, 5.5))
    painter.setBrush(QColor(colour))
    painter.drawEllipse(centre + QPointF(0, -1.5), 2.6, 2.6)
    painter.restore()
