"""Copies of a state folder, made while the daemon works, and the way back.

    <backup>/objects/ab/<sha256>.eml      shared by all snapshots; only what is new is copied
    <backup>/tombstones/<sha256>.json     every erasure that this place has heard of
    <backup>/snapshots/<time>/            ledger, journal, receipts, decisions, papers of one moment, with its own hashes and expiry

The ledger is copied first, in one read transaction; receipts, then objects after it: so the vault of a snapshot holds at least what
its ledger names. The journal is the one of the ledger's copy.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from intake.doors.durable import Disk, disk_errors
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.vault import FileVault
from intake.errors import BadData, BadUsage
from intake.model.delivery import Import
from intake.model.ledger import JournalEntry, KeptRuling, Tombstone
from intake.ports import Receipt

LEDGER = "ledger.sqlite3"
PAPERS = ("revisions", "synthesis")
"""Folders of a state folder that officers made or froze; drafts are made again."""
IMPORTS = "imports.jsonl"
"""Facts: what officers brought in; snapshots from before there were imports have no such file."""
_BATCH = 50
Item = TypeVar("Item")


class Snapshot(Struct, frozen=True, kw_only=True):
    """What a snapshot holds. `files`: relative path -> SHA-256; `faults`: objects that the vault itself had spoilt."""

    id: str
    made_at: datetime
    expires_at: datetime
    objects: int
    copied: int
    files: dict[str, str]
    faults: tuple[str, ...] = ()


class Restored(Struct, frozen=True, kw_only=True):
    """What a restore put in place."""

    snapshot: str
    objects: int
    erased: int
    folder: str
    before: str


class Backup:
    """A place for backups; one process at a time (the caller holds the lock). A killed run leaves only what the next one clears."""

    def __init__(self, root: Path, disk: Disk | None = None) -> None:
        self._root = root
        self._disk = disk or Disk()
        self._objects = root / "objects"
        self._stones = root / "tombstones"
        self._sources = root / "sources"
        self._snapshots = root / "snapshots"

    def snapshots(self) -> list[Snapshot]:
        """Whole ones, oldest first."""
        found = sorted(self._snapshots.glob("*/snapshot.json"))
        return [msgspec.json.decode(path.read_bytes(), type=Snapshot) for path in found if not path.parent.name.endswith(".new")]

    def make(self, state_dir: Path, at: datetime, keep_days: int) -> Snapshot:
        """Copy what is new and freeze a snapshot; the daemon may be at work. TryAgain when this disk is full."""
        with disk_errors(f"writing the backup {self._root}"):
            for folder in (self._root, self._objects, self._stones, self._sources, self._snapshots):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._clear()
            name = at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
            fresh = self._snapshots / f"{name}.new"
            fresh.mkdir(mode=0o700)
            vault = FileVault(state_dir / "vault")
            files = self._write_facts(state_dir, vault, fresh)
            copied, faults = self._copy_objects(vault)
            faults += self._copy_sources(vault)
            for stone in vault.tombstones():
                self._bury(stone)
            files |= self._copy_papers(state_dir, fresh)
            snapshot = Snapshot(
                id=name,
                made_at=at,
                expires_at=at + timedelta(days=keep_days),
                objects=sum(1 for _ in self._objects.glob("*/*.eml")),
                copied=copied,
                files=files,
                faults=tuple(faults),
            )
            self._write(fresh / "snapshot.json", msgspec.json.format(msgspec.json.encode(snapshot, order="sorted"), indent=1))
            self._sync_tree(fresh)
            self._disk.rename(fresh, self._snapshots / name)
            self._disk.sync_folders([self._snapshots, self._root])
            self._expire(at)
        return snapshot

    def restore(self, name: str | None, target: Path, stones: Iterable[Tombstone]) -> Restored:
        """Lay out a state folder at `target`, which does not exist: checked, and with every erasure done again that this place, the
        snapshot or `stones` know of. Its ledger is the snapshot's. Raises BadData when something of it is spoilt."""
        snapshot = self._chosen(name)
        home = self._snapshots / snapshot.id
        for path, sha256 in snapshot.files.items():
            if hashlib.sha256((home / path).read_bytes()).hexdigest() != sha256:
                raise BadData(f"snapshot {snapshot.id}: {path} is damaged")
        gone = {stone.key: stone for stone in (*stones, *self._known_stones(), *read_lines(home / "tombstones.jsonl", Tombstone))}
        with disk_errors(f"restoring to {target}"):
            target.mkdir(mode=0o750, parents=True)
            vault = FileVault(target / "vault", disk=self._disk)
            refill_vault(vault, home, gone.values(), self._raws(home, gone), self._sources)
            shutil.copy2(home / "secret", target / "vault" / "secret")
            shutil.copy2(home / LEDGER, target / LEDGER)
            for folder in PAPERS:
                if (home / folder).is_dir():
                    shutil.copytree(home / folder, target / folder)
            self._sync_tree(target)
        return Restored(
            snapshot=snapshot.id, objects=sum(1 for _ in vault.objects()), erased=len(gone), folder=str(target), before=""
        )

    def _chosen(self, name: str | None) -> Snapshot:
        every = self.snapshots()
        found = [item for item in every if name is None or item.id == name]
        if not found:
            raise BadUsage(
                f"{self._root} has no snapshot {name or ''}; there are: {', '.join(item.id for item in every) or 'none'}"
            )
        return found[-1]

    def _raws(self, home: Path, gone: dict[str, Tombstone]) -> Iterator[bytes]:
        for key in dict.fromkeys(receipt.sha256 for receipt in read_lines(home / "receipts.jsonl", Receipt)):
            if key in gone:
                continue
            try:
                raw = self._object(key).read_bytes()
            except OSError as error:
                raise BadData(f"the backup has not the object {key}: {error.strerror}") from error
            if hashlib.sha256(raw).hexdigest() != key:
                raise BadData(f"the backup's object {key} is damaged")
            yield raw

    def _write_facts(self, state_dir: Path, vault: FileVault, fresh: Path) -> dict[str, str]:
        """Ledger, then what the vault says of it."""
        copy = fresh / LEDGER
        source = sqlite3.connect(state_dir / LEDGER, timeout=60)
        try:
            source.execute("VACUUM INTO ?", (str(copy),))
        finally:
            source.close()
        ledger = SqliteLedger.open(copy)
        try:
            journal = list(ledger.journal_entries())
        finally:
            ledger.close()
        facts: dict[str, Iterable[object]] = {
            "journal.jsonl": journal,
            "rulings.jsonl": vault.rulings(),
            "tombstones.jsonl": vault.tombstones(),
            "receipts.jsonl": vault.receipts(),
            IMPORTS: vault.imports(),
        }
        for name, items in facts.items():
            self._write(fresh / name, b"".join(msgspec.json.encode(item) + b"\n" for item in items))
        self._write(fresh / "secret", vault.secret())
        return {name: hashlib.sha256((fresh / name).read_bytes()).hexdigest() for name in (LEDGER, "secret", *facts)}

    def _copy_objects(self, vault: FileVault) -> tuple[int, list[str]]:
        copied, faults = 0, []
        new = [name for name in vault.objects() if not self._object(name).exists()]
        for start in range(0, len(new), _BATCH):
            folders = set()
            for name in new[start : start + _BATCH]:
                try:
                    raw = vault.get(name)
                except BadData as error:
                    faults.append(str(error))
                    continue
                final = self._object(name)
                final.parent.mkdir(mode=0o700, exist_ok=True)
                self._disk.rename(self._disk.write_temp(self._objects, [raw], 0o400)[0], final)
                folders.add(final.parent)
                copied += 1
            self._disk.sync_folders([*sorted(folders), self._objects])
        return copied, faults

    def _copy_sources(self, vault: FileVault) -> list[str]:
        """Exports as they were handed over; one that the vault has forgotten goes here too."""
        faults = []
        for name in sorted({brought.source_sha256 for brought in vault.imports()} - {""}):
            final = self._sources / name
            try:
                raw = vault.source(name)
            except BadData as error:
                faults.append(str(error))
                continue
            if raw is None:
                self._disk.unlink(final)
            elif not final.exists():
                self._disk.rename(self._disk.write_temp(self._sources, [raw], 0o400)[0], final)
        self._disk.sync_folders([self._sources])
        return faults

    def _bury(self, stone: Tombstone) -> None:
        path = self._stones / f"{stone.key}.json"
        if not path.exists():
            self._disk.rename(self._disk.write_temp(self._stones, [msgspec.json.encode(stone)], 0o400)[0], path)
            self._disk.sync_folders([self._stones])
        if self._object(stone.key).exists():
            self._disk.unlink(self._object(stone.key))

    def _known_stones(self) -> Iterator[Tombstone]:
        for path in sorted(self._stones.glob("*.json")):
            yield msgspec.json.decode(path.read_bytes(), type=Tombstone)

    def _copy_papers(self, state_dir: Path, fresh: Path) -> dict[str, str]:
        files: dict[str, str] = {}
        for folder in PAPERS:
            for path in sorted((state_dir / folder).rglob("*")):
                inner = path.relative_to(state_dir)
                if path.is_file() and "worksheet" not in inner.parts and not any(part.endswith(".new") for part in inner.parts):
                    (fresh / inner).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(path, fresh / inner)
                    files[str(inner)] = hashlib.sha256((fresh / inner).read_bytes()).hexdigest()
        return files

    def _expire(self, at: datetime) -> None:
        every = self.snapshots()
        for item in every[:-1]:
            if item.expires_at <= at:
                shutil.rmtree(self._snapshots / item.id)

    def _clear(self) -> None:
        """What a dead run left."""
        for path in self._snapshots.glob("*.new"):
            shutil.rmtree(path)
        for folder in (self._objects, self._stones, self._sources):
            for path in folder.glob(".tmp-*"):
                path.unlink()

    def _object(self, name: str) -> Path:
        return self._objects / name[:2] / f"{name}.eml"

    def _write(self, path: Path, data: bytes) -> None:
        self._disk.rename(self._disk.write_temp(path.parent, [data], 0o400)[0], path)

    def _sync_tree(self, top: Path) -> None:
        """Everything below a folder is durable."""
        for path in top.rglob("*"):
            if path.is_file():
                self._disk.sync_file(path)
        self._disk.sync_folders([*(path for path in top.rglob("*") if path.is_dir()), top])


