"""Text and its blocks grow together: every block knows its place in the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from msgspec.structs import replace

from intake.model.text import Block, BlockKind, Run

_SPACE = re.compile(r"[ \t\u00a0]+")
_LABEL = re.compile(
    r"(\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5}|[\u0660-\u0669]{1,2}|[\u0621-\u064a]|[一二三四五六七八九十]{1,3})[.)\u3001:]|[•●▪◦‣·*–—-])\s+"
)
MAX_CHARS = 2_000_000
MAX_BLOCKS = 50_000


class TextBuilder:
    """Collects blocks; `text` is what they spell, one line end between blocks, two before headings and paragraphs."""

    def __init__(self, limit: int = MAX_CHARS) -> None:
        self._pieces: list[str] = []
        self._size = 0
        self._limit = limit
        self.blocks: list[Block] = []
        self.cut = False

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._pieces)

    def add(
        self,
        kind: BlockKind,
        runs: list[Run],
        *,
        level: int = 0,
        label: str = "",
        page: int | None = None,
        tight: bool = False,
        kept: bool = False,
    ) -> None:
        """A block of runs; empty ones are left out. `tight`: one line end before it instead of an empty line. `kept`: the spaces in it
        stay as they are."""
        runs = _squeezed(runs, kept=kept)
        if label and runs and not runs[0].text.startswith(label):
            runs = [Run(text=f"{label} "), *runs]
        words = "".join(run.text for run in runs)
        if not words.strip() or self._full(len(words)):
            return
        start = self._open(tight)
        self._push(words)
        self.blocks.append(
            Block(
                kind=kind,
                start=start,
                end=self._size,
                runs=tuple(runs),
                level=level,
                label=label,
                page=page,
                paragraph=len(self.blocks) + 1,
            )
        )

    def add_row(self, cells: list[list[Run]], *, page: int | None = None, tight: bool = True) -> None:
        """A table row; its cells are joined by a tab."""
        squeezed = [_squeezed(cell) for cell in cells]
        words = "\t".join("".join(run.text for run in cell).replace("\t", " ") for cell in squeezed)
        if not words.strip() or self._full(len(words)):
            return
        start = self._open(tight)
        self._push(words)
        self.blocks.append(
            Block(
                kind=BlockKind.TABLE_ROW,
                start=start,
                end=self._size,
                cells=tuple(tuple(cell) for cell in squeezed),
                page=page,
                paragraph=len(self.blocks) + 1,
            )
        )

    def _full(self, more: int) -> bool:
        if self._size + more > self._limit or len(self.blocks) >= MAX_BLOCKS:
            self.cut = True
        return self.cut

    def _open(self, tight: bool) -> int:
        if self.blocks:
            self._push("\n" if tight else "\n\n")
        return self._size

    def _push(self, words: str) -> None:
        self._pieces.append(words)
        self._size += len(words)


def _squeezed(runs: list[Run], *, kept: bool = False) -> list[Run]:
    """White space within a line folded unless it is `kept`, none at the ends; line ends inside (br) stay."""
    out: list[Run] = []
    for run in runs:
        text = run.text if kept else _SPACE.sub(" ", run.text)
        if not kept and out and out[-1].text.endswith((" ", "\n")):
            text = text.lstrip(" ")
        if not out:
            text = text.lstrip("\r\n") if kept else text.lstrip()
        if text:
            out.append(run if text == run.text else replace(run, text=text))
    while out and not out[-1].text.strip():
        out.pop()
    if out and out[-1].text != out[-1].text.rstrip():
        out[-1] = replace(out[-1], text=out[-1].text.rstrip())
    return signed(out) if any(run.struck for run in out) else out


STRUCK = "~~"
"""Stands before and after what its author struck out: in every language, and in plain text too."""


def signed(runs: Sequence[Run]) -> list[Run]:
    """Struck words with their sign; spaces at their ends are not struck."""
    out: list[Run] = []
    for struck, group in groupby(runs, key=lambda run: run.struck):
        same = list(group)
        words = "".join(run.text for run in same)
        if not struck or not words.strip():
            out += [replace(run, struck=False) for run in same] if struck else same
            continue
        first, last = same[0], same[-1]
        before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
        if len(same) == 1:
            same = [replace(first, text=f"{STRUCK}{words.strip()}{STRUCK}")]
        else:
            same[0] = replace(first, text=f"{STRUCK}{first.text.lstrip()}")
            same[-1] = replace(last, text=f"{last.text.rstrip()}{STRUCK}")
        out += [Run(text=before)] if before else []
        out += same
        out += [Run(text=after)] if after else []
    return out


_RAISED = dict(zip("0123456789+-=()n−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ⁻", strict=True))
_LOWERED = dict(zip("0123456789+-=()−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋", strict=True))
_LONGEST_RAISED = 16


def shifted(text: str, sign: str) -> str:
    """Raised ("^") or lowered ("_") text: figures by Unicode's own, so that 10⁶ is not 106; letters alone stay as they are (1st); what
    has other figures in it behind the sign."""
    bare = text.strip()
    table = _RAISED if sign == "^" else _LOWERED
    if not bare or len(bare) > _LONGEST_RAISED or text.startswith(tuple(table.values())):
        return text
    if all(char in table for char in bare):
        return text.replace(bare, "".join(table[char] for char in bare))
    return text.replace(bare, f"{sign}{bare}") if any(char.isdigit() for char in bare) else text


def plain_blocks(text: str, page: int | None = None) -> tuple[Block, ...]:
    """Blocks of a plain text by its empty lines and list marks; offsets are those of the text itself."""
    blocks: list[Block] = []
    start: int | None = None
    offset = 0
    lines = text.split("\n")

    def close(end: int) -> None:
        nonlocal start
        if start is not None and text[start:end].strip():
            words = text[start:end].rstrip()
            match = _LABEL.match(words)
            kind = BlockKind.LIST_ITEM if match else BlockKind.PARAGRAPH
            label = match.group(1) if match else ""
            blocks.append(
                Block(
                    kind=kind,
                    start=start,
                    end=start + len(words),
                    runs=(Run(text=words),),
                    level=1 if match else 0,
                    label=label,
                    page=page,
                    paragraph=len(blocks) + 1,
                )
            )
        start = None

    for line in lines:
        bare = line.strip().lstrip("> ")
        if not bare:
            close(offset)
        else:
            if start is not None and _LABEL.match(line.lstrip()):
                close(offset)
            if start is None:
                start = offset + (len(line) - len(line.lstrip()))
        offset += len(line) + 1
    close(len(text))
    return tuple(blocks)
