"""Bytes to text that can be stored and compared; headers decoded whatever they hold."""

from __future__ import annotations

import base64
import binascii
import quopri
import re

from intake.reading.charsets import codec_of, decoded

__all__ = ["clean", "codec_of", "decode_header", "decode_text", "oneline", "valid"]

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BETWEEN = re.compile(r"(=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=)[ \t\r\n]+(?==\?)")


def decode_text(data: bytes, charset: str | None, hint: str | None = None) -> tuple[str, str | None]:
    """(text, defect or None). Valid text always; `hint` is the charset of the mail's other parts."""
    text, _, defect = decoded(data, charset, hint)
    return clean(text), defect


def clean(text: str) -> str:
    """No NUL, no lone surrogate, line ends as \\n: text that can be stored and compared."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    if _SURROGATE.search(text):
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text


def valid(text: str) -> str:
    """8-bit bytes that the parser kept as surrogates, read as UTF-8 or replaced."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def decode_header(raw: str | bytes, limit: int = 1_000, hint: str | None = None) -> str:
    """A header's value unfolded and decoded (RFC 2047, tolerant: spaces and raw 8-bit bytes inside are read too). One line."""
    if isinstance(raw, str):
        raw = raw.encode("utf-8", "surrogateescape")
    text, _ = decode_text(raw, None, hint)
    text = text.replace("\n", " ").replace("\t", " ")
    if text.count("=?") > limit:
        return oneline(text)
    text = _BETWEEN.sub(r"\1", text)
    pieces: list[tuple[str, bytes | None, str]] = []
    last = 0
    for match in _WORD.finditer(text):
        if match.start() > last:
            pieces.append(("", None, text[last : match.start()]))
        pieces.append((match.group(1).split("*")[0].lower(), _word_bytes(match.group(2), match.group(3)), match.group()))
        last = match.end()
    pieces.append(("", None, text[last:]))
    return oneline(_join(pieces))


def _word_bytes(kind: str, body: str) -> bytes | None:
    try:
        if kind in "bB":
            packed = re.sub(r"[^A-Za-z0-9+/]", "", body)
            return base64.b64decode(packed + "=" * (-len(packed) % 4))
        return quopri.decodestring(body.replace(" ", "_").replace("_", "=20").encode("utf-8", "replace"))
    except (binascii.Error, ValueError):
        return None


def _join(pieces: list[tuple[str, bytes | None, str]]) -> str:
    """Neighbouring words of one charset are decoded together: a character may be cut between two of them."""
    out: list[str] = []
    index = 0
    while index < len(pieces):
        charset, data, plain = pieces[index]
        if data is None:
            out.append(plain)
            index += 1
            continue
        while index + 1 < len(pieces) and pieces[index + 1][0] == charset and pieces[index + 1][1] is not None:
            index += 1
            data += pieces[index][1] or b""
        out.append(decode_text(data, charset)[0])
        index += 1
    return "".join(out)


def oneline(text: str) -> str:
    """Without line ends and control characters: fit for a subject, a name, a log."""
    return " ".join(_CONTROL.sub(" ", clean(text)).split())
