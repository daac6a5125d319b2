"""Where an answer begins: labels with a question word, prose ("as to the third question"), repeated question texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from intake.sorting.answers_frame import Frame
from intake.sorting.answers_lines import Page, Paragraph
from intake.sorting.answers_questions import QuestionIndex
from intake.sorting.answers_tables import LAST, AnswerTables
from intake.sorting.folding import has_cjk, words_of

_SENTENCE_END = re.compile(r"[.!?;](?=[\s\"')*_]|$)|(?<=[\u3400-\u9fff])[.!?]|\n\s*\n")
_OPENING = " \t\r\n>*_#•·▪◦‣|-\"'(["
_PAREN = re.compile(r"\s?[(\[][^()\[\]]{1,200}[)\]](?=\s*[:.,;–—-]|\s*\n|\s*$)")
_SEPARATOR = re.compile(r"[ \t\"'*_]*[\])](?:[\s*_]+|(?=[\u3400-\u9fff]))|[ \t\"'*_\])]*(?:(?:[:.,;)/|>=]|-(?!\w)){1,3}|(?=\n)|$)[\s*_]*")  # fmt: skip
_BARE = re.compile(r"[\s(\[]*(?:\d{1,2}|[ivx]{1,4}|[一二三四五六七八九十]{1,3}|[a-h])(?!\w|[.,]\d)[\s.)\]:、,-]{0,4}")
_FAR = 110
_SHORT_LEAD = 40
_ANNOUNCED = 90
_SENTENCES = 40
"""Sentences of a paragraph in which a label is looked for."""
_SUBJECT = re.compile(r"[^\W\d_][^.:;,?!()\n]{4,60}[,:]")
_ANNOUNCED_END = re.compile(r":|[.!?](?=\s|$)")


class Mark(Struct, frozen=True, kw_only=True):
    """A place where an answer begins: `start` of the label, `end` of label and repeated question (folded offsets).

    `numbers` as written (of the old list, when that was used); `matched` and `old`: the question, and its old number, whose
    wording was found there. `strength` from 0 to 1.
    """

    start: int
    end: int
    numbers: tuple[int, ...]
    how: str
    strength: float
    matched: int = 0
    old: int = 0
    quoted: bool = False


def numbers_in(text: str, tables: AnswerTables, last: int) -> tuple[int, ...]:
    """The numbers of a folded list of numerals ("2 and 4", "1 to 3", "三和四"), LAST resolved to `last`."""
    values: list[int] = []
    for match in tables.numeral.finditer(text):
        value = tables.value(match.group())
        if value is not None:
            values.append(last if value == LAST else value)
    if len(values) == 2 and tables.through.search(text) and values[0] < values[1] <= values[0] + 20:
        values = list(range(values[0], values[1] + 1))
    return tuple(dict.fromkeys(values))


def mention_marks(page: Page, index: QuestionIndex, tables: AnswerTables) -> Iterator[Mark]:
    """Labels and prose with a question word that stand where a sentence begins, or alone in a heading."""
    last = max(index.numbers, default=0)
    highest = max([last, *index.old_numbers], default=0)
    for pattern in (tables.labelled, tables.ordinal, tables.chinese):
        for match in pattern.finditer(page.plain):
            written = next((text for text in match.groups() if text), "")
            numbers = numbers_in(written, tables, last)
            where = page.at(match.start())
            if not numbers or where < 0 or max(numbers) > highest or match.end() > page.paragraphs[where].end:
                continue
            if len(numbers) == 1 and pattern is tables.labelled and match.group("w") and tables.plural.match(match.group()):
                continue  # "one answer to the two questions: one"
            mark = _judge(page, where, match.start(), match.end(), numbers, tables)
            if mark is not None:
                yield mark
    short = list(_short_marks(page, tables, highest))
    yield from short
    yield from _bare_short_marks(page, tables, last, short)
    if short:
        yield from _inner_short_marks(page, tables, highest)
    yield from _last_marks(page, tables, last)


def _judge(page: Page, where: int, start: int, end: int, numbers: tuple[int, ...], tables: AnswerTables) -> Mark | None:
    paragraph = page.paragraphs[where]
    boundary = sentence_start(page.plain, paragraph.start, start)
    left = page.plain[boundary:start].strip(_OPENING) if boundary >= 0 else "?"
    led = boundary >= 0 and _is_lead(left, tables)
    after, separated = _after(page.plain, end, paragraph.end, tables)
    separated = separated or (left.startswith("اما") and page.plain.startswith("ف", after))  # "as for ..., it is ..."
    how = "numbered" if not left else "prose"
    if led:
        strength = (1.0 if separated else 0.55) if not left else (0.9 if separated else 0.6)
        return Mark(start=boundary, end=after, numbers=numbers, how=how, strength=strength, quoted=paragraph.quoted)
    if separated and boundary == paragraph.start and _is_apposition(page.plain[boundary:start], tables):
        return Mark(start=boundary, end=after, numbers=numbers, how="prose", strength=0.7, quoted=paragraph.quoted)
    if page.is_heading(where) and paragraph.end - end < 60 and where + 1 < len(page.paragraphs):
        following = page.paragraphs[where + 1].start
        goes_on = (
            page.fold_original(following, following + 1).islower() and not page.fold_original(boundary, boundary + 1).islower()
        )
        if page.plain[paragraph.end - 1] == ":" or "?" in page.plain[start : paragraph.end] or (boundary >= 0 and goes_on):
            return None
        return Mark(
            start=paragraph.start, end=paragraph.end, numbers=numbers, how="heading", strength=0.5, quoted=paragraph.quoted
        )
    return None


def _is_apposition(left: str, tables: AnswerTables) -> bool:
    """ "As to the library's task, your third question, it is ...": a led subject, then the label between commas or brackets."""
    left = left.rstrip()
    subject, comma, before = left.rpartition("(" if left.endswith("(") else ",")
    words = re.findall(r"[^\W\d_]+", subject)
    return bool(comma and words) and words[0] in tables.lead and _is_lead(before.strip(_OPENING), tables)


def elliptic_marks(page: Page, tables: AnswerTables, last: int, *, beside: bool) -> Iterator[Mark]:
    """ "On the second, ..." at the beginning of a paragraph: `beside` labels that name questions, below words that speak of
    questions, or with a colon."""
    for paragraph in page.paragraphs:
        match = tables.elliptic.match(page.plain, paragraph.start, min(paragraph.end, paragraph.start + 60))
        if match is None or paragraph.quoted:
            continue
        if not (beside or match.group()[-1] == ":" or tables.question_word.search(page.plain, 0, paragraph.start)):
            continue
        left = page.plain[paragraph.start : match.start("n")].strip(_OPENING)
        numbers = numbers_in(match.group("n"), tables, last)
        if left and numbers and max(numbers) <= last and _is_lead(left, tables):
            end = _skip_space(page.plain, match.end())
            yield Mark(start=paragraph.start, end=end, numbers=numbers, how="prose", strength=0.7)


def counted_marks(page: Page, tables: AnswerTables, last: int) -> Iterator[Mark]:
    """ "Only on number two from us: ...", "On money (your third point): ..." where a paragraph or a sentence begins."""
    bracketed = "(" in page.plain
    for where, paragraph in enumerate(page.paragraphs if bracketed or tables.counted_word.search(page.plain) else ()):
        if paragraph.quoted:
            continue
        starts = [paragraph.start, *(found.end() for found in _SENTENCE_END.finditer(page.plain, paragraph.start, paragraph.end))]
        for start in (_skip_space(page.plain, position) for position in starts[:_SENTENCES]):
            counted = tables.counted.match(page.plain, start, paragraph.end)
            if counted is not None and not _is_lead(page.plain[start : counted.start("n")].strip(_OPENING), tables):
                counted = None
            match = counted or (tables.bracketed.match(page.plain, start, paragraph.end) if bracketed else None)
            if match is None or (match is not counted and not _begins_led(match.group(), tables)):
                continue
            numbers = numbers_in(next((text for text in match.groups() if text), ""), tables, last)
            if numbers and max(numbers) <= last and page.at(start) == where:
                yield Mark(start=start, end=_skip_space(page.plain, match.end()), numbers=numbers, how="prose", strength=0.7)


def _begins_led(text: str, tables: AnswerTables) -> bool:
    """Whether it begins with a word that may introduce a label."""
    first = re.match(r"[^\W\d_]+", text)
    if first is None:
        return False
    if has_cjk(first.group()):
        return tables.lead_chinese.match(first.group()).end() > 0  # type: ignore[union-attr]  # it matches the empty text
    return first.group() in tables.lead


def subject_marks(page: Page, index: QuestionIndex, tables: AnswerTables) -> Iterator[Mark]:
    """ "As to remedies, ..." at the beginning of a paragraph of prose: a question named by its subject alone."""
    for paragraph in page.paragraphs:
        match = _SUBJECT.match(page.plain, paragraph.start, paragraph.end)
        if match is None or paragraph.quoted or not _begins_led(match.group(), tables):
            continue
        number = index.topic(match.group(), share=0.5)
        if number is not None:
            end = _skip_space(page.plain, match.end())
            yield Mark(start=paragraph.start, end=end, numbers=(number,), how="prose", strength=0.7, matched=number)


def _short_marks(page: Page, tables: AnswerTables, highest: int) -> Iterator[Mark]:
    """ "Q1.", "A2 -", "Answer 3:", "回答1：" at the beginning of a paragraph."""
    for where, paragraph in enumerate(page.paragraphs):
        lead = len(page.plain[paragraph.start : paragraph.end]) - len(
            page.plain[paragraph.start : paragraph.end].lstrip(_OPENING)
        )
        match = tables.short.match(page.plain, paragraph.start + lead, paragraph.end)
        if match is None:
            # "Response to Q3 & Q4", "With regard to Q2, ..."
            match = tables.short.search(page.plain, paragraph.start, min(paragraph.end, paragraph.start + _SHORT_LEAD))
            if match and not _is_lead(page.plain[paragraph.start : match.start()].strip(_OPENING), tables):
                continue
        if match is None:
            continue
        numbers = numbers_in(match.group("n"), tables, 0)
        after, separated = _after(page.plain, match.end(), paragraph.end, tables)
        # "Q1 Access and literacy" alone on its line is a heading.
        alone = page.is_heading(where) and where + 1 < len(page.paragraphs)
        inside = re.search(r"[.#:-]", match.group()) is not None
        if numbers and max(numbers) <= highest and (separated or alone or inside):
            yield Mark(start=paragraph.start, end=after, numbers=numbers, how="numbered", strength=0.9, quoted=paragraph.quoted)


def _bare_short_marks(page: Page, tables: AnswerTables, last: int, beside: Sequence[Mark]) -> list[Mark]:
    """ "Q1 the counter is ..." without a stop behind the number, where at least two questions are named like that."""
    taken = {mark.start for mark in beside}
    found: list[Mark] = []
    for paragraph in page.paragraphs:
        start = _skip_lead(page.plain, paragraph.start, paragraph.end)
        match = tables.bare_short.match(page.plain, start, paragraph.end)
        if match is None or paragraph.quoted or paragraph.start in taken or not 0 < int(match.group("n")) <= last:
            continue
        number = int(match.group("n"))
        found.append(Mark(start=paragraph.start, end=match.end(), numbers=(number,), how="numbered", strength=0.8))
    several = len({number for mark in (*found, *beside) for number in mark.numbers}) > 1
    once = len({mark.numbers for mark in found}) == len(found)
    return found if several and once else []


def _inner_short_marks(page: Page, tables: AnswerTables, highest: int) -> Iterator[Mark]:
    """ "... of them. Q5: ..." within a paragraph, as a page read from PDF may run on."""
    for boundary in _SENTENCE_END.finditer(page.plain):
        start = _skip_space(page.plain, boundary.end())
        where = page.at(start)
        match = tables.short.match(page.plain, start) if where >= 0 and start > page.paragraphs[where].start else None
        if match is None or match.end() > page.paragraphs[where].end or not match.group()[0].isalpha():
            continue
        after, separated = _after(page.plain, match.end(), page.paragraphs[where].end, tables)
        numbers = numbers_in(match.group("n"), tables, 0)
        punctuated = separated or re.search(r"[.#:-]", match.group()) is not None
        if numbers and max(numbers) <= highest and punctuated:
            yield Mark(
                start=start, end=after, numbers=numbers, how="numbered", strength=0.7, quoted=page.paragraphs[where].quoted
            )


def _last_marks(page: Page, tables: AnswerTables, last: int) -> Iterator[Mark]:
    """ "... so only the last one: ..." in a paragraph that speaks of questions."""
    for match in tables.last_alone.finditer(page.plain) if tables.last_word.search(page.plain) else ():
        where = page.at(match.start())
        if where < 0:
            continue
        paragraph = page.paragraphs[where]
        numbers = numbers_in(match.group("n"), tables, last)
        before = page.plain[max(paragraph.start, match.start() - 400) : match.start()]
        if numbers and max(numbers) <= last and tables.question_word.search(before) and not paragraph.quoted:
            yield Mark(start=match.start(), end=_skip_space(page.plain, match.end()), numbers=numbers, how="prose", strength=0.7)


def repeated_marks(page: Page, index: QuestionIndex) -> Iterator[Mark]:
    """Paragraphs (own, quoted, or cells) that begin with a question's text, after a bare number or not."""
    for position, paragraph in enumerate(page.paragraphs):
        label = _BARE.match(page.plain, paragraph.start, paragraph.end)
        for begin in dict.fromkeys((label.end() if label else paragraph.start, paragraph.start)):
            start = _skip_lead(page.plain, begin, paragraph.end)
            found = index.repeated(page.plain[start : paragraph.end])
            if found is None:
                continue
            written = re.match(r"[\s(\[]*(\d{1,2})", page.plain[paragraph.start : begin])
            numbers = (int(written.group(1)),) if written else (found.old or found.number,)
            end = start + found.end
            if paragraph.quoted and paragraph.end - end < 200:
                end = paragraph.end
            yield Mark(
                start=_row_start(page, position, paragraph),
                end=_skip_space(page.plain, end),
                numbers=numbers,
                how="table" if paragraph.row >= 0 else ("inline" if paragraph.quoted else "repeated question"),
                strength=1.0,
                matched=found.number,
                old=found.old,
                quoted=paragraph.quoted,
            )
            break


