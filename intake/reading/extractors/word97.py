"""Text of Word 97 to 2003 files by their piece table."""

from __future__ import annotations

import re

import olefile

from intake.reading.decode import clean


def word_text(ole: olefile.OleFileIO) -> str:
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
