"""Alembic's entry: only ever on the connection that it is given (run.py)."""

from __future__ import annotations

from alembic import context

from intake.doors.ledger.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