def refill_vault(vault: FileVault, facts: Path, stones: Iterable[Tombstone], raws: Iterable[bytes], sources: Path) -> None:
    """An empty vault from the files of facts and the objects; tombstones first, so that nothing erased comes back. `sources`: the
    folder of exports by hash; one that held something erased stays away."""
    erased = set()
    for stone in stones:
        vault.keep_tombstone(stone)
        erased.add(stone.key)
    batch: list[bytes] = []
    for raw in raws:
        batch.append(raw)
        if len(batch) >= _BATCH:
            vault.put(batch)
            batch = []
    if batch:
        vault.put(batch)
    imports = read_lines(facts / IMPORTS, Import) if (facts / IMPORTS).exists() else []
    told = {(receipt.at, receipt.sha256) for brought in imports for receipt in brought.receipts}
    receipts = [item for item in read_lines(facts / "receipts.jsonl", Receipt) if (item.at, item.sha256) not in told]
    for start in range(0, len(receipts), _BATCH):
        vault.put_receipts(receipts[start : start + _BATCH])
    for brought in imports:
        path = sources / brought.source_sha256
        whole = bool(brought.source_sha256) and path.is_file() and not erased & {receipt.sha256 for receipt in brought.receipts}
        vault.keep_import(brought, path.read_bytes() if whole else None)
    for kept in read_lines(facts / "rulings.jsonl", KeptRuling):
        vault.put_back(kept)
    vault.keep_journal(read_lines(facts / "journal.jsonl", JournalEntry))


def read_lines(path: Path, kind: type[Item]) -> list[Item]:
    """The values of a file of JSON lines."""
    return [msgspec.json.decode(line, type=kind) for line in path.read_bytes().splitlines()]
