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

CHILD = "intake.doors.jail_child"
"""The module that a child runs."""
_DECODER = msgspec.json.Decoder(Reading)
MESSAGES_A_CHILD = 1_000
"""After so many a child is replaced: what its libraries leak is bounded."""
LONGEST_ANSWER = 512 * 1024 * 1024


class Died(Exception):
    """The child is gone or said something that is no answer."""


class Child:
    """One process and the message that it is at. `phrases`: its first frame."""

    def __init__(self, phrases: bytes, module: str) -> None:
        environment = {key: os.environ[key] for key in ("PATH", "LANG", "VIRTUAL_ENV", "LD_LIBRARY_PATH") if key in os.environ}
        environment |= {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            close_fds=True,
            start_new_session=True,
        )
        self._write(phrases)
        self.raw: bytes | None = None
        self.read = 0

    def begin(self, raw: bytes, reason: str = "") -> None:
        """Hand a message over; the answer is fetched later, so that several children work at once. `reason`: only set it aside."""
        self.raw = raw
        self.read += 1
        words = reason.encode("utf-8", "replace")[:1000]
        self._write(struct.pack(">H", len(words)), words, raw)

    def _write(self, *pieces: bytes) -> None:
        """One frame (confined.serve), piece by piece: the largest of mail is not copied."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # a dead child is noticed when its answer is due
            self._process.stdin.write(struct.pack(">Q", sum(map(len, pieces))))
            for piece in pieces:
                self._process.stdin.write(piece)
            self._process.stdin.flush()

    def answer(self, wall_s: float) -> Reading:
        """The Reading of the message it was given. Raises Died, TimeoutError."""
        try:
            return _DECODER.decode(self.octets(wall_s))
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise Died(str(error)) from error

    def octets(self, wall_s: float) -> bytes:
        """Its answer as it came. Raises Died, TimeoutError."""
        end = time.monotonic() + wall_s
        size = struct.unpack(">Q", self._read(8, end))[0]
        if size > LONGEST_ANSWER:
            raise Died("an answer that is too long")
        data = self._read(size, end)
        self.raw = None
        return data

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
                raise Died("the child ended")
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

    def __init__(self, phrases: str, children: int = 2, wall_s: float = WALL_S, module: str = CHILD) -> None:
        self._phrases = phrases.encode("utf-8")
        self._size = children
        self._wall_s = wall_s
        self._module = module
        self._idle: list[Child] = []

    def read(self, raws: Iterable[bytes]) -> Iterator[Reading]:
        """One Reading for each message, in order."""
        busy: deque[Child] = deque()
        try:
            for raw in raws:
                if len(busy) >= self._size:
                    yield self._finish(busy.popleft())
                child = self._idle.pop() if self._idle else Child(self._phrases, self._module)
                child.begin(raw)
                busy.append(child)
            while busy:
                yield self._finish(busy.popleft())
        finally:  # whoever asked has gone away: what is under way is of no use any more
            while busy:
                busy.popleft().end()

    def _finish(self, child: Child) -> Reading:
        raw = child.raw or b""
        try:
            reading = child.answer(self._wall_s)
        except TimeoutError:
            child.end()
            return self._set_aside(raw, f"took too long: more than {self._wall_s:.0f} s to read")
        except (Died, OSError) as error:
            child.end()
            return self._set_aside(raw, f"reader died: {error}")
        if child.read < MESSAGES_A_CHILD:
            self._idle.append(child)
        else:
            child.end()
        return reading

    def _set_aside(self, raw: bytes, reason: str) -> Reading:
        """A fresh child lists the parts' bytes and opens nothing; if that one dies too, the bytes as a whole are what there is."""
        child = Child(self._phrases, self._module)
        try:
            child.begin(raw, reason)
            return child.answer(self._wall_s)
        except (TimeoutError, Died, OSError):
            return Reading(sha256=hashlib.sha256(raw).hexdigest(), size_bytes=len(raw), held=reason)
        finally:
            child.end()

    def close(self) -> None:
        """End the children."""
        while self._idle:
            self._idle.pop().end()
