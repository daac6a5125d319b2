"""Bare numbered lists ("1.", "二、", "iv)") and bare headings: answers only when something says that they are answers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from intake.sorting.answers_bare import NAMED, bare_marks, framed_or_signed
from intake.sorting.answers_lines import Page
from intake.sorting.answers_marks import Mark, numbers_in
from intake.sorting.answers_questions import QuestionIndex
from intake.sorting.answers_tables import AnswerTables
from intake.sorting.folding import has_cjk, words_of

_NUMBER = re.compile(
    r"[ \t(\[*_#•·№§|\"-]{0,6}(?P<n>\d{1,2}|viii|vii|vi|iv|ix|iii|ii|xii|xi|x|v|i|[一二三四五六七八九十]{1,3})(?P<ring>\u20e3)?"
    r"(?!\w|[.,:]\d)(?P<sep>[ *_]{0,3}[.)\]:、,/°>=→-]{1,2}|[\uff0e]|(?=\s|$))"
)
_INLINE = re.compile(
    r"(?:(?<=[:;.!?,])\s+|(?<=[:;.!?,])(?=[一二三四五六七八九十(])|^\s*)(?P<lead>(?:[^\W\d_]{1,6}\s){0,2})[(\[]?"
    r"(?P<n>\d{1,2}|[a-hivx]|i{1,3}|iv|[一二三四五六七八九十])(?:\s?[)\].:=]+(?!\d)|\s?-(?!\d)|,(?=\s))\s*(?=\w)"
)
"""An item of a list that runs on in one paragraph: "1 - ...; 2 - ...", "a la 1, ...; a la 2, ..."."""
_PUNCTUATION = re.compile(r"[:;.!?,]")
_RUN_ON = 6
"""Words before a list that is all there is of a message."""
_OPENING = 25
"""Words before which a list that runs on in one paragraph may begin."""
_LETTERS = ("abcdefghijkl", "абвгдежзиклм", "ابجدهوزحطيكل")
"""Alphabets by which lists are counted (Arabic in the order of abjad)."""
_LETTER = re.compile(rf"[ \t(\[*_\"-]{{0,4}}(?P<n>[{''.join(_LETTERS)}])[ *_]{{0,2}}[.)\]:-]{{1,2}}(?=[\s*_])")
_DECIMAL = re.compile(r"[ \t*_]{0,4}(?P<n>\d{1,2})\.\d{1,2}[.)]?[ \t*_]{1,4}(?=[^\W\d_])")
"""A paragraph of an answer that has several: "2.1", "2.2"."""
_MONTH = re.compile(r"\s?[^\W\d_]{3,10}\.?\s(?:de\s)?(?:19|20)\d\d")
_ENOUGH = 2.0
_BEFORE = 700
_NEAR = 160
_POINTED = 1.0
_GAP = 2.0
"""A list that leaves numbers out is somebody else's numbering: nobody's own begins with 2 or goes from 1 to 4."""
_HEADED = 1.0
"""How much a subject says that promises answers."""
_OPEN = 1.0
_FIELD = 40
"""Letters in which an item says that it comes later."""
_MOST = 200
"""Items of a list beyond which nobody answers questions."""


def list_marks(page: Page, index: QuestionIndex, tables: AnswerTables, subject: str) -> tuple[Mark, ...]:
    """The marks of the best bare list of a page, when it answers the questions; else none. `subject` is folded."""
    families = {**_families(page, tables), "inline": _run_on(page, tables)}
    for style, mark in bare_marks(page, tables):
        families.setdefault(style, []).append(mark)
    best: tuple[float, tuple[Mark, ...]] = (0.0, ())
    for style, marks in families.items():
        sequence = _shuffled(marks[:_MOST], index) or _rising(marks[:_MOST], index)
        if len(sequence) < 2 and style.startswith("letter"):
            continue  # an initial
        if len(sequence) > 1 and all(_is_question(page, mark) for mark in sequence):
            continue  # questions of one's own
        score = _evidence(page, sequence, index, tables, subject) if sequence else 0.0
        score += _ENOUGH * (style in NAMED and (len(sequence) > 1 or style != "spelled"))
        score += _POINTED * (style == "point" and score > 0.0)  # "Point 1: ..." is nobody's list of his own things
        if score > best[0]:
            best = (score, sequence)
    return best[1] if best[0] >= _ENOUGH else ()


def heading_marks(page: Page, index: QuestionIndex) -> tuple[Mark, ...]:
    """Headings without numbers that name what the questions ask, when at least two different questions have one."""
    found: dict[int, Mark] = {}
    for share in (0.6, 0.34):
        # Where one heading names a question in most of its words, the others may do so in a few.
        for position, paragraph in enumerate(page.paragraphs[:-1]):
            if paragraph.quoted or not page.is_heading(position) or any(mark.start == paragraph.start for mark in found.values()):
                continue
            text = page.text(paragraph)
            number = index.topic(text, share=share) if len(words_of(text)) <= (30 if has_cjk(text) else 14) else None
            if number is not None and number not in found:
                following = page.paragraphs[position + 1].start
                found[number] = Mark(
                    start=paragraph.start, end=following, numbers=(number,), how="heading", strength=0.5, matched=number
                )
        if not found:
            break
    return tuple(sorted(found.values(), key=lambda mark: mark.start)) if len(found) >= 2 else ()


def _run_on(page: Page, tables: AnswerTables) -> list[Mark]:
    """Items in the run of one paragraph, counted from one without a gap."""
    for paragraph in page.paragraphs if page.unit.kind != "attachment" else ():
        if paragraph.quoted:
            continue
        found: list[Mark] = []
        for match in _inline(page.plain, paragraph.start, paragraph.end):
            written = match.group("n")
            value = tables.value(written) or ("abcdefgh".find(written) + 1 if len(written) == 1 else 0)
            led = all(word in tables.lead for word in match.group("lead").split())
            if led and value == len(found) + 1:
                start = match.start() + len(match.group()) - len(match.group().lstrip())
                found.append(
                    Mark(start=start, end=_skip(page.plain, match.end()), numbers=(value,), how="numbered", strength=0.6)
                )
        if len(found) > 1:
            return found
    return []


def _inline(plain: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """What `_INLINE` finds: it begins behind punctuation, or with the text."""
    after = start
    for at in (*([0] if start == 0 else []), *(found.end() for found in _PUNCTUATION.finditer(plain, max(0, start - 1), end))):
        if at >= after and (match := _INLINE.match(plain, at, end)) is not None:
            yield match
            after = match.end()


def _families(page: Page, tables: AnswerTables) -> dict[str, list[Mark]]:
    """Numbered paragraph beginnings by the way they are written."""
    families: defaultdict[str, list[Mark]] = defaultdict(list)
    for paragraph in page.paragraphs:
        if paragraph.quoted or framed_or_signed(page, paragraph) is not None:
            continue
        match = _NUMBER.match(page.plain, paragraph.start, paragraph.end)
        value = tables.value(match.group("n")) if match else None
        if _pointed_or_decimal(page, paragraph.start, paragraph.end, tables, families):
            continue
        lettered = _LETTER.match(page.plain, paragraph.start, paragraph.end)
        if lettered is not None:
            alphabet = next(letters for letters in _LETTERS if lettered.group("n") in letters)
            end = _skip(page.plain, lettered.end())
            counted = (alphabet.index(lettered.group("n")) + 1,)
            families[f"letter{alphabet[0]}"].append(
                Mark(start=paragraph.start, end=end, numbers=counted, how="numbered", strength=0.6)
            )
        if match is not None and value is not None and 0 < value < 40:
            separator = match.group("sep").strip(" *_")
            signed = page.plain[match.start("n") - 1 : match.start("n")] in ("#", "№", "§") if match.start("n") else False
            signed = signed or match.group("ring") is not None
            if not separator and not signed and match.end() < paragraph.end and paragraph.row < 0:
                continue
            if _MONTH.match(page.plain, match.end(), match.end() + 24):
                continue  # "3. Dezember 2027"
            opened = "(" if "(" in page.plain[paragraph.start : match.start("n")] else ""
            kind = "digit" if match.group("n").isdigit() else ("hanzi" if has_cjk(match.group("n")) else "roman")
            end = _skip(page.plain, match.end())
            style = f"{kind}{opened}{separator[:1]}"
        else:
            spoken = _spoken(page, paragraph.start, paragraph.end, tables)
            if spoken is None:
                continue
            value, end = spoken
            style = "ordinal"
        families[style].append(Mark(start=paragraph.start, end=end, numbers=(value,), how="numbered", strength=0.7))
    return families


def _pointed_or_decimal(page: Page, start: int, end: int, tables: AnswerTables, families: dict[str, list[Mark]]) -> bool:
    """Whether a paragraph begins as a point ("Point 2.") or as one of several of one number ("2.1", "2.2"), of which the first is marked."""
    pointed = tables.pointed.match(page.plain, start, end)
    if pointed is not None and pointed.end() < end:
        number, after = int(pointed.group("n")), _skip(page.plain, pointed.end())
        style = "led point" if pointed.group("led") else "point"
        families[style].append(Mark(start=start, end=after, numbers=(number,), how="numbered", strength=0.7))
        return True
    decimal = _DECIMAL.match(page.plain, start, end)
    if decimal is None:
        return False
    held, number = families["decimal"], int(decimal.group("n"))
    if not held or held[-1].numbers != (number,):
        held.append(Mark(start=start, end=decimal.end(), numbers=(number,), how="numbered", strength=0.6))
    return True


def _spoken(page: Page, start: int, end: int, tables: AnswerTables) -> tuple[int, int] | None:
    """ "Firstly, ...", "ثانياً: ...", "第三，..." at the beginning of a paragraph."""
    match = re.match(
        r"[*_\"]{0,2}(?:第?([一二三四五六七八九十]{1,2})|([^\W\d_]+(?:-[^\W\d_]+)?))[*_]{0,2}\s*(?:[,:、]|\.(?=\s))[\s*_]*",
        page.plain[start : min(end, start + 40)],
    )
    if match is None:
        return None
    word = match.group(1) or match.group(2)
    value = tables.value(word) if len(word) > 2 or has_cjk(word) else None
    return (value, start + match.end()) if value and value > 0 else None


def _rising(marks: Sequence[Mark], index: QuestionIndex) -> tuple[Mark, ...]:
    """The longest run of strictly rising numbers that are numbers of questions; the earliest of equals."""
    valid = set(index.numbers) | set(index.old_numbers)
    best: dict[int, tuple[Mark, ...]] = {}
    for mark in marks:
        number = mark.numbers[0]
        if number not in valid:
            continue
        before = max((best[n] for n in best if n < number), key=len, default=())
        if len(before) + 1 > len(best.get(number, ())):
            best[number] = (*before, mark)
    return max(best.values(), key=len, default=())


def _shuffled(marks: Sequence[Mark], index: QuestionIndex) -> tuple[Mark, ...]:
    """All items of a list out of order, each number of a question once: nobody counts points of his own like that."""
    numbers = [mark.numbers[0] for mark in marks]
    if (
        len(numbers) < 2
        or len(set(numbers)) < len(numbers)
        or numbers == sorted(numbers)
        or not set(numbers) <= set(index.numbers)
    ):
        return ()
    return tuple(marks)


def _evidence(page: Page, marks: Sequence[Mark], index: QuestionIndex, tables: AnswerTables, subject: str) -> float:
    """How much speaks for a list that answers the questions; below 2 it does not."""
    numbers = {mark.numbers[0] for mark in marks}
    if (
        page.paragraphs[page.at(marks[-1].start)].start < marks[0].start
        and len(words_of(page.plain[: marks[0].start])) > _OPENING
    ):
        return 0.0  # a list in the run of a longer text counts what that speaks of
    score = sum(_item_evidence(page, mark, index, tables) for mark in marks)
    before = page.plain[max(0, marks[0].start - _BEFORE) : marks[0].start]
    if numbers == set(index.numbers) and len(numbers) > 2:
        score += 2.0 if _is_all(page, before, marks[0].start, tables) else 1.5
    around = f"{subject}\n{before}"
    after = _said_after(page, marks[-1].end, tables)
    score += _promised(subject, before, tables)
    if [mark.numbers[0] for mark in marks] != sorted(numbers):
        score += 1.5
    if _is_counted(page, marks, tables):
        score += 1.5
    said = tables.only.search(around)
    if said and set(numbers_in(said.group("n"), tables, 0)) == numbers:
        score += 2.0
    score += _gap(page, marks, numbers) + _OPEN * _leaves_open(page, marks, tables)
    announced = announced_numbers(f"{around}\n{after}", tables, max(index.numbers, default=0))
    if announced and announced == numbers:
        score += 2.0
    elif numbers == {1}:
        score -= 1.0  # a lone "1."
    if tables.list_refusal.search(before):
        score -= 3.0
    if _announces_own_list(before[-260:], len(marks), tables):
        score -= 2.0
    asked = sum(_is_question(page, mark) for mark in marks)
    if asked * 2 > len(marks):
        score -= 2.0
    return score


def _promised(subject: str, before: str, tables: AnswerTables) -> float:
    """How much the subject and the words before a list say that answers follow."""
    around = f"{subject}\n{before}"
    score = _HEADED * (tables.replies.search(subject) is not None)
    if tables.list_answers.search(around):
        score += 1.0
        if tables.question_word.search(around):
            score += 0.5
        if tables.list_answers.search(before[-_NEAR:]) and tables.question_word.search(before[-_NEAR:]):
            score += 0.5
    return score


def _is_all(page: Page, before: str, start: int, tables: AnswerTables) -> bool:
    """Whether nothing but a greeting and a word or two stands before the list, and no number of things of one's own."""
    lines = [line for line in before.split("\n") if line.strip() and tables.salutation.match(line.strip()) is None]
    words = words_of(" ".join(lines))
    own = any(tables.value(word) is not None for word in words)
    return start <= _BEFORE and len(words) <= _RUN_ON and not own and page.unit.kind != "attachment"


