"""Letters on their way: the states of docs/STATES.md, one commit for each step from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, bindparam, func, literal, select, update
from sqlalchemy.dialects.sqlite import insert

from intake.doors.ledger.book import Book, chunks
from intake.doors.ledger.journal import append_notes
from intake.doors.ledger.tables import METADATA
from intake.errors import Broken
from intake.model.ledger import MAX_COPIES, Note, OutboxState, Outgoing
from intake.model.letter import HandOver, Outcome

_LETTER = METADATA.tables["letter"]
_LET_GO = (
    OutboxState.QUEUED,
    OutboxState.SENDING,
    OutboxState.COMMITTING,
    OutboxState.SENT,
    OutboxState.FAILED,
    OutboxState.UNKNOWN,
)
_FINAL = frozenset({OutboxState.SENT, OutboxState.FAILED, OutboxState.UNKNOWN})
_A_PERSON_MAY = {
    OutboxState.QUEUED: ("waiting_approval", "held", "suppressed", "failed", "unknown"),
    OutboxState.HELD: ("waiting_approval", "queued"),
    OutboxState.SUPPRESSED: ("waiting_approval", "held", "queued", "failed"),
}
_LONGEST_REPLY = 500


# Three commits a letter: their statements are built once, which halves what they cost.
_QUEUED = _LETTER.c.state == OutboxState.QUEUED
_NEXT_DUE = select(_LETTER.c.next_at).where(_QUEUED).order_by(_LETTER.c.next_at).limit(1)
_DUE = (
    select(_LETTER)
    .where(_QUEUED, _LETTER.c.next_at <= bindparam("now"))
    .order_by(_LETTER.c.next_at, _LETTER.c.number)
    .limit(bindparam("limit"))
)
_BEGIN = (
    update(_LETTER)
    .where(_LETTER.c.number == bindparam("which"))
    .values(state=OutboxState.SENDING, tries=_LETTER.c.tries + 1, changed_at=bindparam("at"))
)
_COMMITTING = (
    update(_LETTER)
    .where(_LETTER.c.id == bindparam("which"), _LETTER.c.state == OutboxState.SENDING)
    .values(state=OutboxState.COMMITTING, copies=_LETTER.c.copies + 1, changed_at=bindparam("at"))
)
_UNDER_WAY = select(_LETTER.c.state, _LETTER.c.copies, _LETTER.c.message_id).where(_LETTER.c.id == bindparam("which"))
_SETTLED = (
    update(_LETTER)
    .where(_LETTER.c.id == bindparam("which"))
    .values(
        state=bindparam("to"),
        copies=bindparam("so_many"),
        next_at=bindparam("then"),
        last_reply=bindparam("reply"),
        changed_at=bindparam("at"),
    )
)


class OutboxBook(Book):
    """See ports.Outbox."""

    def queue_letters(self, letters: Sequence[Outgoing], at: datetime) -> int:
        """See ports.Outbox."""
        with self._store.writing() as connection:
            return insert_letters(connection, letters, at)

    def claim_due(self, now: datetime, limit: int = 1) -> tuple[Outgoing, ...]:
        """See ports.Outbox."""
        if self._nothing_due(now):
            return ()
        with self._store.writing() as connection:
            rows = connection.execute(_DUE, {"now": now, "limit": limit}).all()
            if rows:
                connection.execute(_BEGIN, [{"which": row.number, "at": now} for row in rows])
            return tuple(replace(_outgoing(row), state=OutboxState.SENDING, tries=row.tries + 1) for row in rows)

    def mark_committing(self, letter_id: str, at: datetime) -> None:
        """See ports.Outbox."""
        with self._store.writing() as connection:
            if connection.execute(_COMMITTING, {"which": letter_id, "at": at}).rowcount != 1:
                raise Broken(f"letter {letter_id} is not being sent: the final dot must not go out")

    def settle(self, letter_id: str, hand_over: HandOver, *, at: datetime, retry_at: datetime | None) -> OutboxState:
        """See ports.Outbox."""
        with self._store.writing() as connection:
            row = connection.execute(_UNDER_WAY, {"which": letter_id}).one_or_none()
            if row is None or row.state not in (OutboxState.SENDING, OutboxState.COMMITTING):
                raise Broken(f"letter {letter_id} is not being sent: there is nothing to settle")
            refused = hand_over.outcome in (Outcome.TEMPORARY, Outcome.PERMANENT)
            taken_back = 1 if refused and row.state == OutboxState.COMMITTING else 0
            copies = row.copies - taken_back
            state = _after(hand_over.outcome, copies, give_up=retry_at is None)
            values = {
                "which": letter_id,
                "to": state,
                "so_many": copies,
                "then": retry_at or at,
                "reply": hand_over.reply[:_LONGEST_REPLY],
                "at": at,
            }
            connection.execute(_SETTLED, values)
            if state in _FINAL:
                _note_final(connection, [(row.message_id, state, copies)], at)
            return state

    def recover_outbox(self, at: datetime) -> int:
        """See ports.Outbox."""
        under_way = select(_LETTER).where(_LETTER.c.state.in_((OutboxState.SENDING, OutboxState.COMMITTING)))
        with self._store.reading() as connection:
            if connection.execute(under_way.limit(1)).first() is None:
                return 0
        with self._store.writing() as connection:
            rows = connection.execute(under_way).all()
            lost = [row for row in rows if row.state == OutboxState.COMMITTING and row.copies >= MAX_COPIES]
            _set_state(connection, [row.number for row in lost], OutboxState.UNKNOWN, "no answer to two copies", at)
            again = [row.number for row in rows if row not in lost]
            _set_state(connection, again, OutboxState.QUEUED, "", at)
            _note_final(connection, [(row.message_id, OutboxState.UNKNOWN, row.copies) for row in lost], at)
            return len(rows)

    def move_letters(self, ids: Sequence[str], to: OutboxState, *, reason: str, at: datetime) -> int:
        """See ports.Outbox. Raises Broken for a state that is not a person's to give."""
        if to not in _A_PERSON_MAY:
            raise Broken(f"nobody can put a letter into the state {to}")
        moved = 0
        with self._store.writing() as connection:
            for some in chunks(ids):
                change = update(_LETTER).where(_LETTER.c.id.in_(some), _LETTER.c.state.in_(_A_PERSON_MAY[to]))
                moved += connection.execute(change.values(state=to, reason=reason, next_at=at, changed_at=at)).rowcount
        return moved

    def letter(self, letter_id: str) -> Outgoing | None:
        """See ports.Outbox."""
        return self._one(_LETTER.c.id == letter_id)

    def known_letters(self, ids: Sequence[str]) -> set[str]:
        """See ports.Outbox."""
        found: set[str] = set()
        with self._store.reading() as connection:
            for some in chunks(ids):
                found.update(connection.execute(select(_LETTER.c.id).where(_LETTER.c.id.in_(some))).scalars())
        return found

    def find_letter(self, message_id: str) -> Outgoing | None:
        """See ports.Outbox."""
        return self._one(_LETTER.c.message_id == message_id)

    def letters(self, round_id: str | None = None, states: Sequence[OutboxState] = ()) -> tuple[Outgoing, ...]:
        """See ports.Outbox."""
        wanted = select(_LETTER).order_by(_LETTER.c.number)
        if round_id is not None:
            wanted = wanted.where(_LETTER.c.round_id == round_id)
        if states:
            wanted = wanted.where(_LETTER.c.state.in_(states))
        with self._store.reading() as connection:
            return tuple(_outgoing(row) for row in connection.execute(wanted))

    def letter_heads(self, round_id: str, states: Sequence[OutboxState]) -> tuple[Outgoing, ...]:
        """See ports.Outbox."""
        wanted = select(*(column for column in _LETTER.c if column.name != "raw"), literal(b"").label("raw"))
        wanted = wanted.where(_LETTER.c.round_id == round_id).order_by(_LETTER.c.number)
        if states:
            wanted = wanted.where(_LETTER.c.state.in_(states))
        with self._store.reading() as connection:
            return tuple(_outgoing(row) for row in connection.execute(wanted))

    def letter_counts(self, round_id: str) -> dict[OutboxState, int]:
        """See ports.Outbox."""
        wanted = select(_LETTER.c.state, func.count()).where(_LETTER.c.round_id == round_id).group_by(_LETTER.c.state)
        with self._store.reading() as connection:
            return {OutboxState(state): count for state, count in connection.execute(wanted)}

    def letters_since(self, since: datetime, *, recipient: str | None = None, domain: str | None = None) -> int:
        """See ports.Outbox."""
        wanted = select(func.count()).where(*_let_go_since(since))
        if recipient is not None:
            wanted = wanted.where(_LETTER.c.recipient == recipient.lower())
        if domain is not None:
            wanted = wanted.where(_LETTER.c.domain == domain.lower())
        with self._store.reading() as connection:
            return int(connection.execute(wanted).scalar_one())

    def letters_since_each(
        self, since: datetime, *, recipients: Sequence[str] = (), domains: Sequence[str] = ()
    ) -> dict[str, int]:
        """See ports.Outbox."""
        found: dict[str, int] = {}
        with self._store.reading() as connection:
            for column, values in ((_LETTER.c.recipient, recipients), (_LETTER.c.domain, domains)):
                for some in chunks(values):
                    wanted = select(column, func.count()).where(*_let_go_since(since, _NOT_BY_STATE), column.in_(some))
                    wanted = wanted.group_by(column)
                    found.update((value, count) for value, count in connection.execute(wanted))
        return found

    def next_due(self) -> datetime | None:
        """See ports.Outbox."""
        with self._store.reading() as connection:
            found: datetime | None = connection.execute(_NEXT_DUE).scalar_one_or_none()
            return found

    def _nothing_due(self, now: datetime) -> bool:
        due = self.next_due()
        return due is None or due > now

    def _one(self, which: ColumnElement[bool]) -> Outgoing | None:
        with self._store.reading() as connection:
            row = connection.execute(select(_LETTER).where(which).limit(1)).one_or_none()
        return None if row is None else _outgoing(row)


