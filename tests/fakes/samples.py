"""Small values for tests of the doors."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from intake.model.ledger import OutboxState, Outgoing
from intake.model.mail import Reading
from intake.model.record import Counts, Filed, Record, Response, Status, Timeliness, Version
from intake.model.verdict import Disposition, Respondent
from intake.ports import Coordinates, Receipt

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def key(number: int) -> str:
    """Key of the message of that number."""
    return hashlib.sha256(f"message {number}".encode()).hexdigest()


def receipt(number: int, **changes: object) -> Receipt:
    """Delivery of message `number` as UID `number`."""
    values: dict[str, object] = {
        "sha256": key(number),
        "size_bytes": 10 + number,
        "at": Coordinates(account="main", folder="INBOX", uidvalidity=7, uid=number),
        "internaldate": NOON + timedelta(minutes=number),
        "channel": "address",
        "round_id": "r1",
        "stored_at": NOON + timedelta(hours=1),
        "answerable": True,
        "sequence": number,
    }
    return Receipt(**{**values, **changes})  # type: ignore[arg-type]


def reading(number: int, text: str = "مرحبا 你好 bonjour") -> Reading:
    """Reading of message `number`."""
    return Reading(sha256=key(number), size_bytes=10 + number, subject=f"Response {number}", text=text)


def filed(number: int, disposition: Disposition = Disposition.RESPONSE) -> Filed:
    """Message `number` as filed."""
    return Filed(key=key(number), disposition=disposition, response=f"r-{key(number)[:12]}", why="answers 1")


def response(number: int, status: Status = Status.COUNTED) -> Response:
    """The response that message `number` makes."""
    at = NOON + timedelta(minutes=number)
    return Response(
        id=f"r-{key(number)[:12]}",
        respondent=Respondent(person=f"Person {number}"),
        co_signatories=(),
        language="fr",
        received_at=at,
        timeliness=Timeliness.ON_TIME,
        status=status,
        status_before_decisions=status,
        versions=(Version(messages=(key(number),), received_at=at),),
        current=0,
        messages=(key(number),),
    )


def counts(messages: int) -> Counts:
    """Counts of a round of so many responses."""
    empty: dict[str, int] = {}
    return Counts(
        messages=messages,
        responses=messages,
        counted=messages,
        by_status={"counted": messages},
        by_disposition={"response": messages},
        by_category=empty,
        by_group=empty,
        by_region=empty,
        by_language=empty,
        by_question=empty,
        late_accepted=0,
        withdrawn=0,
        held=0,
        set_aside=0,
        campaign_copies=0,
    )


def record(*numbers: int) -> Record:
    """A round of these messages, each a response."""
    return Record(
        round_id="r1",
        filed=tuple(filed(number) for number in numbers),
        responses=tuple(response(number) for number in numbers),
        campaigns=(),
        counts=counts(len(numbers)),
        counts_before_decisions=counts(len(numbers)),
    )


def letter(number: int, state: OutboxState = OutboxState.QUEUED, **changes: object) -> Outgoing:
    """An acknowledgement of message `number`."""
    values: dict[str, object] = {
        "id": f"r1:{key(number)}:acknowledgement",
        "round_id": "r1",
        "message": key(number),
        "kind": "acknowledgement",
        "recipient": f"Person{number}@Example.org",
        "language": "fr",
        "state": state,
        "raw": f"Subject: {number}\r\n\r\nbody\r\n".encode(),
        "message_id": f"<letter.{number}@example.int>",
    }
    return Outgoing(**{**values, **changes})  # type: ignore[arg-type]
