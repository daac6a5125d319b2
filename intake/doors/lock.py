"""One daemon for each data folder: an advisory lock (flock) that dies with its process."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from intake.errors import TryAgain


class Lock:
    """Held from `__enter__` to `__exit__` or the death of the process. The file stays; it means nothing by itself."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting = path.with_name(f"{path.name}.waiting")
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
    def wanted(self) -> bool:
        """Whether another process waits for it now (`wait`)."""
        handle = os.open(self._waiting, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(handle)
        return False

    def wait(self, seconds: float) -> None:
        """Take it as soon as it is free; whoever has it can see that somebody waits. Raises TryAgain when it is not free in time."""
        end = time.monotonic() + seconds
        with suppress(TryAgain):
            self.__enter__()
            return
        handle = os.open(self._waiting, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)
            while True:
                try:
                    self.__enter__()
                    return
                except TryAgain:
                    if time.monotonic() > end:
                        raise
                    time.sleep(0.05)
        finally:
            os.close(handle)

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
