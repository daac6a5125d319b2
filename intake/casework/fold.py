"""The fold over all messages of a round, in order of receipt: each is placed once, by what came before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from intake.casework.contents import place_new, place_note, place_part, place_response, place_revision, place_supplement
from intake.casework.drafts import Aside, Case, Placed, says_nothing, unfolded
from intake.casework.notes import (
    place_aside,
    place_campaign,
    place_copy,
    place_correspondence,
    place_endorsement,
    place_enquiry,
    place_machine,
    place_own_letter,
    place_told_copy,
    place_withdrawal,
)
from intake.casework.slips import place_sent, place_slip
from intake.casework.state import Closing, State
from intake.model.mail import ChannelKind
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


def fold(
    cases: Sequence[Case],
    deadline: datetime,
    campaign_of: dict[str, str],
    closings: Mapping[str, Sequence[Closing]] | None = None,
    aside: Mapping[str, Aside] | None = None,
) -> State:
    """The state after all messages. The order in which they are given cannot matter. `aside`: see judge."""
    sent = frozenset((case.message_id, case.content_hash) for case in cases if is_sent(case) and case.message_id)
    state = State(deadline=deadline, campaign_of=campaign_of, closings=closings or {}, aside=aside or {}, sent=sent)
    for _, case in in_order(cases):
        place_next(state, case)
    return state


def place_next(state: State, case: Case) -> None:
    """Place the message that comes next."""
    if case.verdict.posts and case.arrival.key not in state.aside:
        _settle_digest(state, case)
    else:
        _settle(state, case)


def _settle(state: State, case: Case) -> None:
    if case.label is None and (is_sent(case) or _is_ours(state, case)):
        placed = state.placed[case.key] = place_sent(state, case)
        state.index.note_sent(case, placed.draft)
        return
    placed = _place(state, case)
    if case.label is not None:
        placed.disposition = case.label
    if placed.letter is not None and case.doubtful:
        placed.letter, placed.waiting = None, placed.letter
        placed.no_letter = "our own host could not authenticate the sender; a person decides"
    state.placed[case.key] = placed
    state.index.note(case, placed.draft)


def is_sent(case: Case) -> bool:
    """Whether it is an officer's own mail."""
    return case.arrival.channel is ChannelKind.SENT


def _is_ours(state: State, case: Case) -> bool:
    """Whether it is the copy, in another folder, of an officer's own mail. One that brings something (an enclosed response, answers, a
    file) is looked at like any other: officers hand responses on, too."""
    verdict = case.verdict
    brings = verdict.answers or verdict.signals.forwarder or verdict.posts or verdict.attachments
    return (case.message_id, case.content_hash) in state.sent and not brings


Place = tuple[datetime, bool, str]


def in_order(cases: Sequence[Case], earlier: Mapping[tuple[str, str], datetime] | None = None) -> list[tuple[Place, Case]]:
    """In order of receipt, each with its place; the list's delivery of a mail that came to the address as well stands directly behind
    it. `earlier`: when such mails came that are not among these."""
    direct = dict(earlier or {})
    for case in sorted(cases, key=lambda case: case.order, reverse=True):
        if is_direct(case):
            direct[twin_of(case)] = min(case.order[0], (earlier or {}).get(twin_of(case), case.order[0]))

    def when(case: Case) -> Place:
        received, key = case.order
        if case.verdict.signals.list_post and case.message_id and twin_of(case) in direct:
            return (max(received, direct[twin_of(case)]), True, key)
        return (received, False, key)

    return sorted(((when(case), case) for case in cases), key=lambda item: item[0])


def is_direct(case: Case) -> bool:
    """Whether the list's delivery of the same mail would stand behind it."""
    return bool(case.message_id) and not case.verdict.signals.list_post and not case.doubtful


def twin_of(case: Case) -> tuple[str, str]:
    """The same mail by two ways: one Message-ID of one author."""
    return (case.message_id or "", case.verdict.author)


def _settle_digest(state: State, digest: Case) -> None:
    """Each posting by itself, those that bring a text first; what is known is a copy. The digest is named for the first of them."""
    posts = unfolded(digest)
    same = {one.key: state.index.earlier_same(one) for one in posts}
    new = [one for one in posts if same[one.key] is None and one.verdict.disposition not in MACHINES]
    chosen = sorted(new, key=lambda one: (_is_talk(one), one.key in state.campaign_of)) or list(posts[:1])
    for one in chosen:
        _settle(state, one)
    for one in posts:
        known = same[one.key]
        if known is None or one.key in state.placed:
            continue
        draft = state.index.draft_of.get(known[0])
        state.placed[one.key] = Placed(
            Disposition.COPY, draft, "known already", no_letter="a second delivery", same_as=known[0], sameness="copy"
        )
        if draft is not None:  # a decision about the posting goes on to the response that has it now
            state.index.draft_of[one.key] = draft
    first = chosen[0]
    state.placed[digest.key] = state.placed[first.key]
    state.index.cases[digest.key] = first
    if first.key in state.index.draft_of:
        state.index.draft_of[digest.key] = state.index.draft_of[first.key]


def _is_talk(case: Case) -> bool:
    """A posting that brings no text of its own to the consultation: the digest is named for one that does."""
    return case.verdict.disposition in _TALK or (case.verdict.disposition is Disposition.RESPONSE and says_nothing(case))


def _place(state: State, case: Case) -> Placed:
    disposition = case.label or case.verdict.disposition
    if case.label is None and case.post is None and any(item.how == "is" for item in case.arrival.ours):
        return place_own_letter(state, case)
    if case.label is None and case.arrival.key in state.aside:
        return place_aside(state, case)
    if case.key in state.campaign_of or case.label is Disposition.CAMPAIGN:
        return place_campaign(state, case)
    if case.verdict.slip is not None and case.label is None:
        return place_slip(state, case)
    if disposition in MACHINES:
        return place_machine(state, case, disposition)
    if disposition is Disposition.MISDIRECTED:
        return Placed(Disposition.MISDIRECTED, None, "meant for another procedure", letter=LetterKind.MISDIRECTED)
    same = state.index.earlier_same(case)
    if case.label is not None:
        return _as_told(state, case, case.label, same)
    if same is not None and same[1] == "copy" and same[0] in state.index.draft_of and disposition not in _CLAIMING:
        return place_copy(state, case, same[0])
    handler = _HANDLERS.get(disposition, place_response)
    if disposition is Disposition.RESPONSE and says_nothing(case):
        handler = place_note
    placed = handler(state, case)
    if same is not None and same[1] == "new_text_old_id":
        placed.same_as, placed.sameness = same
    return placed


def _as_told(state: State, case: Case, label: Disposition, same: tuple[str, str] | None) -> Placed:
    """A message as a person labelled it: a response stands by itself, a copy belongs to what it repeats, else to its sender's."""
    if label is Disposition.RESPONSE:
        return place_new(state, case)
    if label is Disposition.COPY:
        return place_told_copy(state, case, same[0] if same is not None else None)
    return _HANDLERS[label](state, case)
