"""How the window of calls and the pages of the first start look, in every state, light and dark."""

from itertools import product

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QRadioButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from asr.capture.devices import Device
from cues.events import Consent
from overlay.sound_check import Heard, Look
from overlay.window.buttons import sheet
from overlay.window.call_window import CallWindow, State
from overlay.window.guide_pages import WIDTH, BuyerPage, MicrophonePage, WordsPage
from overlay.window.theme import PAD, Scheme, fonts, theme
from tests.overlay.window.desk import PICTURES, Desk

LONG = "Jabra Engage 75 Stereo, Digital Stereo (IEC958), on the docking station of the second desk"
MICROPHONE = Device("mic", "Headset microphone", "microphone", default=True, rate=48_000, channels=1)
OTHER = Device("other", LONG, "microphone", default=False, rate=48_000, channels=1)
OUTPUT = Device("out", LONG, "loopback", default=True, rate=48_000, channels=2)
BOTH: Look = (Heard(MICROPHONE, 3.0, -24.0, -20.0), Heard(OUTPUT, 3.0, -30.0, -18.0))
ONE: Look = (Heard(MICROPHONE, 9.0, -120.0, -120.0),)
STATES: tuple[State, ...] = ("before", "calling", "finishing", "over")
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
CONSENTS: tuple[Consent, ...] = ("none", "remind", "require")


def keep_picture(widget: QWidget, qtbot: QtBot, name: str) -> None:
    """Saves it, once nothing in it is cut off."""
    widget.show()
    qtbot.waitExposed(widget)
    qtbot.wait(50)
    for part in widget.findChildren(QWidget):
        if part.isVisible() and isinstance(part, QLabel | QAbstractButton):
            wraps = isinstance(part, QLabel) and part.wordWrap()
            needed = part.heightForWidth(part.width()) if wraps else part.sizeHint().height()
            assert part.height() >= needed, part.text()
            assert wraps or part.width() >= part.sizeHint().width(), part.text()
    PICTURES.mkdir(parents=True, exist_ok=True)
    assert widget.grab().save(str(PICTURES / f"{name}.png"))


@pytest.mark.parametrize(("state", "scheme"), list(product(STATES, SCHEMES)))
def test_a_picture_of_every_state_of_a_call(state: State, scheme: Scheme, at_desk: Desk, qtbot: QtBot) -> None:
    window = CallWindow("none", scheme)
    qtbot.addWidget(window)
    window.show_state(state)
    window.show_look(BOTH)
    keep_picture(window, qtbot, f"call-window-{state}-{scheme}")


@pytest.mark.parametrize(("consent", "scheme"), list(product(CONSENTS, SCHEMES)))
def test_a_picture_of_what_is_asked_before_a_call(
    consent: Consent, scheme: Scheme, at_desk: Desk, qtbot: QtBot
) -> None:
    window = CallWindow(consent, scheme)
    qtbot.addWidget(window)
    window.show_look(ONE)
    keep_picture(window, qtbot, f"call-window-consent-{consent}-{scheme}")


@pytest.mark.parametrize(("page", "scheme"), list(product((MicrophonePage, BuyerPage, WordsPage), SCHEMES)))
def test_a_picture_of_every_page_of_the_first_start(
    page: type[MicrophonePage | BuyerPage | WordsPage], scheme: Scheme, at_desk: Desk, qtbot: QtBot
) -> None:
    colours, lettering = theme(scheme), fonts()
    made = page(None, colours, lettering) if page is MicrophonePage else page(colours, lettering)
    window = QWidget()
    qtbot.addWidget(window)
    window.setStyleSheet(sheet(colours))
    window.setFixedWidth(WIDTH)
    box = QVBoxLayout(window)
    box.setContentsMargins(PAD, PAD, PAD, PAD)
    box.addWidget(made)
    if isinstance(made, WordsPage):
        made.show_words("We are using Zendesk right now, and our whole team works with it.")
    else:
        made.show_look((*BOTH, Heard(OTHER, 1.0, -60.0, -50.0)) if page is BuyerPage else (BOTH[0], Heard(OTHER, 1.0)))
    keep_picture(window, qtbot, f"guide-{page.__name__}-{scheme}")


def test_the_arrows_choose_also_where_microphones_are_found_before_the_window_is_active(
    at_desk: Desk, qtbot: QtBot
) -> None:
    made, button = MicrophonePage(None, theme("light"), fonts()), QPushButton("Skip")
    window = QWidget()
    qtbot.addWidget(window)
    box = QVBoxLayout(window)
    box.addWidget(button)
    box.addWidget(made)
    made.take_focus()
    window.show()
    made.show_look((Heard(OTHER, 1.0), BOTH[0]))  # before the first event: not active yet
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QRadioButton))
    qtbot.wait(100)  # laid out
    at_desk.press("Up")
    qtbot.waitUntil(lambda: made.chosen() == OTHER)
