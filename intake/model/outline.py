"""The document as a flat list of nodes, which every format prints in order. No format knows the record, no node a format."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from intake.model.text import Block


class Heading(Struct, frozen=True, kw_only=True, tag="heading"):
    """A heading; `anchor` is unique in the document. `fresh`: begins a page where there are pages."""

    level: int
    text: str
    anchor: str
    number: int = 0
    fresh: bool = False


class Line(Struct, frozen=True, kw_only=True, tag="line"):
    """A paragraph of the shell. `style`: body, note, marker, meta, source, draft, item (of a list). `label`: its number, where it has one."""

    text: str
    style: str = "body"
    label: str = ""


class Told(Struct, frozen=True, kw_only=True, tag="told"):
    """A respondent's own words, in their language and direction; `of` response, abstract (the
    respondent's own), translation (another's rendering of them)."""

    blocks: tuple[Block, ...]
    language: str
    direction: str
    of: str = "response"


class Quoted(Struct, frozen=True, kw_only=True, tag="quoted"):
    """A question's text in one language."""

    text: str
    language: str
    direction: str


class Facts(Struct, frozen=True, kw_only=True, tag="facts"):
    """Pairs of label and value."""

    pairs: tuple[tuple[str, str], ...]


class Table(Struct, frozen=True, kw_only=True, tag="table"):
    """Rows under a head; the last row is a total when `total`. `bars`: the last column is a number shown as a bar too. `widths`:
    of the columns, relative to each other, where they should not be alike."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: bool = False
    bars: bool = False
    widths: tuple[int, ...] = ()


class Cover(Struct, frozen=True, kw_only=True, tag="cover"):
    """The header block of the house: meeting left; document, date and languages right; the title below. `box`: (label, paragraph)
    of the block under the title (summary, action, references); `meeting`: when the group meets; `volume`: of a set."""

    group: str
    topic: str
    title: str
    document: str
    date: str
    original: str
    draft: str
    facts: tuple[tuple[str, str], ...]
    box: tuple[tuple[str, str], ...] = ()
    meeting: str = ""
    volume: str = ""


class ContentsLine(Struct, frozen=True, kw_only=True):
    """A line of the contents of a set of volumes: level 0 is the volume itself. `place`: its page in words."""

    level: int
    text: str
    anchor: str
    volume: int
    place: str


class Contents(Struct, frozen=True, kw_only=True, tag="contents"):
    """The table of contents stands here; `lines` are given where they name places in other volumes."""

    title: str
    lines: tuple[ContentsLine, ...] = ()


Node = Heading | Line | Told | Quoted | Facts | Table | Cover | Contents


class Outline(Struct, frozen=True, kw_only=True):
    """A document: language and direction of its shell, title, and its nodes. `replaced`: what is said where a format cannot show
    every sign, with {count}. `volume`: which of a set, in words ("": it is whole); `page_one`: how a page is named where the
    number of all is not known; `colon`: what stands between a label and what it labels."""

    language: str
    direction: str
    title: str
    page: str
    page_of: str
    skip: str
    replaced: str
    contents: str
    symbol: str
    stamp: str
    date: str
    nodes: tuple[Node, ...]
    volume: str = ""
    page_one: str = "{page}"
    colon: str = ": "


class Shell(Protocol):
    """The words of a document in one language: `shell("part.topic")`. A missing key is an error, never an empty place."""

    @property
    def language(self) -> str:
        """One of the six."""

    @property
    def direction(self) -> str:
        """ "rtl" for Arabic."""

    @property
    def colon(self) -> str:
        """What stands between a label and what it labels."""

    @property
    def stop(self) -> str:
        """The end of a sentence, with what parts it from the next."""

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""

    def name(self, text: str) -> str:
        """A name of somebody's choice as it stands in this language's lines."""

    def listed(self, items: Sequence[str]) -> str:
        """Longer items that may hold commas of their own."""

    def aside(self, text: str) -> str:
        """What follows a word in parentheses, the space before them with it; nothing for nothing."""

    def __call__(self, key: str, **fill: object) -> str:
        """The sentence of a key. Raises KeyError."""

    def plural(self, room: str, number: int, **fill: object) -> str:
        """The sentence that agrees with a number."""

    def month(self, when: date) -> str:
        """ "October 2019"."""

    def day(self, when: date) -> str:
        """ "23 December 2017"."""

    def moment(self, when: datetime, zone: str) -> str:
        """A local time with its offset."""

    def tongue(self, code: str) -> str:
        """Name of a language."""


def framed(shell: Shell, title: str, *, symbol: str, stamp: str, on: date, nodes: tuple[Node, ...]) -> Outline:
    """A document of ours around its nodes."""
    return Outline(
        language=shell.language,
        direction=shell.direction,
        title=title,
        page=shell("doc.page"),
        page_of=shell("doc.page_of", page="{page}", pages="{pages}"),
        skip=shell("doc.skip"),
        replaced=shell("doc.replaced", count="{count}"),
        contents=shell("doc.contents"),
        colon=shell.colon,
        symbol=symbol,
        stamp=stamp,
        date=on.isoformat(),
        nodes=nodes,
    )
