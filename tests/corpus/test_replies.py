"""Replies written by others, where they lie beside the checkout: the author's own words are found, as the sources' own tests have it.

`replies.tsv` holds what those tests say as line numbers; discourse keeps it in files of its own. A source may miss 5 %.
"""

from __future__ import annotations

import csv
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from intake.model.text import Span, SpanKind
from intake.reading.html import read_html
from intake.reading.read_message import read_message
from intake.reading.spans import spans_of
from intake.reading.words import reading_words

HERE = Path(__file__).parent
SHARED = HERE.parents[1].parent / "shared" / "corpora"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "talon").exists(), reason="the corpora are not beside the checkout (../shared/corpora)"),
]
WORDS = reading_words(tomllib.loads(Path("config/reading.toml").read_text("utf-8")))
OWN = (SpanKind.NEW, SpanKind.FORWARDED)
BELOW = (SpanKind.SIGNATURE, SpanKind.DEVICE_FOOTER, SpanKind.LEGAL_FOOTER, SpanKind.LIST_FOOTER)
SOURCES = ("github-reply-parser", "crisp-reply-parser", "talon", "discourse-reply-trimmer")


class Case(Struct, frozen=True):
    """One mail: its text as read, lines that must be the author's own, and lines that must not."""

    name: str
    found: str
    own: list[str]
    other: list[str]


def squeezed(text: str) -> str:
    return "".join(text.split())


def cases(source: str) -> Iterator[Case]:
    if source.startswith("discourse"):
        yield from discourse()
        return
    lines = [line for line in (HERE / "replies.tsv").read_text("utf-8").splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines, delimiter="\t"):
        if row["source"] == source:
            yield case(source, row["file"], row["own"], row["other"] or "")


def discourse() -> Iterator[Case]:
    folder = SHARED / "discourse-reply-trimmer"
    for path in sorted((folder / "emails").glob("*.txt")):
        trimmed, elided = folder / "trimmed" / path.name, folder / "elided" / path.name
        if trimmed.exists():
            text = path.read_text("utf-8")
            own = [line for line in trimmed.read_text("utf-8").splitlines() if not line.lstrip().startswith((">", "C>"))]
            other = elided.read_text("utf-8").splitlines() if elided.exists() else []
            yield Case(path.name, stretches(text, spans_of(text, WORDS)), own, other)


def case(source: str, name: str, own: str, other: str) -> Case:
    path = SHARED / source / name
    if path.suffix == ".eml":
        reading = read_message(path.read_bytes(), WORDS)
        text, spans = reading.text, reading.spans
    else:
        text = path.read_text("utf-8", errors="replace").replace("\r\n", "\n")
        text = read_html(text, 200_000, 400).text if path.suffix == ".html" else text
        spans = spans_of(text, WORDS)
    if own[0] in "ce":
        # talon cuts quotations only: what we tell apart as signature stays in its expectation
        found, whole, count = squeezed(stretches(text, spans, BELOW)), squeezed(text), int(own[1:])
        return Case(
            name,
            found,
            [whole[:count] if own[0] == "c" else whole[-count:]],
            [found[count:] if own[0] == "c" else found[:-count]],
        )
    lines = text.split("\n")
    return Case(name, stretches(text, spans), picked(lines, own), picked(lines, other))


def picked(lines: list[str], ranges: str) -> list[str]:
    chosen: list[str] = []
    for item in filter(None, ranges.split(",")):
        start, dash, end = item.partition("-")
        chosen += lines[int(start) - 1 : int(end) if end else len(lines) if dash else int(start)]
    return chosen


def stretches(text: str, spans: tuple[Span, ...], more: tuple[SpanKind, ...] = ()) -> str:
    return "".join(text[span.start : span.end] for span in spans if span.kind in OWN + more)


def misses(source: str) -> tuple[list[str], list[str], int]:
    """(mails of which own words are missing, mails with more than them, mails)."""
    short, long, count = [], [], 0
    for item in cases(source):
        count += 1
        found = squeezed(item.found)
        if not all(squeezed(line) in found for line in item.own):
            short.append(item.name)
        if any(len(squeezed(line)) > 3 and squeezed(line) in found and line not in item.own for line in item.other):
            long.append(item.name)
    return short, long, count


@pytest.mark.parametrize("source", SOURCES)
def test_the_author_s_own_words_are_found(source: str) -> None:
    short, _, count = misses(source)
    assert count
    assert len(short) <= 0.05 * count, short


if __name__ == "__main__":
    for each in SOURCES:
        sys.stdout.write(f"{each} {misses(each)}\n")