def _said_after(page: Page, start: int, tables: AnswerTables) -> str:
    """A sentence below the list that says what it was: "these are our answers to the first and the second question"."""
    said = page.plain[start:].split("\n", 1)[-1][-_BEFORE:]
    lines = [line for line in said.split("\n") if tables.question_word.search(line) and tables.list_answers.search(line)]
    return "\n".join(lines)


def _is_counted(page: Page, marks: Sequence[Mark], tables: AnswerTables) -> bool:
    """ "One: ... Two: ...": numbers spelled out, with a colon, as answers are read aloud; points of one's own are "First, ..."."""
    return len(marks) > 1 and all(tables.cardinal.match(page.plain, mark.start, mark.end) for mark in marks)


def _leaves_open(page: Page, marks: Sequence[Mark], tables: AnswerTables) -> bool:
    """Whether an item says nothing ("3. -", "(3) will follow") beside others that do: nobody numbers a point that he does not have."""
    ends = [*(mark.start for mark in marks[1:]), page.paragraphs[page.at(marks[-1].start)].end]
    said = [" ".join(page.plain[mark.end : end].split()) for mark, end in zip(marks, ends, strict=True)]
    told = [text for text in said if not _open(text, tables)]
    return 0 < len(told) < len(said) and len(said) > 2 and all(has_cjk(text) or len(words_of(text)) >= 4 for text in told)


