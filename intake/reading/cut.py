"""Long runs of base64 lines taken out before a message is parsed and put back afterwards: the parser looks at every line, and most
lines of a mail are an attachment's. The tree is the same as without: such a line can neither end a part nor begin a header."""

from __future__ import annotations

import re
from email.message import Message

_RUN = re.compile(
    rb"(?m:^)(?:[A-Za-z0-9+/]{60,76}\r?\n){40,}[A-Za-z0-9+/]{60,76}(?=\r?\n)"
)  # the last line end may be the boundary's
_WORTH = 20_000
"""Octets from which it pays."""


def cut(raw: bytes) -> tuple[bytes, str, list[str]]:
    """(the message with a mark for each run, how the marks begin, the runs). The mark stands nowhere else in the message."""
    if len(raw) < _WORTH:
        return raw, "", []
    mark = b"=cut"
    while mark in raw:
        mark += b"="
    runs: list[str] = []

    def _take(match: re.Match[bytes]) -> bytes:
        runs.append(match.group().decode("ascii"))
        return mark + b"%d=" % (len(runs) - 1)

    return _RUN.sub(_take, raw), mark.decode("ascii"), runs


def put_back(message: Message, mark: str, runs: list[str]) -> None:
    """Every run again where its mark stands: in payloads, and in what stands before and after the parts."""
    if not runs:
        return
    marks = re.compile(re.escape(mark) + r"(\d+)=")

    def _restored(text: str) -> str:
        return marks.sub(lambda match: runs[int(match.group(1))], text) if mark in text else text

    for part in message.walk():
        payload = part._payload  # type: ignore[attr-defined]  # as parsed; see walk.stored
        if isinstance(payload, str):
            part._payload = _restored(payload)  # type: ignore[attr-defined]
        for name in ("preamble", "epilogue"):
            text = getattr(part, name)
            if isinstance(text, str):
                setattr(part, name, _restored(text))
