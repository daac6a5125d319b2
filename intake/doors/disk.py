"""Stop taking mail in before the disk is full: what is in the mailbox is safe there."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct

from intake.errors import NoRoom


class Space(Struct, frozen=True, kw_only=True):
    """Room on a file system, for us (not for root): bytes and inodes. `inodes_total` 0: the file system does not count them."""

    free_bytes: int
    total_bytes: int
    free_inodes: int
    inodes_total: int


def space_at(path: Path) -> Space:
    """Room on the file system of `path`, which exists."""
    found = os.statvfs(path)
    return Space(
        free_bytes=found.f_bavail * found.f_frsize,
        total_bytes=found.f_blocks * found.f_frsize,
        free_inodes=found.f_favail,
        inodes_total=found.f_files,
    )


class DiskGuard:
    """Asked before each batch is written. `min_percent` and `min_bytes`: both must stay free; inodes by percent alone."""

    def __init__(self, path: Path, *, min_percent: float = 5.0, min_bytes: int = 256 * 1024 * 1024) -> None:
        self._path = path
        self._min_percent = min_percent
        self._min_bytes = min_bytes

    def check(self, wanted_bytes: int = 0) -> None:
        """Raises NoRoom when writing so many bytes would leave too little room."""
        room = space_at(self._path)
        left = room.free_bytes - wanted_bytes
        if left < self._min_bytes or left * 100 < room.total_bytes * self._min_percent:
            megabytes = max(left, 0) // 1_000_000
            raise NoRoom(f"{self._path}: too little room on the disk ({megabytes} MB would be left); intake waits")
        if room.inodes_total and room.free_inodes * 100 < room.inodes_total * self._min_percent:
            raise NoRoom(f"{self._path}: too few inodes left on the disk ({room.free_inodes}); intake waits")
