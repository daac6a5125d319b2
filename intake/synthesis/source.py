"""The words of an edition as evidence: what each response says on each question, and whether a quotation stands there.

Only what an edition prints is a source: what is withheld cannot be quoted, and no quotation reaches across a marker.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from intake.model.edition import Edition, Entry, Piece
from intake.model.synthesis import GENERAL

GAP = "\x00"
"""Stands where words are withheld."""
_OMISSION = re.compile(r"\[\s*(?:…|\.{3})\s*\]|…|\.{3}")
_QUOTES = str.maketrans(dict.fromkeys("“”„«»‹›″＂「」『』", '"') | dict.fromkeys("‘’‚′＇`", "'") | dict.fromkeys("‐‑‒–—−", "-"))
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def texts_of(entry: Entry) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(question, paragraphs) of a response; general and unmapped text is under GENERAL."""
    for answer in entry.answers:
        yield answer.question, tuple(paragraphs(answer.pieces))
    rest = tuple(paragraphs((*entry.general, *entry.unmapped)))
    if rest:
        yield GENERAL, rest


def paragraphs(pieces: Sequence[Piece]) -> Iterator[str]:
    """The blocks of pieces, each on one line; GAP where words are withheld."""
    for piece in pieces:
        if piece.withheld:
            yield GAP
            continue
        for block in piece.blocks:
            cells = block.cells or (block.runs,)
            text = " ".join("".join(run.text for run in cell) for cell in cells)
            if text.strip():
                yield " ".join(text.split())


def squeezed(text: str) -> str:
    """As compared: no white space, one kind of quotation mark, hyphen and width; nothing else is levelled."""
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).translate(_QUOTES)
    return "".join(plain.split())


def stands_in(quote: str, paragraphs_: Sequence[str]) -> bool:
    """Whether the words stand there, in order, as quoted; "[…]" leaves something out. A quotation crosses no withheld place."""
    wanted = [piece for piece in (squeezed(part) for part in _OMISSION.split(quote)) if piece]
    if not wanted:
        return False
    for stretch in "\n".join(paragraphs_).split(GAP):
        source = squeezed(stretch)
        at = 0
        for piece in wanted:
            found = source.find(piece, at)
            if found < 0:
                break
            at = found + len(piece)
        else:
            return True
    return False


def entries_of(edition: Edition) -> dict[int, Entry]:
    """Every printed response by its public number."""
    return {entry.public_number: entry for entry in sorted((*edition.entries, *edition.late_entries), key=_number)}


def name_of(entry: Entry) -> str:
    """The respondent as the documents name it."""
    return entry.respondent.organization or entry.respondent.person or "–"


def _number(entry: Entry) -> int:
    return entry.public_number
