"""Raw messages for the tests of dispositions: built, read and classified as a real one is."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from msgspec.structs import replace
from who_samples import a_round

from intake.model.mail import Arrival, ChannelKind
from intake.model.round import Channels, Round
from intake.model.verdict import Verdict
from intake.reading.read_message import read_message
from intake.reading.trust import trust_of
from intake.reading.words import ReadingWords, reading_words
from intake.sorting.classify import classify
from intake.sorting.tables import SortingTables, sorting_tables

CONFIG = Path(__file__).resolve().parents[3] / "config"
AT = datetime(2024, 5, 2, 10, 0, tzinfo=UTC)
HOST = "mx.consult.example"


@cache
def words() -> ReadingWords:
    """The shipped words of reading."""
    return reading_words(tomllib.loads((CONFIG / "reading.toml").read_text("utf-8")))


@cache
def tables() -> SortingTables:
    """The shipped tables of sorting."""
    names = ("dispositions", "countries", "organizations", "answers")
    return sorting_tables({name: tomllib.loads((CONFIG / f"{name}.toml").read_text("utf-8")) for name in names})


@cache
def the_round() -> Round:
    """The samples' round, with a list and a host of our own."""
    channels = Channels(
        address="links@consult.example.int",
        list_address="links-list@consult.example.int",
        list_id="links-list.consult.example.int",
        trusted_hosts=(HOST,),
    )
    days = replace(a_round().dates, response_deadline=datetime(2024, 5, 31, 21, 59, 59, tzinfo=UTC))
    return replace(a_round(), channels=channels, dates=days)


def a_mail(
    subject: str = "",
    text: str = "",
    sender: str = "Ana Berg <ana@relay.example>",
    *,
    headers: Sequence[tuple[str, str]] = (),
    files: Sequence[tuple[str, bytes, str]] = (),
    enclosed: Sequence[EmailMessage] = (),
    at: datetime = AT,
    dmarc: str = "pass",
    message_id: str = "",
) -> EmailMessage:
    """A mail as our own host handed it over. `files`: name, bytes, media type."""
    mail = EmailMessage(policy=SMTP)
    mail["Received"] = f"from out.relay.example (out.relay.example [192.0.2.7]) by {HOST} with ESMTPS; {format_datetime(at)}"
    mail["Authentication-Results"] = f"{HOST}; dmarc={dmarc}; spf={dmarc}"
    if sender:
        mail["From"] = sender
    mail["To"] = the_round().channels.address
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id or f"<{abs(hash((subject, text, sender, str(at))))}@relay.example>"
    for name, value in headers:
        mail[name] = value
    mail.set_content(text)
    for name, data, kind in files:
        main, _, sub = kind.partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    for inner in enclosed:
        mail.add_attachment(inner)
    return mail


def arrival_of(mail: EmailMessage | bytes, channel: ChannelKind = ChannelKind.ADDRESS, sequence: int = 0) -> Arrival:
    """The mail as it reached the round."""
    raw = mail if isinstance(mail, bytes) else mail.as_bytes()
    reading = read_message(raw, words())
    inner = next((part.message for part in reading.parts if part.message is not None), None)
    own = inner is not None and any(hop.by == HOST for hop in inner.received)
    return Arrival(
        key=reading.sha256,
        sequence=sequence,
        channel=channel,
        internaldate=AT,
        reading=reading,
        trust=trust_of(reading, (HOST,), AT),
        inner_trust=trust_of(inner, (HOST,), AT) if inner is not None and own else None,
    )


def verdict_of(mail: EmailMessage | bytes, channel: ChannelKind = ChannelKind.ADDRESS) -> Verdict:
    """What the mail looks like alone."""
    return classify(arrival_of(mail, channel), the_round(), tables())
