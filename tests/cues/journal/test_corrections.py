"""Corrections are kept with who and when, come and go with their call, and the last one counts."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from calls import MARKER, a_call
from disks import Disk

from asr.errors import BadInputError
from cues.corrections import Correction, in_force
from cues.events import AnyEvent
from cues.journal.copies import backup, restore
from cues.journal.corrections import correct, corrected_calls, history
from cues.journal.erase import forget
from cues.journal.open import open_journal, open_to_read
from cues.journal.soundness import check
from cues.journal.store import Journal

Store = Callable[[Iterable[AnyEvent]], Journal]
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def says(label: str | None, reading: str = "stage", utterance: str = "u1", minutes: int = 0) -> Correction:
    return Correction(utterance, reading, label, "ann", NOON + timedelta(minutes=minutes))


def test_a_later_correction_counts_and_the_earlier_ones_stay(stored: Store) -> None:
    journal = stored(a_call("aa11"))
    first = [says("demo"), says("none", "moment:pain")]
    later = [says("pricing", minutes=5), says(None, "moment:pain", minutes=6), says("past", "competitor:Zendesk")]
    correct(journal, "aa11", first)
    correct(journal, "aa", later)
    assert history(journal, "aa11") == [*first, *later]
    assert in_force(history(journal, "aa11")) == {"u1": {"stage": later[0], "competitor:Zendesk": later[2]}}
    assert check(journal) == []


def test_calls_that_were_corrected_come_oldest_first(stored: Store) -> None:
    for call, days in (("cc33", 2), ("aa11", 1), ("bb22", 0)):
        journal = stored(a_call(call, days=days))
    correct(journal, "cc33", [says("demo")])
    correct(journal, "aa11", [says("demo")])
    assert corrected_calls(journal) == ["aa11", "cc33"]
    assert history(journal, "bb22") == []


def test_forgetting_a_call_takes_its_corrections_and_no_byte_stays(stored: Store) -> None:
    stored(a_call("bb22"))
    journal = stored(a_call("aa11", named="Zendesk"))
    correct(journal, "aa11", [says("past", f"competitor:{MARKER}")])
    correct(journal, "bb22", [says("demo")])
    assert any(MARKER.encode() in part.read_bytes() for part in journal.file.parent.iterdir())
    forget(journal, "aa11")
    assert history(journal, "aa11") == []
    assert not any(MARKER.encode() in part.read_bytes() for part in journal.file.parent.iterdir())
    assert corrected_calls(journal) == ["bb22"]
    with pytest.raises(BadInputError, match="The words of this call are gone, so nothing in it can be corrected"):
        correct(journal, "aa11", [says("demo")])


def test_an_unknown_call_is_not_corrected(stored: Store) -> None:
    with pytest.raises(BadInputError, match="There is no call 'zz'"):
        correct(stored(a_call("aa11")), "zz", [says("demo")])


def test_a_backup_holds_them_and_brings_them_back(stored: Store, tmp_path: Path) -> None:
    stored(a_call("bb22"))
    journal = stored(a_call("aa11"))
    correct(journal, "aa11", [says("demo"), says("pricing")])
    backup(journal, tmp_path / "backup.db")
    correct(journal, "bb22", [says("closing")])
    elsewhere = tmp_path / "new" / "journal.db"
    with closing(open_journal(str(elsewhere))):
        pass
    assert restore(tmp_path / "backup.db", str(elsewhere)).calls == 2
    with closing(open_journal(str(elsewhere))) as opened:
        assert history(opened, "aa11") == [says("demo"), says("pricing")]
        assert history(opened, "bb22") == []
        assert check(opened) == []


def test_a_correction_without_its_call_is_found(stored: Store) -> None:
    journal = stored(a_call("aa11"))
    with closing(sqlite3.connect(journal.file)) as connection, connection:
        connection.execute("INSERT INTO corrections VALUES ('zz', 1, 'u1', 'stage', 'demo', 'ann', '2026-11-28')")
    assert check(journal) == ["A row of corrections belongs to none of calls."]


@pytest.mark.parametrize("by", ["opening", "restoring"])
def test_a_journal_from_before_corrections_is_brought_up_to_date(stored: Store, tmp_path: Path, by: str) -> None:
    journal = stored(a_call("aa11"))
    events = journal.events("aa11")
    journal.close()
    with closing(sqlite3.connect(journal.file)) as connection, connection:
        connection.execute("DROP TABLE corrections")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    file = journal.file if by == "opening" else tmp_path / "new.db"
    if by == "restoring":
        assert restore(journal.file, str(file)).calls == 1
    with closing(open_journal(str(file))) as opened:
        assert opened.events("aa11") == events
        correct(opened, "aa11", [says("demo")])
        assert history(opened, "aa11") == [says("demo")]
        assert check(opened) == []


def test_a_journal_that_can_not_be_written_says_so_in_one_sentence(disk: Disk, stored: Store) -> None:
    file = disk.folder / "journal.db"
    journal = stored(a_call("aa11"))
    correct(journal, "aa11", [says("demo")])
    backup(journal, file)
    assert disk.again("ro")
    with closing(open_to_read(str(file))) as opened:
        assert history(opened, "aa11") == [says("demo")]
        with pytest.raises(BadInputError) as caught:
            correct(opened, "aa11", [says("pricing")])
    assert str(caught.value).startswith(f"The journal {file} can't be used: it can't be written there; ")
    assert "\n" not in str(caught.value)
