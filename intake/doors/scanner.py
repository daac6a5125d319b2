"""ClamAV's daemon, asked through its socket (INSTREAM): only its own plain word counts as clean."""

from __future__ import annotations

import contextlib
import re
import socket
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from intake.doors.clock import SystemClock
from intake.errors import Refused, Unreachable
from intake.model.examination import ScanResult
from intake.model.mail import Scan

_PIECE = 1 << 18
_LONGEST_REPLY = 4096
_FOUND = re.compile(r"^stream: ([!-~]{1,300}) FOUND$")
_NO_VIRUS = ("Heuristics.Encrypted.", "Heuristics.Limits.Exceeded")
"""What clamd reports in the same form for files that it could not look into."""
_DATE = "%a %b %d %H:%M:%S %Y"


class ClamdScanner:
    """Implements ports_files.Scanner. `address`: unix:/path or tcp:host:port. `max_age`: None for signatures of any age."""

    def __init__(
        self,
        address: str,
        *,
        timeout_s: float = 60.0,
        max_bytes: int = 25_000_000,
        max_age: timedelta | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._address = address
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._now = now or SystemClock().now

    def scan(self, octets: bytes) -> ScanResult:
        """See ports_files.Scanner."""
        if len(octets) > self._max_bytes:
            return ScanResult(scan=Scan.UNSCANNED, said=f"larger than {self._max_bytes} bytes")
        try:
            self.standing()
            return _verdict(self._ask(b"zINSTREAM\0", _chunks(octets)))
        except (Unreachable, Refused) as error:
            return ScanResult(scan=Scan.UNSCANNED, said=str(error), later=True)

    def standing(self) -> str:
        """See ports_files.Scanner."""
        version = self._ask(b"zVERSION\0", iter(()))
        if not version.startswith("ClamAV "):
            raise Unreachable(f"the scanner gave no version but {version[:80]!r}")
        if self._max_age is not None:
            made = _made_at(version)
            if made is None or self._now() - made > self._max_age:
                raise Refused(f"the scanner's signatures are older than {self._max_age.days} days or of unknown age: {version}")
        return version

    def _ask(self, command: bytes, pieces: Iterator[bytes]) -> str:
        """One command and its answer. Raises Unreachable."""
        try:
            with self._connect() as link:
                link.sendall(command)
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it answers and hangs up when it has had enough
                    for piece in pieces:
                        link.sendall(piece)
                return _reply(link)
        except OSError as error:
            raise Unreachable(f"the scanner at {self._address}: {error.strerror or error}") from error

    def _connect(self) -> socket.socket:
        kind, _, place = self._address.partition(":")
        if kind == "unix":
            link = socket.socket(socket.AF_UNIX)
            try:
                link.settimeout(self._timeout_s)
                link.connect(place)
            except OSError:
                link.close()
                raise
            return link
        host, _, port = place.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=self._timeout_s)


def _chunks(octets: bytes) -> Iterator[bytes]:
    for at in range(0, len(octets), _PIECE):
        piece = octets[at : at + _PIECE]
        yield struct.pack(">I", len(piece)) + piece
    yield struct.pack(">I", 0)


def _reply(link: socket.socket) -> str:
    found = b""
    while not found.endswith(b"\0") and len(found) < _LONGEST_REPLY:
        piece = link.recv(_LONGEST_REPLY)
        if not piece:
            break
        found += piece
    return found.rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(reply: str) -> ScanResult:
    if reply == "stream: OK":
        return ScanResult(scan=Scan.CLEAN)
    match = _FOUND.match(reply)
    if match is not None and not match.group(1).startswith(_NO_VIRUS):
        return ScanResult(scan=Scan.INFECTED, said=match.group(1))
    if match is not None:
        return ScanResult(scan=Scan.UNSCANNED, said=match.group(1))
    large = "size limit exceeded" in reply
    return ScanResult(scan=Scan.UNSCANNED, said=f"the scanner said {reply[:200]!r}", later=not large)


def _made_at(version: str) -> datetime | None:
    """When the signatures were made: "ClamAV 1.4.3/27800/Mon Nov 30 08:26:11 2026"; None where it does not say."""
    try:
        return datetime.strptime(version.split("/")[2].strip(), _DATE).replace(tzinfo=UTC)
    except (IndexError, ValueError):
        return None
