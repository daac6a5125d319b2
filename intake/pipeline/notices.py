"""Letters that answer no message: the deadline was extended, responses were published, what the group did, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from intake.casework.drafts import Case, unfolded
from intake.errors import BadUsage
from intake.letters.address import safe_recipient
from intake.letters.compose import compose
from intake.letters.message import letter_message_id, to_message
from intake.letters.token import sign
from intake.model.edition import Source
from intake.model.ledger import OutboxState, Outgoing
from intake.model.letter import LetterFacts
from intake.model.record import LetterKind, Record, Response, Status
from intake.model.round import Round
from intake.pipeline.calendar import extended, standing
from intake.pipeline.cases import cases_of
from intake.pipeline.judge import judge_round
from intake.pipeline.office import Office
from intake.pipeline.papers import last_edition
from intake.pipeline.proofs import fingerprint, may_repeat, proof_of
from intake.pipeline.rebuild import held_after_loss
from intake.pipeline.send import capped


class Told(Struct, frozen=True, kw_only=True):
    """A respondent as a notice reaches him: `number` his receipt number, `case` the message that began the response."""

    response: Response
    case: Case
    to: str
    language: str
    receipt: str


def extension_letters(office: Office, consultation: Round) -> tuple[Outgoing, ...]:
    """To everyone who had answered when the deadline was extended last. Raises BadUsage when it was not."""
    moved = extended(office, consultation)
    if not moved:
        raise BadUsage("the deadline was not extended: intake extend DAY --reason ...")
    last = moved[-1]
    made = []
    for told in _respondents(office, consultation, (Status.COUNTED, Status.HELD, Status.LATE_PENDING)):
        if told.case.arrival.internaldate <= last.at:
            facts = replace(_facts(office, consultation, told, LetterKind.EXTENSION), deadline_before=last.before)
            made.append(_outgoing(office, consultation, told, facts, last.ruling))
    return tuple(made)


def publication_letters(office: Office, consultation: Round) -> tuple[Outgoing, ...]:
    """To everyone whose response stands in the revision released last; once for each respondent, whatever revision."""
    made = []
    for told, facts in _printed(office, consultation, LetterKind.PUBLICATION):
        made.append(_outgoing(office, consultation, told, facts, "published"))
    return tuple(made)


def outcome_letters(
    office: Office, consultation: Round, words: Mapping[str, Sequence[str]], statements: Mapping[int, Sequence[str]]
) -> tuple[Outgoing, ...]:
    """Where the response appears and what the group did. `words`: language -> the officer's paragraphs (English where a language is
    missing); `statements`: public number -> statements of the released synthesis that cite it. Raises BadUsage without words."""
    if not words.get("en"):
        raise BadUsage("the outcome wants the officer's own words, at least in English (en)")
    made = []
    for told, facts in _printed(office, consultation, LetterKind.OUTCOME):
        full = replace(
            facts,
            words=tuple(words.get(told.language) or words["en"]),
            statements=tuple(statements.get(facts.public_number or 0, ())),
            understood=tuple(sorted({answer.question for _, answer in told.response.answers})),
            general=bool(told.response.general),
            organization=told.response.respondent.organization or "",
            person=told.response.respondent.person or "",
        )
        made.append(_outgoing(office, consultation, told, full, "outcome"))
    return tuple(made)


def chase_letters(office: Office, consultation: Round, response_id: str | None = None) -> tuple[Outgoing, ...]:
    """For what is still missing, of one response or of all; one letter for each reason, asked once."""
    cases = {case.key: case for case in cases_of(office, consultation)}
    made = []
    for told in _respondents(office, consultation, (Status.COUNTED, Status.HELD, Status.LATE_PENDING)):
        if response_id is not None and told.response.id != response_id:
            continue
        for chase in told.response.chases:
            if chase.closed_by is None:
                asked = _in_the_language_of(cases.get(chase.message), told)
                facts = _facts(office, consultation, asked, LetterKind.CHASE)
                facts = replace(facts, reason=chase.reason, until=chase.due_on)
                made.append(_outgoing(office, consultation, asked, facts, f"{chase.reason}:{chase.message[:16]}"))
    return tuple(made)


def _in_the_language_of(case: Case | None, told: Told) -> Told:
    """A respondent who wrote in several languages is asked in that of the message that lacks something."""
    if case is None or case.verdict.letter_to != told.to:
        return told
    return replace(told, language=case.verdict.letter_language)


def proof_letters(office: Office, consultation: Round, response_ids: Sequence[str] = ()) -> tuple[Outgoing, ...]:
    """Each respondent's own entry as it will be printed; once for each state of the entry. Without names: all whose sender our own host
    vouched for. A response that is named goes to others, too, but waits for a second look: it repeats words of nobody known."""
    sources = {case.key: Source(arrival=case.arrival, verdict=case.verdict) for case in cases_of(office, consultation)}
    made = []
    for told in _respondents(office, consultation, (Status.COUNTED,)):
        number = office.ledger.numbers(consultation.id).public.get(told.response.id)
        known = may_repeat(consultation, told.case)
        if number is None or (told.response.id not in response_ids if response_ids else not known):
            continue
        proof = proof_of(office, told.response, sources, told.language)
        cause = fingerprint(proof)
        token = sign(
            office.letters.secret, LetterKind.PROOF.value, _identity(consultation, LetterKind.PROOF, cause, told), told.case.key
        )
        proof = replace(proof, reference=token)
        facts = replace(_facts(office, consultation, told, LetterKind.PROOF), public_number=number, proof=proof)
        letter = _outgoing(office, consultation, told, facts, cause)
        if not known and letter.state is not OutboxState.SUPPRESSED:
            letter = replace(
                letter, state=OutboxState.HELD, reason="our own host did not authenticate the sender whose words it repeats"
            )
        made.append(letter)
    return tuple(made)


def queue(office: Office, letters: Sequence[Outgoing]) -> tuple[Outgoing, ...]:
    """Put them into the outbox, within the caps; those that went before are left out. Gives what is new."""
    new = [letter for letter in letters if office.ledger.letter(letter.id) is None]
    held = capped(office, held_after_loss(office, new, {}))
    office.ledger.queue_letters(held, office.now())
    return held


def _respondents(office: Office, consultation: Round, statuses: Sequence[Status]) -> Iterator[Told]:
    """Everyone with a response of these statuses whom a letter may reach."""
    record: Record = judge_round(office, consultation)
    cases = {one.key: one for case in cases_of(office, consultation) for one in unfolded(case)}
    numbers = office.ledger.numbers(consultation.id).receipts
    for response in record.responses:
        if response.status not in statuses or response.merged_into:
            continue
        keys = (*response.cases, *response.messages)  # of a digest the posting, whose author is meant and not the list
        begun = next((cases[key] for key in keys if key in cases and cases[key].verdict.letter_to), None)
        if begun is None:
            continue
        receipt = next((numbers[key] for key in (begun.key, *keys) if key in numbers), "–")
        verdict = begun.verdict
        yield Told(response=response, case=begun, to=verdict.letter_to or "", language=verdict.letter_language, receipt=receipt)


def _printed(office: Office, consultation: Round, kind: LetterKind) -> Iterator[tuple[Told, LetterFacts]]:
    """Those whose response stands in the revision released last. Raises BadUsage before the first."""
    edition = last_edition(office, consultation)
    if edition is None:
        raise BadUsage("nothing is published yet: intake release")
    numbers = {entry.response_id: entry.public_number for entry in (*edition.entries, *edition.late_entries)}
    document = f"{consultation.symbol or consultation.id} (Rev. {edition.revision})"
    for told in _respondents(office, consultation, (Status.COUNTED,)):
        if told.response.id in numbers:
            facts = _facts(office, consultation, told, kind)
            yield told, replace(facts, public_number=numbers[told.response.id], document=document)


def _facts(office: Office, consultation: Round, told: Told, kind: LetterKind) -> LetterFacts:
    held = standing(office, consultation).said_in(told.language)
    reading = told.case.arrival.reading
    return LetterFacts(
        kind=kind,
        language=told.language,
        to=told.to,
        receipt_number=told.receipt,
        round_topic=held.topic,
        working_group=held.working_group,
        time_zone=held.time_zone,
        deadline=held.dates.response_deadline,
        received_at=told.response.received_at,
        in_time=None,
        message_sha256=told.case.arrival.key,
        reply_to_message_id=told.case.message_id if told.case.verdict.slip is None else None,
        references=reading.references[-10:],
        questions_total=len(held.questions),
        contact=held.contact or office.letters.from_address,
        address=held.channels.address,
        public_page=office.letters.public_page,
    )


def _identity(consultation: Round, kind: LetterKind, cause: str, told: Told) -> str:
    return f"{consultation.id}:{kind.value}:{cause}:{told.response.id}"


def _outgoing(office: Office, consultation: Round, told: Told, facts: LetterFacts, cause: str) -> Outgoing:
    """The letter with its final octets; its id is its cause, so that nobody is told twice."""
    policy = office.letters
    letter = replace(compose(facts, office.templates), auto_submitted="auto-generated")
    identity = _identity(consultation, facts.kind, cause, told)
    message_id = letter_message_id(policy.secret, identity, facts.kind.value, policy.domain, about=told.case.key)
    state, reason = policy.first_state, "" if policy.mode != "off" else "letters are off"
    if not told.case.arrival.answerable:
        state, reason = OutboxState.SUPPRESSED, "older than the opening or the first poll, or imported"
    recipient = safe_recipient(told.to)
    if recipient is None:
        state, reason = OutboxState.HELD, "the address cannot be written to safely"
    now: datetime = office.now()
    raw = to_message(letter, from_name=policy.from_name, from_address=policy.from_address, message_id=message_id, date=now)
    return Outgoing(
        id=identity,
        round_id=consultation.id,
        message=told.case.arrival.key,
        kind=facts.kind.value,
        recipient=recipient or told.to,
        language=told.language,
        state=state,
        raw=raw,
        message_id=message_id,
        reason=reason,
        created_at=now,
    )
