"""A unit's text as paragraphs: wrapped lines joined, table cells apart, quoted lines known."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct

from intake.model.text import Block, BlockKind
from intake.sorting.answers_units import Unit
from intake.sorting.folding import Folded, fold, has_cjk
from intake.sorting.glance import Latest

_PREFIX = re.compile(r"(?m)^[ \t]*(?:>[ \t]?){1,20}")
_FIRST_WORD = re.compile(r"\S+")
_ITEM = re.compile(r"[(\[#]?(?:\d{1,2}|[ivx]{1,4}|[a-h])(?:[.)\]]-?|\s?-(?=\s))\s+\S")
_NARROW, _NARROW_UNSPACED = 55, 34
_WIDEST = 110
_LONGEST_HEADING = 140


class Paragraph(Struct, frozen=True, kw_only=True):
    """A stretch of folded text that belongs together. `row` is where its table row begins, -1 outside tables."""

    start: int
    end: int
    quoted: bool = False
    heading: bool = False
    row: int = -1
    cell: int = 0


class Page(Struct, frozen=True, kw_only=True, eq=False):
    """A unit ready for the search: folded text, its paragraphs in order, the author's own stretches (folded offsets)."""

    unit: Unit
    fold: Folded
    plain: str
    paragraphs: tuple[Paragraph, ...]
    starts: tuple[int, ...]
    own: tuple[tuple[int, int], ...]
    block_starts: tuple[int, ...] = ()

    def block_at(self, offset: int) -> Block | None:
        """The block that holds an offset of the original text, or None."""
        return _block_at(self.unit.blocks, self.block_starts, offset)

    def at(self, offset: int) -> int:
        """Index of the paragraph that holds an offset, or -1."""
        index = bisect_right(self.starts, offset) - 1
        return index if index >= 0 and offset < self.paragraphs[index].end else -1

    def text(self, paragraph: Paragraph) -> str:
        """The paragraph's folded text on one line."""
        return " ".join(self.plain[paragraph.start : paragraph.end].split())

    def fold_original(self, start: int, end: int) -> str:
        """The words as written between two folded offsets."""
        return self.unit.text[self.fold.back(start) : self.fold.back(end)]

    def is_heading(self, index: int) -> bool:
        """Short, on its own, without the full stop of a sentence; or marked as heading by its layout."""
        paragraph = self.paragraphs[index]
        if paragraph.end - paragraph.start > 3 * _LONGEST_HEADING:
            return False
        text = self.text(paragraph)
        if not text or len(text) > _LONGEST_HEADING:
            return False
        return paragraph.heading or text[-1] not in ".;,"


def page_of(unit: Unit, opener: re.Pattern[str], closer: re.Pattern[str], prefixed: tuple[tuple[int, int], ...] = ()) -> Page:
    """The unit's page; a line that begins with `opener` begins a paragraph, one that is a `closer` (a subject
    with its question in brackets) is one. Linear in the text.

    `prefixed`: stretches beside the quoted ones in which lines may begin with ">".
    """
    return _LATEST.of((unit, opener, closer, prefixed or None), lambda: _page_of(unit, opener, closer, prefixed))


_LATEST: Latest[Page] = Latest(8)


def _page_of(unit: Unit, opener: re.Pattern[str], closer: re.Pattern[str], prefixed: tuple[tuple[int, int], ...]) -> Page:
    text = unit.text
    for start, end in (*unit.quoted, *prefixed):
        text = text[:start] + _PREFIX.sub(lambda match: " " * len(match.group()), text[start:end]) + text[end:]
    together = fold(text)
    paragraphs = tuple(_paragraphs(unit, together, opener, closer))
    own = tuple((together.forth(start), together.forth(end)) for start, end in unit.own)
    return Page(
        unit=unit,
        fold=together,
        plain=together.text,
        paragraphs=paragraphs,
        starts=tuple(paragraph.start for paragraph in paragraphs),
        own=own,
        block_starts=tuple(block.start for block in unit.blocks),
    )


