"""A video meeting that is only painted, to lie under the overlay in the demo's pictures. Qt's thread."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QGuiApplication, QLinearGradient, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

ROOM = "#15171b"
TOOLBAR = 76
EDGE = 16
BUTTON = 21
BUTTONS = ("#2c3037", "#2c3037", "#2c3037", "#2c3037", "#b5382f")
OWN_WIDTH = 236


class Backdrop(QWidget):
    """Fills the screen, under every other window."""

    def __init__(self) -> None:
        kind = Qt.WindowType
        super().__init__(None, kind.FramelessWindowHint | kind.WindowStaysOnBottomHint | kind.WindowDoesNotAcceptFocus)
        self.setWindowTitle("Meeting")
        # A plain window over the whole screen counts as full-screen to some window managers, and covers the overlay.
        self.setAttribute(Qt.WidgetAttribute.WA_X11NetWmWindowTypeDesktop)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setGeometry(QGuiApplication.primaryScreen().geometry())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(self.rect())
        painter.fillRect(area, QColor(ROOM))
        stage = area.adjusted(EDGE, EDGE, -EDGE, -TOOLBAR)
        _draw_person(painter, stage, "Laura", ("#2c3b4a", "#1e2832"), "#7d5a6b")
        height = OWN_WIDTH * 0.6
        own = QRectF(stage.left() + EDGE, stage.top() + EDGE, OWN_WIDTH, height)
        _draw_person(painter, own, "Tom", ("#3c4a44", "#2b3531"), "#4f7a6d")
        for k, colour in enumerate(BUTTONS):
            painter.setBrush(QColor(colour))
            x = area.center().x() + (k - (len(BUTTONS) - 1) / 2) * 3 * BUTTON
            painter.drawEllipse(QPointF(x, area.bottom() - TOOLBAR / 2), BUTTON, BUTTON)


def _draw_person(painter: QPainter, box: QRectF, name: str, wall: tuple[str, str], colour: str) -> None:
    """A tile of the meeting whose camera is off: an initial in a circle, and the name."""
    tile = QPainterPath()
    tile.addRoundedRect(box, 12, 12)
    light = QLinearGradient(box.topLeft(), box.bottomRight())
    light.setColorAt(0, QColor(wall[0]))
    light.setColorAt(1, QColor(wall[1]))
    painter.fillPath(tile, QBrush(light))
    radius = min(84.0, box.height() / 4)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(box.center(), radius, radius)
    painter.save()
    painter.setPen(QColor("#ffffff"))
    painter.setFont(_font(painter, round(radius * 0.85)))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name[0])
    painter.setFont(_font(painter, 14))
    painter.drawText(box.adjusted(14, 0, 0, -10), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, name)
    painter.restore()


def _font(painter: QPainter, pixels: int) -> QFont:
    font = QFont(painter.font())
    font.setPixelSize(pixels)
    return font
