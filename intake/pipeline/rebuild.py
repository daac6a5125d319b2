"""Build the ledger again from the vault: receipts, decisions, tombstones, the journal. Letters are held, never sent anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from intake.model.ledger import Folder, Note, OutboxState, Outgoing
from intake.model.mail import Arrival
from intake.pipeline.office import Office
from intake.pipeline.resume import resume
from intake.ports import Ledger, Receipt, Vault
from intake.ports_keeping import Known

HELD_TO = "letters.held_to_sequence"
"""Setting: letters for messages up to this sequence begin held: they may have gone before the ledger was lost."""

HELD_BEFORE = "letters.held_before"
"""Setting: likewise for messages that reached the mailbox before this moment (after a restore)."""

UNFINISHED = "erasure.unfinished"
CHUNK = 2000


class Rebuilt(Struct, frozen=True, kw_only=True):
    """What a rebuild put into the new ledger."""

    deliveries: int
    rulings: int
    erased: int
    journal_entries: int


def refill(vault: Vault, ledger: Ledger, known: Known, now: datetime, why: str) -> Rebuilt:
    """Fill an empty ledger from the vault; `why` goes into the journal: "damaged", "behind", "asked" or "restored"."""
    receipts = list(vault.receipts())
    for start in range(0, len(receipts), CHUNK):
        ledger.record_deliveries(receipts[start : start + CHUNK])
    folders = _folders(receipts)
    full = replace(
        known,
        rulings=tuple(vault.rulings()),
        tombstones=tuple(vault.tombstones()),
        folders=tuple({*known.folders, *((item.account, item.folder) for item in folders)}),
    )
    ledger.adopt(vault.journal(), full)
    for folder in folders:
        ledger.save_folder(folder)
    ledger.put_setting(HELD_TO, str(ledger.last_sequence()))
    ledger.append([Note(kind="rebuilt", payload={"why": why, "deliveries": len(receipts)})], now)
    return Rebuilt(
        deliveries=len(receipts), rulings=len(full.rulings), erased=len(full.tombstones), journal_entries=vault.journal_seq()
    )


def _folders(receipts: Sequence[Receipt]) -> list[Folder]:
    """Where each folder stood, as its receipts tell: the first look was not later than the first message kept."""
    found: dict[tuple[str, str], Folder] = {}
    for receipt in receipts:
        at = receipt.at
        now = Folder(
            account=at.account, folder=at.folder, uidvalidity=at.uidvalidity, uidnext=at.uid + 1,
            first_polled_at=receipt.stored_at, polled_at=receipt.stored_at,
        )  # fmt: skip
        old = found.get((at.account, at.folder), now)
        first = min(old.first_polled_at, now.first_polled_at)
        found[at.account, at.folder] = replace(max(old, now, key=lambda item: item.polled_at), first_polled_at=first)
    return list(found.values())


def catch_up(vault: Vault, ledger: Ledger, now: datetime) -> None:
    """What a start does (docs/STATES.md): receipts, decisions and erasures into the ledger; the rest is resume's."""
    ledger.record_deliveries(list(vault.receipts(ledger.sequences())))
    kept = list(vault.rulings())
    there = {ruling.id for round_id in {item.round_id for item in kept} for ruling in ledger.rulings(round_id)}
    for item in kept:
        if item.ruling.id not in there:
            ledger.add_ruling(item)
    settle_erasures(vault, ledger)
    note_imports(vault, ledger)
    resume(vault, ledger, now)


def note_imports(vault: Vault, ledger: Ledger) -> int:
    """What every import of which the journal does not tell brings to the ledger: deliveries, then the entry (how many, by whom as a keyed
    hash). Gives how many were new. By the journal and not by sequence numbers: after a commit that failed others may have those."""
    kept = list(vault.imports())
    if not kept:
        return 0
    said = {str(entry.payload["import"]) for entry in ledger.journal_entries() if entry.kind == "imported"}
    new = [brought for brought in kept if brought.id not in said]
    for brought in new:
        ledger.record_deliveries(brought.receipts)
        payload: dict[str, str | int | list[str] | None] = {
            "round": brought.round_id,
            "import": brought.id,
            "how": brought.kind,
            "by": brought.who,
            "objects": len(brought.receipts),
            "source": brought.source_sha256 or None,
            "mapping": brought.mapping_sha256 or None,
        }
        ledger.append([Note(kind="imported", payload=payload)], brought.at)
    return len(new)


def settle_erasures(vault: Vault, ledger: Ledger) -> int:
    """Complete every erasure that was decided; gives how many there were to complete."""
    done = ledger.erased()
    waiting = [stone for stone in vault.tombstones() if stone.key not in done]
    for stone in waiting:
        vault.bury(stone)
    if waiting:
        ledger.put_setting(UNFINISHED, "yes")
        ledger.erase(waiting)
    return len(waiting)


def held_after_loss(office: Office, letters: Sequence[Outgoing], arrivals: Mapping[str, Arrival]) -> tuple[Outgoing, ...]:
    """The letters, those held that may have gone before a rebuild or a restore: a person looks. `arrivals`: by message key."""
    to, before = office.ledger.setting(HELD_TO), office.ledger.setting(HELD_BEFORE)
    if not letters or (to is None and before is None):
        return tuple(letters)
    ends = {
        str(entry.payload["message_id"]): (str(entry.payload["state"]), int(str(entry.payload["copies"])))
        for entry in office.ledger.journal_entries()
        if entry.kind == "letter"
    }
    moment = datetime.fromisoformat(before) if before else None
    made = []
    for letter in letters:
        state, copies = ends.get(letter.message_id, ("", 0))
        arrival = arrivals.get(letter.message)
        old = arrival is not None and (
            (to is not None and arrival.sequence <= int(to)) or (moment is not None and arrival.internaldate <= moment)
        )
        if letter.state is OutboxState.SUPPRESSED or not (state or old):
            made.append(letter)
            continue
        told = f"the journal says: {state}" if state else "the journal does not say whether it went"
        made.append(replace(letter, state=OutboxState.HELD, copies=copies, reason=f"the ledger was built again; {told}"))
    return tuple(made)
