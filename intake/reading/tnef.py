"""winmail.dat (MS-OXTNEF): the attachments inside, with their long names."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from msgspec import Struct

from intake.reading.rtfcomp import decompress

_SIGNATURE = 0x223E9F78
_ATTACH_REND, _ATTACH_DATA, _ATTACH_TITLE, _ATTACHMENT = 0x9002, 0x800F, 0x8010, 0x9005
_BODY, _MESSAGE = 0x800C, 0x9003
_LONG_NAME, _DATA, _BODY_TEXT, _BODY_HTML, _BODY_RTF = 0x3707, 0x3701, 0x1000, 0x1013, 0x1009
_BODIES = {_BODY_HTML: "body.html", _BODY_TEXT: "body.txt", _BODY_RTF: "body.rtf"}
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
    if not _is_tnef(data):
        return None
    files: list[dict[str, bytes | str]] = []
    for attribute, value in _attributes(data):
        if attribute == _ATTACH_REND:
            files.append({})
        elif files and attribute == _ATTACH_TITLE:
            files[-1].setdefault("title", value.split(b"\x00", 1)[0].decode("cp1252", "replace"))
        elif files and attribute == _ATTACH_DATA:
            files[-1]["data"] = value
        elif files and attribute == _ATTACHMENT:
            _attach(value, files[-1])
    return tuple(
        TnefFile(name=str(item.get("name") or item.get("title") or f"file-{number}"), data=bytes(item["data"]))  # type: ignore[arg-type]
        for number, item in enumerate(files, 1)
        if isinstance(item.get("data"), bytes)
    )


def tnef_body(data: bytes) -> TnefFile | None:
    """The message's own text inside (for mail that carries it nowhere else): HTML, else plain, else RTF, in the bytes as they stand."""
    found: dict[str, bytes] = {}
    for attribute, value in _attributes(data) if _is_tnef(data) else ():
        if attribute == _BODY and value.strip(b"\x00 \r\n"):
            found.setdefault("body.txt", value.rstrip(b"\x00"))
        elif attribute == _MESSAGE:
            for identity, kind, content in _properties(value):
                words = content.decode("utf-16-le", "replace").encode() if kind == 0x001F else content
                if identity in _BODIES and words.strip(b"\x00"):
                    found.setdefault(_BODIES[identity], decompress(words) if identity == _BODY_RTF else words.rstrip(b"\x00"))
    name = next((name for name in ("body.html", "body.txt", "body.rtf") if found.get(name)), None)
    return TnefFile(name=name, data=found[name]) if name else None


def is_cut(data: bytes) -> bool:
    """Whether the stream ends inside an attribute."""
    at = 6
    while at + 9 <= len(data):
        at += 9 + int(struct.unpack_from("<I", data, at + 5)[0]) + 2
    return at > len(data) or bool(data[at:].strip(b"\x00\r\n"))


def _is_tnef(data: bytes) -> bool:
    return len(data) >= 6 and int(struct.unpack_from("<I", data)[0]) == _SIGNATURE


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(attribute, value) in order; the check sums are not looked at."""
    at = 6
    while at + 9 <= len(data):
        attribute, size = struct.unpack_from("<I", data, at + 1)[0] & 0xFFFF, struct.unpack_from("<I", data, at + 5)[0]
        yield attribute, data[at + 9 : at + 9 + size]
        at += 9 + size + 2


def _attach(value: bytes, file: dict[str, bytes | str]) -> None:
    """MAPI properties of one attachment: the long name, and the data where it stands here."""
    for identity, kind, content in _properties(value):
        if identity == _LONG_NAME:
            file["name"] = content.decode("utf-16-le" if kind == 0x001F else "cp1252", "replace").rstrip("\x00")
        elif identity == _DATA and kind in (0x0102, 0x000D) and "data" not in file:
            file["data"] = content[16:] if kind == 0x000D else content


def _properties(value: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(identity, type, content) of the properties whose length varies (MS-OXTNEF 2.1.3.4)."""
    count, at = struct.unpack_from("<I", value)[0] if len(value) >= 4 else 0, 4
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
            yield identity, kind, value[at : at + size]
            at += size + (-size % 4)


def _skip_name(value: bytes, at: int) -> int:
    """A named property: GUID, kind, and an id or a name."""
    if at + 24 > len(value):
        return len(value)
    kind = struct.unpack_from("<I", value, at + 16)[0]
    if kind == 0:
        return at + 24
    size = int(struct.unpack_from("<I", value, at + 20)[0])
    return at + 24 + size + (-size % 4)
