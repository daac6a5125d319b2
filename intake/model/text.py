"""Text with its marks: spans say what a stretch is, blocks say how it was laid out. Offsets are code points, half open."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class SpanKind(StrEnum):
    """What a stretch of a message's text is. `HIDDEN`: nobody sees it. `CODED`: the letters of a uuencoded or yEnc file."""

    NEW = "new"
    QUOTE = "quote"
    REPLY_HEADER = "reply_header"
    FORWARD_HEADER = "forward_header"
    FORWARDED = "forwarded"
    SIGNATURE = "signature"
    LEGAL_FOOTER = "legal_footer"
    LIST_FOOTER = "list_footer"
    DEVICE_FOOTER = "device_footer"
    HIDDEN = "hidden"
    CODED = "coded"


class Span(Struct, frozen=True, kw_only=True):
    """`text[start:end]` is of one kind. The spans of a text are ordered, do not overlap and cover it whole."""

    start: int
    end: int
    kind: SpanKind
    depth: int = 0


class BlockKind(StrEnum):
    """The few layouts every renderer can print."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    FOOTNOTE = "footnote"


class Run(Struct, frozen=True, kw_only=True):
    """A stretch of one emphasis. `link` is shown, never followed. `struck`: its author struck it out; its words stand between "~~" in
    the text, so that whoever sees the text alone sees it too."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None
    struck: bool = False


class Block(Struct, frozen=True, kw_only=True):
    """One paragraph, heading, list item, footnote or table row of a text.

    `text[start:end]` equals the joined runs; the cells of a table row are joined by a tab.
    `label` is what stood before a list item ("3.", "•", "ب)"), part of the text. `level`: heading 1 to 6, list depth from 1.
    `page` counts from 1 where the format has pages; `paragraph` counts from 1 in the unit.
    """

    kind: BlockKind
    start: int
    end: int
    runs: tuple[Run, ...] = ()
    cells: tuple[tuple[Run, ...], ...] = ()
    level: int = 0
    label: str = ""
    page: int | None = None
    paragraph: int | None = None
