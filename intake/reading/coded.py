"""Files written as letters inside a text: uuencode, base64 of uuencode (POSIX), yEnc. What they are, and where their lines stand.

Linear: each block is looked at once, and no block is looked for inside another.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator

from msgspec import Struct

_BEGIN = re.compile(
    rb"^(?:begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,200})|=ybegin ([^\r\n]{0,100}?)name=([^\r\n]{1,200}))\r?\n", re.M
)
_BEGIN_TEXT = re.compile(r"^(?:begin(-base64)? [0-7]{3,4} [^\n]{1,200}|(=ybegin) [^\n]{0,100}?name=[^\n]{1,200})\n", re.M)
_UU_LINE = re.compile(r"[ -`]{1,90}\r?$")
_FILES = 500
_UU_END = re.compile(rb"(?:[ `]?\r?\n){0,3}end\b")
_CUT = "the file has no end: cut short"
_ESCAPED = re.compile(rb"=(.?)", re.S)
_UNESCAPE = {bytes([byte]): bytes([(byte - 64) % 256]) for byte in range(256)} | {b"": b""}
_PLAIN = bytes(byte if 31 < byte < 127 or byte in b"\r\n" else 63 for byte in range(256))
_SHIFT = bytes((byte - 42) % 256 for byte in range(256))


class CodedFile(Struct, frozen=True, kw_only=True):
    """A file, or a piece of one. `first`, `size`: where a piece begins in its file, from 0, and how large that is; `size` 0: no piece."""

    name: str
    data: bytes
    first: int = 0
    size: int = 0
    defect: str = ""


def coded_files(texts: Iterable[bytes]) -> list[CodedFile]:
    """The files in some texts of one message, at most five hundred; pieces joined where all of them are there, else each by itself."""
    found = [item for text in texts for item in _files(text)][:_FILES]
    groups: dict[tuple[str, int], list[CodedFile]] = {}
    for item in found:
        if item.size:
            groups.setdefault((item.name, item.size), []).append(item)
    whole = {key: _joined(pieces) for key, pieces in groups.items()}
    out: list[CodedFile] = []
    for item in found:
        one = whole.get((item.name, item.size)) if item.size else item
        if one is None:
            end = item.first + len(item.data)
            out.append(
                _noted(item, f"a piece of a yEnc file: octets {item.first + 1} to {end} of {item.size}; the others are not here")
            )
        elif item is groups.get((item.name, item.size), [item])[0]:
            out.append(one)
    return out


def _noted(item: CodedFile, note: str) -> CodedFile:
    words = "; ".join(filter(None, (item.defect, note)))
    return CodedFile(name=item.name, data=item.data, first=item.first, size=item.size, defect=words)


def _joined(pieces: list[CodedFile]) -> CodedFile | None:
    """The file, when its pieces leave no gap; None else."""
    data: list[bytes] = []
    at = 0
    for piece in sorted(pieces, key=lambda piece: piece.first):
        if piece.first > at:
            return None
        if piece.first == at:
            data.append(piece.data)
            at += len(piece.data)
    if at != pieces[0].size:
        return None
    return CodedFile(name=pieces[0].name, data=b"".join(data), defect="; ".join(filter(None, (piece.defect for piece in pieces))))


def _files(data: bytes) -> Iterator[CodedFile]:
    at = 0
    while (match := _BEGIN.search(data, at)) is not None:
        name = (match.group(1) or match.group(3)).decode("utf-8", "replace").strip()
        if match.group().startswith(b"=y"):
            end = data.find(b"\n=yend", match.end() - 1)
            stop = end if end >= 0 else len(data)
            item = _yenc(name, match.group(2), data[match.end() : stop], data[stop + 1 : stop + 200].partition(b"\n")[0])
            item = item if end >= 0 else _noted(item, _CUT)
            at = stop
        elif match.group().startswith(b"begin-base64"):
            end = data.find(b"\n====", match.end() - 1)
            at = end if end >= 0 else len(data)
            item = CodedFile(name=name, data=_base64(data[match.end() : at]))
        else:
            content, at = _uu_block(data, match.end())
            ended = _UU_END.match(data, at) is not None
            item = CodedFile(name=name, data=content, defect="" if ended else _CUT)
        if item.data:
            yield item


def _base64(data: bytes) -> bytes:
    packed = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4))
    except (binascii.Error, ValueError):
        return b""


def _uu_block(data: bytes, at: int) -> tuple[bytes, int]:
    """(bytes, offset after the block): lines until "end", an empty one or one that is no uuencoding."""
    pieces: list[bytes] = []
    while at < len(data):
        stop = data.find(b"\n", at)
        stop = len(data) if stop < 0 else stop
        line = data[at:stop].rstrip(b"\r")
        if line in (b"end", b"", b"`", b" ") or len(line) > 90:
            break
        piece = _uu_line(line)
        if not piece:
            break
        pieces.append(piece)
        at = stop + 1
    return b"".join(pieces), at


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Broken encoders pad wrongly: take as many bytes as the line says it has.
        try:
            wanted = (((line[0] - 32) & 63) * 4 + 5) // 3
            return binascii.a2b_uu(line[:wanted])
        except (binascii.Error, IndexError):
            return b""


def _yenc(name: str, head: bytes, body: bytes, tail: bytes) -> CodedFile:
    """A yEnc block (draft 1.3): its octets, its place in the file, and what its own sums say of it."""
    first, size, piece = 0, 0, body.startswith(b"=ypart")
    if piece:
        line, _, body = body.partition(b"\n")
        first, size = max(0, _number(line, b"begin") - 1), _number(head, b"size")
    data = _ESCAPED.sub(lambda match: _UNESCAPE[match.group(1)], body.translate(None, b"\r\n")).translate(_SHIFT)
    said = re.search(rb"\bpcrc32=([0-9a-fA-F]{1,8})\b" if piece else rb"\bcrc32=([0-9a-fA-F]{1,8})\b", tail)
    broken = said is not None and int(said.group(1), 16) != zlib.crc32(data)
    if piece and _number(tail, b"size") not in (0, len(data)):
        broken = True
    return CodedFile(name=name, data=data, first=first, size=size, defect="the octets differ from the yEnc sum" if broken else "")


def _number(line: bytes, name: bytes) -> int:
    match = re.search(rb"\b" + name + rb"=(\d{1,12})\b", line)
    return int(match.group(1)) if match else 0


def only_words(data: bytes) -> bytes:
    """A text as octets, those of a yEnc file that are no letters made question marks: they say nothing of the charset of its words."""
    if b"=ybegin " not in data:
        return data
    out: list[bytes] = []
    at = 0
    while (match := _BEGIN.search(data, at)) is not None:
        end = data.find(b"\n=yend", match.end() - 1) if match.group(3) else match.end()
        end = len(data) if end < 0 else end
        out += [data[at : match.end()], data[match.end() : end].translate(_PLAIN)]
        at = end
    return b"".join([*out, data[at:]])


def coded_stretches(text: str) -> list[tuple[int, int]]:
    """Where the lines of such files stand in a text that was decoded, first and last line included; in order."""
    found: list[tuple[int, int]] = []
    at = 0
    while (match := _BEGIN_TEXT.search(text, at)) is not None:
        if match.group(2):
            end = _line_end(text, text.find("\n=yend", match.end() - 1))
        elif match.group(1):
            end = _line_end(text, text.find("\n====", match.end() - 1))
        else:
            end = _uu_end(text, match.end())
        if end > match.end():
            found.append((match.start(), end))
        at = max(end, match.end())
    return found


def _line_end(text: str, at: int) -> int:
    """The end of the line that begins after `at`; of the text where there is none."""
    end = text.find("\n", at + 1) if at >= 0 else -1
    return len(text) if end < 0 else end


def _uu_end(text: str, at: int) -> int:
    """Where uuencoded lines end, with the word "end"; `at` itself when there are none."""
    last = at
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop]
        if line == "end":
            return stop
        if line not in ("", "`", " ") and (not _UU_LINE.match(line) or not _uu_line(line.encode("ascii", "replace"))):
            break
        if line.strip():
            last = stop
        elif last < at - 2:
            break
        at = stop + 1
    return last
