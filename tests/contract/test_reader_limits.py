"""Every limit of reading through the jail: what is beyond it is set aside with the limit's name, and the next message is read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.doors.jail import JailedReader
from intake.reading.limits import Limits
from intake.reading.read_message import read_message
from intake.reading.words import reading_words
from tests.fakes.probes import HEAD, people, probes

PHRASES = Path("config/reading.toml").read_text("utf-8")
NEXT = b"From: a@example.org\r\nSubject: the next one\r\n\r\nWords."
CASES = [pytest.param(raw, reason, id=name) for name, raw, reason in probes()]


@pytest.fixture(scope="module")
def reader() -> Iterator[JailedReader]:
    made = JailedReader(PHRASES, children=1)
    yield made
    made.close()


@pytest.mark.parametrize(("raw", "reason"), CASES)
def test_a_limit_is_named_and_the_next_message_is_read(reader: JailedReader, raw: bytes, reason: str | None) -> None:
    first, second = reader.read([raw, NEXT])
    assert (reason is None) == (first.held is None), first.held
    assert (reason or "") in (first.held or "")
    assert first.size_bytes == len(raw)
    assert "died" not in (first.held or "")
    assert (second.subject, second.held) == ("the next one", None)


def test_what_is_beyond_a_limit_still_lists_what_it_can(reader: JailedReader) -> None:
    found = {name: next(iter(reader.read([raw]))) for name, raw, reason in probes() if reason == "parts"}
    assert [len(reading.parts) for reading in found.values()] == [Limits().parts, Limits().parts]
    assert {reading.subject for reading in found.values()} == {"probe"}


def test_processor_time_has_a_limit_that_the_kernel_keeps() -> None:
    faulty = JailedReader(PHRASES, children=1, wall_s=120.0, module="tests.fakes.reader_child")
    try:
        spun, after = faulty.read([b"X-Fault: spin\r\n" + NEXT, NEXT])
    finally:
        faulty.close()
    assert "died" in (spun.held or "")
    assert spun.subject == "the next one"
    assert after.held is None


def test_more_addresses_than_the_limit_are_cut_and_said() -> None:
    raw = f"{HEAD}Cc: {people(6_000)}\r\n\r\nx".encode()
    reading = read_message(raw, reading_words(tomllib.loads(PHRASES)))
    assert reading.held is None
    assert len(reading.cc) == Limits().addresses
    assert "addresses_cut" in {defect.code for defect in reading.defects}
