"""The overlay as a rep meets it: a real process on a real X server with a window manager."""

import signal
import subprocess
import time
from collections.abc import Iterator

import pytest
from call_events import HANDWORK, STARTED, ZENDESK, card, ended, hearing, talk
from stub_feed import StubFeed, stub_feed
from Xlib import X
from Xlib.xobject.drawable import Window

from cues.events import RepAction
from tests.overlay.window.conftest import Start
from tests.overlay.window.desk import SIZE, Desk, program, wait_until

CARD = card("c1", ZENDESK, "we run Zendesk", 47.0)
PAD = "tests/overlay/window/notepad.py"


@pytest.fixture
def notepad(at_desk: Desk) -> Iterator[subprocess.Popen[str]]:
    """Another program, over the whole screen, that has the focus."""
    with program(at_desk, PAD) as process:
        wait_until(lambda: at_desk.windows("Notepad"), 20)
        window = at_desk.windows("Notepad")[0]
        wait_until(lambda: at_desk.focus() == window.id)
        yield process
    wait_until(lambda: not at_desk.windows("Notepad"))


def height(desk: Desk) -> int:
    return desk.box(desk.windows("Offbook")[0])[3]


def test_it_sits_in_the_right_upper_corner_on_top_and_off_the_task_bar(at_desk: Desk, overlay: Start) -> None:
    with overlay(*talk()):
        window = at_desk.windows("Offbook")[0]
        wait_until(lambda: at_desk.box(window)[:3] == (SIZE[0] - 360 - 16, 16, 360))
        assert "_NET_WM_STATE_ABOVE" in at_desk.atoms(window, "_NET_WM_STATE")
        assert at_desk.atoms(window, "_NET_WM_WINDOW_TYPE")[0] == "_NET_WM_WINDOW_TYPE_UTILITY"


def test_another_window_types_on_while_cards_come_and_no_key_is_lost(
    at_desk: Desk, overlay: Start, notepad: subprocess.Popen[str]
) -> None:
    before = at_desk.focus()
    with overlay(*talk()) as (feed, _):
        assert at_desk.focus() == before
        for k, key in enumerate("thequickbrownfox"):
            if k % 4 == 0:
                feed.send(card(f"c{k}", ZENDESK if k % 8 else HANDWORK, "we run Zendesk", 47.0 + k))
            at_desk.press(key)
            time.sleep(0.05)
            assert at_desk.focus() == before
        wait_until(lambda: height(at_desk) > 300)
        assert at_desk.windows("Offbook")[0].id != before
    at_desk.press("Return")
    assert notepad.stdout is not None
    for line in notepad.stdout:
        if line == repr("thequickbrownfox") + "\n":
            break


