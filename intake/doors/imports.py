"""Imports in the vault: one file an import with the receipts of all its slips, and the exports as they were handed over.

`imports/<id>.json` is renamed last: before it nothing of the import has come, with it everything has. `sources/<sha256>` are octets of
exports; when a slip is erased, every export that held it goes too, for its words stand there as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

import msgspec

from intake.doors.durable import Disk, disk_errors
from intake.errors import BadData
from intake.model.delivery import Import, Receipt

_HEX = frozenset("0123456789abcdef")


class ImportsFolder:
    """See ports_keeping.Imports."""

    def __init__(self, root: Path, staging: Path, disk: Disk) -> None:
        self._imports = root / "imports"
        self._sources = root / "sources"
        self._staging = staging
        self._disk = disk

    def lay_out(self) -> None:
        """The two folders; synced with the vault's own."""
        for folder in (self._imports, self._sources):
            folder.mkdir(mode=0o750, exist_ok=True)

    def keep(self, brought: Import, source: bytes | None) -> None:
        """Source, then import. Raises TryAgain on a full disk."""
        with disk_errors("storing an import"):
            if source is not None:
                path = self._source(hashlib.sha256(source).hexdigest())
                if not _is_whole(path):
                    self._write(source, path)
                self._disk.sync_folders([self._sources])
            final = self._imports / f"{_name(brought.id)}.json"
            if not final.exists():
                self._write(msgspec.json.encode(brought) + b"\n", final)
            self._disk.sync_folders([self._imports])

    def every(self) -> Iterator[Import]:
        """All that can be read, by time and id."""
        found = [brought for _path, brought in self._all() if brought is not None]
        yield from sorted(found, key=lambda brought: (brought.at, brought.id))

    def receipts(self) -> Iterator[tuple[Path, Receipt | None]]:
        """(file, receipt) of every slip; (file, None) for an import that cannot be read."""
        for path, brought in self._all():
            if brought is None:
                yield path, None
            else:
                yield from ((path, receipt) for receipt in brought.receipts)

    def source(self, sha256: str) -> bytes | None:
        """See ports_keeping.Imports."""
        path = self._source(sha256)
        if not path.is_file():
            return None
        raw = path.read_bytes()
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise BadData(f"source {sha256} is damaged: its bytes do not hash to its name")
        return raw

    def forget(self, key: str) -> None:
        """Take away every export that held this slip; again is harmless."""
        gone = [self._source(item.source_sha256) for item in self.every() if item.source_sha256 and holds(item, key)]
        with disk_errors("erasing an export"):
            for path in gone:
                if path.exists():
                    self._disk.unlink(path)
            if gone:
                self._disk.sync_folders([self._sources])

    def faults(self, erased: Iterator[str]) -> Iterator[str]:
        """Exports that are missing or damaged; one of which a slip was erased is gone by right."""
        stones = set(erased)
        for brought in self.every():
            name = brought.source_sha256
            if not name:
                continue
            excused = any(receipt.sha256 in stones for receipt in brought.receipts)
            path = self._source(name)
            if not path.exists() and not excused:
                yield f"source {name} of import {brought.id} is missing"
            elif path.exists() and excused:
                yield f"source {name} holds an erased message and is here"
            elif path.exists() and not _is_whole(path):
                yield f"source {name} is damaged"

    def _all(self) -> Iterator[tuple[Path, Import | None]]:
        for path in sorted(self._imports.glob("*.json")):
            try:
                yield path, msgspec.json.decode(path.read_bytes(), type=Import)
            except (OSError, msgspec.MsgspecError):
                yield path, None

    def _write(self, data: bytes, final: Path) -> None:
        self._disk.rename(self._disk.write_temp(self._staging, [data], 0o440, hashed=False)[0], final)

    def _source(self, sha256: str) -> Path:
        if len(sha256) != 64 or not _HEX.issuperset(sha256):
            raise BadData(f"not the name of a source: {sha256[:80]!r}")
        return self._sources / sha256


def merged(shelved: Iterable[Receipt], brought: Iterable[Receipt | None], recorded: Container[int]) -> list[Receipt]:
    """Receipts of batches and of imports, in order of sequence, each delivery once; those of imports that are `recorded` left out."""
    found = {
        (item.at, item.round_id, item.sha256): item for item in brought if item is not None and item.sequence not in recorded
    }
    found |= {(item.at, item.round_id, item.sha256): item for item in shelved}
    return sorted(found.values(), key=lambda receipt: (receipt.sequence, receipt.sha256))


def holds(brought: Import, key: str) -> bool:
    """Whether a slip came with this import."""
    return any(receipt.sha256 == key for receipt in brought.receipts)


def _name(identity: str) -> str:
    if not identity or not _HEX.issuperset(identity):
        raise BadData(f"not the id of an import: {identity[:80]!r}")
    return identity


def _is_whole(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == path.name
    except OSError:
        return False
