"""Read, judge, record: from stored bytes to the record of a round, with letters and numbers, in one transaction (W6)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from intake.casework.drafts import Aside, unfolded
from intake.casework.judge import Case, Keep, judge
from intake.casework.lean import lean_response, whole_response
from intake.casework.naming import with_given_names
from intake.casework.notes import CORRECTS, ORDERS
from intake.letters.address import safe_recipient
from intake.letters.compose import compose
from intake.letters.message import letter_message_id, to_message
from intake.model.ledger import Note, Numbers, OutboxState, Outgoing
from intake.model.letter import Letter
from intake.model.mail import ChannelKind
from intake.model.record import ChaseDue, Filed, LetterDue, LetterKind, Record, Response, Status
from intake.model.round import Round
from intake.pipeline.acquaintances import known_for
from intake.pipeline.basis import basis_of
from intake.pipeline.calendar import standing
from intake.pipeline.cases import lean_cases_of, shelf_of
from intake.pipeline.facts import facts_of
from intake.pipeline.office import Judged, Office
from intake.pipeline.order_mail import order_mail
from intake.pipeline.proof_mail import corrections
from intake.pipeline.proofs import proof_along
from intake.pipeline.rebuild import held_after_loss
from intake.pipeline.send import capped


def judge_round(office: Office, consultation: Round) -> Record:
    """The record of a round as it is now with all its words: `settle_round`, for those who print or show it."""
    lean_record = settle_round(office, consultation)
    judged = office.judged[consultation.id]
    if judged.whole is None:
        whole = office.ledger.load_record(consultation.id)
        judged = office.judged[consultation.id] = dataclasses.replace(judged, whole=whole)
    return judged.whole or lean_record


def settle_round(office: Office, consultation: Round, keep: Keep | None = None) -> Record:
    """The record of a round as it is now, without words (casework.lean), saved with its new numbers and letters. Where nothing came,
    the last one again. `keep`: see casework.judge."""
    office.refresh()
    mark = office.ledger.mark(consultation.id)
    known = known_for(office, consultation)
    last = office.judged.get(consultation.id)
    if last is not None and last.mark == mark and last.consultation == consultation and last.known == known:
        return last.record
    basis = basis_of(office, consultation, mark, known) if keep is None else None
    if basis is not None and basis.mark == mark and (saved := office.ledger.load_record(consultation.id, _Lean())) is not None:
        office.judged[consultation.id] = Judged(mark=mark, consultation=consultation, record=saved, known=known)
        return saved
    cases = lean_cases_of(office, consultation)
    judged = judge(
        consultation, cases, office.ledger.rulings(consultation.id), known, aside_of(office, consultation, cases), keep
    )
    after = with_given_names(judged, office.ledger.numbers(consultation.id).public)
    before: Record | None
    if last is not None and last.mark.saved_at == mark.saved_at:
        before = last.record
    else:
        before = office.ledger.load_record(consultation.id, _Same(after))
    if before != after:
        _record(office, consultation, before, after, cases)
        mark = office.ledger.mark(consultation.id)
    close_chases(office, consultation, after)
    shelf_of(office, consultation).clear()
    office.judged[consultation.id] = Judged(mark=mark, consultation=consultation, record=after, known=known)
    return after


def aside_of(office: Office, consultation: Round, cases: Sequence[Case]) -> dict[str, Aside]:
    """Mail of the house's own work, by key, and why (see casework.judge)."""
    proposed = corrections(office, consultation, cases)
    found = {key: Aside(why=CORRECTS, of=item.target) for key, item in proposed.items()}
    return found | dict.fromkeys(order_mail(office, consultation, cases), Aside(why=ORDERS))


class _Lean:
    """What stands in a record, without words."""

    def filed(self, item: Filed) -> Filed:
        """One message."""
        return item

    def response(self, item: Response) -> Response:
        """One response."""
        return lean_response(item)


class _Same:
    """What stands in another record, without words; where it is equal to this one's, this one's: two records of a large round then take
    the room of one."""

    def __init__(self, record: Record) -> None:
        self._filed = {item.key: item for item in record.filed}
        self._responses = {item.id: item for item in record.responses}

    def filed(self, item: Filed) -> Filed:
        """One message."""
        mine = self._filed.get(item.key)
        return mine if mine is not None and mine == item else item

    def response(self, item: Response) -> Response:
        """One response."""
        light, mine = lean_response(item), self._responses.get(item.id)
        return mine if mine is not None and mine == light else light


def remember(office: Office, consultation: Round, record: Record) -> None:
    """Take a record for that of now, with the deadline in force, without judging: for an office that only looks."""
    office.refresh()
    asked = standing(office, consultation)
    mark = office.ledger.mark(asked.id)
    office.judged[asked.id] = Judged(mark=mark, consultation=asked, record=record, whole=record, known=known_for(office, asked))


