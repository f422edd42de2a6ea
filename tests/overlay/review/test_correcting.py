"""Correcting labels over HTTP, in a real journal: what is stored, shown, taken back, and what is refused."""

import html
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from disks import Disk
from reviewed import HOSTILE, hostile_call, whole_call
from starlette.testclient import TestClient

from cues.corrections import Correction
from cues.events import AnyEvent
from cues.journal.corrections import history
from cues.journal.erase import forget
from cues.journal.open import open_journal, open_to_read
from cues.journal.store import Journal
from cues.journal.writer import Writer
from overlay.review.access import COOKIE
from overlay.review.form_body import MOST_BYTES
from overlay.review.journal_calls import JournalCalls
from overlay.review.site import make_site
from overlay.system_user import system_user

TOKEN = "t" * 43
HOME = "http://127.0.0.1:8733"
FORM = "/calls/call-1/corrections"


def record(file: Path, events: list[AnyEvent]) -> None:
    writer = Writer(open_journal(str(file)), print)
    for event in events:
        writer.write(event)
    assert writer.close() == 0


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    record(tmp_path / "journal.db", whole_call())
    with closing(open_journal(str(tmp_path / "journal.db"))) as opened:
        yield opened


def manager(journal: Journal, token: str | None = TOKEN, origin: str | None = HOME) -> TestClient:
    client = TestClient(
        make_site(JournalCalls(journal), TOKEN),
        base_url=HOME,
        headers={"origin": origin} if origin else {},
        raise_server_exceptions=False,
    )
    if token:
        client.cookies.set(COOKIE, token)
    return client


def line(client: TestClient, name: str) -> str:
    """The words and labels of one line of the page, without markup."""
    page = client.get("/calls/call-1").text
    part = page.partition(f'id="line-{name}"')[2].partition("to-correct")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", part)).split())


def filled_in(client: TestClient, name: str) -> dict[str, str]:
    """What a browser would send if the open form were left as it is."""
    page = client.get(f"/calls/call-1?correct={name}").text
    form = page.partition('<form class="correct"')[2].partition("</form>")[0]
    fields: dict[str, str] = {}
    for tag in re.finditer(r'<input type="(\w+)" name="([^"]+)" value="([^"]*)"( checked)?>', form):
        if tag[1] == "hidden" or tag[4]:
            fields[html.unescape(tag[2])] = html.unescape(tag[3])
    for choice in re.finditer(r'<select name="([^"]+)">.*?<option value="([^"]*)" selected>', form, re.DOTALL):
        fields[html.unescape(choice[1])] = html.unescape(choice[2])
    return fields


def says(one: Correction) -> tuple[str, str, str | None]:
    return one.utterance, one.reading, one.label


def test_the_form_asks_for_what_was_read(journal: Journal) -> None:
    fields = filled_in(manager(journal), "u4")
    assert fields["utterance"] == "u4"
    assert (fields["stage"], fields["role"], fields["competitor:Zendesk"]) == ("discovery", "none", "incumbent")
    assert fields["moment:pain"] == "none"
    assert "role" not in filled_in(manager(journal), "u5"), "a rep shows no role"
    assert "moment:objection_price" not in filled_in(manager(journal), "u5"), "a rep objects to nothing"


def test_a_form_that_changes_nothing_stores_nothing(journal: Journal) -> None:
    client = manager(journal)
    for name in ("u4", "u5", "u19", "u23"):
        assert client.post(FORM, data=filled_in(client, name)).status_code == 200
    assert history(journal, "call-1") == []


