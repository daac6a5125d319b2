"""The depth of a message is counted where it is, and many parts side by side are not deep."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from intake.reading.depth import deepest
from intake.reading.read_message import read_message
from intake.reading.words import reading_words
from tests.fakes.probes import HEAD, attached, nested

WORDS = reading_words(tomllib.loads(Path("config/reading.toml").read_text("utf-8")))


@pytest.mark.parametrize("depth", [1, 5, 39, 60, 400])
def test_what_is_nested_is_deep(depth: int) -> None:
    assert deepest(nested(depth), 1_000) == depth + 1
    assert deepest(attached(depth), 1_000) == depth
    assert deepest(nested(depth), 10) <= 11


def test_a_digest_of_three_hundred_is_not() -> None:
    inner = (
        f'{HEAD}MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="in"\r\n\r\n--in\r\nContent-Type: text/plain\r\n\r\nWords.\r\n'
        "--in\r\nContent-Type: text/html\r\n\r\n<p>Words.</p>\r\n--in--\r\n"
    )
    body = "".join(f"--out\r\nContent-Type: message/rfc822\r\n\r\n{inner}" for _ in range(300))
    raw = f'{HEAD}MIME-Version: 1.0\r\nContent-Type: multipart/digest; boundary="out"\r\n\r\n{body}--out--\r\n'.encode()
    assert deepest(raw, 1_000) == 3
    reading = read_message(raw, WORDS)
    assert reading.held is None
    assert len([part for part in reading.parts if part.message is not None]) == 300