def _open(text: str, tables: AnswerTables) -> bool:
    return (
        not re.search(r"\w", text)
        or text.strip(" .[]()") in tables.empty
        or (len(text) <= _FIELD and tables.pending.search(text) is not None)
    )


def _gap(page: Page, marks: Sequence[Mark], numbers: set[int]) -> float:
    """How much it says that the list leaves numbers out and each item has a sentence of its own."""
    if numbers == set(range(1, len(numbers) + 1)):
        return 0.0
    ends = [*(mark.start for mark in marks[1:]), page.paragraphs[-1].end]
    told = all(len(words_of(page.plain[mark.end : end][:400])) >= 4 for mark, end in zip(marks, ends, strict=True))
    if not told:
        return 0.0
    return _GAP if len(marks) > 1 else 0.75 * _GAP


def announced_numbers(plain: str, tables: AnswerTables, last: int) -> set[int]:
    """The numbers of the questions that covering words name ("we answer questions 2 and 4")."""
    found: set[int] = set()
    for pattern in (tables.labelled, tables.ordinal, tables.chinese, tables.short):
        for match in pattern.finditer(plain):
            written = next((text for text in match.groups() if text), "")
            found.update(numbers_in(written, tables, last))
    return {number for number in found if 0 < number <= last}


def _item_evidence(page: Page, mark: Mark, index: QuestionIndex, tables: AnswerTables) -> float:
    where = page.at(mark.start)
    paragraph = page.paragraphs[where]
    text = page.plain[mark.end : paragraph.end]
    heading = len(text) < 110
    answered = 0.7 if tables.answer_lead.match(text) else 0.0
    about = index.topic(text[:160], share=0.34 if heading else 0.3)
    if about is None:
        return answered
    if about == mark.numbers[0]:
        return answered + (1.0 if heading else 0.5)
    return answered - 0.5


def _announces_own_list(before: str, count: int, tables: AnswerTables) -> bool:
    """ "in four points:", "three things": a list of the author's own."""
    for match in tables.list_points.finditer(before):
        near = before[max(0, match.start() - 30) : match.start()]
        values = {tables.value(found.group()) for found in tables.numeral.finditer(near)}
        if count in values and not tables.question_word.search(before[match.start() : match.end() + 40]):
            return True
    return False


def _is_question(page: Page, mark: Mark) -> bool:
    paragraph = page.paragraphs[page.at(mark.start)]
    return page.plain[mark.end : paragraph.end].rstrip(" \"')*_").endswith("?") and paragraph.end - mark.end < 300


def _skip(plain: str, position: int) -> int:
    while position < len(plain) and plain[position] in " \t\n\r*_)":
        position += 1
    return position
