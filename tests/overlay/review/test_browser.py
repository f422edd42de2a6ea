"""The pages in a real browser: pictures to look at, jumps, keys, and what a browser does with markup."""

from collections.abc import Iterator

import pytest
from browser import INSTALLED, Browser, browser
from reviewed import CallsInMemory, hostile_calls, some_calls
from user import ROOT

from overlay.review.serve import bind, serving
from overlay.review.site import make_site

PICTURES = ROOT / "out/pictures"
TOKEN = "t" * 43
DOWN, END, ENTER = "\ue015", "\ue010", "\ue007"

pytestmark = pytest.mark.skipif(not INSTALLED, reason="needs Debian's chromium and chromium-driver")


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    yield from _served(some_calls())


@pytest.fixture(scope="module")
def hostile_site() -> Iterator[str]:
    yield from _served(hostile_calls())


def _served(calls: CallsInMemory) -> Iterator[str]:
    listening = bind(0, print)
    with serving(make_site(calls, TOKEN), listening):
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def show(window: Browser, site: str, path: str) -> None:
    """Opens a page as from the printed address."""
    window.open(f"{site}{path}{'&' if '?' in path else '?'}token={TOKEN}")
    assert "token" not in window.url()


@pytest.mark.parametrize("look", ["light", "dark", "tablet", "phone", "phone-dark", "print"])
@pytest.mark.parametrize(("name", "path"), [("list", "/"), ("call", "/calls/call-1")])
def test_pictures_fit_their_width(window: Browser, site: str, name: str, path: str, look: str) -> None:
    width = {"phone": 390, "phone-dark": 390, "print": 720, "tablet": 820}.get(look, 1360)
    window.look(width, 900, dark="dark" in look, print_=look == "print")
    show(window, site, path)
    picture = PICTURES / f"review-{name}-{look}.png"
    window.picture(picture)
    assert picture.stat().st_size > 10_000
    assert window.run("return document.documentElement.scrollWidth") <= width


def test_markup_that_was_said_stays_text(window: Browser, hostile_site: str) -> None:
    for look, width in (("wide", 1360), ("phone", 390)):
        window.look(width, 900)
        for name, path in (("list", "/"), ("call", "/calls/hostile")):
            show(window, hostile_site, path)
            window.picture(PICTURES / f"review-hostile-{name}-{look}.png")
            assert window.run("return [...document.scripts].map(s => s.getAttribute('src'))") == ["/static/review.js"]
            assert window.run("return document.querySelectorAll('[href^=javascript]').length") == 0
            assert window.run("return document.documentElement.scrollWidth") <= width


def test_a_card_and_a_point_lead_to_the_words(window: Browser, site: str) -> None:
    window.look(1360, 900)
    show(window, site, "/calls/call-1")
    window.run("document.querySelector('#entry-c3 h3 a').click()")
    assert window.url().endswith("#line-u19")
    assert _in_sight(window, "line-u19")
    window.run("document.querySelector('.pin').parentElement.dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    assert window.url().endswith("#line-u4")


def test_a_click_between_the_marks_goes_to_the_nearest_words(window: Browser, site: str) -> None:
    window.look(1360, 900)
    show(window, site, "/calls/call-1")
    where = window.run(
        "const r = document.querySelector('[data-timeline]').getBoundingClientRect();"
        "return [r.left + r.width * 166.5 / 216, r.top + 14]"
    )
    window.click_at(round(where[0]), round(where[1]))
    assert window.url().endswith("#line-u19")


def test_jumps_work_without_scripts(window: Browser, site: str) -> None:
    window.look(1360, 900, scripts=False)
    try:
        show(window, site, "/calls/call-1")
        window.run("document.querySelector('#entry-c3 h3 a').focus()")
        window.press(ENTER)
        assert window.url().endswith("#line-u19")
    finally:
        window.look(1360, 900)


def test_arrow_keys_move_along_the_list(window: Browser, site: str) -> None:
    window.look(1360, 900)
    show(window, site, "/")
    window.run("document.querySelector('[data-step]').focus()")
    window.press(DOWN)
    assert window.run("return document.activeElement.getAttribute('href')") == "/calls/other-1"
    window.press(END)
    assert window.run("return document.activeElement.getAttribute('href')") == "/calls/other-8"
    window.press("\ue011", ENTER)
    assert window.url() == f"{site}/calls/call-1"


def test_nothing_is_fetched_from_elsewhere(window: Browser, site: str) -> None:
    show(window, site, "/calls/call-1")
    fetched = window.run("return performance.getEntriesByType('resource').map(e => e.name)")
    assert fetched
    assert all(name.startswith(site) for name in fetched)


def _in_sight(window: Browser, name: str) -> bool:
    return bool(
        window.run(
            f"document.documentElement.style.scrollBehavior = 'auto'; location.hash = ''; location.hash = '{name}';"
            f"const r = document.getElementById('{name}').getBoundingClientRect();"
            "return r.top >= 0 && r.bottom <= innerHeight"
        )
    )
