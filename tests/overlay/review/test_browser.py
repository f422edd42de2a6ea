"""The pages in a real browser: pictures to look at, jumps, keys, and what a browser does with markup."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browser import INSTALLED, Browser, browser
from calls import until
from reviewed import hostile_calls, some_calls, whole_call
from user import ROOT

from cues.journal.open import open_journal
from cues.journal.writer import Writer
from overlay.review.calls import Calls
from overlay.review.journal_calls import JournalCalls
from overlay.review.serve import bind, serving
from overlay.review.site import make_site

PICTURES = ROOT / "out/pictures"
TOKEN = "t" * 43
DOWN, END, ENTER, TAB, SPACE = "\ue015", "\ue010", "\ue007", "\ue004", " "

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


@pytest.fixture
def corrected_site(tmp_path: Path) -> Iterator[str]:
    """One call in a journal of its own."""
    writer = Writer(open_journal(str(tmp_path / "journal.db")), print)
    for event in whole_call():
        writer.write(event)
    assert writer.close() == 0
    with closing(open_journal(str(tmp_path / "journal.db"))) as journal:
        yield from _served(JournalCalls(journal))


def _served(calls: Calls) -> Iterator[str]:
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


def test_a_label_is_corrected_and_taken_back_by_keys_alone_without_scripts(
    window: Browser, corrected_site: str
) -> None:
    window.look(1360, 900, scripts=False)
    try:
        show(window, corrected_site, "/calls/call-1")
        window.run("[...document.querySelectorAll('#line-u19 .chip a')].find(a => /^budget/.test(a.text)).focus()")
        window.press(ENTER)
        _until(window, "document.querySelector('form.correct') !== null")
        window.press(TAB)
        assert window.run("return document.activeElement.name") == "stage", "the form is where the keys go on"
        window.press("n", TAB, TAB, TAB)
        while "budget" not in str(window.run("return document.activeElement.name")):
            window.press(TAB)
        window.press(SPACE)
        window.run("document.querySelector('form.correct button').focus()")
        window.press(ENTER)
        _until(window, "document.querySelectorAll('#line-u19 .corrected li').length === 2")
        assert window.url() == f"{corrected_site}/calls/call-1#line-u19"
        text = window.run("return document.querySelector('#line-u19 .corrected').innerText")
        assert "Stage: negotiation (read as pricing) corrected by " in text
        assert "no budget corrected by " in text
        window.run("document.querySelector('#line-u19 button[value=stage]').focus()")
        window.press(SPACE)
        _until(window, "document.querySelectorAll('#line-u19 .corrected li').length === 1")
    finally:
        window.look(1360, 900)


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_pictures_of_correcting_fit_their_width(window: Browser, corrected_site: str, look: str) -> None:
    width = 390 if look == "phone" else 1360
    window.look(width, 900, dark=look == "dark")
    show(window, corrected_site, "/calls/call-1?correct=u4")
    window.run("document.querySelector('[name=\"competitor:Zendesk\"]').value = 'none'")
    window.run("document.querySelector('form.correct button').click()")
    _until(window, "document.querySelector('#line-u4 .corrected') !== null")
    window.open(f"{corrected_site}/calls/call-1?correct=u10")
    picture = PICTURES / f"review-correct-{look}.png"
    window.picture(picture)
    assert picture.stat().st_size > 10_000
    assert window.run("return document.documentElement.scrollWidth") <= width
    small = "[...document.querySelectorAll('.to-correct, .correct button, .corrected button, .correct select')]"
    assert window.run(f"return {small}.every(one => one.getBoundingClientRect().height >= 24)"), "WCAG 2.2, 2.5.8"


def test_a_page_of_another_port_corrects_nothing(window: Browser, corrected_site: str, tmp_path: Path) -> None:
    """Its forms carry the cookie: to a browser the ports of one machine are one site."""
    form = f'<form method="post" action="{corrected_site}/calls/call-1/corrections">'
    fields = '<input name="utterance" value="u4"><input name="stage" value="demo"></form>'
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign/index.html").write_text(form + fields)
    window.look(1360, 900)
    show(window, corrected_site, "/calls/call-1")
    with _folder_served(tmp_path / "foreign") as foreign:
        window.open(foreign)
        window.run("document.forms[0].submit()")
        _until(window, "/Only the pages of .offbook review. can send this/.test(document.body.innerText)")
    window.open(f"{corrected_site}/calls/call-1")
    assert window.run("return document.querySelectorAll('.corrected').length") == 0


def test_nothing_is_fetched_from_elsewhere(window: Browser, site: str) -> None:
    show(window, site, "/calls/call-1")
    fetched = window.run("return performance.getEntriesByType('resource').map(e => e.name)")
    assert fetched
    assert all(name.startswith(site) for name in fetched)


@contextmanager
def _folder_served(folder: Path) -> Iterator[str]:
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join(10)


def _until(window: Browser, condition: str) -> None:
    """Waits for what another page shows."""
    until(lambda: window.run(f"return {condition}"))


def _in_sight(window: Browser, name: str) -> bool:
    return bool(
        window.run(
            f"document.documentElement.style.scrollBehavior = 'auto'; location.hash = ''; location.hash = '{name}';"
            f"const r = document.getElementById('{name}').getBoundingClientRect();"
            "return r.top >= 0 && r.bottom <= innerHeight"
        )
    )
