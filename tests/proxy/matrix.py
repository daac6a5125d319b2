"""Poison times moment: what the daemon's own pass makes of it, before a real Dovecot and an SMTP sink behind the proxy.

A cell: two mails come, the poison is there for two passes, then it is gone; the sums must hold, and no pass may hang.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from msgspec import Struct

from intake.doors.imap import ImapMailbox
from intake.doors.smtp import SmtpPost, SmtpRelay
from intake.model.ledger import MAX_COPIES, OutboxState
from intake.pipeline import Office
from tests.fakes.bureau import ROUND, Bureau, mail
from tests.fakes.smtp_server import OddSmtpServer
from tests.proxy.toxic import POISONS, Toxic
from tests.server.dovecot import Dovecot

PATIENCE_S = 0.6
"""Every time limit of the doors, here."""
HANG_S = 60.0
"""What no pass may take: many times what all limits of one pass add up to, on a busy machine too."""
FLIP = "bit flip"
"""Needs TLS to be seen at all: its moments are numbers of bytes."""

_C, _S = False, True
MOMENTS: dict[str, tuple[tuple[str, bytes, bool], ...]] = {
    "imap": (
        ("connection", b"", _C),
        ("greeting", rb"\* OK", _S),
        ("log-in sent", rb"LOGIN", _C),
        ("logged in", rb"Logged in", _S),
        ("EXAMINE sent", rb"EXAMINE", _C),
        ("EXAMINE answered", rb"UIDVALIDITY", _S),
        ("SEARCH sent", rb"SEARCH", _C),
        ("SEARCH answered", rb"\* SEARCH", _S),
        ("sizes asked", rb"RFC822.SIZE", _C),
        ("sizes answered", rb"FETCH \(UID \d+ RFC822.SIZE", _S),
        ("bodies asked", rb"BODY.PEEK\[\]", _C),
        ("bodies under way", rb"From: Ana", _S),
    ),
    "smtp": (
        ("connection", b"", _C),
        ("banner", rb"220 ", _S),
        ("EHLO sent", rb"EHLO", _C),
        ("EHLO answered", rb"250-", _S),
        ("MAIL sent", rb"MAIL FROM", _C),
        ("RCPT sent", rb"RCPT TO", _C),
        ("RCPT answered", rb"(?s)250 HELP.*250 ok\r\n250 ok", _S),
        ("DATA sent", rb"\r\nDATA\r\n", _C),
        ("DATA answered", rb"354 ", _S),
        ("letter under way", rb"Message-ID", _C),
        ("dot sent", rb"\r\n\.\r\n", _C),
        ("dot answered", rb"250 taken", _S),
    ),
}
FLIPS = (0, 40, 400, 900, 1500, 2200, 3000, 4000, 5200, 6500, 8000, 12000)
"""Bytes of the server after which a bit flips, within a TLS connection: handshake, log-in, answers, bodies."""


class Cell(Struct, frozen=True, kw_only=True):
    """One poison at one moment of one protocol."""

    protocol: str
    poison: str
    moment: str


class Outcome(Struct, kw_only=True):
    """What came of a cell."""

    cell: Cell
    bites: int = 0
    lost: int = 0
    twice: int = 0
    third: int = 0
    second: int = 0
    unknown: int = 0
    unanswered: int = 0
    longest_pass_s: float = 0.0

    @property
    def good(self) -> bool:
        """Nothing lost, doubled, sent a third time or left unsent without a word; nothing hung; and the poison was there."""
        return not (self.lost or self.twice or self.third or self.unanswered) and self.longest_pass_s < HANG_S and self.bites > 0


def cells() -> Iterator[Cell]:
    """All of them: the eight poisons at twelve moments of both protocols, and bits that flip within TLS."""
    for protocol, moments in MOMENTS.items():
        for poison in POISONS:
            if poison != FLIP:
                yield from (Cell(protocol=protocol, poison=poison, moment=name) for name, _pattern, _side in moments)
    yield from (Cell(protocol="imap", poison=FLIP, moment=f"after {count} bytes") for count in FLIPS)


class Chamber:
    """One office behind two proxies, for cell after cell: what was sent adds up."""

    def __init__(self, folder: Path, dovecot: Dovecot, *, tls: bool = False) -> None:
        self._dovecot = dovecot
        self._tls = tls
        self._user = dovecot.new_user()
        self._sent: dict[str, str] = {}
        self.bureau = Bureau(folder)
        self.bureau.drafts = False
        self.sink = OddSmtpServer()
        self.imap = Toxic(dovecot.tls_port if tls else dovecot.plain_port)
        self.smtp = Toxic(self.sink.port)

    @contextmanager
    def opened(self) -> Iterator[Office]:
        """Proxies, sink and one life of the office that has looked once."""
        with self.sink, self.imap, self.smtp:
            client = self._dovecot.client(self._user)
            client.create_folder("LIST")
            client.logout()
            tls: dict[str, object] = {} if self._tls else {"tls": "none", "ca_file": None}
            account = self._dovecot.account(
                self._user, port=self.imap.port, timeout_s=PATIENCE_S, connect_timeout_s=PATIENCE_S, **tls
            )
            post = SmtpPost(
                SmtpRelay(
                    host="127.0.0.1", port=self.smtp.port, tls="none", timeout_s=PATIENCE_S, dot_timeout_s=PATIENCE_S, idle_s=0
                )
            )
            self.bureau.doors = (lambda staging: ImapMailbox(account, staging), post)
            self.bureau.taken = self.sink.letters
            try:
                with self.bureau.life() as office:
                    self.bureau.cycle(office, 1, 5)
                    yield office
            finally:
                post.close()

    def run(self, office: Office, cell: Cell) -> Outcome:
        """Mail, poison, calm, sums."""
        outcome = Outcome(cell=cell)
        copies_before = self._second_copies()
        for _mail in range(2):
            number = len(self._sent) + 1
            filler = "\r\n".join(f"line {line} of a long answer of house {number}" for line in range(300 * (number % 2)))
            raw = mail(number, text=f"Question 1. Answer {number}.\r\n{filler}\r\nAna Berg\r\nHouse {number} Foundation")
            self._sent[hashlib.sha256(raw).hexdigest()] = f"ana@house{number}.example"
            self._dovecot.deliver(self._user, [raw], self.bureau.clock.now() + timedelta(minutes=1))
        proxy = self.imap if cell.protocol == "imap" else self.smtp
        for watch in self.bureau.daemon.watches:  # the moments of logging in are passed again
            if watch.door is not None:
                watch.door.close()
                watch.door = None
        proxy.poisoned(cell.poison, *self._moment(cell))
        for _pass in range(2):
            self._pass(office, outcome, 30)
        outcome.bites = proxy.bites
        proxy.calm()
        for _pass in range(4):
            self._pass(office, outcome, 60)
        self._sums(office, outcome)
        outcome.second = self._second_copies() - copies_before
        return outcome

    def _moment(self, cell: Cell) -> tuple[bytes | int, bool]:
        if cell.poison == FLIP:
            return int(cell.moment.split()[1]), True
        return next((pattern, side) for name, pattern, side in MOMENTS[cell.protocol] if name == cell.moment)  # type: ignore[return-value]

    def _pass(self, office: Office, outcome: Outcome, minutes: float) -> None:
        begun = time.monotonic()
        self.bureau.cycle(office, 1, minutes)
        outcome.longest_pass_s = round(max(outcome.longest_pass_s, time.monotonic() - begun), 2)

    def _sums(self, office: Office, outcome: Outcome) -> None:
        kept = set(office.vault.objects())
        rows = Counter(item.sha256 for item in office.ledger.deliveries(ROUND))
        record = office.ledger.load_record(ROUND)
        assert record is not None
        outcome.lost = (
            len(set(self._sent) - kept) + len(set(self._sent) - set(rows)) + max(0, len(self._sent) - len(record.responses))
        )
        outcome.twice = sum(rows.values()) - len(self._sent) + max(0, len(record.responses) - len(self._sent))
        copies = Counter(self.sink.letters)
        outcome.third = sum(1 for count in copies.values() if count > MAX_COPIES)
        letters = [item for item in office.ledger.letters() if item.kind != "digest"]
        outcome.unknown = sum(1 for item in letters if item.state is OutboxState.UNKNOWN)
        told = {item.recipient for item in letters if copies[item.raw] or item.state is OutboxState.UNKNOWN}
        outcome.unanswered = len(set(self._sent.values()) - told)

    def _second_copies(self) -> int:
        return len(self.sink.letters) - len(set(self.sink.letters))
