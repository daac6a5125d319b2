"""What follows from a change of the record, as data: numbers to give, letters and chases to queue, responses that changed.

Numbers and letters once given stay given: nothing is ever decided a second time for the same cause."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from intake.model.ledger import Numbers
from intake.model.record import LetterDue, LetterKind, Record, Response, Status


class Given(Struct, frozen=True, kw_only=True):
    """What was given before. `letters`: keys of messages whose letter is queued or gone. `chases`: `chase_id`s that were."""

    numbers: Numbers = Numbers()
    letters: frozenset[str] = frozenset()
    chases: frozenset[str] = frozenset()


class GiveReceipt(Struct, frozen=True, kw_only=True, tag=True):
    """A message that gets a letter needs a private receipt number."""

    message: str


class GivePublicNumber(Struct, frozen=True, kw_only=True, tag=True):
    """A response that counts for the first time gets the next public number of the round."""

    response: str
    number: int


class QueueLetter(Struct, frozen=True, kw_only=True, tag=True):
    """The one letter that is due for a message."""

    message: str
    letter: LetterDue


class QueueChase(Struct, frozen=True, kw_only=True, tag=True):
    """Something to ask for, once for each reason and message."""

    id: str
    response: str
    message: str
    reason: str
    letter: LetterDue
    due_on: date | None


class CloseChase(Struct, frozen=True, kw_only=True, tag=True):
    """A chase that `by`, a message, answered."""

    id: str
    by: str


class ResponseChanged(Struct, frozen=True, kw_only=True, tag=True):
    """A response that is new or reads otherwise. `what`: added, revised, supplemented, corrected, or the new status."""

    response: str
    what: str


Decision = GiveReceipt | GivePublicNumber | QueueLetter | QueueChase | CloseChase | ResponseChanged


def decide(before: Record | None, after: Record, given: Given) -> tuple[Decision, ...]:
    """The decisions, in the order in which they are carried out. The same three values give the same decisions."""
    return (
        *_receipts(after, given),
        *_public_numbers(after, given),
        *_letters(after, given),
        *_chases(after, given),
        *_changes(before, after),
    )


def chase_id(response: str, message: str, reason: str) -> str:
    """The cause of a chase."""
    return f"{response}:{message}:{reason}"


def _receipts(after: Record, given: Given) -> Iterator[GiveReceipt]:
    for filed in after.filed:
        if filed.letter is not None and filed.key not in given.numbers.receipts:
            yield GiveReceipt(message=filed.key)


def _public_numbers(after: Record, given: Given) -> Iterator[GivePublicNumber]:
    last = max(given.numbers.public.values(), default=0)
    for response in sorted(after.responses, key=lambda item: (item.received_at, item.id)):
        if response.status is Status.COUNTED and response.id not in given.numbers.public:
            last += 1
            yield GivePublicNumber(response=response.id, number=last)


def _letters(after: Record, given: Given) -> Iterator[QueueLetter]:
    for filed in after.filed:
        if filed.letter is not None and filed.key not in given.letters:
            yield QueueLetter(message=filed.key, letter=filed.letter)


def _chases(after: Record, given: Given) -> Iterator[QueueChase | CloseChase]:
    """Nobody is chased whom no letter may reach, nor for what has come meanwhile."""
    letters = {filed.key: filed.letter for filed in after.filed}
    for response in after.responses:
        if response.status in (Status.WITHDRAWN, Status.EXCLUDED):
            continue
        for chase in response.chases:
            identity = chase_id(response.id, chase.message, chase.reason)
            letter = letters.get(chase.message)
            if chase.closed_by is not None:
                if identity in given.chases:
                    yield CloseChase(id=identity, by=chase.closed_by)
            elif letter is not None and identity not in given.chases:
                asked = LetterDue(kind=LetterKind.CHASE, to=letter.to, language=letter.language)
                yield QueueChase(
                    id=identity,
                    response=response.id,
                    message=chase.message,
                    reason=chase.reason,
                    letter=asked,
                    due_on=chase.due_on,
                )


def _changes(before: Record | None, after: Record) -> Iterator[ResponseChanged]:
    known = {response.id: response for response in before.responses} if before is not None else {}
    for response in after.responses:
        earlier = known.get(response.id)
        what = "added" if earlier is None else _difference(earlier, response)
        if what:
            yield ResponseChanged(response=response.id, what=what)


def _difference(earlier: Response, response: Response) -> str:
    if earlier.status is not response.status:
        return response.status.value
    if earlier.versions[earlier.current] != response.versions[response.current]:
        return "revised"
    if earlier.supplements != response.supplements:
        return "supplemented"
    same = (earlier.respondent, earlier.answers, earlier.general, earlier.co_signatories, earlier.language)
    if same != (response.respondent, response.answers, response.general, response.co_signatories, response.language):
        return "corrected"
    return ""
