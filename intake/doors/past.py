"""Vault and ledger as they stood at an instant: made of the truth that the vault keeps, in a folder that goes with the look."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Self

from msgspec.structs import replace

from intake.casework.force import standing, waiting
from intake.doors.ledger.engine import Store
from intake.doors.ledger.ledger import SqliteLedger
from intake.errors import Broken
from intake.model.delivery import Import
from intake.model.ledger import JournalEntry, KeptRuling, OutboxState, Outgoing, Tombstone
from intake.model.mail import Reading
from intake.model.record import Action, Ruling
from intake.model.verdict import Verdict
from intake.ports import Ledger, Receipt, Staged, Vault
from intake.ports_keeping import Known

_CHUNK = 2000
_SEALS = (Action.REDACT, Action.SEAL_PART)
_GONE = (OutboxState.SENT, OutboxState.FAILED, OutboxState.UNKNOWN)


class PastLedger(SqliteLedger):
    """A ledger of its own with what had come, been decided, numbered, released and sent by an instant. What was read and sorted is
    taken from the present one; what it writes goes with it. See ports.Ledger."""

    _present: Ledger
    _head: str

    @classmethod
    def at(cls, instant: datetime, present: Ledger, vault: Vault, path: Path) -> Self:
        """At `path`, filled from receipts, decisions and journal up to the instant. What was erased since is erased here too."""
        store = Store(path)
        store.prepare()
        made = cls(store)
        made._present = present
        receipts = [receipt for receipt in vault.receipts() if receipt.stored_at <= instant]
        for start in range(0, len(receipts), _CHUNK):
            made.record_deliveries(receipts[start : start + _CHUNK])
        entries = list(takewhile(lambda entry: entry.at <= instant, present.journal_entries()))
        made._head = entries[-1].head if entries else "0" * 64
        rounds = {receipt.round_id for receipt in vault.receipts()}
        known = Known(
            rulings=tuple(decided_by(vault, instant)),
            tombstones=tuple(vault.tombstones()),
            folders=tuple({(receipt.at.account, receipt.at.folder) for receipt in receipts}),
            released_by={(name, item.number): item.released_by for name in rounds for item in present.revisions(name)},
        )
        made.adopt(entries, known)
        for kept in known.rulings:
            made.add_ruling(kept)  # those of later days, and what the journal had not told yet
        gone = made.erased()
        made.erase([stone for stone in known.tombstones if stone.key not in gone])
        made.queue_letters(list(_letters(present, entries, instant)), instant)
        return made

    def journal_head(self) -> str:
        """The head of that instant, whatever is noted here meanwhile."""
        return self._head

    def readings(self, keys: Sequence[str], version: str) -> dict[str, Reading]:
        """Those of the present, and what had to be read for this look."""
        return self._present.readings(keys, version) | super().readings(keys, version)

    def verdicts(self, round_id: str, keys: Sequence[str], version: str) -> dict[str, Verdict]:
        """Likewise."""
        return self._present.verdicts(round_id, keys, version) | super().verdicts(round_id, keys, version)


def decided_by(vault: Vault, instant: datetime) -> Iterator[KeptRuling]:
    """What had been decided; and what has been sealed since, for sealed words stand in no output, whatever day it tells of."""
    every = tuple(vault.rulings())
    rulings = [kept.ruling for kept in every]
    force = {ruling.id for ruling in standing(rulings)} | waiting(rulings)
    sealed = {ruling.id for ruling in rulings if ruling.action in _SEALS and ruling.id in force}
    for kept in every:
        ruling = kept.ruling
        seconds = ruling.action is Action.SECOND and ruling.id in force and ruling.set.get("ruling") in sealed
        if ruling.at <= instant or ruling.id in sealed or seconds:
            yield kept


def _letters(present: Ledger, entries: Iterable[JournalEntry], instant: datetime) -> Iterator[Outgoing]:
    """The letters that were there, each as far as it had got: those whose end came later were still waiting."""
    ends = {str(entry.payload["message_id"]): str(entry.payload["state"]) for entry in entries if entry.kind == "letter"}
    for letter in present.letters():
        if letter.created_at is None or letter.created_at > instant:
            continue
        end = ends.get(letter.message_id)
        if end is not None:
            yield replace(letter, state=OutboxState(end))
        else:
            yield replace(letter, state=OutboxState.QUEUED if letter.state in _GONE else letter.state)


class PastVault:
    """The vault up to an instant, to look into and not to write. See ports.Vault."""

    def __init__(self, vault: Vault, instant: datetime) -> None:
        self._vault = vault
        self._instant = instant

    def get(self, sha256: str) -> bytes:
        """See ports.Vault."""
        return self._vault.get(sha256)

    def has(self, sha256: str) -> bool:
        """See ports.Vault."""
        return self._vault.has(sha256)

    def objects(self) -> Iterator[str]:
        """See ports.Vault."""
        kept = {receipt.sha256 for receipt in self.receipts()}
        return (name for name in self._vault.objects() if name in kept)

    def receipts(self, recorded: Container[int] = ()) -> Iterator[Receipt]:
        """See ports.Vault."""
        return (receipt for receipt in self._vault.receipts(recorded) if receipt.stored_at <= self._instant)

    def rulings(self) -> Iterator[KeptRuling]:
        """See ports.Vault."""
        return decided_by(self._vault, self._instant)

    def tombstones(self) -> Iterator[Tombstone]:
        """See ports.Vault."""
        return self._vault.tombstones()

    def holds(self, kept: KeptRuling | Tombstone) -> bool:
        """See ports.Vault."""
        return self._vault.holds(kept)

    def faults(self, part: int = 1, of: int = 1) -> Iterator[str]:
        """See ports.Vault."""
        return self._vault.faults(part, of)

    def journal(self) -> Iterator[JournalEntry]:
        """See ports.Vault."""
        return takewhile(lambda entry: entry.at <= self._instant, self._vault.journal())

    def journal_seq(self) -> int:
        """See ports.Vault."""
        return max((entry.seq for entry in self.journal()), default=0)

    def keep_journal(self, entries: Iterable[JournalEntry]) -> None:
        """Nothing is kept of a look into the past."""

    def stage(self, pieces: Iterable[bytes]) -> Staged:
        """Refused."""
        raise Broken("the past takes nothing in")

    def put(self, raws: Sequence[bytes | Staged]) -> tuple[str, ...]:
        """Refused."""
        raise Broken("the past takes nothing in")

    def put_receipts(self, receipts: Sequence[Receipt]) -> None:
        """Refused."""
        raise Broken("the past takes nothing in")

    def keep_ruling(self, round_id: str, ruling: Ruling) -> KeptRuling:
        """Refused."""
        raise Broken("nothing is decided in the past")

    def imports(self) -> Iterator[Import]:
        """See ports.Vault."""
        return (brought for brought in self._vault.imports() if brought.at <= self._instant)

    def source(self, sha256: str) -> bytes | None:
        """See ports.Vault."""
        return self._vault.source(sha256)

    def keep_import(self, brought: Import, source: bytes | None) -> None:
        """Refused."""
        raise Broken("the past takes nothing in")

    def keep_tombstone(self, stone: Tombstone) -> Tombstone:
        """Refused."""
        raise Broken("nothing is erased in the past")

    def bury(self, stone: Tombstone) -> None:
        """Refused."""
        raise Broken("nothing is erased in the past")
