"""Letters in six languages: whole, addressed to one, and unable to carry what a hostile name or subject holds."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from intake.doors.share import InstalledShare
from intake.errors import Misconfigured
from intake.letters.address import safe_recipient
from intake.letters.compose import check_templates, compose, letters_to_try, sample_facts, sample_proof
from intake.letters.message import letter_message_id, to_message
from intake.letters.proof import LONGEST_ANSWER
from intake.letters.templates import TemplateSet, template_set
from intake.model.letter import FileLine
from intake.model.record import NOTICES, LetterKind
from intake.model.round import LANGUAGES

WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def files() -> dict[str, str]:
    share = InstalledShare()
    found = {f"letters/{name}": text for name, text in share.files("templates", "letters").items()}
    return found | {f"digest/{name}": text for name, text in share.files("templates", "digest").items()}


@pytest.fixture(scope="module")
def templates() -> TemplateSet:
    return template_set(files())


def octets(templates: TemplateSet, **changes: object) -> bytes:
    facts = replace(sample_facts(LetterKind.ACKNOWLEDGEMENT, "fr"), **changes)
    letter = compose(facts, templates)
    identity = letter_message_id(b"secret", "key", "acknowledgement", "example.org")
    return to_message(letter, from_name="Secretariat", from_address="desk@example.org", message_id=identity, date=WHEN)


def test_every_letter_of_every_kind_in_every_language_can_be_rendered(templates: TemplateSet) -> None:
    """What is checked at start finds nothing wrong with what we ship."""
    assert check_templates(templates) == []


@pytest.mark.parametrize("name", ["letters/ar.toml", "digest/zh.toml"])
def test_a_language_that_lacks_a_sentence_stops_the_start(name: str) -> None:
    """Every missing sentence is named."""
    broken = files()
    broken[name] = "\n".join(line for line in broken[name].splitlines() if not line.startswith(("held", "queued")))
    with pytest.raises(Misconfigured, match="is missing"):
        template_set(broken)


def test_a_template_that_names_nothing_known_is_found_before_anything_is_sent() -> None:
    """StrictUndefined: a misspelt variable is a fault, not an empty place."""
    broken = files()
    broken["letters/letter.txt.j2"] += "{{ misspelt }}"
    assert any("misspelt" in problem for problem in check_templates(template_set(broken)))


def test_the_rules_for_automatic_answers_are_kept(templates: TemplateSet) -> None:
    """RFC 3834: marked, one recipient, in the thread, no attachment; the same facts give the same octets."""
    raw = octets(templates)
    assert raw == octets(templates)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["In-Reply-To"] == "<sample@example.org>"
    assert len(message["To"].addresses) == 1
    assert message.get_content_type() == "multipart/alternative"
    text = message.get_body(("plain",)).get_content()
    assert text.rstrip().endswith("1" * 64)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


HOSTILE = st.text(max_size=300)


@settings(max_examples=80, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_words_stay_words(name: str, subject: str, file: str) -> None:
    """No name, subject or file name adds a header, a recipient or a template's meaning."""
    templates = template_set(files())
    line = FileLine(name=file + "\r\nBcc: evil@example.org", size_bytes=1, sha256="a" * 64, state="ok")
    raw = octets(templates, organization=name + "\r\nX-Evil: 1\n{{7*7}}", round_topic=subject + "\nTo: x@y.z", files=(line,))
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    assert [item.addr_spec for item in message["To"].addresses] == ["someone@example.org"]
    assert not message.defects
    head = raw.split(b"\r\n\r\n", 1)[0]
    assert all(byte >= 32 or byte in (9, 10, 13) for byte in head)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b@c",
        '"a\r\nRCPT TO:<e@x.org>"@b.org',
        "a b@example.org",
        "a\n@example.org",
        "a@",
        "@b.org",
        "x" * 300 + "@b.org",
    ],
)
def test_addresses_that_may_not_be_written_to(address: str) -> None:
    """What could smuggle a command or has no mailbox is refused."""
    assert safe_recipient(address) is None


def test_an_international_domain_goes_out_as_an_a_label() -> None:
    """A server without SMTPUTF8 can take it."""
    assert safe_recipient("ana@bücher.example.org") == "ana@xn--bcher-kva.example.org"


