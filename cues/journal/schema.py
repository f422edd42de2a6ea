"""The journal's tables: calls, what was found in them, their events, and what people corrected.

The same on SQLite and PostgreSQL.

A change here needs a migration of its own in migrations/versions/ and a new VERSION.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
)

VERSION = "0002"
"""The newest migration; later ones sort after it."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """A point in time: aware in Python, UTC in the database (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC)


calls = Table(
    "calls",
    metadata,
    Column("id", String, primary_key=True),
    Column("started", UtcTime, nullable=False),
    Column("rep", String),
    Column("deal", JSON(none_as_null=True)),
    Column("source", String),
    Column("playbook_name", String),
    Column("playbook_version", String),
    Column("playbook_hash", String),
    Column("ended", String),
    Column("duration_s", Float),
    Column("last_stage", String),
    Column("utterances", Integer, nullable=False),
    Column("talk_share_rep", Float, nullable=False),
    Column("cards", Integer, nullable=False),
    Column("opportunities", Integer, nullable=False),
    Column("stored", Integer, nullable=False),
    Column("erased", String),
    Index(None, "started"),
    Index(None, "rep", "started"),
    Index(None, "last_stage"),
)
"""One row per call. `ended` is the reason it ended, null while it runs or where its engine died; `stored` counts its
events, so that a check can tell lost ones; `erased` is why its words are gone."""

call_competitors = Table(
    "call_competitors",
    metadata,
    Column("call", String, ForeignKey("calls.id"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Index(None, "name"),
)
"""The competitors named in a call, numbered in the order they came up."""

call_outcomes = Table(
    "call_outcomes",
    metadata,
    Column("call", String, ForeignKey("calls.id"), primary_key=True),
    Column("outcome", String, primary_key=True),
    Column("count", Integer, nullable=False),
    Index(None, "outcome"),
)
"""How many of a call's opportunities ended so."""

events = Table(
    "events",
    metadata,
    Column("call", String, ForeignKey("calls.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("t", Float, nullable=False),
    Column("type", String, nullable=False),
    Column("json", JSON, nullable=False),
    Index(None, "type", "call"),
)
"""Every stored event; `json` is its whole outside form."""

corrections = Table(
    "corrections",
    metadata,
    Column("call", String, ForeignKey("calls.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("utterance", String, nullable=False),
    Column("reading", String, nullable=False),
    Column("label", String),
    Column("who", String, nullable=False),
    Column("at", UtcTime, nullable=False),
)
"""What people said that a label should be, numbered from 1 in each call; `label` null takes the earlier one back."""
