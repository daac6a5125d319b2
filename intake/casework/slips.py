"""Where a slip belongs (a row of a form, a letter on paper), and officers' own mail."""

from __future__ import annotations

from intake.casework.contents import join, other_body, place_new, place_twin
from intake.casework.drafts import Case, Draft, Placed
from intake.casework.sameness import said_by, same_again
from intake.casework.state import State
from intake.model.verdict import Disposition, OfSlip

_UNPROVEN = "adds under an address that the form did not prove; a person decides"


def place_slip(state: State, case: Case) -> Placed:
    """The next state of its own entry, what an officer says it belongs to, a copy of what came by another channel, or a response."""
    slip = case.verdict.slip
    assert slip is not None
    own = state.index.by_person.get(slip.id)
    if own:
        last = next(reversed(own.values()))
        if state.closed_before(last, case):
            return place_new(state, case, last)
        return state.add_version(case, last, "the entry says something else now", doubtful=not _alone(state, last, slip))
    told = state.index.draft_of.get(slip.belongs_to)
    if told is not None:
        return join(state, case, told) or state.add_supplement(case, told, "an officer says that it belongs to the response")
    draft = state.index.of_sender(case)
    if draft is not None and state.closed_before(draft, case):
        return place_new(state, case, draft)
    if draft is None or other_body(state, case, draft):
        return place_twin(state, case) or place_new(state, case)
    if not slip.vouched:
        return _unproven(state, case, draft)
    return join(state, case, draft) or place_twin(state, case) or place_new(state, case)


def _alone(state: State, draft: Draft, slip: OfSlip) -> bool:
    """Whether a new state of this entry may stand by itself: proven, or nobody else has said anything in this response."""
    leads = (state.index.cases[version.keys[0]].verdict.slip for version in draft.versions)
    return slip.vouched or all(lead is not None and lead.id == slip.id for lead in leads)


def _unproven(state: State, case: Case, draft: Draft) -> Placed:
    """An address that the form did not prove grants nothing: other words under it wait for a person; the same words need nobody."""
    mine, theirs = said_by(case), said_by(state.current(draft))
    if mine and mine == theirs:
        return same_again(state.current(draft), case, draft, "the same answers by another channel")
    if mine and not set(mine) & set(theirs) and theirs:
        return state.add_supplement(case, draft, _UNPROVEN, doubtful=True)
    return state.add_version(case, draft, _UNPROVEN, doubtful=True)


def place_sent(state: State, case: Case) -> Placed:
    """An officer's own mail belongs to the response that it answers, else to that of its recipient; it is never answered."""
    draft = state.index.of_letter(case, "is") or state.index.thread(case) or state.index.of_recipients(case)
    if draft is None:
        return Placed(
            Disposition.CORRESPONDENCE, None, "an officer's own mail; no response is known that it answers", no_letter=_OURS
        )
    draft.others.append(case.key)
    draft.sent.append(case.key)
    return Placed(Disposition.CORRESPONDENCE, draft, "an officer's own mail about the response", no_letter=_OURS)


_OURS = "our own mail"
