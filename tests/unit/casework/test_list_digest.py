"""A digest of our own list: its postings are messages of their own; those that are known are not counted again."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from intake.casework.judge import judge
from intake.model.mail import ChannelKind
from intake.model.record import Record
from tests.fakes.mails import AT, HOST, a_mail, cases_of, the_round

FIRST = a_mail(
    "Our response",
    "Question 1: Shared cables bring the price of a link down for every island of the group.\n\nAna Berg\nRelay Islands Cooperative\nTallinn, Estonia\n",
    message_id="<1@relay.example>",
)
SECOND = a_mail(
    "Response",
    "Question 2: One form for the whole region is what small operators need.\n\nBo Lind\nHarbour Union of the North\nOslo, Norway\n",
    sender="Bo Lind <bo@harbour.example>",
    message_id="<2@harbour.example>",
)
HEAD = f"""Received: from localhost by {HOST}; Fri, 03 May 2024 06:00:00 +0000
From: links-list-request@consult.example.int
To: links-list@consult.example.int
Subject: Links-list Digest, Vol 2, Issue 5
List-Id: <links-list.consult.example.int>
Message-ID: <digest@consult.example.int>
"""


def in_parts(*mails: EmailMessage) -> bytes:
    """A digest whose postings are attached whole."""
    digest = MIMEMultipart("mixed")
    digest.attach(MIMEText("Today's Topics:\n\n   1. Our response\n"))
    inside = MIMEMultipart("digest")
    for mail in mails:
        inside.attach(MIMEMessage(mail))
    digest.attach(inside)
    return HEAD.encode() + digest.as_bytes()


def in_one_text(*mails: EmailMessage) -> bytes:
    """A digest of one text (RFC 1153)."""
    pieces = ["Today's Topics:\n\n   1. Our response\n\n" + "-" * 70]
    for number, mail in enumerate(mails, 1):
        fields = "".join(f"{name}: {mail[name]}\n" for name in ("Date", "From", "Subject", "Message-ID"))
        pieces.append(f"Message: {number}\n{fields}\n{mail.get_content()}\n" + "-" * 30)
    return f"{HEAD}Content-Type: text/plain; charset=utf-8\n\n{chr(10).join(pieces)}\n\nEnd of digest\n".encode()


def judged(*mails: EmailMessage | bytes) -> Record:
    """The record; the last one is the list's."""
    return judge(the_round(), cases_of(mails, {len(mails) - 1: ChannelKind.LIST}), ())


def test_each_posting_is_a_response() -> None:
    for digest in (in_parts(FIRST, SECOND), in_one_text(FIRST, SECOND)):
        record = judged(digest)
        assert [item.respondent.organization for item in record.responses] == [
            "Relay Islands Cooperative",
            "Harbour Union of the North",
        ]
        assert [[answer.question for _, answer in item.answers] for item in record.responses] == [[1], [2]]
        assert {version.messages for item in record.responses for version in item.versions} == {(record.filed[0].key,)}
        assert record.filed[0].letter is not None
        assert record.filed[0].letter.to == "ana@relay.example"


def test_the_words_stand_where_the_digest_has_them() -> None:
    case = cases_of([in_one_text(FIRST, SECOND)], {0: ChannelKind.LIST})[0]
    text = case.arrival.reading.text
    passages = [passage for post in case.verdict.posts for answer in post.verdict.answers for passage in answer.passages]
    assert len(passages) == 2
    assert all(text[passage.start : passage.end] == passage.text for passage in passages)


def test_what_is_known_is_not_counted_again() -> None:
    for digest in (in_parts(FIRST, SECOND), in_one_text(FIRST, SECOND)):
        record = judged(FIRST, digest)
        assert [item.disposition.value for item in record.filed] == ["response", "response"]
        assert len(record.responses) == 2
        everything = judged(FIRST, SECOND, digest)
        assert everything.filed[-1].disposition.value == "copy"
        assert everything.filed[-1].letter is None
        assert len(everything.responses) == 2


def test_a_mail_that_only_says_digest_is_none() -> None:
    mail = a_mail("Digest of our views", "Question 1: Shared cables.\n", enclosed=[FIRST], at=AT + timedelta(hours=1))
    assert cases_of([mail])[0].verdict.posts == ()
