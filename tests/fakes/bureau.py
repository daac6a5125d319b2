"""A whole office before a mailbox, a relay and a clock of the test's own: the daemon's real pass, over many lives of the process."""

from __future__ import annotations

import email
import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import intake.daemon
from intake.daemon import _cycle, _Daemon, _drop, _Watch
from intake.doors.clock import FixedClock
from intake.doors.direct_reader import DirectReader
from intake.doors.durable import Disk
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.ledger.numbers import receipt_number
from intake.doors.printer import DraftJob, Printed
from intake.doors.share import InstalledShare
from intake.doors.site import lay_out
from intake.doors.vault import FileVault
from intake.model.ledger import MAX_COPIES, OutboxState
from intake.pipeline import LetterPolicy, Office, compile_round
from intake.pipeline.verify import verify
from intake.ports import Mailbox, Pages, Post, Staging, Typeset
from intake.settings import Settings, load_settings
from intake.wiring import _words_and_tables, recover
from tests.fakes.mailbox import FakeMailbox
from tests.fakes.post import FakePost

ROOT = Path(__file__).resolve().parents[2]
ROUND = "example-round"
OPEN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
"""A Monday while the example round is open: 10:00 in Zurich, after the hour of the digest."""
POLICY = LetterPolicy(
    mode="send",
    from_name="Secretariat",
    from_address="secretariat@example.org",
    secret=b"s" * 32,
    digest_to=("desk@example.org",),
    cap_per_domain_day=10_000,
    cap_per_hour=10_000,
)


class FakePress:
    """See ports.Press: no document, but bytes that follow from the data."""

    def typeset(self, source: str, data: bytes, first_page: Callable[[Pages], int] | None = None) -> Typeset:
        """The hash of what would be printed."""
        return Typeset(pdf=b"%PDF " + hashlib.sha256(source.encode() + data).hexdigest().encode(), replaced={})


class NoFiles:
    """See ports.Rebuilder: the mails here bring no file that is printed."""

    def rebuild(self, jobs: Iterable[Any]) -> Iterator[Any]:
        """Nothing to make anew."""
        assert list(jobs) == []
        return iter(())


class PressHere:
    """Drafts printed at once, in this process, by acts on a disk that a test may break."""

    busy, ready = "", False

    def __init__(self, office: Office, disk: Disk) -> None:
        self._office, self._disk = office, disk
        self._printed: Printed | None = None

    def begin(self, job: DraftJob) -> None:
        """Print it."""
        papers = compile_round(self._office, job.consultation, language=job.language)
        lay_out(Path(job.out), papers.files, disk=self._disk)
        self._printed = Printed(round_id=job.consultation.id, folder=Path(job.out))

    def finished(self) -> Printed | None:
        """What was printed, once."""
        printed, self._printed = self._printed, None
        return printed

    def end(self) -> None:
        """Nothing is under way."""


def mail(number: int, *, domain: str = "", text: str = "", head: str = "") -> bytes:
    """A response from a house of its own, acknowledged when it comes in time."""
    domain = domain or f"house{number}.example"
    text = text or (
        f"Question 1. Answer {number}: house {number} says what no other house has said.\r\n\r\nKind regards,\r\nAna Berg\r\n"
        f"House {number} Foundation for Connectivity"
    )
    return (
        f"{head}From: Ana <ana@{domain}>\r\nTo: consultation@example.org\r\nSubject: Response {number}\r\n"
        f"Message-ID: <m{number}@{domain}>\r\n\r\n{text}\r\n"
    ).encode()


@cache
def _shared() -> tuple[dict[str, Any], str]:
    """Words and tables, loaded once for all tests."""
    share = InstalledShare(None)
    return _words_and_tables(share, POLICY, Path("/nonexistent")), share.text("config", "reading.toml")


