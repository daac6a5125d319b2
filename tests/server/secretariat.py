"""An office before a real Postfix and a real Dovecot whose officers have nothing but their mailboxes."""

from __future__ import annotations

import email
import email.policy
import re
import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from intake.daemon import look_once
from intake.digest.tokens import tokens_in
from intake.doors.clock import FixedClock, SystemClock
from intake.pipeline import Office, digest_day, send_due
from intake.settings import Settings, load_settings
from intake.wiring import open_configured
from tests.fakes.smtp_server import OddSmtpServer
from tests.server.dovecot import Dovecot
from tests.server.postfix import Postfix
from tests.server.tools import wait_until

ROOT = Path(__file__).resolve().parents[2]
DESK, ANA, BEN, GROUP = (f"{name}@council.example" for name in ("consultation", "ana", "ben", "group"))
MAIN = """\
[service]
state_dir = "state"
rounds_dir = "rounds"
word_processor = ""
address = "{desk}"
officers = []
second_officer = ["release"]
[letters]
mode = "approve"
[digest]
at = "{digest_at}"
to = ["{ana}"]
[[officers]]
name = "ana"
role = "releaser"
address = "{ana}"
[[officers]]
name = "ben"
role = "releaser"
address = "{ben}"
language = "fr"
[decisions]
signing = "k1"
keys = {{ k1 = "key" }}
[[mailboxes]]
name = "main"
host = "127.0.0.1"
port = {imap}
username = "{user}"
password_file = "password"
ca_file = "{dovecot_ca}"
[[mailboxes.folders]]
name = "INBOX"
channel = "address"
round = "example-round"
[[mailboxes.folders]]
name = "Sent"
channel = "sent"
round = "example-round"
[smtp]
host = "127.0.0.1"
port = {smtp}
tls = "starttls"
ca_file = "{postfix_ca}"
[poll]
every_s = 2.0
"""
DAYS = {
    "decided": -20, "opened": -10, "response_deadline": 20, "synthesis_report": 35, "physical_consultation": 50,
    "group_meeting_start": 52, "group_meeting_end": 53,
}  # fmt: skip
"""Days of the round, from today."""


@dataclass
class House:
    """The servers, who reads which mailbox, and the office's configuration."""

    dovecot: Dovecot
    postfix: Postfix
    sink: OddSmtpServer
    users: dict[str, str]
    settings: Settings
    clock: FixedClock
    read: dict[str, set[int]] = field(default_factory=dict)

    def send(
        self, sender: str, text: str, *, subject: str = "", files: Any = (), inside: bool = False, answers: str = ""
    ) -> None:
        """Somebody writes to the consultation's address; the house's own people hand it in where they are known."""
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = sender, DESK, subject or "Re: Digest"
        mail["Date"], mail["Message-ID"] = format_datetime(SystemClock().now()), make_msgid(domain=sender.partition("@")[2])
        if answers:
            mail["In-Reply-To"] = answers
        mail.set_content(text)
        for name, octets in files:
            mail.add_attachment(octets, maintype="application", subtype="octet-stream", filename=name)
        before = self._count(DESK)
        with smtplib.SMTP("127.0.0.1", self.postfix.inside_port if inside else self.postfix.port) as client:
            client.send_message(mail)
        wait_until(lambda: self._count(DESK) > before, "the mail to be delivered")

    def _count(self, address: str) -> int:
        return len(list((self.dovecot.maildirs / self.users[address]).glob("[nc][eu][wr]/*")))

    def unread(self, address: str) -> list[tuple[int, EmailMessage]]:
        """(UID, letter) in somebody's mailbox, as his mail program fetches them."""
        client = self.dovecot.client(self.users[address])
        client.select_folder("INBOX", readonly=True)
        wanted = [uid for uid in client.search() if uid not in self.read.setdefault(address, set())]
        found = client.fetch(wanted, ["BODY.PEEK[]"]) if wanted else {}
        client.logout()
        return [(uid, email.message_from_bytes(found[uid][b"BODY[]"], policy=email.policy.default)) for uid in sorted(found)]  # type: ignore[misc]

    def next_letter(self, address: str, subject: str, seconds: float = 40) -> EmailMessage:
        """The first letter that he has not read whose subject says this: a relay keeps no order."""
        found: list[tuple[int, EmailMessage]] = []

        def came() -> bool:
            found[:] = [(uid, letter) for uid, letter in self.unread(address) if subject in letter["Subject"]]
            return bool(found)

        wait_until(came, f"a letter to {address}: {subject}", seconds)
        uid, letter = found[0]
        self.read[address].add(uid)
        return letter

    @contextmanager
    def office(self) -> Iterator[Office]:
        with open_configured(self.settings, self.clock) as office:
            yield office

    def look(self, *, digest: bool = False, first: bool = False) -> None:
        """What the daemon does at a tick, and in the morning. The `first` one is a while ago: what was there before is never answered."""
        if not first:
            self.clock.set(max(SystemClock().now(), self.clock.now() + timedelta(seconds=1)))
        with self.office() as office:
            seen = look_once(office, self.settings)
            assert not seen["problems"]
            if digest:
                self.clock.advance(timedelta(days=1))
                digest_day(office, office.rounds[0], self.clock.now().astimezone(UTC).date(), queue=True)
            while send_due(office).states:
                pass

    def answer(self, sender: str, letter: EmailMessage, words: str, said: str, *, inside: bool = True) -> None:
        """An officer presses "answer", and writes one line above what he was sent."""
        text = text_of(letter)
        number, _ = offered(text, words)
        quoted = "\n".join(f"> {line}" for line in text.split("\n"))
        self.send(
            sender, f"{number} {said}\n\nOn Monday the desk wrote:\n{quoted}\n", inside=inside, answers=letter["Message-ID"]
        )
        self.look()


