"""A secretariat without a shell: a real Postfix and a real Dovecot, officers who have nothing but their mailboxes, from the first response to
the released Rev. 0 in the group's mailbox. The steps are those of docs/GUIDE.md, "A round by mail alone"."""

from __future__ import annotations

import email
import email.policy
import io
import re
import smtplib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from intake.daemon import look_once
from intake.digest.tokens import tokens_in
from intake.doors.clock import FixedClock, SystemClock
from intake.pipeline import Office, digest_day, send_due, verify
from intake.settings import Settings, load_settings
from intake.wiring import open_configured
from tests.fakes.orders import filled
from tests.fakes.smtp_server import OddSmtpServer
from tests.server.dovecot import Dovecot
from tests.server.postfix import Postfix
from tests.server.tools import wait_until

pytestmark = [pytest.mark.server, pytest.mark.timeout(280)]
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
"""


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

    def next_letter(self, address: str, subject: str) -> EmailMessage:
        """The first letter that he has not read whose subject says this: a relay keeps no order."""
        found: list[tuple[int, EmailMessage]] = []

        def came() -> bool:
            found[:] = [(uid, letter) for uid, letter in self.unread(address) if subject in letter["Subject"]]
            return bool(found)

        wait_until(came, f"a letter to {address}: {subject}", 40)
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


@pytest.fixture
def house(tmp_path: Path, server_folder: Path, dovecot: Dovecot, sink: OddSmtpServer) -> Iterator[House]:
    users = {address: dovecot.new_user() for address in (DESK, ANA, BEN, GROUP)}
    for user in users.values():
        client = dovecot.client(user)  # the Maildir is made at the first log-in
        client.create_folder("Sent")
        client.logout()
    folder = server_folder / f"postfix-{users[DESK]}"
    folder.mkdir(mode=0o755)
    postfix = Postfix(folder, sink.port, users, dovecot.maildirs)
    postfix.start()
    account = dovecot.account(users[DESK])
    (tmp_path / "rounds").mkdir()
    (tmp_path / "rounds" / "round.toml").write_text(round_of(SystemClock().now()), "utf-8")
    for name, octets in (("password", account.password()), ("key", "1" * 64)):
        (tmp_path / name).write_text(octets, "utf-8")
        (tmp_path / name).chmod(0o600)
    (tmp_path / "intake.toml").write_text(
        MAIN.format(
            desk=DESK, ana=ANA, ben=BEN, imap=account.port, user=users[DESK], dovecot_ca=dovecot.ca_file, smtp=postfix.port,
            postfix_ca=postfix.ca_file,
        ),
        "utf-8",
    )  # fmt: skip
    settings = load_settings(tmp_path / "intake.toml")
    yield House(dovecot, postfix, sink, users, settings, FixedClock(SystemClock().now() - timedelta(minutes=10)))
    postfix.stop()


def round_of(now: datetime) -> str:
    """The example round, open today."""
    text = (ROOT / "config" / "rounds" / "example.toml.txt").read_text("utf-8")
    days = {
        "decided": -20, "opened": -10, "response_deadline": 20, "synthesis_report": 35, "physical_consultation": 50,
        "group_meeting_start": 52, "group_meeting_end": 53,
    }  # fmt: skip
    for name, ahead in days.items():
        day = (now.astimezone(ZoneInfo("UTC")) + timedelta(days=ahead)).date()
        text = re.sub(rf"^{name} = \d{{4}}-\d\d-\d\d", f"{name} = {day}", text, flags=re.M)
    text = re.sub(r"^trusted_hosts = .*$", 'trusted_hosts = ["relay.example.int"]', text, flags=re.M)
    return re.sub(r"^address = .*$", f'address = "{DESK}"\ngroup_address = "{GROUP}"', text, flags=re.M)


RESPONSE = """\
Question 1. {answer}

Yours sincerely,