def topic_marks(page: Page, index: QuestionIndex, tables: AnswerTables) -> Iterator[Mark]:
    """ "On the question about the role of governments:" - a question named by what it asks."""
    for match in tables.question_word.finditer(page.plain):
        where = page.at(match.start())
        if where < 0 or page.paragraphs[where].quoted:
            continue
        paragraph = page.paragraphs[where]
        boundary = sentence_start(page.plain, paragraph.start, match.start())
        if boundary < 0:
            continue
        left = page.plain[boundary : match.start()].strip(_OPENING)
        chinese = has_cjk(match.group())
        if chinese and left:
            named = left
            end_of_name = re.compile(r"[^,:.]{0,12}?[,:]").match(page.plain, match.end(), paragraph.end)
        elif left and _is_lead(left, tables):
            end_of_name = re.compile(r"[^,:;.?!]{4,140}?[,:]").match(page.plain, match.end(), paragraph.end)
            named = end_of_name.group() if end_of_name else ""
        else:
            continue
        number = index.topic(named, share=0.45) if named and end_of_name else None
        if number is not None and end_of_name is not None:
            yield Mark(
                start=boundary,
                end=_skip_space(page.plain, end_of_name.end()),
                numbers=(number,),
                how="prose",
                strength=0.7,
                matched=number,
            )