def insert_letters(connection: Connection, letters: Sequence[Outgoing], at: datetime) -> int:
    """Put letters in inside a transaction; those whose id is there are silent. Gives how many were new."""
    statement = insert(_LETTER).on_conflict_do_nothing(index_elements=(_LETTER.c.id,))
    new = 0
    for some in chunks(letters):
        new += connection.execute(statement, [_row(letter, at) for letter in some]).rowcount
    return new


_NOT_BY_STATE = _LETTER.c.state.concat("")
"""The state, where the letters to one address are looked for: by the index on states SQLite would look through all of a day's."""


def _let_go_since(since: datetime, state: ColumnElement[str] = _LETTER.c.state) -> tuple[ColumnElement[bool], ...]:
    """Letters to persons that were let go since then."""
    return (_LETTER.c.created_at >= since, state.in_(_LET_GO), _LETTER.c.kind.not_in(("digest", "notice")))


def _after(outcome: Outcome, copies: int, *, give_up: bool) -> OutboxState:
    if outcome is Outcome.SENT:
        return OutboxState.SENT
    if outcome is Outcome.PERMANENT:
        return OutboxState.FAILED
    if outcome is Outcome.TEMPORARY:
        return OutboxState.FAILED if give_up else OutboxState.QUEUED
    return OutboxState.UNKNOWN if copies >= MAX_COPIES else OutboxState.QUEUED


