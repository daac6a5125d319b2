"""Hostile and odd messages of our own: beside each x.eml stands x.toml with what must be read in it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from intake.model.mail import Part, Reading
from intake.model.text import SpanKind
from intake.reading.read_message import read_message
from intake.reading.words import reading_words

FOLDER = Path(__file__).parent / "reading"
WORDS = reading_words(tomllib.loads(Path("config/reading.toml").read_text("utf-8")))
NAMES = sorted(path.stem for path in FOLDER.glob("*.eml"))


def every(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from every(part.children)


def stretches(reading: Reading, *kinds: SpanKind) -> str:
    return "\n".join(reading.text[span.start : span.end] for span in reading.spans if span.kind in kinds)


def check_facts(reading: Reading, expected: dict[str, Any]) -> None:
    sender = reading.from_[0] if reading.from_ else None
    facts: dict[str, object] = {
        "subject": reading.subject,
        "language": reading.language,
        "from_name": sender.name if sender else None,
        "from_address": sender.address if sender else None,
        "from_count": len(reading.from_),
        "to": [address.address for address in reading.to],
        "date": reading.date_claimed.astimezone(UTC).isoformat() if reading.date_claimed else "",
        "message_id": reading.message_id or "",
    }
    for key in facts.keys() & expected.keys():
        assert facts[key] == expected[key], key


def check_text(reading: Reading, expected: dict[str, Any]) -> None:
    new = stretches(reading, SpanKind.NEW)
    for words in expected.get("text_has", []):
        assert words in reading.text
    for words in expected.get("text_lacks", []):
        assert words not in reading.text
    for words in expected.get("new_has", []):
        assert words in new
    for words in expected.get("new_lacks", []):
        assert words not in new
    for kind, pieces in expected.get("spans", {}).items():
        for words in pieces:
            assert words in stretches(reading, SpanKind(kind)), kind
    kinds = {block.kind.value for block in reading.blocks}
    assert kinds >= set(expected.get("blocks", []))


def check_part(part: Part, wanted: dict[str, Any]) -> None:
    assert (part.state or "") == wanted.get("state", part.state or "")
    for words in [*wanted.get("text_all", []), *([wanted["text_has"]] if "text_has" in wanted else [])]:
        assert words in part.text
    assert wanted.get("text_lacks", "\0") not in part.text
    assert {block.kind.value for block in part.blocks} >= set(wanted.get("blocks", []))
    assert wanted.get("name_lacks", "/") not in (part.name or "")
    assert part.inline == wanted.get("inline", part.inline)
    if "children" in wanted:
        assert [child.name for child in part.children] == wanted["children"]
    if inner := {key: value for key, value in wanted.items() if key.startswith("inner_")}:
        assert part.message is not None
        assert part.message.subject == inner.get("inner_subject", part.message.subject)
        assert inner.get("inner_text_has", "") in part.message.text
        if "inner_from" in inner:
            assert part.message.from_[0].address == inner["inner_from"]


def found(parts: list[Part], wanted: dict[str, Any]) -> Part:
    """The first part that is called, typed and headed as wanted."""
    for part in parts:
        same = all(
            getattr(part, key) == wanted[key] for key in ("name", "original_name", "media_type", "sniffed_type") if key in wanted
        )
        subject = wanted.get("inner_subject")
        if same and not part.body and (subject is None or (part.message is not None and part.message.subject == subject)):
            return part
    raise AssertionError(f"no part like {wanted}: {[(part.name, part.media_type, part.sniffed_type) for part in parts]}")


@pytest.mark.parametrize("name", NAMES)
def test_message(name: str) -> None:
    expected = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    reading = read_message((FOLDER / f"{name}.eml").read_bytes(), WORDS)
    parts = list(every(reading.parts))
    if "held" in expected:
        assert expected["held"] in (reading.held or "")
        return
    assert reading.held is None
    check_facts(reading, expected)
    check_text(reading, expected)
    codes = {defect.code for defect in reading.defects} | {defect.code for part in parts for defect in part.defects}
    assert codes >= set(expected.get("defects", []))
    assert not codes & set(expected.get("defects_lack", []))
    hashes = [part.sha256 for part in parts]
    for sha256 in expected.get("leaves", []):
        assert sha256 in hashes
        hashes.remove(sha256)
    for wanted in expected.get("parts", []):
        check_part(found(parts, wanted), wanted)


def test_there_are_hundreds_of_them() -> None:
    assert len(NAMES) >= 300
