"""Reading the journal: filters, abbreviated ids, events of a newer version, calls that go on, and its files."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from calls import BEGUN, a_call, numbered, reading, utterance

from asr.errors import BadInputError
from asr.events import Event, Hypothesis
from cues.events import AnyEvent, CallEnded, DealChanged
from cues.journal.form import Unknown
from cues.journal.open import open_journal
from cues.journal.schema import metadata
from cues.journal.store import CallFilter, Journal
from models.events import Reading

Store = Callable[[Iterable[AnyEvent]], Journal]


@pytest.fixture
def three(stored: Store) -> Journal:
    stored(a_call("aa11", rep="anna", days=0))
    stored(a_call("aa22", rep="Ben", days=1, stage="pricing", named="Freshdesk", said='It is 100% "über" Price'))
    return stored(a_call("bb33", rep="anna", days=2, named="", outcome="missed", ends=False))


def ids(journal: Journal, **filter: object) -> list[str]:
    return [row.id for row in journal.calls(CallFilter(**filter))]  # type: ignore[arg-type]


def test_calls_come_newest_first_with_what_a_list_shows(three: Journal) -> None:
    newest, middle, oldest = three.calls()
    assert (newest.id, middle.id, oldest.id) == ("bb33", "aa22", "aa11")
    assert oldest.started == BEGUN
    assert (oldest.rep, oldest.source, oldest.last_stage) == ("anna", "call.wav", "discovery")
    assert oldest.deal == {"account": "Contoso", "value": 12000.0}
    assert oldest.playbook is not None
    assert (oldest.playbook.name, oldest.playbook.version) == ("Northwind", "3")
    assert (oldest.competitors, oldest.outcomes) == (("Zendesk",), {"prompted": 1})
    assert (oldest.cards, oldest.opportunities, oldest.utterances, oldest.talk_share_rep) == (1, 1, 2, 0.5)
    assert (oldest.ended, oldest.duration_s) == ("the recording is over", 9.5)
    assert (newest.ended, newest.duration_s, newest.competitors) == (None, 8.1, ())


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ({"rep": "ANNA"}, ["bb33", "aa11"]),
        ({"stage": "pricing"}, ["aa22"]),
        ({"competitor": "zendesk"}, ["aa11"]),
        ({"outcome": "prompted"}, ["aa22", "aa11"]),
        ({"since": BEGUN + timedelta(days=1)}, ["bb33", "aa22"]),
        ({"until": BEGUN + timedelta(days=1)}, ["aa11"]),
        ({"text": "price"}, ["aa22"]),
        ({"text": '"über"'}, ["aa22"]),
        ({"text": "0%"}, ["aa22"]),
        ({"text": "speaker"}, []),
        ({"rep": "anna", "outcome": "missed"}, ["bb33"]),
        ({"competitor": "Zendesk", "stage": "pricing"}, []),
    ],
)
def test_filters(three: Journal, filter: dict[str, object], found: list[str]) -> None:
    assert ids(three, **filter) == found


def test_events_come_back_as_they_were_but_for_what_is_not_stored(stored: Store) -> None:
    call = a_call("aa11")
    back = stored(call).events("aa11")
    assert back == [e for e in call if not isinstance(e, Hypothesis) and e.seq != 2]
    assert [e.partial for e in back if isinstance(e, Reading)] == [True, False, False]


def test_ids_may_be_abbreviated_as_long_as_they_are_unique(three: Journal) -> None:
    assert three.events("b")[0].call == "bb33"
    assert three.find("aa1") == "aa11"
    with pytest.raises(BadInputError, match=r"Several calls begin with aa \(aa11, aa22\); give more of the id"):
        three.events("aa")
    for unknown in ("zz", "", "%", "aa112"):
        with pytest.raises(BadInputError, match=r"There is no call .* `offbook calls` lists them"):
            three.events(unknown)


def test_an_id_that_begins_another_one_is_itself(stored: Store) -> None:
    stored(a_call("aa11"))
    assert stored(a_call("aa")).find("aa") == "aa"


def test_events_of_unknown_type_or_shape_are_kept_as_they_are(three: Journal) -> None:
    strange = [
        (90, {"v": 2, "type": "mood", "call": "aa11", "seq": 90, "t": 9.0, "mood": "good"}),
        (91, {"v": 2, "type": "utterance", "call": "aa11", "seq": 91, "t": 9.0}),
        (92, ["what is this"]),
    ]
    with sqlite3.connect(three.file) as connection:
        for seq, content in strange:
            type = content["type"] if isinstance(content, dict) else "list"
            connection.execute("INSERT INTO events VALUES ('aa11', ?, 9.0, ?, ?)", (seq, type, json.dumps(content)))
    mood, utterance, other = three.events("aa11")[-3:]
    assert mood == Unknown(call="aa11", seq=90, t=9.0, type="mood", content=dict(strange[0][1]))
    assert isinstance(utterance, Unknown)
    assert isinstance(other, Unknown)


def test_a_call_goes_on_in_another_process_as_the_same_call(stored: Store) -> None:
    journal = stored(a_call("aa11", ends=False))
    assert journal.last_seq("aa11") == 12
    assert journal.last_seq("zz") == -1
    more: list[Event] = [
        utterance("u3", "buyer", "and Freshdesk too", 20.0),
        reading("u3", 20.1, stage="pricing", named="Freshdesk"),
        DealChanged(t=21, deal={"account": "Fabrikam"}),
        CallEnded(t=22, reason="over", summary=a_call("x")[-1].summary),  # type: ignore[union-attr]
    ]
    stored([replace(event, seq=event.seq + 13) for event in numbered("aa11", more)])
    (row,) = journal.calls()
    assert row.competitors == ("Zendesk", "Freshdesk")
    assert (row.rep, row.utterances, row.duration_s, row.ended) == ("anna", 3, 22.0, "over")
    assert (row.deal, row.last_stage, row.outcomes) == ({"account": "Fabrikam"}, "pricing", {"prompted": 1})


def test_the_migrations_make_the_schema(journal: Journal) -> None:
    with journal.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@pytest.fixture
def usual_umask() -> Iterator[None]:
    """Files are made for all to read where nobody says otherwise."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}


OWNERS = {"journal.db": 0o600, "journal.db-wal": 0o600, "journal.db-shm": 0o600}


@pytest.mark.usefixtures("usual_umask")
def test_only_the_owner_can_read_the_files(journal: Journal, stored: Store) -> None:
    assert stored(a_call("aa11")).calls()
    assert journal.file.parent.stat().st_mode & 0o777 == 0o700
    assert modes(journal.file.parent) == OWNERS


@pytest.mark.usefixtures("usual_umask")
def test_files_that_others_could_read_are_closed_to_them(journal: Journal, stored: Store) -> None:
    assert stored(a_call("aa11")).calls()
    for file in journal.file.parent.iterdir():
        file.chmod(0o644)
    open_journal(str(journal.file)).close()
    assert modes(journal.file.parent) == OWNERS


@pytest.mark.parametrize("by", ["argument", "url", "environment", "nothing"])
def test_where_the_journal_lies(by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OFFBOOK_JOURNAL", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    file = tmp_path / "share/offbook/journal.db" if by == "nothing" else tmp_path / "50% mine/calls.db"
    if by == "environment":
        monkeypatch.setenv("OFFBOOK_JOURNAL", str(file))
    given = {"argument": str(file), "url": f"sqlite:///{file}"}.get(by)
    opened = open_journal(given)
    opened.close()
    assert opened.file == file
    assert file.is_file()
    assert file.parent.stat().st_mode & 0o777 == 0o700
