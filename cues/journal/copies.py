"""Copies of the journal: one can be made while calls run, and one brought back."""

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from asr.errors import BadInputError
from cues.journal.database import plain
from cues.journal.open import is_damage, journal_file, open_file
from cues.journal.reasons import reason, told
from cues.journal.schema import metadata
from cues.journal.soundness import check, is_damaged
from cues.journal.store import Journal


@dataclass(frozen=True)
class Restored:
    """How many calls came back, and where a damaged journal lies now."""

    calls: int
    set_aside: Path | None


def backup(journal: Journal, file: Path) -> None:
    """Writes the journal as it is now to `file`, which only its owner can read. Raises BadInputError."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise BadInputError(f"{file} is there already; give the backup another name.") from error
    except OSError as error:
        raise BadInputError(f"The backup {file} can't be written ({error.strerror}); give another file.") from error
    try:
        with plain(journal.engine) as connection:
            connection.execute("VACUUM INTO ?", (str(file),)).close()
    except sqlite3.Error as error:
        file.unlink()
        raise BadInputError(f"The backup {file} can't be made: {reason(error).words}.") from error


def restore(file: Path, url: str | None = None) -> Restored:
    """Brings the calls back that are in the backup `file` and not in the journal at `url` (see open_journal).

    What the journal holds stays: calls are never replaced, and forgotten ones stay forgotten. A damaged journal is
    set aside first. Raises BadInputError where the backup is none, or the journal can't be written.
    """
    place = journal_file(url)
    with _room_beside(place) as folder:
        copied = Path(folder) / "backup.db"
        _copy(file, copied)
        _examine(copied, file)
        journal, set_aside = _open_or_set_aside(place)
        try:
            with told(place):
                return Restored(_bring(journal, copied), set_aside)
        finally:
            journal.close()


def _room_beside(place: Path) -> "tempfile.TemporaryDirectory[str]":
    """For the copy, where the words may lie anyway; the journal's folder is made where it is missing."""
    with told(place):
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(prefix=".restore-", dir=place.parent)


def _copy(file: Path, to: Path) -> None:
    if not file.is_file():
        raise BadInputError(f"There is no backup {file}; check the path.")
    try:
        with (
            closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(to)) as target,
        ):
            source.backup(target)
            if not source.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise BadInputError(f"{file} is empty, no backup of a journal; give another file.")
    except sqlite3.Error as error:
        raise BadInputError(f"{file} can't be read: {reason(error).words}; give another backup.") from error


def _examine(copied: Path, file: Path) -> None:
    """Brings the copy up to date. Raises BadInputError where it is no sound journal that this version can read."""
    try:
        journal = open_file(copied)
        with closing(journal):
            wrong = check(journal)
    except BadInputError as error:
        raise BadInputError(str(error).replace(str(copied), str(file))) from error
    if wrong:
        raise BadInputError(f"The backup {file} is not sound: {wrong[0]} Give another one.")


def _open_or_set_aside(place: Path) -> tuple[Journal, Path | None]:
    try:
        journal = open_file(place)
        if not is_damaged(journal):
            return journal, None
        journal.close()
    except BadInputError as error:
        if not is_damage(error.__cause__):
            raise
    with told(place):
        aside = _set_aside(place)
        return open_file(place), aside


def _set_aside(place: Path) -> Path:
    names = (place.with_name(f"{place.name}.damaged-{k}") for k in range(1, 1000))
    aside = next(name for name in names if not name.exists())
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            place.with_name(place.name + ending).rename(aside.with_name(aside.name + ending))
    return aside


def _bring(journal: Journal, copied: Path) -> int:
    with plain(journal.engine) as connection:
        connection.execute("ATTACH ? AS backup", (str(copied),))
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "CREATE TEMP TABLE brought AS SELECT id FROM backup.calls WHERE id NOT IN (SELECT id FROM main.calls)"
            )
            for table in metadata.sorted_tables:
                names = ", ".join(f'"{column.name}"' for column in table.columns)
                key = "id" if table.name == "calls" else "call"
                connection.execute(
                    f"INSERT INTO main.{table.name} ({names}) SELECT {names} FROM backup.{table.name} "
                    f"WHERE {key} IN (SELECT id FROM brought)"
                )
            count = int(connection.execute("SELECT count(*) FROM brought").fetchone()[0])
            connection.execute("DROP TABLE brought")
            connection.execute("COMMIT")
            return count
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            connection.execute("DETACH backup")
