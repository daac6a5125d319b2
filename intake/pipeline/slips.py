"""Slips into the record: rows of a form's export, and what an officer registers. All of an import comes, or nothing.

    octets of every slip -> vault.put -> the import with all receipts, one rename -> delivery rows -> journal -> judge

A death before the rename leaves objects that nothing names, which the same import finds again; after it every start completes the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from intake.errors import BadData, BadUsage
from intake.model.delivery import Coordinates, Import, Receipt
from intake.model.mail import ChannelKind
from intake.model.round import Round
from intake.pipeline.cases import lean_cases_of
from intake.pipeline.find import find_message
from intake.pipeline.growing import advance
from intake.pipeline.office import Office
from intake.pipeline.rebuild import note_imports
from intake.pipeline.rulings import mark_of
from intake.slips.rows import Tongues
from intake.slips.slip import Slip, hashed, slip_octets
from intake.sorting.slips import category_word, country_word, language_word

_BATCH = 50


class Source(Struct, frozen=True, kw_only=True):
    """An export as it was handed over, and the mapping by which it was read."""

    name: str
    octets: bytes
    mapping: str


class Brought(Struct, frozen=True, kw_only=True):
    """What an import comes to. Lines of the export (0 for a registered one): `new`; `changed`: entries that say something else than before;
    `same`: those that are there already; `erased`: those that were erased by decision and stay away. `keys`: hashes of what was taken in."""

    new: tuple[int, ...]
    changed: tuple[int, ...]
    same: tuple[int, ...]
    erased: tuple[int, ...]
    keys: tuple[str, ...] = ()


class _Known(Struct, kw_only=True):
    """What the record has of an entry: what its newest state says, and when that was received."""

    row: str
    at: datetime


def tongues_of(office: Office) -> Tongues:
    """How words of a form become ours, by the tables of sorting."""
    tables = office.tables()
    return Tongues(
        category=lambda text: category_word(text, tables), country=lambda text: country_word(text, tables), language=language_word
    )


def weigh(office: Office, consultation: Round, slips: Sequence[Slip]) -> Brought:
    """What would be new, changed, there already: nothing is stored."""
    known, gone = _known(office, consultation), _erased(office)
    sides: dict[str, list[int]] = {"new": [], "changed": [], "same": [], "erased": []}
    for slip in slips:
        entry = known.get(slip.id)
        if slip.id in gone:
            sides["erased"].append(slip.line)
        elif entry is None:
            sides["new"].append(slip.line)
        else:
            sides["same" if entry.row == slip.row else "changed"].append(slip.line)
    return Brought(
        new=tuple(sides["new"]), changed=tuple(sides["changed"]), same=tuple(sides["same"]), erased=tuple(sides["erased"])
    )


def import_form(
    office: Office, consultation: Round, slips: Sequence[Slip], source: Source, *, by: str, answer: bool, remap: bool = False
) -> Brought:
    """Take in the rows of an export that are new or say something else; whoever calls judges the round, when the rows are no more in
    memory. Raises BadUsage when another mapping would make known rows say
    something else, and nobody has said that they do."""
    found = weigh(office, consultation, slips)
    if found.changed and not remap:
        _refuse_other_mapping(office, consultation, slips, source, found)
    taken = {*found.new, *found.changed}
    wanted = [slip for slip in slips if slip.line in taken]
    keys = _bring(office, consultation, wanted, ChannelKind.FORM, by=by, answer=answer, source=source, whole=not found.erased)
    return replace(found, keys=keys)


def register_slip(office: Office, consultation: Round, slip: Slip, *, by: str, reason: str, correct: bool = False) -> Brought:
    """Take in what came on paper, by telephone or as a scan. Raises BadUsage: the reference number was given to something else."""
    found = weigh(office, consultation, [slip])
    if found.erased:
        raise BadUsage(f"reference {slip.reference}: was erased by decision")
    if found.changed and not correct:
        raise BadUsage(
            f"reference {slip.reference}: was registered before and says something else; --correct makes this its new version"
        )
    keys: tuple[str, ...] = ()
    if not found.same:
        keys = _bring(office, consultation, [slip], ChannelKind.REGISTER, by=by, answer=bool(slip.email), reason=reason)
    advance(office, consultation)
    return replace(found, keys=keys)


def message_of(office: Office, consultation: Round, number: str) -> str:
    """Key of the message by which a response is named. Raises BadUsage."""
    found, key = find_message(office, number, consultation.id)
    if found.id != consultation.id:
        raise BadUsage(f"{number!r} belongs to the round {found.id}")
    return key


def _known(office: Office, consultation: Round) -> dict[str, _Known]:
    """By entry, the newest state that came."""
    found: dict[str, _Known] = {}
    for case in sorted(lean_cases_of(office, consultation), key=lambda case: case.arrival.sequence):
        slip = case.verdict.slip
        if slip is not None:
            found[slip.id] = _Known(
                row=slip.row, at=max(case.received_at, found[slip.id].at) if slip.id in found else case.received_at
            )
    return found


def _erased(office: Office) -> set[str]:
    """Entries of which a state was erased."""
    gone = set(office.ledger.erased())
    kept: Iterable[Import] = office.vault.imports() if gone else ()
    return {
        entry
        for brought in kept
        for entry, receipt in zip(brought.entries, brought.receipts, strict=True)
        if receipt.sha256 in gone
    }


def _refuse_other_mapping(office: Office, consultation: Round, slips: Sequence[Slip], source: Source, found: Brought) -> None:
    """A column that is mapped otherwise makes every row say something else: that is no revision by anybody."""
    folder = slips[0].source
    before = [
        item for item in office.vault.imports()
        if item.round_id == consultation.id and item.receipts and item.receipts[0].at.folder == folder and item.kind == "form"
    ]  # fmt: skip
    if before and before[-1].mapping_sha256 != _sha256(source.mapping.encode()):
        raise BadUsage(
            f"the mapping is another than at the last import, and {len(found.changed)} known row(s) would count as revised "
            f"(line {found.changed[0]} first); --remap says that this is meant"
        )


def _bring(
    office: Office,
    consultation: Round,
    slips: Sequence[Slip],
    channel: ChannelKind,
    *,
    by: str,
    answer: bool,
    source: Source | None = None,
    reason: str = "",
    whole: bool = True,
) -> tuple[str, ...]:
    """Store slips as one import. `whole`: none of the export's rows was erased, so that its octets may be kept."""
    if not slips:
        return ()
    now = office.now()
    receipts = _put(office, consultation, slips, channel, answer=answer, now=now)
    kept = source.octets if source is not None and whole else None
    said = [f"{receipt.sha256} {receipt.internaldate.isoformat()}" for receipt in receipts]
    brought = Import(
        id=hashed(consultation.id, *said)[:40],
        kind=channel.value,
        round_id=consultation.id,
        at=now,
        by=by,
        who=mark_of(office, by),
        receipts=receipts,
        entries=tuple(slip.id for slip in slips),
        source_sha256=_sha256(kept) if kept is not None else "",
        source_name=source.name if source is not None else "",
        source_bytes=len(source.octets) if source is not None else 0,
        mapping=source.mapping if source is not None else "",
        mapping_sha256=_sha256(source.mapping.encode()) if source is not None else "",
        reason=reason,
    )
    office.vault.keep_import(brought, kept)
    note_imports(office.vault, office.ledger)
    return tuple(receipt.sha256 for receipt in receipts)


