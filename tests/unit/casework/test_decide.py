"""What follows from a change: once for each cause, and only once."""

from __future__ import annotations

from datetime import date, timedelta
from email.message import EmailMessage

from intake.casework.decide import (
    CloseChase,
    Decision,
    Given,
    GivePublicNumber,
    GiveReceipt,
    QueueChase,
    QueueLetter,
    ResponseChanged,
    decide,
)
from intake.casework.judge import judge
from intake.model.ledger import Numbers
from intake.model.record import LetterKind, Record
from tests.fakes.mails import AT, a_mail, cases_of, ruling, the_round

SIGNED = "\nAna Berg\nRelay Islands Cooperative\nTallinn, Estonia\n"
FIRST = a_mail("Our response", f"Question 1: Shared cables bring the price down.\n{SIGNED}")
OTHER = a_mail(
    "Response",
    "Question 2: One form.\n\nBo Lind\nHarbour Union\nOslo, Norway\n",
    sender="Bo Lind <bo@harbour.example>",
    at=AT + timedelta(hours=1),
)
FORGOT = a_mail("Our response", f"Please find attached our response.\n{SIGNED}")
CURE = a_mail(
    "Now with the attachment",
    f"Sorry, I forgot the attachment.\n{SIGNED}",
    files=[("r.txt", b"Question 1: Shared cables bring the price down.\n", "text/plain")],
    at=AT + timedelta(hours=2),
)


def record(*mails: EmailMessage) -> Record:
    """Their record."""
    return judge(the_round(), cases_of(mails), ())


def given_by(decisions: tuple[Decision, ...], before: Given | None = None) -> Given:
    """What is given once these decisions are carried out."""
    before = before or Given()
    receipts = {item.message: f"N-{item.message[:4]}" for item in decisions if isinstance(item, GiveReceipt)}
    public = {item.response: item.number for item in decisions if isinstance(item, GivePublicNumber)}
    return Given(
        numbers=Numbers(receipts=before.numbers.receipts | receipts, public=before.numbers.public | public),
        letters=before.letters | {item.message for item in decisions if isinstance(item, QueueLetter)},
        chases=before.chases | {item.id for item in decisions if isinstance(item, QueueChase)},
    )


def test_numbers_letters_and_news_of_a_first_record() -> None:
    decisions = decide(None, record(FIRST, OTHER), Given())
    assert [item.number for item in decisions if isinstance(item, GivePublicNumber)] == [1, 2]
    assert len([item for item in decisions if isinstance(item, GiveReceipt)]) == 2
    assert [item.letter.to for item in decisions if isinstance(item, QueueLetter)] == ["ana@relay.example", "bo@harbour.example"]
    assert [item.what for item in decisions if isinstance(item, ResponseChanged)] == ["added", "added"]


def test_what_was_given_stays_given() -> None:
    both = record(FIRST, OTHER)
    assert decide(both, both, given_by(decide(None, both, Given()))) == ()
    later = decide(record(OTHER), both, given_by(decide(None, record(OTHER), Given())))
    assert [item.number for item in later if isinstance(item, GivePublicNumber)] == [2]
    assert len([item for item in later if isinstance(item, QueueLetter)]) == 1


def test_a_chase_is_asked_once_with_a_day_and_closed_by_its_answer() -> None:
    waiting = record(FORGOT)
    decisions = decide(None, waiting, Given())
    (chase,) = [item for item in decisions if isinstance(item, QueueChase)]
    assert (chase.letter.kind, chase.letter.to, chase.due_on) == (LetterKind.CHASE, "ana@relay.example", date(2024, 5, 9))
    given = given_by(decisions)
    assert not [item for item in decide(waiting, waiting, given) if isinstance(item, QueueChase)]
    cured = record(FORGOT, CURE)
    (closed,) = [item for item in decide(waiting, cured, given) if isinstance(item, CloseChase)]
    assert (closed.id, closed.by) == (chase.id, cured.filed[1].key)


def test_nobody_is_chased_for_what_has_come() -> None:
    assert not [item for item in decide(None, record(FORGOT, CURE), Given()) if isinstance(item, QueueChase)]


def test_a_changed_status_is_told() -> None:
    mails = [FIRST]
    before = record(*mails)
    after = judge(the_round(), cases_of(mails), [ruling("exclude", before.filed[0].key)])
    assert [item.what for item in decide(before, after, given_by(decide(None, before, Given())))] == ["excluded"]  # type: ignore[union-attr]
