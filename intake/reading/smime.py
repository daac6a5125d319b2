"""Opaque S/MIME (RFC 8551 3.4.2): the signed content taken out of the CMS wrapping, without judging the signature."""

from __future__ import annotations

_DATA = bytes.fromhex("2a864886f70d010701")
_SIGNED = bytes.fromhex("2a864886f70d010702")
_ENVELOPED = bytes.fromhex("2a864886f70d010703")


def is_enveloped(data: bytes) -> bool:
    """Whether the wrapping is encryption."""
    return _ENVELOPED in data[:64]


def signed_content(data: bytes) -> bytes | None:
    """The MIME entity inside a signed-data wrapping; None when there is none. BER with indefinite lengths is read too."""
    if _SIGNED not in data[:64]:
        return None
    at = data.find(_DATA, 0, 4096)
    if at < 0:
        return None
    at += len(_DATA)
    if at >= len(data) or data[at] != 0xA0:
        return None
    _, at = _length(data, at + 1)
    pieces: list[bytes] = []
    _octets(data, at, pieces)
    return b"".join(pieces) or None


def _length(data: bytes, at: int) -> tuple[int | None, int]:
    """(length or None when indefinite, offset after it)."""
    if at >= len(data):
        return 0, at
    first = data[at]
    if first == 0x80:
        return None, at + 1
    if first < 0x80:
        return first, at + 1
    size = first & 0x7F
    return int.from_bytes(data[at + 1 : at + 1 + size], "big"), at + 1 + size


def _octets(data: bytes, at: int, pieces: list[bytes], end: int | None = None, depth: int = 0) -> int:
    """OCTET STRINGs, primitive or constructed, joined in order."""
    end = len(data) if end is None else end
    first = True
    while at < end and depth < 8:
        tag = data[at]
        if tag == 0x00:
            return at + 2
        size, body = _length(data, at + 1)
        if tag == 0x04 and size is not None:
            pieces.append(data[body : body + size])
            at = body + size
        elif tag == 0x24:
            at = _octets(data, body, pieces, None if size is None else body + size, depth + 1)
        else:
            return at
        if depth == 0 and first:
            return at
        first = False
    return at
