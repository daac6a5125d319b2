"""Labels without a word for a question: a number behind a preposition ("on 1:", "关于1："), spelled behind the word for an answer
("Answer One"), with the sign of an ordinal ("1ª"), or framed ("=== 3 ===")."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from intake.sorting.answers_lines import Page, Paragraph
from intake.sorting.answers_marks import Mark
from intake.sorting.answers_tables import AnswerTables

NAMED = frozenset({"worded", "led", "spelled", "led point"})
"""Ways in which nobody counts points of his own."""
_FRAMED = re.compile(r"[ \t]{0,3}(?P<frame>[=~*+#_-]{2,12})[ \t]{0,2}(?P<n>\d{1,2})[ \t]{0,2}[=~*+#_-]{2,12}[ \t]{0,3}(?:\n|$)")
_SIGNED = re.compile(r"[ \t*_]{0,4}(?P<n>\d{1,2})\.?(?P<sign>[ao])(?!\w)[.:)]?[ \t*_]{1,3}(?=\S)")
_SIGNS = frozenset("ªº")
_RINGED = re.compile(r"[ \t*_]{0,4}(?P<n>\d{1,2})[.:)]?\s{0,3}(?=\S)")


def bare_marks(page: Page, tables: AnswerTables) -> Iterator[tuple[str, Mark]]:
    """(style, mark) of each paragraph that begins with such a label."""
    for paragraph in page.paragraphs:
        if paragraph.quoted or paragraph.row >= 0:
            continue
        found = _bare(page, paragraph, tables)
        if found is None:
            continue
        style, value, end = found
        while end < len(page.plain) and page.plain[end] in " \t\n\r*_":
            end += 1
        if value > 0 and end < page.paragraphs[-1].end:
            yield style, Mark(start=paragraph.start, end=end, numbers=(value,), how="numbered", strength=0.7)


def _bare(page: Page, paragraph: Paragraph, tables: AnswerTables) -> tuple[str, int, int] | None:
    """(style, number, end of the label)."""
    start, end = paragraph.start, paragraph.end
    for style, pattern in (("worded", tables.worded), ("led", tables.led), ("spelled", tables.spelled)):
        match = pattern.match(page.plain, start, end)
        if match is not None:
            written = next(text for text in match.groups() if text)
            return style, tables.value(written) or 0, match.end()
    return framed_or_signed(page, paragraph)


def framed_or_signed(page: Page, paragraph: Paragraph) -> tuple[str, int, int] | None:
    """A number in a frame, in a ring, or with the sign of an ordinal."""
    framed = _FRAMED.match(page.plain, paragraph.start, paragraph.end)
    if framed is not None:
        return "framed", int(framed.group("n")), framed.end()
    ringed = _RINGED.match(page.plain, paragraph.start, paragraph.end)
    if ringed is not None and _is_ringed(page.fold_original(ringed.start("n"), ringed.start("n") + 1)):
        return "ringed", int(ringed.group("n")), ringed.end()
    signed = _SIGNED.match(page.plain, paragraph.start, paragraph.end)
    if signed is not None and page.fold_original(signed.start("sign"), signed.end("sign")) in _SIGNS:
        return "signed", int(signed.group("n")), signed.end()
    return None


def _is_ringed(char: str) -> bool:
    """Whether a number was written as one sign ("①", "❶", "⒈") that is no footnote's."""
    return unicodedata.category(char) == "No" and "SCRIPT" not in unicodedata.name(char, "") if len(char) == 1 else False
