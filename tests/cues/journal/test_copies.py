"""Backups, bringing them back, and checks."""

import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
from calls import a_call, talk

from asr.errors import BadInputError
from cues.events import AnyEvent
from cues.journal.copies import backup, restore
from cues.journal.erase import forget
from cues.journal.open import open_journal
from cues.journal.soundness import check
from cues.journal.store import CallFilter, Journal
from cues.journal.writer import Writer

Store = Callable[[Iterable[AnyEvent]], Journal]
ALL = CallFilter(erased=True)


def edit(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def contents(journal: Journal) -> list[object]:
    return [(row, journal.events(row.id)) for row in journal.calls(ALL)]


@pytest.fixture
def saved(stored: Store, tmp_path: Path) -> Path:
    """A backup of two calls."""
    stored(a_call("aa11"))
    backup(stored(a_call("bb22", days=1)), tmp_path / "backup.db")
    return tmp_path / "backup.db"


def test_a_backup_comes_back_as_it_was(journal: Journal, saved: Path, tmp_path: Path) -> None:
    assert saved.stat().st_mode & 0o777 == 0o600
    elsewhere = tmp_path / "new" / "journal.db"
    assert restore(saved, str(elsewhere)).calls == 2
    assert elsewhere.stat().st_mode & 0o777 == 0o600
    opened = open_journal(str(elsewhere))
    assert contents(opened) == contents(journal)
    assert check(opened) == []
    opened.close()
    assert {file.name for file in elsewhere.parent.iterdir()} == {"journal.db"}, "no copy is left"


def test_restoring_adds_what_is_missing_and_replaces_nothing(journal: Journal, saved: Path, stored: Store) -> None:
    stored(a_call("cc33", days=2))
    forget(journal, "aa11")
    edit(journal.file, "DELETE FROM events WHERE call = 'bb22'", "DELETE FROM call_outcomes WHERE call = 'bb22'")
    edit(journal.file, "DELETE FROM call_competitors WHERE call = 'bb22'", "DELETE FROM calls WHERE id = 'bb22'")
    restored = restore(saved, str(journal.file))
    assert (restored.calls, restored.set_aside) == (1, None)
    assert [(row.id, row.erased) for row in journal.calls(ALL)] == [
        ("cc33", None),
        ("bb22", None),
        ("aa11", "forgotten"),
    ]
    assert [event.type for event in journal.events("aa11")] == ["erased"]
    assert check(journal) == []


def test_a_damaged_journal_is_set_aside(journal: Journal, saved: Path) -> None:
    journal.close()
    broken = os.urandom(30_000)
    journal.file.write_bytes(broken)
    restored = restore(saved, str(journal.file))
    assert restored.calls == 2
    assert restored.set_aside == journal.file.with_name("journal.db.damaged-1")
    assert restored.set_aside.read_bytes() == broken
    assert len(journal.calls()) == 2


def test_a_journal_with_damage_inside_is_set_aside(journal: Journal, saved: Path) -> None:
    journal.close()
    content = journal.file.read_bytes()
    journal.file.write_bytes(content[: 4096 * 10] + b"\xff" * (len(content) - 4096 * 10))
    restored = restore(saved, str(journal.file))
    assert restored.set_aside is not None
    opened = open_journal(str(journal.file))
    assert check(opened) == []
    assert len(opened.calls()) == 2
    opened.close()


def test_backup_and_restore_while_a_call_runs(journal: Journal, saved: Path, tmp_path: Path) -> None:
    forget(journal, "aa11")
    reports: list[object] = []
    writer = Writer(open_journal(str(journal.file)), reports.append)
    for k, event in enumerate(islice(talk("dd44"), 2000)):
        writer.write(event)
        if k == 700:
            backup(journal, tmp_path / "second.db")
        if k == 1400:
            restore(saved, str(journal.file))
    assert writer.close() == 0
    assert reports == []
    assert len(journal.events("dd44")) == 2000
    assert check(journal) == []
    second = open_journal(str(tmp_path / "second.db"))
    assert check(second) == []
    second.close()


def test_backups_that_are_none(journal: Journal, saved: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "noise").write_bytes(os.urandom(9000))
    edit(tmp_path / "other", "CREATE TABLE photos (name)")
    for name, sentence in (
        ("missing", "There is no backup .*missing; check the path"),
        ("empty", "empty is empty, no backup of a journal"),
        ("noise", "noise can't be read: the file is damaged or no journal; give another backup"),
        ("other", "other is another program's database"),
    ):
        with pytest.raises(BadInputError, match=sentence):
            restore(tmp_path / name, str(journal.file))
    edit(saved, "UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(BadInputError, match=r"backup.db was written by a newer version; update Offbook"):
        restore(saved, str(journal.file))
    assert len(journal.calls()) == 2


def test_an_unsound_backup_is_refused(journal: Journal, saved: Path) -> None:
    edit(saved, "DELETE FROM events WHERE call = 'aa11' AND seq > 8")
    with pytest.raises(
        BadInputError, match=r"is not sound: Call aa11: it holds 6 events where 11 were stored\. Give another"
    ):
        restore(saved, str(journal.file))


def test_a_backup_never_overwrites(journal: Journal, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(BadInputError, match="notes is there already; give the backup another name"):
        backup(journal, tmp_path / "notes")
    assert (tmp_path / "notes").read_text() == "mine"
    with pytest.raises(BadInputError, match=r"can't be written \(No such file or directory\)"):
        backup(journal, tmp_path / "none" / "backup")


def test_what_a_check_finds(stored: Store) -> None:
    journal = stored(a_call("aa11"))
    stored(a_call("bb22"))
    assert check(stored(a_call("cc33"))) == []
    edit(
        journal.file,
        "DELETE FROM events WHERE call = 'aa11' AND seq IN (5, 6)",
        'UPDATE events SET json = \'{"v": 1, "type": "utterance"}\' WHERE call = \'bb22\' AND seq = 7',
        "UPDATE events SET json = json_set(json, '$.seq', 50) WHERE call = 'bb22' AND seq = 8",
        "INSERT INTO events VALUES ('cc33', 99, 1.0, 'mood', '{\"v\": 2, \"type\": \"mood\"}')",
        "INSERT INTO events SELECT 'dd44', seq, t, type, json FROM events WHERE call = 'cc33' AND seq = 0",
    )
    assert check(journal) == [
        "A row of events belongs to none of calls.",
        "Call aa11: it holds 9 events where 11 were stored.",
        "Call cc33: it holds 12 events where 11 were stored.",
        "Call bb22: event 7 (utterance) can't be read.",
        "Call bb22: event 8 (reading) says that it is event 50 (reading) of call bb22.",
        "Call dd44: event 0 (call_started) says that it is event 0 (call_started) of call cc33.",
    ]
