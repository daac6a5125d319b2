"""The daily letters: one digest of a local day for each role, also when nothing came."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jinja2 import TemplateError
from msgspec import Struct
from msgspec.structs import replace

from intake.casework.drafts import Case
from intake.casework.judge import judge
from intake.compilation.words import Words
from intake.digest.compose import DigestInput, compose_digest
from intake.digest.letter import NO_REPLIES, Reply, beside_values, digest_values, reply_values, role_faults
from intake.digest.sample import sample_beside, sample_digest, sample_replies
from intake.letters.message import letter_message_id, to_message
from intake.letters.templates import TemplateSet
from intake.model.edition import Digest, DigestItem, DigestRole, Source
from intake.model.ledger import OutboxState, Outgoing
from intake.model.letter import Letter
from intake.model.officer import Person
from intake.model.record import Counts, Record
from intake.model.round import LANGUAGES, Round
from intake.pipeline.calendar import days_of, standing
from intake.pipeline.cases import lean_cases_of
from intake.pipeline.judge import aside_of, settle_round
from intake.pipeline.matters import beside, round_items
from intake.pipeline.office import Office
from intake.pipeline.officers import deciders
from intake.pipeline.order_mail import refused_orders
from intake.pipeline.proofs import correction_items, proposals
from intake.pipeline.sheets import language_of, sheet_for, tokened
from intake.pipeline.silence import digest_silence


class DigestMade(Struct, frozen=True, kw_only=True):
    """A digest, one role's letter of it, the octets of its first recipient's copy, who a copy was queued for (all roles), and the
    instant up to which it tells what is new."""

    digest: Digest
    letter: Letter
    raw: bytes
    queued: tuple[str, ...]
    at: datetime


def digest_day(
    office: Office, consultation: Round, day: date, *, queue: bool, role: DigestRole = DigestRole.DESK, language: str = ""
) -> DigestMade:
    """The digest of a local day as `role` reads it; `queue` puts every role's copies into the outbox, once a day and recipient."""
    digest = _digest(office, consultation, day)
    policy = office.letters
    made: list[Outgoing] = []
    own_copies = _officers(office, consultation)
    for who, tongue, recipients in _readers(office):
        letter = _letter(office, digest, who, tongue)
        others = [address for address in recipients if who is not DigestRole.DESK or address.lower() not in own_copies]
        made += [_copy(office, consultation, letter, who, day, recipient) for recipient in others]
    for address, person in own_copies.items():
        made.append(
            _copy(office, consultation, officer_letter(office, consultation, digest, person), DigestRole.DESK, day, address)
        )
    if queue and policy.mode != "off":
        office.ledger.queue_letters(made, office.now())
    own = language or next((tongue for who, tongue, _ in _readers(office) if who is role), policy.digest_language)
    letter = _letter(office, digest, role, own)
    address = next((to[0] for who, _, to in _readers(office) if who is role), policy.from_address)
    raw = _copy(office, consultation, letter, role, day, address).raw
    # a process that died after queuing left copies that tell less than this digest: what came since is tomorrow's news
    kept = [
        found.created_at for item in made if queue and (found := office.ledger.letter(item.id)) is not None and found.created_at
    ]
    return DigestMade(
        digest=digest, letter=letter, raw=raw, queued=tuple(item.recipient for item in made), at=min(kept, default=office.now())
    )


def _officers(office: Office, consultation: Round) -> dict[str, Person]:
    """Officers who may decide by mail, by address: each has the desk's letter with tokens of his own, and his sheet."""
    if office.orders is None:
        return {}
    return {person.address: person for person in deciders(office, consultation, office.now())}


def officer_letter(office: Office, consultation: Round, digest: Digest, person: Person) -> Letter:
    """The desk's letter as an officer gets it: each matter with the words that settle it and his token; the sheet enclosed."""
    now, language = office.now(), language_of(office, person)
    others = tuple(beside(office, consultation))
    found = tokened(office, consultation, person, now, [*digest.needs_person, *digest.junk, *others])
    letter = digest_letter(
        digest, DigestRole.DESK, language, office.templates, office.words,
        replies={one.item.item: Reply(token=one.token, words=one.words) for one in found}, to=consultation.channels.address,
        beside=others,
    )  # fmt: skip
    sheet, _ = sheet_for(office, consultation, person, now)
    return replace(letter, headers=(("Reply-To", consultation.channels.address),), enclosed=(sheet,) if found else ())


