"""Finds, makes and opens the journal; brings an older one up to date."""

import errno
import os
import sqlite3
from contextlib import suppress
from pathlib import Path

import platformdirs
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from asr.errors import BadInputError
from cues.journal.database import connect, connect_to_read, log_beside, writing
from cues.journal.reasons import READ_ONLY, reason, told
from cues.journal.schema import VERSION
from cues.journal.store import Journal

VARIABLE = "OFFBOOK_JOURNAL"
_MIGRATIONS = Path(__file__).parent / "migrations"
_APPLICATION_ID = 0x4F66426B
"""Marks a SQLite file as a journal ("OfBk"), so that no other program's database is touched."""


def open_journal(url: str | None = None) -> Journal:
    """The journal at `url`, at OFFBOOK_JOURNAL, or in the platform's data folder; a new one where there is none.

    `url` is a file or sqlite:///FILE. The file is readable by its owner only, and so is a folder made for it.
    Raises BadInputError where it can't be read and written, is damaged, locked, or of a newer version.
    """
    file = journal_file(url)
    if not url and not os.environ.get(VARIABLE):
        _own_folder(file.parent)
    return open_file(file)


def open_to_read(url: str | None = None) -> Journal:
    """The journal as open_journal gives it; where it can't be written, as it is, only to be read.

    Raises BadInputError where not even that can be.
    """
    try:
        return open_journal(url)
    except BadInputError as error:
        file = journal_file(url)
        if not (file.is_file() and isinstance(error.__cause__, Exception) and reason(error.__cause__) == READ_ONLY):
            raise
    return _open_as_it_is(file)


def journal_file(url: str | None = None) -> Path:
    """Where the journal lies (see open_journal)."""
    place = url or os.environ.get(VARIABLE)
    if not place:
        return Path(platformdirs.user_data_dir("offbook", appauthor=False)) / "journal.db"
    if "://" not in place:
        return Path(place).expanduser()
    try:
        parsed = make_url(place)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        raise BadInputError(f"--journal {place}: is no place for a journal; give a file, or sqlite:///FILE.")
    return Path(str(parsed.database))


def open_file(file: Path) -> Journal:
    """The journal in `file`; see open_journal."""
    with told(file):
        _make_file(file)
        engine = connect(file)
        try:
            _bring_up_to_date(engine, file)
            return Journal(file, engine)
        except BaseException:
            engine.dispose()
            raise


def _open_as_it_is(file: Path) -> Journal:
    engine = connect_to_read(file)
    try:
        with engine.connect() as connection:
            version = _version(connection, file)
    except DBAPIError as error:
        if reason(error) == READ_ONLY and log_beside(file):
            raise BadInputError(
                f"The journal {file} can't be read: its newest words lie in {file.name}-wal, which is read only where "
                "its folder can be written; copy both to such a folder and name that one with --journal."
            ) from error
        with told(file):
            raise
    if version is None:
        raise BadInputError(f"{file} is empty, no journal; name another file with --journal.")
    if version != VERSION:
        raise BadInputError(
            f"The journal {file} was written by an older version and can't be brought up to date there; make it "
            "writable, or copy it to a folder that is."
        )
    return Journal(file, engine)


def _own_folder(folder: Path) -> None:
    with told(folder / "journal.db"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)


def _make_file(file: Path) -> None:
    if not file.parent.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    # Never opened here: closing a second descriptor would drop SQLite's locks on it.
    for part in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        with suppress(FileNotFoundError):
            if part.is_file() and part.stat().st_mode & 0o177:
                part.chmod(part.stat().st_mode & 0o600)
    if not os.access(file, os.W_OK):  # SQLite would open it all the same, only to read
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _bring_up_to_date(engine: Engine, file: Path) -> None:
    with engine.connect() as connection:
        if _version(connection, file) == VERSION:
            return
    with writing(engine) as connection:
        if _version(connection, file) != VERSION:  # another process may just have done it
            _migrate(connection)


def _version(connection: Connection, file: Path) -> str | None:
    """The migration that the file stands at; None for an empty one. Raises BadInputError if it isn't ours to touch."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    marked = connection.exec_driver_sql("PRAGMA application_id").scalar()
    if marked != _APPLICATION_ID or "alembic_version" not in tables:
        raise BadInputError(f"{file} is another program's database; name another file with --journal.")
    version = str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())
    if version > VERSION:
        raise BadInputError(f"The journal {file} was written by a newer version; update Offbook.")
    return version


def _migrate(connection: Connection) -> None:
    # Alembic takes a while to import, and is needed once per version.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
    connection.exec_driver_sql(f"PRAGMA application_id = {_APPLICATION_ID}")


def is_damage(error: BaseException | None) -> bool:
    """Whether a journal that could not be opened is damaged."""
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
