"""What people corrected in the calls."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the table of corrections."""
    op.create_table(
        "corrections",
        sa.Column("call", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("utterance", sa.String, nullable=False),
        sa.Column("reading", sa.String, nullable=False),
        sa.Column("label", sa.String),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("call", "number", name="pk_corrections"),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name="fk_corrections_call"),
    )
