"""The journal's file: one JSON line for each entry, append-only. The ledger makes the chain, this keeps it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from intake.doors.durable import Disk, disk_errors
from intake.errors import BadData, Broken
from intake.model.ledger import JournalEntry

_TAIL = 256 * 1024
_START = "0" * 64


class JournalFile:
    """Written under a lock of its own: the daemon and the command line may both catch up."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self._path = path
        self._disk = disk

    def keep(self, entries: Iterable[JournalEntry]) -> None:
        """Append what is new and sync. A torn last line is written over. Raises Broken when the chain does not join."""
        with disk_errors("writing the journal"), self._locked():
            seq, head, end = self._tail()
            lines: list[bytes] = []
            for entry in entries:
                if entry.seq <= seq:
                    continue
                if entry.seq != seq + 1 or entry.prev != head:
                    raise Broken(f"journal entry {entry.seq} does not follow entry {seq} of {self._path}: not the same journal")
                lines.append(msgspec.json.encode(entry) + b"\n")
                seq, head = entry.seq, entry.head
            if lines:
                self._disk.append(self._path, b"".join(lines), end)
                if end == 0:
                    self._disk.sync_folders([self._path.parent])

    def entries(self) -> Iterator[JournalEntry]:
        """All entries, in order. Raises BadData at a line in the middle that is none."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.endswith(b"\n"):
                    yield self._decode(line, number)

    def last_seq(self) -> int:
        """Number of the last whole entry, 0 when there is none."""
        return self._tail()[0]

    def end(self) -> tuple[int, str]:
        """(number, head) of the last whole entry; (0, 64 zeros) before the first."""
        seq, head, _end = self._tail()
        return seq, head

    def _tail(self) -> tuple[int, str, int]:
        """(number, head, end offset) of the last whole entry."""
        if not self._path.exists():
            return 0, _START, 0
        with self._path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            start = max(0, size - _TAIL)
            file.seek(start)
            block = file.read()
        whole = block.rfind(b"\n") + 1
        if whole == 0:
            if start:
                raise BadData(f"{self._path}: the last line is longer than any entry of ours")
            return 0, _START, 0
        line = block[block.rfind(b"\n", 0, whole - 1) + 1 : whole]
        entry = self._decode(line, None)
        return entry.seq, entry.head, start + whole

    def _decode(self, line: bytes, number: int | None) -> JournalEntry:
        try:
            return msgspec.json.decode(line, type=JournalEntry)
        except msgspec.MsgspecError as error:
            where = "last line" if number is None else f"line {number}"
            raise BadData(f"{self._path}, {where}: not a journal entry") from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        handle = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