def test_only_what_differs_is_stored_with_who_and_when_and_shown(journal: Journal) -> None:
    client = manager(journal)
    answer = client.post(
        FORM,
        data=filled_in(client, "u4")
        | {"stage": "qualification", "competitor:Zendesk": "past", "moment:authority": "authority"},
        follow_redirects=False,
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/calls/call-1#line-u4")
    made = history(journal, "call-1")
    assert {says(one) for one in made} == {
        ("u4", "stage", "qualification"),
        ("u4", "competitor:Zendesk", "past"),
        ("u4", "moment:authority", "authority"),
    }
    assert {one.who for one in made} == {system_user()}
    text = line(client, "u4")
    assert "Zendesk, past" in text
    assert "Zendesk, past (read as incumbent) corrected by " in text
    assert f"Stage: qualification (read as discovery) corrected by {system_user()}, " in text
    assert text.count("Undo") == 3
    assert filled_in(client, "u4")["stage"] == "qualification"


def test_a_label_can_be_said_to_be_none(journal: Journal) -> None:
    client = manager(journal)
    client.post(FORM, data={"utterance": "u19", "moment:budget": "none"})
    client.post(FORM, data={"utterance": "u4", "competitor:Zendesk": "none"})
    client.post(FORM, data={"utterance": "u23", "role": "none"})
    assert "no budget corrected by" in line(client, "u19")
    assert "budget 83%" not in line(client, "u19")
    assert "not Zendesk (read as incumbent)" in line(client, "u4")
    assert "Zendesk, incumbent" not in line(client, "u4")
    assert "shows no role (read as champion)" in line(client, "u23")


def test_the_stage_of_the_lines_after_it_is_corrected_too_where_that_is_asked(journal: Journal) -> None:
    client = manager(journal)
    client.post(FORM, data={"utterance": "u10", "stage": "qualification", "run": "yes"})
    corrected = [one.utterance for one in history(journal, "call-1")]
    assert corrected == ["u10", "u11", "u12", "u13", "u14", "u15", "u16"], "u9 came before, u17 is pricing"
    client.post(FORM, data={"utterance": "u17", "stage": "closing"})
    assert [one.utterance for one in history(journal, "call-1")[7:]] == ["u17"]


def test_undo_takes_back_what_was_saved_together_and_the_history_stays(journal: Journal) -> None:
    client = manager(journal)
    client.post(FORM, data={"utterance": "u9", "stage": "qualification", "run": "yes", "moment:pain": "pain"})
    client.post(FORM, data={"utterance": "u11", "stage": "closing"})
    client.post(FORM, data={"utterance": "u10", "undo": "stage"})
    assert "Undo" not in line(client, "u10")
    assert "Stage: closing" in line(client, "u11"), "it was corrected again by itself"
    assert "pain corrected by" in line(client, "u9"), "another reading is left alone"
    assert len(history(journal, "call-1")) == 9 + 1 + 7
    again = client.post(FORM, data={"utterance": "u10", "undo": "stage"})
    assert (again.status_code, "There is no such correction" in again.text) == (400, True)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"stage": "demo"}, "There is no such utterance in this call"),
        ({"utterance": "u99", "stage": "demo"}, "There is no such utterance in this call"),
        ({"utterance": "u4", "stage": "dmeo"}, "'dmeo' is no label of stage; choose one of opening, discovery"),
        ({"utterance": "u4", "stage": ""}, "'' is no label of stage"),
        ({"utterance": "u4", "moment:pain": "demo"}, "'demo' is no label of moment:pain; choose one of pain, none"),
        ({"utterance": "u4", "mood": "good"}, "'mood' is nothing that can be corrected in this line"),
        ({"utterance": "u5", "role": "champion"}, "'role' is nothing that can be corrected in this line"),
        ({"utterance": "u5", "competitor:Zendesk": "past"}, "'competitor:Zendesk' is nothing that can be corrected"),
        ({"utterance": "u4", "undo": "stage"}, "There is no such correction to take back"),
        ({"utterance": "u4", HOSTILE: HOSTILE}, "is nothing that can be corrected in this line"),
    ],
)
def test_what_is_no_correction_is_refused_with_a_sentence(
    journal: Journal, fields: Mapping[str, str], sentence: str
) -> None:
    answer = manager(journal).post(FORM, data=fields)
    assert answer.status_code == 400
    assert sentence in html.unescape(answer.text)
    assert 'href="/calls/call-1">Back to the call' in answer.text
    assert "<script>alert" not in answer.text
    assert history(journal, "call-1") == []


@pytest.mark.parametrize(
    ("content", "kind", "status", "sentence"),
    [
        (b"utterance=u4&stage=" + b"d" * MOST_BYTES, "application/x-www-form-urlencoded", 413, "larger than 16 KB"),
        (b"utterance=u4&stage=%ff", "application/x-www-form-urlencoded", 400, "can't be read"),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400, "can't be read"),
        (b"&".join(b"a%d=1" % k for k in range(500)), "application/x-www-form-urlencoded", 400, "can't be read"),
        (b'{"utterance": "u4", "stage": "demo"}', "application/json", 415, "is no form"),
        (b"utterance=u4&stage=demo", "text/plain", 415, "is no form"),
    ],
)
def test_bodies_that_are_no_form_are_refused_with_a_sentence(
    journal: Journal, content: bytes, kind: str, status: int, sentence: str
) -> None:
    answer = manager(journal).post(FORM, content=content, headers={"content-type": kind})
    assert answer.status_code == status
    assert sentence in html.unescape(answer.text)
    assert history(journal, "call-1") == []


