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
_NUMBERED = re.compile(
    r"^\s*(?:\(?[\d\u0660-\u0669]{1,2}(?:[.)](?:\s|$|(?=[^\d\s]))|[:：、．]\s*)|[一二三四五六七八九十]{1,3}[、．.]|Q\.?\s?\d)"
)
_SENTENCE_END = re.compile(r"[.!?。！？؟…][\"'”»）)]?\s*$")
_CLAUSES = re.compile(r"[.!?؟;:—–]\s+|[。！？；：，]|\n")
_LINK = re.compile(r"@[\w-]+\.|\bwww\.|https?://|mailto:")
_SIGNATURE_LINES = 15
_LIST_LINES = 40
_LIST_CHARS = 3000
_DEVICE_CHARS = 120
_LEGAL_CHARS = 20_000
_LEGAL_SHARE = 0.75
_WRAPPED = 50  # columns from which a line may go on in the next


def _is_device(line: str, after: int, words: ReadingWords) -> bool:
    """Whether a line that begins as "Sent from my" is one: it names a device or a program in few words, or stands last in very few."""
    said = words.device.match(line) if len(line) < _DEVICE_CHARS else None
    if said is None:
        return False
    rest: str = _LINK.split(line[said.end() :])[0].strip(" .。*_<>()[]")
    size = len(rest.split()) + sum(char > "\u2e7f" for char in rest) // 2
    if words.makes.search(line):
        return size <= 14
    if re.search(r"[,:;，：；،؛—–]", rest):
        return False
    return size <= (5 if words.devices.search(line) else 3 if after == 0 else -1)


def _is_sentence(line: str) -> bool:
    """Whether a line says something: it ends as a sentence does, and is no mere name."""
    return _SENTENCE_END.search(line) is not None and (len(line.split()) > 2 or sum(char > "\u2e7f" for char in line) > 3)


def _is_legal(text: str, words: ReadingWords) -> bool:
    """Whether a paragraph is a legal footer: it begins as one or says two of its phrases, and hardly a clause speaks of anything else."""
    strong = words.legal.count(text)
    if not strong or words.legal_words.count(text) + strong < 2 or (strong < 2 and not words.legal.begin(text)):
        return False
    clauses = [clause for clause in _CLAUSES.split(text) if clause.strip()]
    spoken = sum(len(clause) for clause in clauses if words.legal_words.within(clause) or words.legal.within(clause))
    return spoken >= _LEGAL_SHARE * sum(map(len, clauses))


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
                if self._is_list_footer(index + 1, last):
                    self._set(index, last, SpanKind.LIST_FOOTER)
                return

    def _is_list_footer(self, start: int, end: int) -> bool:
        """Whether nothing from here speaks of anything but the list: no number of an answer, no other sentence."""
        said: list[str] = []
        for line in self._lines[start:end]:
            if _NUMBERED.match(line):
                return False
            above = said[-1] if said else ""
            if line.strip() and len(above) >= _WRAPPED and not _SENTENCE_END.search(above) and not _LINK.search(above[-60:]):
                said[-1] = f"{above} {line.strip()}"
            else:
                said.append(line.strip())
        told = self._words.list_footer
        return not any(_is_sentence(line) and not told.search(line) and not _LINK.search(line) for line in said)

    def _device_footers(self, start: int, end: int) -> None:
        """One line; few words may follow it, for a sentence of the author's own may begin so."""
        after = 0
        for index in range(end - 1, start - 1, -1):
            line = self._lines[index]
            if not line.strip():
                continue
            if _is_device(line, after, self._words):
                self._kinds[index] = SpanKind.DEVICE_FOOTER
            else:
                after += 1
            if after > 4:
                return

    def _legal_footer(self, start: int, end: int) -> None:
        """Paragraphs at the end of the run that speak like one, with addresses and rules among them; what else follows one keeps it."""
        cut: int | None = None
        for first, last in reversed(self._paragraphs(start, end)[-12:]):
            text = "\n".join(self._lines[first:last])
            if len(text) < _LEGAL_CHARS and (at := self._legal_start(first, last)) is not None:
                cut = at
                if at > first:
                    break
            elif not self._is_furniture(first, last):
                break
        if cut is None or cut <= start:
            return
        while cut > start + 1 and (is_rule(self._lines[cut - 1]) or not self._lines[cut - 1].strip()):
            cut -= 1
        self._set(cut, end, SpanKind.LEGAL_FOOTER)

    def _legal_start(self, first: int, last: int) -> int | None:
        """The line of a paragraph from which it is a legal footer: its first one, or below a name the first that begins as one."""
        if any(_NUMBERED.match(self._lines[at]) for at in range(first, min(first + 1, last))):
            return None
        if _is_legal(" ".join(self._lines[first:last]), self._words):
            return first
        for at in range(first + 1, last):
            if self._words.legal.begin(self._lines[at]):
                return at if _is_legal(" ".join(self._lines[at:last]), self._words) else None
        return None

    def _is_furniture(self, first: int, last: int) -> bool:
        """A rule, or nothing but short lines of addresses and numbers: what stands among the paragraphs of a legal footer."""
        return all(
            is_rule(line) or (len(line) < 100 and _CONTACT.search(line) and not _is_sentence(line) and not _NUMBERED.match(line))
            for line in self._lines[first:last]
        )

    def _signature(self, start: int, end: int) -> None:
        """After "-- " (RFC 3676 4.3) or another mark; a closing without mark and what follows stays the author's text."""
        for index in range(end - 1, max(start - 1, end - _SIGNATURE_LINES - 6), -1):
            line = self._lines[index]
            if not _SIGNATURE.match(line) and not _LINE_SIGN.match(line):
                continue
            if self._divides(index, start, end):
                return
            if (last := self._signature_end(index, end)) is not None:
                self._set(index, last, SpanKind.SIGNATURE)
                return

    def _signature_end(self, index: int, end: int) -> int | None:
        """Where the signature below a mark ends, None where there is none. A numbered paragraph is the author's again."""
        last = next((at for at in range(index + 1, end) if _NUMBERED.match(self._lines[at])), end)
        line = self._lines[index]
        below = [text for text in self._lines[index + 1 : last] if text.strip()]
        if last < end and not below:
            return None
        if line.startswith("--"):
            return last if len(below) <= _SIGNATURE_LINES else None
        sure = bool(_SIGNATURE.match(line)) or (any(map(_CONTACT.search, below)) and not any(map(_is_sentence, below)))
        return last if sure and 0 < len(below) <= 8 and all(len(text) < 80 for text in below) else None

    def _divides(self, index: int, start: int, end: int) -> bool:
        """Whether a mark divides answers: sentences stand below it, no address, and it stands above too or is "--" without its space."""
        below = self._lines[index + 1 : end]
        if any(map(_CONTACT.search, below)) or not any(map(_SENTENCE_END.search, below)):
            return False
        above = self._lines[max(start, index - 200) : index]
        return any(map(_SIGNATURE.match, above)) or (self._lines[index] == "--" and _is_sentence(below[0]))

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
