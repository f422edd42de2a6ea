"""How the overlay looks: contrast from the theme's colours, and a picture of every state from the real screen."""

import time
from itertools import product

import pytest
from call_events import HANDWORK, NOT_HEARD, STARTED, ZENDESK, card, ended, talk
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from cues.events import CardContent, RepAction
from overlay import presenter
from overlay.presenter import KeyNames, Link, Message, Restored, State
from overlay.view import View
from overlay.window.overlay_window import OverlayWindow
from overlay.window.theme import DARK, LIGHT, Scheme, Theme, contrast
from tests.overlay.window.desk import PICTURES, Desk

KEYS = KeyNames((("dismiss", "Ctrl+Alt+X"), ("pin", "Ctrl+Alt+P"), ("pause", "Ctrl+Alt+Space")))
FIRST = card("c1", ZENDESK, "right now we run Zendesk for support", 47.0)
SECOND = card("c2", HANDWORK, "every Friday somebody copies all the numbers by hand", 66.0)
LONG = CardContent(
    "Salesforce Service Cloud is an option, and so is Donaudampfschifffahrtsgesellschaft",
    ask="Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen?",
    say="A line that a playbook's author has written far too long for a card, and which goes on until nobody reads it "
    "in a call any more, because nobody could, and then goes on still.",
)
BASE: tuple[Message, ...] = (KEYS, Restored(tuple(talk())))
STATES: dict[str, tuple[Message, ...]] = {
    "starting": (KEYS,),
    "listening": (KEYS, Restored((STARTED,))),
    "words": BASE,
    "one card": (*BASE, FIRST),
    "two cards": (*BASE, FIRST, RepAction(action="pin", target="c1", t=50.0), SECOND),
    "fault": (*BASE, FIRST, NOT_HEARD),
    "engine lost": (*BASE, FIRST, Link.LOST),
    "paused": (*BASE, RepAction(action="pause", t=50.0)),
    "call over": (*BASE, ended(754.0)),
    "too long": (*BASE, card("c3", LONG, "x", 50.0)),
}


def view_of(*messages: Message) -> View:
    state = State()
    for message in messages:
        state = presenter.after(state, message, 0.0)
    return presenter.view(state, 1.0)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_has_seven_to_one(theme: Theme) -> None:
    texts = (theme.text, theme.quiet, theme.accent, theme.alarm, theme.good)
    weak = [(t, g) for t, g in product(texts, (theme.ground, theme.raised)) if contrast(t, g) < 7]
    assert weak == []


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", STATES)
def test_a_picture_of_every_state(name: str, scheme: Scheme, at_desk: Desk, qapp: QGuiApplication) -> None:
    ground = Ground()
    ground.setGeometry(0, 0, 1280, 800)
    ground.show()
    window = OverlayWindow(scheme)
    window.show_view(view_of(*STATES[name]))
    window.show()
    qapp.processEvents()
    seen = settle(at_desk, qapp)
    box = window.frameGeometry()
    PICTURES.mkdir(parents=True, exist_ok=True)
    seen.copy(box.adjusted(-16, -16, 16, 16)).save(str(PICTURES / f"{name.replace(' ', '-')}-{scheme}.png"))
    theme = LIGHT if scheme == "light" else DARK
    assert QColor(seen.pixel(box.left() + 4, box.top() + 4)).name() == theme.ground
    assert box.right() < 1280
    assert box.bottom() < 800
    window.close()
    ground.close()


def test_the_overlay_follows_the_system_s_colours(at_desk: Desk, qapp: QGuiApplication) -> None:
    window = OverlayWindow()
    window.show_view(view_of(*STATES["words"]))
    for colour, theme in (("#222222", DARK), ("#eeeeee", LIGHT)):
        QApplication.setPalette(QPalette(QColor(colour)))
        qapp.processEvents()
        assert window.grab().toImage().pixelColor(4, 4).name() == theme.ground
    window.close()


def test_a_card_never_moves_while_words_come_and_go(at_desk: Desk, qapp: QGuiApplication) -> None:
    window = OverlayWindow("dark")
    tops = set()
    for name in ("one card", "fault", "engine lost"):
        window.show_view(view_of(*STATES[name]))
        tops.add(window.cards[0].y())
    assert len(tops) == 1
    window.close()


def test_every_part_has_a_name_for_screen_readers(at_desk: Desk, qapp: QGuiApplication) -> None:
    window = OverlayWindow("dark")
    window.show_view(view_of(*STATES["fault"]))
    named = [w.accessibleName() for w in window.findChildren(QWidget) if w.isVisibleTo(window)]
    assert any(name.startswith("Listening. Discovery.") for name in named)
    assert any("They run Zendesk today. Ask: What made you start" in name for name in named)
    assert any(name == NOT_HEARD.message for name in named)
    window.close()


def test_qt_keeps_none_alive(qapp: QGuiApplication) -> None:
    """PySide6 6.12.0 under Python 3.11 drops a reference to None with every call, until the process aborts."""
    import sys

    window = QWidget()
    before = sys.getrefcount(None)
    for _ in range(500):
        window.update()
    assert sys.getrefcount(None) > before - 100


class Ground(QWidget):
    """A plain desk to lie on."""

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#8794a3"))


def settle(desk: Desk, app: QGuiApplication) -> QImage:
    """The screen when nothing changes any more, while this process's own windows go on drawing."""
    last = desk.look()
    for _ in range(40):
        for _ in range(6):
            app.processEvents()
            time.sleep(0.01)
        now = desk.look()
        if now == last:
            return now
        last = now
    return last
