"""An annex inside a forwarded mail is quoted from itself, though the outer message has a part of the same number."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from email.message import EmailMessage

import docx

from intake.compilation.pieces import pieces_of, unit_of
from intake.doors.share import InstalledShare
from intake.model.mail import Arrival, ChannelKind
from intake.reading.read_message import read_message
from intake.reading.trust import trust_of
from intake.reading.words import reading_words
from intake.sorting.answers_units import authored
from intake.sorting.contents import attachments_of
from tests.fakes.rounds import consultation

MOMENT = datetime(2017, 12, 1, tzinfo=UTC)


def forward() -> bytes:
    document = docx.Document()
    document.add_paragraph("Words of the annex itself, which nothing else may stand for.")
    box = io.BytesIO()
    document.save(box)
    inner, outer = EmailMessage(), EmailMessage()
    inner["From"], inner["Subject"] = "author@one.example", "Our response"
    inner.set_content("Please find the response attached. With kind regards, the author of the mail.")
    inner.add_attachment(box.getvalue(), maintype="application", subtype="octet-stream", filename="response.docx")
    outer["From"], outer["Subject"] = "office@two.example", "Fwd"
    outer.set_content("For you.")
    outer.add_attachment(inner)
    return bytes(outer)


def test_an_annex_inside_a_forward_is_quoted_from_itself() -> None:
    reading = read_message(forward(), reading_words(InstalledShare().table("config", "reading.toml")))
    trust = trust_of(reading, consultation().channels.trusted_hosts, MOMENT)
    arrival = Arrival(
        key=reading.sha256, sequence=1, channel=ChannelKind.ADDRESS, internaldate=MOMENT, reading=reading, trust=trust
    )
    units = authored(arrival)
    assert len({unit.part for unit in units}) == len(units) == 3
    for unit in units:
        assert unit_of(reading, unit.part)[0] == unit.text
    (annex,) = attachments_of(reading)
    assert unit_of(reading, annex.part)[0].startswith("Words of the annex itself")
    assert pieces_of(reading, (), ()) == ()
