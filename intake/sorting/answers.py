"""On which question: the author's words cut into answers, general comments, cover words and what no rule could place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter

import msgspec
from msgspec import Struct
from rapidfuzz import fuzz

from intake.model.mail import Arrival
from intake.model.round import Round
from intake.model.verdict import Answer, Passage
from intake.sorting.answers_buckets import bucket_of, numbers_of_name
from intake.sorting.answers_frame import Frame, frame_of
from intake.sorting.answers_lines import Page, page_of
from intake.sorting.answers_marks import Mark, announced_mark
from intake.sorting.answers_questions import QuestionIndex, question_index
from intake.sorting.answers_settle import Settled, settle
from intake.sorting.answers_tables import AnswerTables, answer_tables
from intake.sorting.answers_units import Unit, authored
from intake.sorting.folding import folded, has_cjk, words_of
from intake.sorting.language import language_of

__all__ = ["AnswerTables", "Mapping", "answer_tables", "map_answers"]

_SAME = 85
_COMPARED = 400
_FEWEST, _FEW = 8, 3
"""Words of an answer that only its announcement names; behind a colon, or where only that question is answered."""
_NAMED = 0.6
_FIELD = 6
_BOUND = ("то ", "则", "so ist ", "allora ")
"""Words by which a sentence goes on after "as to ...,"."""


class Mapping(Struct, frozen=True, kw_only=True):
    """Every word of the author in exactly one place (a text answering two questions stands in both).

    `labels`: what only says which question follows (label, repeated question), and an answer's words when they stand a second
    time (in a signed copy, say). `cover`: salutation, covering note, closing,
    signature. `unmapped`: words that no rule could place. `language`: of the text that stands as the answer. `substance`:
    words that say something on the matter. `flags`: old_questions.
    """

    answers: tuple[Answer, ...] = ()
    general: tuple[Passage, ...] = ()
    unmapped: tuple[Passage, ...] = ()
    cover: tuple[Passage, ...] = ()
    labels: tuple[Passage, ...] = ()
    language: str = "und"
    flags: tuple[str, ...] = ()
    substance: int = 0


class _Piece(Struct, frozen=True, kw_only=True):
    """A stretch under one mark, folded offsets."""

    page: Page
    mark: Mark
    ranges: tuple[tuple[int, int], ...]
    text: str


class _Sheet(Struct, frozen=True, kw_only=True):
    """A page with what was found on it."""

    page: Page
    frame: Frame
    settled: Settled
    pieces: tuple[_Piece, ...]


def map_answers(arrival: Arrival, round: Round, tables: AnswerTables) -> Mapping:
    """The answers and buckets of one message. Linear in its text; total."""
    index = question_index(round, tables.idle)
    subject = folded(arrival.reading.subject)
    sheets = [_of_unit(unit, index, tables, subject) for unit in authored(arrival)]
    if not any(sheet.pieces for sheet in sheets):
        sheets = _by_announcement(sheets, index, tables)
    if not any(sheet.pieces for sheet in sheets):
        sheets = _by_name(sheets, index, tables, subject)
    answers = _assemble(sheets)
    general, unmapped, cover, labels = _buckets(sheets, tables, answers)
    standing = "\n".join(answer.text for answer in answers) or "\n".join(passage.text for passage in general)
    matter = "\n".join([standing, *(passage.text for passage in (*general, *unmapped) if answers)])
    return Mapping(
        answers=answers,
        general=general,
        unmapped=unmapped,
        cover=cover,
        labels=labels,
        language=_language(sheets, answers, standing, arrival, tables),
        flags=("old_questions",) if any(sheet.settled.draft and sheet.pieces for sheet in sheets) else (),
        substance=len(words_of(folded(matter or "\n".join(passage.text for passage in unmapped)))),
    )


def _of_unit(unit: Unit, index: QuestionIndex, tables: AnswerTables, subject: str) -> _Sheet:
    """The unit's sheet; when the author says that he answers within the quoted mail, that is read as his too."""
    sheet = _sheet(page_of(unit, tables.opener, tables.closer), index, tables, subject)
    if sheet.pieces or not unit.quoted or not tables.inline.search(folded(unit.own_text)):
        return sheet
    whole = msgspec.structs.replace(unit, own=tuple(sorted((*unit.own, *unit.quoted))), quoted=())
    within = _sheet(page_of(whole, tables.opener, tables.closer, unit.quoted), index, tables, subject)
    return within if len({number for piece in within.pieces for number in piece.mark.numbers}) > 1 else sheet


def _sheet(page: Page, index: QuestionIndex, tables: AnswerTables, subject: str) -> _Sheet:
    frame = frame_of(page, tables)
    about = subject if page.unit.kind in ("body", "forwarded") else folded(f"{page.unit.name}\n{subject}")
    settled = settle(page, frame, index, tables, about)
    return _Sheet(page=page, frame=frame, settled=settled, pieces=tuple(_pieces(page, frame, settled, tables)))


