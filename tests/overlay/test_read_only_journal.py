"""The commands that read, over a journal that can't be written: another's disk, a snapshot, an archive."""

import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
from calls import a_call, until
from disks import Disk
from user import Run, listed, refused

from cues.events import AnyEvent
from cues.journal.open import open_journal
from cues.journal.writer import Writer


def record(file: Path, events: Iterable[AnyEvent]) -> None:
    writer = Writer(open_journal(str(file)), print)
    for event in events:
        writer.write(event)
    assert writer.close() == 0


@pytest.fixture
def file(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal of one call on a disk of its own."""
    file = disk.folder / "journal.db"
    record(file, a_call("aa11" * 8))
    monkeypatch.setenv("OFFBOOK_JOURNAL", str(file))
    return file


def test_everything_that_only_reads_does(offbook: Run, disk: Disk, file: Path, tmp_path: Path) -> None:
    before = file.read_bytes()
    assert disk.again("ro")
    assert listed(offbook("calls")) == ["aa11aa11"]
    assert listed(offbook("calls", "--text", "zendesk", "--outcome", "prompted")) == ["aa11aa11"]
    assert "We run Zendesk today" in offbook("show", "aa1").stdout
    assert "1 call, nothing wrong" in offbook("journal", "check").stdout
    assert offbook("journal", "backup", tmp_path / "saved.db").returncode == 0
    assert listed(offbook("calls", "--journal", tmp_path / "saved.db")) == ["aa11aa11"]
    assert (file.read_bytes(), [each.name for each in disk.folder.iterdir()]) == (before, ["journal.db"])


def test_what_writes_is_refused(offbook: Run, disk: Disk, file: Path, tmp_path: Path) -> None:
    assert offbook("journal", "backup", tmp_path / "saved.db").returncode == 0
    assert disk.again("ro")
    for command in (["forget", "aa1"], ["journal", "restore", tmp_path / "saved.db"]):
        refused(offbook(*command), f"The journal {file} can't be used: it can't be written there")
    refused(offbook("calls", "--journal", disk.folder / "none.db"), "none.db can't be used")


def test_a_file_that_its_owner_protected_stays_so(offbook: Run, file: Path) -> None:
    file.chmod(0o444)
    assert listed(offbook("calls")) == ["aa11aa11"]
    assert file.stat().st_mode & 0o777 == 0o400


@pytest.mark.parametrize("index", ["kept", "lost"])
def test_words_that_lie_in_the_log_alone(offbook: Run, disk: Disk, file: Path, tmp_path: Path, index: str) -> None:
    """A copy made in mid call has them there: they are read, or a sentence says where they are; never left out."""
    live = tmp_path / "live.db"
    shutil.copy(file, live)
    writer = Writer(open_journal(str(live)), print)
    for event in a_call("bb22" * 8):
        writer.write(event)
    with closing(open_journal(str(live))) as reader:
        until(lambda: reader.last_seq("bb22" * 8) == 13)
    for part in disk.folder.iterdir():
        part.unlink()
    for ending in ("", "-wal", "-shm") if index == "kept" else ("", "-wal"):
        shutil.copy(f"{live}{ending}", f"{file}{ending}")
    assert writer.close() == 0
    assert disk.again("ro")
    result = offbook("calls")
    if index == "kept":
        assert sorted(listed(result)) == ["aa11aa11", "bb22bb22"]
    else:
        refused(result, f"The journal {file} can't be read: its newest words lie in journal.db-wal")
    assert disk.again("rw")
    assert sorted(listed(offbook("calls"))) == ["aa11aa11", "bb22bb22"]


def test_what_can_not_be_read_there(offbook: Run, disk: Disk, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    assert disk.again("ro")
    for command in (["calls"], ["show", "aa1"], ["review", "--no-browser", "--port", "0"]):
        refused(offbook(*command), f"The journal {file} was written by a newer version; update Offbook.")
