"""Calls, what was found in them, and their events."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the first tables."""
    op.create_table(
        "calls",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rep", sa.String),
        sa.Column("deal", sa.JSON),
        sa.Column("source", sa.String),
        sa.Column("playbook_name", sa.String),
        sa.Column("playbook_version", sa.String),
        sa.Column("playbook_hash", sa.String),
        sa.Column("ended", sa.String),
        sa.Column("duration_s", sa.Float),
        sa.Column("last_stage", sa.String),
        sa.Column("utterances", sa.Integer, nullable=False),
        sa.Column("talk_share_rep", sa.Float, nullable=False),
        sa.Column("cards", sa.Integer, nullable=False),
        sa.Column("opportunities", sa.Integer, nullable=False),
        sa.Column("stored", sa.Integer, nullable=False),
        sa.Column("erased", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    op.create_index("ix_calls_started", "calls", ["started"])
    op.create_index("ix_calls_rep_started", "calls", ["rep", "started"])
    op.create_index("ix_calls_last_stage", "calls", ["last_stage"])
    _found("call_competitors", "name", "position")
    _found("call_outcomes", "outcome", "count")
    op.create_table(
        "events",
        sa.Column("call", sa.String, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("t", sa.Float, nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("json", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("call", "seq", name="pk_events"),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name="fk_events_call"),
    )
    op.create_index("ix_events_type_call", "events", ["type", "call"])


def _found(table: str, key: str, number: str) -> None:
    op.create_table(
        table,
        sa.Column("call", sa.String, nullable=False),
        sa.Column(key, sa.String, nullable=False),
        sa.Column(number, sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("call", key, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name=f"fk_{table}_call"),
    )
    op.create_index(f"ix_{table}_{key}", table, [key])
