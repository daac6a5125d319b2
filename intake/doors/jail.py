"""The parent's side of the jail: a warm pool of children; one that dies or hangs costs its message, never the next one."""

from __future__ import annotations

import contextlib
import hashlib
import os
import select
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator

import msgspec

from intake.model.mail import Reading

WALL_S = 60.0
"""Seconds that one message may take."""

_DECODER = msgspec.json.Decoder(Reading)
LONGEST_ANSWER = 512 * 1024 * 1024


class _Died(Exception):
    """The child is gone or said something that is no Reading."""


class _Child:
    """One process and the message that it is at."""

    def __init__(self, phrases: bytes) -> None:
        environment = {key: os.environ[key] for key in ("PATH", "LANG", "VIRTUAL_ENV", "LD_LIBRARY_PATH") if key in os.environ}
        environment |= {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "intake.doors.jail_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            close_fds=True,
            start_new_session=True,
        )
        self._write(phrases)
        self.raw: bytes | None = None

    def begin(self, raw: bytes) -> None:
        """Hand a message over; the answer is fetched later, so that several children work at once."""
        self.raw = raw
        self._write(raw)

    def _write(self, data: bytes) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # a dead child is noticed when its answer is due
            self._process.stdin.write(struct.pack(">Q", len(data)) + data)
            self._process.stdin.flush()

    def answer(self, wall_s: float) -> Reading:
        """The Reading of the message it was given. Raises _Died, TimeoutError."""
        end = time.monotonic() + wall_s
        size = struct.unpack(">Q", self._read(8, end))[0]
        if size > LONGEST_ANSWER:
            raise _Died("an answer that is too long")
        data = self._read(size, end)
        self.raw = None
        try:
            return _DECODER.decode(data)
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise _Died(str(error)) from error

    def _read(self, size: int, end: float) -> bytes:
        assert self._process.stdout is not None
        handle = self._process.stdout.fileno()
        pieces: list[bytes] = []
        while size:
            left = end - time.monotonic()
            if left <= 0 or not select.select([handle], [], [], left)[0]:
                raise TimeoutError
            piece = os.read(handle, min(size, 1 << 20))
            if not piece:
                raise _Died("the child ended")
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def end(self) -> None:
        """Kill it; never raises."""
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


class JailedReader:
    """Implements ports.Reader with `children` processes, started when first needed."""

    def __init__(self, phrases: str, children: int = 2, wall_s: float = WALL_S) -> None:
        self._phrases = phrases.encode("utf-8")
        self._size = children
        self._wall_s = wall_s
        self._idle: list[_Child] = []

    def read(self, raws: Iterable[bytes]) -> Iterator[Reading]:
        """One Reading for each message, in order."""
        busy: deque[_Child] = deque()
        for raw in raws:
            if len(busy) >= self._size:
                yield self._finish(busy.popleft())
            child = self._idle.pop() if self._idle else _Child(self._phrases)
            child.begin(raw)
            busy.append(child)
        while busy:
            yield self._finish(busy.popleft())

    def _finish(self, child: _Child) -> Reading:
        raw = child.raw or b""
        try:
            reading = child.answer(self._wall_s)
        except TimeoutError:
            child.end()
            return _set_aside(raw, f"took longer than {self._wall_s:.0f} s to read")
        except (_Died, OSError) as error:
            child.end()
            return _set_aside(raw, f"the reader died: {error}")
        self._idle.append(child)
        return reading

    def close(self) -> None:
        """End the children."""
        while self._idle:
            self._idle.pop().end()


def _set_aside(raw: bytes, reason: str) -> Reading:
    return Reading(sha256=hashlib.sha256(raw).hexdigest(), size_bytes=len(raw), held=reason)