def _record(office: Office, consultation: Round, before: Record | None, after: Record, cases: Sequence[Case]) -> None:
    """What differs from before, with new numbers and letters, in one transaction; then the journal's file."""
    given = office.ledger.numbers(consultation.id)
    numbers = new_numbers(office, after, given, max(given.public.values(), default=0))
    # after a rebuild the numbers are there and the letters are not
    receipts = numbers.receipts if before is not None else {**given.receipts, **numbers.receipts}
    made = letters_for(office, consultation, after, cases, receipts)
    letters = capped(office, held_after_loss(office, made, {case.key: case.arrival for case in cases}))
    notes = notes_of(
        _noted(office, consultation) if before is None else {item.key: item.disposition for item in before.filed}, after
    )
    office.ledger.save_record(
        after,
        at=office.now(),
        before=before,
        numbers=numbers,
        letters=letters,
        notes=notes,
        whole=partial(_with_their_words, office, consultation, {case.arrival.key: case for case in cases}),
    )
    office.vault.keep_journal(office.ledger.journal_entries(office.vault.journal_seq()))


def _with_their_words(
    office: Office, consultation: Round, cases: Mapping[str, Case], responses: Sequence[Response]
) -> list[Response]:
    """Responses as they are kept: with the words of their messages."""
    keys = dict.fromkeys(key for response in responses for key in response.messages)
    verdicts = shelf_of(office, consultation).verdicts([cases[key] for key in keys])
    return [whole_response(response, verdicts.__getitem__) for response in responses]


def new_numbers(office: Office, record: Record, given: Numbers, last: int) -> Numbers:
    """Numbers for what has none yet: a receipt number for each message that gets a letter, a public number for each response
    that counts, in order of receipt. Numbers once given stay given. `given`: those of these messages and responses; `last`: the
    highest public one."""
    year = office.now().year
    receipts = {
        due.key: office.receipt_number(due.key, year)
        for filed in record.filed
        for due in due_of(filed)
        if due.key not in given.receipts
    }
    public: dict[str, int] = {}
    for response in sorted(record.responses, key=lambda item: (item.received_at, item.id)):
        if response.status.value == "counted" and response.id not in given.public:
            last += 1
            public[response.id] = last
    return Numbers(receipts=receipts, public=public)


def close_chases(office: Office, consultation: Round, record: Record) -> None:
    """A letter that asks for what has come meanwhile, or of whom nothing is wanted any more, and that has not gone, does not go."""
    answered = [
        chase_letter_id(consultation, chase, response)
        for response in record.responses
        for chase in response.chases
        if chase.closed_by is not None or response.status in (Status.WITHDRAWN, Status.EXCLUDED)
    ]
    waiting = [
        letter.id
        for identity in sorted(office.ledger.known_letters(answered) if answered else ())
        if (letter := office.ledger.letter(identity)) is not None
        and letter.state in (OutboxState.WAITING_APPROVAL, OutboxState.QUEUED, OutboxState.HELD)
    ]
    if waiting:
        office.ledger.move_letters(waiting, OutboxState.SUPPRESSED, reason="what it asks for has come", at=office.now())


def chase_letter_id(consultation: Round, chase: ChaseDue, response: Response) -> str:
    """The letter that asks for it: once for each reason and message."""
    return f"{consultation.id}:{LetterKind.CHASE.value}:{chase.reason}:{chase.message[:16]}:{response.id}"


class _Due(Struct, frozen=True, kw_only=True):
    """A letter that is due. `key`: the message, or the posting of a digest ("KEY#PART"): each has its own receipt number and letter."""

    key: str
    letter: LetterDue
    response: str | None
    same_as: str | None
    doubt: str = ""


def due_of(filed: Filed) -> list[_Due]:
    """The letters that are due for a message: one, but of a digest one for each posting of a person."""
    if filed.postings:
        return [
            _Due(key=f"{filed.key}#{post.part}", letter=post.letter, response=post.response, same_as=post.same_as)
            for post in filed.postings
            if post.letter is not None
        ]
    letter = filed.letter or filed.letter_waiting
    if letter is None:
        return []
    doubt = filed.no_letter_because if filed.letter is None else ""
    return [_Due(key=filed.key, letter=letter, response=filed.response, same_as=filed.same_as, doubt=doubt)]


def letters_for(
    office: Office, consultation: Round, record: Record, cases: Sequence[Case], receipts: Mapping[str, str]
) -> tuple[Outgoing, ...]:
    """The letters that are due and not there yet. `cases`: at least those messages, their responses' and whatever bears the same
    Message-IDs; `receipts`: numbers by message."""
    responses = {response.id: response for response in record.responses}
    consultation = standing(office, consultation)
    wanted = [due for filed in record.filed for due in due_of(filed) if due.key in receipts]
    known = office.ledger.known_letters([f"{consultation.id}:{due.key}" for due in wanted])
    new = [due for due in wanted if f"{consultation.id}:{due.key}" not in known]
    if not new:
        return ()
    by_key = {one.key: one for case in cases for one in unfolded(case)}
    answered = _answered(office, consultation, new, by_key)
    return tuple(
        _letter(office, consultation, responses.get(due.response or ""), due, by_key, receipts[due.key])
        for due in new
        if due.key not in answered
    )


