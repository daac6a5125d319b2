"""Erased messages in the vault: a tombstone each; their object and the words of the decisions about them are gone."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec.structs import replace

from intake.doors.durable import Disk, disk_errors
from intake.model.ledger import KeptRuling, Tombstone


class Graves:
    """The folder of tombstones. A tombstone is written first and durably: from then on the erasure is completed by every start."""

    def __init__(self, folder: Path, staging: Path, disk: Disk) -> None:
        self._folder = folder
        self._staging = staging
        self._disk = disk

    def keep(self, stone: Tombstone) -> Tombstone:
        """Store a tombstone with a fresh salt and its commitment; the same key again gives what is kept."""
        final = self._folder / f"{stone.key}.json"
        with disk_errors("storing a tombstone"):
            if not final.exists():
                salted = replace(stone, salt=stone.salt or secrets.token_hex(16), commitment="")
                full = replace(salted, commitment=tombstone_commitment(salted))
                temp, _sha256, _size = self._disk.write_temp(self._staging, [msgspec.json.encode(full) + b"\n"], 0o440)
                self._disk.rename(temp, final)
            self._disk.sync_folders([self._folder])
            return msgspec.json.decode(final.read_bytes(), type=Tombstone)

    def stones(self) -> Iterator[Tombstone]:
        """All tombstones, by key."""
        for path in sorted(self._folder.glob("*.json")):
            yield msgspec.json.decode(path.read_bytes(), type=Tombstone)

    def has(self, key: str) -> bool:
        """Whether a message with this hash was erased."""
        return os.path.exists(f"{self._folder}/{key}.json")

    def bury(self, stone: Tombstone, thing: Path, rulings: Path) -> None:
        """Take away the object and the words of the decisions; doing it again is harmless."""
        with disk_errors("erasing a message"):
            changed = [path for path in rulings.glob("*.json") if self._empty(path, stone)]
            if changed:
                self._disk.sync_folders([rulings])
            if thing.exists():
                self._disk.unlink(thing)
                self._disk.sync_folders([thing.parent])

    def _empty(self, path: Path, stone: Tombstone) -> bool:
        kept = msgspec.json.decode(path.read_bytes(), type=KeptRuling)
        if kept.ruling.id not in stone.rulings or not kept.salt:
            return False
        bare = msgspec.json.encode(replace(kept, ruling=kept.ruling.without_words(), salt="")) + b"\n"
        temp, _sha256, _size = self._disk.write_temp(self._staging, [bare], 0o440)
        self._disk.rename(temp, path)
        return True


def tombstone_commitment(stone: Tombstone) -> str:
    """What the journal says of an erasure: it can be checked with the tombstone, and nothing can be guessed from it."""
    bare = replace(stone, salt="", commitment="")
    return hashlib.sha256(stone.salt.encode() + b"\0" + msgspec.json.encode(bare, order="deterministic")).hexdigest()