def _pieces(page: Page, frame: Frame, settled: Settled, tables: AnswerTables) -> Iterator[_Piece]:
    marks = settled.marks
    for position, mark in enumerate(marks):
        end = marks[position + 1].start if position + 1 < len(marks) else frame.end
        if mark.end <= frame.closing < end:
            end = frame.closing
        end = min([end, *(stop for stop in settled.stops if stop >= mark.end)])
        ranges = tuple(_own(page, mark.end, end))
        text = "\n".join(page.fold_original(first, last) for first, last in ranges)
        if not (mark.numbers and ranges) or says_nothing(text, tables):
            continue
        if _in_sentence(page, mark):
            # "As to the second question, it is the pasture that ...": the label is a part of the author's sentence.
            ranges = tuple(_own(page, mark.start, end))
            text = "\n".join(page.fold_original(first, last) for first, last in ranges)
        yield _Piece(page=page, mark=mark, ranges=ranges, text=text)


def _in_sentence(page: Page, mark: Mark) -> bool:
    """Whether the label is words of a sentence that goes on: parted by nothing, or by a comma before a word that needs it."""
    label = page.plain[mark.start : mark.end].rstrip(" ")
    bound = label[-1:].isalnum() or page.plain.startswith(_BOUND, mark.end)
    return mark.how == "prose" and not mark.quoted and bound


