"""Proof before print: a respondent's own entry as it will be printed, and what the answer to it would change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from intake.casework.drafts import Case
from intake.casework.lean import whole_response
from intake.compilation.assemble import entry_of
from intake.compilation.words import Words
from intake.digest.tasks import cut, name_of, state_of
from intake.errors import BadUsage
from intake.letters.token import sign
from intake.model.edition import Audience, DigestItem, Entry, Piece, Source
from intake.model.letter import LetterFacts, Proof
from intake.model.order import Correction
from intake.model.record import ACKNOWLEDGEMENTS, Action, Record, Response, Status
from intake.model.round import LANGUAGES, Round
from intake.model.verdict import Category
from intake.pipeline.office import Office
from intake.pipeline.proof_mail import corrections
from intake.pipeline.rulings import Fields
from intake.reading.trust import vouched_for
from intake.sorting.who_places import named_country

Sources = Mapping[str, Source]


class Change(Struct, frozen=True, kw_only=True):
    """A field of an entry: as it stands and as the answer says, in the record's own terms; `new` None: what it says is not understood,
    `said` are its words."""

    field: str
    old: str
    new: str | None
    said: str


class Proposal(Struct, frozen=True, kw_only=True):
    """A correction that waits for a person, with its difference."""

    correction: Correction
    response: Response
    changes: tuple[Change, ...]


def proof_of(office: Office, response: Response, sources: Sources, language: str) -> Proof:
    """The entry of a response as the group will read it, in the words of a language; what is withheld is its marker. Without the
    reference: that is the token of the letter."""
    words = office.words[language]
    entry = entry_of(response, sources, 0, Audience.GROUP, {})
    return Proof(
        rows=tuple(_rows(entry, words)),
        answers=tuple((answer.question, tuple(_texts(answer.pieces, words))) for answer in entry.answers),
        general=tuple(_texts((*entry.general, *entry.unmapped), words)),
        reference="",
    )


def proof_along(
    office: Office, consultation: Round, response: Response | None, case: Case, facts: LetterFacts, cases: Mapping[str, Case]
) -> Proof | None:
    """The proof that goes with an acknowledgement, where the round's configuration says so and the sender is known."""
    wanted = consultation.proof.with_acknowledgement and facts.kind in ACKNOWLEDGEMENTS
    if not wanted or response is None or response.status is not Status.COUNTED or not may_repeat(consultation, case.whole):
        return None
    wholes = {key: cases[key].whole for key in response.messages if key in cases}
    sources = {key: Source(arrival=found.arrival, verdict=found.verdict) for key, found in wholes.items()}
    response = whole_response(response, lambda key: wholes[key].verdict)
    return replace(
        proof_of(office, response, sources, facts.language),
        reference=sign(office.letters.secret, facts.kind.value, case.key, case.key),
    )


def _rows(entry: Entry, words: Words) -> Iterator[tuple[str, str]]:
    who = entry.respondent
    yield "person", who.person or ""
    yield "organization", who.organization or ""
    yield "category", words(f"category.{who.category.value}")
    yield "country", words.country(who.country) if who.country else ""


def _texts(pieces: Sequence[Piece], words: Words) -> Iterator[str]:
    before: Piece | None = None
    for piece in pieces:
        if piece.withheld and piece != before:
            kind, _, reason = piece.withheld.partition(":")
            yield f"[{words('entry.withheld' if kind == 'pending' else 'entry.redacted', reason=words.reason(reason))}]"
        for block in piece.blocks:
            cells = [" ".join(run.text for run in cell) for cell in block.cells]
            yield f"{block.label} ".lstrip() + (" | ".join(cells) if cells else "".join(run.text for run in block.runs))
        before = piece


def may_repeat(consultation: Round, case: Case) -> bool:
    """Whether a letter to this message may repeat what it says: our own host vouched for its From, and the letter goes to that domain.

    A Reply-To to another house, a colleague's forward and what a list hands on are nobody's word (RFC 3834, section 5).
    """
    sender = case.arrival.reading.from_[0].address.lower() if case.arrival.reading.from_ else ""
    to = (case.verdict.letter_to or "").lower()
    aligned = bool(to) and to.rpartition("@")[2] == sender.rpartition("@")[2]
    listed = case.verdict.signals.list_post or case.verdict.signals.forwarder is not None
    return aligned and not listed and bool(vouched_for(case.arrival.reading, consultation.channels.trusted_hosts, sender))


