"""Every leaf part of a message with its path and its bytes after transfer decoding; nothing is left out, nothing raises."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from msgspec import Struct

from intake.reading.cut import cut, put_back
from intake.reading.depth import BOUNDARY, deepest
from intake.reading.limits import Limits

_FOLD = re.compile(r"\r?\n(?=[ \t])")
_DASHED = re.compile(rb"^--[^\s][^\r\n]{0,200}", re.M)
_REAL = re.compile(r'^--([^\s"\\][^\r\n"\\]{0,69})\r?\nContent-[A-Za-z-]{1,40}:', re.M | re.I)
_BLANK = re.compile(rb"\r?\n\r?\n")
_LONGEST_VALUE = 16_000
ATTACHED = ("message/rfc822", "message/global", "message/news")


class Leaf(Struct, frozen=True, kw_only=True):
    """A leaf as found: `part` is its parsed form. `attached`: an attached message; its own parts are not among the leaves."""

    path: str
    part: Message
    data: bytes
    parent: str
    attached: bool = False
    defect: str = ""


class TooMuch(Exception):
    """A limit is passed; the words say which."""


class _Entity(Message):
    """A boundary that was folded inside its quotes is read as it was before folding (RFC 5322 2.2.3)."""

    folded = False
    undivided: bytes | None = None
    """The octets of a part whose header names none of its boundaries, once it was divided all the same."""

    def get_boundary(self, failobj: str | None = None) -> str | None:  # type: ignore[override]  # the stub is looser
        found = super().get_boundary(failobj)
        plain = _FOLD.sub("", found) if isinstance(found, str) else found
        self.folded = self.folded or plain != found
        return plain


def parse(raw: bytes, again: int = 3) -> Message:
    """The standard library's tree of a message, headers undecoded. `again`: how deep boundaries are looked for that no header names."""
    short, mark, runs = cut(raw)
    message = BytesParser(_Entity, policy=compat32).parsebytes(short)
    put_back(message, mark, runs)
    for part in message.walk():
        headers = part._headers  # type: ignore[attr-defined]  # the parsed list
        if any(len(value) > _LONGEST_VALUE for _, value in headers):
            part._headers = [_shortened(name, value) for name, value in headers]  # type: ignore[attr-defined]
    _divide(message, again)
    return message


def _divide(message: Message, again: int) -> None:
    """Parts whose header names no boundary, or a wrong one, by the boundary that their lines have. Those of an attached message are
    divided when it is read itself: its octets stand as they came."""
    for part in list(_own(message)) if again else ():
        payload = stored(part)
        if part.get_content_maintype() != "multipart" or not isinstance(payload, str):
            continue
        found = _REAL.search(payload)
        mark = found.group(1).rstrip() if found else ""
        if not mark or payload.count(f"--{mark}") < 2:
            continue
        head = f'Content-Type: multipart/mixed; boundary="{mark}"\n\n'
        inner = parse((head + payload).encode("utf-8", "surrogateescape"), again - 1)
        if isinstance(stored(inner), list):
            part.undivided = payload_of(part)[0]  # type: ignore[attr-defined]  # of _Entity
            part._payload = stored(inner)  # type: ignore[attr-defined]  # as above
            part.defects.extend(inner.defects)


def _own(part: Message) -> Iterator[Message]:
    """A part and those within it, attached messages' apart."""
    yield part
    payload = stored(part)
    if part.get_content_maintype() == "multipart" and isinstance(payload, list):
        for child in payload:
            yield from _own(child)


def undivided(message: Message, raw: bytes) -> Iterator[Leaf]:
    """What is one leaf, beside its parts, for readers that do not unfold a boundary or do not look for one that no header names."""
    end = _BLANK.search(raw)
    if getattr(message, "folded", False) and end is not None:
        yield Leaf(path="whole", part=message, data=raw[end.end() :], parent="")
    wholes = [part for part in _own(message) if getattr(part, "undivided", None) is not None]
    for number, part in enumerate(wholes, 1):
        yield Leaf(path=f"whole.{number}", part=part, data=part.undivided, parent="")  # type: ignore[attr-defined]  # of _Entity


def _shortened(name: str, value: str) -> tuple[str, str]:
    """Parameters of a megabyte are no parameters: the library would read them again and again."""
    return (name, value[:_LONGEST_VALUE]) if name.lower().startswith("content-") else (name, value)


def check(raw: bytes, limits: Limits) -> None:
    """Refuse before parsing what would cost without bound. Raises TooMuch with the limit's name."""
    head = raw[: limits.header_bytes + 1]
    end = head.find(b"\r\n\r\n")
    bare = head.find(b"\n\n", 0, end + 1 if end >= 0 else None)  # the whole of a large mail need not be looked through
    end = bare if bare >= 0 else end
    if end < 0 and len(raw) > limits.header_bytes:
        raise TooMuch(f"headers larger than {limits.header_bytes} bytes")
    head = head[: end if end >= 0 else None]
    if head.count(b"\n") > 20 * limits.headers or len(re.findall(rb"^[^\s:]{1,200}:", head, re.M)) > limits.headers:
        raise TooMuch(f"more than {limits.headers} headers")
    if head.count(b"=?") > 4 * limits.encoded_words:
        raise TooMuch(f"more than {limits.encoded_words} encoded words")
    many = len(raw) > 2000 and raw.lower().count(b"\ncontent-type:") >= limits.depth
    if many and deepest(raw, limits.depth) > limits.depth:
        raise TooMuch(f"nested deeper than {limits.depth}")
    if raw.count(b"\n--") > limits.parts and _delimiters(raw) > 3 * limits.parts:
        raise TooMuch(f"more than {limits.parts} parts")


