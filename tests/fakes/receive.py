"""The order of W0 to W5 with nothing around it, for tests of the doors alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from intake.ports import Fetched, Ledger, Mailbox, Receipt, Vault
from tests.fakes.samples import NOON


def receive_once(mailbox: Mailbox, vault: Vault, ledger: Ledger, folder: str, batch: int = 50) -> int:
    """Store what is new in a folder of account "main" for round "r1"; gives how many."""
    state = mailbox.scan(folder)
    new = sorted(set(state.uids) - ledger.seen_uids("main", folder, state.uidvalidity))
    stored = 0
    for some in _batches(mailbox.fetch(folder, state.uidvalidity, new), batch):
        good = [item for item in some if item.raw is not None]
        names = vault.put([item.raw for item in good if item.raw is not None])
        first = ledger.last_sequence() + 1
        receipts = [_receipt(item, name, first + place) for place, (item, name) in enumerate(zip(good, names, strict=True))]
        vault.put_receipts(receipts)
        ledger.record_deliveries(receipts)
        ledger.record_vanished("r1", "address", [item.at for item in some if item.raw is None], NOON)
        stored += len(good)
    return stored


def recover(vault: Vault, ledger: Ledger) -> None:
    """What a start does before anything else."""
    ledger.record_deliveries(list(vault.receipts()))
    ledger.recover_outbox(NOON)
    ledger.release_jobs()
    vault.keep_journal(ledger.journal_entries(vault.journal_seq()))


def _batches(items: Iterator[Fetched], size: int) -> Iterator[Sequence[Fetched]]:
    batch: list[Fetched] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _receipt(item: Fetched, sha256: str, sequence: int) -> Receipt:
    assert item.raw is not None
    return Receipt(
        sha256=sha256,
        size_bytes=len(item.raw),
        at=item.at,
        internaldate=item.internaldate,
        channel="address",
        round_id="r1",
        stored_at=NOON,
        answerable=True,
        sequence=sequence,
    )
