"""The record as it may be shown to anybody of the house, in JSON, CSV and on a screen: with markers in the place of sealed words. Who
must see those asks for them by name (`intake withheld`, `held show`, `export eml`), and the look is journalled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from intake.casework.drafts import Case
from intake.compilation.names import repeated_in
from intake.compilation.pieces import pieces_of
from intake.model.edition import Piece, Source
from intake.model.record import Campaign, Record, Response
from intake.model.round import Round
from intake.model.verdict import Passage, Withheld
from intake.pipeline.cases import cases_of
from intake.pipeline.office import Office


def covered(office: Office, consultation: Round, responses: Sequence[Response]) -> tuple[Response, ...]:
    """The responses without words that are withheld or proposed to be. Messages are looked at only where there are such."""
    if not any(item.withheld for item in responses):
        return tuple(responses)
    cases = {case.key: case for case in cases_of(office, consultation)}
    return tuple(_covered(item, cases) if item.withheld else item for item in responses)


def covered_record(office: Office, consultation: Round, record: Record) -> Record:
    """The whole record so; of campaigns what single mails add."""
    responses = covered(office, consultation, record.responses)
    return replace(record, responses=responses, campaigns=covered_campaigns(office, consultation, record.campaigns))


def covered_campaigns(office: Office, consultation: Round, campaigns: Sequence[Campaign]) -> tuple[Campaign, ...]:
    """Campaigns without what is proposed to be withheld of their mails."""
    if not any(item.personal for item in campaigns):
        return tuple(campaigns)
    cases = {case.key: case for case in cases_of(office, consultation)}
    return tuple(
        replace(item, personal=tuple((key, _told(cases[key], [one], cases[key].verdict.withheld)) for key, one in item.personal))
        for item in campaigns
    )


def _covered(response: Response, cases: Mapping[str, Case]) -> Response:
    sources = {key: Source(arrival=cases[key].arrival, verdict=cases[key].verdict) for key in response.messages}
    every = (*response.withheld, *repeated_in(response, sources))

    def told(key: str, passage: Passage) -> Passage:
        return _told(cases[key], [passage], [item for message, item in every if message == key])

    answers = tuple(
        (key, replace(answer, passages=tuple(told(key, passage) for passage in answer.passages)))
        for key, answer in response.answers
    )
    return replace(
        response,
        answers=answers,
        general=tuple((key, told(key, passage)) for key, passage in response.general),
        unmapped=tuple((key, told(key, passage)) for key, passage in response.unmapped),
        abstract="",
    )


def _told(case: Case, passages: Sequence[Passage], hidden: Sequence[Withheld]) -> Passage:
    passage = passages[0]
    touched = [item for item in hidden if item.part == passage.part and (item.whole or _meets(item, passage))]
    if not touched:
        return passage
    pieces = pieces_of(case.arrival.reading, passages, touched)
    return replace(passage, text=" ".join(filter(None, map(_words, pieces))))


def _meets(item: Withheld, passage: Passage) -> bool:
    return item.start < passage.end and item.end > passage.start


def _words(piece: Piece) -> str:
    if piece.withheld:
        return f"[{piece.withheld.replace(':', ': ')}]"
    lines = (("".join(run.text for run in cell) for cell in (block.cells or (block.runs,))) for block in piece.blocks)
    return "\n".join("\t".join(cells) for cells in lines).strip()
