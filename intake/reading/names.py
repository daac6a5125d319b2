"""Names of files: as sent, and safe to show and to store."""

from __future__ import annotations

import re
import unicodedata
from email.message import Message
from urllib.parse import unquote_to_bytes

from intake.reading.decode import decode_header, decode_text
from intake.reading.headers import raw_value

_PARAMETER = re.compile(r";\s*(file)?name(?:\*(\d{0,2})(\*)?)?\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;\r\n]*)", re.I)
_LONGEST = 120


def original_name(part: Message, hint: str | None = None) -> str | None:
    """The name a part gives itself (RFC 2231, RFC 2047 inside quotes, raw 8-bit), decoded; None when it has none."""
    for header in ("Content-Disposition", "Content-Type"):
        name = _name_in(";" + raw_value(part, header).partition(";")[2], hint)
        if name:
            return name
    return None


def _name_in(text: str, hint: str | None) -> str | None:
    plain: str | None = None
    pieces: dict[int, tuple[bool, str]] = {}
    for match in _PARAMETER.finditer(text):
        value = match.group(4).strip()
        if value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        number, star = match.group(2), match.group(3)
        if number is None and not star and "*" not in match.group()[: match.group().find("=")]:
            plain = plain or value
        else:
            extended = bool(star) or number == ""
            pieces[int(number) if number else 0] = (extended, value)
    if pieces:
        return _extended(pieces, hint)
    return decode_header(plain, hint=hint) if plain else None


def _extended(pieces: dict[int, tuple[bool, str]], hint: str | None) -> str:
    """RFC 2231: charset'language'percent-encoded, in numbered pieces."""
    charset: str | None = None
    data = b""
    for number in sorted(pieces):
        extended, value = pieces[number]
        if number == min(pieces) and extended and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        octets = value.encode("utf-8", "surrogateescape")
        data += unquote_to_bytes(octets) if extended else octets
    return " ".join(decode_text(data, charset or None, hint)[0].split())


def safe_name(name: str | None) -> str | None:
    """Fit to show and to be a file's name anywhere: no path, no controls or overrides, NFC, at most 120 characters."""
    if not name:
        return None
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co") or char in "\u200c\u200d")
    text = " ".join(text.split()).strip(". ") or "unnamed"
    if len(text) > _LONGEST:
        stem, dot, suffix = text.rpartition(".")
        text = f"{stem[: _LONGEST - len(suffix) - 1]}{dot}{suffix}" if dot and len(suffix) <= 10 else text[:_LONGEST]
    return re.sub(r'[<>:"|?*]', "_", text)
