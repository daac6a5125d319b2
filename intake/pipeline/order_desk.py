"""Orders by mail are followed once, and answered to the officer alone.

Until the journal says that a mail is settled it is taken up again: what it decided is there, by ids made of its tokens, so nothing is
decided twice and nothing is half done.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence

import structlog

from intake.casework.drafts import Case
from intake.digest.replies import Unclear, act_words, order_in
from intake.errors import TryAgain
from intake.model.examination import ToUnpack
from intake.model.ledger import Note
from intake.model.officer import Person, Role
from intake.model.order import SILENT, Ordered, Outcome, Refusal, Way
from intake.model.record import Action
from intake.model.round import LANGUAGES, Round
from intake.pipeline.cases import lean_cases_of
from intake.pipeline.growing import advance, waiting_orders
from intake.pipeline.judge import settle_round
from intake.pipeline.office import Office
from intake.pipeline.order_answer import answer_letter
from intake.pipeline.order_mail import KIND, called_sheets, is_broken, order_mail, sender_of, settled, sheets_in, texts_of
from intake.pipeline.orders import follow
from intake.pipeline.proofs import by_configuration, proposals, rule_identity
from intake.pipeline.rulings import record_ruling
from intake.pipeline.sheets import orders_of_sheet, reason_labels
from intake.reading.trust import vouched_for

log = structlog.get_logger("intake")
BY_CONFIGURATION = "configuration"
"""In whose name the round's own rule decides."""
LINES_AN_ENTRY = 100
"""A longer journal entry could not be read at the next start."""


def settle_orders(office: Office, consultation: Round) -> int:
    """Follow every order that waits, in order of receipt; gives how many mails were settled."""
    settle_corrections(office, consultation)
    if office.orders is None:
        return 0
    waiting = waiting_orders(office, consultation)
    if waiting is None:
        cases = lean_cases_of(office, consultation)
        marked = order_mail(office, consultation, cases)
        waiting = [case for case in cases if case.key in marked]
    done = 0
    for case in sorted(waiting, key=lambda case: case.order):
        if case.key not in settled(office, consultation):
            advance(office, consultation)
            _settle(office, consultation, case.whole)
            done += 1
    return done


def settle_corrections(office: Office, consultation: Round) -> int:
    """Corrections of proofs that the round's configuration lets through become decisions of its own; gives how many. They are undone
    like any other, and not made a second time."""
    if not consultation.proof.fields:
        return 0
    record = settle_round(office, consultation)
    found = list(
        by_configuration(office, consultation, proposals(office, consultation, record, lean_cases_of(office, consultation)))
    )
    for one, fields in found:
        key = one.correction.message
        reason = f"the round's configuration lets authenticated senders correct: {', '.join(consultation.proof.fields)}"
        record_ruling(
            office,
            consultation.id,
            Action.CONFIRM,
            key,
            BY_CONFIGURATION,
            reason,
            {**fields, "via": f"proof:{key}"},
            rule_identity(key),
        )
    return len(found)


def _settle(office: Office, consultation: Round, case: Case) -> None:
    person = sender_of(office, consultation, case)
    parts = case.arrival.reading.parts
    way = Way.SHEET if sheets_in(parts) or any(map(is_broken, called_sheets(parts))) else Way.REPLY
    refused = _not_believed(consultation, case, person)
    try:
        if refused is not None:
            outcomes: tuple[Outcome, ...] = (Outcome(line=1, number="", act="", refused=refused),)
        else:
            assert person is not None
            outcomes = _followed(office, consultation, case, person, way)
    except (TryAgain, OSError):
        raise
    except Exception as error:  # one that defeats us does not stop the next; it is not tried for ever
        log.error("order", why=f"{type(error).__name__}: {error}"[:300], message=case.key)
        outcomes = (Outcome(line=1, number="", act="", refused=Refusal.NOT_POSSIBLE, detail=type(error).__name__),)
    letter = None
    if person is not None and refused not in SILENT and office.letters.mode != "off":
        letter = answer_letter(office, consultation, case, person, way, outcomes)
    if letter is not None:
        office.ledger.queue_letters([letter], office.now())
    note_orders(office, consultation, case.key, way, person.name if person is not None else "", outcomes)


