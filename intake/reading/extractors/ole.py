"""Old binary Office files (OLE): what they are, whether they are locked or carry macros, and their text."""

from __future__ import annotations

import io

import olefile

from intake.model.mail import PartState
from intake.reading.builder import TextBuilder, plain_blocks
from intake.reading.extractors.base import Extract
from intake.reading.extractors.ppt import is_locked, slides_into
from intake.reading.extractors.word97 import words_of
from intake.reading.extractors.xls import sheets_into
from intake.reading.limits import Limits

_WORD_97 = 0x00C1
_NOT_READ = "old binary format: text not read"


def extract_ole(data: bytes, limits: Limits) -> Extract:
    """Word 97, Excel 5 to 2003 and PowerPoint 97 read; locked files and macros found. Word 6 and what is no Office file: bytes only."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            streams = {"/".join(item).lower() for item in ole.listdir()}
            if "encryptedpackage" in streams or "encryptedsummary" in streams or _is_locked(ole, streams):
                return Extract(state=PartState.ENCRYPTED, defect="encrypted Office file")
            macro = any(name.startswith(("macros/", "_vba_project_cur")) or name.endswith("vba/dir") for name in streams)
            found = _read(ole, streams, data, limits)
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError) as error:
        return Extract(state=PartState.DAMAGED, defect=f"OLE: {type(error).__name__}")
    state = PartState.MACRO if macro else found.state
    return Extract(text=found.text, blocks=found.blocks, pages=found.pages, state=state, defect=found.defect, hidden=found.hidden)


def _read(ole: olefile.OleFileIO, streams: set[str], data: bytes, limits: Limits) -> Extract:
    if "worddocument" in streams:
        words = words_of(ole)
        text = words.text[: limits.text_chars]
        if not text and not words.hidden:
            return _unread(ole)
        state = PartState.TRACKED_CHANGES if words.tracked else PartState.OK
        return Extract(text=text, blocks=plain_blocks(text), state=state, hidden=words.hidden[: limits.text_chars])
    out = TextBuilder(limits.text_chars)
    if "workbook" in streams or "book" in streams:
        pages, defect = sheets_into(out, data)
    elif "powerpoint document" in streams:
        pages, defect = slides_into(out, ole.openstream("PowerPoint Document").read())
    else:
        return Extract(defect=_NOT_READ)
    pictures = "pictures" in streams and not out.blocks
    return Extract(
        text=out.text,
        blocks=tuple(out.blocks),
        pages=pages,
        state=PartState.IMAGE_ONLY if pictures else PartState.OK,
        defect=defect or ("" if out.blocks else _NOT_READ),
    )


def _unread(ole: olefile.OleFileIO) -> Extract:
    """A Word file without words: an empty one, or one of Word 6 or 95, whose text is laid out in another way (MS-DOC 2.5.1: its nFib is lower)."""
    old = int.from_bytes(ole.openstream("WordDocument").read(4)[2:4], "little") < _WORD_97
    return Extract(
        state=PartState.DAMAGED if old else PartState.OK, defect="a file of Word 6 or 95: text not read" if old else _NOT_READ
    )


def _is_locked(ole: olefile.OleFileIO, streams: set[str]) -> bool:
    """Whether a password was set: fEncrypted of Word (MS-DOC 2.5.2), the FILEPASS record of Excel (MS-XLS 2.4.117), PowerPoint's token."""
    if "current user" in streams:
        return is_locked(ole.openstream("Current User").read(64))
    if "worddocument" in streams:
        return bool(int.from_bytes(ole.openstream("WordDocument").read(12)[0x0A:0x0C], "little") & 0x0100)
    for name in ("Workbook", "Book"):
        if name.lower() in streams:
            head = ole.openstream(name).read(4096)
            at = 0
            while at + 4 <= len(head):
                record, size = int.from_bytes(head[at : at + 2], "little"), int.from_bytes(head[at + 2 : at + 4], "little")
                if record == 0x002F:
                    return True
                at += 4 + size
    return False
