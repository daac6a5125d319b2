"""What casework keeps between two new messages.

Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """The table of its rows."""
    op.create_table(
        "fold",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "name", name="pk_fold"),
        sqlite_with_rowid=False,
    )
