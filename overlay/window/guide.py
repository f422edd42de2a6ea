"""The first start on a new machine: three pages, and both sides are known to be heard. Qt's thread.

Keys: Enter goes on, Escape goes back, the arrows choose a microphone, P plays a sound.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from asr.capture.chime import start_chime
from asr.capture.devices import Device
from overlay.engine_messages import Start
from overlay.sound_check import both_sides, microphones
from overlay.window.app import application
from overlay.window.buttons import sheet
from overlay.window.guide_pages import WIDTH, BuyerPage, MicrophonePage, WordsPage
from overlay.window.sound_watch import SoundWatch
from overlay.window.theme import PAD, Scheme, fonts, theme
from overlay.window.words_watch import WordsWatch

TITLE = "Offbook: first start"
DONE, SKIPPED, CLOSED = range(3)

MakeStart = Callable[[Device | None], Start]
"""An engine's start with a microphone; it may time the machine."""


def run_guide(microphone: str | None, buyer_sound: str | None, make_start: MakeStart) -> tuple[bool, Device | None]:
    """Whether the rep went through it or skipped it (not: closed it), and the microphone that they chose in it.

    Main thread; call desktop.check_display() before importing.
    """
    app = application()
    guide = Guide(microphone, buyer_sound, make_start)
    guide.left.connect(app.exit)
    guide.show()
    code = app.exec()
    guide.finish()
    return code != CLOSED, guide.microphone() if code == DONE else None


class Guide(QWidget):
    """The window."""

    left = Signal(int)
    """DONE, SKIPPED or CLOSED."""

    def __init__(
        self, microphone: str | None, buyer_sound: str | None, make_start: MakeStart, scheme: Scheme | None = None
    ) -> None:
        super().__init__(None, Qt.WindowType.Window)
        colours, lettering = theme(scheme), fonts()
        self._buyer_sound, self._make_start = buyer_sound, make_start
        self._microphones = MicrophonePage(microphone, colours, lettering)
        self._buyer, self._words = BuyerPage(colours, lettering), WordsPage(colours, lettering)
        self._pages: tuple[MicrophonePage | BuyerPage | WordsPage, ...] = (
            self._microphones,
            self._buyer,
            self._words,
        )
        self._sounds, self._talk = SoundWatch(), WordsWatch()
        self._step, self._title, self._hint, self._stack = QLabel(), QLabel(), QLabel(), QStackedWidget()
        self._skip, self._back, self._next = QPushButton("&Skip all"), QPushButton("Back"), QPushButton("Next")
        self.setWindowTitle(TITLE)
        self.setStyleSheet(sheet(colours))
        self._title.setFont(lettering.old_headline)
        for label in (self._step, self._hint):
            label.setFont(lettering.label_text)
            label.setStyleSheet(f"color: {colours.quiet}")
        for button in (self._skip, self._back, self._next):
            button.setFont(lettering.label_text)
        self._next.setDefault(True)
        self._lay_out()
        self._connect()
        self._show_page(0)

    def microphone(self) -> Device | None:
        """The one that is marked."""
        return self._microphones.chosen()

    def finish(self) -> None:
        """Frees the devices, and closes the window."""
        self._sounds.stop()
        self._talk.stop()
        self.hide()
        self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.left.emit(CLOSED)

    def _connect(self) -> None:
        for key in ("Return", "Enter"):
            QShortcut(QKeySequence(key), self, self._go_on)
        QShortcut(QKeySequence("Escape"), self, self._go_back)
        self._next.clicked.connect(self._go_on)
        self._back.clicked.connect(self._go_back)
        self._skip.clicked.connect(lambda: self.left.emit(SKIPPED))
        self._buyer.chimed.connect(self._chime)
        self._sounds.looked.connect(lambda look: self._show_look(look))
        self._talk.heard.connect(self._words.show_words)
        self._talk.failed.connect(self._words.show_failure)

    def _show_look(self, look: object) -> None:
        page = self._pages[self._stack.currentIndex()]
        if not isinstance(page, WordsPage):
            page.show_look(look)  # type: ignore[arg-type]

    def _show_page(self, k: int) -> None:
        """Opens what it needs, and nothing else: a device or an engine is only used while it is shown."""
        page = self._pages[k]
        self._stack.setCurrentIndex(k)
        self._step.setText(f"Step {k + 1} of {len(self._pages)}")
        self._title.setText(page.TITLE)
        self._hint.setText(page.HINT)
        self._back.setVisible(k > 0)
        self._skip.setVisible(k == 0)
        self._next.setText("Done" if page is self._words else "Next")
        self._talk.stop()
        if page is self._words:
            self._sounds.stop()
            self._words.show_loading()
            microphone = self.microphone()
            self._talk.listen(lambda: self._make_start(microphone))
        else:
            self._sounds.listen_to(microphones if page is self._microphones else both_sides(None, self._buyer_sound))
        page.take_focus()

    def _go_on(self) -> None:
        k = self._stack.currentIndex() + 1
        if k < len(self._pages):
            self._show_page(k)
        else:
            self.left.emit(DONE)

    def _go_back(self) -> None:
        if self._stack.currentIndex() > 0:
            self._show_page(self._stack.currentIndex() - 1)

    def _chime(self) -> None:
        start_chime(self._buyer.heard.device if self._buyer.heard else None)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self._skip)
        buttons.addStretch(1)
        buttons.addWidget(self._back)
        buttons.addWidget(self._next)
        for page in self._pages:
            self._stack.addWidget(page)
        box = QVBoxLayout(self)
        box.setContentsMargins(PAD, PAD, PAD, PAD)
        box.setSpacing(12)
        for widget in (self._step, self._title, self._hint, self._stack):
            box.addWidget(widget)
        box.addLayout(buttons)
        self.setFixedWidth(WIDTH)
