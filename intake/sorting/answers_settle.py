"""From all marks of a page to those that stand: merged, lists of questions void, numbers of an old draft turned into today's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

import msgspec
from msgspec import Struct

from intake.sorting.answers_cells import without_blank_cells
from intake.sorting.answers_frame import Frame
from intake.sorting.answers_lines import Page
from intake.sorting.answers_lists import heading_marks, list_marks
from intake.sorting.answers_marks import (
    Mark,
    counted_marks,
    elliptic_marks,
    mention_marks,
    repeated_marks,
    subject_marks,
    topic_marks,
)
from intake.sorting.answers_questions import QuestionIndex
from intake.sorting.answers_tables import AnswerTables
from intake.sorting.folding import has_cjk, words_of

_ALNUM = re.compile(r"\w")
_STRONG = 0.7
_OPENERS = " \t\r\n>*_-•·\"'(«“"
_TELLING = 2
"""Words that a text under a heading has at least; a name below a line makes no heading of it."""
_SAYS_BOTH = 90
"""Letters in which a text says that it answers both questions above it."""
_FEW = 6
"""Words in which somebody says that an answer is still to come."""
_MOST_MARKS = 120
"""More labels than anybody writes on one page; what a hostile text has beyond them is no label."""


class Settled(Struct, frozen=True):
    """The marks of a page that stand, in order, with today's numbers; `stops` end an answer; `draft`: old numbers were used."""

    marks: tuple[Mark, ...]
    stops: tuple[int, ...]
    draft: bool = False


def settle(page: Page, frame: Frame, index: QuestionIndex, tables: AnswerTables, subject: str) -> Settled:
    """The marks that stand on a page. `subject` is the folded subject or file name."""
    mentioned = islice(mention_marks(page, index, tables), _MOST_MARKS)
    repeated = islice(repeated_marks(page, index), _MOST_MARKS)
    marks = _merge([*mentioned, *repeated, *islice(topic_marks(page, index, tables), _MOST_MARKS)])
    marks = [mark for mark in marks if mark.start < frame.signature or mark.quoted]
    marks = _merge([*marks, *_prose(page, index, tables, marks)])
    marks = _drop_weak(marks)
    stops = _stops(page, tables)
    marks = _void_lists(page, marks, index, tables, frame)
    marks = [mark for mark in marks if not _refuses(page, mark, tables)]
    numbered = [mark for mark in marks if mark.numbers]
    if len(numbered) < 2:
        listed = list_marks(page, index, tables, subject)
        marks = _announcing(marks, numbered, listed)
        if len(listed) > len(numbered) and len({number for mark in marks for number in mark.numbers}) < 2:
            told = {number for mark in listed for number in mark.numbers}
            marks = _merge([*listed, *(mark for mark in marks if mark.matched or _goes_before(mark, listed, told))])
    if not any(mark.numbers for mark in marks):
        marks = list(heading_marks(page, index))
    for position, mark in enumerate(marks):
        marks[position] = _strip(page, mark, index, tables, marks, (*stops, frame.closing))
    marks = _void_lists(page, without_blank_cells(page, marks), index, tables, frame)
    draft = _uses_draft(page, marks, index, tables, subject)
    settled = [_renumber(mark, index, draft) for mark in marks]
    return Settled(tuple(settled), stops, draft and any(mark.start < frame.signature for mark in settled))


def _goes_before(mark: Mark, listed: Sequence[Mark], told: set[int]) -> bool:
    """Whether a label is the first of what a list goes on with: "The first question. ... The second. ..."."""
    return bool(mark.numbers) and mark.strength >= _STRONG and max(mark.numbers) < min(told) and mark.start < listed[0].start


def _announcing(marks: list[Mark], numbered: Sequence[Mark], listed: Sequence[Mark]) -> list[Mark]:
    """Without the one label that only says which questions the list below it answers ("first half, questions 1 and 2")."""
    told = {number for mark in listed for number in mark.numbers}
    announced = [mark for mark in numbered if len(mark.numbers) > 1 and set(mark.numbers) == told]
    return [mark for mark in marks if mark not in announced]


