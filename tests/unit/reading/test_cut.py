"""A message parsed without its long base64 runs has the same tree as parsed with them."""

from __future__ import annotations

import base64
import random
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

import pytest

from intake.reading.cut import cut
from intake.reading.walk import parse

_RANDOM = random.Random(1)
_FILE = base64.encodebytes(_RANDOM.randbytes(60_000))
_WHOLE_LINES = base64.encodebytes(_RANDOM.randbytes(57 * 1000))


def _tree(message: Message) -> object:
    payload = message._payload  # type: ignore[attr-defined]
    inner = [_tree(part) for part in payload] if isinstance(payload, list) else payload
    return (message.items(), inner, message.preamble, message.epilogue, [type(item).__name__ for item in message.defects])


def _mail(*bodies: bytes, before: bytes = b"", after: bytes = b"", closed: bool = True) -> bytes:
    parts = b"".join(b"--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n" + body for body in bodies)
    end = b"--b--\n" if closed else b""
    return b"From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n" + before + parts + end + after


@pytest.mark.parametrize(
    "raw",
    [
        _mail(_FILE, _FILE),
        _mail(_FILE, closed=False),
        _mail(_WHOLE_LINES, _WHOLE_LINES),
        _mail(_WHOLE_LINES).replace(b"\n", b"\r\n"),
        _mail(_WHOLE_LINES.rstrip(), closed=False),
        _mail(_FILE, before=_FILE, after=_FILE),
        _mail(_FILE).replace(b"\n", b"\r\n"),
        _mail(_FILE + b"=cut0=\n=cut" + _FILE),
        _mail(b"no colon\n" + _FILE + b"--b"),
        b"From: a@example.org\n" + _FILE + b"\n" + _FILE,
        _FILE,
        b"Content-Type: message/rfc822\n\n" + _mail(_FILE),
        b"Content-Type: message/delivery-status\n\n" + _FILE + b"\nA: b\n\n" + _FILE,
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n" + _mail(_FILE) + b"\n--b--\n",
    ],
)
def test_the_tree_is_the_standard_librarys(raw: bytes) -> None:
    """Headers, payloads, what stands around the parts, defects: all equal; and something was really cut."""
    assert cut(raw)[2]
    assert _tree(parse(raw)) == _tree(BytesParser(policy=compat32).parsebytes(raw))


def test_a_mark_in_the_message_is_not_taken_for_ours() -> None:
    """The mark grows until it stands nowhere in the message."""
    raw = _mail(b"=cut0=\n" + _FILE + b"=cut=1=\n")
    assert cut(raw)[1] not in raw.decode("ascii")
