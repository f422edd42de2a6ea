"""Journals that can't be opened: one clear sentence each."""

import os
import re
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from calls import a_call
from disks import Disk

from asr.errors import BadInputError
from cues.events import AnyEvent
from cues.journal.open import open_journal, open_to_read
from cues.journal.store import Journal


def refusal(file: Path | str) -> str:
    with pytest.raises(BadInputError) as caught:
        open_journal(str(file)).close()
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def test_a_newer_version(journal: Journal) -> None:
    journal.close()
    with closing(sqlite3.connect(journal.file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    assert refusal(journal.file) == f"The journal {journal.file} was written by a newer version; update Offbook."


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "notes.db"
    file.write_bytes(b"these are notes, and no journal at all\n" * 200)
    sentence = refusal(file)
    assert f"The journal {file} can't be used: the file is damaged or no journal" in sentence
    assert "offbook journal restore" in sentence
    assert file.read_bytes().startswith(b"these are notes")


def test_a_damaged_file(journal: Journal) -> None:
    journal.close()
    content = journal.file.read_bytes()
    journal.file.write_bytes(content[:100] + os.urandom(4096) + content[4196:])
    assert "the file is damaged or no journal" in refusal(journal.file)


def test_a_file_cut_short(journal: Journal) -> None:
    journal.close()
    journal.file.write_bytes(journal.file.read_bytes()[:5000])
    assert "the file is damaged or no journal" in refusal(journal.file)


def test_the_database_of_another_program(tmp_path: Path) -> None:
    file = tmp_path / "photos.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE photos (name)")
    assert refusal(file) == f"{file} is another program's database; name another file with --journal."
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("photos",)]


@pytest.mark.parametrize("new", [False, True])
def test_locked_by_another_program(journal: Journal, tmp_path: Path, new: bool) -> None:
    file = tmp_path / "new.db" if new else journal.file
    journal.close()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE IF NOT EXISTS calls (id)")
        sentence = refusal(file)
    assert "another program has locked it; close that program and try again" in sentence


def test_a_read_only_folder(disk: Disk) -> None:
    open_journal(str(disk.folder / "journal.db")).close()
    assert disk.again("ro")
    for name in ("journal.db", "new.db", "deeper/new.db"):
        file = disk.folder / name
        sentence = refusal(file)
        assert f"The journal {file} can't be used: " in sentence
        assert "it can't be written there; make the file and its folder writable, or name another" in sentence


def version(number: str) -> Callable[[Path], object]:
    def change(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (number,))

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (version("0000"), "was written by an older version and can't be brought up to date there; make it writable"),
        (version("0999"), "was written by a newer version; update Offbook"),
        (lambda file: file.write_bytes(b""), "is empty, no journal; name another file"),
        (lambda file: file.write_bytes(b"notes" * 2000), "the file is damaged or no journal"),
        (lambda file: file.write_bytes(file.read_bytes()[:5000]), "the file is damaged or no journal"),
        (Path.unlink, "it can't be written there"),
    ],
)
def test_what_can_not_even_be_read(disk: Disk, change: Callable[[Path], object], sentence: str) -> None:
    file = disk.folder / "journal.db"
    open_journal(str(file)).close()
    change(file)
    assert disk.again("ro")
    with pytest.raises(BadInputError, match=re.escape(sentence)) as caught:
        open_to_read(str(file))
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    assert f"The journal {tmp_path} can't be used" in refusal(tmp_path)


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "can't be used" in refusal(tmp_path / "file" / "journal.db")


@pytest.mark.parametrize("url", ["postgresql://host/db", "sqlite://", "sqlite:///:memory:", "://", "http://x/y"])
def test_places_that_are_none(url: str) -> None:
    assert refusal(url) == f"--journal {url}: is no place for a journal; give a file, or sqlite:///FILE."


def test_many_open_a_new_journal_at_once(file: Path) -> None:
    opened: list[Journal] = []
    threads = [threading.Thread(target=lambda: opened.append(open_journal(str(file)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 8
    assert all(journal.calls() == [] for journal in opened)
    for journal in opened:
        journal.close()


def test_reading_a_journal_that_breaks_later(journal: Journal, stored: object) -> None:
    """Damage beyond the first pages is told as such, too."""
    assert callable(stored)
    many: list[AnyEvent] = [event for k in range(80) for event in a_call(f"{k:02}")]
    stored(many)
    journal.close()
    content = journal.file.read_bytes()
    journal.file.write_bytes(content[: 4096 * 12] + b"\xff" * (len(content) - 4096 * 12))
    opened = open_journal(str(journal.file))
    with pytest.raises(BadInputError, match="the file is damaged or no journal"):
        _ = [opened.events(f"{k:02}") for k in range(80)]
    opened.close()