def _set_state(connection: Connection, numbers: Sequence[int], state: OutboxState, reply: str, at: datetime) -> None:
    for some in chunks(numbers):
        values: dict[str, object] = {"state": state, "next_at": at, "changed_at": at}
        if reply:
            values["last_reply"] = reply
        connection.execute(update(_LETTER).where(_LETTER.c.number.in_(some)).values(**values))


def _note_final(connection: Connection, ends: Sequence[tuple[str, OutboxState, int]], at: datetime) -> None:
    # by Message-ID alone: a letter's own id may hold an address (digests), and the journal holds none
    notes = [
        Note(kind="letter", payload={"message_id": message_id, "state": state.value, "copies": copies})
        for message_id, state, copies in ends
    ]
    append_notes(connection, notes, at)


def _row(letter: Outgoing, at: datetime) -> dict[str, object]:
    recipient = letter.recipient.lower()
    created = (letter.created_at or at).astimezone(UTC)
    return {
        "id": letter.id,
        "round_id": letter.round_id,
        "message": letter.message,
        "kind": letter.kind,
        "address": letter.recipient,
        "recipient": recipient,
        "domain": recipient.rpartition("@")[2],
        "language": letter.language,
        "state": letter.state,
        "reason": letter.reason,
        "raw": letter.raw,
        "message_id": letter.message_id,
        "tries": letter.tries,
        "copies": letter.copies,
        "next_at": letter.next_at or created,
        "last_reply": letter.last_reply,
        "created_at": created,
        "changed_at": at,
    }


def _outgoing(row: Any) -> Outgoing:
    return Outgoing(
        id=row.id,
        round_id=row.round_id,
        message=row.message,
        kind=row.kind,
        recipient=row.address,
        language=row.language,
        state=OutboxState(row.state),
        raw=row.raw,
        message_id=row.message_id,
        reason=row.reason,
        tries=row.tries,
        copies=row.copies,
        next_at=row.next_at,
        last_reply=row.last_reply,
        created_at=row.created_at,
    )