def _answered(office: Office, consultation: Round, new: Sequence[_Due], cases: Mapping[str, Case]) -> set[str]:
    """What had come by another channel first (the list, a digest of it, the address), and whose letter went then: one sending, one
    letter, whichever way turns up first."""
    ways: dict[tuple[str, str], list[str]] = {}
    for case in cases.values():
        if case.message_id:
            ways.setdefault((case.message_id, case.verdict.author), []).append(case.key)
    others = {
        due.key: [key for key in ways.get((cases[due.key].message_id or "", cases[due.key].verdict.author), ()) if key != due.key]
        for due in new
    }
    told = office.ledger.known_letters([f"{consultation.id}:{key}" for keys in others.values() for key in keys])
    return {due for due, keys in others.items() if any(f"{consultation.id}:{key}" in told for key in keys)}


def _letter(
    office: Office, consultation: Round, response: Response | None, due: _Due, cases: Mapping[str, Case], number: str
) -> Outgoing:
    policy, letter_due, case = office.letters, due.letter, cases[due.key]
    facts = facts_of(consultation, response, letter_due, case, number, policy.from_address, policy.public_page)
    facts = replace(facts, proof=proof_along(office, consultation, response, case, facts, cases))
    letter = compose(facts, office.templates)
    state, reason = policy.first_state, "" if policy.mode != "off" else "letters are off"
    if not case.arrival.answerable:
        state, reason = OutboxState.SUPPRESSED, "older than the opening or the first poll, or imported"
    doubt = due.doubt or _mistrust(case)
    if doubt and state is not OutboxState.SUPPRESSED:
        state, reason = OutboxState.HELD, doubt
    recipient = safe_recipient(letter_due.to)
    if recipient is None:
        state, reason = OutboxState.HELD, "the address cannot be written to safely"
    outgoing = Outgoing(
        id=f"{consultation.id}:{due.key}",
        round_id=consultation.id,
        message=case.arrival.key,
        kind=letter_due.kind.value,
        recipient=recipient or letter_due.to,
        language=letter_due.language,
        state=state,
        raw=b"",
        message_id=letter_message_id(policy.secret, due.key, letter_due.kind.value, policy.domain, about=due.key),
        reason=reason,
        created_at=office.now(),
    )
    return replace(outgoing, raw=_bytes(office, letter, outgoing))


def _mistrust(case: Case) -> str:
    """Why a person looks at a letter before it goes, whatever the message says; "" when nothing speaks against it.

    A machine's mail may carry a whole response, and is one; an automatic answer to it could still begin a loop, or hit a stranger.
    """
    reading, trust = case.arrival.reading, case.arrival.trust
    automatic = (reading.header("Auto-Submitted") or "no").split(";")[0].split("(")[0].strip().lower()
    if automatic not in ("no", ""):
        return f"Auto-Submitted: {automatic[:40]}: automatic mail is not answered (RFC 3834)"
    if (reading.header("Return-Path") or "").strip() == "<>":
        return "it came from the null address, which is not answered (RFC 3834)"
    slip = case.verdict.slip
    if slip is not None and not slip.vouched:
        return "the form did not prove that the address is the respondent's"
    if trust.spam:
        return "our own host marked the message as spam"
    if trust.dmarc == "fail" and case.arrival.channel is not ChannelKind.LIST:
        return "our own host could not authenticate the sender"
    return ""


def _bytes(office: Office, letter: Letter, outgoing: Outgoing) -> bytes:
    return to_message(
        letter,
        from_name=office.letters.from_name,
        from_address=office.letters.from_address,
        message_id=outgoing.message_id,
        date=office.now(),
    )


def _noted(office: Office, consultation: Round) -> dict[str, str]:
    """Dispositions as the journal tells them: after a rebuild nothing is told twice."""
    entries = (entry.payload for entry in office.ledger.journal_entries() if entry.kind == "filed")
    return {str(item["key"]): str(item["disposition"]) for item in entries if item["round"] == consultation.id}


def notes_of(before: Mapping[str, str], after: Record) -> tuple[Note, ...]:
    """Journal entries of what became of messages, where it differs from before (dispositions by key)."""
    return tuple(
        Note(kind="filed", payload={"round": after.round_id, "key": filed.key, "disposition": filed.disposition.value})
        for filed in after.filed
        if before.get(filed.key) != filed.disposition.value
    )
