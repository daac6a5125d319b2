"""Writes that survive a crash: temp file, sync, rename, sync of the folder. The only module that changes files of the vault.

Every act announces itself by name to `step` before it happens, so that tests can fail or kill it there. Names: "disk.write",
"disk.sync", "disk.rename", "disk.sync_folder", "disk.append", "disk.unlink".
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from intake.errors import NoRoom, TryAgain

Step = Callable[[str], None]
"""Told the name of each durable act before it happens."""

FOLDERS_SYNCED_ALONE = 2
FILES_SYNCED_ALONE = 3
"""Up to so many folders or files are synced one by one; more are synced together by one syncfs(2)."""


def no_step(_name: str) -> None:
    """Nobody listens."""


def _find_syncfs() -> Callable[[int], int] | None:
    """syncfs(2) from the C library, where it has one and tells of write errors (Linux 5.8 and later)."""
    release = tuple(int(number) for number in re.findall(r"\d+", os.uname().release)[:2])
    if os.uname().sysname != "Linux" or release < (5, 8):
        return None
    try:
        function = ctypes.CDLL(None, use_errno=True).syncfs
    except (OSError, AttributeError):
        return None
    function.argtypes = (ctypes.c_int,)
    return function


_SYNCFS = _find_syncfs()


@contextmanager
def disk_errors(what: str) -> Iterator[None]:
    """Turn the operating system's refusal to write into TryAgain with words."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        if full:
            raise NoRoom(f"{what}: the disk is full") from error
        raise TryAgain(f"{what}: {error.strerror or error}") from error


class Disk:
    """The acts. Subclass it to break them in tests; `step` alone suffices to stop at one."""

    def __init__(self, step: Step = no_step) -> None:
        self._step = step

    def write_temp(
        self, folder: Path, pieces: Iterable[bytes], mode: int, *, hashed: bool = True, synced: bool = True
    ) -> tuple[Path, str, int]:
        """Write a new file with a unique name in `folder` and sync it: (path, SHA-256, size). Nothing is left behind on error.

        Not `hashed`: the SHA-256 is "" (a message's is known before it is written: hashing twice was a fifth of receiving).
        Not `synced`: the caller owes it a `sync_files` before it gets its name.
        """
        path = folder / f".tmp-{secrets.token_hex(12)}"
        self._step("disk.write")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            hasher, size = hashlib.sha256() if hashed else None, 0
            for piece in pieces:
                if hasher is not None:
                    hasher.update(piece)
                size += len(piece)
                self._write_all(handle, piece)
            if synced:
                self._sync_handle(handle)
        except Exception:
            path.unlink(missing_ok=True)
            raise
        finally:
            os.close(handle)
        return path, hasher.hexdigest() if hasher is not None else "", size

    def write_new(self, path: Path, data: bytes, mode: int) -> None:
        """Write a file that is not there yet under its own name, and sync it."""
        self._step("disk.write")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            os.fchmod(handle, mode)
            self._write_all(handle, data)
            self._sync_handle(handle)
        finally:
            os.close(handle)

    def rename(self, old: Path | str, new: Path | str) -> None:
        """Give a synced file its final name. Durable only after `sync_folders`."""
        self._step("disk.rename")
        os.rename(old, new)

    def sync_folders(self, folders: Sequence[Path]) -> None:
        """Make names in these folders (of one file system) durable, with as few syncs as can be."""
        if not folders:
            return
        if len(folders) > FOLDERS_SYNCED_ALONE and self._sync_file_system(folders[0]):
            return
        for folder in folders:
            self._step("disk.sync_folder")
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def sync_files(self, paths: Sequence[Path]) -> None:
        """Make the bytes of files (of one file system) that were written and not synced durable, with as few syncs as can be."""
        if len(paths) > FILES_SYNCED_ALONE and self._sync_file_system(paths[0].parent, "disk.sync"):
            return
        for path in paths:
            self.sync_file(path)

    def sync_file(self, path: Path) -> None:
        """Make a file that was written otherwise (copied) durable."""
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            self._sync_handle(handle)
        finally:
            os.close(handle)

    def append(self, path: Path, data: bytes, at: int) -> None:
        """Write at byte `at` of a file, cut off what stood there and behind it, and sync. A new name is synced by the caller."""
        self._step("disk.append")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            os.ftruncate(handle, at)
            os.lseek(handle, at, os.SEEK_SET)
            self._write_all(handle, data)
            self._sync_handle(handle)
        finally:
            os.close(handle)

    def unlink(self, path: Path) -> None:
        """Remove a file if it is there."""
        self._step("disk.unlink")
        path.unlink(missing_ok=True)

    def _write_all(self, handle: int, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]

    def _sync_handle(self, handle: int) -> None:
        self._step("disk.sync")
        os.fsync(handle)

    def _sync_file_system(self, folder: Path, step: str = "disk.sync_folder") -> bool:
        if _SYNCFS is None:
            return False
        self._step(step)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            if _SYNCFS(handle) == 0:
                return True
            code = ctypes.get_errno()
        finally:
            os.close(handle)
        if code in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
            return False
        raise OSError(code, os.strerror(code))
