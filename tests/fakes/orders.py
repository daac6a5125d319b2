"""An office whose officers decide by sheet and by mail: their letters as their mail programs send them, their sheets as they fill them in."""

from __future__ import annotations

import email
import email.policy
import io
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import openpyxl

from intake.digest.tokens import Keys, tokens_in
from intake.doors.clock import SteppingClock
from intake.doors.durable import Disk
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.share import InstalledShare
from intake.doors.vault import FileVault
from intake.model.examination import SheetRow, ToUnpack, Unpacked
from intake.model.ledger import Outgoing
from intake.model.officer import Officer, Person, Role, StandIn
from intake.model.record import Status
from intake.pipeline import Office, settle_orders
from intake.pipeline.daily import digest_day
from intake.pipeline.office import OrderPolicy
from intake.pipeline.officers import people
from intake.pipeline.sheets import sheet_for
from intake.reading.read_message import DEFAULTS
from intake.reading.sheets import rows_of
from intake.reading.unpack import unpack
from intake.reading.words import reading_words
from intake.wiring import recover
from tests.fakes.house import House, sample_mail

HOST = "mx1.council-group.example"
BEN = "ben@council-group.example"
ADDRESS = "consultation-schools@council-group.example"
BEGUN = datetime(2025, 12, 29, 8, tzinfo=UTC)
KEYS = Keys(signing="k2", keys={"k1": b"1" * 32, "k2": b"2" * 32})
OFFICERS = (
    Officer(
        name="ben", address="ben@council-group.example", language="en",
        deputy=StandIn(name="carla", first_day=date(2025, 12, 30), last_day=date(2026, 1, 2), address="carla@council-group.example"),
    ),
    Officer(name="dounia", address="dounia@council-group.example", language="ar", role=Role.RELEASER),
    Officer(name="rita", address="rita@council-group.example", role=Role.READER),
)  # fmt: skip
POLICY = OrderPolicy(keys=KEYS, officers=OFFICERS, all_rights=("ana",))


class DirectUnpacker:
    """Unpacks in this process."""

    def __init__(self) -> None:
        self._words = reading_words(tomllib.loads(InstalledShare(None).text("config", "reading.toml")))

    def unpack(self, job: ToUnpack) -> Unpacked:
        """See ports_files.Unpacker."""
        return unpack(job, self._words)

    def close(self) -> None:
        """Nothing to end."""


class OrderHouse(House):
    """A house with the sample round taken in. `step` is called before each write of vault and ledger."""

    def __init__(self, folder: Path, policy: OrderPolicy | None = POLICY, step: Callable[[str], None] | None = None) -> None:
        self.policy = policy
        self.step = step
        super().__init__(folder, SteppingClock(BEGUN, timedelta(seconds=1)))

    def _open(self) -> Office:
        office = super()._open()
        office.orders = self.policy
        office.unpacker = DirectUnpacker()
        if self.step is not None:
            office.ledger.close()
            office.vault = FileVault(self.folder / "vault", disk=Disk(self.step))
            office.ledger = SqliteLedger.open(self.folder / "ledger.sqlite3", step=self.step)
            recover(office.vault, office.ledger, self.clock)
        return office

    def fill(self) -> None:
        """The sample round comes."""
        self.take(sample_mail())
        self.judge()

    def person(self, name: str) -> Person:
        return people(self.office, self.round, self.clock.now())[name]

    def sheet(self, name: str) -> bytes:
        """The officer's sheet as it goes out."""
        return sheet_for(self.office, self.round, self.person(name), self.clock.now())[0].octets

    def digest(self) -> dict[str, Outgoing]:
        """The copies of a day's digest, by recipient."""
        day = self.clock.now().date()
        digest_day(self.office, self.round, day, queue=True)
        return {item.recipient: item for item in self.office.ledger.letters() if item.kind == "digest"}

    def receive(self, mail: EmailMessage | bytes) -> str:
        """A mail comes and what it orders is followed; its key."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        before = set(self.office.vault.objects())
        self.take([raw])
        settle_orders(self.office, self.round)
        self.judge()
        return next(iter(set(self.office.vault.objects()) - before), "")

    def refused(self) -> list[str]:
        """Words of refusal in the journal, in order."""
        entries = [entry for entry in self.office.ledger.journal_entries() if entry.kind == "orders"]
        return [line.split(" ")[1] for entry in entries for line in entry.payload["refused"]]  # type: ignore[union-attr]

    def followed(self) -> list[str]:
        """Ids of decisions that orders made, as the journal has them."""
        entries = [entry for entry in self.office.ledger.journal_entries() if entry.kind == "orders"]
        return [line for entry in entries for line in entry.payload["followed"]]  # type: ignore[union-attr]

    def answers(self) -> list[Outgoing]:
        """Answer letters to officers."""
        return [item for item in self.office.ledger.letters() if item.kind == "answer"]

    def rulings(self) -> list[Any]:
        return list(self.office.ledger.rulings(self.round.id))


def mail_from(
    sender: str,
    text: str,
    at: datetime,
    *,
    results: str = "dmarc=pass header.from=council-group.example",
    files: Sequence[tuple[str, bytes]] = (),
    headers: Mapping[str, str] | None = None,
    server: str = HOST,
) -> EmailMessage:
    """A mail as our own host handed it over."""
    mail = EmailMessage(policy=SMTP)
    mail["Received"] = (
        f"from out.council-group.example (out.council-group.example [192.0.2.7]) by {HOST} with ESMTPS; {format_datetime(at)}"
    )
    if results:
        mail["Authentication-Results"] = f"{server}; {results}"
    mail["From"] = sender
    mail["To"] = ADDRESS
    mail["Subject"] = "Re: Digest"
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{abs(hash((text, sender, str(at))))}@council-group.example>"
    for name, value in (headers or {}).items():
        del mail[name]
        mail[name] = value
    mail.set_content(text)
    for name, data in files:
        mail.add_attachment(
            data, maintype="application", subtype="vnd.openxmlformats-officedocument.spreadsheetml.sheet", filename=name
        )
    return mail


def rows(octets: bytes) -> tuple[SheetRow, ...]:
    """A sheet's rows."""
    found = rows_of(octets, DEFAULTS)
    assert found is not None
    return found