def test_a_body_without_end_is_not_read_to_its_end(journal: Journal) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 100 * MOST_BYTES:
            sent += MOST_BYTES
            yield b"d" * MOST_BYTES

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert manager(journal).post(FORM, content=endless(), headers=headers).status_code == 413


@pytest.mark.parametrize(
    ("token", "origin"),
    [
        (TOKEN, None),
        (TOKEN, "null"),
        (TOKEN, "http://evil.example"),
        (TOKEN, "http://127.0.0.1:9999"),
        (TOKEN, "http://localhost:8733"),
        (TOKEN, "https://127.0.0.1:8733"),
        (TOKEN, f"{HOME}.evil.example"),
        (None, HOME),
        ("x" * 43, HOME),
    ],
)
def test_no_other_page_and_nobody_without_the_token_corrects(
    journal: Journal, token: str | None, origin: str | None
) -> None:
    answer = manager(journal, token, origin).post(FORM, data={"utterance": "u4", "stage": "demo"})
    assert answer.status_code == 403
    assert history(journal, "call-1") == []


def test_a_token_in_the_address_does_not_stand_for_the_cookie(journal: Journal) -> None:
    answer = manager(journal, None).post(f"{FORM}?token={TOKEN}", data={"utterance": "u4", "stage": "demo"})
    assert answer.status_code == 403


def test_an_unknown_and_a_forgotten_call(journal: Journal) -> None:
    client = manager(journal)
    answer = client.post("/calls/none/corrections", data={"utterance": "u4", "stage": "demo"})
    assert (answer.status_code, "There is no call 'none'" in html.unescape(answer.text)) == (400, True)
    client.post(FORM, data={"utterance": "u4", "stage": "demo"})
    forget(journal, "call-1")
    answer = client.post(FORM, data={"utterance": "u4", "stage": "demo"})
    assert (answer.status_code, "There is no such utterance" in answer.text) == (400, True)
    assert "corrected by" not in client.get("/calls/call-1").text


def test_a_journal_that_can_not_be_written_says_so_on_the_page(disk: Disk) -> None:
    file = disk.folder / "journal.db"
    record(file, whole_call())
    assert disk.again("ro")
    with closing(open_to_read(str(file))) as opened:
        client = manager(opened)
        answer = client.post(FORM, data={"utterance": "u4", "stage": "demo"})
        assert answer.status_code == 400
        assert f"The journal {file} can't be used: it can't be written there; make the file" in html.unescape(
            answer.text
        )
        assert client.get("/calls/call-1").status_code == 200


def test_hostile_words_stay_words_in_the_form_and_in_what_was_corrected(tmp_path: Path) -> None:
    record(tmp_path / "journal.db", hostile_call("call-1"))
    with closing(open_journal(str(tmp_path / "journal.db"))) as opened:
        client = manager(opened)
        fields = filled_in(client, "u1")
        assert (fields["stage"], fields[f"competitor:{HOSTILE}"]) == (HOSTILE, "incumbent")
        assert client.post(FORM, data=fields | {f"competitor:{HOSTILE}": "none", "stage": "demo"}).status_code == 200
        assert len(history(opened, "call-1")) == 2
        page = client.get("/calls/call-1?correct=u1").text
        assert f"not {HOSTILE} (read as incumbent)" in html.unescape(page)
        assert "<script>alert" not in page
        assert '"quoted"' not in page
        client.post(FORM, data={"utterance": "u1", "undo": f"competitor:{HOSTILE}"})
        assert history(opened, "call-1")[-1].label is None


def test_each_control_has_a_name_and_each_id_is_one(journal: Journal) -> None:
    client = manager(journal)
    client.post(FORM, data={"utterance": "u4", "stage": "demo"})
    page = client.get("/calls/call-1?correct=u4").text
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="[^"]*#([^"]+)"', page)) <= set(ids)
    form = page.partition('<form class="correct"')[2].partition("</form>")[0]
    fields = re.findall(r"<select|<input type=\"checkbox\"", form)
    assert len(fields) == form.count("<label") > 10
    assert 'aria-label="Undo: Stage: demo (read as discovery)"' in page
    assert page.count('aria-label="Correct the labels of ') == 25 + 1
    assert '<form class="correct"' not in client.get("/calls/call-1?correct=nobody").text