def _refuses(page: Page, mark: Mark, tables: AnswerTables) -> bool:
    """ "We do not answer questions 1 and 5": a label over nothing."""
    if mark.matched or mark.quoted:
        return False
    paragraph = page.paragraphs[page.at(mark.start)]
    said = page.plain[mark.start : paragraph.end]
    if len(said) >= (40 if has_cjk(said) else 130):
        return False
    # "Question 2: no opinion." is an answer; "on the second and third questions we have no position" leaves them out.
    label = page.plain[mark.start : mark.end].rstrip(" ")
    left_out = label[-1:] not in ":." and "\n" not in label
    return tables.list_refusal.search(said) is not None or (left_out and tables.silent.search(said) is not None)


def _prose(page: Page, index: QuestionIndex, tables: AnswerTables, marks: Sequence[Mark]) -> list[Mark]:
    """Labels of prose that name no question in full; subjects alone only where all other labels are prose as well."""
    last = max(index.numbers, default=0)
    strong = [mark for mark in marks if mark.strength >= _STRONG and not mark.quoted]
    found = [*elliptic_marks(page, tables, last, beside=bool(strong)), *islice(counted_marks(page, tables, last), _MOST_MARKS)]
    if strong and all(mark.how == "prose" for mark in strong):
        taken = {number for mark in (*strong, *found) for number in mark.numbers}
        found += [mark for mark in subject_marks(page, index, tables) if not taken & set(mark.numbers)]
    return found


def _merge(marks: Iterable[Mark]) -> list[Mark]:
    """Marks of the same label as one: numbers as written, the question found by its text, the farther end."""
    merged: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.strength, mark.end)):
        if merged and mark.start < max(merged[-1].end, merged[-1].start + 1):
            before = merged[-1]
            if _only_topic(mark) and before.numbers and not before.matched:
                continue  # what the sentence goes on to say names no question beside the number
            stronger = before if before.strength >= mark.strength else mark
            matched = before if before.matched else mark
            numbers = before.numbers if before.how != "repeated question" and not before.matched else mark.numbers
            merged[-1] = msgspec.structs.replace(
                before, end=max(before.end, mark.end), numbers=numbers if len(numbers) >= len(mark.numbers) else mark.numbers,
                strength=stronger.strength, matched=matched.matched, old=matched.old,
                how=mark.how if mark.how in ("table", "inline") else before.how,
            )  # fmt: skip
        else:
            merged.append(mark)
    return merged


def _only_topic(mark: Mark) -> bool:
    return mark.how == "prose" and mark.matched > 0 and not mark.old and mark.strength <= _STRONG


def _drop_weak(marks: Sequence[Mark]) -> list[Mark]:
    """Passing mentions give way to labels of the same question; a heading over several gives way to their own labels."""
    single = {mark.numbers[0] for mark in marks if len(mark.numbers) == 1 and mark.strength >= _STRONG}
    strong = {number for mark in marks if mark.strength >= _STRONG for number in mark.numbers}
    kept = []
    for mark in marks:
        # Beside two clear labels a sentence that begins with "In question 2" speaks of it in passing.
        weak = mark.strength < _STRONG and (all(number in strong for number in mark.numbers) or len(strong) > 1)
        covers = len(mark.numbers) > 1 and all(number in single for number in mark.numbers)
        if not weak and not covers:
            kept.append(mark)
    return kept


def _void_lists(page: Page, marks: Sequence[Mark], index: QuestionIndex, tables: AnswerTables, frame: Frame) -> list[Mark]:
    """Labels with nothing under them fall; two on one line are answered together; the list of all questions is no label."""
    kept: list[Mark] = []
    run: list[Mark] = []
    for position, mark in enumerate(marks):
        following = marks[position + 1].start if position + 1 < len(marks) else frame.end
        if mark.start < frame.closing:
            following = min(following, frame.closing) if following > frame.closing else following
        run.append(mark)
        if _own_words(page, mark.end, following):
            kept += _of_run(page, run, index, tables, answered=any(entry.numbers for entry in kept))
            run = []
    return kept + [_unnumbered(mark) for mark in run]