def filled(octets: bytes, fill: Callable[[dict[str, Any], int], tuple[Any, Any] | None], *, change: Any = None) -> bytes:
    """The sheet as an office program saves it after somebody chose. `fill`: (cells by head, number of the row from 0) -> (decision,
    reason) or None; `change`: whatever else is done to the worksheet."""
    book = openpyxl.load_workbook(io.BytesIO(octets))
    page = book.active
    head = next(row for row in page.iter_rows() if sum(1 for cell in row if cell.value) >= 8)
    names = [cell.value for cell in head]
    for number, row in enumerate(page.iter_rows(min_row=head[0].row + 1)):
        chosen = fill({name: cell.value for name, cell in zip(names, row, strict=True)}, number)
        if chosen is not None:
            row[6].value, row[7].value = chosen
    if change is not None:
        change(page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def laid(folder: Path, kind: type[OrderHouse] = OrderHouse) -> Path:
    """A folder with the sample round taken in and officers who decide by sheet and by mail, to be copied by each test."""
    made = kind(folder)
    made.fill()
    made.office.ledger.squeeze()
    made.close()
    return made.folder


def choose(kind: str, decision: Any, reason: Any = "a good reason") -> Any:
    """Fill in every row of a kind."""
    return lambda cells, _number: (decision, reason) if cells["What waits"] == kind else None


def by_sheet(house: OrderHouse, data: bytes, sender: str = BEN, **more: Any) -> str:
    return house.receive(mail_from(sender, "Here it is.\n", house.clock.now(), files=[("decisions.xlsx", data)], **more))


def status(house: OrderHouse, kind: str) -> Status:
    """Of the sample's one response of that kind, found by how it was before people decided."""
    (found,) = [item for item in house.judge().responses if item.status_before_decisions.value == kind]
    return found.status


def token_of(house: OrderHouse, kind: str, address: str = BEN) -> tuple[str, str]:
    """(the digest's text as it went to an officer, the token of the matter of that kind)."""
    message = email.message_from_bytes(house.digest()[address].raw, policy=email.policy.default)
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    lines = text.split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(f"- {kind}"))
    return text, tokens_in("\n".join(lines[start : start + 6]))[0]


def quoted(text: str) -> str:
    return "On Monday the desk wrote:\n" + "\n".join(f"> {line}" for line in text.split("\n"))


def numbered(text: str, token: str) -> str:
    """The number in brackets above a token."""
    lines = text.split("\n")
    return lines[next(n for n, line in enumerate(lines) if token in line) - 1].strip().split("]")[0] + "]"