def _delimiters(raw: bytes) -> int:
    """How many lines may divide parts: those of boundaries that some header names; a text may have lines with dashes."""
    names = {b"--" + (match.group(1) or match.group(2)).rstrip() for match in BOUNDARY.finditer(raw)}
    return sum(match.group().rstrip() in names for match in _DASHED.finditer(raw))


def leaves(message: Message, limits: Limits, prefix: str = "") -> Iterator[Leaf]:
    """Leaves in order. Paths count from 1 in each multipart; a single-part message is part "1"."""
    count = [0]
    yield from _walk(message, prefix, 0, count, limits)


def _walk(part: Message, path: str, depth: int, count: list[int], limits: Limits) -> Iterator[Leaf]:
    if depth > limits.depth:
        raise TooMuch(f"nested deeper than {limits.depth}")
    payload = stored(part)
    kind = type_of(part)
    if kind in ATTACHED or (kind.startswith("message/") and isinstance(payload, list)):
        count[0] += 1
        yield _attached(part, path or "1", kind)
        return
    if isinstance(payload, list):
        for number, child in enumerate(payload, 1):
            yield from _walk(child, f"{path}.{number}" if path else str(number), depth + 1, count, limits)
        return
    count[0] += 1
    if count[0] > limits.parts:
        raise TooMuch(f"more than {limits.parts} parts")
    data, defect = payload_of(part)
    yield Leaf(path=path or "1", part=part, data=data, parent=path.rpartition(".")[0], defect=defect)


def _attached(part: Message, path: str, kind: str) -> Leaf:
    """An attached message or report: its bytes as they stand (base64-wrapped ones decoded)."""
    payload = stored(part)
    inner = payload[0] if isinstance(payload, list) and payload and isinstance(payload[0], Message) else None
    data, defect = b"", ""
    if kind in ATTACHED and inner is not None:
        data = _base64(str(stored(inner)).encode("ascii", "replace")) if in_base64(part, inner) else _flat(inner)
        return Leaf(path=path, part=part, data=data, parent="", attached=True)
    if isinstance(payload, list):
        data = b"\n".join(_flat(child) for child in payload if isinstance(child, Message))
        return Leaf(path=path, part=part, data=data, parent="", defect=defect)
    data, defect = payload_of(part)
    return Leaf(path=path, part=part, data=data, parent="", attached=kind == "message/rfc822", defect=defect)


def in_base64(part: Message, inner: Message) -> bool:
    """Whether an attached message was wrapped in base64, so that the parser took its code for a text without header."""
    coding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    return coding == "base64" and not inner.keys() and bool(_base64(str(stored(inner)).encode("ascii", "replace")))


def _flat(message: Message) -> bytes:
    try:
        return message.as_bytes(policy=compat32)
    except (UnicodeError, ValueError, LookupError, AttributeError, TypeError, KeyError):
        return _written(message)


def _written(message: Message) -> bytes:
    """A message that the library cannot write, written by hand: fields and payloads as they were parsed."""
    head = b"".join(f"{name}: {value}\n".encode("utf-8", "surrogatepass") for name, value in message._headers)  # type: ignore[attr-defined]
    payload = stored(message)
    if not isinstance(payload, list):
        return head + b"\n" + str(payload or "").encode("utf-8", "surrogatepass")
    mark = b"\n--" + (message.get_boundary() or "").encode("utf-8", "surrogatepass")
    if message.get_content_maintype() != "multipart":
        return head + b"\n" + b"\n".join(map(_flat, payload))
    return head + b"".join(mark + b"\n" + _flat(part) for part in payload) + mark + b"--\n"


def type_of(part: Message) -> str:
    """The media type; what was folded into it without a semicolon is no part of it."""
    try:
        return part.get_content_type().lower().partition("\n")[0].strip()
    except (ValueError, TypeError, AttributeError):
        return "text/plain"


def payload_of(part: Message) -> tuple[bytes, str]:
    """(bytes after transfer decoding, defect): what the standard library's get_payload(decode=True) gives, total."""
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError, binascii.Error, AssertionError):
        data = None
    if isinstance(data, bytes):
        defects = [type(item).__name__ for item in part.defects]
        return data, "transfer_encoding" if any("Base64" in name for name in defects) else ""
    payload = stored(part)
    if isinstance(payload, str):
        return payload.encode("utf-8", "surrogateescape"), "transfer_encoding"
    return b"", ""


def stored(part: Message) -> list[Message] | str | None:
    """The payload as parsed. `get_payload()` would decode 8-bit text by a charset that the sender names, and raise on odd names."""
    return part._payload  # type: ignore[no-any-return,attr-defined]  # what get_payload() starts from


def _base64(data: bytes) -> bytes:
    packed = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4))
    except (binascii.Error, ValueError):
        return b""
