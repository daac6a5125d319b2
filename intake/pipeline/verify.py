"""Verify: every object hashes to its name, every delivery has its object, the sums reconcile, the journal's chain holds."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from intake.casework.counting import reconcile
from intake.errors import BadData, Broken
from intake.pipeline.office import Office


class Verification(Struct, frozen=True, kw_only=True):
    """What was looked at and every fault found, in words."""

    objects: int
    deliveries: int
    erased: int
    journal_entries: int
    journal_head: str
    faults: tuple[str, ...]


def verify(office: Office, part: int = 1, parts: int = 1) -> Verification:
    """Look at the `part`-th of `parts` slices of the objects (all by default), and at all the rest. Nothing is repaired."""
    faults = [*office.vault.faults(part, parts)]
    looked = sum(1 for name in office.vault.objects() if int(name[:8], 16) % parts == part - 1)
    erased = office.ledger.erased()
    deliveries = 0
    for consultation in office.rounds:
        for receipt in office.ledger.deliveries(consultation.id):
            deliveries += 1
            if receipt.sha256 not in erased and not office.vault.has(receipt.sha256):
                faults.append(f"round {consultation.id}: object {receipt.sha256} of a delivery is missing")
        faults += _sums(office, consultation.id)
    entries = 0
    try:
        entries = office.ledger.verify_journal()
        faults += _journal(office)
    except BadData as error:
        faults.append(str(error))
    return Verification(
        objects=looked,
        deliveries=deliveries,
        erased=len(erased),
        journal_entries=entries,
        journal_head=office.ledger.journal_head(),
        faults=tuple(faults),
    )


def _journal(office: Office) -> Iterator[str]:
    """The file against the ledger, and every decision and erasure of the vault against its commitment."""
    said: dict[str, str] = {}
    for kept, own in zip(office.vault.journal(), office.ledger.journal_entries(), strict=False):
        if kept != own:
            yield f"journal entry {own.seq}: the file and the ledger do not say the same"
            break
    for entry in office.ledger.journal_entries():
        if entry.kind in ("ruling", "erased"):
            said[str(entry.payload.get("ruling") or entry.payload["message"])] = str(entry.payload["commitment"])
    stones = {stone.key: stone for stone in office.vault.tombstones()}
    emptied = {name for stone in stones.values() for name in stone.rulings}
    there = set(stones)
    for kept_ruling in office.vault.rulings():
        name = kept_ruling.ruling.id
        there.add(name)
        if said.get(name) != kept_ruling.commitment:
            yield f"decision {name}: the journal says something else"
        elif name not in emptied and not office.vault.holds(kept_ruling):
            yield f"decision {name} was changed: it does not open its commitment"
    for key, stone in stones.items():
        if said.get(key) != stone.commitment or not office.vault.holds(stone):
            yield f"tombstone {key}: it does not open its commitment"
    yield from (f"{name}: the journal names it, the vault has it not" for name in sorted(set(said) - there))


def _sums(office: Office, round_id: str) -> list[str]:
    """The accounting identity of a round: seen = archived + same bytes + vanished + erased, and the record's own sums."""
    faults: list[str] = []
    tally = office.ledger.tally(round_id)
    if not tally.holds:
        faults.append(f"round {round_id}: the messages seen do not add up: {tally}")
    record = office.ledger.load_record(round_id)
    if record is None:
        return faults
    if record.counts.messages != tally.archived:
        faults.append(f"round {round_id}: {tally.archived} messages are archived, {record.counts.messages} are in the record")
    try:
        reconcile(record.counts)
    except Broken as error:
        faults.append(f"round {round_id}: {error}")
    return faults