def _readers(office: Office) -> Iterator[tuple[DigestRole, str, tuple[str, ...]]]:
    """(role, language, addresses); roles without addresses are left out."""
    policy = office.letters
    every = ((DigestRole.DESK, policy.digest_language, policy.digest_to), *policy.digest_roles)
    return ((role, language, to) for role, language, to in every if to)


def _digest(office: Office, consultation: Round, day: date) -> Digest:
    days = days_of(office, consultation, day)
    consultation = standing(office, consultation)
    record = settle_round(office, consultation)
    cases = lean_cases_of(office, consultation)
    zone = ZoneInfo(consultation.time_zone)
    since = datetime.combine(day, time.fromisoformat(office.letters.digest_at), zone) - timedelta(days=1)
    new = _new_keys(office, consultation, cases, day, since)
    public = office.ledger.numbers(consultation.id).public
    facts = DigestInput(
        consultation=consultation,
        day=day,
        record=record,
        sources={case.key: Source(arrival=case.arrival, verdict=case.verdict) for case in cases},
        counts_before=_counts_before(office, consultation, record, [case for case in cases if case.key not in new], since),
        new_keys=[case.key for case in cases if case.key in new],
        public=public,
        timetable=days,
        tally=office.ledger.tally(consultation.id),
        letters={state.value: number for state, number in office.ledger.letter_counts(consultation.id).items()},
        health=tuple(office.health),
        journal_head=office.ledger.journal_head(),
        returned=_returned(office, consultation, cases, record),
        folders=_folders(office, consultation),
        decided=frozenset(ruling.message for ruling in office.ledger.rulings(consultation.id)),
        further=(
            *round_items(office, consultation),
            *correction_items(proposals(office, consultation, record, cases), public),
            *refused_orders(office, consultation, [case for case in cases if case.key in new]),
        ),
        silence=digest_silence(office, consultation, record),
    )
    return compose_digest(facts)


def _new_keys(office: Office, consultation: Round, cases: Sequence[Case], day: date, since: datetime) -> set[str]:
    """What no digest has told: stored after the digest before this day's, or where none was made, come within the day.

    By the time of storing and not of arrival: mail that waited out an outage in the mailbox is new when it gets here.
    """
    before = office.ledger.done_before(f"digest:{consultation.id}", day.isoformat())
    if before is None:
        return {case.key for case in cases if case.arrival.internaldate > since}
    stored = {receipt.sha256: receipt.stored_at for receipt in office.ledger.arrivals(consultation.id)}
    return {case.key for case in cases if stored[case.key] > before}


def _counts_before(office: Office, consultation: Round, record: Record, old: Sequence[Case], since: datetime) -> Counts:
    """The counts as they were at the digest before: judged from what had come and been decided by then."""
    rulings = [ruling for ruling in office.ledger.rulings(consultation.id) if ruling.at <= since]
    if len(old) == len(record.filed) and len(rulings) == len(office.ledger.rulings(consultation.id)):
        return record.counts
    return judge(consultation, old, rulings, aside=aside_of(office, consultation, old)).counts


def _returned(office: Office, consultation: Round, cases: tuple[Case, ...], record: Record) -> list[tuple[str, str, str, str]]:
    """Letters of ours that a delivery report encloses, and those that a server refused or that we gave up."""
    found: dict[str, tuple[str, str, str, str]] = {}
    bounces = {filed.key for filed in record.filed if filed.disposition.value == "bounce"}
    letters = [letter for letter in office.ledger.letters(consultation.id) if letter.message]
    for case in cases:
        if case.key in bounces:
            for letter in _letters_of_report(case.whole, letters):
                found[letter.id] = (letter.message, "bounced", letter.recipient, case.arrival.reading.subject)
    for letter in office.ledger.letters(consultation.id, (OutboxState.FAILED, OutboxState.UNKNOWN)):
        found.setdefault(letter.id, (letter.message, "failed", letter.recipient, letter.last_reply))
    return [found[key] for key in sorted(found)]