def announced_mark(page: Page, frame: Frame, index: QuestionIndex, tables: AnswerTables) -> Mark | None:
    """The only question that the covering words name, where they say that it is answered or lead into the answer with a colon."""
    last = max(index.numbers, default=0)
    named: dict[int, tuple[int, ...]] = {}
    for pattern in (tables.labelled, tables.ordinal, tables.chinese, tables.short):
        for match in pattern.finditer(page.plain, frame.start, frame.closing):
            where = page.at(match.start())
            numbers = numbers_in(next((text for text in match.groups() if text), ""), tables, last)
            if not numbers or where < 0 or page.paragraphs[where].quoted or not set(numbers) <= set(index.numbers):
                continue
            said = _sentence_of(page, where, match.end())
            if tables.list_refusal.search(said) is None and tables.silent.search(said) is None:
                named.setdefault(match.end(), numbers)
    if not named or len(set(named.values())) > 1:
        return None
    (end, numbers), *_ = sorted(named.items())
    if len(numbers) > 2:
        return None
    paragraph = page.paragraphs[page.at(end - 1)]
    begin = max(paragraph.start, sentence_start(page.plain, paragraph.start, end - 1))
    stop = _ANNOUNCED_END.search(page.plain, end, min(paragraph.end, end + _ANNOUNCED))
    until = stop.end() if stop else paragraph.end
    said = page.plain[begin:until]
    colon = stop is not None and stop.group() == ":"
    if (
        "?" in said
        or tables.list_refusal.search(said)
        or not (colon or tables.list_answers.search(said) or tables.solely.search(said))
    ):
        return None
    after = _skip_space(page.plain, until)
    return Mark(start=begin, end=after, numbers=numbers, how="prose", strength=0.65 if colon else 0.6)


