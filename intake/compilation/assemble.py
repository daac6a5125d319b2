"""The record of a round to an Edition: everything that will be printed, and nothing that is withheld."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from intake.compilation.annexes import entry_attachments
from intake.compilation.changes import changes_between
from intake.compilation.names import names_in, repeated_in
from intake.compilation.pieces import pieces_of
from intake.model.edition import Audience, CampaignEntry, Edition, Entry, EntryAnswer, LeftOut, Piece, Source, Translation
from intake.model.record import Action, Campaign, PublishMode, Record, Response, Ruling, Status, Timeliness
from intake.model.release import ReleasedForm
from intake.model.round import Round
from intake.model.text import Block
from intake.model.verdict import Passage

NOTES = ("overlap", "old_questions")
UNSEALED = ("", "not_built", "format", "encrypted", "damaged", "layers", "too_large")
"""Reasons why an annex is not attached that withhold nothing of what it says."""


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
    released: Mapping[tuple[str, str], ReleasedForm] | None = None,
    translations: Sequence[Translation] = (),
    rulings: Sequence[Ruling] = (),
) -> Edition:
    """The Edition. Pure. `numbers`: response id -> public number; without one nothing is printed. `erased`: ids of responses erased by
    decision; their numbers stay. `released`: (message, part) -> what leaves of an original; None: not built, as in a draft."""
    printed = [item for item in record.responses if item.id in numbers and _is_printed(item, audience)]
    printed.sort(key=lambda item: numbers[item.id])
    plain = [entry_of(item, sources, numbers[item.id], audience, released or {}) for item in printed]
    entries = [_translated(entry, translations) for entry in plain]
    edition = Edition(
        round=consultation,
        language=language,
        revision=revision,
        cut_off=cut_off,
        released_on=released_on,
        released_by=released_by,
        entries=tuple(entry for entry in entries if not entry.late),
        late_entries=tuple(entry for entry in entries if entry.late),
        campaigns=tuple(_campaign(item, sources, consultation) for item in record.campaigns),
        left_out=_left_out(record, numbers, erased, audience, rulings),
        changes=(),
        counts=record.counts,
        seen=tally.seen,
        archived=tally.archived,
        same_bytes=tally.same_bytes,
        vanished=tally.vanished,
        erased=tally.erased,
        withheld=sum(_markers(entry, "pending") for entry in entries),
        redacted=sum(_markers(entry, "redacted") for entry in entries),
        manifest_sha256="",
        audience=audience,
        before=_before(before),
    )
    return _sealed(replace(edition, changes=changes_between(before, edition)))


def _sealed(edition: Edition) -> Edition:
    listed = msgspec.json.encode(listed_facts(edition), order="sorted")
    return replace(edition, manifest_sha256=hashlib.sha256(listed).hexdigest())


def _before(before: Edition | None) -> tuple[int, date] | None:
    if before is None or before.revision is None:
        return None
    return before.revision, before.released_on or before.cut_off.date()


def listed_facts(edition: Edition) -> dict[str, object]:
    """What the manifest's hash is made of: as compact JSON with sorted keys, SHA-256. Anyone who has the manifest can make it again."""
    return {
        "entries": [
            {
                "number": entry.public_number,
                "late": entry.late,
                "originals": [*entry.message_sha256, *entry.supplement_sha256],
                "annexes": [item.sha256 for item in entry.attachments],
                "released": [item.released_sha256 for item in entry.attachments if item.attached],
                "words": words_sha256(entry),
            }
            for entry in sorted((*edition.entries, *edition.late_entries), key=lambda item: item.public_number)
        ],
        "left_out": [[item.public_number, item.what] for item in edition.left_out],
        "counts": edition.counts,
        "cut_off": edition.cut_off,
        "revision": edition.revision,
        "seen": edition.seen,
        "archived": edition.archived,
        "same_bytes": edition.same_bytes,
        "vanished": edition.vanished,
        "erased": edition.erased,
        "withheld": edition.withheld,
        "redacted": edition.redacted,
    }


def words_sha256(entry: Entry) -> str:
    """SHA-256 of a response's printed words: UTF-8, every run of white space one space, markers as they stand."""
    pieces = [*(piece for answer in entry.answers for piece in answer.pieces), *entry.general, *entry.unmapped]
    told = (piece.withheld or " ".join(_text(block) for block in piece.blocks) for piece in pieces)
    return hashlib.sha256(" ".join(" ".join(told).split()).encode("utf-8")).hexdigest()


