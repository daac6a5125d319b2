"""A mailbox, a state folder and a sink that live through many lives of the daemon, and the sums at the end."""

from __future__ import annotations

import base64
import contextlib
import email
import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from intake.doors.clock import SystemClock
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.vault import FileVault
from intake.model.ledger import MAX_COPIES, OutboxState, Outgoing
from tests.crash.lives import Life, Mother
from tests.crash.slips import Slips
from tests.fakes.smtp_server import OddSmtpServer
from tests.server.dovecot import Dovecot

ROOT = Path(__file__).parents[2]
ROUND = "example-round"
LARGE_BYTES = 7_000_000
"""Above 8 MiB once it is base64: fetched in pieces."""
DESK = b"desk@example.org"
BY_HAND = ("I1", "I2")
"""Points in acts that bring in what came by no mail."""
FOR_THE_DESK = ("digest", "notice")
"""Kinds of letters that answer no mail."""
_SETTLED = ("sent", "failed", "unknown", "held", "suppressed")
_ONE_AT_A_TIME = threading.Lock()


class World:
    """Entered and left around a series of lives."""

    FOLDERS: tuple[str, ...] = ("INBOX",)
    SMTP: tuple[str, ...] = ()
    """More lines of the section [smtp]."""
    LIMITS: tuple[str, ...] = ()

    def __init__(self, folder: Path, dovecot: Dovecot, mother: Mother | None = None) -> None:
        self.intake = Path(sys.executable).with_name("intake")
        self.folder = folder
        self._mother = mother
        self._acts: dict[str, int] = {}
        self._days = 0
        self._some = 0
        self.sink = OddSmtpServer()
        self.mark = folder / "mark"
        self.death_before = ""
        self._folder = folder
        self._dovecot = dovecot
        with _ONE_AT_A_TIME:
            self._user = dovecot.new_user()
        self._sent: dict[str, bytes] = {}
        self.slips = Slips(folder, ROUND)

    def __enter__(self) -> Self:
        self._folder.mkdir(exist_ok=True)
        self.sink.__enter__()
        self._configure()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.sink.__exit__(kind, error, trace)

    def _configure(self) -> None:
        account = self._dovecot.account(self._user)
        (self._folder / "rounds").mkdir()
        (self._folder / "rounds" / "round.toml").write_bytes((ROOT / "config" / "rounds" / "example.toml.txt").read_bytes())
        (self._folder / "password").write_text(str(account.password()), "utf-8")
        (self._folder / "password").chmod(0o600)
        lines = [
            "[service]",
            'state_dir = "state"',
            'rounds_dir = "rounds"',
            'word_processor = ""',
            'address = "secretariat@example.org"',
        ]
        lines += [
            "[digest]",
            'to = ["desk@example.org"]',
            'at = "00:00"',
            "[alarm]",
            "silent_h = 0",
            "[limits]",
            "readers = 1",
            *self.LIMITS,
        ]
        lines += ["[poll]", "every_s = 1.0", "[letters]", 'mode = "send"', "cap_per_hour = 10000", "cap_per_domain_day = 10000"]
        lines += [
            "[[mailboxes]]",
            'name = "real"',
            f'host = "{account.host}"',
            f"port = {account.port}",
            f'tls = "{account.tls}"',
        ]
        lines += [f'username = "{self._user}"', 'password_file = "password"', f'ca_file = "{self._dovecot.ca_file}"']
        for name in self.FOLDERS:
            lines += ["[[mailboxes.folders]]", f'name = "{name}"', 'channel = "address"', f'round = "{ROUND}"']
        lines += ["[smtp]", 'host = "127.0.0.1"', f"port = {self.sink.port}", 'tls = "none"', *self.SMTP]
        (self._folder / "intake.toml").write_text("\n".join(lines) + "\n", "utf-8")

    def deliver(self, *, large: bool = False, mails: int = 1) -> None:
        """Mail more, each from an address and a house of its own."""
        raws = []
        for _ in range(mails):
            number = len(self._sent) + 1
            raw = _a_mail(number, large=large)
            self._sent[hashlib.sha256(raw).hexdigest()] = f"ana@house{number}.example".encode()
            raws.append(raw)
        self._dovecot.deliver(self._user, raws, SystemClock().now() + timedelta(minutes=1))

    def log(self) -> str:
        """All that the lives said."""
        return self._log().decode("utf-8", "replace")

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        """A life of the daemon."""
        with (self._folder / "log").open("ab") as log:
            words = [*command, "--config", str(self._folder / "intake.toml"), "run"]
            return subprocess.Popen(words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def begin(self, words: list[str], *, point: str = "", nth: int = 0) -> Life:
        """A life of the program as a fork of the mother."""
        assert self._mother is not None
        full = ["--config", str(self._folder / "intake.toml"), *words]
        return self._mother.start(
            full, self._folder / "log", point=point, mark=str(self.mark), nth=nth, days=self._days, home=str(self._folder)
        )

    def once(self, words: list[str], *, point: str = "") -> int:
        """A verb that is not disturbed; its exit code."""
        return self.begin(words, point=point).wait(90)

    def prepare(self, name: str, *, verb: bool) -> None:
        """What a point needs to be passed: mail taken in, a backup to come back from, an older or a damaged ledger, another day."""
        ledger = self._folder / "state" / "ledger.sqlite3"
        if verb or name in ("K42b", "K41"):
            self.once(["poll"])
        if name in ("K34", "K34b", "K35", "K40", "K40b"):
            self._days += 1
        elif name in ("K41", "K41b"):
            _make_older(ledger)
        elif name == "K42b":
            _damage(ledger)
        elif name == "K43b":
            self.once(["backup", str(self._folder / "backup")])
        elif name == "B1" and (self._folder / "bag").exists():
            shutil.rmtree(self._folder / "bag")

    def mend(self, name: str) -> None:
        """What a person does after that death, when the program says so."""
        if name == "K43b" and not (self._folder / "state" / "vault").exists():
            if self.once(["run"]) == 0:
                raise AssertionError("the daemon began anew beside a restore that had not ended")
            self.once(["--by", "officer", "restore", str(self._folder / "backup"), "--replace"])
        if name in BY_HAND:
            self.once(["poll"])
            vault, ledger = self.vault(), SqliteLedger.open(self._folder / "state" / "ledger.sqlite3")
            try:
                if halves := self.slips.halves(vault, ledger):
                    raise AssertionError("; ".join(halves))
            finally:
                ledger.close()

    def vault(self) -> FileVault:
        """What is kept."""
        return FileVault(self._folder / "state" / "vault")

    def acts(self, name: str, words: list[str], point: str) -> int:
        """How many acts the verb has when it is left alone; counted once."""
        if name not in self._acts:
            self.see_out(self.begin(words, point=point), words)
            self._acts[name] = int(Path(f"{self.mark}.acts").read_text("utf-8"))
        return self._acts[name]

    def see_out(self, life: Life, words: list[str]) -> None:
        """Until its end; a daemon is told to stop some seconds after it was ready."""
        if words == ["run"]:
            ready = self._log().count(b"ready")
            self._wait(lambda: self._log().count(b"ready") > ready, life)
            with contextlib.suppress(subprocess.TimeoutExpired):
                life.wait(4)
            life.send_signal(signal.SIGTERM)
        life.wait(90)

    def some_message(self) -> str:
        """Another message each time, of those that are there."""
        self._some += 1
        vault = self.vault()
        stones = {stone.key for stone in vault.tombstones()}
        there = [key for key in self._sent if key not in stones and vault.has(key)]
        return there[self._some % len(there)]

    def live(self, *, until_quiet: bool = False) -> None:
        """An undisturbed life: until the state stands, or until every letter is in a final state; ended by SIGTERM."""
        ready = self._log().count(b"ready")
        process = self.begin(["run"]) if self._mother is not None else self.start([str(self.intake)])
        try:
            self._wait(lambda: self._log().count(b"ready") > ready, process)
            self._wait(lambda: self._is_quiet() if until_quiet else self._has_polled(), process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)

    def _wait(self, ready: Callable[[], bool], process: subprocess.Popen[bytes] | Life) -> None:
        end = time.monotonic() + 240
        while not ready() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.1)

    def _has_polled(self) -> bool:
        """The state folder is laid out and the daemon at work: mail dated a minute ahead is later than its first look."""
        if b"ready" not in self._log():
            return False
        time.sleep(1.5)
        return True

    def _is_quiet(self) -> bool:
        """Every mail is in and every letter settled; only looked at, never made (a rebuild may be moving the file)."""
        try:
            ledger = sqlite3.connect(f"file:{self._folder / 'state' / 'ledger.sqlite3'}?mode=ro", uri=True, timeout=5)
            try:
                states = [row[0] for row in ledger.execute("SELECT state FROM letter WHERE kind <> 'digest'")]
                daily = [row[0] for row in ledger.execute("SELECT state FROM letter WHERE kind = 'digest'")]
            finally:
                ledger.close()
        except sqlite3.Error:
            return False
        return len(states) >= len(self._sent) + len(self.slips) and {*states, *daily} <= {*_SETTLED}

    def second_copies(self) -> int:
        """Letters at the sink beyond the first of each."""
        return len(self.sink.letters) - len(set(self.sink.letters))

    def log_end(self) -> str:
        """What the daemon said last."""
        return self._log()[-300:].decode("utf-8", "replace")

    def _log(self) -> bytes:
        path = self._folder / "log"
        return path.read_bytes() if path.exists() else b""

    def sums(self) -> dict[str, Any]:
        """The conservation law: sent = archived + erased = delivered = counted + erased; letters seen once, or twice alike, or known to
        be unsure or held."""
        vault, ledger = self.vault(), SqliteLedger.open(self._folder / "state" / "ledger.sqlite3")
        try:
            faults = [*vault.faults()]
            sent = {**self._sent, **self.slips.expected(vault)}
            again = self.slips.twice(vault)
            gone = set(ledger.erased())
            kept, rows = {*vault.objects(), *gone}, Counter(item.sha256 for item in ledger.deliveries(ROUND))
            record = ledger.load_record(ROUND)
            responses = len(record.responses if record is not None else ()) + len(gone)
            letters = [item for item in ledger.letters() if item.kind not in FOR_THE_DESK]
            daily = [item for item in ledger.letters() if item.kind in FOR_THE_DESK]
            if not ledger.tally(ROUND).holds:
                faults.append(f"{ledger.tally(ROUND)}")
            ledger.verify_journal()
            if vault.journal_seq() != sum(1 for _ in ledger.journal_entries()):
                faults.append("the journal's file is not the ledger's journal")
        finally:
            ledger.close()
        lost = len(set(sent) - kept) + len(set(sent) - set(rows)) + max(0, len(sent) - responses)
        twice = again + self._seen_again(rows) + max(0, responses - len(sent))
        seen = Counter(self.sink.letters)
        faults += _letter_faults(letters, seen, gone, sent)
        faults += _daily_faults(daily, seen)
        third = sum(1 for count in seen.values() if count > MAX_COPIES)
        if lost or twice or third:
            faults.append(f"lost {lost}, twice {twice}, third copies {third}")
        unsure = sum(1 for item in letters if item.state is OutboxState.UNKNOWN)
        return {"messages": len(sent), "lost": lost, "twice": twice, "third": third, "unknown": unsure, "faults": faults}

    def _seen_again(self, rows: Counter[str]) -> int:
        """Deliveries beyond the first of each message: nobody brings one twice here."""
        return sum(count - 1 for count in rows.values())


