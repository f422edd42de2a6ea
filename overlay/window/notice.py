"""One notice at the foot of the overlay: something is broken, or a passing word. Qt's thread."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from overlay.view import Notice
from overlay.window.lettering import Paragraph, line_height
from overlay.window.theme import PAD, WIDTH, Fonts, Theme

SIGN = 22
INNER = WIDTH - 2 * PAD - SIGN
SPACE = 8


class NoticeWidget(QWidget):
    """Draws a sign and a sentence of at most four lines."""

    def __init__(self, parent: QWidget, theme: Theme, fonts: Fonts) -> None:
        super().__init__(parent)
        self._theme, self._fonts = theme, fonts
        self._notice: Notice | None = None
        self._text: Paragraph | None = None

    def show_notice(self, notice: Notice) -> None:
        """Lays it out and draws it from the next paint on."""
        if notice != self._notice:
            self._notice = notice
            self._text = Paragraph(notice.text, self._fonts.label, INNER, 4)
            self.setAccessibleName(notice.text)
            self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def needed(self) -> int:
        """Height in pixels."""
        return round(2 * SPACE + self._text.height) if self._text else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._notice is None or self._text is None:
            return
        colour = self._theme.alarm if self._notice.grave else self._theme.quiet
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = SPACE + line_height(self._fonts.label) / 2
        _draw_sign(painter, QPointF(PAD + 6, middle), colour, self._notice.grave)
        self._text.draw(painter, PAD + SIGN, SPACE, self._theme.text if self._notice.grave else self._theme.quiet)


def _draw_sign(painter: QPainter, centre: QPointF, colour: str, grave: bool) -> None:
    """A triangle for what is broken, a small i for the rest."""
    painter.setPen(QPen(QColor(colour), 1.6))
    if grave:
        corners = (QPointF(0, -6), QPointF(6.5, 5.5), QPointF(-6.5, 5.5))
        painter.drawPolygon(QPolygonF([centre + corner for corner in corners]))
        painter.drawLine(centre + QPointF(0, -2), centre + QPointF(0, 1.5))
        painter.drawPoint(centre + QPointF(0, 3.6))
    else:
        painter.drawEllipse(centre, 6, 6)
        painter.drawLine(centre + QPointF(0, -0.5), centre + QPointF(0, 3))
        painter.drawPoint(centre + QPointF(0, -3))
