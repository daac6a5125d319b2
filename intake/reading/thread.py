"""The thread in a text, line by line: quotations, what introduces them, and what is forwarded. Linear."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.model.text import SpanKind
from intake.reading.words import ReadingWords

QUOTE = re.compile(r"^\s{0,3}(?:[A-Z]{1,3})?>(?:[>\s]|(?<=^>)|$)|^\s{0,3}>")
_RULE = re.compile(r"^[\s>*]*[_\-=*#—–─]{4,}\s*$")
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.hH]\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|[\u0660-\u0669]{4}|"
    r"[\u0660-\u0669]{1,2}[:/][\u0660-\u0669]{1,2}|\d{1,2}月|年"
)
_DAY = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|[\u0660-\u0669]{4}|\d{1,2}月|年")
_TIME = re.compile(r"\b\d{1,2}[:.hH]\d\d\b|[\u0660-\u0669]{1,2}:[\u0660-\u0669]{2}")
_ADDRESS = re.compile(r"@|<mailto:")
_MARKS = " *_-\t"
_ARROWS = re.compile(r"^>>> [^>]{1,200}(?:<[^<>]{1,100}>)?[^>]{0,60} >>>\s*$")
"""GroupWise: name, day and time between arrows."""
_GLUED = re.compile(r"[:：][ \u00a0]{2,8}(?=\S)")
_PIPE = re.compile(r"^\s{0,3}\|\s[^|]*$")
_JOINED = 400  # characters of a line that introduces a quotation, however it was wrapped
_TAIL = 60  # the longest phrase of config/reading.toml fits

_COVER_WORDS = 90
_FEW = 3  # lines that begin with ">": who has more of them quotes
_BROKEN = 40  # columns of a line that was broken for its length
_ENDS = '.:;!?。：；！？؟…"”»)'
_FIGURE = re.compile(r">\s?=?\s?[€$£¥]?[\d\u0660-\u0669]+(?![\d\u0660-\u0669.)\u3001:]*[.)\u3001:]\s)")


def is_rule(line: str) -> bool:
    """Whether a line is drawn, not written."""
    return len(line) < 200 and _RULE.match(line) is not None


class Thread:
    """One look at each line. `forward`: the subject says that the message forwards; `reply`: that it replies."""

    def __init__(self, lines: Sequence[str], words: ReadingWords, *, forward: bool, reply: bool) -> None:
        self._lines = lines
        self._words = words
        self._subject_forwards = forward
        self._subject_replies = reply
        self._answers_below = False
        self._kinds: list[SpanKind] = [SpanKind.NEW] * len(lines)
        self._quoted = _quoted(lines)
        if reply:
            _mark_pipes(lines, self._quoted)

    def mark(self) -> list[SpanKind]:
        """The kind of each line: new, quote, reply header, forward header, forwarded."""
        plain = SpanKind.NEW
        index = 0
        while index < len(self._lines):
            if plain is SpanKind.QUOTE:
                self._kinds[index:] = [plain] * (len(self._lines) - index)
                break
            if self._starts_forward(index, plain):
                end = self._header_end(index)
                if end == index + 1 and (size := self._introduction(at := self._filled(end))):
                    end = at + size  # Yandex: date, name and address in one line
                self._head(index, end, SpanKind.FORWARD_HEADER)
                plain = SpanKind.FORWARDED
                index = end
            elif plain is SpanKind.FORWARDED and self._words.forwarded_end.match(self._lines[index]):
                self._kinds[index] = SpanKind.FORWARD_HEADER
                plain = SpanKind.NEW
                index += 1
            elif self._quoted[index] and not _is_arrows(self._lines[index]):
                self._kinds[index] = SpanKind.QUOTE
                index += 1
            elif size := self._introduction(index):
                index, plain = self._after_introduction(index, index + size, plain)
            elif self._is_header_block(index):
                index, plain = self._after_block(index, plain)
            else:
                self._kinds[index] = plain
                index += 1
        return self._kinds

    def _starts_forward(self, index: int, plain: SpanKind) -> bool:
        """A line that says "forwarded message"; inside a quotation it belongs to the quotation."""
        line = self._lines[index]
        if not self._words.forwarded.match(line):
            return False
        return not self._quoted[index] or (plain is SpanKind.NEW and self._before(index) is not SpanKind.QUOTE)

    def _before(self, index: int) -> SpanKind | None:
        """Kind of the last filled line before; None at the top."""
        for at in range(index - 1, max(-1, index - 6), -1):
            if self._lines[at].strip():
                kind = self._kinds[at]
                return SpanKind.QUOTE if kind is SpanKind.REPLY_HEADER else kind
        return None

    def _after_introduction(self, start: int, end: int, plain: SpanKind) -> tuple[int, SpanKind]:
        """ "X wrote:" with a marked quotation goes on line by line; an unmarked one reaches to the end."""
        if self._quote_follows(end):
            self._head(start, end, SpanKind.REPLY_HEADER)
            return end, plain
        return self._rest(start, end, plain)

    def _after_block(self, start: int, plain: SpanKind) -> tuple[int, SpanKind]:
        end = self._header_end(start)
        if end == start + 1 and (size := self._introduction(at := self._filled(end))):
            return self._after_introduction(start, at + size, plain)  # "Original Message" above "X wrote:"
        if self._quote_follows(end) and not self._subject_forwards:
            self._head(start, end, SpanKind.REPLY_HEADER)
            return end, plain
        if self._subject_forwards and plain is SpanKind.NEW:
            self._head(start, end, SpanKind.FORWARD_HEADER)
            return end, SpanKind.FORWARDED
        return self._rest(start, end, plain)

    def _filled(self, index: int) -> int:
        """The next line that is not empty, at most two lines on; the last line at most."""
        last = len(self._lines) - 1
        return next((at for at in range(index, min(index + 3, last + 1)) if self._lines[at].strip()), min(index, last))

    def _rest(self, start: int, end: int, plain: SpanKind) -> tuple[int, SpanKind]:
        """An unmarked quotation. With nothing of one's own above it, and no reply, somebody passes it on."""
        own = self._own_above(start) if plain is SpanKind.NEW else ""
        if own and len(own.split()) < _COVER_WORDS and not self._answers_below and self._words.below.search(own):
            # "see our answers below": the author wrote into the unmarked quotation, and the questions tell them apart
            self._answers_below = True
            self._head(start, end, SpanKind.REPLY_HEADER)
            return end, SpanKind.NEW
        if plain is SpanKind.NEW and not own and not self._subject_replies:
            self._head(start, end, SpanKind.FORWARD_HEADER)
            return end, SpanKind.FORWARDED
        self._head(start, end, SpanKind.REPLY_HEADER)
        return end, SpanKind.QUOTE

    def _own_above(self, start: int) -> str:
        """The first words of the author's own above a line."""
        found = []
        for line, kind in zip(self._lines[:start], self._kinds[:start], strict=True):
            if kind is SpanKind.NEW and line.strip() and not is_rule(line):
                found.append(line)
                if len(found) > _COVER_WORDS:
                    break
        return " ".join(found)

    def _head(self, start: int, end: int, kind: SpanKind) -> None:
        """Mark a header, with the rule above it."""
        for index in range(start, min(end, len(self._lines))):
            self._kinds[index] = kind
        above = start - 1
        while above >= max(0, start - 3) and not self._lines[above].strip():
            above -= 1
        if above >= 0 and is_rule(self._lines[above]) and self._kinds[above] in (SpanKind.NEW, SpanKind.FORWARDED):
            for index in range(above, start):
                self._kinds[index] = kind

    def _quote_follows(self, index: int) -> bool:
        """Whether the quotation is marked line by line, so that answers may stand between."""
        for at in range(index, min(index + 4, len(self._lines))):
            if self._lines[at].strip():
                return self._quoted[at]
        return False

    def _introduction(self, index: int) -> int:
        """How many lines from here introduce a quotation ("On ..., X wrote:"); 0 when none does."""
        first = self._lines[index]
        if _is_arrows(first) or self._is_glued(first[:_JOINED]):
            return 1
        if len(first) > _JOINED or not first.strip():
            return 0
        if not (_DATE.search(first) or _ADDRESS.search(first) or self._words.starts.match(first) or self._wrote(first)):
            return 0
        joined = ""
        for size in range(1, 6):
            line = self._lines[index + size - 1].strip() if index + size <= len(self._lines) else ""
            if not line or len(joined) + len(line) > _JOINED:
                return 0
            if size > 1 and self._words.starts.match(line) and _DAY.search(line) and not self._is_after_name(joined, line):
                return 0  # the introduction begins here, not above
            joined = f"{joined} {line}".strip()
            if self._introduces(joined, index + size, size):
                return size
        return 0

    def _is_glued(self, line: str) -> bool:
        """Whether the quoted text follows its introduction in one line (Yahoo's telephones): address, day and time, and a gap."""
        found = _GLUED.search(line, max(0, line.find("@")))
        head = line[: found.start() + 1] if found else ""
        told = _ADDRESS.search(head) and _TIME.search(head) and (_DAY.search(head) or _DATE.search(head))
        return bool(told) and (self._wrote(head) or _angled(head))

    def _is_after_name(self, before: str, line: str) -> bool:
        """Chinese puts the day after the name, which may have filled a line."""
        return before.endswith(">") and self._words.after_name.match(line) is not None

    def _wrote(self, text: str) -> bool:
        return self._words.wrote.end(text.rstrip(_MARKS)[-_TAIL:])

    def _introduces(self, joined: str, after: int, size: int) -> bool:
        """Whether these words introduce a quotation. Unmarked ones must say more, lest words of the author's own be taken for it."""
        tail = joined.rstrip(_MARKS)
        colon = tail.endswith((":", "：", ":>"))
        said = self._wrote(joined)
        if not colon and not said:
            return False
        dated, addressed = bool(_DATE.search(joined)), bool(_ADDRESS.search(joined))
        if self._quote_follows(after):
            quotes = self._words.quoting.search(joined) is not None
            return (
                (quotes and (dated or addressed or size == 1))
                or (said and (dated or addressed or (size == 1 and len(joined) < 100)))
                or (colon and dated and (addressed or size < 3))
            )
        if said and addressed:
            return True
        if said and dated and _TIME.search(joined):
            return True
        return colon and dated and addressed and _angled(tail)

    def _is_header_block(self, index: int) -> bool:
        """A line "Original message", or a block of header fields by itself (Outlook)."""
        line = self._lines[index]
        if not line.strip() or len(line) > 1000:
            return False
        if self._words.original.match(line):
            return True
        ruled = bool(index) and is_rule(self._lines[index - 1])
        first = self._words.from_field.match(line) is not None
        if not first and not (self._words.fields.match(line) and (ruled or not index or not self._lines[index - 1].strip())):
            return False
        block = self._fields(index)
        text = "\n".join(self._lines[at] for at in block)
        if not first and not ruled:  # Hotmail begins with the date, below a rule that only the page shows
            sender = any(self._words.from_field.match(self._lines[at]) for at in block)
            return sender and len(block) >= 4 and bool(_ADDRESS.search(text) and _TIME.search(text))
        # A memorandum's own head has neither addresses nor the time of day.
        return len(block) >= 3 and bool(_ADDRESS.search(text) or _TIME.search(text))

    def _fields(self, index: int) -> list[int]:
        """Lines with header fields that stand together from here; wrapped values and single empty lines between are passed over."""
        found: list[int] = []
        others = 0
        for at in range(index, min(index + 24, len(self._lines))):
            line = self._lines[at]
            if self._words.fields.match(line):
                found.append(at)
                others = 0
            elif line.strip() and not line.startswith((" ", "\t")):
                others += 1
            elif not line.strip() and at + 1 < len(self._lines) and not self._words.fields.match(self._lines[at + 1]):
                break
            if others > 2:
                break
        return found

    def _header_end(self, index: int) -> int:
        """First line after the introducing line and its fields."""
        start = index if self._words.fields.match(self._lines[index]) else index + 1
        while start < min(index + 4, len(self._lines)) and not self._lines[start].strip(" >\t"):
            start += 1
        if start >= len(self._lines) or not self._words.fields.match(self._lines[start]):
            return index + 1
        end = self._fields(start)[-1] + 1
        while end < len(self._lines) and self._lines[end].startswith((" ", "\t")) and self._lines[end].strip():
            end += 1
        return end


