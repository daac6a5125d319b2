"""The frame of a letter: salutation, closing formula, signature block; what stands outside is no answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from intake.sorting.answers_lines import Page
from intake.sorting.answers_tables import AnswerTables
from intake.sorting.folding import has_cjk
from intake.sorting.glance import Latest

_LINE = re.compile(r"[^\n]+")
_LAST_LINES = 24
_SIGNATURE_LINES = 12
_HEADER_LINES = 18
_GREETED = re.compile(r"[^,:!،.?;]{0,40}[,:!،](?=\s*\S)")
"""The rest of a greeting, with its mark, where more stands behind it."""
_CLAUSE_WORDS = 5
_CLAUSE_SIGNS = 8
_GAP = re.compile(r"\n\s*\n")


class Frame(Struct, frozen=True):
    """Folded offsets: the letter stands in [start, closing), the formula in [closing, signature), then the signature."""

    start: int
    closing: int
    signature: int
    end: int


def frame_of(page: Page, tables: AnswerTables) -> Frame:
    """The frame of a page's own words. An attachment's is found in the same way."""
    return _LATEST.of((page, tables), lambda: _frame_of(page, tables))


_LATEST: Latest[Frame] = Latest(8)


def _frame_of(page: Page, tables: AnswerTables) -> Frame:
    if not page.own:
        return Frame(0, 0, 0, 0)
    lines = [line for start, end in page.own for line in _lines(page.plain, start, end)]
    if not lines:
        return Frame(page.own[0][0], page.own[-1][1], page.own[-1][1], page.own[-1][1])
    start, end = lines[0][0], lines[-1][1]
    closing = _closing(page.plain, lines, tables)
    for number, (begin, stop) in enumerate(lines[:_HEADER_LINES]):
        line = page.plain[begin:stop]
        # Under a letterhead and an address only a line like "Dear Sir," is the salutation; "Saludos cordiales," below is none.
        ends = closing is not None and number > 0 and begin >= closing[0]
        greeted = 0 if ends else _salutation(line, tables)
        if greeted and (number < 4 or line[greeted - 1] in ",:!"):
            start = begin + greeted
    if closing is not None:
        formula, after = closing
        return Frame(min(start, formula), formula, after, end)
    signature = _signature_block(page, lines, tables)
    return Frame(min(start, signature), signature, signature, end)


def _lines(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    found = []
    for match in _LINE.finditer(plain, start, end):
        text = match.group()
        stripped = text.strip()
        if stripped:
            lead = len(text) - len(text.lstrip())
            found.append((match.start() + lead, match.start() + lead + len(stripped)))
    return found


def _salutation(line: str, tables: AnswerTables) -> int:
    """How much of a line greets: 0, all of it, or up to the comma behind which the text goes on."""
    match = tables.salutation.match(line)
    if match is None:
        return 0
    rest = line[match.end() :]
    if len(rest.split()) > 10 and len(re.findall(r"[,،，]\s", rest)) > 1:
        return 0  # it goes on to say who writes
    mark = _GREETED.match(rest)
    if mark is not None and _goes_on(line, match.end() + mark.end(), tables):
        return match.end() + mark.end()
    greets = len(line) <= 120 and (line[-1] in ",:!.;" or len(rest.split()) <= 6)
    breaks = r"[.?!]\s*\S" if has_cjk(rest) else r"[.?!]\s+\S"
    return len(line) if greets and not re.search(breaks, rest.rstrip(" .!")) else 0


def _goes_on(line: str, at: int, tables: AnswerTables) -> bool:
    """Whether a text begins behind the greeting, and not a second greeting or the office of the one who is greeted."""
    more = line[at:].strip()
    if tables.salutation.match(more) is not None or line[-1] in ",:":
        return False
    if has_cjk(more):
        return len(more) >= _CLAUSE_SIGNS
    return line[-1] in ".?!;" and len(more.split()) >= _CLAUSE_WORDS


def _closing(plain: str, lines: Sequence[tuple[int, int]], tables: AnswerTables) -> tuple[int, int] | None:
    """Start of the closing formula and of what follows it: the first formula after which only short lines stand."""
    found: tuple[int, int] | None = None
    for number in range(len(lines) - 1, max(-1, len(lines) - 1 - _LAST_LINES), -1):
        start, end = lines[number]
        line = plain[start:end]
        if _is_closing(line, tables):
            stop = end
            # A long formula runs over several lines, to its comma or full stop.
            follow = number
            while (
                len(plain[start:stop]) > 55 and plain[stop - 1] not in ",.!" and follow + 1 < len(lines) and follow < number + 3
            ):
                follow += 1
                stop = lines[follow][1]
            after = lines[follow + 1][0] if follow + 1 < len(lines) else stop
            # Two lines of one formula (此致 / 敬礼, "Thank you," / "Kind regards,").
            found = (start, found[1] if found and found[0] == after else after)
        elif (found is not None and len(line) > 90 and line[-1] in ".?!") or (
            found is None and (len(lines) - number > _SIGNATURE_LINES or _is_sentence(line)) and len(lines) - number > 4
        ):
            break
    return found


def _labels(line: str, tables: AnswerTables) -> bool:
    """A line that names a question is in no signature."""
    return tables.opener.match(line) is not None or (len(line) < 80 and tables.question_word.search(line) is not None)


def _is_closing(line: str, tables: AnswerTables) -> bool:
    match = tables.closing.match(line)
    if match is None or tables.question_word.search(line):
        return False
    formula, rest = match.group().strip(), line[match.end() :].strip(" ,.!-:")
    if has_cjk(formula):
        return len(line) <= 40
    if " " in formula and len(formula) > 9:
        return len(rest) < 140
    return len(rest.split()) <= 4 and len(line) <= 60


def _is_sentence(line: str) -> bool:
    return line[-1] in ".?!;:" and len(line.split()) > 8


def _signature_block(page: Page, lines: Sequence[tuple[int, int]], tables: AnswerTables) -> int:
    """Where a block of short lines without sentences begins at the end, or the end itself.

    The block ends where an empty line stands; in a text without empty lines, where a sentence or a full line does.
    """
    end = lines[-1][1]
    # In a document every paragraph stands apart: there the first full line ends the block.
    spaced = page.unit.kind != "attachment" and any(_GAP.search(page.plain[one[1] : two[0]]) for one, two in pairwise(lines))
    block: list[tuple[int, int]] = []
    for start, stop in reversed(lines):
        gap = spaced and bool(block) and _GAP.search(page.plain[stop : block[-1][0]]) is not None
        line = page.plain[start:stop]
        if gap or (not spaced and (line[-1] in ".?!;:" or len(line) > 70 or (has_cjk(line) and len(line) > 25))):
            break
        block.append((start, stop))
        if len(block) > _SIGNATURE_LINES:
            return end
    block.reverse()
    if not block or len(block) == len(lines) or any(_labels(page.plain[start:stop], tables) for start, stop in block):
        return end
    texts = [page.fold_original(start, stop) for start, stop in block]
    sentences = sum(
        text[-1] in ".?!;:。？！" and len(text) > (12 if has_cjk(text) else (90 if text[-1] == ":" else 40)) for text in texts
    )
    longest = max(len(text) for text in texts)
    heads = [re.split(r"[,،，–—]| {2,}|\t", text)[0] for text in texts[:3]]
    shouted = heads[0].isupper() and len(heads[0]) < 60 and len(texts) > 1
    if sentences or longest > 110 or not (any(looks_like_name(head) for head in heads) or shouted):
        return end
    if len(block) == 1 and len(texts[0]) > 30 and not re.search(r"[,،，(–—-]", texts[0]):
        return end
    return block[0][0]


def looks_like_name(text: str) -> bool:
    """Two to six words that begin with capitals (particles may not), or a short Arabic or Chinese line; no digits."""
    text = text.strip(" .,-–—*_()")
    if not text or any(char.isdigit() for char in text) or "@" in text or len(text) > 60:
        return False
    if has_cjk(text):
        return len(text.replace(" ", "")) <= 5
    words = [word for word in re.split(r"[\s]+", text) if word]
    if any("\u0600" <= char <= "\u06ff" for char in text):
        return 2 <= len(words) <= 6
    capitals = [word for word in words if word[0].isupper()]
    return 2 <= len(words) <= 7 and len(capitals) >= 2 and words[0][0].isupper() and words[-1].strip(".,)")[:1].isupper()