def _not_believed(consultation: Round, case: Case, person: Person | None) -> Refusal | None:
    """Why the mail is not that of an officer who may decide. What a list hands on, and what our own host did not vouch for, is not."""
    if person is None:
        return Refusal.UNKNOWN_OFFICER
    listed = case.verdict.signals.list_post
    if (
        listed
        or case.arrival.trust.spam
        or not vouched_for(case.arrival.reading, consultation.channels.trusted_hosts, person.address)
    ):
        return Refusal.NOT_AUTHENTICATED
    return None if person.role >= Role.EDITOR else Refusal.NOT_ALLOWED


def _followed(office: Office, consultation: Round, case: Case, person: Person, way: Way) -> tuple[Outcome, ...]:
    orders = _sheet_orders(office, case) if way is Way.SHEET else _reply_order(office, case)
    if isinstance(orders, Refusal):
        return (Outcome(line=1, number="", act="", refused=orders),)
    at = case.arrival.trust.received_at
    return follow(office, consultation, person, orders, via=f"{way.value}:{case.key}", at=at, begun=True)


def _sheet_orders(office: Office, case: Case) -> tuple[Ordered, ...] | Refusal:
    """The rows of all sheets of a mail."""
    parts = case.arrival.reading.parts
    hashes = tuple(part.sha256 for part in sheets_in(parts))
    found: list[Ordered] = []
    if office.unpacker is None or any(map(is_broken, called_sheets(parts))):
        return Refusal.UNREADABLE
    unpacked = office.unpacker.unpack(ToUnpack(raw=office.vault.get(case.key), sheets=hashes))
    for sha256 in hashes:
        orders = orders_of_sheet(office, unpacked.sheets[sha256]) if sha256 in unpacked.sheets else None
        if orders is None:
            return Refusal.UNREADABLE
        found += orders
    return tuple(found) or Refusal.NO_ACT


def _reply_order(office: Office, case: Case) -> tuple[Ordered, ...] | Refusal:
    new, below = texts_of(case.arrival.reading)
    acts = act_words([office.templates.table("orders", language) for language in LANGUAGES])
    try:
        told = order_in(new, f"{below}\n{case.arrival.reading.subject}", acts, reason_labels(office))
    except Unclear as unclear:
        return Refusal.UNREADABLE if called_sheets(case.arrival.reading.parts) else unclear.refusal
    return (
        Ordered(
            line=1, number=told.target, word=told.word, acts=told.acts, token=told.token, reason=told.reason, beside=told.beside,
            target=told.target, words=told.words,
        ),
    )  # fmt: skip


def note_orders(office: Office, consultation: Round, source: str, way: Way, by: str, outcomes: Sequence[Outcome]) -> None:
    """The journal's entries: by whom (a keyed hash of the name), how, which decisions, and each line that was refused, with the word."""
    who = hmac.new(office.letters.secret, f"officer\0{by}".encode(), hashlib.sha256).hexdigest()[:16] if by else ""
    plain: dict[str, str | int | list[str] | None] = {"round": consultation.id, "source": source, "way": way.value, "by": who}
    notes = [Note(kind=KIND, payload={**plain, **entry}) for entry in _entries(outcomes)]
    office.ledger.append(notes, office.now())
    office.vault.keep_journal(office.ledger.journal_entries(office.vault.journal_seq()))


def _entries(outcomes: Sequence[Outcome]) -> Iterator[Mapping[str, str | list[str]]]:
    for start in range(0, max(1, len(outcomes)), LINES_AN_ENTRY):
        some = outcomes[start : start + LINES_AN_ENTRY]
        yield {
            "followed": [one.ruling for one in some if one.ruling],
            "refused": [f"{one.line} {one.refused.value}" for one in some if one.refused is not None],
            "end": "yes" if start + LINES_AN_ENTRY >= len(outcomes) else "no",
        }
