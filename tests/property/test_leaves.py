"""Odd mail without end: no leaf that the standard library's walk finds is missing among our parts, and nothing is set aside."""

from __future__ import annotations

import email
import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.model.mail import Part
from intake.reading.read_message import read_message
from intake.reading.words import reading_words
from tests.fakes.odd_mail import OddMail

WORDS = reading_words(tomllib.loads(Path("config/reading.toml").read_text("utf-8")))


def leaves(raw: bytes, *, empty: bool = True) -> Counter[str]:
    """SHA-256 of the decoded octets of each leaf."""
    bodies = [part.get_payload(decode=True) for part in email.message_from_bytes(raw).walk() if not part.is_multipart()]
    return Counter(hashlib.sha256(body).hexdigest() for body in bodies if isinstance(body, bytes) and (body or empty))


def hashes(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        yield part.sha256
        yield from hashes(part.children)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 1 << 40))
def test_every_leaf_is_listed(seed: int) -> None:
    raw = OddMail(Random(seed)).message()
    reading = read_message(raw, WORDS)
    assert reading.held is None
    assert not leaves(raw, empty=False) - Counter(hashes(reading.parts))


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nRnJvbTogYUBiCg==\r\n",
        b"Content-Type: multipart/mixed; boundary=B\n\n--B\n\n--B\n\n\n--B--\n",
        b"Content-Type: message/rfc822\r\n name=x\r\n\r\nSubject: a\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nwords\r\n--B--\r\n",
        OddMail(Random(11)).message(),  # a report in a report
        OddMail(Random(110_406)).message(),  # an attached message that the library cannot write
        b"Content-Type: multipart/report; boundary=B\n\n--B\nContent-Type: message/delivery-status\n\nAction: failed\n\nStatus: 5.1.1\n\n--B--\n",
    ],
)
def test_what_once_was_missing(raw: bytes) -> None:
    assert not leaves(raw) - Counter(hashes(read_message(raw, WORDS).parts))
