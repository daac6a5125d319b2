"""Words to print: a passage cut out of the blocks of the text it stands in, and markers where something is withheld."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from intake.model.edition import Piece
from intake.model.mail import Part, Reading
from intake.model.text import Block, BlockKind, Run
from intake.model.verdict import Passage, Withheld

FULL_LINE = 50
"""Characters from which a line of mail was wrapped by its program and not ended by its author."""


def unit_of(reading: Reading, path: str) -> tuple[str, tuple[Block, ...], str]:
    """(text, blocks, file name) of the body ("") or of a part."""
    if not path:
        return reading.text, reading.blocks, ""
    part = find_part(reading.parts, path)
    if part is None:
        return "", (), ""
    if part.message is not None:
        return part.message.text, part.message.blocks, part.name or ""
    return part.text, part.blocks, part.name or ""


def find_part(parts: Sequence[Part], path: str) -> Part | None:
    """A part by its path, however deep it lies. Paths are those of the outermost message: the parts of an attached one are its
    children, too; in its own Reading their paths begin at 1 again and would name another part here."""
    for part in parts:
        if part.path == path:
            return part
        inner = find_part(part.children, path)
        if inner is not None:
            return inner
    return None


def pieces_of(reading: Reading, passages: Sequence[Passage], withheld: Sequence[Withheld]) -> tuple[Piece, ...]:
    """Pieces of passages, in order; where words are withheld a marker stands instead: "pending:" or "redacted:" and the reason."""
    found: list[Piece] = []
    for passage in _joined(reading, passages):
        _, blocks, name = unit_of(reading, passage.part)
        hidden = [item for item in withheld if item.part == passage.part]
        whole = next((item for item in hidden if item.whole), None)
        if whole is not None:
            sealed = Piece(withheld=marker(whole), source=name)
            found += [] if found and found[-1] == sealed else [sealed]
            continue
        found += _cut(passage, blocks, hidden, name)
    return tuple(found)


def _joined(reading: Reading, passages: Sequence[Passage]) -> list[Passage]:
    """Passages that only white space parts are one: a table's cells stay a table."""
    out: list[Passage] = []
    for passage in passages:
        last = out[-1] if out else None
        if last is not None and last.part == passage.part and last.end <= passage.start:
            text = unit_of(reading, passage.part)[0]
            if not text[last.end : passage.start].strip():
                out[-1] = replace(last, end=passage.end, text=text[last.start : passage.end])
                continue
        out.append(passage)
    return out


def marker(item: Withheld) -> str:
    """What stands in the place of withheld words: by a person's decision, or pending one."""
    return f"{'redacted' if item.ruling else 'pending'}:{item.reason}"


def _cut(passage: Passage, blocks: Sequence[Block], hidden: Sequence[Withheld], name: str) -> Iterator[Piece]:
    start = passage.start
    ranges = sorted(
        (item.start, item.end, marker(item)) for item in hidden if item.end > passage.start and item.start < passage.end
    )
    for low, high, told in ranges:
        if high <= start:
            continue
        if low > start:
            yield from _piece(blocks, passage, start, low, name)
        yield Piece(withheld=told, source=name, page=passage.page)
        start = max(start, high)
    if start < passage.end:
        yield from _piece(blocks, passage, start, passage.end, name)


def _piece(blocks: Sequence[Block], passage: Passage, start: int, end: int, name: str) -> Iterator[Piece]:
    cut = tuple(
        block for block in (slice_block(item, start, end) for item in blocks if item.start < end and item.end > start) if block
    )
    if not cut:
        words = passage.text[max(0, start - passage.start) : end - passage.start]
        cut = (Block(kind=BlockKind.PARAGRAPH, start=start, end=end, runs=(Run(text=words),)),) if words.strip() else ()
    if cut:
        yield Piece(blocks=cut, source=name, page=passage.page or next((block.page for block in cut if block.page), None))


def reflowed(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Runs with the line ends of wrapped mail text opened: a full line goes on with the next; short lines stay as they are."""
    return tuple(replace(run, text=_unwrap(run.text)) if "\n" in run.text else run for run in runs)


def _unwrap(text: str) -> str:
    lines = text.split("\n")
    out = lines[0]
    for before, line in pairwise(lines):
        full = len(before.rstrip()) >= FULL_LINE or (_is_wide(before) and len(before) >= FULL_LINE // 2) or _goes_on(before, line)
        if not full or not line.strip():
            out += "\n" + line
        elif _is_wide(before[-1:]) and _is_wide(line[:1]):
            out = out.rstrip() + line.lstrip()
        else:
            out = out.rstrip() + " " + line.lstrip()
    return out


def _goes_on(before: str, line: str) -> bool:
    """A shorter line in mid-sentence: the first of a passage lost its label, the next one begins with a small letter."""
    return len(before) >= FULL_LINE // 3 and before.rstrip()[-1:].isalpha() and line[:1].islower()


def _is_wide(text: str) -> bool:
    """Whether it ends in a script that is written without spaces."""
    return bool(text) and ("\u3000" <= text[-1] <= "\u9fff" or "\uff00" <= text[-1] <= "\uffef")


def slice_block(block: Block, start: int, end: int) -> Block | None:
    """The part of a block that lies in [start, end); None when nothing is left."""
    low, high = max(start, block.start), min(end, block.end)
    if low >= high:
        return None
    if low == block.start and high == block.end:
        return block
    if block.kind is BlockKind.TABLE_ROW:
        return _slice_row(block, low, high)
    runs = _slice_runs(block.runs, low - block.start, high - block.start)
    if not any(run.text.strip() for run in runs):
        return None
    label = block.label if low == block.start else ""
    kind = BlockKind.PARAGRAPH if block.kind is BlockKind.LIST_ITEM and not label else block.kind
    return replace(block, start=low, end=high, runs=runs, label=label, kind=kind)


def _slice_row(block: Block, low: int, high: int) -> Block | None:
    """Cells that lie in the range; a cell cut in two keeps its part."""
    at = block.start
    cells: list[tuple[Run, ...]] = []
    for cell in block.cells:
        size = sum(len(run.text) for run in cell)
        first, last = max(low, at), min(high, at + size)
        if first < last:
            cells.append(_slice_runs(cell, first - at, last - at))
        at += size + 1
    cells = [cell for cell in cells if any(run.text.strip() for run in cell)]
    if not cells:
        return None
    if len(cells) == 1:
        return Block(kind=BlockKind.PARAGRAPH, start=low, end=high, runs=cells[0], page=block.page, paragraph=block.paragraph)
    return replace(block, start=low, end=high, cells=tuple(cells))


def _slice_runs(runs: Sequence[Run], start: int, end: int) -> tuple[Run, ...]:
    found: list[Run] = []
    at = 0
    for run in runs:
        low, high = max(start, at), min(end, at + len(run.text))
        if low < high:
            found.append(replace(run, text=run.text[low - at : high - at]))
        at += len(run.text)
    return tuple(found)