def _of_run(page: Page, run: Sequence[Mark], index: QuestionIndex, tables: AnswerTables, *, answered: bool) -> list[Mark]:
    """Labels that follow one another, of which only the last has words under it. Void ones keep their place without a number.

    `answered`: others before them have words: then it is no list of questions, but a form of which some fields are empty.
    """
    mark = run[-1]
    numbers = tuple(dict.fromkeys(number for entry in run for number in entry.numbers))
    field = (
        answered and len(numbers) < len(index.numbers) and page.at(run[-1].start) != page.at(run[-2].start if len(run) > 1 else 0)
    )
    if len(numbers) > 2 and not field and (len(numbers) >= len(index.numbers) or len(run) > 2):
        whole = len(run) > 1 or len(numbers) >= len(index.numbers)
        return [_unnumbered(entry) if whole else entry for entry in run]
    # An empty label before this one is a question left open; on the same line, or where the text says so, both are answered.
    joined = [entry for entry in run if page.at(entry.start) == page.at(mark.start)]
    if len(joined) == 1 and len(run) > 1 and tables.both.search(page.plain, mark.end, mark.end + _SAYS_BOTH):
        joined = list(run[-2:])
    together = tuple(dict.fromkeys(number for entry in joined for number in entry.numbers))
    matched = mark.matched if len(together) == 1 else 0
    last = msgspec.structs.replace(mark, start=joined[0].start, numbers=together, matched=matched)
    return [*(_unnumbered(entry) for entry in run if entry not in joined), last]


def _unnumbered(mark: Mark) -> Mark:
    return msgspec.structs.replace(mark, numbers=(), matched=0, old=0)


def _own_words(page: Page, start: int, end: int) -> bool:
    return any(
        _ALNUM.search(page.plain, max(start, first), min(end, last)) is not None
        for first, last in page.own
        if first < end and last > start
    )


def _stops(page: Page, tables: AnswerTables) -> tuple[int, ...]:
    """Where headings of general comments or of an annex stand."""
    found = []
    for position, paragraph in enumerate(page.paragraphs):
        text = page.text(paragraph).strip(" .:-*_#0123456789)(")
        match = tables.general.match(text) or tables.annex.match(text)
        limit = 16 if has_cjk(text) else 60
        if match is None or paragraph.quoted or len(text) > limit:
            continue
        rest = text[match.end() :].strip()
        if len(rest.split()) <= 5 and (page.is_heading(position) or not rest):
            found.append(paragraph.start)
    return tuple(found[:_MOST_MARKS])


def _strip(
    page: Page, mark: Mark, index: QuestionIndex, tables: AnswerTables, marks: Sequence[Mark], stops: Sequence[int]
) -> Mark:
    """The mark with its end after what repeats the question: its text, a heading of its own, the word "Answer:"."""
    following = min((other.start for other in marks if other.start > mark.start), default=len(page.plain))
    following = min([following, *(stop for stop in stops if stop > mark.end)])
    for _ in range(4):
        where = page.at(mark.end)
        if where < 0:
            where = next((i for i, p in enumerate(page.paragraphs) if p.start >= mark.end), -1)
            if where < 0 or page.paragraphs[where].start >= following:
                return mark
        paragraph = page.paragraphs[where]
        start = max(mark.end, paragraph.start)
        stripped = _strip_once(page, mark, start, where, index, tables, following, marks)
        if stripped is None:
            return mark
        mark = stripped
    return mark


