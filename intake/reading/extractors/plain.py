"""Text files, RTF, HTML files and old binary Office files."""

from __future__ import annotations

import io
import re

import olefile
from striprtf.striprtf import rtf_to_text

from intake.model.mail import PartState
from intake.reading.builder import plain_blocks
from intake.reading.decode import clean, decode_text
from intake.reading.extractors.base import Extract
from intake.reading.html import read_html
from intake.reading.limits import Limits


def extract_text(data: bytes, limits: Limits) -> Extract:
    """A text file in whatever charset it is."""
    text, defect = decode_text(data[: 4 * limits.text_chars], None)
    text = text[: limits.text_chars]
    return Extract(text=text, blocks=plain_blocks(text), defect=defect or "")


def extract_html(data: bytes, limits: Limits) -> Extract:
    """An HTML file; its own charset declaration is a hint."""
    match = re.search(rb"charset\s*=\s*[\"']?([\w.:-]{2,40})", data[:4096], re.I)
    source, _ = decode_text(data[: limits.html_bytes], match.group(1).decode("ascii", "replace") if match else None)
    page = read_html(source, limits.text_chars, limits.html_depth)
    return Extract(text=page.text, blocks=page.blocks, defect=page.defect)


def extract_rtf(data: bytes, limits: Limits) -> Extract:
    """The words of an RTF file with its own code page."""
    page = re.search(rb"\\ansicpg(\d{3,5})", data[:4000])
    encoding = f"cp{page.group(1).decode()}" if page else "cp1252"
    try:
        "".encode(encoding)
    except LookupError:
        encoding = "cp1252"
    try:
        source = data[: limits.document_bytes].decode("latin-1")
        text = rtf_to_text(source, encoding=encoding, errors="replace")  # type: ignore[no-untyped-call]  # it ships no types
    except Exception as error:  # striprtf raises whatever its tables raise
        return Extract(state=PartState.DAMAGED, defect=f"RTF: {type(error).__name__}")
    text = clean(text)[: limits.text_chars].strip("\n")
    return Extract(text=text, blocks=plain_blocks(text))


def extract_ole(data: bytes, limits: Limits) -> Extract:
    """Old Word, Excel and PowerPoint files and locked OOXML: what they are is found; Word's text is read where it is plain."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            streams = {"/".join(item).lower() for item in ole.listdir()}
            if "encryptedpackage" in streams:
                return Extract(state=PartState.ENCRYPTED, defect="encrypted Office file")
            if "encryptedsummary" in streams or _is_locked(ole, streams):
                return Extract(state=PartState.ENCRYPTED, defect="encrypted Office file")
            macro = any(name.startswith(("macros/", "_vba_project_cur")) or name.endswith("vba/dir") for name in streams)
            text = _word_text(ole) if "worddocument" in streams else ""
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError) as error:
        return Extract(state=PartState.DAMAGED, defect=f"OLE: {type(error).__name__}")
    text = text[: limits.text_chars]
    return Extract(
        text=text,
        blocks=plain_blocks(text),
        state=PartState.MACRO if macro else PartState.OK,
        defect="" if text else "old binary format: text not read",
    )


def _is_locked(ole: olefile.OleFileIO, streams: set[str]) -> bool:
    """Whether a password was set: fEncrypted of Word (MS-DOC 2.5.2), the FILEPASS record of Excel (MS-XLS 2.4.117)."""
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


def _word_text(ole: olefile.OleFileIO) -> str:
    """Text of a Word 97 file by its piece table (MS-DOC 2.8.35); "" when it is encrypted or odd."""
    stream = ole.openstream("WordDocument").read()
    flags = int.from_bytes(stream[0x0A:0x0C], "little")
    if flags & 0x0100:
        return ""
    table = "1Table" if flags & 0x0200 else "0Table"
    if not ole.exists(table):
        return ""
    clx_at, clx_size = int.from_bytes(stream[0x01A2:0x01A6], "little"), int.from_bytes(stream[0x01A6:0x01AA], "little")
    clx = ole.openstream(table).read()[clx_at : clx_at + clx_size]
    index = 0
    while index < len(clx) and clx[index] == 1:
        index += 3 + int.from_bytes(clx[index + 1 : index + 3], "little")
    if index >= len(clx) or clx[index] != 2:
        return ""
    size = int.from_bytes(clx[index + 1 : index + 5], "little")
    plc = clx[index + 5 : index + 5 + size]
    count = (len(plc) - 4) // 12
    pieces = []
    for piece in range(count):
        start, end = (int.from_bytes(plc[4 * at : 4 * at + 4], "little") for at in (piece, piece + 1))
        place = int.from_bytes(plc[4 * (count + 1) + 8 * piece + 2 :][:4], "little")
        narrow, place = bool(place & 0x40000000), place & 0x3FFFFFFF
        if narrow:
            pieces.append(stream[place // 2 : place // 2 + end - start].decode("cp1252", "replace"))
        else:
            pieces.append(stream[place : place + 2 * (end - start)].decode("utf-16-le", "replace"))
    text = "".join(pieces).replace("\r", "\n").replace("\x07", "\t").replace("\x0b", "\n").replace("\x0c", "\n")
    return clean(re.sub(r"\x13[^\x14\x15]{0,2000}\x14?|[\x00-\x08\x0e-\x1f]", "", text)).strip()