def fingerprint(proof: Proof) -> str:
    """16 hex digits of what a proof says: the same entry is sent once."""
    told = "\n".join([*(f"{key}:{value}" for key, value in proof.rows), *map(str, proof.answers), *proof.general])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def proposals(office: Office, consultation: Round, record: Record, cases: Sequence[Case]) -> list[Proposal]:
    """Corrections on which nobody has decided and that would change something, in order of receipt."""
    undone = {str(item.set.get("ruling")) for item in office.ledger.rulings(consultation.id) if item.action is Action.UNDO}
    decided = {item.message for item in office.ledger.rulings(consultation.id) if item.id not in undone}
    found = corrections(office, consultation, cases)
    made = []
    for case in sorted(cases, key=lambda case: case.order):
        correction = found.get(case.key)
        if correction is None or correction.message in decided:
            continue
        response = next((item for item in record.responses if correction.target in item.messages), None)
        if response is None or response.status in (Status.WITHDRAWN, Status.EXCLUDED):
            continue
        changes = tuple(_changes(office, correction, response))
        if changes:
            made.append(Proposal(correction=correction, response=response, changes=changes))
    return made


def _changes(office: Office, correction: Correction, response: Response) -> Iterator[Change]:
    who = response.respondent
    stands = {
        "person": who.person or "",
        "organization": who.organization or "",
        "category": who.category.value,
        "country": who.country or "",
    }
    for field, said in correction.lines:
        new = _understood(office, field, said)
        if new != stands[field]:
            yield Change(field=field, old=stands[field], new=new, said=said)


def _understood(office: Office, field: str, said: str) -> str | None:
    """The record's own word for what somebody wrote, in any of six languages; None where it says no category or country."""
    if field == "category":
        told = " ".join(said.casefold().split()).rstrip(".")
        for language in LANGUAGES:
            names = office.words[language].rooms["category"]
            for category in Category:
                if told in (names[category.value].casefold(), category.value, category.value.replace("_", " ")):
                    return category.value
        return None
    if field == "country":
        who = office.tables().who
        if len(said) == 2 and said.isascii() and said.upper() in who.regions:
            return said.upper()
        return named_country(said, who, cities=False)
    return said


def fields_of(office: Office, proposal: Proposal) -> Fields:
    """What a decision that follows the proposal sets. Raises BadUsage where a line is not understood: assign it by hand."""
    fields: Fields = {}
    for change in proposal.changes:
        if change.new is None:
            raise BadUsage(f"{change.field}: {change.said!r} is not understood; use assign --set {change.field}=")
        fields[change.field] = change.new
        if change.field == "country":
            fields["region"] = office.tables().who.regions[change.new].value
    return fields


def correction_items(found: Sequence[Proposal], public: Mapping[str, int]) -> Iterator[DigestItem]:
    """What the digest shows of them: old and new by field, the command, and the acts by which an officer settles it."""
    for one in found:
        key, item = one.correction.message, one.response
        lines = [
            f"{change.field}\t{cut(change.old)}\t{cut(change.said if change.new is None else change.new)}"
            for change in one.changes
        ]
        known = all(change.new is not None for change in one.changes)
        command = f'intake decide {key[:12]} confirm --reason "..."   |   intake decide {key[:12]} relabel --set disposition=correspondence'
        yield DigestItem(
            kind="correction", number=str(public.get(item.id, item.id)), name=name_of(item.respondent), because="\n".join(lines),
            command=command, item=f"correction:{key}", acts=("confirm", "leave") if known else ("leave",),
            state=state_of(key, lines, one.correction.trusted), message=key,
        )  # fmt: skip


def rule_identity(key: str) -> str:
    """Id of the decision that the round's configuration makes on a correction: there is one, also after it was undone."""
    return f"d-{hashlib.sha256(f'proof|{key}'.encode()).hexdigest()[:12]}"


def by_configuration(office: Office, consultation: Round, found: Sequence[Proposal]) -> Iterator[tuple[Proposal, Fields]]:
    """Those that the round's configuration lets through: of an authenticated sender, every line understood and of a named field."""
    allowed = set(consultation.proof.fields)
    made: set[str] = {ruling.id for ruling in office.ledger.rulings(consultation.id)}
    for one in found:
        known = one.correction.trusted and all(change.new is not None and change.field in allowed for change in one.changes)
        if known and rule_identity(one.correction.message) not in made:
            yield one, fields_of(office, one)
