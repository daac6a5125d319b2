"""A long document in volumes for the formats that have pages: each whole by itself, pages numbered through, the contents of all in the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from intake.compilation.words import Words
from intake.model.outline import Contents, ContentsLine, Cover, Heading, Node, Outline, Told

VOLUME_CHARS = 800_000
"""Characters of responses in a volume: forty responses of 1,500 words, each printed twice; Typst takes some 380 MB, and two are under the press."""

MOST_RESPONSES = 100
WHOLE_CHARS = 2_000_000
"""Printed responses, and characters of responses, up to which a document is one file."""

_SLACK = 1.15
FIRST_PART = "by-respondent"


def needs_volumes(outline: Outline, responses: int) -> bool:
    """Above about a hundred responses, or as many words as they would have."""
    return responses > MOST_RESPONSES or sum(map(_size, outline.nodes)) > WHOLE_CHARS


def volumes_of(outline: Outline, words: Words, volume_chars: int = VOLUME_CHARS) -> tuple[Outline, ...]:
    """The volumes, in order of reading; every node of the outline stands in exactly one of them, headings are repeated where they go on."""
    cuts = list(_cuts(outline.nodes, volume_chars))
    total = len(cuts)
    cover = next((node for node in outline.nodes if isinstance(node, Cover)), None)
    made = []
    open_headings: list[Heading] = []
    for number, (start, end) in enumerate(cuts, 1):
        nodes = list(outline.nodes[start:end])
        label = words("doc.volume", n=number, total=total)
        if number == 1:
            nodes = [replace(node, volume=label) if isinstance(node, Cover) else node for node in nodes]
        else:
            head = _front(cover, label, nodes, outline)
            nodes = [*head, *_resumed(open_headings, nodes, number, words), *nodes]
        made.append(replace(outline, nodes=tuple(nodes), volume=label))
        _follow(open_headings, outline.nodes[start:end])
    return tuple(made)


def _cuts(nodes: Sequence[Node], volume_chars: int) -> Iterator[tuple[int, int]]:
    """Half-open ranges: the front matter alone, then as many responses as fit."""
    first = next((index for index, node in enumerate(nodes) if isinstance(node, Heading) and node.anchor == FIRST_PART), 0)
    start, size = 0, 0
    for index, node in enumerate(nodes):
        full = isinstance(node, Heading) and (
            (node.level <= 2 and size >= volume_chars) or (node.level == 3 and size >= volume_chars * _SLACK)
        )
        if (index == first and first) or (index > first and full):
            at = _with_its_parents(nodes, start, index)
            if at > start:
                yield start, at
                start, size = at, 0
        size += _size(node)
    yield start, len(nodes)


def _with_its_parents(nodes: Sequence[Node], start: int, index: int) -> int:
    """A heading right above the cut goes with what follows it."""
    while index - 1 > start and isinstance(nodes[index - 1], Heading):
        index -= 1
    return index


def _size(node: Node) -> int:
    if isinstance(node, Told):
        return sum(block.end - block.start for block in node.blocks)
    return 0


def _follow(open_headings: list[Heading], nodes: Sequence[Node]) -> None:
    """Which headings stand open after these nodes."""
    for node in nodes:
        if isinstance(node, Heading):
            while open_headings and open_headings[-1].level >= node.level:
                open_headings.pop()
            open_headings.append(node)


def _front(cover: Cover | None, label: str, nodes: Sequence[Node], outline: Outline) -> Iterator[Node]:
    if cover is not None:
        yield replace(cover, volume=label, box=(), facts=())
    if sum(isinstance(node, Heading) and node.level <= 2 for node in nodes) > 1:
        yield Contents(title=outline.contents)


def _resumed(open_headings: Sequence[Heading], nodes: Sequence[Node], number: int, words: Words) -> Iterator[Heading]:
    """The headings that the first of these nodes stands under, said to be continued."""
    level = next((node.level for node in nodes if isinstance(node, Heading)), 1)
    for index, heading in enumerate(item for item in open_headings if item.level < level):
        text = words("doc.continued", heading=heading.text)
        yield replace(heading, text=text, anchor=f"{heading.anchor}-volume-{number}", fresh=index == 0)


def with_index(first: Outline, lines: Sequence[ContentsLine]) -> Outline:
    """The first volume with the contents of all."""
    nodes = (replace(node, lines=tuple(lines)) if isinstance(node, Contents) else node for node in first.nodes)
    return replace(first, nodes=tuple(nodes))


def index_lines(volumes: Sequence[Outline], pages: Mapping[tuple[int, str], int], words: Words) -> tuple[ContentsLine, ...]:
    """Headings of the first two levels of every volume: level, words, volume, page. `pages`: (volume from 1, anchor) -> page, 0 unknown."""
    found = []
    for number, volume in enumerate(volumes, 1):
        found.append(ContentsLine(level=0, text=volume.volume, anchor="", volume=number, place=""))
        for node in volume.nodes:
            if isinstance(node, Heading) and node.level <= 2:
                page = pages.get((number, node.anchor), 0)
                place = words("doc.page_one", page=page)
                found.append(ContentsLine(level=node.level, text=node.text, anchor=node.anchor, volume=number, place=place))
    return tuple(found)
