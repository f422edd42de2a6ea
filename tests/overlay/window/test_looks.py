"""How the overlay looks: contrast from the theme's colours, and a picture of every state from the real screen."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Literal

import pytest
from call_events import HANDWORK, NOT_HEARD, STARTED, ZENDESK, card, ended, talk
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cues.events import CardContent, OffBook, RepAction
from overlay import presenter
from overlay.presenter import KeyNames, Link, Message, Restored, State
from overlay.view import View
from overlay.window.overlay_window import OverlayWindow
from overlay.window.theme import DARK, LIGHT, Scheme, Theme, contrast
from tests.overlay.window.desk import PICTURES, SIZE, Desk

Open = Callable[[str, Scheme | None], OverlayWindow]
KEYS = KeyNames((("dismiss", "Ctrl+Alt+X"), ("pin", "Ctrl+Alt+P"), ("pause", "Ctrl+Alt+Space")))
FADING_KEYS = KeyNames((*KEYS.names, ("help", "Ctrl+Alt+H")))
FIRST = card("c1", ZENDESK, "right now we run Zendesk for support", 47.0)
SECOND = card("c2", HANDWORK, "every Friday somebody copies all the numbers by hand", 66.0)
LONG = CardContent(
    "Salesforce Service Cloud is an option, and so is Donaudampfschifffahrtsgesellschaft",
    ask="Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen?",
    say="A line that a playbook's author has written far too long for a card, and which goes on until nobody reads it "
    "in a call any more, because nobody could, and then goes on still.",
)
BASE: tuple[Message, ...] = (KEYS, Restored(tuple(talk())))
STATES: dict[str, tuple[Message | Literal["choose"], ...]] = {
    "off book": (FADING_KEYS, Restored((replace(STARTED, off_book=OffBook(4, 6)),))),
    "headline": (*BASE, replace(FIRST, help="headline")),
    "dot": (*BASE, replace(FIRST, help="dot")),
    "dot and card": (*BASE, replace(FIRST, help="dot"), SECOND),
    "dot asked for": (*BASE, replace(FIRST, help="dot"), RepAction(action="help", target="c1", t=50.0)),
    "starting": (KEYS,),
    "listening": (KEYS, Restored((STARTED,))),
    "words": BASE,
    "choosing a stage": (*BASE, "choose"),
    "one card": (*BASE, FIRST),
    "two cards": (*BASE, FIRST, RepAction(action="pin", target="c1", t=50.0), SECOND),
    "fault": (*BASE, FIRST, NOT_HEARD),
    "engine lost": (*BASE, FIRST, Link.LOST),
    "paused": (*BASE, RepAction(action="pause", t=50.0)),
    "call over": (*BASE, ended(754.0)),
    "too long": (*BASE, card("c3", LONG, "x", 50.0)),
}


def view_of(*messages: Message | Literal["choose"]) -> View:
    state = State()
    for message in messages:
        state = presenter.choose(state) if message == "choose" else presenter.after(state, message, 0.0)
    return presenter.view(state, 1.0)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_has_seven_to_one(theme: Theme) -> None:
    texts = (theme.text, theme.quiet, theme.accent, theme.alarm, theme.good)
    weak = [(t, g) for t, g in product(texts, (theme.ground, theme.raised)) if contrast(t, g) < 7]
    assert weak == []


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.fixture
def opened(at_desk: Desk, qapp: QGuiApplication) -> Iterator[Open]:
    """Opens the overlay in a state, on a plain desk; all of it is closed in the end."""
    ground = Ground()
    ground.setGeometry(0, 0, 1280, 800)
    ground.show()
    windows: list[QWidget] = [ground]

    def open_in(state: str, scheme: Scheme | None) -> OverlayWindow:
        window = OverlayWindow(scheme)
        windows.append(window)
        window.show_view(view_of(*STATES[state]))
        window.show()
        return window

    yield open_in
    for window in windows:
        window.close()
    qapp.processEvents()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", STATES)
def test_a_picture_of_every_state(name: str, scheme: Scheme, at_desk: Desk, opened: Open, qtbot: QtBot) -> None:
    window = opened(name, scheme)
    theme = LIGHT if scheme == "light" else DARK
    qtbot.waitUntil(lambda: QColor(at_desk.look().pixel(corner(window))).name() == theme.ground)
    qtbot.wait(150)
    box = window.frameGeometry()
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture = at_desk.look().copy(box.adjusted(-16, -16, 16, 16))
    assert picture.save(str(PICTURES / f"{name.replace(' ', '-')}-{scheme}.png"))
    assert QRect(0, 0, *SIZE).contains(box)


def test_the_overlay_follows_the_system_s_colours(opened: Open, qtbot: QtBot) -> None:
    window = opened("words", None)
    for colour, theme in (("#222222", DARK), ("#eeeeee", LIGHT)):
        QApplication.setPalette(QPalette(QColor(colour)))
        qtbot.waitUntil(lambda ground=theme.ground: window.grab().toImage().pixelColor(4, 4).name() == ground)


def test_a_card_stays_in_its_place_when_notices_come(opened: Open) -> None:
    window = opened("one card", "dark")
    tops = set()
    for name in ("one card", "fault", "engine lost"):
        window.show_view(view_of(*STATES[name]))
        tops.add(window.cards[0].y())
    assert len(tops) == 1


def test_every_part_has_a_name_for_screen_readers(opened: Open) -> None:
    window = opened("fault", "dark")
    named = [w.accessibleName() for w in window.findChildren(QWidget) if w.isVisibleTo(window)]
    assert any(name.startswith("The buyer is not heard. Discovery.") for name in named)
    assert any("They run Zendesk today. Ask: What made you start" in name for name in named)
    assert NOT_HEARD.message in named


def test_painting_keeps_none_alive(opened: Open) -> None:
    """PySide6 6.12.0 under Python 3.11 drops a reference to None with every call, until the process aborts."""
    window = opened("two cards", "dark")
    before = sys.getrefcount(None)
    for _ in range(100):
        window.grab()
    assert sys.getrefcount(None) > before - 50


def corner(window: OverlayWindow) -> QPoint:
    """A place on the screen where the window shows its ground."""
    return window.frameGeometry().topLeft() + QPoint(4, 4)


class Ground(QWidget):
    """A plain desk to lie on."""

    def paintEvent(self, event: object) -> None:
        QPainter(self).fillRect(self.rect(), QColor("#8794a3"))
