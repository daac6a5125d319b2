"""Read, judge, record: from stored bytes to the record of a round, with letters and numbers, in one transaction (W6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from intake.casework.drafts import Aside, unfolded
from intake.casework.judge import Case, judge
from intake.casework.naming import with_given_names
from intake.casework.notes import CORRECTS, ORDERS
from intake.errors import BadData
from intake.letters.address import safe_recipient
from intake.letters.compose import compose
from intake.letters.message import letter_message_id, to_message
from intake.model.ledger import Note, Numbers, OutboxState, Outgoing
from intake.model.letter import Letter
from intake.model.mail import Arrival, ChannelKind, Part, Reading, Scan, Trust
from intake.model.record import Filed, LetterDue, Record, Response
from intake.model.round import Round
from intake.model.verdict import Verdict
from intake.pipeline.acquaintances import known_for
from intake.pipeline.calendar import standing
from intake.pipeline.examine import examined, reading_version, verdict_version
from intake.pipeline.facts import facts_of
from intake.pipeline.office import Judged, Office
from intake.pipeline.order_mail import order_mail
from intake.pipeline.proof_mail import corrections
from intake.pipeline.proofs import proof_along
from intake.pipeline.rebuild import held_after_loss
from intake.pipeline.recognise import our_letters
from intake.pipeline.send import capped
from intake.ports import Receipt
from intake.reading.partial import complete, join, joined
from intake.reading.trust import trust_of
from intake.sorting.classify import classify

CHUNK = 64
ASK_AGAIN = timedelta(minutes=5)
"""How long a scanner that said nothing is left alone."""


def read_waiting(office: Office, keys: Sequence[str]) -> dict[str, Reading]:
    """Readings of these messages: from the cache, else made by the children and kept."""
    version = reading_version(office)
    found = office.ledger.readings(keys, version)
    missing = [key for key in keys if key not in found]
    for start in range(0, len(missing), CHUNK):
        chunk = missing[start : start + CHUNK]
        damaged: dict[str, Reading] = {}
        made = list(office.reader.read(_whole(office, chunk, damaged)))
        looked = [examined(office, reading, partial(office.vault.get, reading.sha256)) for reading in made]
        office.ledger.save_readings([item.reading for item in looked if item.settled], version)
        found |= dict(zip([key for key in chunk if key not in damaged], (item.reading for item in looked), strict=True)) | damaged
    return found


def _whole(office: Office, keys: Sequence[str], damaged: dict[str, Reading]) -> Iterator[bytes]:
    """The bytes of these messages. One that the disk has spoilt is set aside, and not cached: it may be restored."""
    for key in keys:
        try:
            yield office.vault.get(key)
        except BadData as error:
            damaged[key] = Reading(sha256=key, size_bytes=0, held=str(error))


def cases_of(office: Office, consultation: Round) -> tuple[Case, ...]:
    """Every message of a round as casework takes it, in order of arrival."""
    office.refresh()
    remembered = office.cases.setdefault(consultation.id, {})
    _ask_again(office, remembered)
    new = _new_arrivals(office, consultation.id, remembered)
    for start in range(0, len(new), CHUNK):
        chunk = new[start : start + CHUNK]
        keys = [receipt.sha256 for receipt in chunk]
        readings = read_waiting(office, keys)
        verdicts = office.ledger.verdicts(consultation.id, keys, verdict_version(office))
        made: list[Verdict] = []
        for receipt in chunk:
            arrival = _arrival(office, readings[receipt.sha256], receipt, consultation)
            verdict = None if _unscanned(arrival.reading.parts) else verdicts.get(receipt.sha256)
            if verdict is None:
                arrival, verdict = _sorted(office, arrival, consultation)
                made += [] if _unscanned(arrival.reading.parts) else [verdict]
            remembered[receipt.sha256] = Case(arrival=arrival, verdict=verdict)
        if made:
            office.ledger.save_verdicts(consultation.id, made, verdict_version(office))
        office.pulse()
    keys = sorted(remembered, key=lambda key: remembered[key].arrival.sequence)
    _join_pieces(office, consultation, keys, remembered)
    return tuple(remembered[key] for key in keys)


def _new_arrivals(office: Office, round_id: str, remembered: dict[str, Case]) -> list[Receipt]:
    """Messages that came since the last look; all that differ, when those do not add up to what the ledger has."""
    last = max((case.arrival.sequence for case in remembered.values()), default=0)
    new = list(office.ledger.arrivals(round_id, last))
    if len(remembered.keys() | {receipt.sha256 for receipt in new}) == office.ledger.tally(round_id).archived:
        return new
    every = office.ledger.arrivals(round_id)
    for key in remembered.keys() - {receipt.sha256 for receipt in every}:
        del remembered[key]
    return [receipt for receipt in every if _stale(remembered.get(receipt.sha256), receipt)]


def _sorted(office: Office, arrival: Arrival, consultation: Round) -> tuple[Arrival, Verdict]:
    """What a message is. One that defeats our own rules is set aside with its bytes, and the next one goes on."""
    try:
        return arrival, classify(arrival, consultation, office.tables)
    except Exception as error:
        reason = f"sorting failed: {type(error).__name__}"
        bare = Reading(sha256=arrival.key, size_bytes=arrival.reading.size_bytes, received=arrival.reading.received, held=reason)
        arrival = replace(arrival, reading=bare)
        return arrival, classify(arrival, consultation, office.tables)


def _ask_again(office: Office, remembered: dict[str, Case]) -> None:
    """Every few minutes: files that the scanner could say nothing about, while others wait for its word."""
    if office.scanner is None or (office.asked_again is not None and office.now() - office.asked_again < ASK_AGAIN):
        return
    waiting = [key for key, case in remembered.items() if _unscanned(case.arrival.reading.parts)]
    if waiting:
        office.asked_again = office.now()
    for key in waiting:
        remembered.pop(key)


def _unscanned(parts: Sequence[Part]) -> bool:
    return any(part.scan is Scan.UNSCANNED or _unscanned(part.children) for part in parts)


def _join_pieces(office: Office, consultation: Round, keys: Sequence[str], remembered: dict[str, Case]) -> None:
    """A message that was sent in pieces is read as one where all are there: under the first piece's key, each piece's bytes kept."""
    for pieces in complete(remembered[key].arrival.reading for key in keys if remembered[key].arrival.reading.partial):
        first = remembered[pieces[0]].arrival
        if any(defect.code == "joined" for defect in first.reading.defects):
            continue
        raw = join([office.vault.get(key) for key in pieces])
        if raw is None:
            continue
        whole = examined(office, next(iter(office.reader.read([raw]))), partial(bytes, raw)).reading
        reading = joined(first.reading, whole, len(pieces))
        inner = inner_trusts(reading, consultation.channels.trusted_hosts, first.internaldate)
        arrival = replace(first, reading=reading, inner_trust=next((trust for _, trust in inner), None), inner_trusts=inner)
        arrival, verdict = _sorted(office, arrival, consultation)
        remembered[pieces[0]] = Case(arrival=arrival, verdict=verdict)


def judge_round(office: Office, consultation: Round) -> Record:
    """The record of a round as it is now, saved with its new numbers and letters. Where nothing came, the last one again."""
    office.refresh()
    mark = office.ledger.mark(consultation.id)
    known = known_for(office, consultation)
    last = office.judged.get(consultation.id)
    if last is not None and last.mark == mark and last.consultation == consultation and last.known == known:
        return last.record
    if last is not None and last.mark.saved_at == mark.saved_at:
        before: Record | None = last.record
    else:
        before = office.ledger.load_record(consultation.id)
    cases = cases_of(office, consultation)
    judged = judge(consultation, cases, office.ledger.rulings(consultation.id), known, aside_of(office, consultation, cases))
    after = with_given_names(judged, office.ledger.numbers(consultation.id).public)
    if before != after:
        _record(office, consultation, before, after, cases)
        mark = office.ledger.mark(consultation.id)
    office.judged[consultation.id] = Judged(mark=mark, consultation=consultation, record=after, known=known)
    return after


def aside_of(office: Office, consultation: Round, cases: Sequence[Case]) -> dict[str, Aside]:
    """Mail of the house's own work, by key, and why (see casework.judge)."""
    proposed = corrections(office, consultation, cases)
    found = {key: Aside(why=CORRECTS, of=item.target) for key, item in proposed.items()}
    return found | dict.fromkeys(order_mail(office, consultation, cases), Aside(why=ORDERS))


