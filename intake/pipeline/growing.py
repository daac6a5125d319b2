"""One message more costs what one message costs: the record grows from what the fold kept in the ledger (casework.going_on), and the
daemon holds neither all cases nor all texts.

Where nothing is kept, or what came changes what became of an earlier message, or a person has decided, the round is judged from its
first message on, and what the fold then has is kept again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec
import structlog
from msgspec.structs import replace

from intake.casework.counting import added, count
from intake.casework.drafts import Aside, Case, id_of
from intake.casework.going_on import Grown, Reached, go_on, reached_by, same_fold
from intake.casework.groups import StartAnewError
from intake.casework.judge import AFTER, BEFORE
from intake.casework.kept import Kept
from intake.casework.lean import lean_response, whole_response
from intake.casework.naming import with_given_names
from intake.casework.notes import ORDERS
from intake.casework.overlaps import Overlaps
from intake.casework.personal import with_one_more
from intake.casework.state import State
from intake.model.ledger import Mark, Outgoing
from intake.model.record import Campaign, Record, Response, Ruling
from intake.model.round import Round
from intake.model.verdict import KnownRespondent, Verdict
from intake.pipeline.acquaintances import known_for
from intake.pipeline.basis import META, Basis, basis_of, inputs_of
from intake.pipeline.cases import lean_cases, shelf_of, time_to_ask, unscanned
from intake.pipeline.judge import aside_of, close_chases, due_of, letters_for, new_numbers, notes_of, settle_round
from intake.pipeline.office import Advanced, Office
from intake.pipeline.order_mail import settled
from intake.pipeline.rebuild import held_after_loss
from intake.pipeline.send import capped

log = structlog.get_logger("intake")
KEPT_FROM = 500
"""Messages of a round from which the fold is kept; fewer are judged from the first on in a moment."""
AT_ONCE = 200
"""So many new messages are taken one by one; more are judged with all others."""


def advance(office: Office, consultation: Round) -> int:
    """The record of a round as it is now, saved with its new numbers and letters (as `settle_round`, which gives it whole); gives how
    many responses it has. Where nothing came it costs one query."""
    office.refresh()
    mark, known = office.ledger.mark(consultation.id), known_for(office, consultation)
    last = office.advanced.get(consultation.id)
    if last is not None and last.mark == mark and last.consultation == consultation and last.known == known:
        if not last.unscanned or not time_to_ask(office):
            return last.responses
        office.judged.pop(consultation.id, None)
    rulings = office.ledger.rulings(consultation.id)
    basis = basis_of(office, consultation, mark, known)
    head = office.ledger.record_head(consultation.id) if basis is not None else None
    if basis is None or head is None or not _grown(office, consultation, basis, head, known, rulings):
        responses = _aside(office, consultation) if office.aside(consultation) else _anew(office, consultation, known)
    else:
        responses = _responses_of(office, consultation)
    mark = office.ledger.mark(consultation.id)
    waits = _unscanned(office, consultation, mark, known)
    office.advanced[consultation.id] = Advanced(mark, consultation, known, responses, waits)
    return responses


def _unscanned(office: Office, consultation: Round, mark: Mark, known: tuple[KnownRespondent, ...]) -> bool:
    """Whether a file waits for the scanner's word. Of a large round, which is not held here: whether its fold could not be kept."""
    if office.scanner is None:
        return False
    cases = office.cases.get(consultation.id)
    if cases:
        return any(unscanned(case.arrival.reading.parts) for case in cases.values())
    return basis_of(office, consultation, mark, known) is None


def _aside(office: Office, consultation: Round) -> int:
    """Another process has judged it: nothing of before holds here any more."""
    office.let_go(consultation.id)
    return _responses_of(office, consultation)


def _responses_of(office: Office, consultation: Round) -> int:
    found = office.ledger.record_head(consultation.id)
    return found.counts.responses if found is not None else 0


def let_go_of_large(office: Office) -> None:
    """Whoever asked for the whole record of a large round is done with it."""
    for round_id, judged in list(office.judged.items()):
        if len(judged.record.filed) >= KEPT_FROM:
            office.let_go(round_id)


def waiting_orders(office: Office, consultation: Round) -> Sequence[Case] | None:
    """Officers' orders that are not settled, of a round whose fold is kept; None where it is not."""
    advance(office, consultation)
    mark, known = office.ledger.mark(consultation.id), known_for(office, consultation)
    basis = basis_of(office, consultation, mark, known)
    if basis is None:
        return None
    keys = [key for key in basis.orders if key not in settled(office, consultation)]
    return lean_cases(office, consultation, office.ledger.arrivals(consultation.id, keys=keys)) if keys else ()


