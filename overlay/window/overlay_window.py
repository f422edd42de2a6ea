"""The overlay's window: on top of everything, without focus, as small as what it shows. It only draws a View.

Runs in Qt's thread.
"""

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPen, QScreen
from PySide6.QtWidgets import QWidget

from overlay.view import View
from overlay.window.card import INSET, CardWidget
from overlay.window.notice import NoticeWidget
from overlay.window.strip import Strip
from overlay.window.theme import GAP, MARGIN, RADIUS, WIDTH, Scheme, fonts, theme

MOST = 2
"""Widgets for cards, and for notices; the presenter gives no more."""


class OverlayWindow(QWidget):
    """Stacks strip, cards and notices; clicks go through it to what lies beneath."""

    def __init__(self, scheme: Scheme | None = None, *, blends: bool = False) -> None:
        """`scheme` overrides the system's; `blends` says that the desktop can draw round corners."""
        super().__init__(None, _flags())
        self._scheme, self._blends = scheme, blends
        self._theme = theme(scheme)
        lettering = fonts()
        self._strip = Strip(self, self._theme, lettering)
        self.cards = [CardWidget(self, self._theme, lettering) for _ in range(MOST)]
        self._notices = [NoticeWidget(self, self._theme, lettering) for _ in range(MOST)]
        self._view: View | None = None
        self._exposed = False
        self.setWindowTitle("Offbook")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, blends)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        QGuiApplication.primaryScreen().availableGeometryChanged.connect(self._place)
        _app().primaryScreenChanged.connect(self._place)

    def show_view(self, view: View) -> None:
        """Draws `view`; what has not changed is not painted again."""
        if view == self._view:
            return
        self._view = view
        self._strip.show_view(view)
        for k, card in enumerate(view.cards[:MOST]):
            self.cards[k].show_card(card, newest=k == 0)
        for notice, widget in zip(view.notices, self._notices, strict=False):
            widget.show_notice(notice)
        self._stack(view)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.isVisible() and not self._exposed:
            self._exposed = True
            QTimer.singleShot(0, self._let_clicks_through)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._blends)
        painter.setBrush(QColor(self._theme.ground))
        painter.setPen(QPen(QColor(self._theme.edge), 1))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self._blends:
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        else:
            painter.drawRect(box)

    def changeEvent(self, event: QEvent) -> None:
        """The system went from light to dark, or back."""
        if event.type() == QEvent.Type.PaletteChange:
            self._follow_system()

    def _let_clicks_through(self) -> None:
        """Says it once more now that it is on the screen: some window managers (openbox) only hear of changes."""
        handle = self.windowHandle()
        for through in (False, True):
            handle.setFlag(Qt.WindowType.WindowTransparentForInput, through)

    def _stack(self, view: View) -> None:
        """Puts the parts under each other, and makes the window as high as they are."""
        y = self._strip.needed(view)
        self._strip.setGeometry(0, 0, WIDTH, y)
        for k, card in enumerate(self.cards):
            card.setVisible(k < len(view.cards))
            if k < len(view.cards):
                card.setGeometry(INSET, y, WIDTH - 2 * INSET, card.needed())
                y += card.needed() + (GAP if k + 1 < len(view.cards) else INSET)
        for k, notice in enumerate(self._notices):
            notice.setVisible(k < len(view.notices))
            if k < len(view.notices):
                notice.setGeometry(0, y - 4, WIDTH, notice.needed())
                y += notice.needed()
        if (self.width(), self.height()) != (WIDTH, y):
            self.setFixedSize(WIDTH, y)
            self._place()

    def _place(self) -> None:
        """Into the right upper corner of the main screen."""
        screen: QScreen = QGuiApplication.primaryScreen()
        area = screen.availableGeometry()
        self.move(area.right() + 1 - WIDTH - MARGIN, area.top() + MARGIN)

    def _follow_system(self) -> None:
        self._theme = theme(self._scheme)
        parts: list[Strip | CardWidget | NoticeWidget] = [self._strip, *self.cards, *self._notices]
        for part in parts:
            part.set_theme(self._theme)
        self.update()


def _flags() -> Qt.WindowType:
    flags = Qt.WindowType
    return (
        flags.Tool
        | flags.FramelessWindowHint
        | flags.WindowStaysOnTopHint
        | flags.WindowDoesNotAcceptFocus
        | flags.WindowTransparentForInput
        | flags.NoDropShadowWindowHint
    )


def _app() -> QGuiApplication:
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    return app