def _letter_faults(letters: list[Outgoing], seen: Counter[bytes], gone: set[str], sent: Mapping[str, bytes]) -> list[str]:
    """Everybody was written to, once."""
    faults = []
    by_address = Counter(_recipient(raw) for raw in seen)
    waits = {item.recipient.encode() for item in letters if item.state in (OutboxState.UNKNOWN, OutboxState.HELD)}
    wanted = {who for key, who in sent.items() if key not in gone}
    if missing := [who for who in wanted if not by_address[who] and who not in waits]:
        faults.append(f"no letter to {missing}")
    if several := [who for who, count in by_address.items() if count > 1 and who != DESK]:
        faults.append(f"different letters to {several}")
    twice = [who for who, count in Counter(item.recipient for item in letters if item.recipient).items() if count > 1]
    if twice or len(letters) != len(sent):
        faults.append(f"{len(letters)} letters in the outbox for {len(sent)} mails")
    return faults


def _a_mail(number: int, *, large: bool) -> bytes:
    text = f"Question 1. Answer {number} of house {number}, which no other house has given.\r\n"
    head = f"From: Ana <ana@house{number}.example>\r\nTo: consultation@example.org\r\nSubject: Response {number}\r\n"
    head += f"Message-ID: <m{number}@house{number}.example>\r\nMIME-Version: 1.0\r\n"
    if not large:
        return (head + "\r\n" + text).encode()
    noise = base64.encodebytes(os.urandom(LARGE_BYTES)).replace(b"\n", b"\r\n")
    head += 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n' + text
    head += "--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + noise + b"--b--\r\n"