class Bureau:
    """The world around one state folder. `doors`: how the mailbox is opened, and the relay; fakes unless a test sets others, and then
    `taken` is what the relay took. `drafts`: whether the pass prints them."""

    def __init__(self, folder: Path, *, at: datetime = OPEN, policy: LetterPolicy = POLICY, start: Path | None = None) -> None:
        folder.mkdir(exist_ok=True)
        self.state_dir = folder / "state"
        if start is not None:
            shutil.copytree(start / "state", self.state_dir)
        self.clock = FixedClock(at)
        self.post = FakePost()
        self.mailbox = FakeMailbox("main", ("INBOX", "LIST"))
        self.doors: tuple[Callable[[Staging], Mailbox], Post] = (self._fake_mailbox, self.post)
        self.taken = self.post.letters
        self.policy = policy
        self.drafts = True
        self.settings = self._settings(folder)
        self.daemon = self._new_daemon()

    def _settings(self, folder: Path) -> Settings:
        (folder / "rounds").mkdir(exist_ok=True)
        (folder / "rounds" / "round.toml").write_bytes((ROOT / "config" / "rounds" / "example.toml.txt").read_bytes())
        (folder / "password").write_text("x", "utf-8")
        (folder / "password").chmod(0o600)
        lines = [
            "[service]",
            'state_dir = "state"',
            'rounds_dir = "rounds"',
            'word_processor = ""',
            'address = "secretariat@example.org"',
        ]
        lines += ["[[mailboxes]]", 'name = "main"', 'host = "127.0.0.1"', 'username = "u"', 'password_file = "password"']
        for name, channel in (("INBOX", "address"), ("LIST", "list")):
            lines += ["[[mailboxes.folders]]", f'name = "{name}"', f'channel = "{channel}"', f'round = "{ROUND}"']
        lines += ["[smtp]", 'host = "127.0.0.1"', 'tls = "none"']
        (folder / "intake.toml").write_text("\n".join(lines) + "\n", "utf-8")
        return load_settings(folder / "intake.toml")

    def _new_daemon(self) -> _Daemon:
        return _Daemon(settings=self.settings, watches=[_Watch(box=box) for box in self.settings.mailboxes])

    @contextmanager
    def life(self, disk: Disk | None = None, step: Any = None) -> Iterator[Office]:
        """One life of the process: the doors, the recovery, an office; nothing is tidied when it dies."""
        shared, phrases = _shared()
        self.daemon = self._new_daemon()
        steps = {} if step is None else {"step": step}
        vault = FileVault(self.state_dir / "vault", disk=disk)
        ledger = SqliteLedger.open(self.state_dir / "ledger.sqlite3", **steps)
        old = intake.daemon.mailbox
        intake.daemon.mailbox = lambda _box, staging=vault: self.doors[0](staging)  # type: ignore[assignment, misc, return-value]
        try:
            office = Office(
                rounds=self.settings.rounds, vault=vault, ledger=ledger, reader=DirectReader(phrases), clock=self.clock,
                letters=self.policy, post=self.doors[1], rebuilder=NoFiles(), **{**shared, "press": FakePress(), "receipt_number": self._number},
            )  # fmt: skip
            office.watched = tuple(("main", folder.name, ROUND) for folder in self.settings.mailboxes[0].folders)
            self.daemon.drafts.printer = PressHere(office, disk or Disk())  # type: ignore[assignment]
            self.daemon.drafts.disk = disk or Disk()
            recover(vault, ledger, self.clock)
            yield office
        finally:
            intake.daemon.mailbox = old
            for watch in self.daemon.watches:
                _drop(watch)
            ledger.close()

    def _fake_mailbox(self, staging: Staging) -> Mailbox:
        self.mailbox.staging = staging
        return self.mailbox

    def _number(self, key: str, year: int) -> str:
        return receipt_number(self.policy.secret, key, year)

    def cycle(self, office: Office, times: int = 1, minutes: float = 1.0) -> None:
        """The daemon's own pass, with time between."""
        for _pass in range(times):
            if not self.drafts:
                self.daemon.drafts.begun[ROUND] = (self.clock.now() + timedelta(days=9999), None)
            _cycle(self.daemon, office)
            self.clock.advance(timedelta(minutes=minutes))

    def settle(self, hours: int = 3) -> None:
        """A life without trouble, until nothing is left to do."""
        with self.life() as office:
            self.cycle(office, 3)
            self.cycle(office, hours, 60)

    def letters(self, kind: str = "") -> Counter[bytes]:
        """What the relay took, each with the number of its copies."""
        return Counter(raw for raw in self.taken if not kind or _kind(raw) == kind)

    def facts(self) -> dict[str, Any]:
        """Everything that must be the same however the world treated us; asserts the law of conservation on the way."""
        with self.life() as office:
            found = verify(office)
            assert found.faults == ()
            assert list(FileVault(self.state_dir / "vault").faults()) == []
            assert office.ledger.verify_journal() == office.vault.journal_seq()
            assert max(self.letters().values(), default=0) <= MAX_COPIES
            staging = self.state_dir / "vault" / "staging"
            record = office.ledger.load_record(ROUND)
            return {
                "objects": tuple(office.vault.objects()),
                "receipts": sorted((item.sha256, item.at.folder, item.at.uid) for item in office.vault.receipts()),
                "deliveries": sorted((item.sha256, item.at.folder, item.at.uid) for item in office.ledger.deliveries(ROUND)),
                "tally": office.ledger.tally(ROUND),
                "record": record,
                "numbers": office.ledger.numbers(ROUND),
                "letters": sorted((item.id, item.recipient) for item in office.ledger.letters()),
                "settled": all(item.state is not OutboxState.SENDING for item in office.ledger.letters()),
                "sent": sorted(_message_id(raw) for raw in self.letters()),
                "digest": office.ledger.last_done(f"digest:{ROUND}"),
                "staging": sorted(path.name for path in staging.iterdir()),
                "draft": sorted(path.name for path in (self.state_dir / "drafts" / ROUND).glob("*")),
            }


def _message_id(raw: bytes) -> str:
    return str(email.message_from_bytes(raw)["Message-ID"])


def _kind(raw: bytes) -> str:
    return "digest" if b"Auto-Submitted: auto-generated" in raw else "acknowledgement"
