"""message/partial (RFC 2046 5.2.2): which messages are pieces of one, and the message that they make together. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from email.message import Message

from msgspec.structs import replace

from intake.model.mail import Defect, Part, Piece, Reading
from intake.reading.decode import valid

MOST_PIECES = 200
LONGEST_BYTES = 64 * 1024 * 1024
"""Beyond these nothing is joined: pieces of a message are as hostile as any mail."""
_BLANK = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[^\n]*(?:\n|\Z)(?:[ \t][^\n]*(?:\n|\Z))*")
_INNER = (b"content-", b"subject", b"message-id", b"encrypted", b"mime-version")
"""Fields that the message inside the first piece gives; all others come from the first piece's own header (RFC 2046 5.2.2.1)."""


def piece_of(message: Message) -> Piece | None:
    """What a message says of itself as a piece; None when it is none or does not say which."""
    if message.get_content_type() != "message/partial":
        return None
    identity = message.get_param("id")
    number, total = (_whole(message.get_param(name)) for name in ("number", "total"))
    if not isinstance(identity, str) or not identity.strip() or number is None:
        return None
    return Piece(id=valid(identity.strip())[:200], number=number, total=total)


def _whole(value: object) -> int | None:
    text = str(value).strip() if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MOST_PIECES else None


def complete(readings: Iterable[Reading]) -> tuple[tuple[str, ...], ...]:
    """The sets of pieces that are whole: SHA-256 in order of number.

    Pieces belong together by id and sender: anybody could send a piece under another's id. Of copies of one piece (by the list,
    sent again) the first counts. Two that say different things under one number are joined by nobody: a person decides.
    """
    groups: dict[tuple[str, str], list[tuple[Piece, Reading]]] = {}
    for reading in readings:
        if reading.partial is not None and reading.from_:
            key = (reading.partial.id, reading.from_[0].address.lower())
            groups.setdefault(key, []).append((reading.partial, reading))
    found = []
    for group in groups.values():
        by_number: dict[int, dict[tuple[str, ...], str]] = {}
        for piece, reading in group:
            content = tuple(part.sha256 for part in reading.parts)
            by_number.setdefault(piece.number, {}).setdefault(content, reading.sha256)
        totals = {piece.total for piece, _ in group if piece.total}
        clear = len(totals) == 1 and all(len(contents) == 1 for contents in by_number.values())
        if clear and set(by_number) == set(range(1, totals.pop() + 1)):
            found.append(tuple(next(iter(by_number[number].values())) for number in sorted(by_number)))
    return tuple(sorted(found))


def join(pieces: Sequence[bytes]) -> bytes | None:
    """The message that the pieces make, in order; None when they are too many or too large."""
    if not pieces or len(pieces) > MOST_PIECES or sum(map(len, pieces)) > LONGEST_BYTES:
        return None
    outer, first = _split(pieces[0])
    inner, body = _split(first)
    kept = b"".join(field for name, field in _fields(outer) if not name.startswith(_INNER))
    kept += b"".join(field for name, field in _fields(inner) if name.startswith(_INNER))
    end = b"\r\n" if b"\r\n" in outer else b"\n"
    return kept + end + body + b"".join(_split(piece)[1] for piece in pieces[1:])


def joined(piece: Reading, whole: Reading, count: int) -> Reading:
    """The first piece as it reads when all have come: the whole's text and parts under the piece's own identity, its own bytes beside them."""
    own = tuple(_beside(part) for part in piece.parts)
    note = Defect(code="joined", detail=f"{count} pieces of message/partial read as one; its SHA-256 is {whole.sha256}")
    return replace(
        whole,
        sha256=piece.sha256,
        size_bytes=piece.size_bytes,
        message_id=piece.message_id,
        partial=piece.partial,
        parts=(*whole.parts, *own),
        defects=(*whole.defects, note),
    )


def _beside(part: Part) -> Part:
    """The piece's own bytes stay listed, apart from the parts of the whole."""
    children = tuple(_beside(child) for child in part.children)
    return replace(part, path=f"piece.{part.path}", state=None, text="", blocks=(), children=children)


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """(header with its last line end, body)."""
    if raw[:2] == b"\r\n" or raw[:1] == b"\n":
        return b"", raw.split(b"\n", 1)[1]
    match = _BLANK.search(raw)
    if match is None:
        return raw, b""
    head = raw[: match.start()]
    return head + (b"\r\n" if raw[match.start() : match.start() + 1] == b"\r" else b"\n"), raw[match.end() :]


def _fields(head: bytes) -> list[tuple[bytes, bytes]]:
    return [(match.group(1).lower(), match.group()) for match in _FIELD.finditer(head)]