def _daily_faults(daily: list[Outgoing], seen: Counter[bytes]) -> list[str]:
    """Each day's letter and each notice went once, or twice alike; none went that the ledger does not know."""
    here: dict[str, set[bytes]] = {}
    for raw in seen:
        if _recipient(raw) == DESK:
            here.setdefault(str(email.message_from_bytes(raw)["Message-ID"]), set()).add(raw)
    faults = [f"daily letter {name} went in {len(raws)} forms" for name, raws in here.items() if len(raws) > 1]
    sent = {item.message_id for item in daily if item.state is OutboxState.SENT}
    return faults + [f"daily letter {name} is lost" for name in sorted(sent - set(here))]


def _make_older(ledger: Path) -> None:
    """The ledger as the first schema had it."""
    connection = sqlite3.connect(ledger)
    with connection:
        for table in ("erasure", "fold"):
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.execute("DROP INDEX IF EXISTS ix_letter_created")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()


def _damage(ledger: Path) -> None:
    """Pages in the middle are rubbish."""
    connection = sqlite3.connect(ledger)
    with contextlib.suppress(sqlite3.DatabaseError):  # it may be damaged from before
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    raw = bytearray(ledger.read_bytes())
    for place in range(4096 * 2, len(raw) - 64, 4096):
        raw[place : place + 64] = b"\xff" * 64
    ledger.write_bytes(bytes(raw))


def _recipient(raw: bytes) -> bytes:
    return email.message_from_bytes(raw)["To"].split("<")[-1].strip("> ").encode()
