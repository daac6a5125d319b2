"""Verify: every object hashes to its name, every delivery has its object, the sums reconcile, the journal's chain holds."""

from __future__ import annotations

from msgspec import Struct

from intake.errors import BadData
from intake.pipeline.office import Office


class Verification(Struct, frozen=True, kw_only=True):
    """What was looked at and every fault found, in words."""

    objects: int
    deliveries: int
    journal_entries: int
    faults: tuple[str, ...]


def verify(office: Office, part: int = 1, parts: int = 1) -> Verification:
    """Look at the `part`-th of `parts` slices of the objects (all by default), and at all the rest. Nothing is repaired."""
    faults: list[str] = []
    looked = 0
    for number, name in enumerate(office.vault.objects()):
        if number % parts != part - 1:
            continue
        looked += 1
        try:
            office.vault.get(name)
        except BadData as error:
            faults.append(str(error))
    deliveries = 0
    for consultation in office.rounds:
        for receipt in office.ledger.deliveries(consultation.id):
            deliveries += 1
            if not office.vault.has(receipt.sha256):
                faults.append(f"round {consultation.id}: object {receipt.sha256} of a delivery is missing")
        faults += _sums(office, consultation.id)
    entries = 0
    try:
        entries = office.ledger.verify_journal()
    except BadData as error:
        faults.append(str(error))
    return Verification(objects=looked, deliveries=deliveries, journal_entries=entries, faults=tuple(faults))


def _sums(office: Office, round_id: str) -> list[str]:
    """The accounting identity of a round: seen = archived + same bytes + vanished, and the record's own sums."""
    faults: list[str] = []
    tally = office.ledger.tally(round_id)
    if tally.seen != tally.archived + tally.same_bytes + tally.vanished:
        faults.append(
            f"round {round_id}: seen {tally.seen} is not archived {tally.archived} + same bytes {tally.same_bytes} + vanished "
            f"{tally.vanished}"
        )
    record = office.ledger.load_record(round_id)
    if record is None:
        return faults
    counts = record.counts
    if counts.messages != tally.archived:
        faults.append(f"round {round_id}: {tally.archived} messages are archived, {counts.messages} are in the record")
    for name, table, total in (
        ("dispositions", counts.by_disposition, counts.messages),
        ("statuses", counts.by_status, counts.responses),
        ("categories", counts.by_category, counts.counted),
        ("regions", counts.by_region, counts.counted),
        ("languages", counts.by_language, counts.counted),
    ):
        if sum(table.values()) != total:
            faults.append(f"round {round_id}: the {name} add up to {sum(table.values())}, not {total}")
    return faults
