"""How much of a message is read. What lies beyond is kept as bytes and named, never guessed at."""

from __future__ import annotations

from msgspec import Struct


class Limits(Struct, frozen=True, kw_only=True):
    """Limits of reading one message; sizes in bytes, texts in characters."""

    header_bytes: int = 512 * 1024
    headers: int = 2_000
    encoded_words: int = 1_000
    addresses: int = 5_000
    parts: int = 1_000
    depth: int = 40
    text_chars: int = 2_000_000
    html_bytes: int = 4 * 1024 * 1024
    html_depth: int = 400
    document_bytes: int = 64 * 1024 * 1024
    unpacked_bytes: int = 200 * 1024 * 1024
    unpack_ratio: int = 200
    members: int = 500
    pages: int = 500
