"""Old binary Office files made by hand: an OLE container (MS-CFB), a workbook (MS-XLS), a presentation (MS-PPT), compressed RTF."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def container(streams: dict[str, bytes]) -> bytes:
    """An OLE file with these streams, each padded so that it needs no mini stream."""
    padded = {name: data.ljust(max(4096, -(-len(data) // _SECTOR) * _SECTOR), b"\0") for name, data in streams.items()}
    folders = -(-(len(padded) + 1) // 4)
    fat: list[int] = [_FAT, *range(2, folders + 1), _END]
    entries = [_entry("Root Entry", 5, child=1 if padded else _FREE)]
    body = b""
    for number, (name, data) in enumerate(padded.items(), 1):
        start, count = len(fat), len(data) // _SECTOR
        fat += [*range(start + 1, start + count), _END]
        right = number + 1 if number < len(padded) else _FREE
        entries.append(_entry(name, 2, right=right, start=start, size=len(data)))
        body += data
    directory = b"".join(entries).ljust(folders * _SECTOR, b"\0")
    assert len(fat) <= _SECTOR // 4, "one sector of FAT is enough for a test"
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(_SECTOR, b"\xff")
    return header + table + directory + body


def _entry(name: str, kind: int, *, child: int = _FREE, right: int = _FREE, start: int = 0, size: int = 0) -> bytes:
    coded = name.encode("utf-16-le") + b"\0\0"
    return (
        coded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(coded), kind, 1, _FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", start if kind == 2 else _END, size)
    )


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def workbook(rows: Sequence[Sequence[str | float]], *, locked: bool = False) -> bytes:
    """A workbook of one sheet."""
    bof = struct.pack("<HHHII", 0x0005, 0x0DBB, 0x07CC, 0, 6)
    head = _record(0x0809, struct.pack("<H", 0x0600) + bof) + (_record(0x002F, bytes(54)) if locked else b"")
    head += _record(0x0042, struct.pack("<H", 1200))
    at = len(head) + 4 + 8 + 5 + 4
    head += _record(0x0085, struct.pack("<IHBB", at, 0, 5, 0) + b"Sheet") + _record(0x000A, b"")
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = struct.pack("<HHH", number, column, 0)
            if isinstance(cell, str):
                sheet += _record(0x0204, place + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
            else:
                sheet += _record(0x0203, place + struct.pack("<d", cell))
    return container({"Workbook": head + sheet + _record(0x000A, b"")})


def _atom(kind: int, data: bytes, *, box: bool = False, instance: int = 0) -> bytes:
    return struct.pack("<HHI", (instance << 4) | (0xF if box else 0), kind, len(data)) + data


def presentation(slides: Sequence[Sequence[str]], *, locked: bool = False) -> bytes:
    """Slides of a title and paragraphs, with a master whose words are nobody's."""
    outline = b""
    for title, *words in slides:
        outline += _atom(0x03F3, bytes(20)) + _atom(0x0F9F, struct.pack("<I", 0)) + _atom(0x0FA0, title.encode("utf-16-le"))
        outline += _atom(0x0F9F, struct.pack("<I", 1)) + _atom(0x0FA0, "\r".join(words).encode("utf-16-le"))
    master = _atom(0x03F8, _atom(0x0FA8, b"Click to edit Master title style"), box=True)
    document = _atom(0x03E8, _atom(0x0FF0, outline, box=True), box=True)
    token = b"\xdf\xc4\xd1\xf3" if locked else b"\x5f\xc0\x91\xe3"
    user = _atom(0x0FF6, struct.pack("<I", 20) + token + bytes(12))
    return container({"PowerPoint Document": master + document, "Current User": user})


def compressed_rtf(rtf: bytes) -> bytes:
    """Literals only, ended by the size."""
    body = b""
    for at in range(0, len(rtf), 8):
        body += b"\0" + rtf[at : at + 8]
    return struct.pack("<II4sI", len(body) + 12, len(rtf), b"LZFu", 0) + body
