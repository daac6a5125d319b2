"""The fold over all messages of a round, in order of receipt: each is placed once, by what came before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from msgspec.structs import replace

from intake.casework.contents import place_part, place_response, place_revision, place_supplement
from intake.casework.drafts import Case, Placed, says_nothing
from intake.casework.notes import (
    place_campaign,
    place_copy,
    place_correspondence,
    place_endorsement,
    place_enquiry,
    place_machine,
    place_withdrawal,
)
from intake.casework.state import State
from intake.model.record import LetterKind
from intake.model.verdict import Disposition

MACHINES = (Disposition.BOUNCE, Disposition.AUTO_REPLY, Disposition.SPAM)
_CLAIMING = (Disposition.WITHDRAWAL, Disposition.ENDORSEMENT, Disposition.ENQUIRY, Disposition.CORRESPONDENCE)
_TALK = (Disposition.ENQUIRY, Disposition.CORRESPONDENCE, Disposition.MISDIRECTED)
_HANDLERS: dict[Disposition, Callable[[State, Case], Placed]] = {
    Disposition.WITHDRAWAL: place_withdrawal,
    Disposition.ENDORSEMENT: place_endorsement,
    Disposition.PART: place_part,
    Disposition.REVISION: place_revision,
    Disposition.SUPPLEMENT: place_supplement,
    Disposition.ENQUIRY: place_enquiry,
    Disposition.CORRESPONDENCE: place_correspondence,
}


def fold(cases: Sequence[Case], deadline: datetime, campaign_of: dict[str, str]) -> State:
    """The state after all messages. The order in which they are given cannot matter."""
    state = State(deadline=deadline, campaign_of=campaign_of)
    for case in _in_order(cases):
        for one in _postings(state, case):
            placed = _place(state, one)
            if placed.letter is not None and one.doubtful:
                placed.letter, placed.waiting = None, placed.letter
                placed.no_letter = "our own host could not authenticate the sender; a person decides"
            state.placed[one.key] = placed
            state.index.note(one, placed.draft)
    return state


def _in_order(cases: Sequence[Case]) -> list[Case]:
    """In order of receipt; the list's delivery of a mail that came to the address as well stands directly behind it."""
    direct: dict[tuple[str, str], datetime] = {}
    for case in sorted(cases, key=lambda case: case.order, reverse=True):
        if case.message_id and not case.verdict.signals.list_post and not case.doubtful:
            direct[_twin(case)] = case.order[0]

    def when(case: Case) -> tuple[datetime, bool, str]:
        received, key = case.order
        if case.verdict.signals.list_post and case.message_id and _twin(case) in direct:
            return (max(received, direct[_twin(case)]), True, key)
        return (received, False, key)

    return sorted(cases, key=when)


def _twin(case: Case) -> tuple[str, str]:
    """The same mail by two ways: one Message-ID of one author."""
    return (case.message_id or "", case.verdict.author)


def _postings(state: State, case: Case) -> Iterator[Case]:
    """The message itself; of a list digest the postings that it brings first, the new ones before those that are known."""
    if not case.verdict.posts:
        yield case
        return
    posts = [Case(arrival=case.arrival, verdict=post.verdict, post=post) for post in case.verdict.posts]
    new = [one for one in posts if state.index.earlier_same(one) is None and one.verdict.disposition not in MACHINES]
    if not new:
        yield posts[0]
        return
    for number, one in enumerate(sorted(new, key=_is_talk)):
        yield replace(one, number=number)


def _is_talk(case: Case) -> bool:
    """A posting that brings no text of its own to the consultation: the digest is named for one that does."""
    return case.verdict.disposition in _TALK or (case.verdict.disposition is Disposition.RESPONSE and says_nothing(case))


def _place(state: State, case: Case) -> Placed:
    disposition = case.verdict.disposition
    if case.key in state.campaign_of:
        return place_campaign(state, case)
    if disposition in MACHINES:
        return place_machine(state, case)
    if disposition is Disposition.MISDIRECTED:
        return Placed(Disposition.MISDIRECTED, None, "meant for another procedure", letter=LetterKind.MISDIRECTED)
    same = state.index.earlier_same(case)
    if same is not None and same[1] == "copy" and same[0] in state.index.draft_of and disposition not in _CLAIMING:
        return place_copy(state, case, same[0])
    handler = _HANDLERS.get(disposition, place_response)
    if disposition is Disposition.RESPONSE and says_nothing(case):
        handler = place_correspondence
    placed = handler(state, case)
    if same is not None and same[1] == "new_text_old_id":
        placed.same_as, placed.sameness = same
    return placed