def _strip_once(
    page: Page,
    mark: Mark,
    start: int,
    where: int,
    index: QuestionIndex,
    tables: AnswerTables,
    following: int,
    marks: Sequence[Mark],
) -> Mark | None:
    paragraph = page.paragraphs[where]
    lead = re.compile(r"[\s\"'*_(>|-]*").match(page.plain, start, paragraph.end)
    begin = lead.end() if lead else start
    found = index.repeated(page.plain[begin : paragraph.end])
    # An answer that echoes a question already repeated before it is no repetition.
    echoed = found is not None and not _own_words(page, begin + found.end, following)
    if found is not None and not (echoed and any(other.matched == found.number and other.start < mark.start for other in marks)):
        end = begin + found.end
        matched = {"matched": found.number, "old": found.old} if not mark.matched else {}
        return msgspec.structs.replace(mark, end=end, **matched)
    word = tables.answer_lead.match(page.plain, begin, paragraph.end)
    if word is not None and word.end() > begin:
        return msgspec.structs.replace(mark, end=word.end())
    rest = page.plain[begin : paragraph.end]
    if (
        paragraph.start >= mark.start
        and _is_caption(page, mark, where, rest, index)
        and _own_words(page, paragraph.end, following)
        and len(words_of(page.plain[paragraph.end : following][:200])) >= max(_TELLING, len(words_of(rest)) // 2)
        and rest.strip(" .[]()") not in tables.empty
        and not (len(rest.split()) <= _FEW and tables.pending.search(rest))
    ):
        return msgspec.structs.replace(mark, end=_next_start(page, where))
    return None


def _is_caption(page: Page, mark: Mark, where: int, rest: str, index: QuestionIndex) -> bool:
    """The rest of a label's own paragraph that names the subject and says nothing yet; or the question in other words."""
    paragraph = page.paragraphs[where]
    rest = " ".join(rest.split())
    on_label = paragraph.start <= page.paragraphs[page.at(mark.start)].end if page.at(mark.start) >= 0 else False
    if not rest or len(rest) > 160:
        return False
    if not on_label and not (paragraph.heading or index.topic(rest) in mark.numbers):
        return False
    if rest[-1] == "?":
        return index.topic(rest, share=0.25) in (*mark.numbers, mark.matched)
    if where + 1 < len(page.paragraphs) and not paragraph.heading:
        following = page.paragraphs[where + 1]
        goes_on = page.fold_original(following.start, following.end).lstrip(_OPENERS)[:1]
        if goes_on.islower():
            return False  # "The cost was" over "high in all places": a sentence that was broken, and no subject
    limit = 40 if has_cjk(rest) else 110
    return len(rest) <= limit and rest[-1] not in ".;,!…" and not re.search(r"[.;!] \S", rest)


def _next_start(page: Page, where: int) -> int:
    return page.paragraphs[where + 1].start if where + 1 < len(page.paragraphs) else page.paragraphs[where].end


def _uses_draft(page: Page, marks: Sequence[Mark], index: QuestionIndex, tables: AnswerTables, subject: str) -> bool:
    """Whether the numbers are those of an earlier draft: by the wording under them, by a number there is no more, or by word."""
    if not index.old_numbers:
        return False
    # A number that both lists give to the same question is no evidence.
    moved = {number for number, today in index.old_numbers.items() if today != number}
    old = sum(1 for mark in marks if mark.old and mark.old in mark.numbers and mark.old in moved)
    current = sum(1 for mark in marks if mark.matched in moved and not mark.old and mark.matched in mark.numbers)
    beyond = any(number not in index.numbers and number in index.old_numbers for mark in marks for number in mark.numbers)
    if old or current:
        return old > current
    said = tables.draft.search(subject) or tables.draft.search(page.plain[: marks[0].start] if marks else "")
    return bool(beyond or said)


def _renumber(mark: Mark, index: QuestionIndex, draft: bool) -> Mark:
    """Today's numbers of a mark; the wording outranks the numeral."""
    if mark.matched and len(mark.numbers) == 1:
        return msgspec.structs.replace(mark, numbers=(mark.matched,))
    if draft:
        turned = tuple(dict.fromkeys(index.old_numbers[number] for number in mark.numbers if number in index.old_numbers))
        return msgspec.structs.replace(mark, numbers=turned)
    return msgspec.structs.replace(mark, numbers=tuple(number for number in mark.numbers if number in index.numbers))
