"""Connections to the SQLite file, to write or only to read, and how they behave."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

LOCK_WAIT_S = 2.0
"""How long to wait for another program's lock; longer ones become a sentence."""
AGAIN_S = 0.02
_BEGIN = "begin"
_PRAGMAS = (
    f"PRAGMA busy_timeout = {int(LOCK_WAIT_S * 1000)}",
    "PRAGMA journal_mode = WAL",
    # Each commit reaches the disk; NORMAL would leave the whole call to the kernel's memory, for a power cut to take.
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
)


def connect(file: Path) -> Engine:
    """Connections to `file`, opened when first used."""
    engine = create_engine(
        URL.create("sqlite", database=str(file)), json_serializer=lambda value: json.dumps(value, ensure_ascii=False)
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def connect_to_read(file: Path) -> Engine:
    """Connections that change neither `file` nor its folder. Each is a new one: another program may begin to write."""
    engine = create_engine("sqlite://", creator=lambda: _as_it_is(file), poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    return engine


def log_beside(file: Path) -> bool:
    """Whether words lie in the write-ahead log alone."""
    log = file.with_name(f"{file.name}-wal")
    return log.exists() and log.stat().st_size > 0


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that holds the write lock from its start, so it can't lose a race half-way."""
    with engine.connect().execution_options(**{_BEGIN: "BEGIN IMMEDIATE"}) as connection, connection.begin():
        yield connection


@contextmanager
def plain(engine: Engine) -> Iterator[sqlite3.Connection]:
    """The driver's own connection, each statement its own transaction: for what can't run inside one."""
    with closing(engine.raw_connection()) as proxy:
        connection = proxy.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        yield connection


def _as_it_is(file: Path) -> sqlite3.Connection:
    """As SQLite can read it: with the write-ahead log; where none lies there and none can be made, the file alone."""
    address = f"{file.absolute().as_uri()}?mode=ro"
    try:
        return _readable(address)
    except sqlite3.OperationalError as error:
        if log_beside(file) or error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
        return _readable(f"{address}&immutable=1")


def _readable(address: str) -> sqlite3.Connection:
    """A connection that has read something: merely opened, it would not know."""
    connection = sqlite3.connect(address, timeout=LOCK_WAIT_S, isolation_level=None, check_same_thread=False, uri=True)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _configure(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says so, not where the driver guesses
    for pragma in _PRAGMAS:
        _run(connection, pragma)


def _run(connection: sqlite3.Connection, pragma: str) -> None:
    """Of several that turn a new file to WAL at once, SQLite tells all but one at once that it is locked: it can't wait
    there, so it is asked again."""
    until = time.monotonic() + LOCK_WAIT_S
    while True:
        try:
            connection.execute(pragma).close()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(AGAIN_S)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))
