"""message/partial: pieces are joined when all are there and clear, and never otherwise."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.model.mail import Part, Reading
from intake.reading.partial import complete, join, joined
from intake.reading.read_message import read_message
from intake.reading.words import reading_words

WORDS = reading_words(tomllib.loads(Path("config/reading.toml").read_text("utf-8")))
TEXT = "Nous appuyons la deuxième option pour chaque village.\n" * 20
FILE = bytes(range(256)) * 40


def whole(end: str = "\r\n") -> bytes:
    import base64
    import textwrap

    coded = "\n".join(textwrap.wrap(base64.b64encode(FILE).decode(), 76))
    text = (
        "From: Ana <ana@example.org>\nTo: consultation@example.org\nSubject: The whole\nMessage-ID: <whole@example.org>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain; charset=utf-8\n'
        f"Content-Transfer-Encoding: 8bit\n\n{TEXT}--b\nContent-Type: application/octet-stream\n"
        f'Content-Disposition: attachment; filename="data.bin"\nContent-Transfer-Encoding: base64\n\n{coded}\n--b--\n'
    )
    return text.replace("\n", end).encode()


def pieces(count: int = 3, sender: str = "ana@example.org", end: str = "\r\n") -> list[bytes]:
    lines = whole(end).splitlines(keepends=True)
    size = -(-len(lines) // count)
    made = []
    for number in range(1, count + 1):
        head = (
            f"Received: from x by mx.example.org; Mon, 5 Feb 2018 10:00:0{number} +0100\nFrom: Ana <{sender}>\n"
            f"To: consultation@example.org\nSubject: The whole ({number})\nMessage-ID: <piece{number}@example.org>\n"
            f'MIME-Version: 1.0\nContent-Type: message/partial; id="abc@example.org";\n number={number}; total={count}\n\n'
        )
        made.append(head.replace("\n", end).encode() + b"".join(lines[size * (number - 1) : size * number]))
    return made


def read(raws: list[bytes]) -> list[Reading]:
    return [read_message(raw, WORDS) for raw in raws]


def every(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from every(part.children)


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_the_whole_reads_as_if_it_had_come_in_one(end: str) -> None:
    raws = pieces(end=end)
    first = read(raws)[0]
    keys = complete(read(raws[::-1]))
    assert keys == (tuple(hashlib.sha256(raw).hexdigest() for raw in raws),)
    made = join(raws)
    assert made is not None
    reading = joined(first, read_message(made, WORDS), 3)
    alone = read_message(whole(end), WORDS)
    assert reading.text == alone.text
    assert reading.subject == "The whole"
    assert reading.sha256 == first.sha256
    assert reading.message_id == "<piece1@example.org>"
    assert len(reading.received) == 1
    hashes = {part.sha256 for part in every(reading.parts)}
    assert hashes >= {part.sha256 for part in every(alone.parts)}
    assert hashes >= {part.sha256 for part in every(first.parts)}, "the piece's own bytes stay listed"


def test_a_piece_that_is_missing_or_of_another_sender_joins_nothing() -> None:
    raws = pieces()
    assert complete(read(raws[:2])) == ()
    forged = pieces(sender="mallory@example.net")[1]
    assert complete(read([raws[0], forged, raws[2]])) == ()
    assert len(complete(read([*raws, forged]))) == 1


def test_two_that_differ_under_one_number_join_nothing_and_a_copy_is_no_other() -> None:
    raws = pieces()
    other = raws[1].replace(b"village", b"pillage").replace(b"A", b"B", 40)
    assert complete(read([*raws, other])) == ()
    copy = raws[1].replace(b"Received: from x", b"Received: from list")
    assert complete(read([*raws, copy])) == complete(read(raws))


@pytest.mark.parametrize("field", ["", "number=x; total=3", "number=0; total=3", "number=1; total=99999999999", "number=4"])
def test_odd_numbers_are_no_pieces(field: str) -> None:
    raw = f"From: a@example.org\nContent-Type: message/partial; id=q; {field}\n\nSubject: x\n\ny\n".encode()
    reading = read_message(raw, WORDS)
    assert reading.held is None
    assert complete([reading]) == ()


def test_bounds_on_what_is_joined() -> None:
    assert join([]) is None
    assert join([b"a\n\nb"] * 1000) is None
    assert join([b"", b"\n", b"no header"]) == b"\n"
