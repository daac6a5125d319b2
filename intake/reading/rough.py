"""A message beyond the limits, taken apart without building a tree: its parts' bytes, as far as the limit of parts goes.

Linear in the bytes, whatever they are: one pass over the lines, a stack of open boundaries no deeper than the limit of depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from intake.reading.limits import Limits
from intake.reading.walk import ATTACHED, Leaf, parse, payload_of

_LINE = re.compile(rb"[^\n]*\n|[^\n]+\Z")
_HEAD_BYTES = 16_000
_WANTED = (b"content-", b"mime-version:")


def rough_leaves(raw: bytes, limits: Limits) -> Iterator[Leaf]:
    """Leaf parts in order; paths count up from 1 in one row: their nesting is what could not be read."""
    splitter = _Splitter(limits.depth)
    for count, (start, end, part) in enumerate(splitter.parts(raw), 1):
        part.set_payload(_trimmed(raw[start:end]).decode("ascii", "surrogateescape"))
        data, defect = payload_of(part)
        yield Leaf(path=str(count), part=part, data=data, parent="", defect=defect)
        if count >= limits.parts:
            return


class _Splitter:
    """The state of the pass: open boundaries, and the header that is being read."""

    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._open: list[bytes] = []
        self._head: list[bytes] = []
        self._size = 0

    def parts(self, raw: bytes) -> Iterator[tuple[int, int, Message]]:
        """(start, end, header) of each leaf's body."""
        in_head, leaf, start = True, None, 0
        for match in _LINE.finditer(raw):
            line = match.group()
            if line.startswith(b"--") and (closed := self._delimiter(line.rstrip())) is not None:
                if leaf is not None:
                    yield start, match.start(), leaf
                in_head, leaf = not closed, None
                self._head, self._size = [], 0
            elif in_head and line.strip(b"\r\n"):
                self._keep(line)
            elif in_head:
                part = parse(b"".join(self._head) + b"\n")
                self._head, self._size = [], 0
                in_head = self._attached(part)
                if not in_head and not self._multipart(part):
                    leaf, start = part, match.end()
        if leaf is not None:
            yield start, len(raw), leaf

    def _keep(self, line: bytes) -> None:
        wanted = line.lower().startswith(_WANTED) or (line[:1] in b" \t" and self._head)
        if wanted and self._size + len(line) < _HEAD_BYTES:
            self._head.append(line)
            self._size += len(line)

    def _attached(self, part: Message) -> bool:
        """A message whose own header follows in the next line."""
        coding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
        return part.get_content_type() in ATTACHED and coding not in ("base64", "quoted-printable")

    def _multipart(self, part: Message) -> bool:
        boundary = part.get_boundary() if part.get_content_maintype() == "multipart" else None
        if not boundary or len(self._open) >= self._depth:
            return False
        self._open.append(b"--" + boundary.encode("utf-8", "surrogateescape"))
        return True

    def _delimiter(self, line: bytes) -> bool | None:
        """Whether a line closes its multipart, or opens the next part; None for no delimiter of an open one."""
        for level in range(len(self._open) - 1, -1, -1):
            mark = self._open[level]
            if line in (mark, mark + b"--"):
                closed = line != mark
                del self._open[level if closed else level + 1 :]
                return closed
        return None


def _trimmed(body: bytes) -> bytes:
    """The line end before a delimiter belongs to the delimiter (RFC 2046 5.1.1)."""
    return body[:-2] if body.endswith(b"\r\n") else body[:-1] if body.endswith(b"\n") else body
