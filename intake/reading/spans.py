"""What the author wrote now, and what is quoted, forwarded, signed or appended: marked line by line, nothing deleted. Linear."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.model.text import Span, SpanKind
from intake.reading.footers import Footers
from intake.reading.thread import Thread
from intake.reading.words import ReadingWords

_DIRECTION = re.compile("[\u200b\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")


def spans_of(
    text: str,
    words: ReadingWords,
    *,
    forward: bool = False,
    reply: bool = False,
    hidden: Sequence[tuple[int, int]] = (),
) -> tuple[Span, ...]:
    """Spans that cover the text whole, in order, without overlap.

    `forward`, `reply`: the subject says that it forwards or replies. `hidden`: stretches that nobody sees, in order.
    """
    if not text:
        return ()
    lines = text.split("\n")
    seen = _seen(text).split("\n")
    kinds = Footers(seen, words, Thread(seen, words, forward=forward, reply=reply).mark()).mark()
    spans = _merge(lines, kinds, len(text))
    return _overlaid(spans, hidden) if hidden else spans


def _seen(text: str) -> str:
    """The text as it is seen, line for line: marks of direction hide what a line begins with; some programs write "&nbsp;" out."""
    return _DIRECTION.sub("", text.replace("&nbsp;", " ")) if "&nbsp;" in text or _DIRECTION.search(text) else text


def _overlaid(spans: Sequence[Span], hidden: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    """Spans with the hidden stretches cut out of them. One pass over both."""
    out: list[Span] = []
    index = 0
    for span in spans:
        at = span.start
        while index < len(hidden) and hidden[index][0] < span.end:
            start, end = max(at, hidden[index][0]), min(span.end, hidden[index][1])
            if start > at:
                out.append(Span(start=at, end=start, kind=span.kind, depth=span.depth))
            if end > start:
                out.append(Span(start=start, end=end, kind=SpanKind.HIDDEN))
                at = end
            if hidden[index][1] > span.end:
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