def _put(
    office: Office, consultation: Round, slips: Sequence[Slip], channel: ChannelKind, *, answer: bool, now: datetime
) -> tuple[Receipt, ...]:
    """The octets of every slip into the vault; the receipts that are to be kept with the import."""
    known = _known(office, consultation)
    sequence = office.ledger.last_sequence()
    receipts: list[Receipt] = []
    for start in range(0, len(slips), _BATCH):
        some = slips[start : start + _BATCH]
        office.guard()
        raws = [slip_octets(slip, consultation.channels.address) for slip in some]
        for slip, raw, sha256 in zip(some, raws, office.vault.put(raws), strict=True):
            sequence += 1
            receipts.append(
                Receipt(
                    sha256=sha256,
                    size_bytes=len(raw),
                    at=Coordinates(account=channel.value, folder=slip.source, uidvalidity=1, uid=sequence),
                    internaldate=_received(slip, known.get(slip.id), now),
                    channel=channel.value,
                    round_id=consultation.id,
                    stored_at=now,
                    answerable=answer,
                    sequence=sequence,
                )
            )
        office.pulse()
    return tuple(receipts)


def _received(slip: Slip, known: _Known | None, now: datetime) -> datetime:
    """The form's time, the officer's day. A state that says something else and names no later time was received when we saw it: nobody can
    prove an earlier moment."""
    if known is None or slip.at > known.at:
        return slip.at
    return now


def _sha256(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


def bad_rows(name: str, faults: Sequence[str], most: int = 50) -> BadData:
    """Every fault of an export in one list."""
    more = [f"and {len(faults) - most} more"] if len(faults) > most else []
    return BadData(f"{name}: nothing was taken in:" + "".join(f"\n  - {fault}" for fault in [*faults[:most], *more]))