def _letters_of_report(case: Case, letters: Sequence[Outgoing]) -> list[Outgoing]:
    """The letters of ours that a delivery report speaks of: by their signed Message-ID, else the newest to an address that it names."""
    said = "\n".join([case.arrival.reading.text, *(part.text for part in case.arrival.reading.parts)]).lower()
    names = {item.token for item in case.arrival.ours}
    by_id = [letter for letter in letters if letter.message_id.strip("<>").partition("@")[0] in names]
    if by_id:
        return by_id
    named = {
        letter.recipient: letter
        for letter in letters
        if re.search(rf"(?<![\w.+-]){re.escape(letter.recipient.lower())}(?![\w-])", said)
    }
    return list(named.values())


def _folders(office: Office, consultation: Round) -> list[tuple[str, datetime | None]]:
    found = []
    for account, folder, round_id in office.watched:
        if round_id == consultation.id:
            known = office.ledger.folder(account, folder)
            found.append((f"{account}/{folder}", known.polled_at if known is not None else None))
    return found


def _letter(office: Office, digest: Digest, role: DigestRole, language: str) -> Letter:
    return digest_letter(digest, role, language, office.templates, office.words)


def digest_letter(
    digest: Digest,
    role: DigestRole,
    language: str,
    templates: TemplateSet,
    shells: Mapping[str, Words],
    *,
    replies: Mapping[str, Reply] = NO_REPLIES,
    to: str = "",
    beside: Sequence[DigestItem] = (),
) -> Letter:
    """A role's letter; to whom stands in each copy. `replies`: by item, how its reader may settle it by answering to `to`; `beside`: what
    he may ask for besides."""
    digest = replace(digest, round=digest.round.said_in(language))
    parts = templates.words["digest/roles"][role.value]
    values = digest_values(
        digest, role, parts, templates.table("digest", language), shells[language].rooms, language, replies, shells[language].day
    )
    values |= reply_values(replies, templates.table("orders", language), to)
    values["beside"] = beside_values(beside, replies, templates.table("digest", language), templates.table("orders", language))
    return Letter(
        to="",
        subject=str(values["subject"]),
        text=_tidy(templates.render("digest/digest.txt.j2", values)),
        html=templates.render("digest/digest.html.j2", values),
        language=language,
        auto_submitted="auto-generated",
    )


def _tidy(text: str) -> str:
    """Never more than one empty line in a row."""
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def digest_problems(templates: TemplateSet, shells: Mapping[str, Words]) -> list[str]:
    """Every daily letter of every role in every language, tried with a made-up day; every problem in words."""
    problems = role_faults(templates.words["digest/roles"])
    if problems:
        return problems
    for language in LANGUAGES:
        for role in DigestRole:
            for empty in (False, True):
                try:
                    digest = sample_digest(empty=empty)
                    digest_letter(digest, role, language, templates, shells)
                    digest_letter(
                        digest,
                        role,
                        language,
                        templates,
                        shells,
                        replies=sample_replies(digest),
                        to="a@example.org",
                        beside=sample_beside(),
                    )
                except (TemplateError, KeyError, ValueError, IndexError) as error:
                    problems.append(f"digest for {role.value} in {language}: {type(error).__name__}: {error}")
    return problems


def _copy(office: Office, consultation: Round, letter: Letter, role: DigestRole, day: date, recipient: str) -> Outgoing:
    key = f"digest:{consultation.id}:{day}:{recipient}" + ("" if role is DigestRole.DESK else f":{role.value}")
    return own_letter(office, consultation.id, "digest", key, replace(letter, to=recipient))


def own_letter(office: Office, round_id: str, kind: str, key: str, letter: Letter) -> Outgoing:
    """A letter to one of the house: `key` is its cause, so that it is queued once."""
    policy = office.letters
    identity = letter_message_id(policy.secret, key, kind, policy.domain)
    raw = to_message(letter, from_name=policy.from_name, from_address=policy.from_address, message_id=identity, date=office.now())
    return Outgoing(
        id=key,
        round_id=round_id,
        message="",
        kind=kind,
        recipient=letter.to,
        language=letter.language,
        state=OutboxState.QUEUED,
        raw=raw,
        message_id=identity,
        created_at=office.now(),
    )