def text_of(letter: EmailMessage) -> str:
    return str(letter.get_body(("plain",)).get_content()).replace("\r\n", "\n")  # type: ignore[union-attr]


def offered(text: str, words: str) -> tuple[str, str]:
    """(number in brackets, token) of what a letter offers by these words."""
    for number, rest in re.findall(r"\[(\d+)\] ((?:(?!\[\d+\]).)*)", " ".join(text.split())):
        if f"{words} I1-" in rest or f"{words} / " in rest:
            return f"[{number}]", tokens_in(rest)[0]
    raise AssertionError(f"{words!r} is not offered in:\n{text}")


@contextmanager
def secretariat(
    folder: Path,
    servers: Path,
    dovecot: Dovecot,
    sink: OddSmtpServer,
    *,
    days: Mapping[str, int] = DAYS,
    zone: str = "Europe/Zurich",
    digest_at: str = "07:30",
    kind: type[House] = House,
) -> Iterator[Any]:
    """A house of that kind whose configuration lies in `folder`."""
    users = {address: dovecot.new_user() for address in (DESK, ANA, BEN, GROUP)}
    for user in users.values():
        client = dovecot.client(user)  # the Maildir is made at the first log-in
        client.create_folder("Sent")
        client.logout()
    place = servers / f"postfix-{users[DESK]}"
    place.mkdir(mode=0o755)
    postfix = Postfix(place, sink.port, users, dovecot.maildirs)
    postfix.start()
    account = dovecot.account(users[DESK])
    (folder / "rounds").mkdir()
    (folder / "rounds" / "round.toml").write_text(round_of(SystemClock().now(), days, zone), "utf-8")
    for name, octets in (("password", account.password()), ("key", "1" * 64)):
        (folder / name).write_text(octets, "utf-8")
        (folder / name).chmod(0o600)
    (folder / "intake.toml").write_text(
        MAIN.format(
            desk=DESK, ana=ANA, ben=BEN, imap=account.port, user=users[DESK], dovecot_ca=dovecot.ca_file, smtp=postfix.port,
            postfix_ca=postfix.ca_file, digest_at=digest_at,
        ),
        "utf-8",
    )  # fmt: skip
    settings = load_settings(folder / "intake.toml")
    try:
        yield kind(dovecot, postfix, sink, users, settings, FixedClock(SystemClock().now() - timedelta(minutes=10)))
    finally:
        postfix.stop()


def round_of(now: datetime, days: Mapping[str, int], zone: str) -> str:
    """The example round, open today."""
    text = (ROOT / "config" / "rounds" / "example.toml.txt").read_text("utf-8")
    for name, ahead in days.items():
        day = (now.astimezone(ZoneInfo(zone)) + timedelta(days=ahead)).date()
        text = re.sub(rf"^{name} = \d{{4}}-\d\d-\d\d", f"{name} = {day}", text, flags=re.M)
    text = text.replace('time_zone = "Europe/Zurich"', f'time_zone = "{zone}"')
    text = re.sub(r"^trusted_hosts = .*$", 'trusted_hosts = ["relay.example.int"]', text, flags=re.M)
    return re.sub(r"^address = .*$", f'address = "{DESK}"\ngroup_address = "{GROUP}"', text, flags=re.M)