{name}
Director
{body}
"""


def test_from_the_first_message_to_the_released_revision_with_nothing_but_mail(house: House) -> None:
    """Two officers, one forger. Every letter is read in a mailbox, every word is said by answering or by a sheet sent back."""
    house.look(first=True)
    first = RESPONSE.format(answer="The last mile to our schools is what we lack. Call me at +41 22 555 01 99.", name="Zoe Berg",
                            body="University of Nairobi, Kenya")  # fmt: skip
    house.send("zoe@library.example", first, subject="Our response")
    house.send("li@net.example", RESPONSE.format(answer="Spare parts, and people who mend.", name="Li Wei", body="Net Society, China"),
               subject="Response")  # fmt: skip
    house.look(digest=True)
    morning = house.next_letter(ANA, "Digest")
    assert "approve / show" in text_of(morning)
    before = len(house.sink.letters)

    house.answer(ANA, morning, "approve / show", "show", inside=False)  # from outside: anybody can write this
    house.look()
    assert house.unread(ANA) == [], "a forger is not answered, and neither is the officer whom he plays"

    house.answer(ANA, morning, "approve / show", "show")
    shown = house.next_letter(ANA, "Your decisions")
    (letters,) = [part.get_content() for part in shown.iter_attachments() if part.get_filename() == "letters.txt"]
    assert letters.count("To: ") == 2
    house.answer(ANA, shown, "approve / show", "approve: they read well")
    assert "(2)" in text_of(house.next_letter(ANA, "Your decisions"))
    wait_until(lambda: len(house.sink.letters) == before + 2, "two acknowledgements behind Postfix")

    (sheet,) = [part for part in morning.iter_attachments() if str(part.get_filename()).endswith(".xlsx")]
    numbers: dict[str, str] = {}

    def fill(cells: dict[str, Any], _row: int) -> tuple[str, str] | None:
        numbers[str(cells["Respondent"])] = str(cells["No."])
        return ("without name", "asked by telephone") if cells["Respondent"] == "Net Society" else None

    rows = filled(sheet.get_content(), fill)
    house.send(ANA, "Here it is.\n", files=[("decisions.xlsx", rows)], inside=True)
    house.look()
    done = house.next_letter(ANA, "Your decisions")
    assert "without name" in text_of(done)
    house.answer(ANA, done, "group only", f'redact {numbers["University of Nairobi"]} "Call me at +41 22 555 01 99.": private')
    after = house.next_letter(ANA, "Your decisions")
    assert "Refused, nothing was changed: nothing" in " ".join(text_of(after).split())

    house.answer(ANA, after, "prepare", "prepare")
    ready = house.next_letter(ANA, "ready to be released")
    house.next_letter(ANA, "Your decisions")
    assert {"draft.pdf", "draft.docx"} < {part.get_filename() for part in ready.iter_attachments()}
    house.answer(ANA, ready, "release", "release: agreed at the desk")
    assert "second officer" in text_of(house.next_letter(ANA, "Your decisions"))
    asked = house.next_letter(BEN, "attend votre accord")
    assert asked["Content-Language"] == "fr"
    house.answer(BEN, asked, "confirmer / annuler", "confirmer : vu et approuvé")
    house.next_letter(BEN, "a été publiée")
    over = house.next_letter(ANA, "has been released")
    house.answer(ANA, over, "approve / show", "approve")
    arrived = house.next_letter(GROUP, "responses to the open consultation")
    files = {part.get_filename(): part.get_content() for part in arrived.iter_attachments()}
    assert {"compilation.pdf", "compilation.docx", "manifest.json"} <= set(files)
    with zipfile.ZipFile(io.BytesIO(files["compilation.docx"])) as box:
        words = re.sub("<[^>]*>", "", box.read("word/document.xml").decode("utf-8"))
    assert "The last mile to our schools" in words
    assert "555 01 99" not in words
    with house.office() as office:
        (revision,) = office.ledger.revisions("example-round")
        assert revision.released_by == "ana, ben"
        refused = [entry.payload["refused"] for entry in office.ledger.journal_entries() if entry.kind == "orders"]
        assert [line for lines in refused for line in lines] == ["1 not_authenticated"]  # type: ignore[union-attr]
        assert verify(office).faults == ()
