"""What is asked of the doors about files of a message after it was read: their bytes, a scanner's word, words seen in pictures."""

from __future__ import annotations

from msgspec import Struct

from intake.model.mail import Scan


class ToUnpack(Struct, frozen=True, kw_only=True):
    """The message, the SHA-256 of the parts whose bytes are wanted, of those to be drawn as pictures, `pages` at most each, and of
    those to be read as sheets. `sheet`: a spreadsheet that came by no message; it is read beside them, under its own SHA-256."""

    raw: bytes = b""
    files: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    pages: int = 30
    sheets: tuple[str, ...] = ()
    sheet: bytes = b""


class Cell(Struct, frozen=True, kw_only=True):
    """A cell as text. `formula`: what is computed there, "" where nothing is; then `text` is only what was computed last. `look`: "struck"
    or "unseen" where a sheet is read as a person sees it."""

    text: str
    formula: str = ""
    look: str = ""


class SheetRow(Struct, frozen=True, kw_only=True):
    """A row of the first worksheet that has any cell: its number as the program of the officer shows it, and its cells by column
    (1 is A)."""

    number: int
    cells: dict[int, Cell]


class Unpacked(Struct, frozen=True, kw_only=True):
    """Bytes by SHA-256; pages as grey PGM pictures (netpbm P5) that this program has drawn, by SHA-256; rows of spreadsheets, by
    SHA-256: what is no readable one is not there. `because`: what failed."""

    files: dict[str, bytes] = {}
    pictures: dict[str, tuple[bytes, ...]] = {}
    sheets: dict[str, tuple[SheetRow, ...]] = {}
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
