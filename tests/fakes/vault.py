"""A vault in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from intake.doors.graves import tombstone_commitment
from intake.doors.vault import commitment
from intake.errors import BadData, Broken
from intake.model.delivery import Import
from intake.model.ledger import JournalEntry, KeptRuling, Tombstone
from intake.model.record import Ruling
from intake.ports import Receipt, Staged


class FakeVault:
    """See ports.Vault. `damage` flips a byte of an object."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._objects: dict[str, bytes] = {}
        self._receipts: dict[object, Receipt] = {}
        self._rulings: dict[tuple[str, str], KeptRuling] = {}
        self._journal: list[JournalEntry] = []
        self._stones: dict[str, Tombstone] = {}
        self._imports: dict[str, Import] = {}
        self._sources: dict[str, bytes] = {}

    def stage(self, pieces: Iterable[bytes]) -> Staged:
        """Staged files stand in a folder of the test."""
        raw = b"".join(pieces)
        path = self._folder / hashlib.sha256(raw).hexdigest()
        path.write_bytes(raw)
        return Staged(path=str(path), sha256=path.name, size_bytes=len(raw))

    def put(self, raws: Sequence[bytes | Staged]) -> tuple[str, ...]:
        """Names in the order given."""
        names = []
        for raw in raws:
            data = Path(raw.path).read_bytes() if isinstance(raw, Staged) else raw
            names.append(hashlib.sha256(data).hexdigest())
            if names[-1] not in self._stones:
                self._objects[names[-1]] = data
        return tuple(names)

    def put_receipts(self, receipts: Sequence[Receipt]) -> None:
        """Keyed by coordinates, round and hash."""
        for receipt in receipts:
            self._receipts.setdefault((receipt.at, receipt.round_id, receipt.sha256), receipt)

    def get(self, sha256: str) -> bytes:
        """Checked as the real one checks."""
        raw = self._objects.get(sha256)
        if raw is None or hashlib.sha256(raw).hexdigest() != sha256:
            raise BadData(f"object {sha256} is missing or damaged")
        return raw

    def has(self, sha256: str) -> bool:
        """There, whole or not."""
        return sha256 in self._objects

    def objects(self) -> Iterator[str]:
        """Sorted."""
        yield from sorted(self._objects)

    def receipts(self, recorded: Container[int] = ()) -> Iterator[Receipt]:
        """By sequence."""
        kept = [receipt for brought in self._imports.values() for receipt in brought.receipts]
        yield from sorted([*self._receipts.values(), *kept], key=lambda receipt: (receipt.sequence, receipt.sha256))

    def keep_ruling(self, round_id: str, ruling: Ruling) -> KeptRuling:
        """The salt is the same at each run; a fake has no secrets."""
        salt = hashlib.sha256(ruling.id.encode()).hexdigest()
        kept = KeptRuling(round_id=round_id, ruling=ruling, salt=salt, commitment=commitment(salt, ruling))
        return self._rulings.setdefault((round_id, ruling.id), kept)

    def rulings(self) -> Iterator[KeptRuling]:
        """By round and time."""
        yield from sorted(self._rulings.values(), key=lambda kept: (kept.round_id, kept.ruling.at, kept.ruling.id))

    def keep_tombstone(self, stone: Tombstone) -> Tombstone:
        """As it comes, with a salt that is no secret."""
        salted = replace(stone, salt="salt", commitment="")
        return self._stones.setdefault(stone.key, replace(salted, commitment=tombstone_commitment(salted)))

    def bury(self, stone: Tombstone) -> None:
        """Object and words go, and the exports that held it."""
        for brought in self._imports.values():
            if any(receipt.sha256 == stone.key for receipt in brought.receipts):
                self._sources.pop(brought.source_sha256, None)
        self._objects.pop(stone.key, None)
        for place, kept in self._rulings.items():
            if kept.ruling.id in stone.rulings:
                self._rulings[place] = replace(kept, ruling=kept.ruling.without_words(), salt="")

    def tombstones(self) -> Iterator[Tombstone]:
        """By key."""
        yield from sorted(self._stones.values(), key=lambda stone: stone.key)

    def holds(self, kept: KeptRuling | Tombstone) -> bool:
        """By the same function as the real one."""
        if isinstance(kept, Tombstone):
            return tombstone_commitment(kept) == kept.commitment
        return commitment(kept.salt, kept.ruling) == kept.commitment

    def keep_import(self, brought: Import, source: bytes | None) -> None:
        """In one act."""
        if source is not None:
            self._sources[hashlib.sha256(source).hexdigest()] = source
        self._imports.setdefault(brought.id, brought)

    def imports(self) -> Iterator[Import]:
        """By time and id."""
        yield from sorted(self._imports.values(), key=lambda brought: (brought.at, brought.id))

    def source(self, sha256: str) -> bytes | None:
        """As given."""
        return self._sources.get(sha256)

    def faults(self, part: int = 1, of: int = 1) -> Iterator[str]:
        """Memory does not rot."""
        yield from ()

    def keep_journal(self, entries: Iterable[JournalEntry]) -> None:
        """A list."""
        for entry in entries:
            if entry.seq <= self.journal_seq():
                continue
            head = self._journal[-1].head if self._journal else "0" * 64
            if entry.seq != self.journal_seq() + 1 or entry.prev != head:
                raise Broken("not the same journal")
            self._journal.append(entry)

    def journal(self) -> Iterator[JournalEntry]:
        """In order."""
        yield from list(self._journal)

    def journal_seq(self) -> int:
        """Of the last."""
        return self._journal[-1].seq if self._journal else 0

    def damage(self, sha256: str) -> None:
        """As a disk would."""
        raw = bytearray(self._objects[sha256])
        raw[0] ^= 1
        self._objects[sha256] = bytes(raw)
