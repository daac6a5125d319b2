"""Old binary Office files made by hand: an OLE container (MS-CFB), a workbook (MS-XLS), a presentation (MS-PPT), compressed RTF."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def container(streams: dict[str, bytes]) -> bytes:
    """An OLE file with these streams; "folder/name" for those in storages."""
    folders = dict.fromkeys(name[: at.start()] for name in streams for at in re.finditer("/", name))
    names = ["", *folders, *streams]  # the root, storages, streams: one row of entries
    small = {name: data for name, data in streams.items() if len(data) < _CUTOFF}
    mini, mini_fat, mini_at = _laid_out(small, _MINI)
    large, chains, large_at = _laid_out({name: data for name, data in streams.items() if name not in small}, _SECTOR)
    directory_size = -(-len(names) // 4)
    mini_table = struct.pack(f"<{len(mini_fat)}I", *mini_fat).ljust(_filled(4 * len(mini_fat)), b"\xff")
    blocks = (directory_size, len(mini_table) // _SECTOR, _filled(len(mini)) // _SECTOR)  # before the large streams
    tables = 1
    while tables * _SECTOR // 4 < tables + sum(blocks) + len(chains):
        tables += 1
    fat, starts = [_FAT] * tables, []
    for count in blocks:
        starts.append(len(fat) if count else _END)
        fat += [*range(len(fat) + 1, len(fat) + count), _END] if count else []
    first = len(fat)
    fat += [link if link == _END else link + first for link in chains]
    entries = b""
    for at, name in enumerate(names):
        right = next((other for other in range(at + 1, len(names)) if at and _home(names[other]) == _home(name)), _FREE)
        child = next((other for other in range(1, len(names)) if _home(names[other]) == name), _FREE)
        if at == 0:
            entries += _entry("Root Entry", 5, child=child, start=starts[2], size=len(mini))
        elif name in folders:
            entries += _entry(name.rpartition("/")[2], 1, child=child, right=right, start=0)
        else:
            start = mini_at[name] if name in small else large_at[name] + first
            entries += _entry(name.rpartition("/")[2], 2, right=right, start=start, size=len(streams[name]))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, tables, starts[0], 0, _CUTOFF, starts[1], blocks[1], _END, 0)
    header += struct.pack(f"<{tables}I", *range(tables)) + struct.pack("<I", _FREE) * (109 - tables)
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(tables * _SECTOR, b"\xff")
    middle = entries.ljust(directory_size * _SECTOR, b"\0") + mini_table + mini.ljust(blocks[2] * _SECTOR, b"\0")
    return header + table + middle + large


def _laid_out(streams: dict[str, bytes], size: int) -> tuple[bytes, list[int], dict[str, int]]:
    """(bytes in sectors, chain, first sector of each stream)."""
    body, chain, starts = b"", [], {}
    for name, data in streams.items():
        count = max(1, -(-len(data) // size))
        starts[name] = len(chain)
        chain += [*range(len(chain) + 1, len(chain) + count), _END]
        body += data.ljust(count * size, b"\0")
    return body, chain, starts


def _home(name: str) -> str:
    return name.rpartition("/")[0]


def _filled(size: int) -> int:
    return -(-size // _SECTOR) * _SECTOR


def _entry(name: str, kind: int, *, child: int = _FREE, right: int = _FREE, start: int = 0, size: int = 0) -> bytes:
    coded = name.encode("utf-16-le") + b"\0\0"
    return (
        coded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(coded), kind, 1, _FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
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


_TEXT, _BINARY, _LONG, _TIME = 0x001F, 0x0102, 0x0003, 0x0040


def _properties(
    head: int, texts: dict[int, str], binaries: dict[int, bytes], longs: dict[int, int], times: dict[int, int]
) -> dict[str, bytes]:
    """The streams of one object of a message: its table of properties, and a stream for each that does not fit in (MS-OXMSG 2.4)."""
    rows, streams = b"", {}
    for tag, text in texts.items():
        rows += struct.pack("<HHIII", _TEXT, tag, 6, 2 * len(text) + 2, 0)
        streams[f"__substg1.0_{tag:04X}{_TEXT:04X}"] = text.encode("utf-16-le")
    for tag, data in binaries.items():
        rows += struct.pack("<HHIII", _BINARY, tag, 6, len(data), 0)
        streams[f"__substg1.0_{tag:04X}{_BINARY:04X}"] = data
    rows += b"".join(struct.pack("<HHIII", _LONG, tag, 6, value, 0) for tag, value in longs.items())
    rows += b"".join(struct.pack("<HHIQ", _TIME, tag, 6, value) for tag, value in times.items())
    return {"__properties_version1.0": bytes(head) + rows, **streams}


def outlook(
    subject: str,
    sender: tuple[str, str],
    body: str,
    files: Sequence[tuple[str, bytes]] = (),
    html: str = "",
    headers: str = "",
    inside: Sequence[dict[str, bytes]] = (),
) -> bytes:
    """A message as Outlook saves it to a file. `inside`: messages attached to it, as `outlook_streams` makes them."""
    streams = outlook_streams(subject, sender, body, files, html, headers, head=32)
    streams |= {f"__nameid_version1.0/__substg1.0_{tag}0102": b"" for tag in ("0002", "0003", "0004")}
    for number, message in enumerate(inside, len(files)):
        home = f"__attach_version1.0_#{number:08X}"
        streams |= {f"{home}/{key}": value for key, value in _properties(8, {0x3001: "a message"}, {}, {0x3705: 5}, {}).items()}
        streams |= {f"{home}/__substg1.0_3701000D/{key}": value for key, value in message.items()}
    return container(streams)


def outlook_streams(
    subject: str,
    sender: tuple[str, str],
    body: str,
    files: Sequence[tuple[str, bytes]] = (),
    html: str = "",
    headers: str = "",
    head: int = 24,
) -> dict[str, bytes]:
    """The streams of a message; its header of properties has 24 bytes where it is inside another, else 32."""
    sent = 134_000_000_000_000_000  # hundreds of nanoseconds since 1601: in 2025
    texts = {0x0037: subject, 0x0C1A: sender[0], 0x0C1F: sender[1], 0x5D01: sender[1], 0x1000: body, 0x001A: "IPM.Note"}
    texts |= {0x007D: headers} if headers else {}
    binaries = {0x1013: html.encode("utf-8")} if html else {}
    streams = _properties(head, texts, binaries, {0x3FDE: 65001}, {0x0039: sent})
    recipient = _properties(
        8, {0x3001: "Office", 0x3003: "office@example.net", 0x39FE: "office@example.net"}, {}, {0x0C15: 1}, {}
    )
    streams |= {f"__recip_version1.0_#00000000/{name}": data for name, data in recipient.items()}
    for number, (name, data) in enumerate(files):
        one = _properties(8, {0x3707: name, 0x3704: name, 0x370E: "application/octet-stream"}, {0x3701: data}, {0x3705: 1}, {})
        streams |= {f"__attach_version1.0_#{number:08X}/{key}": value for key, value in one.items()}
    return streams