def _quoted(lines: Sequence[str]) -> list[bool]:
    """Which lines are marked as quoted. A lone line is none where the mark is "more than": the line above was broken before it, or a
    figure follows."""
    marked = [QUOTE.match(line) is not None for line in lines]
    if 0 < marked.count(True) <= _FEW:
        for index, _ in enumerate(lines):
            if (
                marked[index]
                and _compares(lines, index)
                and not any(marked[max(0, index - 1) : index] + marked[index + 1 : index + 2])
            ):
                marked[index] = False
    return marked


def _is_arrows(line: str) -> bool:
    return line.startswith(">>> ") and _ARROWS.match(line) is not None and _DATE.search(line) is not None


def _mark_pipes(lines: Sequence[str], quoted: list[bool]) -> None:
    """Lines behind "|" are quoted in a reply, where two of them or more stand together and none is a row of a table."""
    start = 0
    for index in range(len(lines) + 1):
        if index < len(lines) and _PIPE.match(lines[index]):
            continue
        if index - start > 1:
            quoted[start:index] = [True] * (index - start)
        start = index + 1


def _compares(lines: Sequence[str], index: int) -> bool:
    """Whether ">" compares: in the middle of a sentence that was broken there, or before a figure that is no number of a question."""
    line, above = lines[index].strip(), lines[index - 1].strip() if index else ""
    wide = len(above) + sum(char > "\u2e7f" for char in above)
    if wide >= _BROKEN and above[-1] not in _ENDS and _FIGURE.match(line):
        return True
    below = lines[index + 1].strip() if index + 1 < len(lines) else ""
    return wide >= _BROKEN and above[-1] not in _ENDS and bool(below) and line[1:].lstrip()[:1].islower()


def _angled(tail: str) -> bool:
    """The address stands at the end, in angle brackets: no sentence ends so."""
    return tail.rstrip(":： ").endswith((">", ")", '"'))
