"""Before a revision leaves: no sealed word stands in any of its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from intake.compilation.pieces import find_part, unit_of
from intake.errors import BadData
from intake.model.edition import Audience, Edition, Piece, Source
from intake.model.record import PublishMode, Record, Response, Status
from intake.publication.sealed import Secret, find_leaks, secrets_of_part, secrets_of_words


def check_sealed(record: Record, sources: Mapping[str, Source], edition: Edition, files: Mapping[str, bytes]) -> None:
    """Raises BadData with every place where something sealed would leave; the words themselves are not repeated."""
    entries = (*edition.entries, *edition.late_entries)
    numbers = {entry.response_id: entry.public_number for entry in entries}
    secrets = [
        secret
        for response in record.responses
        if response.withheld and response.status in (Status.COUNTED, Status.HELD, Status.LATE_PENDING)
        for secret in _secrets(response, sources, numbers.get(response.id))
    ]
    if edition.audience is Audience.PUBLIC:
        secrets += [secret for response in record.responses for secret in _not_public(response)]
    if not secrets:
        return
    leaks = find_leaks(files, secrets, _printed(edition))
    if leaks:
        places = "; ".join(f"{leak.of} stands in {leak.file} ({leak.place})" for leak in leaks[:20])
        raise BadData(f"not released: {len(leaks)} sealed passage(s) would leave the house: {places}")


def _secrets(response: Response, sources: Mapping[str, Source], number: int | None) -> Iterator[Secret]:
    for key, item in response.withheld:
        if key not in sources:
            continue
        reading = sources[key].arrival.reading
        of = f"response {number or response.id}: {item.reason}"
        text = unit_of(reading, item.part)[0]
        if not item.whole:
            yield from secrets_of_words(of, text[item.start : item.end])
            continue
        part = find_part(reading.parts, item.part)
        yield from secrets_of_part(of, text, part.sha256 if part is not None else "")


def _not_public(response: Response) -> Iterator[Secret]:
    """What the public may not read of a response that is not published in full: who it is of, or its words."""
    if response.publish_mode is PublishMode.FULL:
        return
    who = response.respondent
    of = f"response {response.id}: {response.publish_mode.value}"
    for name in (who.person, who.organization, *response.co_signatories):
        yield from secrets_of_words(of, name or "")
    if response.publish_mode is PublishMode.GROUP_ONLY:
        passages = [passage for _, answer in response.answers for passage in answer.passages]
        passages += [passage for _, passage in (*response.general, *response.unmapped)]
        for passage in passages:
            yield from secrets_of_part(of, passage.text, "")


def _printed(edition: Edition) -> Iterator[str]:
    """Every text that the edition prints of the responses: what stands there was found fit to leave."""
    for entry in (*edition.entries, *edition.late_entries):
        for answer in entry.answers:
            yield from _words(answer.pieces)
        yield from _words((*entry.general, *entry.unmapped))
        yield entry.abstract
        yield msgspec.json.encode(entry.respondent).decode("utf-8")
        yield from (item.name for item in entry.attachments)
    for campaign in edition.campaigns:
        yield from _words(campaign.text)
        for _, pieces in campaign.personal:
            yield from _words(pieces)


def _words(pieces: tuple[Piece, ...]) -> Iterator[str]:
    for piece in pieces:
        for block in piece.blocks:
            yield block.label + "".join(run.text for run in (*block.runs, *(run for cell in block.cells for run in cell)))
