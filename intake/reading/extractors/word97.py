"""Text of Word 97 to 2003 files by their piece table; what was deleted, hidden or struck out is told by the properties of its letters."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

import olefile
from msgspec import Struct

from intake.reading.builder import STRUCK, shifted
from intake.reading.decode import clean

_CHPX, _CLX = 0x00FA, 0x01A2
"""Where the Fib says where they are: character properties (MS-DOC 2.8.5), pieces (2.9.38)."""
_PAGE = 512
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
"""Octets of an operand by the three upper bits of its property (2.6.1); 0: its first octet says."""
_DELETED, _INSERTED, _HIDDEN, _STRUCK, _TWICE, _RAISED = 0x0800, 0x0801, 0x083C, 0x0837, 0x2A53, 0x2A48
_SHIFTS = {1: "^", 2: "_"}


class Words(Struct, frozen=True, kw_only=True):
    """`text` without what is deleted or hidden; `tracked`: something was inserted or deleted and not yet settled."""

    text: str = ""
    hidden: str = ""
    tracked: bool = False


class _Look(Struct, frozen=True):
    deleted: bool = False
    inserted: bool = False
    hidden: bool = False
    struck: bool = False
    shift: str = ""


_PLAIN = _Look()


def words_of(ole: olefile.OleFileIO) -> Words:
    """The words of a Word 97 file by its piece table (MS-DOC 2.8.35); none when it is encrypted or odd."""
    stream = ole.openstream("WordDocument").read()
    flags = int.from_bytes(stream[0x0A:0x0C], "little")
    table = "1Table" if flags & 0x0200 else "0Table"
    if flags & 0x0100 or not ole.exists(table):
        return Words()
    tables = ole.openstream(table).read()
    looks = _looks(stream, _from_table(stream, tables, _CHPX))
    text: list[str] = []
    hidden: list[str] = []
    tracked = False
    for words, look in _pieces(stream, _from_table(stream, tables, _CLX), looks):
        tracked = tracked or look.deleted or look.inserted
        if look.deleted:
            continue
        if look.hidden:
            hidden.append(_lined(words))
            continue
        words = shifted(words, look.shift) if look.shift else words
        text.append(_signed(words) if look.struck else words)
    shown = _lined("".join(text)).replace(f"{STRUCK}{STRUCK}", "")
    return Words(text=shown.strip(), hidden=" ".join(" ".join(hidden).split()), tracked=tracked)


def _lined(text: str) -> str:
    """Marks of paragraphs, cells and pages as what they do; codes of fields are none of the words."""
    text = text.replace("\r", "\n").replace("\x07", "\t").replace("\x0b", "\n").replace("\x0c", "\n")
    return clean(re.sub(r"\x13[^\x14\x15]{0,2000}\x14?|[\x00-\x08\x0e-\x1f]", "", text))


def _signed(words: str) -> str:
    """Struck words between their signs, line by line."""
    return re.sub(r"[^\r\x07\x0b\x0c]*[^\s\x07][^\r\x07\x0b\x0c]*", lambda found: f"{STRUCK}{found.group()}{STRUCK}", words)


def _from_table(stream: bytes, tables: bytes, at: int) -> bytes:
    place, size = _whole(stream, at), _whole(stream, at + 4)
    return tables[place : place + size]


def _whole(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _pieces(stream: bytes, clx: bytes, looks: list[tuple[int, int, _Look]]) -> Iterator[tuple[str, _Look]]:
    """The text in order, each stretch of one look."""
    index = 0
    while index < len(clx) and clx[index] == 1:
        index += 3 + int.from_bytes(clx[index + 1 : index + 3], "little")
    if index >= len(clx) or clx[index] != 2:
        return
    plc = clx[index + 5 : index + 5 + _whole(clx, index + 1)]
    count = (len(plc) - 4) // 12
    for piece in range(count):
        start, end = _whole(plc, 4 * piece), _whole(plc, 4 * piece + 4)
        place = _whole(plc, 4 * (count + 1) + 8 * piece + 2)
        narrow, place = bool(place & 0x40000000), place & 0x3FFFFFFF
        place, size, codec = (place // 2, 1, "cp1252") if narrow else (place, 2, "utf-16-le")
        stop = min(place + size * max(0, end - start), len(stream))
        for begin, finish, look in _cut(place, stop, looks):
            yield stream[begin:finish].decode(codec, "replace"), look


def _cut(begin: int, end: int, looks: list[tuple[int, int, _Look]]) -> Iterator[tuple[int, int, _Look]]:
    """A stretch of the file in pieces of one look; `looks` are in order."""
    at = bisect_right(looks, begin, key=lambda item: item[1])
    while begin < end:
        if at >= len(looks) or looks[at][0] >= end:
            yield begin, end, _PLAIN
            return
        first, last, look = looks[at]
        if first > begin:
            yield begin, first, _PLAIN
            begin = first
        stop = min(end, last)
        if stop > begin:
            yield begin, stop, look
            begin = stop
        at += 1


def _looks(stream: bytes, plc: bytes) -> list[tuple[int, int, _Look]]:
    """(from, to, look) of the stretches of the file that do not look plain, in order (2.9.33, ChpxFkp)."""
    count = min((len(plc) - 4) // 8, len(stream) // _PAGE)
    found: list[tuple[int, int, _Look]] = []
    for number in range(max(0, count)):
        at = (_whole(plc, 4 * (len(plc) // 8 + 1) + 4 * number) & 0x3FFFFF) * _PAGE
        page = stream[at : at + _PAGE]
        if len(page) < _PAGE:
            continue
        runs = page[-1]
        for run in range(min(runs, 101)):
            offset = 2 * page[4 * (runs + 1) + run] if 4 * (runs + 1) + run < _PAGE else 0
            look = _look(page[offset + 1 : offset + 1 + page[offset]]) if offset else _PLAIN
            if look != _PLAIN:
                found.append((_whole(page, 4 * run), _whole(page, 4 * run + 4), look))
    return sorted(found, key=lambda item: item[:2])


def _look(properties: bytes) -> _Look:
    """What the properties of a run say (2.6.1)."""
    said: dict[int, int] = {}
    at = 0
    while at + 2 < len(properties):
        sprm = int.from_bytes(properties[at : at + 2], "little")
        size = _SIZES[sprm >> 13] or properties[at + 2] + 1
        said[sprm] = properties[at + 2]
        at += 2 + size
    return _Look(
        deleted=_is_on(said.get(_DELETED, 0)),
        inserted=_is_on(said.get(_INSERTED, 0)),
        hidden=_is_on(said.get(_HIDDEN, 0)),
        struck=_is_on(said.get(_STRUCK, 0)) or _is_on(said.get(_TWICE, 0)),
        shift=_SHIFTS.get(said.get(_RAISED, 0), ""),
    )


def _is_on(value: int) -> bool:
    return value in (1, 0x81)