def _sentence_of(page: Page, where: int, offset: int) -> str:
    """The sentence of a label that ends at `offset`, within its paragraph."""
    paragraph = page.paragraphs[where]
    begin = max(paragraph.start, sentence_start(page.plain, paragraph.start, offset - 1))
    stop = _SENTENCE_END.search(page.plain, offset, paragraph.end)
    return page.plain[begin : stop.end() if stop else paragraph.end]


def sentence_start(plain: str, first: int, offset: int) -> int:
    """Where the sentence of `offset` begins, or -1 when that is too far away to be a label."""
    begin = max(first, offset - _FAR)
    position = begin if begin == first else -1
    for match in _SENTENCE_END.finditer(plain, begin, offset):
        position = match.end()
    return position


def _is_lead(left: str, tables: AnswerTables) -> bool:
    """Only words that may introduce a label stand before it."""
    words = re.findall(r"[^\W\d_]+", left)
    if len(words) > 9 or any(char.isdigit() for char in left):
        return False
    if has_cjk(left):
        return tables.lead_chinese.fullmatch(left) is not None
    return all(word in tables.lead or any(word.startswith(stem) for stem in tables.lead_stems) for word in words)


def _after(plain: str, end: int, last: int, tables: AnswerTables) -> tuple[int, bool]:
    """The end of a label with what belongs to it ("together", a bracket, punctuation), and whether a separator stood there."""
    position = end
    together = tables.together.match(plain, _skip_space(plain, position))
    if together and together.end() <= last:
        position = together.end()
    tail = tables.tail.match(plain, position, last)
    if tail:
        position = tail.end()
    bracket = _PAREN.match(plain, position, last)
    if bracket:
        position = bracket.end()
    separator = _SEPARATOR.match(plain, position, last)
    if separator:
        # An answer may begin on the next line.
        return _skip_space(plain, separator.end()), True
    return _skip_space(plain, position), False


def _skip_space(plain: str, position: int) -> int:
    while position < len(plain) and plain[position] in " \t\n\r*_":
        position += 1
    return position


def _skip_lead(plain: str, position: int, last: int) -> int:
    while position < last and plain[position] in _OPENING:
        position += 1
    return position


def _row_start(page: Page, position: int, paragraph: Paragraph) -> int:
    """A table row begins with its number, not with the question's cell."""
    if paragraph.row < 0 or paragraph.cell == 0:
        return paragraph.start
    before = [other for other in page.paragraphs[max(0, position - 4) : position] if other.row == paragraph.row]
    short = all(other.end - other.start <= 14 or len(words_of(page.text(other))) <= 3 for other in before)
    return paragraph.row if short else paragraph.start
