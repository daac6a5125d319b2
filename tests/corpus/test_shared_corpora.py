"""Mail written by others, where it lies beside the checkout: nothing raises, nothing is set aside, every leaf part is there.

A sample that runs in seconds; INTAKE_CORPORA=all takes every message.
"""

from __future__ import annotations

import csv
import email
import hashlib
import json
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake.model.mail import Part
from intake.model.text import SpanKind
from intake.reading.partial import complete, join
from intake.reading.read_message import read_message
from intake.reading.spans import spans_of
from intake.reading.words import reading_words

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not (SHARED / "MANIFEST.tsv").exists(), reason="the corpora are not beside the checkout (../shared/corpora)"
    ),
]
WORDS = reading_words(tomllib.loads(Path("config/reading.toml").read_text("utf-8")))
STEP = 1 if os.environ.get("INTAKE_CORPORA") == "all" else 7
_FROM_LINE = re.compile(rb"(?m)^From (?=[^\n]*\d\d:\d\d)[^\n]*\n")


def messages() -> Iterator[tuple[str, bytes]]:
    with (SHARED / "MANIFEST.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    for row in rows:
        raw = (SHARED / row["file"]).read_bytes() if row["kind"] in ("message", "mbox") else b""
        if row["kind"] == "message":
            yield row["file"], raw
        elif row["kind"] == "mbox":
            yield from ((f"{row['file']}#{number}", piece) for number, piece in enumerate(_FROM_LINE.split(raw)) if piece.strip())


def leaves(raw: bytes) -> list[str]:
    """What the standard library's walk gives."""
    bodies = [part.get_payload(decode=True) for part in email.message_from_bytes(raw).walk() if not part.is_multipart()]
    return [hashlib.sha256(body).hexdigest() for body in bodies if isinstance(body, bytes) and body]


def hashes(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        yield part.sha256
        yield from hashes(part.children)


def test_every_leaf_part_is_listed_and_nothing_is_set_aside() -> None:
    wanted, missing, held = 0, [], []
    for name, raw in list(messages())[::STEP]:
        reading = read_message(raw, WORDS)
        reading.text.encode("utf-8")
        if reading.held:
            held.append((name, reading.held))
        found = Counter(hashes(reading.parts))
        for sha256 in leaves(raw):
            wanted += 1
            if found[sha256]:
                found[sha256] -= 1
            else:
                missing.append(name)
    assert held == []
    assert len(missing) <= 0.005 * wanted, missing


def test_the_quotation_is_not_taken_for_the_author_s_words() -> None:
    marked = [
        path for folder in ("crisp-reply-parser", "github-reply-parser") for path in sorted((SHARED / folder).glob("*.txt"))
    ]
    assert marked
    for path in marked:
        text = path.read_text("utf-8", errors="replace").replace("\r\n", "\n")
        new = "".join(text[span.start : span.end] for span in spans_of(text, WORDS) if span.kind is SpanKind.NEW)
        assert not [line for line in new.splitlines() if line.startswith(">")], path.name


STALWART = SHARED / "stalwart-mail-parser" / "eml"
OTHERWISE = {
    "legacy/016": "BinHex files: the empty line before their words is not counted as theirs",
    "legacy/017": "uuencoded parts: theirs keeps the coding, ours decodes it, as the standard library does",
    "legacy/048": "likewise",
    "thirdparty/009": "a piece of a message: theirs takes it whole, ours looks at what is inside",
}
"""Where the source's own expectation is another, and why."""


def test_the_bytes_are_those_of_the_source_s_own_expectations() -> None:
    wanted, missing = 0, set()
    for path in sorted(STALWART.glob("*/*.json")):
        name = f"{path.parent.name}/{path.name.split('.')[0]}"
        message = path.parent / f"{path.name.split('.')[0]}.eml"
        if not message.exists():
            continue
        raw = message.read_bytes()
        raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if ".crlf." in path.name else raw
        found = Counter(hashes(read_message(raw, WORDS).parts))
        for data in binaries(json.loads(path.read_text("utf-8"))):
            wanted += 1
            if not found[hashlib.sha256(data).hexdigest()]:
                missing.add(name)
    assert wanted > 100
    assert missing == set(OTHERWISE)


def binaries(message: dict[str, Any]) -> Iterator[bytes]:
    for part in message["parts"]:
        body = part["body"]
        for kind, content in body.items() if isinstance(body, dict) else ():
            if kind == "Message":
                yield from binaries(content)
            elif kind in ("Binary", "InlineBinary") and content:
                yield bytes(content)


def test_pieces_of_a_message_make_the_whole_that_lies_beside_them() -> None:
    folder = SHARED / "mimekit" / "partial"
    pieces = [(folder / f"message-partial.{number}.eml").read_bytes() for number in range(3)]
    made = join(pieces)
    assert made is not None
    whole = read_message((folder / "message-partial.eml").read_bytes(), WORDS)
    assert [part.sha256 for part in read_message(made, WORDS).parts] == [part.sha256 for part in whole.parts]
    assert len(complete(read_message(piece, WORDS) for piece in pieces)) == 1
