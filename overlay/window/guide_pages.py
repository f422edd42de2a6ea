"""The three pages of the first start: the microphone, the buyer's sound, the rep's own words. Qt's thread."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QPushButton, QRadioButton, QVBoxLayout, QWidget

from asr.capture.devices import Device
from overlay.sound_check import Heard, Look, judged, side
from overlay.window.side_row import Meter, SideRow
from overlay.window.theme import PAD, Fonts, Theme

LOADING = "The speech model is loaded; the first time, this machine is timed too. It takes some ten seconds."
WIDTH = 460
"""Of the window around the pages."""
NAME_WIDTH = WIDTH - 2 * PAD - 40
SAY = "Say a sentence, as you would in a call."


class MicrophonePage(QWidget):
    """A choice for each microphone, with how loud it is now."""

    TITLE = "Which microphone hears you?"
    HINT = "Speak, and take the one whose bar moves."

    def __init__(self, chosen: str | None, theme: Theme, fonts: Fonts) -> None:
        super().__init__()
        self._theme, self._fonts = theme, fonts
        self._wanted = chosen
        self._choices: dict[Device, tuple[QRadioButton, Meter]] = {}
        self._group = QButtonGroup(self)
        self._none = QLabel("No microphone is there. Connect one; it appears here.")
        self._none.setFont(fonts.label_text)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self._none)
        self._box.addStretch(1)

    def chosen(self) -> Device | None:
        """The device that is marked."""
        return next((device for device, (choice, _) in self._choices.items() if choice.isChecked()), None)

    def show_look(self, look: Look) -> None:
        """What each gives now; the choice stays while devices come and go."""
        if [heard.device for heard in look] != list(self._choices):
            self._lay_out([heard.device for heard in look])
        for heard in look:
            self._choices[heard.device][1].show_level(heard.level)

    def take_focus(self) -> None:
        """The keyboard's arrows choose."""
        marked = self._group.checkedButton()
        (marked or self).setFocus()

    def _lay_out(self, devices: Sequence[Device]) -> None:
        before = self.chosen()
        for choice, meter in self._choices.values():
            choice.deleteLater()
            meter.deleteLater()
        self._none.setVisible(not devices)
        self._choices = {device: self._choice(device) for device in devices}
        marked = next((device for device in devices if before is not None and device.id == before.id), None)
        marked = marked or next((device for device in devices if device.name == self._wanted), None)
        marked = marked or next((device for device in devices if device.default), None)
        if marked is not None:
            self._choices[marked][0].setChecked(True)
            self._choices[marked][0].setFocus()

    def _choice(self, device: Device) -> tuple[QRadioButton, Meter]:
        name = f"{device.name} (the system's choice)" if device.default else device.name
        choice, meter = QRadioButton(), Meter(self._theme)
        choice.setFont(self._fonts.body)
        choice.setText(choice.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, NAME_WIDTH))
        choice.setToolTip(name)
        choice.setAccessibleName(name)
        self._group.addButton(choice)
        for widget in (choice, meter):
            self._box.insertWidget(self._box.count() - 1, widget)
            widget.show()  # the layout would show it later, and a window that is activated before gives it no focus
        return choice, meter


class BuyerPage(QWidget):
    """Whether what the computer plays is heard."""

    TITLE = "Is the buyer heard?"
    HINT = "Play a sound. You should hear it, and the bar should move."
    chimed = Signal()

    def __init__(self, theme: Theme, fonts: Fonts) -> None:
        super().__init__()
        self.heard: Heard | None = None
        self._row, self._chime = SideRow("Buyer", theme, fonts), QPushButton("Play a sound (P)")
        self._chime.setFont(fonts.label_text)
        self._chime.setShortcut("P")
        self._chime.clicked.connect(self.chimed)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._row)
        box.addWidget(self._chime, 0, Qt.AlignmentFlag.AlignLeft)
        box.addStretch(1)

    def show_look(self, look: Look) -> None:
        self.heard = side(look, "loopback")
        level = self.heard.level if self.heard else None
        self._row.show_side(level, *judged("loopback", self.heard))

    def take_focus(self) -> None:
        self._chime.setFocus()


class WordsPage(QWidget):
    """The rep's words as they are understood."""

    TITLE = "Are your words understood?"
    HINT = "Nothing of this is kept."

    def __init__(self, theme: Theme, fonts: Fonts) -> None:
        super().__init__()
        self._theme = theme
        self._words = QLabel()
        self._words.setFont(fonts.body)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._words.setMinimumHeight(5 * self._words.fontMetrics().height())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._words)
        box.addStretch(1)
        self.show_loading()

    def show_loading(self) -> None:
        self._say(LOADING, self._theme.quiet)

    def show_words(self, text: str) -> None:
        """ "" says that it listens."""
        self._say(f"“{text}”" if text else SAY, self._theme.text if text else self._theme.quiet)

    def show_failure(self, sentence: str) -> None:
        self._say(sentence, self._theme.alarm)

    def take_focus(self) -> None:
        self.setFocus()

    def _say(self, text: str, colour: str) -> None:
        self._words.setText(text)
        self._words.setAccessibleName(text)
        self._words.setStyleSheet(f"color: {colour}")