def _record(office: Office, consultation: Round, before: Record | None, after: Record, cases: Sequence[Case]) -> None:
    """What differs from before, with new numbers and letters, in one transaction; then the journal's file."""
    numbers = new_numbers(office, after)
    # after a rebuild the numbers are there and the letters are not
    receipts = numbers.receipts if before is not None else {**office.ledger.numbers(consultation.id).receipts, **numbers.receipts}
    made = _letters(office, consultation, after, cases, receipts)
    letters = capped(office, held_after_loss(office, made, {case.key: case.arrival for case in cases}))
    notes = _notes(
        _noted(office, consultation) if before is None else {item.key: item.disposition for item in before.filed}, after
    )
    office.ledger.save_record(after, at=office.now(), before=before, numbers=numbers, letters=letters, notes=notes)
    office.vault.keep_journal(office.ledger.journal_entries(office.vault.journal_seq()))


def _stale(case: Case | None, receipt: Receipt) -> bool:
    return case is None or case.arrival.sequence != receipt.sequence


def _arrival(office: Office, reading: Reading, receipt: Receipt, consultation: Round) -> Arrival:
    """Believed are our own hosts, and in another office's mailbox those of that office."""
    hosts = (*consultation.channels.trusted_hosts, *office.hosts.get(receipt.at.account, ()))
    return Arrival(
        key=receipt.sha256,
        sequence=receipt.sequence,
        channel=ChannelKind(receipt.channel),
        internaldate=receipt.internaldate,
        reading=reading,
        trust=trust_of(reading, hosts, receipt.internaldate),
        inner_trust=next((trust for _, trust in inner_trusts(reading, hosts, receipt.internaldate)), None),
        inner_trusts=inner_trusts(reading, hosts, receipt.internaldate),
        ours=our_letters(reading, (office.letters.secret, *office.letters.former)),
        answerable=receipt.answerable,
    )


