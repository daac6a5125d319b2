"""Resume: what a step that failed half-way left under way is taken up again; at each start, and before each pass of a living daemon."""

from __future__ import annotations

from datetime import datetime

from intake.ports import Ledger, Vault


def resume(vault: Vault, ledger: Ledger, at: datetime) -> None:
    """Half-sent letters back to the queue, unfinished claims of jobs free, the journal's file caught up; reads only when all is well.

    Under the writer's turn whatever is under way belongs to nobody: a commit that failed on a full disk leaves the same rows as a
    death does, and without this they would wait for the next start.
    """
    ledger.recover_outbox(at)
    ledger.release_jobs()
    vault.keep_journal(ledger.journal_entries(vault.journal_seq()))
