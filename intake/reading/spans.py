"""What the author wrote now, and what is quoted, forwarded, signed or appended: marked line by line, nothing deleted. Linear."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.model.text import Span, SpanKind
from intake.reading.answers import Inks, answers_in
from intake.reading.footers import Footers
from intake.reading.thread import Thread
from intake.reading.words import ReadingWords

_DIRECTION = re.compile("[\u200b\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\u064b-\u0652\u0640]")


def spans_of(
    text: str,
    words: ReadingWords,
    *,
    forward: bool = False,
    reply: bool = False,
    hidden: Sequence[tuple[int, int]] = (),
    coded: Sequence[tuple[int, int]] = (),
    inks: Inks = (),
    names: Sequence[str] = (),
) -> tuple[Span, ...]:
    """Spans that cover the text whole, in order, without overlap.

    `forward`, `reply`: the subject says that it forwards or replies. `hidden`: stretches that nobody sees, `coded`: files written as
    letters, both in order. `inks`: what is coloured, `names`: what the author is called; by them answers in quotations are known.
    """
    if not text:
        return ()
    lines = text.split("\n")
    seen = _seen(without(text, [*hidden, *coded])).split("\n")
    kinds = Footers(seen, words, Thread(seen, words, forward=forward, reply=reply).mark()).mark()
    spans = _merge(lines, kinds, len(text))
    if SpanKind.QUOTE in kinds and (inks or names):
        spans = _overlaid(spans, answers_in(text, lines, kinds, inks, names, words), SpanKind.NEW)
    spans = _overlaid(spans, coded, SpanKind.CODED)
    return _overlaid(spans, hidden, SpanKind.HIDDEN)


def without(text: str, stretches: Sequence[tuple[int, int]]) -> str:
    """The text with nothing but its line ends where nobody wrote: what stands there says nothing of the rest."""
    out: list[str] = []
    at = 0
    for start, end in sorted(stretches):
        start = max(start, at)
        if end > start:
            out += [text[at:start], "\n".join(" " * len(line) for line in text[start:end].split("\n"))]
            at = end
    return "".join([*out, text[at:]])


def _seen(text: str) -> str:
    """The text as it is seen, line for line: marks of direction hide what a line begins with, vowel signs which words they are; some
    programs write "&nbsp;" out."""
    return _DIRECTION.sub("", text.replace("&nbsp;", " ")) if "&nbsp;" in text or _DIRECTION.search(text) else text


def _overlaid(spans: Sequence[Span], stretches: Sequence[tuple[int, int]], kind: SpanKind) -> tuple[Span, ...]:
    """Spans with these stretches, in order, cut out of them and marked. One pass over both."""
    if not stretches:
        return tuple(spans)
    out: list[Span] = []
    index = 0
    for span in spans:
        at = span.start
        while index < len(stretches) and stretches[index][0] < span.end:
            start, end = max(at, stretches[index][0]), min(span.end, stretches[index][1])
            if start > at:
                out.append(Span(start=at, end=start, kind=span.kind, depth=span.depth))
            if end > start:
                out.append(Span(start=start, end=end, kind=kind))
                at = end
            if stretches[index][1] > span.end:
                break
            index += 1
        if at < span.end:
            out.append(Span(start=at, end=span.end, kind=span.kind, depth=span.depth))
    return tuple(out)


def _depth(line: str) -> int:
    """How many marks of quotation a line has; an unmarked quotation has one."""
    bare = line.lstrip(" >\t")
    return max(1, line[: len(line) - len(bare)].count(">"))


def _merge(lines: Sequence[str], kinds: Sequence[SpanKind], size: int) -> tuple[Span, ...]:
    """Neighbouring lines of one kind to one span; blank lines belong to what stands before them."""
    spans: list[Span] = []
    offset = start = 0
    current = kinds[0]
    depth = 0
    for line, kind in zip(lines, kinds, strict=True):
        blank = not line.strip()
        if kind is not current and not blank:
            if offset > start:
                spans.append(Span(start=start, end=offset, kind=current, depth=depth))
            start, current, depth = offset, kind, 0
        if current is SpanKind.QUOTE:
            depth = max(depth, _depth(line))
        offset += len(line) + 1
    if size > start:
        spans.append(Span(start=start, end=size, kind=current, depth=depth))
    return tuple(spans)
