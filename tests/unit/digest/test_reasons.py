"""Why something waits or failed is told in the reader's language; a server's own words are quoted as such, with their language."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from msgspec.structs import replace

from intake.digest.letter import because_of
from intake.digest.reasons import ASIDE, DOUBTS, FAILED, FAULTS, LETTERS, Told, told
from intake.digest.sample import sample_digest
from intake.doors.share import InstalledShare
from intake.model.edition import DigestRole
from intake.model.round import LANGUAGES
from intake.pipeline.daily import digest_letter
from intake.reading.read_message import read_message
from intake.reading.walk import Limits
from intake.reading.words import reading_words
from intake.wiring import load_templates, load_words

SHARE = InstalledShare()
TEMPLATES = load_templates(SHARE)
ROOT = Path(__file__).resolve().parents[3] / "intake"
WRITTEN = "".join(path.read_text("utf-8") for path in ROOT.rglob("*.py") if path.name != "reasons.py")


def sentences(pattern: str) -> list[str]:
    """The fixed stretches of a pattern, as the source must have them between its own braces."""
    plain = re.sub(r"\(\?P<\w+>[^()]*\)|\\S\+|\[0-9a-f\]\+|\.\*", "\n", pattern)
    return [
        part.replace("\\(", "(").replace("\\)", ")").strip("' :") for part in plain.split("\n") if len(part.strip("' :()\\")) > 3
    ]


@pytest.mark.parametrize("pattern", [*DOUBTS, *ASIDE, *FAULTS, *FAILED, *LETTERS])
def test_each_reason_is_one_that_the_program_writes(pattern: str) -> None:
    for sentence in sentences(pattern):
        assert sentence in WRITTEN, sentence


@pytest.mark.parametrize(
    ("raw", "limits"),
    [
        (b"A: b\r\n" * 30 + b"\r\nx", Limits(headers=20)),
        (b"Subject: " + b"x" * 900 + b"\r\n\r\nx", Limits(header_bytes=500)),
        (b"Subject: " + b"=?utf-8?q?a?= " * 90 + b"\r\n\r\nx", Limits(encoded_words=20)),
        (b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(9)), Limits(depth=4)),
        (b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n' + b"--a\r\n\r\nx\r\n" * 30, Limits(parts=20)),
    ],
)
def test_what_reading_itself_sets_aside_has_its_sentence(raw: bytes, limits: Limits) -> None:
    words = reading_words(tomllib.loads(SHARE.text("config", "reading.toml")))
    held = read_message(raw, words, limits).held
    assert held is not None
    for language in LANGUAGES:
        room = TEMPLATES.table("digest", language)["aside"]
        found = told(held, ASIDE, room)
        assert found.said == ""
        assert found.text not in ("", room["other"])


def test_nothing_of_a_reason_is_left_in_english_and_the_servers_words_say_whose_they_are() -> None:
    shells, plain = load_words(SHARE), sample_digest()
    task = next(item for item in plain.needs_person if item.kind == "set_aside")
    letter = next(item for item in plain.bounced if item.kind == "failed")
    down = (
        "mailbox main: imap.example.org:993: log-in as desk was refused: [AUTHENTICATIONFAILED] no (since 2027-01-05 06:00 UTC)"
    )
    day = replace(
        plain,
        needs_person=(replace(task, because="took too long: more than 60 s to read"),),
        bounced=(replace(letter, because="550 5.1.1 no such user"),),
        health=(down,),
    )
    for language in ("ar", "zh", "fr", "ru", "es"):
        mail = digest_letter(day, DigestRole.DESK, language, TEMPLATES, shells)
        for text in (mail.text, mail.html):
            assert not any(word in text for word in ("took too long", "was refused", "mailbox main")), language
        assert 'lang="en"' in mail.html
        for said in ("550 5.1.1 no such user", "[AUTHENTICATIONFAILED] no"):
            assert re.search(rf'<bdi lang="en"[^>]*>[^<]*{re.escape(said)}[^<]*</bdi>', mail.html), language
            quote = TEMPLATES.table("digest", language)["mark"]["quote"].partition("{text}")
            assert re.search(rf"{quote[0]}\u2068?{re.escape(said)}\u2069?{quote[2]}", mail.text), language


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_a_letter_waits_stands_in_the_sheet_in_its_readers_language(language: str) -> None:
    words = TEMPLATES.table("digest", language)
    task = next(item for item in sample_digest().needs_person if item.kind == "letters_held")
    item = replace(task, because="more than 5 letters to this domain in a day")
    assert because_of(item, words, load_words(SHARE)[language].rooms, language) == words["letter_waits"]["cap_domain"].format(n=5)


def test_a_reason_that_nobody_knows_is_quoted_whole() -> None:
    found = told("it rains", ASIDE, {"other": "message of the program"})
    assert found == Told(text="message of the program", said="it rains")
    assert Told(said="Größe").language == "und"


def test_a_long_list_of_doubts_is_told_to_its_end() -> None:
    """A cut in the middle of a sentence would leave half of it untold, and in English."""
    plain = sample_digest()
    said = "; ".join(
        ("authentication: a State's name, and our own host's SPF check failed", "neither organization nor country is known")
    )
    held = replace(next(item for item in plain.needs_person if item.kind == "held"), because=said)
    mail = digest_letter(replace(plain, needs_person=(held,)), DigestRole.DESK, "fr", TEMPLATES, load_words(SHARE))
    assert "ni l’organisation ni le pays ne sont connus" in mail.text
