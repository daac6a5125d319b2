"""What is asked of the doors about files of a message after it was read: their bytes, a scanner's word, words seen in pictures."""

from __future__ import annotations

from msgspec import Struct

from intake.model.mail import Scan


class ToUnpack(Struct, frozen=True, kw_only=True):
    """The message, the SHA-256 of the parts whose bytes are wanted, and of those to be drawn as pictures, `pages` at most each."""

    raw: bytes
    files: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    pages: int = 30


class Unpacked(Struct, frozen=True, kw_only=True):
    """Bytes by SHA-256; pages as grey PGM pictures (netpbm P5) that this program has drawn, by SHA-256. `because`: what failed."""

    files: dict[str, bytes] = {}
    pictures: dict[str, tuple[bytes, ...]] = {}
    because: str = ""


class ScanResult(Struct, frozen=True, kw_only=True):
    """A scanner's word on some octets. `said`: the signature's name, or why they are unscanned. `later`: worth asking again."""

    scan: Scan
    said: str = ""
    later: bool = False


class Seen(Struct, frozen=True, kw_only=True):
    """Words seen in a picture; "" when none. `because`: why it could not be looked at. `later`: worth asking again."""

    text: str = ""
    because: str = ""
    later: bool = False
