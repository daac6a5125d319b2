"""A mailbox, a state folder and a sink that live through many lives of the daemon, and the sums at the end."""

from __future__ import annotations

import base64
import email
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from intake.doors.clock import SystemClock
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.vault import FileVault
from intake.model.ledger import MAX_COPIES, OutboxState
from tests.fakes.smtp_server import OddSmtpServer
from tests.server.dovecot import Dovecot

ROOT = Path(__file__).parents[2]
ROUND = "example-round"
LARGE_BYTES = 7_000_000
"""Above 8 MiB once it is base64: fetched in pieces."""
_ONE_AT_A_TIME = threading.Lock()


class World:
    """Entered and left around a series of lives."""

    FOLDERS: tuple[str, ...] = ("INBOX",)
    SMTP: tuple[str, ...] = ()
    """More lines of the section [smtp]."""

    def __init__(self, folder: Path, dovecot: Dovecot) -> None:
        self.intake = Path(sys.executable).with_name("intake")
        self.sink = OddSmtpServer()
        self.mark = folder / "mark"
        self.death_before = ""
        self._folder = folder
        self._dovecot = dovecot
        with _ONE_AT_A_TIME:
            self._user = dovecot.new_user()
        self._sent: dict[str, bytes] = {}

    def __enter__(self) -> Self:
        self._folder.mkdir()
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
        lines = ["[service]", 'state_dir = "state"', 'rounds_dir = "rounds"', 'address = "secretariat@example.org"']
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

    def deliver(self, *, large: bool = False) -> None:
        """One mail more, from an address and a house of its own."""
        number = len(self._sent) + 1
        text = f"Question 1. Answer {number} of house {number}, which no other house has given.\r\n"
        head = f"From: Ana <ana@house{number}.example>\r\nTo: consultation@example.org\r\nSubject: Response {number}\r\n"
        head += f"Message-ID: <m{number}@house{number}.example>\r\nMIME-Version: 1.0\r\n"
        if large:
            noise = base64.encodebytes(os.urandom(LARGE_BYTES)).replace(b"\n", b"\r\n")
            head += 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n' + text
            head += "--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            raw = head.encode() + noise + b"--b--\r\n"
        else:
            raw = (head + "\r\n" + text).encode()
        self._sent[hashlib.sha256(raw).hexdigest()] = f"ana@house{number}.example".encode()
        self._dovecot.deliver(self._user, [raw], SystemClock().now() + timedelta(minutes=1))

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        """A life of the daemon."""
        with (self._folder / "log").open("ab") as log:
            words = [*command, "--config", str(self._folder / "intake.toml"), "run"]
            return subprocess.Popen(words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def live(self, *, until_quiet: bool = False) -> None:
        """An undisturbed life: until the state stands, or until every letter is in a final state; ended by SIGTERM."""
        process = self.start([str(self.intake)])
        try:
            self._wait(lambda: self._is_quiet() if until_quiet else self._has_polled(), process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)

    def _wait(self, ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + 90
        while not ready() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.1)

    def _has_polled(self) -> bool:
        """The state folder is laid out and the daemon at work: mail dated a minute ahead is later than its first look."""
        if b"ready" not in self._log():
            return False
        time.sleep(1.5)
        return True

    def _is_quiet(self) -> bool:
        ledger = SqliteLedger.open(self._folder / "state" / "ledger.sqlite3")
        try:
            final = (OutboxState.SENT, OutboxState.FAILED, OutboxState.UNKNOWN)
            letters = [item for item in ledger.letters() if item.kind != "digest"]
            return len(letters) >= len(self._sent) and all(item.state in final for item in letters)
        finally:
            ledger.close()

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
        """The conservation law: sent = archived = delivered = counted; letters seen once, or twice alike, or known to be unsure."""
        vault, ledger = FileVault(self._folder / "state" / "vault"), SqliteLedger.open(self._folder / "state" / "ledger.sqlite3")
        try:
            faults = [*vault.faults()]
            kept, rows = list(vault.objects()), Counter(item.sha256 for item in ledger.deliveries(ROUND))
            responses = ledger.load_record(ROUND).responses
            letters = [item for item in ledger.letters() if item.kind != "digest"]
            ledger.verify_journal()
        finally:
            ledger.close()
        lost = len(set(self._sent) - set(kept)) + len(set(self._sent) - set(rows)) + max(0, len(self._sent) - len(responses))
        twice = self._seen_again(rows) + max(0, len(responses) - len(self._sent))
        seen = Counter(self.sink.letters)
        by_address = Counter(_recipient(raw) for raw in seen)
        unsure = {item.recipient.encode() for item in letters if item.state is OutboxState.UNKNOWN}
        if missing := [who for who in self._sent.values() if not by_address[who] and who not in unsure]:
            faults.append(f"no letter to {missing}")
        if several := [who for who, count in by_address.items() if count > 1]:
            faults.append(f"different letters to {several}")
        if Counter(item.recipient for item in letters).most_common(1)[0][1] > 1 or len(letters) != len(self._sent):
            faults.append(f"{len(letters)} letters in the outbox for {len(self._sent)} mails")
        third = sum(1 for count in seen.values() if count > MAX_COPIES)
        if lost or twice or third:
            faults.append(f"lost {lost}, twice {twice}, third copies {third}")
        return {
            "messages": len(self._sent),
            "lost": lost,
            "twice": twice,
            "third": third,
            "unknown": len(unsure),
            "faults": faults,
        }

    def _seen_again(self, rows: Counter[str]) -> int:
        """Deliveries beyond the first of each message: nobody brings one twice here."""
        return sum(count - 1 for count in rows.values())


def _recipient(raw: bytes) -> bytes:
    return email.message_from_bytes(raw)["To"].split("<")[-1].strip("> ").encode()
