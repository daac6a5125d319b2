"""The outcome letter by mail alone: an officer gives its words, is shown the letters as they would go, and lets them go. Words that are
given again take the place of those before; once a letter went, or waits, no others are taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from intake.casework.force import standing as in_force
from intake.digest.tasks import state_of
from intake.errors import BadUsage
from intake.model.edition import DigestItem
from intake.model.ledger import OutboxState, Outgoing
from intake.model.record import Action, LetterKind, Ruling
from intake.model.round import LANGUAGES, Round
from intake.pipeline.calendar import standing
from intake.pipeline.notices import outcome_letters
from intake.pipeline.office import Office

ACT = "outcome"
GIVEN = "outcome_words"
"""Kind of the matter that words are given and wait."""
_TONGUE = re.compile(rf"\[({'|'.join(LANGUAGES)})\]", re.IGNORECASE)


def words_in(text: str) -> dict[str, tuple[str, ...]]:
    """Language -> paragraphs of "The group took note. [fr] Le groupe a pris note.": before the first mark English. Two strokes || part
    paragraphs."""
    pieces = _TONGUE.split(text)
    told = [("en", pieces[0]), *zip((mark.lower() for mark in pieces[1::2]), pieces[2::2], strict=True)]
    found: dict[str, tuple[str, ...]] = {}
    for language, piece in told:
        paragraphs = tuple(filter(None, (part.strip() for part in piece.split("||"))))
        if paragraphs:
            found[language] = found.get(language, ()) + paragraphs
    return found


def outcome_items(office: Office, consultation: Round) -> Iterator[DigestItem]:
    """From the first day of the group's meeting on, until letters are made: that words may be given."""
    revisions = office.ledger.revisions(consultation.id)
    held = standing(office, consultation)
    today = office.now().astimezone(ZoneInfo(held.time_zone)).date()
    if revisions and today >= held.dates.group_meeting_start and not _made(office, consultation):
        yield DigestItem(
            kind=ACT, number=f"Rev. {revisions[-1].number}", name="", because="", acts=(ACT,), item=f"{ACT}:{consultation.id}",
            command="intake --by NAME notify outcome --words outcome.toml", state=state_of(),
        )  # fmt: skip


def given_items(office: Office, consultation: Round) -> Iterator[DigestItem]:
    """The words that were given last, and wait for a person's word."""
    ruling = _given(office, consultation)
    if ruling is not None and not _made(office, consultation):
        yield DigestItem(
            kind=GIVEN, number="", name=ruling.by, because="", acts=("approve", "show"), item=f"{GIVEN}:{ruling.id}",
            command="intake --by NAME notify outcome --words outcome.toml", state=state_of(ruling.id),
        )  # fmt: skip


def outcome_drafts(office: Office, consultation: Round, about: str = "") -> tuple[Outgoing, ...]:
    """The letters with the words given last, as they would go; nothing where none are given, or others than `about` names. What would
    wait for a person goes out: he has just said so."""
    ruling = _given(office, consultation)
    if ruling is None or about not in ("", f"{GIVEN}:{ruling.id}"):
        return ()
    try:
        letters = outcome_letters(office, consultation, words_in(str(ruling.set.get("words", ""))), office.cited(consultation.id))
    except BadUsage:  # the revision is not there any more
        return ()
    return tuple(_let_go(letter, ruling.by) for letter in letters)


def _let_go(letter: Outgoing, by: str) -> Outgoing:
    if letter.state is not OutboxState.WAITING_APPROVAL:
        return letter
    return replace(letter, state=OutboxState.QUEUED, reason=f"approved by {by}")


def _given(office: Office, consultation: Round) -> Ruling | None:
    found = [
        ruling for ruling in in_force(office.ledger.rulings(consultation.id))
        if ruling.action is Action.ERRAND and ruling.set.get("act") == ACT
    ]  # fmt: skip
    return found[-1] if found else None


def _made(office: Office, consultation: Round) -> bool:
    return any(letter.kind == LetterKind.OUTCOME.value for letter in office.ledger.letter_heads(consultation.id, ()))
