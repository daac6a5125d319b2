"""The vault on disk (docs/STATES.md): write-once objects, receipts, rulings; the journal's file is journal_file.py's.

What is here is the truth; the ledger is built from it. A batch is durable as a whole when `put` returns, never half visible under
final names: everything is synced before anything is renamed.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import msgspec

from intake.doors.disk import DiskGuard
from intake.doors.durable import Disk, disk_errors
from intake.doors.graves import Graves, tombstone_commitment
from intake.doors.imports import ImportsFolder, merged
from intake.doors.journal_file import JournalFile
from intake.doors.receipts import ReceiptShelf
from intake.errors import BadData
from intake.model.delivery import Import
from intake.model.ledger import JournalEntry, KeptRuling, Tombstone
from intake.model.record import Ruling
from intake.ports import Receipt, Staged

_HEX = frozenset("0123456789abcdef")


class FileVault:
    """A folder of the vault; `guard`, when given, refuses a batch for which there is too little room. See ports.Vault."""

    def __init__(self, root: Path, *, disk: Disk | None = None, guard: DiskGuard | None = None) -> None:
        self._disk = disk or Disk()
        self._guard = guard
        self._root = root
        self._known_folders: set[str] = set()
        self._staging = root / "staging"
        self._objects = root / "objects"
        self._receipts = root / "receipts"
        self._rulings = root / "rulings"
        self._tombstones = root / "tombstones"
        self._shelf = ReceiptShelf(self._receipts, self._staging, self._disk)
        self._imports = ImportsFolder(root, self._staging, self._disk)
        with disk_errors(str(root)):
            self._lay_out()
        self._journal = JournalFile(root / "journal.jsonl", self._disk)
        self._graves = Graves(self._tombstones, self._staging, self._disk)

    def _lay_out(self) -> None:
        for folder in (self._root, self._staging, self._objects, self._receipts, self._rulings, self._tombstones):
            folder.mkdir(mode=0o750, parents=folder == self._root, exist_ok=True)
        self._imports.lay_out()
        self._disk.sync_folders([self._objects, self._root, self._root.parent])

    def clean(self) -> int:
        """Remove what a dead process left in staging; only under the daemon's lock. Gives how many files."""
        left = sorted(self._staging.iterdir())
        for path in left:
            self._disk.unlink(path)
        return len(left)

    def stage(self, pieces: Iterable[bytes]) -> Staged:
        """See ports.Staging."""
        with disk_errors("staging a large message"):
            path, sha256, size = self._disk.write_temp(self._staging, pieces, 0o440)
        return Staged(path=str(path), sha256=sha256, size_bytes=size)

    def put(self, raws: Sequence[bytes | Staged]) -> tuple[str, ...]:
        """See ports.Vault. An object that no longer hashes to its name is replaced by the good bytes; an erased one stays away."""
        if self._guard is not None:
            self._guard.check(sum(len(raw) for raw in raws))
        names = tuple(raw.sha256 if isinstance(raw, Staged) else hashlib.sha256(raw).hexdigest() for raw in raws)
        with disk_errors("storing a message"), self._batch() as ready:
            for name, raw in zip(names, raws, strict=True):
                final = f"{self._objects}/{name[:2]}/{name}.eml"
                if final in ready or self._whole(final, name) or self._graves.has(name):
                    if isinstance(raw, Staged):
                        self._disk.unlink(Path(raw.path))
                    ready.setdefault(final, None)
                    continue
                ready[final] = raw.path if isinstance(raw, Staged) else str(self._write(raw, synced=False))
            staged = {raw.path for raw in raws if isinstance(raw, Staged)}
            self._disk.sync_files([Path(temp) for temp in ready.values() if temp is not None and temp not in staged])
        return names

    def put_receipts(self, receipts: Sequence[Receipt]) -> None:
        """See ports.Vault. One file and two syncs a call."""
        with disk_errors("storing a receipt"):
            self._shelf.put(receipts)

    def get(self, sha256: str) -> bytes:
        """See ports.Vault."""
        try:
            raw = self._object(sha256).read_bytes()
        except OSError as error:
            raise BadData(f"object {sha256} cannot be read: {error.strerror}") from error
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise BadData(f"object {sha256} is damaged: its bytes do not hash to its name")
        return raw

    def has(self, sha256: str) -> bool:
        """See ports.Vault."""
        return self._object(sha256).is_file()

    def objects(self) -> Iterator[str]:
        """See ports.Vault."""
        for shard in sorted(self._objects.iterdir()):
            yield from sorted(path.stem for path in shard.glob("*.eml"))

    def receipts(self, recorded: Container[int] = ()) -> Iterator[Receipt]:
        """See ports.Vault. One that cannot be read is left out here and listed by `faults`."""
        yield from merged(self._shelf.receipts(recorded), (item for _path, item in self._imports.receipts()), recorded)

    def keep_ruling(self, round_id: str, ruling: Ruling) -> KeptRuling:
        """See ports.Vault."""
        final = self._ruling(round_id, ruling.id)
        with disk_errors("storing a decision"):
            if not final.exists():
                salt = secrets.token_hex(16)
                kept = KeptRuling(round_id=round_id, ruling=ruling, salt=salt, commitment=commitment(salt, ruling))
                self._disk.rename(self._write(msgspec.json.encode(kept) + b"\n"), final)
            self._disk.sync_folders([self._rulings])
            return msgspec.json.decode(final.read_bytes(), type=KeptRuling)

    def put_back(self, kept: KeptRuling) -> None:
        """A decision as another vault kept it, salt and all (restore)."""
        with disk_errors("storing a decision"):
            self._disk.rename(self._write(msgspec.json.encode(kept) + b"\n"), self._ruling(kept.round_id, kept.ruling.id))
            self._disk.sync_folders([self._rulings])

    def rulings(self) -> Iterator[KeptRuling]:
        """See ports.Vault."""
        found = [msgspec.json.decode(path.read_bytes(), type=KeptRuling) for path in self._rulings.glob("*.json")]
        yield from sorted(found, key=lambda kept: (kept.round_id, kept.ruling.at, kept.ruling.id))

    def keep_tombstone(self, stone: Tombstone) -> Tombstone:
        """See ports.Vault."""
        return self._graves.keep(stone)

    def bury(self, stone: Tombstone) -> None:
        """See ports.Vault."""
        self._imports.forget(stone.key)
        self._graves.bury(stone, self._object(stone.key), self._rulings)

    def keep_import(self, brought: Import, source: bytes | None) -> None:
        """See ports.Vault."""
        self._imports.keep(brought, source)

    def imports(self) -> Iterator[Import]:
        """See ports.Vault."""
        return self._imports.every()

    def source(self, sha256: str) -> bytes | None:
        """See ports.Vault."""
        return self._imports.source(sha256)

    def tombstones(self) -> Iterator[Tombstone]:
        """See ports.Vault."""
        return self._graves.stones()

    def holds(self, kept: KeptRuling | Tombstone) -> bool:
        """See ports.Vault."""
        if isinstance(kept, Tombstone):
            return tombstone_commitment(kept) == kept.commitment
        return commitment(kept.salt, kept.ruling) == kept.commitment

    def keep_journal(self, entries: Iterable[JournalEntry]) -> None:
        """See ports.Vault."""
        self._journal.keep(entries)

    def journal(self) -> Iterator[JournalEntry]:
        """See ports.Vault."""
        return self._journal.entries()

    def journal_seq(self) -> int:
        """See ports.Vault."""
        return self._journal.last_seq()

    def journal_end(self) -> tuple[int, str]:
        """(number, head) of the file's last whole entry; (0, 64 zeros) before the first."""
        return self._journal.end()

    def secret(self) -> bytes:
        """32 random bytes, made at first use and kept with the objects: numbers made with them survive the loss of the ledger."""
        path = self._root / "secret"
        with disk_errors("storing the secret"):
            if not path.exists():
                temp, _sha256, _size = self._disk.write_temp(self._staging, [secrets.token_bytes(32)], 0o400)
                self._disk.rename(temp, path)
                self._disk.sync_folders([self._root])
            return path.read_bytes()

    def faults(self, part: int = 1, of: int = 1) -> Iterator[str]:
        """What does not hold, in words: damaged objects (slice `part` of `of`), receipts without object and the reverse."""
        named: set[str] = set()
        told = ((path, receipt) for path in self._shelf.files() for receipt in self._shelf.read(path))
        for path, receipt in chain(told, self._imports.receipts()):
            if receipt is None:
                yield f"a receipt in {path.name} cannot be read"
                continue
            named.add(receipt.sha256)
            if not self.has(receipt.sha256) and not self._graves.has(receipt.sha256):
                yield f"object {receipt.sha256} is missing, a receipt names it"
        for name in self.objects():
            if self._graves.has(name):
                yield f"object {name} was erased and is here"
            if name not in named:
                yield f"object {name} has no receipt"
            if int(name[:8], 16) % of == part - 1 and not self._whole(self._object(name), name):
                yield f"object {name} is damaged"
        yield from self._imports.faults(stone.key for stone in self._graves.stones())

    @contextmanager
    def _batch(self) -> Iterator[dict[str, str | None]]:
        """Final name -> synced temp file; at the end all get their names, then their folders are synced.

        None stands for a file that is there already: a killed process may have renamed it without syncing the folder. For the
        same reason the folder above is synced at this process's first use of a folder. After an error no temp file stays.
        """
        ready: dict[str, str | None] = {}
        try:
            yield ready
            folders = {os.path.dirname(final) for final in ready}
            strange = folders - self._known_folders
            for folder in strange:
                Path(folder).mkdir(mode=0o750, exist_ok=True)
            for final, temp in ready.items():
                if temp is not None:
                    self._disk.rename(temp, final)
            above = {os.path.dirname(folder) for folder in strange}
            self._disk.sync_folders([Path(folder) for folder in sorted(folders | above)])
            self._known_folders |= folders
        except Exception:
            for temp in ready.values():
                if temp is not None:
                    Path(temp).unlink(missing_ok=True)
            raise

    def _write(self, data: bytes, *, synced: bool = True) -> Path:
        return self._disk.write_temp(self._staging, [data], 0o440, hashed=False, synced=synced)[0]

    def _whole(self, path: Path | str, name: str) -> bool:
        try:
            with open(path, "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == name
        except OSError:
            return False

    def _object(self, name: str) -> Path:
        if len(name) != 64 or not _HEX.issuperset(name):
            raise BadData(f"not the name of an object: {name[:80]!r}")
        return self._objects / name[:2] / f"{name}.eml"

    def _ruling(self, round_id: str, name: str) -> Path:
        whole = hashlib.sha256(f"{round_id}\0{name}".encode()).hexdigest()
        return self._rulings / f"{whole[:40]}.json"


def commitment(salt: str, ruling: Ruling) -> str:
    """What the journal says of a ruling: nobody can guess the ruling from it, and whoever has ruling and salt can check it."""
    return hashlib.sha256(salt.encode() + b"\0" + msgspec.json.encode(ruling, order="deterministic")).hexdigest()