def inner_trusts(reading: Reading, hosts: Sequence[str], internaldate: datetime) -> tuple[tuple[str, Trust], ...]:
    """What our own hosts said of enclosed messages, where one of them had received it before; by part."""
    return tuple(
        (part.path, trust_of(part.message, hosts, internaldate))
        for part in reading.parts
        if part.message is not None and any(hop.by in hosts for hop in part.message.received)
    )


def new_numbers(office: Office, record: Record) -> Numbers:
    """Numbers for what has none yet: a receipt number for each message that gets a letter, a public number for each response
    that counts, in order of receipt. Numbers once given stay given."""
    given = office.ledger.numbers(record.round_id)
    year = office.now().year
    receipts = {
        due.key: office.receipt_number(due.key, year)
        for filed in record.filed
        for due in _due(filed)
        if due.key not in given.receipts
    }
    public: dict[str, int] = {}
    last = max(given.public.values(), default=0)
    for response in sorted(record.responses, key=lambda item: (item.received_at, item.id)):
        if response.status.value == "counted" and response.id not in given.public:
            last += 1
            public[response.id] = last
    return Numbers(receipts=receipts, public=public)


class _Due(Struct, frozen=True, kw_only=True):
    """A letter that is due. `key`: the message, or the posting of a digest ("KEY#PART"): each has its own receipt number and letter."""

    key: str
    letter: LetterDue
    response: str | None
    same_as: str | None
    doubt: str = ""


def _due(filed: Filed) -> list[_Due]:
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


def _letters(
    office: Office, consultation: Round, record: Record, cases: Sequence[Case], receipts: Mapping[str, str]
) -> tuple[Outgoing, ...]:
    responses = {response.id: response for response in record.responses}
    consultation = standing(office, consultation)
    wanted = [due for filed in record.filed for due in _due(filed) if due.key in receipts]
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


def _notes(before: Mapping[str, str], after: Record) -> tuple[Note, ...]:
    return tuple(
        Note(kind="filed", payload={"round": after.round_id, "key": filed.key, "disposition": filed.disposition.value})
        for filed in after.filed
        if before.get(filed.key) != filed.disposition.value
    )