def test_a_click_goes_through_it(at_desk: Desk, overlay: Start, notepad: subprocess.Popen[str]) -> None:
    with overlay(*talk(), CARD):
        wait_until(lambda: height(at_desk) > 300)
        before = at_desk.focus()
        x, y, width, tall = at_desk.box(at_desk.windows("Offbook")[0])
        wait_until(lambda: under(at_desk, x + width // 2, y + tall // 2) == "Notepad")
        assert at_desk.focus() == before


def test_keys_work_while_another_window_has_the_focus(
    at_desk: Desk, overlay: Start, notepad: subprocess.Popen[str]
) -> None:
    with overlay(*talk(), CARD) as (feed, _):
        wait_until(lambda: pressed(at_desk, feed, "x") == {"action": "dismiss", "target": "c1", "value": None})
        assert pressed(at_desk, feed, "p") == {"action": "pin", "target": "c1", "value": None}
        assert pressed(at_desk, feed, "space") == {"action": "pause", "target": None, "value": None}
        feed.send(RepAction(action="pause", t=48.0))
        wait_until(lambda: pressed(at_desk, feed, "space") == {"action": "resume", "target": None, "value": None})


def test_the_stage_is_corrected_when_the_presses_stop(at_desk: Desk, overlay: Start) -> None:
    with overlay(*talk(), CARD) as (feed, _):
        wait_until(lambda: pressed(at_desk, feed, "x") is not None)
        for _ in range(3):
            at_desk.press("Control_L", "Alt_L", "w")
            time.sleep(0.3)
        assert feed.commands.empty()
        assert feed.commands.get(timeout=5) == {"action": "correct", "target": None, "value": "stage:opening"}
        time.sleep(1.5)
        assert feed.commands.empty()


def test_keys_work_with_caps_lock_on(at_desk: Desk, overlay: Start) -> None:
    at_desk.press("Caps_Lock")
    try:
        with overlay(*talk(), CARD) as (feed, _):
            wait_until(lambda: pressed(at_desk, feed, "x") is not None)
    finally:
        at_desk.press("Caps_Lock")


def test_a_key_that_another_program_holds_is_said(at_desk: Desk, overlay: Start) -> None:
    with overlay(*talk(), CARD):
        wait_until(lambda: height(at_desk) > 300)
        without_notice = height(at_desk)
    root = at_desk.root
    root.grab_key(at_desk.code("p"), X.ControlMask | X.Mod1Mask, True, X.GrabModeAsync, X.GrabModeAsync)
    at_desk.display.sync()
    with overlay(*talk(), CARD) as (feed, _):
        try:
            wait_until(lambda: height(at_desk) > without_notice)
        finally:
            root.ungrab_key(at_desk.code("p"), X.AnyModifier)
            at_desk.display.sync()
        assert pressed(at_desk, feed, "x") == {"action": "dismiss", "target": "c1", "value": None}


def test_once_the_call_is_over_it_asks_no_engine_any_more(at_desk: Desk, overlay: Start) -> None:
    with overlay(*talk(), linger_s=None) as (feed, process):
        feed.send(ended(60.0))
        wait_until(lambda: not feed.clients)
        feed.close()
        with stub_feed(port=feed.port) as next_call:
            time.sleep(1)
            assert not next_call.clients
        assert process.poll() is None


def test_it_outlives_the_engine_and_finds_it_again(at_desk: Desk, overlay: Start) -> None:
    with overlay(*talk(), CARD) as (feed, process):
        listening = at_desk.look_until_calm()
        feed.close()
        at_desk.look_until_calm(different_from=listening)
        begun = time.monotonic()
        again = StubFeed([*talk(), CARD], feed.port)
        try:
            wait_until(lambda: again.clients, 2)
            assert time.monotonic() - begun < 0.5
            at_desk.look_until_calm()
            wait_until(lambda: at_desk.look() == listening)
            assert process.poll() is None
        finally:
            again.close()


def test_a_wrong_token_is_said(at_desk: Desk, overlay: Start) -> None:
    with overlay(token="wrong") as (feed, process):
        wait_until(lambda: feed.refused > 1)
        wait_until(lambda: height(at_desk) > 60)
        assert process.poll() is None


def test_garbage_is_passed_over(at_desk: Desk, overlay: Start) -> None:
    with overlay(*talk()) as (feed, process):
        for text in ("{", "[]", "null", '{"type": "state"}', '{"type": "card_shown"}', '{"type": "of the future"}'):
            feed.send_text(text)
        feed.send(CARD)
        wait_until(lambda: height(at_desk) > 300)
        assert process.poll() is None


def test_a_flood_shows_the_latest_and_stays_small(at_desk: Desk, overlay: Start) -> None:
    """1,000 events a second for 5 s; the card after them is there at once."""
    with overlay(*talk()) as (feed, process):
        begun = time.monotonic()
        for k in range(5000):
            feed.send(hearing(1, f"words {k} and more of them to be wrapped", "tail", 48.0, "u2"))
            time.sleep(max(0.0, begun + k / 1000 - time.monotonic()))
        feed.send(CARD)
        sent = time.monotonic()
        wait_until(lambda: height(at_desk) > 300)
        assert time.monotonic() - sent < 1.0
        assert rss_mb(process) < 200


def test_it_ends_with_the_call_and_when_told(at_desk: Desk, overlay: Start) -> None:
    with overlay(*talk()) as (feed, process):
        feed.send(ended(754.0))
        assert process.wait(5) == 0
    with overlay(STARTED) as (_, process):
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    with overlay(STARTED) as (_, process):
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 130


def under(desk: Desk, x: int, y: int) -> str:
    """The title of the window that a click at this place reaches."""
    desk.click(x, y)
    place = desk.root.query_pointer()
    frame = place.child
    names = [desk.title(w) for w in desk.windows("Notepad") + desk.windows("Offbook") if in_frame(w, frame)]
    return names[0] if names else ""


def in_frame(window: Window, frame: object) -> bool:
    """The window manager puts each window into a frame of its own."""
    return frame in (window, window.query_tree().parent)


def pressed(desk: Desk, feed: StubFeed, key: str) -> dict[str, object] | None:
    """The command that comes of Ctrl+Alt and this key."""
    desk.press("Control_L", "Alt_L", key)
    end = time.monotonic() + 1
    while feed.commands.empty() and time.monotonic() < end:
        time.sleep(0.01)
    return None if feed.commands.empty() else feed.commands.get()


def rss_mb(process: subprocess.Popen[str]) -> float:
    with open(f"/proc/{process.pid}/statm") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * 4096 / 1e6
