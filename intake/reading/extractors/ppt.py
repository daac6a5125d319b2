"""Text of PowerPoint 97 to 2003 files: the text atoms of each slide in the order of the records (MS-PPT 2.9)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from intake.model.text import BlockKind, Run
from intake.reading.builder import TextBuilder

_SLIDE_LIST, _SLIDE, _PERSIST, _HEADER = 0x0FF0, 0x03EE, 0x03F3, 0x0F9F
_CHARS, _BYTES = 0x0FA0, 0x0FA8
_MASTERS = (0x03F8, 0x0FC9)
"""Main masters and the handout master: "Click to edit ..." is nobody's text."""
_TITLES = (0, 6)
_RECORDS = 200_000
_DEEPEST = 16
ENCRYPTED_TOKEN = b"\xdf\xc4\xd1\xf3"


def is_locked(current_user: bytes) -> bool:
    """Whether the CurrentUserAtom says that the presentation is encrypted (MS-PPT 2.3.2)."""
    return current_user[12:16] == ENCRYPTED_TOKEN


def slides_into(out: TextBuilder, stream: bytes) -> tuple[int | None, str]:
    """Fill `out`; gives (slides, defect). The outline's text first; of the slides themselves what the outline has not."""
    listed, shown, seen, title = 0, 0, set[str](), False
    for record, content in _atoms(stream, 0, len(stream), 0, [_RECORDS]):
        if record in (_PERSIST, _SLIDE):
            listed, shown = listed + (record == _PERSIST), shown + (record == _SLIDE)
            title = False
        elif record == _HEADER and len(content) >= 4:
            title = struct.unpack_from("<I", content)[0] in _TITLES
        elif record in (_CHARS, _BYTES):
            text = content.decode("utf-16-le", "replace") if record == _CHARS else content.decode("latin-1")
            for words in _paragraphs(text):
                if not shown or words not in seen:
                    kind = BlockKind.HEADING if title else BlockKind.PARAGRAPH
                    out.add(kind, [Run(text=words)], level=2 if title else 0, page=shown or listed or None)
                seen.add(words)
            title = False
    return listed or shown or None, "text_cut" if out.cut else ""


def _paragraphs(text: str) -> Iterator[str]:
    for line in text.replace("\x0b", "\n").replace("\r", "\n").split("\n"):
        words = "".join(char for char in line if char >= " ").strip()
        if words:
            yield words


def _atoms(stream: bytes, at: int, end: int, depth: int, left: list[int]) -> Iterator[tuple[int, bytes]]:
    """(type, content) of the records in order, containers entered. Bounded in number and depth."""
    while at + 8 <= end and left[0] > 0:
        left[0] -= 1
        head, record, size = struct.unpack_from("<HHI", stream, at)
        at += 8
        stop = min(end, at + size)
        if head & 0x000F == 0x000F:
            yield record, b""
            if depth < _DEEPEST and record not in _MASTERS and not (record == _SLIDE_LIST and head >> 4):
                yield from _atoms(stream, at, stop, depth + 1, left)
        else:
            yield record, stream[at:stop]
        at = stop
