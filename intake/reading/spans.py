"""What the author wrote now, and what is quoted, forwarded, signed or appended: marked line by line, nothing deleted. Linear."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.model.text import Span, SpanKind
from intake.reading.words import ReadingWords

_QUOTE = re.compile(r"^\s{0,3}>")
_RULE = re.compile(r"^[\s>]*[_\-=*#]{5,}\s*$")
_SIGNATURE = re.compile(r"^--\s?$")
_DATE = re.compile(r"\d{1,4}[./年\-:]\s?\d{1,2}|\b(?:19|20)\d\d\b|\d{1,2}:\d\d|[٠-٩]{2,4}|\d{1,2}月")
_ADDRESS = re.compile(r"@|<mailto:")
_LONG_LINE = 400
_SIGNATURE_LINES = 15
_FOOTER_TAIL = 40


def spans_of(text: str, words: ReadingWords, *, forward: bool = False) -> tuple[Span, ...]:
    """Spans that cover the text whole, in order, without overlap. `forward`: the subject says that it forwards."""
    if not text:
        return ()
    lines = text.split("\n")
    kinds = _Marker(lines, words, forward).mark()
    return _merge(lines, kinds, len(text))


class _Marker:
    """One look at each line, with what stood before."""

    def __init__(self, lines: Sequence[str], words: ReadingWords, forward: bool) -> None:
        self.forward = forward
        self.lines = lines
        self.words = words
        self.kinds: list[SpanKind] = [SpanKind.NEW] * len(lines)

    def mark(self) -> list[SpanKind]:
        """The kind of each line."""
        self._thread()
        self._footers()
        self._signature()
        return self.kinds

    def _thread(self) -> None:
        """Quotations, reply headers and forwards from the top."""
        index = 0
        while index < len(self.lines):
            line = self.lines[index]
            if _QUOTE.match(line):
                self.kinds[index] = SpanKind.QUOTE
            elif self._is_forward(index):
                self._forward(index)
                return
            elif (size := self._wrote(index)) > 0:
                self._set(index, index + size, SpanKind.REPLY_HEADER)
                index += size
                if self._quote_follows(index):
                    continue
                self._set(index, len(self.lines), SpanKind.QUOTE)
                return
            elif self._is_original(index) and self.forward:
                self._forward(index)
                return
            elif self._is_original(index):
                end = self._header_block(index)
                self._set(index, end, SpanKind.REPLY_HEADER)
                self._set(end, len(self.lines), SpanKind.QUOTE)
                return
            index += 1

    def _set(self, start: int, end: int, kind: SpanKind) -> None:
        for index in range(start, min(end, len(self.lines))):
            self.kinds[index] = kind

    def _quote_follows(self, index: int) -> bool:
        """Whether the quotation is marked line by line, so that answers may stand between."""
        following = [line for line in self.lines[index : index + 6] if line.strip()]
        return bool(following) and bool(_QUOTE.match(following[0]))

    def _wrote(self, index: int) -> int:
        """How many lines from here introduce a quotation ("On ..., X wrote:"); 0 when none does."""
        joined = ""
        for size in range(1, 4):
            if index + size > len(self.lines):
                return 0
            line = self.lines[index + size - 1].strip()
            if not line or len(line) > _LONG_LINE:
                return 0
            joined = f"{joined} {line}".strip()
            tail = joined.rstrip(" *_")
            said = tail.endswith((":", "：")) or self.words.wrote.search(tail)
            if said and self.words.wrote.search(tail) and (_ADDRESS.search(joined) or _DATE.search(joined)):
                # a sentence of the author's own that ends so is shorter of marks: an address or a full date is asked for
                return size
            if said and size == 1 and _ADDRESS.search(joined) and _DATE.search(joined) and tail.endswith((":", "：")):
                return size
        return 0

    def _is_original(self, index: int) -> bool:
        """A block of header fields, after a line that says so, a rule, or by itself (Outlook)."""
        line = self.lines[index]
        if self.words.original.match(line):
            return True
        return self.words.from_field.match(line) is not None and self._fields_from(index) >= 3

    def _is_forward(self, index: int) -> bool:
        return self.words.forwarded.match(self.lines[index]) is not None

    def _fields_from(self, index: int) -> int:
        """How many header fields stand together from here."""
        count = 0
        for line in self.lines[index : index + 8]:
            if self.words.fields.match(line):
                count += 1
            elif line.strip() and count and not line.startswith((" ", "\t")):
                break
        return count

    def _header_block(self, index: int) -> int:
        """First line after the introducing line and its fields."""
        end = index + 1
        seen = self.words.fields.match(self.lines[index]) is not None
        blank = 0
        while end < len(self.lines) and end < index + 16:
            line = self.lines[end]
            if self.words.fields.match(line):
                seen = True
                blank = 0
            elif not line.strip():
                blank += 1
                if seen or blank > 2:
                    break
            elif seen and not line.startswith((" ", "\t")):
                break
            end += 1
        return end

    def _forward(self, index: int) -> None:
        """A forward: the line, the fields, then the text of another. What stood above stays the forwarder's."""
        end = self._header_block(index)
        self._set(index, end, SpanKind.FORWARD_HEADER)
        self._set(end, len(self.lines), SpanKind.FORWARDED)

    def _footers(self) -> None:
        """Device lines, legal footers and list footers at the end of the author's own text (or of the whole)."""
        for index, line in enumerate(self.lines):
            if self.kinds[index] is SpanKind.NEW and self.words.device.match(line) and len(line) < 120:
                self.kinds[index] = SpanKind.DEVICE_FOOTER
        self._list_footer()
        self._legal_footer()

    def _list_footer(self) -> None:
        for index in range(len(self.lines) - 1, max(-1, len(self.lines) - _FOOTER_TAIL), -1):
            if _RULE.match(self.lines[index]):
                tail = "\n".join(self.lines[index:])
                if len(tail) < 3000 and self.words.list_footer.search(tail):
                    self._set(index, len(self.lines), SpanKind.LIST_FOOTER)
                    return

    def _legal_footer(self) -> None:
        """From the paragraph that speaks like one to the end of the run; it must be near the end of its run."""
        runs = self._runs(SpanKind.NEW)
        for start, end in runs:
            paragraphs = self._paragraphs(start, end)
            cut: int | None = None
            for first, last in reversed(paragraphs[-6:]):
                words = " ".join(self.lines[first:last])
                if self.words.legal.search(words):
                    cut = first
                elif cut is not None or len(words) > 300:
                    break
            if cut is not None and cut > start:
                if cut > start and _RULE.match(self.lines[cut - 1]):
                    cut -= 1
                self._set(cut, end, SpanKind.LEGAL_FOOTER)

    def _signature(self) -> None:
        """After "-- " (RFC 3676 4.3); elsewhere a closing and what follows stays the author's text."""
        for start, end in self._runs(SpanKind.NEW):
            for index in range(end - 1, max(start - 1, end - _SIGNATURE_LINES - 6), -1):
                if _SIGNATURE.match(self.lines[index]):
                    filled = [line for line in self.lines[index + 1 : end] if line.strip()]
                    if len(filled) <= _SIGNATURE_LINES:
                        self._set(index, end, SpanKind.SIGNATURE)
                    break

    def _runs(self, kind: SpanKind) -> list[tuple[int, int]]:
        runs: list[tuple[int, int]] = []
        start: int | None = None
        for index, found in enumerate([*self.kinds, None]):
            if found is kind and start is None:
                start = index
            elif found is not kind and start is not None:
                runs.append((start, index))
                start = None
        return runs

    def _paragraphs(self, start: int, end: int) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        first: int | None = None
        for index in range(start, end + 1):
            blank = index == end or not self.lines[index].strip()
            if not blank and first is None:
                first = index
            elif blank and first is not None:
                found.append((first, index))
                first = None
        return found


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