def _text(block: Block) -> str:
    cells = [" ".join(run.text for run in cell) for cell in block.cells]
    return " ".join(cells) if cells else "".join(run.text for run in block.runs)


def _translated(entry: Entry, translations: Sequence[Translation]) -> Entry:
    """With its translations; where anything of the response is withheld they stay out: they would say it in another language."""
    mine = tuple(item for item in translations if item.number == entry.public_number)
    sealed = any(item.because not in UNSEALED for item in entry.attachments) or "name_withheld" in entry.notes
    if mine and (sealed or _markers(entry, "pending") or _markers(entry, "redacted")):
        return replace(entry, notes=(*entry.notes, "translation_withheld"))
    return replace(entry, translations=mine)


def _is_printed(response: Response, audience: Audience) -> bool:
    """Counted, and not for the group alone where the public reads."""
    if response.status is not Status.COUNTED:
        return False
    return audience is Audience.GROUP or response.publish_mode is not PublishMode.GROUP_ONLY


def _unnamed(response: Response, audience: Audience) -> bool:
    """Whether nothing may tell this reader who answered: a response for the group alone is not named to the public either."""
    return audience is Audience.PUBLIC and response.publish_mode is not PublishMode.FULL


def entry_of(
    response: Response,
    sources: Mapping[str, Source],
    number: int,
    audience: Audience,
    released: Mapping[tuple[str, str], ReleasedForm],
) -> Entry:
    """One response as it is printed for an audience. `released`: what leaves of its originals; without it they are only listed."""
    unnamed = _unnamed(response, audience)
    respondent = replace(response.respondent, sources={}, confidence={})
    response = replace(response, withheld=(*response.withheld, *repeated_in(response, sources)))
    if unnamed:
        response = replace(response, withheld=(*response.withheld, *names_in(response, sources)))
        respondent = replace(respondent, person=None, organization=None, title=None)
    notes = tuple(flag for flag in response.flags if flag in NOTES)
    if audience is Audience.GROUP and response.publish_mode is not PublishMode.FULL:
        notes = (*notes, response.publish_mode.value)
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
        attachments=entry_attachments(response, number, released, unnamed=unnamed),
        message_sha256=tuple(response.versions[response.current].messages),
        supplement_sha256=tuple(response.supplements),
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


def _campaign(campaign: Campaign, sources: Mapping[str, Source], consultation: Round) -> CampaignEntry:
    """A representative text: the author's own words without the name and place it is signed with."""
    source = _source(sources, campaign.representative)
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
        personal=tuple(
            (own.verdict.language, pieces_of(own.arrival.reading, [passage], own.verdict.withheld))
            for key, passage in campaign.personal
            for own in (_source(sources, key),)
        ),
    )


def _source(sources: Mapping[str, Source], key: str) -> Source:
    message, _, part = key.partition("#")
    return sources[message].posting(part)


def _left_out(
    record: Record, numbers: Mapping[str, int], erased: frozenset[str], audience: Audience, rulings: Sequence[Ruling]
) -> tuple[LeftOut, ...]:
    gone = sorted(numbers[name] for name in erased if name in numbers)
    reasons = {ruling.id: ruling for ruling in rulings}
    found = [LeftOut(public_number=number, what="erased", reason="", received_at=None) for number in gone]
    found += [
        LeftOut(
            public_number=numbers[item.id], what="merged" if item.into else "gone", reason="", into=numbers.get(item.into or "")
        )
        for item in record.gone
        if item.id in numbers and item.id not in erased
    ]
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
        known = item.id in numbers and item.status is Status.WITHDRAWN and not _unnamed(item, audience)
        name = (item.respondent.organization or item.respondent.person or "") if known else ""
        decided = next((reasons[one] for one in reversed(item.rulings) if one in reasons), None)
        reason = decided.reason if decided is not None and decided.action is Action.EXCLUDE and what == "excluded" else ""
        found.append(
            LeftOut(
                public_number=numbers.get(item.id),
                what=what,
                reason=reason,
                received_at=item.received_at,
                name=name,
                into=numbers.get(item.merged_into or ""),
            )
        )
    return tuple(found)


def _markers(entry: Entry, marker: str) -> int:
    pieces = [piece for answer in entry.answers for piece in answer.pieces] + [*entry.general, *entry.unmapped]
    return sum(1 for piece in pieces if piece.withheld.startswith(marker))