def _anew(office: Office, consultation: Round, known: tuple[KnownRespondent, ...]) -> int:
    """Judged from the first message on; of a large round what the fold then has is kept, and nothing stays in memory."""
    office.judged.pop(consultation.id, None)
    reached: dict[bytes, Reached] = {}

    def keep(variant: bytes, state: State, overlaps: Overlaps, alike: Sequence[Case]) -> None:
        if len(state.placed) >= KEPT_FROM:
            kept = Kept(lambda _name: None, variant, lambda _key: None)
            office.ledger.keep_fold(consultation.id, kept.every(state, overlaps, alike, consultation.campaign), anew=not reached)
            reached[variant] = reached_by(state, alike)

    record = settle_round(office, consultation, keep)
    if reached:
        basis = _basis(office, consultation, known, reached, record)
        if basis is not None:
            office.ledger.keep_fold(consultation.id, [(META, msgspec.json.encode(basis))], anew=False)
        office.let_go(consultation.id)
    return record.counts.responses


def _basis(
    office: Office, consultation: Round, known: Sequence[KnownRespondent], reached: Mapping[bytes, Reached], record: Record
) -> Basis | None:
    """What was kept, and of what. None where a message waits for a scanner's word, or for its other pieces: all is then looked at each
    time."""
    cases = office.cases[consultation.id].values()
    if any(case.arrival.reading.partial is not None or unscanned(case.arrival.reading.parts) for case in cases):
        return None
    orders = [item.key for item in record.filed if item.why == ORDERS]
    return Basis(
        inputs=inputs_of(office, consultation, known),
        rulings=tuple(ruling.id for ruling in office.ledger.rulings(consultation.id)),
        mark=office.ledger.mark(consultation.id),
        sequence=max(case.arrival.sequence for case in cases),
        reached=replace(reached[max(reached)], texts={variant.decode(): one.texts[""] for variant, one in reached.items()}),
        count=len(record.filed),
        orders=tuple(orders),
        last_public=office.ledger.last_public(consultation.id),
    )


def _grown(
    office: Office, consultation: Round, basis: Basis, head: Record, known: tuple[KnownRespondent, ...], rulings: Sequence[Ruling]
) -> bool:
    """Take in what came since, where that can be done without the messages before; False where it cannot."""
    new = office.ledger.arrivals(consultation.id, basis.sequence)
    if len(new) > AT_ONCE or office.ledger.filed_of(consultation.id, [receipt.sha256 for receipt in new]):
        return False
    if set(settled(office, consultation)) - set(basis.orders) - {receipt.sha256 for receipt in new}:
        return False
    old = [ruling for ruling in rulings if ruling.id in basis.rulings]
    decided = len(rulings) > len(old)
    if not new and not decided:
        return True
    if not _same_fold(office, consultation, basis, old, rulings):
        return False
    cases = lean_cases(office, consultation, new)
    if any(case.arrival.reading.partial is not None or unscanned(case.arrival.reading.parts) for case in cases):
        return False
    read = _Reader(office, consultation)
    aside = aside_of(office, consultation, [*cases, *read.named_by(cases)])
    try:
        grown = go_on(
            consultation,
            cases,
            rulings,
            known,
            {case.key: aside[case.key] for case in cases if case.key in aside},
            reached=basis.reached,
            before=head.counts_before_decisions,
            fetch=partial(office.ledger.fold_row, consultation.id),
            load=read,
            decided=decided,
        )
        basis = replace(basis, rulings=tuple(ruling.id for ruling in rulings))
        _save(office, consultation, basis, head, grown, cases, read, aside)
    except StartAnewError as error:
        log.info("judged anew", round=consultation.id, why=str(error))
        return False
    office.let_go(consultation.id)
    return True


def _same_fold(office: Office, consultation: Round, basis: Basis, old: Sequence[Ruling], rulings: Sequence[Ruling]) -> bool:
    """Whether the decisions leave the fold as it is; the first ones of a round get a variant of their own, which is the one without."""
    ledger, round_id = office.ledger, consultation.id
    if len(old) < len(basis.rulings):
        return False
    if len(rulings) == len(old):
        return True

    def has_response(key: str) -> bool:
        message, _, part = key.partition("#")
        filed = ledger.filed_of(round_id, [message]).get(message)
        if filed is None or not part:
            return filed is not None and filed.response is not None
        return any(post.part == part and post.response is not None for post in filed.postings)

    if not same_fold(consultation, old, rulings, basis.reached, has_response):
        return False
    if not old:
        ledger.copy_fold(round_id, BEFORE, AFTER)
    return True


class _Reader:
    """Messages that were taken in before, each read when it is asked for."""

    def __init__(self, office: Office, consultation: Round) -> None:
        self._office, self._consultation = office, consultation
        self._hand: dict[str, Case | None] = {}

    def __call__(self, key: str) -> Case | None:
        if key not in self._hand:
            receipts = self._office.ledger.arrivals(self._consultation.id, keys=[key])
            self._hand[key] = next(iter(lean_cases(self._office, self._consultation, receipts)), None)
        return self._hand[key]

    def every(self, keys: Sequence[str]) -> list[Case]:
        """Those of these that are there."""
        return [case for key in dict.fromkeys(keys) if (case := self(key)) is not None]

    def named_by(self, cases: Sequence[Case]) -> list[Case]:
        """The messages about which letters of ours were that these answer or quote."""
        names = {item.about.partition("-")[0] for case in cases for item in case.arrival.ours} - {""}
        ledger, round_id = self._office.ledger, self._consultation.id
        return self.every([key for name in sorted(names) for key in ledger.filed_beginning(round_id, name)])


