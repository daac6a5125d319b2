"""The record of a round to an Edition: everything that will be printed, and nothing that is withheld."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from intake.compilation.changes import changes_between
from intake.compilation.names import names_in, repeated_in
from intake.compilation.pieces import pieces_of
from intake.model.edition import Audience, CampaignEntry, Edition, Entry, EntryAnswer, EntryAttachment, LeftOut, Piece, Source
from intake.model.record import Campaign, PublishMode, Record, Response, Status, Timeliness
from intake.model.round import Round
from intake.model.verdict import Passage

NOT_ATTACHED = ("encrypted", "infected", "damaged", "macro", "tracked_changes")
NOTES = ("overlap", "old_questions")


class Tally(Struct, frozen=True, kw_only=True):
    """seen = archived + same_bytes + vanished + erased."""

    seen: int
    archived: int
    same_bytes: int
    vanished: int
    erased: int = 0


def assemble(
    record: Record,
    sources: Mapping[str, Source],
    consultation: Round,
    numbers: Mapping[str, int],
    *,
    language: str,
    cut_off: datetime,
    revision: int | None,
    released_on: date | None,
    released_by: str,
    tally: Tally,
    before: Edition | None = None,
    erased: frozenset[str] = frozenset(),
    audience: Audience = Audience.GROUP,
) -> Edition:
    """The Edition. Pure. `numbers`: response id -> public number; responses without one are not printed. `erased`: ids of
    responses that were erased by decision; their numbers stay, without a name."""
    printed = [item for item in record.responses if item.id in numbers and _is_printed(item, audience)]
    printed.sort(key=lambda item: numbers[item.id])
    entries = [_entry(item, sources, numbers[item.id], audience) for item in printed]
    late = tuple(entry for entry in entries if entry.late)
    on_time = tuple(entry for entry in entries if not entry.late)
    campaigns = tuple(_campaign(item, sources, consultation) for item in record.campaigns)
    every = [*on_time, *late]
    edition = Edition(
        round=consultation,
        language=language,
        revision=revision,
        cut_off=cut_off,
        released_on=released_on,
        released_by=released_by,
        entries=on_time,
        late_entries=late,
        campaigns=campaigns,
        left_out=_left_out(record, numbers, erased, audience),
        changes=(),
        counts=record.counts,
        seen=tally.seen,
        archived=tally.archived,
        same_bytes=tally.same_bytes,
        vanished=tally.vanished,
        erased=tally.erased,
        withheld=sum(_markers(entry, "pending") for entry in every),
        redacted=sum(_markers(entry, "redacted") for entry in every),
        manifest_sha256="",
        audience=audience,
    )
    edition = replace(edition, changes=changes_between(before, edition))
    return replace(edition, manifest_sha256=_manifest(edition))


def _manifest(edition: Edition) -> str:
    """SHA-256 over what the edition lists: numbers, hashes of the originals, counts, cut-off."""
    facts = {
        "entries": [(entry.public_number, entry.message_sha256) for entry in (*edition.entries, *edition.late_entries)],
        "counts": edition.counts,
        "cut_off": edition.cut_off,
        "revision": edition.revision,
        "seen": (edition.seen, edition.archived, edition.same_bytes, edition.vanished),
        **({"erased": edition.erased} if edition.erased else {}),
    }
    return hashlib.sha256(msgspec.json.encode(facts, order="sorted")).hexdigest()


def _is_printed(response: Response, audience: Audience) -> bool:
    """Counted, and not for the group alone where the public reads."""
    if response.status is not Status.COUNTED:
        return False
    return audience is Audience.GROUP or response.publish_mode is not PublishMode.GROUP_ONLY


def _entry(response: Response, sources: Mapping[str, Source], number: int, audience: Audience) -> Entry:
    unnamed = audience is Audience.PUBLIC and response.publish_mode is PublishMode.WITHOUT_NAME
    respondent = replace(response.respondent, sources={}, confidence={})
    response = replace(response, withheld=(*response.withheld, *repeated_in(response, sources)))
    if unnamed:
        response = replace(response, withheld=(*response.withheld, *names_in(response, sources)))
        respondent = replace(respondent, person=None, organization=None, title=None)
    notes = tuple(flag for flag in response.flags if flag in NOTES)
    return Entry(
        public_number=number,
        response_id=response.id,
        respondent=respondent,
        co_signatories=() if unnamed else response.co_signatories,
        language=response.language,
        received_at=response.received_at,
        late=response.timeliness is Timeliness.LATE,
        answers=tuple(
            EntryAnswer(
                question=answer.question,
                pieces=_pieces(response, sources, key, answer.passages),
                together=answer.together,
            )
            for key, answer in response.answers
        ),
        general=_bucket(response, sources, response.general),
        unmapped=_bucket(response, sources, response.unmapped),
        attachments=_attachments(response, unnamed=unnamed),
        message_sha256=tuple(response.versions[response.current].messages),
        flags=response.flags,
        notes=(*notes, "name_withheld") if unnamed else notes,
        abstract="" if response.withheld else response.abstract,
    )


def _pieces(response: Response, sources: Mapping[str, Source], key: str, passages: Sequence[Passage]) -> tuple[Piece, ...]:
    hidden = [item for message, item in response.withheld if message == key]
    return pieces_of(sources[key].arrival.reading, passages, hidden)


def _bucket(response: Response, sources: Mapping[str, Source], passages: Sequence[tuple[str, Passage]]) -> tuple[Piece, ...]:
    by_message: dict[str, list[Passage]] = {}
    for key, passage in passages:
        by_message.setdefault(key, []).append(passage)
    return tuple(piece for key, found in by_message.items() for piece in _pieces(response, sources, key, found))


def _attachments(response: Response, *, unnamed: bool) -> tuple[EntryAttachment, ...]:
    """The annexes as listed. One that is sealed, or of which words are withheld, is not attached: its original would tell them."""
    sealed = {(key, item.part): item.reason if item.whole else "partly_withheld" for key, item in response.withheld}
    sealed |= {(key, item.part): item.reason for key, item in response.withheld if item.whole}
    standing = {*response.versions[response.current].messages, *response.supplements}
    found = []
    for key, item in response.attachments:
        if item.state.value == "ignored" or key not in standing:
            continue
        because = sealed.get((key, item.part), "") or ("name" if unnamed else "")
        if not because and item.state.value in NOT_ATTACHED:
            because = item.state.value
        found.append(
            EntryAttachment(
                name=item.name, size_bytes=item.size_bytes, sha256=item.sha256, state=item.state.value, because=because
            )
        )
    return tuple(found)


def _campaign(campaign: Campaign, sources: Mapping[str, Source], consultation: Round) -> CampaignEntry:
    """A representative text: the author's own words without the name and place it is signed with."""
    source = sources[campaign.representative]
    reading, verdict = source.arrival.reading, source.verdict
    passages = [*(passage for answer in verdict.answers for passage in answer.passages), *verdict.general]
    passages = passages or list(verdict.unmapped)
    return CampaignEntry(
        campaign=campaign,
        copies=len(campaign.messages),
        text=pieces_of(reading, passages, verdict.withheld),
        language=verdict.language,
        similarity=consultation.campaign.similarity,
        minimum=consultation.campaign.minimum,
    )


def _left_out(record: Record, numbers: Mapping[str, int], erased: frozenset[str], audience: Audience) -> tuple[LeftOut, ...]:
    gone = sorted(numbers[name] for name in erased if name in numbers)
    found = [LeftOut(public_number=number, what="erased", reason="", received_at=None) for number in gone]
    for item in record.responses:
        if item.id in numbers and _is_printed(item, audience):
            continue
        what = (
            "merged"
            if item.merged_into
            else "group_only"
            if item.status is Status.COUNTED and item.id in numbers
            else item.status.value
        )
        # Only a response that was printed before keeps its name here; nothing of a doubtful one is shown.
        known = item.id in numbers and item.status is Status.WITHDRAWN
        name = (item.respondent.organization or item.respondent.person or "") if known else ""
        found.append(LeftOut(public_number=numbers.get(item.id), what=what, reason="", received_at=item.received_at, name=name))
    return tuple(found)


def _markers(entry: Entry, marker: str) -> int:
    pieces = [piece for answer in entry.answers for piece in answer.pieces] + [*entry.general, *entry.unmapped]
    return sum(1 for piece in pieces if piece.withheld.startswith(marker))