def _own(page: Page, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The author's stretches between two folded offsets, without white space around them."""
    for at in range(bisect_right(page.own, start, key=itemgetter(1)), len(page.own)):
        first, last = page.own[at]
        if first >= end:
            return  # they stand in order
        begin, stop = max(first, start), min(last, end)
        text = page.plain[begin:stop]
        bare = text.strip()
        if bare:
            begin += len(text) - len(text.lstrip())
            yield begin, begin + len(bare)


def says_nothing(text: str, tables: AnswerTables) -> bool:
    """An empty field, or "will follow"."""
    first, _, rest = folded(text).strip().partition("\n")
    if first.strip(" .[]()") in tables.empty and len(rest.split()) <= _FIELD:
        return True  # an empty field, and the next line of the form
    plain = " ".join(folded(text).split())
    if not re.search(r"\w", plain) or plain.strip(" .[]()") in tables.empty:
        return True
    short = len(plain) <= 30 if has_cjk(plain) else len(plain.split()) <= 14
    refused = len(plain) <= 12 if has_cjk(plain) else len(plain.split()) <= 5
    return (short and tables.pending.search(plain) is not None) or (refused and tables.list_refusal.search(plain) is not None)


def _by_name(sheets: Sequence[_Sheet], index: QuestionIndex, tables: AnswerTables, subject: str) -> list[_Sheet]:
    """A message without labels whose subject, file name or covering note names one or two questions: its text is the answer."""
    best = max(sheets, key=lambda sheet: (sheet.page.unit.kind == "attachment", len(sheet.page.plain)), default=None)
    if best is None:
        return list(sheets)
    notes = [folded(best.page.unit.name), subject, *(sheet.page.plain[:1500] for sheet in sheets if sheet is not best)]
    numbers = next((found for note in notes if (found := numbers_of_name(note, index, tables))), ())
    start, end = best.frame.start, best.frame.closing
    ranges = tuple(_own(best.page, start, end))
    text = "\n".join(best.page.fold_original(first, last) for first, last in ranges)
    if not numbers or len(words_of(folded(text))) < 25:
        return list(sheets)
    mark = Mark(start=start, end=start, numbers=numbers, how="heading", strength=0.4)
    piece = _Piece(page=best.page, mark=mark, ranges=ranges, text=text)
    named = _Sheet(page=best.page, frame=best.frame, settled=best.settled, pieces=(piece,))
    return [named if sheet is best else sheet for sheet in sheets]


def _by_announcement(sheets: Sequence[_Sheet], index: QuestionIndex, tables: AnswerTables) -> list[_Sheet]:
    """ "X Ltd, on the second question: ...", "answers question 3 only." in the text's own words: what follows is the answer."""
    found = list(sheets)
    for position, sheet in enumerate(sheets):
        mark = announced_mark(sheet.page, sheet.frame, index, tables)
        if mark is None:
            continue
        ranges = tuple(_own(sheet.page, mark.end, sheet.frame.closing))
        text = "\n".join(sheet.page.fold_original(start, end) for start, end in ranges)
        least = _FEW if mark.strength > _NAMED else _FEWEST
        if len(words_of(folded(text))) >= least and not says_nothing(text, tables):
            piece = _Piece(page=sheet.page, mark=mark, ranges=ranges, text=text)
            settled = Settled(marks=(mark,), stops=(), draft=False)
            found[position] = _Sheet(page=sheet.page, frame=sheet.frame, settled=settled, pieces=(piece,))
            break
    return found


def _assemble(sheets: Sequence[_Sheet]) -> tuple[Answer, ...]:
    """One answer a question: the unit that answers most comes first, the same words again are left out."""
    order = sorted(sheets, key=lambda sheet: -len({number for piece in sheet.pieces for number in piece.mark.numbers}))
    by_number: dict[int, list[_Piece]] = {}
    for sheet in order:
        for piece in sheet.pieces:
            for number in piece.mark.numbers:
                held = by_number.setdefault(number, [])
                if not any(other.page is not piece.page and _same(other.text, piece.text) for other in held):
                    held.append(piece)
    return tuple(_answer(number, _telling(by_number[number])) for number in sorted(by_number))


def _telling(pieces: Sequence[_Piece]) -> Sequence[_Piece]:
    """Pieces of a few words (a table of contents, a list of numbers) give way to a longer one."""
    longest = max(len(piece.text) for piece in pieces)
    return [piece for piece in pieces if len(piece.text) >= 40 or len(piece.text) * 4 >= longest] or pieces


def _answer(number: int, pieces: Sequence[_Piece]) -> Answer:
    first = pieces[0]
    return Answer(
        question=number,
        passages=tuple(_passage(piece.page, start, end) for piece in pieces for start, end in piece.ranges),
        together=tuple(other for other in first.mark.numbers if other != number),
        how=first.mark.how,
        confidence=first.mark.strength,
    )


def _same(one: str, other: str) -> bool:
    return fuzz.ratio(folded(one[:_COMPARED]), folded(other[:_COMPARED]), score_cutoff=_SAME) >= _SAME


def _passage(page: Page, start: int, end: int) -> Passage:
    first, last = page.fold.back(start), page.fold.back(end - 1) + 1
    block = page.block_at(first)
    return Passage(
        part=page.unit.part, start=first, end=last, text=page.unit.text[first:last], page=block.page if block else None
    )


def _buckets(
    sheets: Sequence[_Sheet], tables: AnswerTables, answers: tuple[Answer, ...]
) -> tuple[tuple[Passage, ...], tuple[Passage, ...], tuple[Passage, ...], tuple[Passage, ...]]:
    """General, unmapped, cover and labels: every own word that is in no answer."""
    buckets: dict[str, list[Passage]] = {"general": [], "unmapped": [], "cover": [], "labels": []}
    used = {(passage.part, passage.start) for answer in answers for passage in answer.passages}
    enclosed = any(sheet.page.unit.kind == "attachment" and len(sheet.page.plain) > 200 for sheet in sheets)
    for sheet in sheets:
        page = sheet.page
        taken = sorted({entry for piece in sheet.pieces for entry in piece.ranges})
        for start, end in taken:
            passage = _passage(page, start, end)
            if (passage.part, passage.start) not in used:
                buckets["labels"].append(passage)
        for start, end in _gaps(taken, page):
            for first, last, name in bucket_of(
                page, sheet.frame, sheet.settled, tables, start, end, answered=bool(answers), enclosed=enclosed
            ):
                buckets[name].append(_passage(page, first, last))
        for start, end in page.unit.signature:
            buckets["cover"].append(Passage(part=page.unit.part, start=start, end=end, text=page.unit.text[start:end]))
    general, unmapped, cover, labels = (tuple(buckets[name]) for name in ("general", "unmapped", "cover", "labels"))
    return general, unmapped, cover, labels


def _gaps(taken: Sequence[tuple[int, int]], page: Page) -> Iterator[tuple[int, int]]:
    """Own stretches between the answers."""
    for first, last in page.own:
        position = first
        for start, end in taken:
            if end <= first or start >= last:
                continue
            if start > position:
                yield from _own(page, position, start)
            position = max(position, end)
        if position < last:
            yield from _own(page, position, last)


def _language(
    sheets: Sequence[_Sheet], answers: tuple[Answer, ...], standing: str, arrival: Arrival, tables: AnswerTables
) -> str:
    """Of the answers; without any, of the longest text."""
    if answers:
        part = answers[0].passages[0].part
        unit = next(sheet.page.unit for sheet in sheets if sheet.page.unit.part == part)
        # Of a text given twice, in two languages, the one that comes first.
        first = "\n".join(answer.passages[0].text for answer in answers)
        return language_of(first if len(first) > 60 else standing, tables.function_words, unit.language)
    longest = max(sheets, key=lambda sheet: len(sheet.page.unit.own_text), default=None)
    text = standing or (longest.page.unit.own_text if longest else "")
    return language_of(text, tables.function_words, longest.page.unit.language if longest else arrival.reading.language)
