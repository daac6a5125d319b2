"""Outlook's own files (.msg), made by hand: words, files, and messages inside, each with its own author."""

from __future__ import annotations

import tomllib
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from pathlib import Path

from intake.model.mail import Part, PartState
from intake.reading.read_message import read_message
from intake.reading.words import reading_words
from tests.fakes.ole import outlook, outlook_streams

WORDS = reading_words(tomllib.loads(Path("config/reading.toml").read_text("utf-8")))


def attached(data: bytes) -> Part:
    mail = MIMEMultipart()
    mail["Subject"] = "A file"
    part = MIMEApplication(data)
    part.add_header("Content-Disposition", "attachment", filename="answer.msg")
    mail.attach(part)
    return read_message(mail.as_bytes(), WORDS).parts[0]


def test_words_sender_and_files() -> None:
    part = attached(
        outlook("Ответ", ("Мария", "maria@example.org"), "Да.", [("ответ.txt", "Слова".encode()), ("b.bin", bytes(9000))])
    )
    assert part.message is not None
    assert (part.state, part.message.subject, part.message.text.strip()) == (PartState.OK, "Ответ", "Да.")
    assert [(one.name, one.address) for one in part.message.from_] == [("Мария", "maria@example.org")]
    assert [child.name for child in part.children if not child.body] == ["ответ.txt", "b.bin"]
    assert [child.size_bytes for child in part.children if not child.body] == [10, 9000]


def test_a_message_inside_is_a_unit_of_its_own() -> None:
    inner = outlook_streams(
        "The answer itself", ("Author", "author@example.org"), "Our answer is yes.", [("annex.txt", b"Annex")]
    )
    part = attached(outlook("Forwarded", ("Bureau", "bureau@example.org"), "See inside.", inside=[inner]))
    assert part.message is not None
    assert "Our answer" not in part.message.text
    [letter] = [child for child in part.children if child.message is not None]
    assert letter.message is not None
    assert (letter.message.subject, letter.message.text.strip()) == ("The answer itself", "Our answer is yes.")
    assert letter.message.from_[0].address == "author@example.org"
    assert [child.name for child in letter.children if not child.body] == ["annex.txt"]


def test_headers_of_the_internet_are_believed_where_they_are() -> None:
    headers = "From: Real <real@example.org>\r\nSubject: Sent\r\nMessage-ID: <1@example.org>\r\nDate: Mon, 1 Jan 2018 10:00:00 +0000\r\n"
    part = attached(outlook("Kept", ("Other", "/o=ORG/cn=OTHER"), "Words", headers=headers))
    assert part.message is not None
    assert (part.message.from_[0].address, part.message.message_id) == ("real@example.org", "<1@example.org>")


def test_a_file_cut_short_is_damaged() -> None:
    data = outlook("Ответ", ("Мария", "maria@example.org"), "Да.", [("b.bin", bytes(9000))])
    part = attached(data[:4000])
    assert part.state is PartState.DAMAGED
    assert part.defects
