"""Files that are written as letters in a text: listed with their octets, their lines marked as nobody's words."""

from __future__ import annotations

import binascii
import zlib
from collections.abc import Sequence

import pytest

from intake.model.mail import Part, PartState, Reading
from intake.model.text import SpanKind
from intake.reading.coded import coded_files, coded_stretches
from intake.reading.read_message import read_message
from tests.corpus.test_reading_corpus import WORDS, every, stretches

OCTETS = bytes(range(256)) * 3
HEAD = b"From: a@example.org\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
WORDS_OF = {
    "ar": ("إجاباتنا مرفقة.", "مع التحية"), "zh": ("我们的答复见附件。", "此致敬礼"), "en": ("Our answers are below.", "Kind regards"),
    "fr": ("Nos réponses ci-jointes.", "Salutations"), "ru": ("Наши ответы приложены.", "С уважением"), "es": ("Adjuntamos la respuesta.", "Saludos"),
}  # fmt: skip


def uu(data: bytes, name: str = "r.txt") -> bytes:
    lines = [binascii.b2a_uu(data[at : at + 45], backtick=True) for at in range(0, len(data), 45)]
    return b"begin 644 " + name.encode() + b"\n" + b"".join(lines) + b"`\nend\n"


def yenc(data: bytes, name: bytes, part: Sequence[int] = (), size: int = 0, crc: int | None = None) -> bytes:
    """`part`: (number, of how many, where it begins, from 1)."""
    out = bytearray()
    for at, byte in enumerate(data):
        coded = (byte + 42) % 256
        out += b"=" + bytes([(coded + 64) % 256]) if coded in (0, 10, 13, 61) else bytes([coded])
        out += b"\r\n" if at % 128 == 127 else b""
    numbers = b"part=%d total=%d " % tuple(part[:2]) if part else b""
    place = b"=ypart begin=%d end=%d\r\n" % (part[2], part[2] + len(data) - 1) if part else b""
    head = b"=ybegin %sline=128 size=%d name=%s\r\n" % (numbers, size or len(data), name)
    total = b"pcrc32" if part else b"crc32"
    return (
        head
        + place
        + bytes(out)
        + b"\r\n=yend size=%d %s=%08x\r\n" % (len(data), total, zlib.crc32(data) if crc is None else crc)
    )


def read(body: bytes) -> Reading:
    return read_message(HEAD + body, WORDS)


def inside(reading: Reading) -> list[Part]:
    return [part for part in every(reading.parts) if not part.body]


@pytest.mark.parametrize("language", WORDS_OF)
@pytest.mark.parametrize("how", [uu(OCTETS, "a.bin"), yenc(OCTETS, b"a.bin")], ids=["uu", "yenc"])
def test_the_words_around_a_coded_file_stay_the_author_s(language: str, how: bytes) -> None:
    above, below = WORDS_OF[language]
    found = read(
        above.encode() + b"\r\n\r\n" + how.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n" + below.encode() + b"\r\n"
    )
    assert stretches(found, SpanKind.NEW).split() == [*above.split(), *below.split()]
    coded = stretches(found, SpanKind.CODED)
    assert coded.startswith(("begin 644", "=ybegin"))
    assert coded.rpartition("\n")[2].startswith(("end", "=yend"))
    (part,) = inside(found)
    assert (part.name, part.state) == ("a.bin", PartState.OK)
    assert part.size_bytes == len(OCTETS)


def test_pieces_of_one_yenc_file_are_joined_in_any_order() -> None:
    pieces = [
        yenc(OCTETS[at : at + 300], b"a.bin", (number, 3, at + 1), len(OCTETS)) for number, at in enumerate((0, 300, 600), 1)
    ]
    found = read(b"Two\r\n" + pieces[1] + b"One\r\n" + pieces[0] + b"Three\r\n" + pieces[2])
    (part,) = inside(found)
    assert part.size_bytes == len(OCTETS)
    assert part.state is PartState.OK
    assert stretches(found, SpanKind.NEW).split() == ["Two", "One", "Three"]


def test_a_piece_alone_and_a_wrong_sum_are_damaged_and_say_why() -> None:
    (piece,) = inside(read(yenc(OCTETS[:300], b"a.bin", (1, 3, 1), len(OCTETS))))
    assert piece.state is PartState.DAMAGED
    assert "octets 1 to 300 of 768" in piece.defects[0].detail
    (broken,) = inside(read(yenc(OCTETS, b"a.bin", crc=1)))
    assert broken.state is PartState.DAMAGED
    assert "sum" in broken.defects[0].detail


@pytest.mark.parametrize("cut", [uu(OCTETS).replace(b"end\n", b""), uu(OCTETS)[:-300], yenc(OCTETS, b"a.bin")[:500]])
def test_a_file_without_its_end_is_damaged(cut: bytes) -> None:
    (part,) = inside(read(cut))
    assert part.state is PartState.DAMAGED
    assert "cut short" in part.defects[-1].detail


def test_a_coded_file_in_an_attached_text_is_opened() -> None:
    text = "Слова\n\n".encode() + uu("Внутри".encode()) + b"\nmore\n"
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n"
    )
    found = read_message(raw + b"Content-Disposition: attachment; filename=a.txt\r\n\r\n" + text + b"\r\n--b--\r\n", WORDS)
    part = inside(found)[0]
    assert part.text.split() == ["Слова", "more"]
    assert [(child.name, child.text) for child in part.children] == [("r.txt", "Внутри")]


def test_files_in_files_in_files_end() -> None:
    data = b"hello"
    for _ in range(15):
        data = uu(data, "n.txt")
    raw = b"Content-Disposition: attachment; filename=a.txt\r\n\r\n" + data
    assert 5 < len(list(every(read_message(raw, WORDS).parts))) < 12


@pytest.mark.parametrize(
    "text", ["begin 644 x\nthis is a sentence\nmore\n", "We begin 644 x\nM\n", "=ybegin x\n", "begin 644 a\n" * 50]
)
def test_words_that_only_look_so_are_words(text: str) -> None:
    assert not coded_files([text.encode()])
    assert not coded_stretches(text) or "=y" in text
