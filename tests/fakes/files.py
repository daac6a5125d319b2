"""Doors about files, as fakes: they pass the same contracts as the real ones."""

from __future__ import annotations

import re
import socketserver
import struct
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

from intake.errors import Refused, Unreachable
from intake.model.examination import ScanResult, Seen, ToUnpack, Unpacked
from intake.model.mail import Scan

SIGNATURE = b"intake test words that no virus has: 7f3a"
"""What the test's own signature finds; harmless."""


class FakeScanner:
    """In memory. `mood`: up, down, old."""

    def __init__(self, mood: str = "up", most: int = 1_000_000) -> None:
        self.mood = mood
        self.most = most
        self.asked: list[bytes] = []

    def scan(self, octets: bytes) -> ScanResult:
        self.asked.append(octets)
        if len(octets) > self.most:
            return ScanResult(scan=Scan.UNSCANNED, said="too large")
        try:
            self.standing()
        except (Unreachable, Refused) as error:
            return ScanResult(scan=Scan.UNSCANNED, said=str(error), later=True)
        return ScanResult(scan=Scan.INFECTED, said="Test.Words") if SIGNATURE in octets else ScanResult(scan=Scan.CLEAN)

    def standing(self) -> str:
        if self.mood == "down":
            raise Unreachable("the fake is down")
        if self.mood == "old":
            raise Refused("the fake's signatures are old")
        return "ClamAV 0"


class FakeOcr:
    """Sees the same words in every picture."""

    def __init__(self, words: str = "", mood: str = "up") -> None:
        self.words = words
        self.mood = mood

    def look(self, picture: bytes, languages: Sequence[str] = ()) -> Seen:
        head = re.match(rb"P5\n(\d{1,5}) (\d{1,5})\n255\n", picture)
        if head is None or int(head.group(1)) * int(head.group(2)) != len(picture) - head.end():
            return Seen(because="no grey picture of ours")
        if self.mood == "down":
            return Seen(because="the fake is down", later=True)
        return Seen(text=self.words if any(byte < 128 for byte in picture[15:]) else "")

    def standing(self) -> str:
        if self.mood == "down":
            raise Unreachable("the fake is down")
        return "fake"


class FakeUnpacker:
    """Gives what it was made with."""

    def __init__(self, found: Unpacked) -> None:
        self.found = found
        self.jobs: list[ToUnpack] = []

    def unpack(self, job: ToUnpack) -> Unpacked:
        self.jobs.append(job)
        return self.found

    def close(self) -> None:
        """Nothing to end."""


class ClamdLike:
    """A server that speaks clamd's words; `reply` is what INSTREAM answers, whatever it is given; None: as the real one does."""

    def __init__(self, reply: bytes | None = None, made: datetime | None = None, most: int = 1_000_000) -> None:
        outer = self
        self.reply = reply
        self.version = b"ClamAV 1.0.0" + (f"/27000/{made.astimezone(UTC):%a %b %d %H:%M:%S %Y}".encode() if made else b"")
        self.most = most

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                command = b""
                while not command.endswith(b"\0"):
                    command += self.rfile.read(1)
                self.wfile.write(outer.version + b"\0" if command == b"zVERSION\0" else outer.answer(self.rfile))

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"tcp:127.0.0.1:{self._server.server_address[1]}"

    def answer(self, stream: object) -> bytes:
        octets = b""
        read = stream.read  # type: ignore[attr-defined]  # a file of the handler's
        while size := struct.unpack(">I", read(4))[0]:
            octets += read(size)
            if len(octets) > self.most:
                return b"INSTREAM size limit exceeded. ERROR\0"
        if self.reply is not None:
            return self.reply
        return b"stream: Test.Words FOUND\0" if SIGNATURE in octets else b"stream: OK\0"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
