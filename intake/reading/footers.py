"""What stands below an author's words: signatures, legal footers, list footers, "sent from my ...". Linear."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.model.text import SpanKind
from intake.reading.thread import is_rule
from intake.reading.words import ReadingWords

_SIGNATURE = re.compile(r"^(?:--|—|––?|—{2,}|–{2,})\s*$")
_LINE_SIGN = re.compile(r"^\s*_{2,}\s*$")
_CONTACT = re.compile(r"@|\bwww\.|https?://|\+\d{1,3}[\s(.-]|\b(?:\d{2,4}[\s.-]){2,}\d{2,}")
_SIGNATURE_LINES = 15
_LIST_LINES = 40
_LIST_CHARS = 3000
_DEVICE_CHARS = 120
_LEGAL_CHARS = 20_000


def _is_sentence(rest: str, words: ReadingWords) -> bool:
    """Whether what follows "Sent from my" is a sentence of the author's own: it is long, ends as one and names no make."""
    if words.makes.search(rest):
        return False
    found = rest.split()
    return len(found) >= 7 and found[0].islower() and rest.rstrip().endswith((".", "!", "?"))


class Footers:
    """Marks footers in the kinds that the thread left."""

    def __init__(self, lines: Sequence[str], words: ReadingWords, kinds: list[SpanKind]) -> None:
        self._lines = lines
        self._words = words
        self._kinds = kinds

    def mark(self) -> list[SpanKind]:
        """The kinds with footers marked."""
        self._list_footer()
        for start, end in self.runs(SpanKind.NEW):
            self._device_footers(start, end)
        for start, end in self.runs(SpanKind.NEW):
            self._legal_footer(start, end)
        for start, end in self.runs(SpanKind.NEW):
            self._signature(start, end)
        return self._kinds

    def runs(self, kind: SpanKind) -> list[tuple[int, int]]:
        """Stretches of lines of one kind."""
        runs: list[tuple[int, int]] = []
        start: int | None = None
        for index, found in enumerate([*self._kinds, None]):
            if found is kind and start is None:
                start = index
            elif found is not kind and start is not None:
                runs.append((start, index))
                start = None
        return runs

    def _set(self, start: int, end: int, kind: SpanKind) -> None:
        for index in range(start, end):
            self._kinds[index] = kind

    def _list_footer(self) -> None:
        """The last rule with words of list software below it (Mailman, LISTSERV, Sympa, Google Groups)."""
        last = len(self._lines)
        for index in range(last - 1, max(-1, last - _LIST_LINES), -1):
            line = self._lines[index]
            if not is_rule(line) and not _SIGNATURE.match(line) and not _LINE_SIGN.match(line):
                continue
            tail = "\n".join(self._lines[index:])
            if len(tail) < _LIST_CHARS and not tail.lstrip().startswith(">") and self._words.list_footer.search(tail):
                self._set(index, last, SpanKind.LIST_FOOTER)
                return

    def _device_footers(self, start: int, end: int) -> None:
        """One line; few words may follow it, for a sentence of the author's own may begin so."""
        after = 0
        for index in range(end - 1, start - 1, -1):
            line = self._lines[index]
            if not line.strip():
                continue
            if (
                len(line) < _DEVICE_CHARS
                and (said := self._words.device.match(line))
                and not _is_sentence(line[said.end() :], self._words)
            ):
                self._kinds[index] = SpanKind.DEVICE_FOOTER
            else:
                after += 1
            if after > 4:
                return

    def _legal_footer(self, start: int, end: int) -> None:
        """From the paragraph that speaks like one to the end of the run; it must be near the end of its run."""
        cut: int | None = None
        for first, last in reversed(self._paragraphs(start, end)[-6:]):
            words = " ".join(self._lines[first:last])
            if len(words) < _LEGAL_CHARS and self._words.legal.within(words):
                cut = first
            elif cut is not None or len(words) > 300:
                break
        if cut is None or cut <= start:
            return
        while cut > start + 1 and (is_rule(self._lines[cut - 1]) or not self._lines[cut - 1].strip()):
            cut -= 1
        self._set(cut, end, SpanKind.LEGAL_FOOTER)

    def _signature(self, start: int, end: int) -> None:
        """After "-- " (RFC 3676 4.3) or another mark; a closing without mark and what follows stays the author's text."""
        for index in range(end - 1, max(start - 1, end - _SIGNATURE_LINES - 6), -1):
            line = self._lines[index]
            if not _SIGNATURE.match(line) and not _LINE_SIGN.match(line):
                continue
            below = [text for text in self._lines[index + 1 : end] if text.strip()]
            short = all(len(text) < 80 for text in below)
            if line.startswith("--"):
                sure = len(below) <= _SIGNATURE_LINES
            else:
                sure = short and 0 < len(below) <= 8 and (bool(_SIGNATURE.match(line)) or any(map(_CONTACT.search, below)))
            if sure:
                self._set(index, end, SpanKind.SIGNATURE)
                return

    def _paragraphs(self, start: int, end: int) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        first: int | None = None
        for index in range(start, end + 1):
            blank = index == end or not self._lines[index].strip()
            if not blank and first is None:
                first = index
            elif blank and first is not None:
                found.append((first, index))
                first = None
        return found