def _paragraphs(unit: Unit, together: Folded, opener: re.Pattern[str], closer: re.Pattern[str]) -> Iterator[Paragraph]:
    ranges = sorted([(start, end, False) for start, end in unit.own] + [(start, end, True) for start, end in unit.quoted])
    block_starts = tuple(block.start for block in unit.blocks)
    for start, end, quoted in ranges:
        first, last = together.forth(start), together.forth(end)
        lines = list(_lines(together.text, first, last))
        width = max((e - s for s, e in lines), default=0)
        group: list[tuple[int, int]] = []
        for index, (s, e) in enumerate(lines):
            if s == e:
                yield from _flush(unit, together, group, quoted, block_starts)
                group = []
                continue
            opens = opener.match(together.text, s, e) is not None or (
                bool(group)
                and _ITEM.match(together.text, s, e) is not None
                and (together.text[group[-1][1] - 1] in ".:?!;" or _ITEM.match(together.text, *group[0]) is not None)
            )
            title = closer.match(together.text, s, e)
            headed = title is not None and title.group("header") is not None and _begins(unit, together, (s, e))
            titled = title is not None and (headed or not group or together.text[group[-1][1] - 1] in ".:?!;")
            titled = titled and index + 1 < len(lines) and _begins(unit, together, lines[index + 1])
            if group and (opens or titled or _breaks(together, lines[index - 1], (s, e), width, unit.blocks, block_starts)):
                yield from _flush(unit, together, group, quoted, block_starts)
                group = []
            group.append((s, e))
            if titled:
                yield from _flush(unit, together, group, quoted, block_starts)
                group = []
        yield from _flush(unit, together, group, quoted, block_starts)


def _begins(unit: Unit, together: Folded, line: tuple[int, int]) -> bool:
    """Whether a line may begin a sentence: it is empty, or its first letter is none of the small ones."""
    return not unit.text[together.back(line[0]) : together.back(line[1])].lstrip("«“\"'(")[:1].islower()


def _lines(plain: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Lines without the white space around them; an empty line is (n, n)."""
    position = first
    while position < last:
        end = plain.find("\n", position, last)
        end = last if end < 0 else end
        raw = plain[position:end]
        stripped = raw.strip(" \t\f\v")
        # A cell may be empty: tabs of a row stay.
        if "\t" in raw.strip(" "):
            stripped = raw.strip(" ")
        lead = raw.find(stripped) if stripped else 0
        yield (position + lead, position + lead + len(stripped))
        position = end + 1


def _breaks(
    together: Folded,
    before: tuple[int, int],
    line: tuple[int, int],
    width: int,
    blocks: tuple[Block, ...],
    starts: tuple[int, ...],
) -> bool:
    """Whether a line begins a paragraph though no empty line stands before it."""
    if starts:
        here = bisect_right(starts, together.back(line[0]))
        if here != bisect_right(starts, together.back(before[0])):
            return True
        # A block that spans several lines is wrapped text or a paragraph with line breaks of its own.
    if width > _WIDEST:
        return not (blocks and starts)
    first_word = _FIRST_WORD.search(together.text, line[0], line[1])
    room = before[1] - before[0] + 1 + (len(first_word.group()) if first_word else 0)
    ended = together.text[before[1] - 1] in ".:?!;"
    if ended and width < (_NARROW_UNSPACED if has_cjk(together.text[before[0] : before[1]]) else _NARROW):
        return True  # nobody's mail program wraps so early: the line ended on purpose
    return room <= (width if ended else 0.8 * width)


def _flush(
    unit: Unit, together: Folded, group: list[tuple[int, int]], quoted: bool, starts: tuple[int, ...]
) -> Iterator[Paragraph]:
    if not group:
        return
    start, end = group[0][0], group[-1][1]
    block = _block_at(unit.blocks, starts, together.back(start))
    heading = block is not None and (block.kind is BlockKind.HEADING or _all_bold(block))
    in_table = block is not None and block.kind is BlockKind.TABLE_ROW
    if "\t" in together.text[start:end] and (in_table or unit.kind == "attachment"):
        position = start
        for cell, piece in enumerate(together.text[start:end].split("\t")):
            if piece.strip():
                lead = len(piece) - len(piece.lstrip())
                yield Paragraph(
                    start=position + lead,
                    end=position + len(piece.rstrip()),
                    quoted=quoted,
                    heading=heading,
                    row=start,
                    cell=cell,
                )
            position += len(piece) + 1
        return
    yield Paragraph(start=start, end=end, quoted=quoted, heading=heading, row=start if in_table else -1)


def _block_at(blocks: tuple[Block, ...], starts: tuple[int, ...], offset: int) -> Block | None:
    index = bisect_right(starts, offset) - 1
    return blocks[index] if index >= 0 and offset < blocks[index].end else None


def _all_bold(block: Block) -> bool:
    said = False
    for run in block.runs:
        if run.text.strip():
            if not run.bold:
                return False
            said = True
    return said
