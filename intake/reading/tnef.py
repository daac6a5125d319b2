"""winmail.dat (MS-OXTNEF): the attachments inside, with their long names."""

from __future__ import annotations

import struct

from msgspec import Struct

_SIGNATURE = 0x223E9F78
_ATTACH_REND, _ATTACH_DATA, _ATTACH_TITLE, _ATTACHMENT = 0x9002, 0x800F, 0x8010, 0x9005
_LONG_NAME, _DATA = 0x3707, 0x3701
_FIXED = {
    0x0002: 4,
    0x0003: 4,
    0x0004: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x000A: 4,
    0x000B: 4,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}


class TnefFile(Struct, frozen=True, kw_only=True):
    """One file of a TNEF stream."""

    name: str
    data: bytes


def read_tnef(data: bytes) -> tuple[TnefFile, ...] | None:
    """The files; None when the bytes are no TNEF. Damaged streams give what can be read."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return None
    files: list[dict[str, bytes | str]] = []
    at = 6
    while at + 9 <= len(data):
        attribute, size = struct.unpack_from("<I", data, at + 1)[0] & 0xFFFF, struct.unpack_from("<I", data, at + 5)[0]
        value = data[at + 9 : at + 9 + size]
        at += 9 + size + 2
        if attribute == _ATTACH_REND:
            files.append({})
        elif files and attribute == _ATTACH_TITLE:
            files[-1].setdefault("title", value.split(b"\x00", 1)[0].decode("cp1252", "replace"))
        elif files and attribute == _ATTACH_DATA:
            files[-1]["data"] = value
        elif files and attribute == _ATTACHMENT:
            _properties(value, files[-1])
    return tuple(
        TnefFile(name=str(item.get("name") or item.get("title") or f"file-{number}"), data=bytes(item["data"]))  # type: ignore[arg-type]
        for number, item in enumerate(files, 1)
        if isinstance(item.get("data"), bytes)
    )


def _properties(value: bytes, file: dict[str, bytes | str]) -> None:
    """MAPI properties of one attachment: the long name, and the data where it stands here."""
    if len(value) < 4:
        return
    count, at = struct.unpack_from("<I", value)[0], 4
    for _ in range(min(count, 500)):
        if at + 4 > len(value):
            return
        kind, identity = struct.unpack_from("<HH", value, at)
        at += 4
        if identity >= 0x8000:
            at = _skip_name(value, at)
        multiple, kind = bool(kind & 0x1000), kind & 0x0FFF
        if kind in _FIXED and not multiple:
            at += _FIXED[kind]
            continue
        values = struct.unpack_from("<I", value, at)[0] if at + 4 <= len(value) else 0
        at += 4
        for _ in range(min(values, 1000)):
            size = _FIXED.get(kind)
            if size is None:
                if at + 4 > len(value):
                    return
                size = struct.unpack_from("<I", value, at)[0]
                at += 4
            content = value[at : at + size]
            at += size + (-size % 4)
            if identity == _LONG_NAME:
                file["name"] = content.decode("utf-16-le" if kind == 0x001F else "cp1252", "replace").rstrip("\x00")
            elif identity == _DATA and kind in (0x0102, 0x000D) and "data" not in file:
                file["data"] = content[16:] if kind == 0x000D else content


def _skip_name(value: bytes, at: int) -> int:
    """A named property: GUID, kind, and an id or a name."""
    if at + 24 > len(value):
        return len(value)
    kind = struct.unpack_from("<I", value, at + 16)[0]
    if kind == 0:
        return at + 24
    size = int(struct.unpack_from("<I", value, at + 20)[0])
    return at + 24 + size + (-size % 4)
