"""Markdown (CommonMark with tables): plain enough to read as it is, marks in respondents' words escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.compilation.nodes import Contents, Cover, Facts, Heading, Line, Node, Outline, Quoted, Table, Told
from intake.model.text import Block, BlockKind, Run

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~]|&(?=#?\w{1,40};))")
_START = re.compile(r"^(\s*)([-+=>]|\d{1,9}[.)])(\s|$)")


_RULE = re.compile(r"^(\s*)([-=]+\s*)$")
"""A line of its own under words would make a heading of them, or a rule."""


def render(outline: Outline) -> bytes:
    """UTF-8, LF."""
    lines = [line for node in outline.nodes for line in _node(node, outline)]
    return ("\n".join(lines).rstrip() + "\n").encode("utf-8")


def escape(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "\n".join(_RULE.sub(r"\1\\\2", _START.sub(_escape_start, _SPECIAL.sub(r"\\\1", line))) for line in text.split("\n"))


def _escape_start(match: re.Match[str]) -> str:
    mark = match.group(2)
    safe = f"{mark[:-1]}\\{mark[-1]}" if mark[0].isdigit() else f"\\{mark}"
    return f"{match.group(1)}{safe}{match.group(3)}"


def _node(node: Node, outline: Outline) -> Iterator[str]:
    if isinstance(node, Cover):
        yield from _cover(node, outline)
    elif isinstance(node, Contents):
        yield from (f"## {escape(node.title)}", "")
        for item in outline.nodes:
            if isinstance(item, Heading) and item.level <= 2:
                yield f"{'  ' * (item.level - 1)}- [{escape(item.text)}](#{item.anchor})"
        yield ""
    elif isinstance(node, Heading):
        yield from (f'<a id="{node.anchor}"></a>', "", f"{'#' * (node.level + 1)} {escape(' '.join(node.text.split()))}", "")
    elif isinstance(node, Line):
        yield from (render_line(node), "")
    elif isinstance(node, Quoted):
        yield from (f"> {escape(' '.join(node.text.split()))}", "")
    elif isinstance(node, Facts):
        for label, value in node.pairs:
            yield f"- {escape(label)}{outline.colon}{escape(value)}"
        yield ""
    elif isinstance(node, Table):
        yield from _table(node)
    elif isinstance(node, Told):
        yield from _told(node)


def _cover(node: Cover, outline: Outline) -> Iterator[str]:
    yield from (f"# {escape(node.title)}", "")
    if node.topic:
        yield from (f"**{escape(node.topic)}**", "")
    yield from (escape(node.group), "")
    if node.meeting:
        yield from (escape(node.meeting), "")
    yield from (escape(f"{node.document} · {node.date}"), "", escape(node.original), "")
    for label, value in node.facts:
        yield from (f"{escape(label)}{outline.colon}{escape(value)}", "")
    for label, text in node.box:
        yield from (f"**{escape(label)}**", "", escape(text), "")


def render_line(node: Line) -> str:
    """A paragraph of the shell."""
    words = escape(node.text)
    if node.label:
        return f"{node.label}\\. {words}"
    if node.style == "item":
        return f"- {words}"
    return f"*{words}*" if node.style in ("note", "marker", "source", "draft") else words


def _table(node: Table) -> Iterator[str]:
    def row(cells: tuple[str, ...]) -> str:
        return "| " + " | ".join(escape(" ".join(cell.split())) for cell in cells) + " |"

    yield from (f"*{escape(node.caption)}*", "", row(node.head), "|" + " --- |" * len(node.head))
    for cells in node.rows:
        yield row(cells)
    yield ""


def _told(node: Told) -> Iterator[str]:
    rtl = node.direction == "rtl"
    if rtl:
        yield from (f'<div dir="rtl" lang="{node.language}">', "")
    in_table = False
    for block in node.blocks:
        if block.kind is BlockKind.TABLE_ROW:
            if not in_table:
                yield "| " + " | ".join("" for _ in block.cells) + " |"
                yield "|" + " --- |" * len(block.cells)
                in_table = True
            yield "| " + " | ".join(_runs(cell).replace("\n", " ") for cell in block.cells) + " |"
            continue
        if in_table:
            yield ""
            in_table = False
        yield from (_block(block), "")
    if in_table:
        yield ""
    if rtl:
        yield from ("</div>", "")


def _block(block: Block) -> str:
    words = _runs(block.runs)
    if block.kind is BlockKind.HEADING:
        return f"**{escape(''.join(run.text for run in block.runs))}**"
    if block.kind is BlockKind.LIST_ITEM and block.label in ("•", "-", "–", "—", "*", "·"):
        return "- " + words.removeprefix(escape(block.label)).strip()
    return words.replace("\n", "  \n")


def _runs(runs: tuple[Run, ...]) -> str:
    pieces = []
    for run in runs:
        words = escape(run.text)
        bare = words.strip()
        if bare and run.bold:
            words = words.replace(bare, f"**{bare}**", 1)
        elif bare and run.italic:
            words = words.replace(bare, f"*{bare}*", 1)
        if run.struck:
            words = words.replace("\\~\\~", "~~")
        pieces.append(words)
    return "".join(pieces)
