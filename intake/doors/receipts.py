"""Receipts on disk: one file a batch, one line a delivery; named by the sequence numbers that it holds (docs/STATES.md, W4).

    <receipts>/<shard>/<first>-<last>-<lines>-<hash of the places>.jsonl

The name tells a start which files its ledger has in full, so that it need not read them. States from before have a file for each
delivery (`<receipts>/<folder>/<hash>.json`): those are read as they are, and never written any more.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Container, Iterator, Sequence
from pathlib import Path

import msgspec

from intake.doors.durable import Disk
from intake.ports import Coordinates, Receipt

_SHARD = 100_000
"""Sequence numbers to a folder."""
_NAME = re.compile(r"(\d+)-(\d+)-(\d+)-[0-9a-f]+\.jsonl\Z")
_DECODER = msgspec.json.Decoder(Receipt)
Place = tuple[Coordinates, str, str]


class ReceiptShelf:
    """The folder of receipts. The same batch again is silent; the same delivery in two files counts once, the earlier one."""

    def __init__(self, folder: Path, staging: Path, disk: Disk) -> None:
        self._folder = folder
        self._staging = staging
        self._disk = disk
        self._known_shards: set[Path] = set()

    def put(self, receipts: Sequence[Receipt]) -> None:
        """Durable when it returns: the file is synced, then named, then its folder synced."""
        if not receipts:
            return
        sequences = [receipt.sequence for receipt in receipts]
        first, last = min(sequences), max(sequences)
        shard = self._folder / f"{first // _SHARD:04d}"
        places = hashlib.sha256(msgspec.json.encode([_place(receipt) for receipt in receipts])).hexdigest()[:16]
        final = shard / f"{first:010d}-{last:010d}-{len(receipts)}-{places}.jsonl"
        fresh = shard not in self._known_shards
        if fresh:
            shard.mkdir(mode=0o750, exist_ok=True)
        if not final.exists():
            lines = b"".join(msgspec.json.encode(receipt) + b"\n" for receipt in receipts)
            temp = self._disk.write_temp(self._staging, [lines], 0o440, hashed=False)[0]
            try:
                self._disk.rename(temp, final)
            except Exception:
                temp.unlink(missing_ok=True)
                raise
        # also when it was there: a killed process may have named it without syncing; the folder above likewise, once a process
        self._disk.sync_folders([shard, self._folder] if fresh else [shard])
        self._known_shards.add(shard)

    def receipts(self, recorded: Container[int] = ()) -> list[Receipt]:
        """In order of sequence, each delivery once. Files whose receipts are all `recorded` (sequence numbers) are passed over.

        A file is believed by its name alone only where no other file claims one of its numbers: after a commit that failed, the next
        batch takes the same numbers for other deliveries.
        """
        found: dict[Place, Receipt] = {}
        for path in self._to_read(recorded):
            for receipt in self.read(path):
                if receipt is not None:
                    place = _place(receipt)
                    if place not in found or receipt.sequence < found[place].sequence:
                        found[place] = receipt
        return sorted(found.values(), key=lambda receipt: (receipt.sequence, receipt.sha256))

    def files(self) -> Iterator[Path]:
        """All files with receipts, of both shapes."""
        for folder in sorted(os.scandir(self._folder), key=lambda entry: entry.name):
            if folder.is_dir():
                yield from (
                    Path(folder.path, name) for name in sorted(os.listdir(folder.path)) if name.endswith((".json", ".jsonl"))
                )

    def read(self, path: Path) -> Iterator[Receipt | None]:
        """The receipts of a file; None for each that cannot be read."""
        try:
            lines = path.read_bytes().splitlines()
        except OSError:
            lines = [b""]
        for line in lines or [b""]:
            try:
                yield _DECODER.decode(line)
            except msgspec.MsgspecError:
                yield None

    def _to_read(self, recorded: Container[int]) -> Iterator[Path]:
        ranges: list[tuple[int, int, int, Path]] = []
        for path in self.files():
            named = _NAME.match(path.name)
            if named is None:
                yield path
            else:
                ranges.append((int(named[1]), int(named[2]), int(named[3]), path))
        ranges.sort()
        doubted: set[Path] = set()
        furthest: tuple[int, Path] | None = None
        for one in ranges:
            if furthest is not None and one[0] <= furthest[0]:
                doubted |= {one[3], furthest[1]}
            if furthest is None or one[1] > furthest[0]:
                furthest = (one[1], one[3])
        for first, last, lines, path in ranges:
            gapless = lines == last - first + 1
            if path in doubted or not gapless or not all(number in recorded for number in range(first, last + 1)):
                yield path


def _place(receipt: Receipt) -> Place:
    return (receipt.at, receipt.round_id, receipt.sha256)
