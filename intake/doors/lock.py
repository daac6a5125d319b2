"""One daemon for each data folder: an advisory lock (flock) that dies with its process."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from intake.errors import TryAgain


class Lock:
    """Held from `__enter__` to `__exit__` or the death of the process. The file stays; it means nothing by itself."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def __enter__(self) -> Self:
        """Take it. Raises TryAgain, naming the holder, when another process has it."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(handle, 32).decode("ascii", "replace").strip()
            os.close(handle)
            who = f"process {holder}" if holder.isdigit() else "another process"
            raise TryAgain(f"{who} is already at work on {self._path.parent}; this one leaves") from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self._handle = handle
        return self

    @property
    def handle(self) -> int:
        """The file under it: a child that inherits it holds the lock as well, until it ends."""
        assert self._handle is not None
        return self._handle

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Let go."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
