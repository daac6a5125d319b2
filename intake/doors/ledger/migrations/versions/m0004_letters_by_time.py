"""Letters by when they were made: how many went in the last hour is asked at each mail, and was counted through all of them.

Revises: 0003
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """The index, with what the count asks besides."""
    op.create_index("ix_letter_created", "letter", ["state", "created_at", "kind"])
