"""PDF: the outline as data for the Typst source; no text of a message ever becomes markup. And where headings came to stand."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from intake.compilation.nodes import Heading, Outline

if TYPE_CHECKING:
    import pikepdf


def typst_data(outline: Outline) -> bytes:
    """data.json for templates/compilation/compilation.typ; the same outline gives the same octets."""
    year, month, day = (int(piece) for piece in outline.date.split("-"))
    facts = msgspec.to_builtins(outline)
    facts |= {"year": year, "month": month, "day": day}
    for node in facts["nodes"]:
        if node["type"] == "told":
            for run in _runs(node["blocks"]):
                run["text"] = _UNBROKEN.sub(_breakable, run["text"])
        elif node["type"] == "table":
            node["rows"] = [[_NAME.sub(_breakable_name, cell) for cell in row] for row in node["rows"]]
        elif node["type"] == "facts":
            node["pairs"] = [(label, _UNBROKEN.sub(_breakable_name, value)) for label, value in node["pairs"]]
    return msgspec.json.encode(facts, order="sorted")


_UNBROKEN = re.compile(r"[^\s\u0590-\u08ff\u0e00-\u0fff\u3000-\u9fff\uac00-\ud7ff\uff00-\uffef-]{50,}")
"""Letters that run on so long, without a hyphen, that they would leave the page; scripts that are broken anywhere, or join, are not."""


def _breakable(match: re.Match[str]) -> str:
    """With places where a line may end (U+200B), which are not seen."""
    return re.sub(r"(.{25})", "\\1\u200b", match[0])


_NAME = re.compile(r"[^\s\u200b]{18,}")
"""A name of a file that would run into the next column."""


def _breakable_name(match: re.Match[str]) -> str:
    """With places after the marks that part a name; a hash stays whole, so that it can be copied."""
    return match[0] if _HASH.fullmatch(match[0]) else re.sub(r"([_./-]|[^\W_]{24}(?=[^\W_]))", "\\1\u200b", match[0])


_HASH = re.compile(r"[0-9a-f]{64}")


def _runs(blocks: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        yield from block["runs"]
        for cell in block["cells"]:
            yield from cell


def pages_of(pdf: bytes, outline: Outline) -> tuple[int, dict[str, int]]:
    """(number of pages, anchor -> index of the page from 0) of the headings of the first two levels, from the file's own bookmarks."""
    import pikepdf  # six megabytes that a daemon does not need, which prints in a child

    with pikepdf.open(io.BytesIO(pdf)) as document:
        places = {page.obj.objgen: index for index, page in enumerate(document.pages)}
        with document.open_outline() as bookmarks:
            marked = list(_destinations(bookmarks.root, 1))
        pages = [places[target.objgen] for target in marked]
        count = len(document.pages)
    return count, places_of(pages, outline)


def places_of(pages: Sequence[int], outline: Outline) -> dict[str, int]:
    """Anchor -> page, of the headings of the first two levels. `pages`: of each, in their order."""
    anchors = [node.anchor for node in outline.nodes if isinstance(node, Heading) and node.level <= 2]
    return dict(zip(anchors, pages, strict=True))


def _destinations(items: Sequence[pikepdf.OutlineItem], level: int) -> Iterator[pikepdf.Object]:
    import pikepdf

    for item in items:
        target = item.destination
        if isinstance(target, pikepdf.Array):
            yield target[0]
        if level < 2:
            yield from _destinations(item.children, level + 1)