def _save(
    office: Office,
    consultation: Round,
    basis: Basis,
    head: Record,
    grown: Grown,
    cases: Sequence[Case],
    read: _Reader,
    aside: Mapping[str, Aside],
) -> None:
    """The growth with its numbers, letters and journal entries, and what is kept, in one transaction; then the journal's file."""
    ledger, round_id = office.ledger, consultation.id
    by_key = {case.key: case for case in cases}
    whole = _named(office, consultation, head, grown, by_key)
    part = _counted(office, consultation, whole, head, grown)
    owners = [*(due.key for filed in part.filed for due in due_of(filed)), *(response.id for response in part.responses)]
    given = ledger.numbers_of(round_id, owners)
    last = basis.last_public if basis.last_public is not None else ledger.last_public(round_id)
    numbers = new_numbers(office, part, given, last)
    receipts = {**given.receipts, **numbers.receipts}
    at = office.now()
    after = Basis(
        inputs=basis.inputs,
        mark=replace(office.ledger.mark(round_id), saved_at=at),
        sequence=max((case.arrival.sequence for case in cases), default=basis.sequence),
        reached=grown.reached,
        count=basis.count + len(cases),
        rulings=basis.rulings,
        last_public=max((last, *numbers.public.values())),
        orders=(*basis.orders, *(key for key, item in aside.items() if key in by_key and item.why == ORDERS)),
    )
    ledger.grow_record(
        replace(part, responses=tuple(_with_their_words(office, consultation, part.responses, by_key, read))),
        at=at,
        since=head_saved_at(basis),
        rows={**grown.rows, META: msgspec.json.encode(after)},
        numbers=numbers,
        letters=_letters(office, consultation, whole, by_key, [*read.every(grown.bearing)], receipts, read),
        notes=notes_of({}, part),
    )
    office.vault.keep_journal(ledger.journal_entries(office.vault.journal_seq()))
    close_chases(office, consultation, part)


def _counted(office: Office, consultation: Round, whole: Record, head: Record, grown: Grown) -> Record:
    """The growth without responses that are as they were, and with the round's counts."""
    old = office.ledger.responses_of(consultation.id, [response.id for response in whole.responses])
    counts = added(head.counts, count(consultation, whole.filed, whole.responses, len(grown.joined)))
    counts = added(counts, count(consultation, (), list(old.values()), 0), less=True)
    changed = [item for item in whole.responses if item.id not in old or lean_response(old[item.id]) != item]
    return replace(whole, counts=counts, counts_before_decisions=grown.before or counts, responses=tuple(changed))


def _letters(
    office: Office,
    consultation: Round,
    whole: Record,
    new: Mapping[str, Case],
    bearing: Sequence[Case],
    receipts: Mapping[str, str],
    read: _Reader,
) -> tuple[Outgoing, ...]:
    """The letters to the new messages. `bearing`: earlier ones with the same Message-IDs."""
    answered = {filed.response for filed in whole.filed}
    beside = [key for response in whole.responses if response.id in answered for key in response.messages if key not in new]
    known = {case.key: case for case in (*new.values(), *bearing, *read.every(beside))}
    made = letters_for(office, consultation, whole, list(known.values()), receipts)
    return capped(office, held_after_loss(office, made, {key: case.arrival for key, case in known.items()}))


def head_saved_at(basis: Basis) -> datetime:
    """When the record was saved that this is of."""
    assert basis.mark.saved_at is not None
    return basis.mark.saved_at


def _named(office: Office, consultation: Round, head: Record, grown: Grown, cases: Mapping[str, Case]) -> Record:
    """The growth as a record, its responses under the names that have numbers, its campaigns those of the round."""
    names = {id_of(key) for response in grown.responses for key in (*response.messages, *response.cases)}
    given = office.ledger.numbers_of(consultation.id, sorted(names | {response.id for response in grown.responses})).public
    part = Record(
        round_id=consultation.id,
        filed=grown.filed,
        responses=grown.responses,
        campaigns=_campaigns(head, grown, cases),
        counts=head.counts,
        counts_before_decisions=head.counts_before_decisions,
    )
    part = with_given_names(part, given)
    return replace(part, gone=tuple(item for item in head.gone if item.id not in names) + part.gone)


def _campaigns(head: Record, grown: Grown, cases: Mapping[str, Case]) -> tuple[Campaign, ...]:
    """The round's campaigns with the new mails in them."""
    found = list(head.campaigns)
    for first, key in grown.joined:
        place = next((place for place, one in enumerate(found) if grown.campaign_of(one.representative) == first), None)
        if place is None:
            raise StartAnewError("a campaign of which none is known")
        found[place] = with_one_more(found[place], cases[key], grown.common)
    return tuple(found)


def _with_their_words(
    office: Office, consultation: Round, responses: Sequence[Response], new: Mapping[str, Case], read: _Reader
) -> Iterator[Response]:
    shelf = shelf_of(office, consultation)

    def words(key: str) -> Verdict:
        case = new.get(key) or read(key)
        assert case is not None
        return shelf.verdicts([case])[key]

    for response in responses:
        yield whole_response(response, words)
