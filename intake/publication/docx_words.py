"""Withheld words out of a rebuilt document's trees: found across runs, replaced by a mark, and looked for once more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from intake.publication.docx_allowed import W
from intake.publication.docx_tree import Element

_W = "{" + W + "}"
MARK = "[▇▇▇]"
_SHORTEST = 4
"""Characters below which a line is too short to be found for certain."""


class Held(Exception):
    """Words that may not leave could not be taken out for certain: nothing leaves."""


def take_out(trees: Sequence[Element], withheld: Sequence[str]) -> None:
    """Replace every line of every withheld passage. Raises Held when one is not found, or still stands somewhere afterwards."""
    lines = {squeezed(line) for passage in withheld for cell in passage.split("\t") for line in cell.split("\n")} - {""}
    if any(len(line) < _SHORTEST for line in lines):
        raise Held("too short to be sure")
    for line in sorted(lines, key=len, reverse=True):
        if not sum(_out_of(paragraph, line) for tree in trees for paragraph in tree.iter(f"{_W}p")):
            raise Held("not found")
    rest = squeezed("".join(item.text or "" for tree in trees for item in tree.iter(f"{_W}t")))
    if any(line in rest for line in lines):
        raise Held("still there")


def squeezed(text: str) -> str:
    """Text without white space and signs, compatibility forms joined: how words are compared."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _out_of(paragraph: Element, line: str) -> int:
    """How often a line was taken out of one paragraph."""
    found = 0
    while True:
        texts = [item for item in paragraph.iter(f"{_W}t")]
        places = list(_letters(texts))
        plain = "".join(letter for letter, _, _ in places)
        at = plain.find(line)
        if at < 0:
            return found
        _, first, low = places[at]
        _, last, high = places[at + len(line) - 1]
        _cut(texts, first, low, last, high + 1)
        found += 1


def _letters(texts: Sequence[Element]) -> Iterator[tuple[str, int, int]]:
    """Every compared letter with the element and offset it stands at."""
    for index, item in enumerate(texts):
        for offset, char in enumerate(item.text or ""):
            for letter in squeezed(char):
                yield letter, index, offset


def _cut(texts: Sequence[Element], first: int, low: int, last: int, high: int) -> None:
    before, after = (texts[first].text or "")[:low], (texts[last].text or "")[high:]
    if first == last:
        texts[first].text = before + MARK + after
        return
    texts[first].text = before + MARK
    for item in texts[first + 1 : last]:
        item.text = ""
    texts[last].text = after
