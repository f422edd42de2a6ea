"""Connections to the SQLite file, and how they behave."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

LOCK_WAIT_S = 2.0
"""How long to wait for another program's lock; longer ones become a sentence."""
_BEGIN = "begin"
_PRAGMAS = (
    f"PRAGMA busy_timeout = {int(LOCK_WAIT_S * 1000)}",
    "PRAGMA journal_mode = WAL",
    # In WAL mode a commit outlives the process's death; only a power cut may take the last ones, whole.
    "PRAGMA synchronous = NORMAL",
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


def _configure(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says so, not where the driver guesses
    for pragma in _PRAGMAS:
        connection.execute(pragma).close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))
