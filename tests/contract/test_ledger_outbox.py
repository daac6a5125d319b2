"""What the ledger promises of letters, the journal and jobs; in memory and on disk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from intake.doors.ledger.journal import START
from intake.doors.ledger.ledger import SqliteLedger
from intake.errors import BadData, Broken
from intake.model.ledger import Note, OutboxState
from intake.model.letter import HandOver, Outcome
from intake.ports import Ledger
from tests.fakes.samples import NOON, letter

LATER = NOON + timedelta(minutes=5)


@pytest.fixture(params=["memory", "file"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteLedger]:
    opened = SqliteLedger.open(None if request.param == "memory" else tmp_path / "ledger.sqlite3")
    yield opened
    opened.close()


def end(outcome: Outcome) -> HandOver:
    return HandOver(outcome=outcome, reply=f"{outcome.value} said the server")


def states(ledger: Ledger) -> list[OutboxState]:
    return [item.state for item in ledger.letters()]


def test_letters_go_out_oldest_first_and_only_when_due(ledger: Ledger) -> None:
    assert ledger.next_due() is None
    assert ledger.queue_letters([letter(1, next_at=LATER), letter(2), letter(3), letter(4, OutboxState.HELD)], NOON) == 4
    assert ledger.queue_letters([letter(2)], NOON) == 0
    assert ledger.next_due() == NOON
    (first,) = ledger.claim_due(NOON)
    assert (first.id, first.state, first.tries) == (letter(2).id, OutboxState.SENDING, 1)
    assert first.recipient == "Person2@Example.org"
    assert [item.id for item in ledger.claim_due(NOON, 9)] == [letter(3).id]
    assert ledger.claim_due(NOON, 9) == ()
    assert [item.id for item in ledger.claim_due(LATER, 9)] == [letter(1).id]


def test_a_letter_that_was_taken_is_sent_for_good(ledger: Ledger) -> None:
    ledger.queue_letters([letter(1)], NOON)
    ledger.claim_due(NOON)
    ledger.mark_committing(letter(1).id, NOON)
    assert ledger.settle(letter(1).id, end(Outcome.SENT), at=NOON, retry_at=None) is OutboxState.SENT
    kept = ledger.letter(letter(1).id)
    assert kept is not None
    assert (kept.copies, kept.tries, kept.last_reply) == (1, 1, "sent said the server")
    assert ledger.move_letters([letter(1).id], OutboxState.QUEUED, reason="again", at=NOON) == 0
    assert ledger.find_letter(letter(1).message_id) == kept
    (entry,) = ledger.journal_entries()
    assert entry.payload == {"message_id": letter(1).message_id, "state": "sent", "copies": 1}
    with pytest.raises(Broken):
        ledger.settle(letter(1).id, end(Outcome.SENT), at=NOON, retry_at=None)


@pytest.mark.parametrize("committed", [False, True])
def test_a_temporary_refusal_waits_and_is_given_up_in_the_end(ledger: Ledger, committed: bool) -> None:
    ledger.queue_letters([letter(1)], NOON)
    for tries in (1, 2, 3):
        (claimed,) = ledger.claim_due(LATER)
        assert claimed.tries == tries
        if committed:
            ledger.mark_committing(claimed.id, NOON)
        retry_at = LATER if tries < 3 else None
        state = ledger.settle(claimed.id, end(Outcome.TEMPORARY), at=NOON, retry_at=retry_at)
        assert state is (OutboxState.QUEUED if tries < 3 else OutboxState.FAILED)
        kept = ledger.letter(claimed.id)
        assert kept is not None
        assert kept.copies == 0, "a letter that was plainly refused is no copy"
        assert tries == 3 or ledger.claim_due(NOON) == ()


def test_a_permanent_refusal_fails_at_once(ledger: Ledger) -> None:
    ledger.queue_letters([letter(1)], NOON)
    ledger.claim_due(NOON)
    assert ledger.settle(letter(1).id, end(Outcome.PERMANENT), at=NOON, retry_at=LATER) is OutboxState.FAILED


def test_silence_after_the_dot_sends_one_more_copy_and_never_a_third(ledger: Ledger) -> None:
    ledger.queue_letters([letter(1)], NOON)
    for expected in (OutboxState.QUEUED, OutboxState.UNKNOWN):
        (claimed,) = ledger.claim_due(LATER)
        assert claimed.raw == letter(1).raw
        ledger.mark_committing(claimed.id, NOON)
        assert ledger.settle(claimed.id, end(Outcome.UNKNOWN), at=NOON, retry_at=None) is expected
    assert ledger.claim_due(LATER) == ()


def test_recovery_tells_sure_from_ambiguous(ledger: Ledger) -> None:
    ledger.queue_letters([letter(1), letter(2)], NOON)
    for expected in (OutboxState.QUEUED, OutboxState.UNKNOWN):
        claimed = [item.id for item in ledger.claim_due(LATER, 2)]
        assert letter(1).id in claimed
        ledger.mark_committing(letter(1).id, NOON)
        assert ledger.recover_outbox(NOON) == 2
        assert states(ledger) == [expected, OutboxState.QUEUED]
    assert ledger.recover_outbox(NOON) == 0
    assert [entry.payload["state"] for entry in ledger.journal_entries()] == ["unknown"]


def test_the_final_dot_needs_a_letter_that_is_being_sent(ledger: Ledger) -> None:
    ledger.queue_letters([letter(1)], NOON)
    with pytest.raises(Broken):
        ledger.mark_committing(letter(1).id, NOON)
    assert states(ledger) == [OutboxState.QUEUED]


def test_a_person_approves_holds_and_suppresses(ledger: Ledger) -> None:
    ledger.queue_letters([letter(number, OutboxState.WAITING_APPROVAL) for number in range(3)], NOON)
    assert ledger.claim_due(LATER) == ()
    assert ledger.move_letters([letter(0).id, letter(1).id], OutboxState.QUEUED, reason="approved by officer", at=NOON) == 2
    assert ledger.move_letters([letter(1).id], OutboxState.HELD, reason="wait", at=NOON) == 1
    assert ledger.move_letters([letter(2).id], OutboxState.SUPPRESSED, reason="not wanted", at=NOON) == 1
    assert states(ledger) == [OutboxState.QUEUED, OutboxState.HELD, OutboxState.SUPPRESSED]
    assert ledger.letter_counts("r1") == {OutboxState.QUEUED: 1, OutboxState.HELD: 1, OutboxState.SUPPRESSED: 1}
    assert [item.id for item in ledger.letters("r1", (OutboxState.HELD,))] == [letter(1).id]
    with pytest.raises(Broken):
        ledger.move_letters([letter(1).id], OutboxState.SENT, reason="", at=NOON)


def test_caps_count_letters_let_go_by_address_and_domain(ledger: Ledger) -> None:
    same = "person1@EXAMPLE.org"
    letters = [
        letter(1),
        letter(2, recipient=same),
        letter(3, recipient="x@other.example"),
        letter(4, OutboxState.HELD, recipient=same),
    ]
    ledger.queue_letters([*letters, letter(5, kind="digest", recipient=same)], NOON)
    ledger.queue_letters([letter(6, created_at=NOON - timedelta(days=2))], NOON)
    since = NOON - timedelta(days=1)
    assert ledger.letters_since(since) == 3
    assert ledger.letters_since(since, recipient="Person1@example.ORG") == 2
    assert ledger.letters_since(since, domain="example.org") == 2
    assert ledger.letters_since(NOON + timedelta(1)) == 0


def test_the_journal_is_a_chain_and_shows_what_was_changed(ledger: SqliteLedger) -> None:
    assert ledger.journal_head() == START
    head = ledger.append([Note(kind="a", payload={"n": 1, "ids": ["x"], "none": None})], NOON)
    assert ledger.append([], NOON) == head
    last = ledger.append([Note(kind="b", payload={}), Note(kind="c", payload={"z": 1, "a": 2})], LATER)
    assert ledger.journal_head() == last
    assert ledger.verify_journal() == 3
    assert [entry.kind for entry in ledger.journal_entries(1)] == ["b", "c"]
    with ledger._store.writing() as connection:
        connection.execute(text("UPDATE journal SET kind = 'z' WHERE seq = 1"))
    with pytest.raises(BadData, match="entry 1"):
        ledger.verify_journal()


def test_an_entry_taken_away_is_noticed(ledger: SqliteLedger) -> None:
    ledger.append([Note(kind="a", payload={"n": number}) for number in range(3)], NOON)
    with ledger._store.writing() as connection:
        connection.execute(text("DELETE FROM journal WHERE seq = 2"))
    with pytest.raises(BadData, match="entry 3"):
        ledger.verify_journal()


def test_a_job_is_done_once_a_period(ledger: Ledger) -> None:
    assert ledger.claim_job("digest:r1", "2026-03-01", NOON)
    assert not ledger.claim_job("digest:r1", "2026-03-01", LATER), "somebody is at it"
    assert ledger.release_jobs() == 1
    assert ledger.claim_job("digest:r1", "2026-03-01", LATER)
    ledger.finish_job("digest:r1", "2026-03-01", LATER)
    assert ledger.release_jobs() == 0
    assert not ledger.claim_job("digest:r1", "2026-03-01", LATER)
    assert ledger.claim_job("digest:r1", "2026-03-02", LATER)
    assert ledger.last_done("digest:r1") == ("2026-03-01", LATER)
    assert ledger.last_done("digest:r2") is None


def test_settings_are_set_and_forgotten(ledger: Ledger) -> None:
    assert ledger.setting("letters.paused") is None
    ledger.put_setting("letters.paused", "yes")
    ledger.put_setting("letters.paused", "no")
    assert ledger.setting("letters.paused") == "no"
    ledger.put_setting("letters.paused", None)
    assert ledger.setting("letters.paused") is None
