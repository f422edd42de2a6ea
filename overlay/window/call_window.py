"""The window that a rep starts and ends calls from: whether both sides are heard, and one button. Qt's thread.

Keys: Enter presses the button, P plays a sound; closing the window ends the call, or the program where there is none.
"""

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from asr.capture.devices import Kind
from cues.events import Consent
from overlay.sound_check import Look, both_heard, judged, side
from overlay.window.buttons import sheet
from overlay.window.side_row import SideRow
from overlay.window.theme import PAD, Scheme, fonts, theme

TITLE = "Offbook call"
WIDTH = 400
State = Literal["before", "calling", "finishing", "over"]
_TITLES: dict[State, str] = {
    "before": "Are both sides heard?",
    "calling": "Offbook is listening",
    "finishing": "Finishing: the last words are written down",
    "over": "The call is over",
}
_BUTTONS: dict[State, str] = {
    "before": "Start the call",
    "calling": "End the call",
    "finishing": "Finishing…",
    "over": "Start the next call",
}
_BOTH = "Both sides are heard."
_CONSENT: dict[Consent, str] = {
    "none": "",
    "remind": "Ask the other side whether you may write this call down.",
    "require": "Nothing is heard until the other side has agreed.",
}


class CallWindow(QWidget):
    """Shows what it is told, and tells what was pressed."""

    started = Signal()
    ended = Signal()
    chimed = Signal()
    closed = Signal()

    def __init__(self, consent: Consent, scheme: Scheme | None = None) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._theme, lettering = theme(scheme), fonts()
        self._state: State = "before"
        self._title, self._consent = QLabel(), QLabel(_CONSENT[consent])
        self._rows: dict[Kind, SideRow] = {
            "microphone": SideRow("You", self._theme, lettering),
            "loopback": SideRow("Buyer", self._theme, lettering),
        }
        self._agreed = QCheckBox("They agreed")
        self._chime, self._button = QPushButton("Play a sound (P)"), QPushButton()
        self._needs_consent = consent == "require"
        self.setWindowTitle(TITLE)
        self.setStyleSheet(sheet(self._theme))
        self._title.setFont(lettering.old_headline)
        self._title.setWordWrap(True)
        self._consent.setFont(lettering.label_text)
        self._consent.setWordWrap(True)
        for widget in (self._agreed, self._chime, self._button):
            widget.setFont(lettering.label_text)
        self._button.setDefault(True)
        self._button.setAutoDefault(True)
        for key in ("Return", "Enter"):  # a button's own shortcut goes with its text
            QShortcut(QKeySequence(key), self, self._press)
        self._chime.setShortcut("P")
        self._button.clicked.connect(self._press)
        self._chime.clicked.connect(self.chimed)
        self._lay_out()
        self.show_state("before")
        (self._agreed if self._needs_consent else self._button).setFocus()

    @property
    def agreed(self) -> bool:
        """The rep says that the other side agreed."""
        return self._agreed.isChecked()

    def show_state(self, state: State) -> None:
        """Where the call is."""
        self._state = state
        before = state in ("before", "over")
        self._title.setText(_TITLES[state])
        self._button.setText(_BUTTONS[state])
        self._button.setEnabled(state != "finishing")
        self._chime.setVisible(before)
        self._consent.setVisible(before and bool(self._consent.text()))
        self._agreed.setVisible(before and self._needs_consent)
        for row in self._rows.values():
            row.setVisible(before)
        if state == "over":
            self._agreed.setChecked(False)
        self.adjustSize()

    def show_look(self, look: Look) -> None:
        """What the devices give now, before a call."""
        for kind, row in self._rows.items():
            heard = side(look, kind)
            row.show_side(heard.level if heard else None, *judged(kind, heard))
        if self._state == "before":
            self._title.setText(_BOTH if both_heard(look) else _TITLES["before"])
        if self.heightForWidth(WIDTH) > self.height():
            self.adjustSize()  # a device's long name takes another line

    def closeEvent(self, event: QCloseEvent) -> None:
        """In a call it is the button's press; the window goes when the call is over."""
        self.closed.emit()
        if self._state in ("calling", "finishing"):
            event.ignore()
            self._end()

    def _press(self) -> None:
        if self._state == "calling":
            self._end()
        elif self._state != "finishing":
            self.started.emit()

    def _end(self) -> None:
        if self._state == "calling":
            self.show_state("finishing")
            self.ended.emit()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self._chime)
        buttons.addStretch(1)
        buttons.addWidget(self._button)
        box = QVBoxLayout(self)
        box.setContentsMargins(PAD, PAD, PAD, PAD)
        box.setSpacing(12)
        for widget in (self._title, *self._rows.values(), self._consent, self._agreed):
            box.addWidget(widget)
        box.addLayout(buttons)
        self.setFixedWidth(WIDTH)
