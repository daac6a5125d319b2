"""Erase: by decision a message is forgotten. Its bytes, what was read from them and the words of decisions go; a tombstone stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec
from msgspec import Struct

from intake.casework.drafts import Case
from intake.errors import BadUsage
from intake.model.ledger import Tombstone
from intake.model.mail import Part, Reading
from intake.model.record import Action, Response
from intake.model.round import Round
from intake.pipeline.cases import cases_of
from intake.pipeline.judge import judge_round
from intake.pipeline.office import Office
from intake.pipeline.order_mail import settled
from intake.pipeline.rebuild import UNFINISHED, settle_erasures

ASKED = "erasure.asked:"
PASSAGE_WORDS = 8
"""A passage is known again by so many words at its beginning."""
SHORTEST_BYTES = 5
"""Of a name, in UTF-8: shorter ones stand by chance in any text."""


class Asked(Struct, frozen=True, kw_only=True):
    """An erasure that one officer asked for and that waits for another."""

    by: str
    reason: str
    keys: tuple[str, ...]


class Erased(Struct, frozen=True, kw_only=True):
    """What went. `second` is "" where one officer is enough."""

    round_id: str
    messages: tuple[str, ...]
    letters: int
    rulings: int
    by: str
    second: str


def ask(office: Office, consultation: Round, keys: Sequence[str], by: str, reason: str) -> Asked | None:
    """With two officers: the first one's word is kept and None given; the second one's gives the first's to carry out.

    Raises BadUsage when the same officer comes twice."""
    name = f"{ASKED}{consultation.id}:{min(keys)}"
    known = office.ledger.setting(name)
    if known is None:
        office.ledger.put_setting(name, msgspec.json.encode(Asked(by=by, reason=reason, keys=tuple(sorted(keys)))).decode())
        return None
    asked = msgspec.json.decode(known, type=Asked)
    if asked.by == by:
        raise BadUsage(f"{by} has asked for this erasure; another officer has to agree")
    if asked.keys != tuple(sorted(keys)):
        office.ledger.put_setting(name, None)
        raise BadUsage("the response has other messages now than when its erasure was asked for; ask again")
    office.ledger.put_setting(name, None)
    return asked


class Quoted(Struct, frozen=True, kw_only=True):
    """Messages that say what is to be forgotten. `orders`: officers' own mails and sheets, which go with it; `others`: about which an
    officer has to decide: another response may name the same body."""

    orders: tuple[str, ...]
    others: tuple[str, ...]


def quoting(office: Office, consultation: Round, keys: Sequence[str]) -> Quoted:
    """Where else the names of a response, its sender's address or the beginning of one of its passages stand; and the officers' mails whose
    decisions are about it."""
    cases = cases_of(office, consultation)
    record = judge_round(office, consultation)
    orders = settled(office, consultation)
    needles = _needles([item for item in record.responses if set(keys) & set(item.messages)], cases, keys)
    about = {ruling.set.get("via") for ruling in office.ledger.rulings(consultation.id) if ruling.message in keys}
    brought = {str(via).partition(":")[2] for via in about if via}
    found = []
    for case in cases:
        if case.key not in keys:
            text = _squeezed("\n".join(_texts(case.arrival.reading)))
            if case.key in brought or any(needle in text for needle in needles):
                found.append(case.key)
    return Quoted(orders=tuple(key for key in found if key in orders), others=tuple(key for key in found if key not in orders))


def _needles(responses: Sequence[Response], cases: Sequence[Case], keys: Sequence[str]) -> set[str]:
    words: list[str] = []
    for item in responses:
        who = item.respondent
        words += [who.organization or "", who.person or "", *item.co_signatories]
        passages = [passage for _, answer in item.answers for passage in answer.passages]
        passages += [passage for _, passage in (*item.general, *item.unmapped)]
        words += [
            " ".join(passage.text.split()[:PASSAGE_WORDS]) for passage in passages if len(passage.text.split()) >= PASSAGE_WORDS
        ]
    for case in cases:
        if case.key in keys:
            words += [sender.address for sender in case.arrival.reading.from_]
    return {needle for word in words if len((needle := _squeezed(word)).encode()) >= SHORTEST_BYTES}


def _squeezed(text: str) -> str:
    return " ".join(text.casefold().split())


def _texts(reading: Reading) -> Iterator[str]:
    yield reading.subject
    yield reading.text
    yield from (sender.address for sender in reading.from_)
    yield from _texts_of_parts(reading.parts)


def _texts_of_parts(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        yield part.text
        yield part.name or ""
        yield from _texts_of_parts(part.children)


def erase(
    office: Office, consultation: Round, keys: Sequence[str], *, by: str, second: str, reason: str, derived: Callable[[], None]
) -> Erased:
    """Erase these messages for good. `derived` takes away the files that were made of them. Every start completes it."""
    rulings = [item for each in office.rounds for item in office.ledger.rulings(each.id)]
    about = {item.id for item in rulings if item.message in keys}
    about |= {item.id for item in rulings if item.action is Action.UNDO and item.set.get("ruling") in about}
    stones = []
    for key in sorted(keys):
        stone = Tombstone(
            round_id=consultation.id,
            key=key,
            at=office.now(),
            by=by,
            second=second,
            reason=reason,
            letters=office.ledger.letters_about(consultation.id, key),
            rulings=tuple(sorted(about)),
        )
        stones.append(office.vault.keep_tombstone(stone))
    settle_erasures(office.vault, office.ledger)
    finish(office, derived)
    return Erased(
        round_id=consultation.id,
        messages=tuple(sorted(keys)),
        letters=len({letter.id for stone in stones for letter in stone.letters}),
        rulings=len(about),
        by=by,
        second=second,
    )


def finish(office: Office, derived: Callable[[], None]) -> None:
    """The record without what was erased, no file made of it, no page of the ledger that still holds it."""
    if office.ledger.setting(UNFINISHED) is None:
        return
    office.cases.clear()
    office.shelves.clear()
    for each in office.rounds:
        office.forget(each.id, "")
        judge_round(office, each)
    derived()
    office.vault.keep_journal(office.ledger.journal_entries(office.vault.journal_seq()))
    office.ledger.squeeze()
    office.ledger.put_setting(UNFINISHED, None)
