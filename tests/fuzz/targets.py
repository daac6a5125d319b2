"""What is fuzzed: each target takes any bytes and raises only when a promise of reading is broken."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from pathlib import Path

import msgspec

from intake.model.mail import Part, Reading
from intake.model.text import Block, Span
from intake.reading.charsets import decoded
from intake.reading.decode import decode_header
from intake.reading.extractors import EXTRACTORS
from intake.reading.flowed import unflow
from intake.reading.headers import addresses_of, date_of, hop_of, ids_of, message_id_of
from intake.reading.html import read_html
from intake.reading.limits import Limits
from intake.reading.names import safe_name
from intake.reading.parts import UNREAD, PartMaker
from intake.reading.read_message import read_message, set_aside
from intake.reading.spans import spans_of
from intake.reading.words import reading_words

WORDS = reading_words(tomllib.loads(Path("config/reading.toml").read_text("utf-8")))
SMALL = Limits(document_bytes=4_000_000, unpacked_bytes=8_000_000, text_chars=200_000)
CHARSETS = (
    None,
    "utf-8",
    "gb2312",
    "iso-8859-1",
    "utf-7",
    "iso-2022-jp",
    "koi8-r",
    "big5",
    "utf-16",
    "cp1256",
    "x-nothing",
    "hex",
)
OWN_FAULT = "could not be read"
SUFFIXES = (".pdf", ".docx", ".eml", ".msg", ".dat", ".zip", ".doc", ".txt", ".html", ".p7m", "")
KINDS = ("application/octet-stream", "application/pkcs7-mime", "application/ms-tnef", "text/plain", "text/html", "image/png")


def check_reading(raw: bytes, reading: Reading) -> None:
    """The promises of a Reading, whatever it was made of."""
    assert reading.sha256 == hashlib.sha256(raw).hexdigest()
    assert reading.size_bytes == len(raw)
    assert not (reading.held or "").startswith(OWN_FAULT), reading.held
    assert msgspec.json.decode(msgspec.json.encode(reading), type=Reading) == reading
    check_cover(reading.text, reading.spans)
    check_inside(reading.text, reading.blocks)
    for part in reading.parts:
        check_part(part)


def check_part(part: Part) -> None:
    """A part's blocks lie in its text; an attached message keeps its own promises."""
    check_inside(part.text, part.blocks)
    part.text.encode("utf-8")
    assert part.state != "infected", "that word is a scanner's"
    assert not [defect for defect in part.defects if defect.code == UNREAD], part.defects
    if part.message is not None:
        check_cover(part.message.text, part.message.spans)
        check_inside(part.message.text, part.message.blocks)
    for child in part.children:
        check_part(child)


def check_cover(text: str, spans: tuple[Span, ...]) -> None:
    """Spans in order, without gap or overlap, to the end."""
    at = 0
    for span in spans:
        assert span.start == at < span.end
        at = span.end
    assert at == len(text)


def check_inside(text: str, blocks: tuple[Block, ...]) -> None:
    """Each block spells the stretch of text that it names."""
    for block in blocks:
        rows = ("".join(run.text for run in cell) for cell in block.cells)
        words = "\t".join(rows) if block.cells else "".join(run.text for run in block.runs)
        assert text[block.start : block.end] == words


def message(data: bytes) -> None:
    """Any octets are a message."""
    check_reading(data, read_message(data, WORDS, SMALL))
    check_reading(data, set_aside(data, "asked for", SMALL))


def header(data: bytes) -> None:
    """Any octets as the value of any header."""
    value = data.decode("ascii", "surrogateescape")
    assert not set(decode_header(value)) & {"\r", "\n", "\0"}
    addresses_of([value], 100, None)
    date_of(value)
    hop_of(value)
    ids_of([value])
    message_id_of([value])
    name = safe_name(decode_header(value))
    assert name is None or (0 < len(name) <= 120 and not set(name) & set('/\\\0\n\r<>:"|?*\u202e'))


def text(data: bytes) -> None:
    """Any octets as a body: a first octet for the charset and for what the subject says."""
    if not data:
        return
    words, codec, _ = decoded(data[1:], CHARSETS[data[0] % len(CHARSETS)])
    words.encode("utf-8")
    assert codec
    body = unflow(words, bool(data[0] & 64)) if data[0] & 128 else words
    check_cover(body, spans_of(body, WORDS, forward=bool(data[0] & 16), reply=bool(data[0] & 32)))


def html(data: bytes) -> None:
    """Any octets as a page."""
    page = read_html(data.decode("utf-8", "replace"), 100_000, 400)
    page.text.encode("utf-8")
    check_inside(page.text, page.blocks)
    assert all(0 <= start <= end <= len(page.text) for start, end in page.hidden)


def document(data: bytes) -> None:
    """Any octets to any extractor, chosen by the first: they promise to raise nothing."""
    if data:
        found = EXTRACTORS[data[0] % len(EXTRACTORS)][1](data[1:], SMALL)
        found.text.encode("utf-8")
        check_inside(found.text, found.blocks)


def attachment(data: bytes) -> None:
    """Any octets as a file of any name and type: sniffed, opened, its members too."""
    if len(data) < 2:
        return
    maker = PartMaker(SMALL, lambda _tree, raw, _level: read_message(raw, WORDS, SMALL), 0)
    check_part(maker.leaf("1", KINDS[data[0] % len(KINDS)], "file" + SUFFIXES[data[1] % len(SUFFIXES)], data[2:]))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "message": message,
    "header": header,
    "text": text,
    "html": html,
    "document": document,
    "attachment": attachment,
}
