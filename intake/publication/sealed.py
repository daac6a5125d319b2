"""Whether sealed words stand in a file that is about to leave: its text, its metadata, comments, attachments and pictures, unpacked."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

import pikepdf
import pypdfium2
from msgspec import Struct

FEWEST_LETTERS = 12
"""Letters and digits from which words are looked for in files; with several digits among them fewer suffice."""
FEWEST_DIGITS, FEWEST_WITH_DIGITS = 5, 7
LINE_LETTERS = 25
"""A sealed part is looked for by its lines of at least so many letters and digits."""
_BETWEEN = re.compile(r"[\W_]+")
_TAG = re.compile(r"<[^>]*>")
_STRING = re.compile(rb"\(((?:[^()\\]|\\.){7,})\)|<((?:[0-9a-fA-F]{2}){7,})>", re.DOTALL)
"""Strings of seven octets and more, as the library writes them: parentheses escaped, or in hexadecimal digits."""
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_DEEPEST = 4


class Secret(Struct, frozen=True, kw_only=True):
    """Words that may not leave, squeezed, or the SHA-256 of a sealed part. `of`: public number and reason, for people."""

    of: str
    words: str = ""
    sha256: str = ""


class Leak(Struct, frozen=True, kw_only=True):
    """Where a secret stands: the file and the place in it. The secret itself is not repeated."""

    of: str
    file: str
    place: str


def squeeze(text: str) -> str:
    """Text as compared: NFKC, letters and digits only, without case: no line end, mark-up or hyphen hides a word."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())


def secrets_of_words(of: str, words: str) -> Iterator[Secret]:
    """A withheld stretch; nothing where it is so short that it would be found everywhere by chance."""
    told = squeeze(words)
    digits = sum(char.isdigit() for char in told)
    if len(told) >= FEWEST_LETTERS or (digits >= FEWEST_DIGITS and len(told) >= FEWEST_WITH_DIGITS):
        yield Secret(of=of, words=told)


def secrets_of_part(of: str, text: str, sha256: str) -> Iterator[Secret]:
    """A sealed part: its octets as a whole, and its lines."""
    if sha256:
        yield Secret(of=of, sha256=sha256)
    for line in dict.fromkeys(text.splitlines()):
        told = squeeze(line)
        if len(told) >= LINE_LETTERS:
            yield Secret(of=of, words=told)


def find_leaks(files: Mapping[str, bytes], secrets: Iterable[Secret], printed: Iterable[str]) -> tuple[Leak, ...]:
    """Every secret that stands in a file. `printed`: texts that may leave; words that stand in them are no secret. Pure.

    Arabic in a PDF is compared in both directions: its letters may stand in the order in which they are drawn.
    """
    allowed = squeeze("\n".join(printed))
    wanted = [item for item in secrets if not item.words or item.words not in allowed]
    leaks: list[Leak] = []
    for name, content in sorted(files.items()):
        if not wanted:
            break
        for place, octets, text in _unpacked(name, content, 0):
            told = squeeze(text)
            turned = told[::-1] if name.endswith(".pdf") else ""
            sha256 = hashlib.sha256(octets).hexdigest() if octets else "-"
            for secret in wanted:
                if secret.sha256 == sha256 or (secret.words and (secret.words in told or secret.words in turned)):
                    leaks.append(Leak(of=secret.of, file=name, place=place))
    return tuple(dict.fromkeys(leaks))


def _unpacked(name: str, content: bytes, depth: int) -> Iterator[tuple[str, bytes, str]]:
    """(place, octets, text) of a file and of everything in it."""
    if depth > _DEEPEST:
        return
    if content.startswith(b"PK\x03\x04"):
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(content)) as box:
            for member in box.namelist():
                yield from _unpacked(member, box.read(member), depth + 1)
        yield name, content, name
    elif content.startswith(b"%PDF"):
        yield from _of_pdf(name, content, depth)
    else:
        text = content.decode("utf-8", "ignore")
        yield name, content, text
        if "<" in text:
            yield name, b"", _TAG.sub("", text)


def _of_pdf(name: str, content: bytes, depth: int) -> Iterator[tuple[str, bytes, str]]:
    document = pypdfium2.PdfDocument(content)
    try:
        for number, page in enumerate(document, 1):
            yield f"{name} page {number}", b"", page.get_textpage().get_text_bounded()
    finally:
        document.close()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        strings: list[str] = []
        for entry in pdf.objects:
            strings += _strings(entry)
            if isinstance(entry, pikepdf.Stream):
                with suppress(pikepdf.PdfError):
                    yield from _of_stream(name, entry, depth)
        yield f"{name} strings", b"", "\n".join(strings)


def _of_stream(name: str, stream: pikepdf.Stream, depth: int) -> Iterator[tuple[str, bytes, str]]:
    """Attached files, metadata, and the octets of pictures as they would be taken out; a page's own stream was read as its text."""
    kind = str(stream.get("/Type", ""))
    if kind == "/EmbeddedFile":
        yield from _unpacked("attachment", stream.read_bytes(), depth + 1)
    elif kind == "/Metadata":
        yield f"{name} metadata", b"", stream.read_bytes().decode("utf-8", "ignore")
    elif stream.get("/Subtype") == "/Image":
        yield f"{name} picture", stream.read_raw_bytes(), ""


def _strings(entry: pikepdf.Object) -> Iterator[str]:
    """Every string of an object, references not followed: titles, alternative texts, comments, names (PDF 1.7, 7.3.4)."""
    whole = entry.stream_dict if isinstance(entry, pikepdf.Stream) else entry
    for plain, coded in _STRING.findall(whole.unparse(resolved=True)):
        octets = _ESCAPE.sub(_unescaped, plain) if plain else bytes.fromhex(coded.decode("ascii"))
        yield octets[2:].decode("utf-16-be", "ignore") if octets.startswith(b"\xfe\xff") else octets.decode("pdfdoc", "ignore")


def _unescaped(match: re.Match[bytes]) -> bytes:
    """One escape of a literal string as the octets it stands for."""
    code = match.group(1)
    if code[:1].isdigit():
        return bytes([int(code, 8) & 255])
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b""}.get(code, code)
