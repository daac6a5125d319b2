"""The octets of a letter: the library reads back what was put in, and would have written the same fields."""

from __future__ import annotations

import email
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, compat32, default

from hypothesis import given, settings
from hypothesis import strategies as st

from intake.letters.message import to_message
from intake.model.letter import Letter

WHEN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=140).map(
    lambda text: " ".join(text.split())
)
TEXTS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=120).map(str.strip), max_size=12
)


def octets(letter: Letter) -> bytes:
    return to_message(letter, from_name="Bureau", from_address="desk@example.org", message_id="<a.1@example.org>", date=WHEN)


@settings(max_examples=60)
@given(WORDS, TEXTS, st.sampled_from(("ar", "zh", "en", "fr", "ru", "es")))
def test_the_library_reads_back_subject_text_and_html(subject: str, lines: list[str], language: str) -> None:
    text = "\n".join([*lines, "end"])
    html = f"<p>{'<br>'.join(lines)}</p>\n"
    raw = octets(Letter(to="ana@example.org", subject=subject or "x", text=text, html=html, language=language))
    assert raw.isascii()
    assert all(len(line) <= 998 and b"\n" not in line and b"\r" not in line for line in raw.split(b"\r\n"))
    read = email.message_from_bytes(raw, policy=default)
    assert not read.defects
    plain, rich = read.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == text + "\n"
    assert rich.get_content().replace("\r\n", "\n") == html


@settings(max_examples=60)
@given(WORDS.filter(bool), st.lists(st.integers(0, 10**30), max_size=12))
def test_fields_are_those_that_the_library_would_write(subject: str, chain: list[int]) -> None:
    references = tuple(f"<{number}@example.org>" for number in chain)
    letter = Letter(
        to="ana@example.org",
        subject=subject,
        text="t",
        html="h",
        language="en",
        in_reply_to="<q@example.org>",
        references=references,
    )
    read = email.message_from_bytes(octets(letter), policy=default)
    whole = EmailMessage(policy=SMTP)
    whole["Subject"] = read["Subject"]
    whole["From"] = Address(display_name="Bureau", addr_spec="desk@example.org")
    whole["References"] = " ".join([*references[-10:], "<q@example.org>"])
    mine, theirs = _fields(octets(letter)), _fields(whole.as_bytes())
    assert {name: mine[name] for name in ("From", "References")} == {name: theirs[name] for name in ("From", "References")}
    assert read["Subject"] == email.message_from_bytes(whole.as_bytes(), policy=default)["Subject"]


def _fields(raw: bytes) -> dict[str, str]:
    """Fields unfolded (RFC 5322, 2.2.3): where a long one is broken is each writer's own affair."""
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii").replace("\r\n ", " ")
    parted = (line.partition(":") for line in head.split("\r\n"))
    return {name: " ".join(value.split()) for name, _, value in parted}


@settings(max_examples=60)
@given(st.integers(1, 200), st.lists(st.integers(1, 200), max_size=12))
def test_ids_are_never_torn_from_the_name_of_their_field(length: int, chain: list[int]) -> None:
    """A reader that does not unfold sees the whole id on the field's own line, and the lines of a chain break between ids only."""
    own = f"<{'a' * length}@example.org>"
    ids = [f"<{number}.{'b' * size}@example.org>" for number, size in enumerate(chain)]
    letter = Letter(
        to="ana@example.org", subject="x", text="t", html="h", language="en", in_reply_to=own, references=tuple(ids)
    )  # fmt: skip
    raw = to_message(letter, from_name="Bureau", from_address="desk@example.org", message_id=own, date=WHEN)
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    lines = head.split("\r\n")
    assert f"Message-ID: {own}" in lines
    assert f"In-Reply-To: {own}" in lines
    assert f"X-Consultation-Intake: {own.strip('<>').partition('@')[0]}" in lines
    place = next(number for number, line in enumerate(lines) if line.startswith("References: <"))
    whole = [lines[place]]
    for line in lines[place + 1 :]:
        if not line.startswith(" <"):
            break
        whole.append(line)
    assert " ".join(whole).split()[1:] == [*ids[-10:], own]
    assert all(len(line) <= 78 or line.count("<") == 1 for line in whole)
    for policy in (default, SMTP, compat32):
        assert email.message_from_bytes(raw, policy=policy)["Message-ID"] == own
