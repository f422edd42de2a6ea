"""The pages over HTTP: who gets in, what every answer carries, and that words stay words."""

import html
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from reviewed import HOSTILE, CallsInMemory, hostile_calls, some_calls
from starlette.testclient import TestClient

from asr.errors import BadInputError
from asr.events import Event
from overlay.review.access import COOKIE
from overlay.review.site import make_site

TOKEN = "t" * 43
HOME = "http://127.0.0.1:8733"


def visitor(calls: CallsInMemory | None = None, token: str | None = TOKEN, home: str = HOME) -> TestClient:
    client = TestClient(
        make_site(calls or some_calls(), TOKEN), base_url=home, follow_redirects=False, raise_server_exceptions=False
    )
    if token:
        client.cookies.set(COOKIE, token)
    return client


def test_the_token_becomes_a_cookie_and_leaves_the_address() -> None:
    client = visitor(token=None)
    answer = client.get(f"/calls/call-1?text=a&token={TOKEN}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/calls/call-1?text=a"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/calls/call-1").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/calls/call-1", "/calls/nothing", "/nowhere", f"/?token={'x' * 43}", "/?token="]
)
@pytest.mark.parametrize("token", [None, "", "x" * 43, TOKEN[:-1], "é"])
def test_nothing_without_the_token(path: str, token: str | None) -> None:
    client = visitor(token=None)
    headers = {} if token is None else {"cookie": f"{COOKIE}={token}".encode()}
    answer = client.get(path, headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert "Fabrikam" not in answer.text
    assert "offbook review" in answer.text


def test_a_token_never_leads_to_another_site() -> None:
    location = visitor(token=None).get(f"//evil.example/?token={TOKEN}").headers["location"]
    assert not location.startswith("//")


@pytest.mark.parametrize("host", ["127.0.0.1:8733", "127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:8733", "[::1]"])
def test_this_machine_by_any_of_its_names(host: str) -> None:
    assert visitor().get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example:8733", "evil.example:127", "", "127.0.0.2", "localhost:x", "a@localhost"],
)
def test_any_other_name_is_refused_even_with_the_token(host: str) -> None:
    for path in ("/", f"/?token={TOKEN}", "/static/review.css"):
        answer = visitor().get(path, headers={"host": host})
        assert answer.status_code == 400
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_pages_are_only_read(method: str) -> None:
    assert visitor().request(method, "/", content=b"x" * 1000, headers={"origin": HOME}).status_code == 405


@pytest.mark.parametrize(
    "path", ["/", "/calls/call-1", "/calls/none", "/?since=soon", "/static/review.css", "/static/none"]
)
@pytest.mark.parametrize("token", [TOKEN, None])
def test_every_answer_carries_the_headers(path: str, token: str | None) -> None:
    headers = visitor(token=token).get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/calls/none", "/calls/", "/calls/..%2f..%2fetc", "/static/../site.py", "/x", "/static/%2e%2e/site.py"]
)
def test_what_is_not_there_is_a_plain_page(path: str) -> None:
    answer = visitor().get(path)
    assert answer.status_code == 404
    assert "Not here" in answer.text
    assert "Traceback" not in answer.text


def test_an_unknown_call_is_named_as_text() -> None:
    answer = visitor().get("/calls/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", ["/", "/calls/hostile", "/?text=%3Cscript%3Ealert(1)%3C/script%3E&rep=%22%3E%3Cb%3E"])
def test_what_was_said_stays_text(path: str) -> None:
    text = visitor(hostile_calls()).get(path).text
    assert "<script>alert" not in text
    assert '"quoted"' not in text
    assert re.findall(r"<script[^>]*>", text) == ['<script src="/static/review.js" type="module">']
    assert 'href="javascript' not in text
    assert HOSTILE in html.unescape(re.sub(r"<[^>]*>", "", text)) or "text=" in path


@pytest.mark.parametrize("path", ["/", "/calls/call-1"])
def test_pages_hold_no_inline_script_or_style(path: str) -> None:
    text = visitor().get(path).text
    assert not re.search(r"<[^>]+\s(on\w+|style)=", text)
    assert "<style" not in text


def test_everything_comes_from_the_package() -> None:
    client = visitor()
    for path in ("/", "/calls/call-1"):
        for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get(path).text):
            assert client.get(address).status_code == 200
    script = Path("overlay/review/static/review.js")
    assert "http" not in (Path(__file__).parents[3] / script).read_text()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("rep=ann", 2),
        ("stage=closing&competitor=Salesforce", 1),
        ("outcome=dismissed", 3),
        ("text=TOO EXPENSIVE", 1),
        ("since=2026-11-22&until=2026-11-22", 2),
        ("competitor=nobody", 0),
    ],
)
def test_filters_in_the_query_string(query: str, found: int) -> None:
    answer = visitor().get(f"/?{query}")
    assert answer.text.count("data-step") == found
    assert f"{found} of 9 calls" in answer.text
    assert "Clear" in answer.text


def test_a_date_that_is_none_is_one_sentence() -> None:
    answer = visitor().get("/?since=soon")
    assert answer.status_code == 400
    assert "since=soon: is no date" in answer.text


def test_a_call_shows_cards_words_and_faults() -> None:
    text = html.unescape(visitor().get("/calls/call-1").text)
    for part in (
        "Trade, never discount", "That is too expensive", "0.5 s after the words", "the rep’s feedback: useful",
        "The listener stopped", "The rep paused the cards.", "held back by chance", 'href="#line-u19"', 'id="line-u19"',
    ):  # fmt: skip
        assert part in text


def test_every_jump_has_a_target() -> None:
    text = visitor().get("/calls/call-1").text
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


def test_an_empty_journal_says_what_to_do() -> None:
    assert "No calls yet" in visitor(CallsInMemory([], {})).get("/").text


class Broken(CallsInMemory):
    """A journal that fails."""

    def __init__(self, error: Exception) -> None:
        super().__init__([], {})
        self._error = error

    def events(self, call_id: str) -> Sequence[Event]:
        raise self._error


def test_a_journal_that_fails_is_one_sentence() -> None:
    locked = visitor(Broken(BadInputError("The journal j.db can't be used: another program has locked it."))).get(
        "/calls/x"
    )
    assert "another program has locked it" in html.unescape(locked.text)
    broken = visitor(Broken(RuntimeError("secret words"))).get("/calls/x")
    assert broken.status_code == 500
    assert "RuntimeError" in broken.text
    assert "secret words" not in broken.text
    assert "content-security-policy" in broken.headers