def test_direction_marks_stand_only_where_a_paragraph_runs_right_to_left(templates: TemplateSet) -> None:
    """In Latin, Cyrillic and Chinese letters none, unless a name itself runs the other way; in Arabic around what runs left to right."""
    for language in LANGUAGES:
        for _, facts in letters_to_try(language):
            text = compose(facts, templates).text
            assert any(mark in text for mark in "\u2066\u2068") == (language == "ar")
    arabic_name = compose(replace(sample_facts(LetterKind.ACKNOWLEDGEMENT, "fr"), organization="وزارة الاتصالات"), templates)
    assert "\u2068وزارة الاتصالات\u2069" in arabic_name.text


def test_nobody_is_told_to_hurry_after_the_deadline(templates: TemplateSet) -> None:
    """A late letter and a chase do not speak of corrections "before the deadline"; notices show no check sums of mail."""
    for kind in (LetterKind.LATE, LetterKind.CHASE):
        reason = "encrypted" if kind is LetterKind.CHASE else ""
        text = compose(sample_facts(kind, "en", reason), templates).text
        assert "before the deadline" not in text
    for kind in NOTICES:
        reason = "encrypted" if kind is LetterKind.CHASE else ""
        assert "SHA-256" not in compose(sample_facts(kind, "en", reason), templates).text


def proof_of(language: str, templates: TemplateSet, *general: str) -> str:
    """The text of a proof whose general comments are these, each run of white space one space."""
    made = sample_proof()
    proof = replace(made, general=general, rows=(*made.rows[:3], ("country", "")))
    facts = replace(sample_facts(LetterKind.PROOF, language), proof=proof)
    return " ".join(compose(facts, templates).text.split())


@pytest.mark.parametrize(
    ("lengths", "rest"),
    [
        ((LONGEST_ANSWER,), 0),
        ((LONGEST_ANSWER + 1,), 1),
        ((LONGEST_ANSWER, 30), 30),
        ((LONGEST_ANSWER - 5, 12, 30), 37),
        ((LONGEST_ANSWER + 7, 30), 37),
    ],
)
def test_a_proof_that_is_cut_says_how_much_is_not_shown(templates: TemplateSet, lengths: tuple[int, ...], rest: int) -> None:
    """Nothing of an answer is left out in silence: what is shown and what is said to be left are all of it."""
    printed = proof_of("en", templates, *("ж" * length for length in lengths))
    assert printed.count("ж") + rest == sum(lengths)
    assert re.findall(r"… \((\d+) more characters\)", printed) == ([str(rest)] if rest else [])


def test_every_sentence_of_every_language_is_used(templates: TemplateSet) -> None:
    """A sentence that no letter prints is not one that somebody has read lately."""
    for language in LANGUAGES:
        printed = "\n".join(
            " ".join(f"{letter.subject} {letter.text}".split())
            for letter in (
                compose(replace(facts, **more), templates)
                for _, facts in letters_to_try(language)
                for more in (
                    {},
                    {"in_time": False, "understood": (), "general": False, "files": (), "earlier_receipt": "R-1"},
                    {"understood": (3,)},
                )
            )
        )
        printed += "\n" + proof_of(language, templates, "x" * (LONGEST_ANSWER + 7))
        for room, table in templates.table("letters", language).items():
            for key, sentence in table.items() if isinstance(table, dict) else ((room, table),):
                piece = max(re.split(r"\{\w+\}", sentence), key=len).strip()
                assert piece in printed, f"{language}: {room}.{key}"


@pytest.mark.parametrize(
    ("language", "one"),
    [
        ("ar", "إجابة عن السؤال 4"),
        ("zh", "对问题4的答复"),
        ("en", "answer to question 4"),
        ("fr", "réponse à la question 4"),
        ("ru", "ответ на вопрос 4"),
        ("es", "respuesta a la pregunta 4"),
    ],
)
def test_one_answer_is_not_several(templates: TemplateSet, language: str, one: str) -> None:
    facts = replace(sample_facts(LetterKind.ACKNOWLEDGEMENT, language), understood=(4,))
    assert f"{one} (" in compose(facts, templates).text.replace("（", " (")
