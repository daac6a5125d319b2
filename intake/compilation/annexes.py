"""Which originals of printed responses are to be rebuilt, and how each stands in the document afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from msgspec import Struct

from intake.compilation.pieces import find_part, unit_of
from intake.model.edition import Edition, EntryAttachment, Source
from intake.model.mail import Scan
from intake.model.record import Record, Response, Status
from intake.model.release import ReleasedForm
from intake.model.verdict import Attachment

NEVER = ("encrypted", "infected", "damaged")
NOT_BUILT = ReleasedForm(because="not_built")


class Wanted(Struct, frozen=True, kw_only=True):
    """An original to be rebuilt: where it is, what it is, and the words that may not leave with it."""

    message: str
    part: str
    sha256: str
    media_type: str
    withheld: tuple[str, ...]


def wanted_annexes(record: Record, sources: Mapping[str, Source], numbers: Mapping[str, int]) -> tuple[Wanted, ...]:
    """Originals of the printed responses that may leave once they are rebuilt; what is sealed or unfit is not among them. Pure."""
    return tuple(
        item
        for response in record.responses
        if response.status is Status.COUNTED and response.id in numbers
        for item in _wanted(response, sources)
    )


def _wanted(response: Response, sources: Mapping[str, Source]) -> Iterator[Wanted]:
    for key, item in standing_attachments(response):
        if listed_for(response, key, item):
            continue
        reading = sources[key].arrival.reading
        part = find_part(reading.parts, item.part)
        text = unit_of(reading, item.part)[0]
        passages = tuple(
            text[hidden.start : hidden.end]
            for message, hidden in response.withheld
            if message == key and hidden.part == item.part and not hidden.whole
        )
        kind = part.sniffed_type if part is not None else ""
        yield Wanted(message=key, part=item.part, sha256=item.sha256, media_type=kind, withheld=passages)


def standing_attachments(response: Response) -> Iterator[tuple[str, Attachment]]:
    """(message, attachment) of what counts now; decoration is no annex."""
    standing = {*response.versions[response.current].messages, *response.supplements}
    for key, item in response.attachments:
        if item.state.value != "ignored" and key in standing:
            yield key, item


def listed_for(response: Response, key: str, item: Attachment) -> str:
    """Why an original is only listed, before anything is rebuilt; "" when it may be. Sealed, unfit, infected, or not said to be
    clean where a scanner is configured."""
    sealed = {(message, hidden.part): hidden.reason for message, hidden in response.withheld if hidden.whole}
    scanned = item.scan.value if item.scan in (Scan.INFECTED, Scan.UNSCANNED) else ""
    return sealed.get((key, item.part), "") or scanned or (item.state.value if item.state.value in NEVER else "")


def entry_attachments(
    response: Response, number: int, released: Mapping[tuple[str, str], ReleasedForm], *, unnamed: bool = False
) -> tuple[EntryAttachment, ...]:
    """The annexes of a response as printed. `released`: (message, part) -> form; a missing one was not built. `unnamed`: none is
    attached, they would tell the name."""
    partly = {(key, item.part) for key, item in response.withheld if not item.whole}
    found = []
    for index, (key, item) in enumerate(standing_attachments(response), 1):
        because = listed_for(response, key, item) or ("name" if unnamed else "")
        if not because and not released and (key, item.part) in partly:
            because = "partly_withheld"
        form = ReleasedForm(because=because) if because else released.get((key, item.part), NOT_BUILT)
        attached = bool(form.octets) and not form.because
        found.append(
            EntryAttachment(
                name=item.name,
                size_bytes=item.size_bytes,
                sha256=item.sha256,
                state=item.state.value,
                attached=attached,
                because=form.because,
                file=f"annexes/{number:03}-{index:02}.{form.suffix}" if attached else "",
                released_sha256=hashlib.sha256(form.octets).hexdigest() if attached else "",
                removed=form.removed if attached else (),
                pages=form.pages,
            )
        )
    return tuple(found)


def annex_files(edition: Edition, released: Mapping[tuple[str, str], ReleasedForm]) -> dict[str, bytes]:
    """The released forms that an edition names, by file."""
    by_hash = {hashlib.sha256(form.octets).hexdigest(): form.octets for form in released.values() if form.octets}
    return {
        item.file: by_hash[item.released_sha256]
        for entry in (*edition.entries, *edition.late_entries)
        for item in entry.attachments
        if item.attached
    }
