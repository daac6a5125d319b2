"""Errands: an officer's word that is no decision about a response: letters go, are shown or are asked for. Each is kept as a ruling like
a decision, so that its token is spent, a rebuild knows of it, and it is the same by command, by sheet and by answer."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Sequence

from intake.model.ledger import OutboxState, Outgoing
from intake.model.record import Action, Ruling
from intake.model.round import Round
from intake.pipeline.matters import WAITING_LETTERS
from intake.pipeline.notices import chase_letters, publication_letters, queue
from intake.pipeline.office import Office
from intake.pipeline.outcome import ACT, GIVEN, outcome_drafts
from intake.pipeline.rulings import Fields, record_ruling

ERRANDS = ("approve", "show", "ask", "prepare", "tell", ACT)
"""Acts that are errands."""
AT_ONCE = ("approve", "show", "ask", "tell", ACT)
"""Those that are done when they are ordered; the others are a child's work (`releasing.py`)."""


def order_errand(
    office: Office, consultation: Round, act: str, about: str, by: str, reason: str, marks: Fields, identity: str = ""
) -> Ruling:
    """Keep that somebody asked for it. `about`: the matter, as a digest names it."""
    return record_ruling(office, consultation.id, Action.ERRAND, "", by, reason, {"act": act, "about": about, **marks}, identity)


def run_errand(office: Office, consultation: Round, ruling: Ruling) -> tuple[str, ...]:
    """Do at once what it asks for; done again it does nothing more. Gives the ids of the letters that it moved, made or is to show."""
    act, about = str(ruling.set["act"]), str(ruling.set["about"])
    if act == ACT or about.startswith(f"{GIVEN}:"):
        drafts = outcome_drafts(office, consultation, about if act != ACT else "")
        return _queued(office, drafts) if act == "approve" else tuple(letter.id for letter in drafts)
    if act == "approve":
        ids = _letters_of(office, consultation, about)
        office.ledger.move_letters(ids, OutboxState.QUEUED, reason=f"approved by {ruling.by}", at=office.now())
        return tuple(ids)
    if act == "show":
        return tuple(_letters_of(office, consultation, about))
    if act == "ask":
        _, response, reason, message = about.split(":")
        wanted = f":chase:{reason}:{message[:16]}:{response}"
        return _queued(office, [item for item in chase_letters(office, consultation, response) if item.id.endswith(wanted)])
    if act == "tell":
        return _queued(office, publication_letters(office, consultation))
    return ()


def _letters_of(office: Office, consultation: Round, about: str) -> list[str]:
    """Ids of the letters that a matter means: one of them, or all of its kind up to the last that was shown."""
    kind, _, last = about.partition(":")
    heads = office.ledger.letter_heads(consultation.id, ())
    if kind == "letter":
        return [letter.id for letter in heads if letter.id == last and letter.state in WAITING_LETTERS.values()]
    place = next((place for place, letter in enumerate(heads) if letter.id == last), -1)
    return [letter.id for letter in heads[: place + 1] if letter.state is WAITING_LETTERS[kind]]


def _queued(office: Office, letters: Sequence[Outgoing]) -> tuple[str, ...]:
    return tuple(letter.id for letter in queue(office, letters))


def readable(raw: bytes) -> str:
    """To, subject and text of a letter as a person reads them; the octets are `letters show`'s."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    body = mail.get_body(("plain",))
    text = body.get_content().replace("\r\n", "\n") if body is not None else ""  # a terminal is shown no carriage return
    return f"To: {mail['To']}\nSubject: {mail['Subject']}\n\n{text}\n"
