"""A copy of words: what leaves in the place of an original that is not rebuilt, made of what was read of it and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec.structs import replace

from intake.compilation.annexes import Wanted
from intake.compilation.names import repeated_in
from intake.compilation.nodes import Heading, Line, Node, Outline
from intake.compilation.outline_entry import piece_nodes
from intake.compilation.pieces import find_part, pieces_of, unit_of
from intake.compilation.words import Words
from intake.model.edition import Source
from intake.model.mail import Part, Scan
from intake.model.outline import framed
from intake.model.record import Record, Response
from intake.model.release import ReleasedForm
from intake.model.verdict import Passage

REASONS = ("format", "withheld")
"""Why an original stays behind while its words may go: nobody rebuilds its format, or words of it are withheld and cannot be cut out."""
LEFT_BEHIND = "layout"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def words_alone(
    item: Wanted, form: ReleasedForm, record: Record, sources: Mapping[str, Source], words: Words, symbol: str, on: date
) -> Outline | None:
    """The document of one original's words, what is withheld replaced by its marker; None where the original leaves as it is, where it
    stays behind for another reason, or where it has no words. Members of an archive follow each other under their names."""
    source = sources[item.message]
    part = find_part(source.arrival.reading.parts, item.part)
    response = next(one for one in record.responses if _has(one, item))
    if form.because not in REASONS or part is None:
        return None
    told = [node for one in _units(part) for node in _unit(one, item.message, response, sources, words, alone=one is part)]
    if not told:
        return None
    name = part.name or ""
    note = Line(text=words("annex.words_only", name=name), style="note")
    nodes = (Heading(level=1, text=name, anchor="words"), note, *told)
    return framed(words, name, symbol=symbol, stamp=words("annex.copy"), on=on, nodes=nodes)


def as_form(octets: bytes) -> ReleasedForm:
    """The released form that such a document is, as a DOCX."""
    return ReleasedForm(octets=octets, media_type=_DOCX, suffix="docx", removed=(LEFT_BEHIND,))


def _has(response: Response, item: Wanted) -> bool:
    return any((key, attachment.part) == (item.message, item.part) for key, attachment in response.attachments)


def _units(part: Part) -> Iterator[Part]:
    """The part and what it holds, as far as it may be read by anybody."""
    if part.scan in (Scan.INFECTED, Scan.UNSCANNED):
        return
    if part.blocks:
        yield part
    for child in part.children:
        yield from _units(child)


def _unit(
    part: Part, message: str, response: Response, sources: Mapping[str, Source], words: Words, *, alone: bool
) -> Iterator[Node]:
    text = unit_of(sources[message].arrival.reading, part.path)[0]
    everywhere = repeated_in(response, sources, ((message, part.path),))
    hidden = [one for key, one in (*response.withheld, *everywhere) if key == message and one.part == part.path]
    whole = Passage(part=part.path, start=0, end=len(text), text=text)
    pieces = [replace(piece, source="") for piece in pieces_of(sources[message].arrival.reading, [whole], hidden)]
    if not alone:
        yield Heading(level=2, text=part.name or part.path, anchor=f"words-{part.path}")
    language = part.language if part.language != "und" else response.language
    yield from piece_nodes(pieces, language, words)
