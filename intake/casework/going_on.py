"""The record with a few messages more, made from what the fold kept (casework.kept) and not from all messages again.

Exact or not at all: where a new message would change what became of an earlier one (it was received before another that is placed, a
campaign begins, the address's delivery of a mail comes after the list's), StartAnewError is raised and the round is judged from its first
message on. A property holds the two to each other (tests/property/test_going_on.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from intake.casework.campaigns import candidates
from intake.casework.counting import added, count
from intake.casework.drafts import Aside, Case, Draft, id_of, texts_of
from intake.casework.fold import Place, in_order, is_direct, is_sent, place_next, twin_of
from intake.casework.force import subject_of
from intake.casework.groups import Groups, StartAnewError
from intake.casework.judge import AFTER, BEFORE, MAKES_ONE, drafts_after_people, filed_of, labelled
from intake.casework.kept import Fetch, Kept
from intake.casework.known import Directory
from intake.casework.linking import FEW
from intake.casework.personal import own_text
from intake.casework.settle import calendar_of, response_of, status_before
from intake.casework.standing import Standing, apply_rulings, closings, labels_of
from intake.casework.state import Closing, State
from intake.casework.timetable import in_force
from intake.model.record import Action, Counts, Filed, Response, Ruling, Status
from intake.model.round import Round
from intake.model.verdict import Disposition, KnownRespondent


class Reached(Struct, frozen=True, kw_only=True):
    """How far a fold has come: the place and the order of its last message, and how many texts are in each variant's groups."""

    place: Place | None = None
    order: tuple[datetime, str] | None = None
    texts: dict[str, int] = {}


@dataclass(frozen=True)
class Grown:
    """What new messages come to. `filed` in order of receipt; `responses`: new ones, and those that may have changed; `joined`: (first
    mail of the campaign, mail) of campaign mails; `before`: the counts without any decision; `rows`: what is kept
    now; `common`: the text that a campaign's mails have in common, by the key of its first; `campaign_of`: the first mail of the campaign of
    any of its mails; `bearing`: earlier messages that bear the
    same Message-IDs."""

    filed: tuple[Filed, ...]
    responses: tuple[Response, ...]
    joined: tuple[tuple[str, str], ...]
    before: Counts | None
    rows: dict[bytes, bytes]
    reached: Reached
    common: Callable[[str], str]
    campaign_of: Callable[[str], str]
    bearing: tuple[str, ...]


@dataclass
class _Fold:
    """One variant with the new messages in it."""

    kept: Kept
    state: State
    labels: Mapping[str, Disposition]
    deadline: datetime
    groups: Groups
    place: Place | None
    touched: list[Draft] = field(default_factory=list)
    rows: dict[bytes, bytes] = field(default_factory=dict)

    @property
    def joined(self) -> list[tuple[str, str]]:
        """Campaign mails among the new ones."""
        placed = self.state.placed
        return [(first, key) for key, first in self.state.campaign_of.items() if placed[key].disposition is Disposition.CAMPAIGN]


def go_on(
    consultation: Round,
    new: Sequence[Case],
    rulings: Sequence[Ruling],
    known: Sequence[KnownRespondent],
    aside: Mapping[str, Aside],
    *,
    reached: Reached,
    before: Counts,
    fetch: Fetch,
    load: Callable[[str], Case | None],
    decided: bool = False,
) -> Grown:
    """The record's growth by these messages, none of which was there. `aside`: of the new ones; `before`: the counts without decisions;
    `fetch`: a row that was kept; `load`: a message without its words; `decided`: some of the rulings are new (`same_fold`). Raises
    StartAnewError."""
    directory = Directory(known)

    def loaded(key: str) -> Case | None:
        case = load(key)
        return None if case is None else directory.proposed(case)

    cases = [directory.proposed(case) for case in new]
    plain = _folded(consultation, cases, (), aside, reached, fetch, loaded)
    told = _folded(consultation, cases, rulings, aside, reached, fetch, loaded) if rulings else plain
    return Grown(
        filed=tuple(_filed(told, cases)),
        responses=_responses(consultation, plain, told, rulings, decided=decided),
        joined=tuple(told.joined),
        before=_counts_before(consultation, plain, cases, before) if rulings else None,
        rows={**plain.rows, **told.rows},
        common=lambda key: told.kept.cases[key].told("own text", own_text),
        campaign_of=told.groups.campaign_of,
        bearing=tuple(
            key for case in cases for key in told.kept.index.by_message_id.get(case.message_id or "", ()) if key != case.key
        ),
        reached=Reached(
            place=told.place,
            order=max((case.order for case in cases), default=reached.order),
            texts={"0": plain.groups.count} | ({"1": told.groups.count} if rulings else {}),
        ),
    )


def same_fold(
    consultation: Round, old: Sequence[Ruling], now: Sequence[Ruling], reached: Reached, draft_of: Callable[[str], bool]
) -> bool:
    """Whether decisions that were added leave every message where it was placed: they label none, make or split no response, close none
    at a time before the last message, and move no deadline. `draft_of`: whether a message has a response."""
    known = {ruling.id for ruling in old}
    if not known <= {ruling.id for ruling in now} or labels_of(old) != labels_of(now) or reached.order is None:
        return False
    by_id = {ruling.id: ruling for ruling in now}
    concerned = [ruling for ruling in now if ruling.id not in known]
    concerned += [by_id[name] for ruling in concerned if (name := str(ruling.set.get("ruling"))) in by_id]
    if any(ruling.action in (Action.SPLIT, Action.EXTEND) for ruling in concerned):
        return False
    if any(ruling.action in MAKES_ONE and not draft_of(subject_of(ruling)) for ruling in concerned):
        return False
    last = reached.order[0]

    def earlier(rulings: Sequence[Ruling]) -> dict[str, list[Closing]]:
        found = {key: [one for one in some if one.at < last] for key, some in closings(rulings).items()}
        return {key: some for key, some in found.items() if some}

    return earlier(old) == earlier(now) and in_force(consultation, old).last_moment == in_force(consultation, now).last_moment


def reached_by(state: State, alike: Sequence[Case]) -> Reached:
    """How far a fold came that began with the first message; its texts under the name ""."""
    every = [case for case in state.index.cases.values() if case.key in state.placed]
    return Reached(
        place=max(place for place, _ in in_order(every)),
        order=max(case.order for case in every),
        texts={"": len(candidates(alike))},
    )


def _folded(
    consultation: Round,
    new: Sequence[Case],
    rulings: Sequence[Ruling],
    aside: Mapping[str, Aside],
    reached: Reached,
    fetch: Fetch,
    load: Callable[[str], Case | None],
) -> _Fold:
    labels, variant = labels_of(rulings), AFTER if rulings else BEFORE
    if Disposition.CAMPAIGN in labels.values() or {subject_of(ruling).partition("#")[0] for ruling in rulings} & {
        one.key for one in new
    }:
        raise StartAnewError("a decision about a campaign, or about a mail that comes only now")
    kept = Kept(fetch, variant, load, lambda case: labelled(case, labels))
    turn = _turn(kept, new, reached)
    for case in (*new, *texts_of(new)):
        kept.cases[case.key] = case
    groups = kept.groups(consultation.campaign, reached.texts.get(variant.decode(), reached.texts["0"]))
    alike = texts_of(sorted(new, key=lambda case: case.order), aside)
    deadline = in_force(consultation, rulings).last_moment
    for case in new:
        if is_sent(case) and case.message_id:
            kept.sent.add((case.message_id, case.content_hash))
    state = State(
        deadline=deadline,
        campaign_of={case.key: first for case in alike if (first := groups.add(case))},
        aside=aside,
        index=kept.index,
        campaign_people=kept.people,
        closings=closings(rulings),
        sent=kept.sent,
    )
    for _, case in turn:
        place_next(state, case)
    if any("#" in key for key in state.campaign_of):
        raise StartAnewError("a digest brings a campaign's mails")
    for draft in state.drafts:
        kept.rows.know(draft)
        kept.overlaps.add(draft, kept.cases)
    made = _Fold(
        kept=kept, state=state, labels=labels, deadline=deadline, groups=groups, place=turn[-1][0] if turn else reached.place
    )
    made.rows, made.touched = kept.rows.changed()
    return made


def _turn(kept: Kept, new: Sequence[Case], reached: Reached) -> list[tuple[Place, Case]]:
    """The new messages in their order. Raises StartAnewError where one belongs before another that is placed."""
    if len({case.key for case in new}) != len(new):
        raise StartAnewError("a message stands there twice")
    earlier: dict[tuple[str, str], datetime] = {}
    for case in new:
        others = [kept.cases[key] for key in _bearing(kept, case)]
        if is_sent(case) and case.message_id and (others or sum(one.message_id == case.message_id for one in new) > 1):
            raise StartAnewError("an officer's own mail of which another copy is known")
        if case.verdict.signals.list_post and (case.message_id, case.content_hash) in kept.sent:
            raise StartAnewError("the list's delivery of an officer's own mail")
        twins = [one for one in others if twin_of(one) == twin_of(case)]
        if is_direct(case) and any(one.verdict.signals.list_post for one in twins):
            raise StartAnewError("a mail of which the list's delivery is placed")
        for one in twins:
            if is_direct(one):
                earlier[twin_of(one)] = min(earlier.get(twin_of(one), one.order[0]), one.order[0])
    ordered = in_order(new, earlier)
    if not ordered:
        return []
    if reached.place is not None and ordered[0][0] <= reached.place:
        raise StartAnewError("received before another that is placed")
    if reached.order is not None and min(case.order for case in new) <= reached.order:
        raise StartAnewError("received before another that is placed")
    return ordered


def _bearing(kept: Kept, case: Case) -> list[str]:
    """Messages that bear the same Message-ID."""
    known = kept.index.by_message_id.get(case.message_id or "", [])
    if len(known) >= FEW:
        raise StartAnewError("a Message-ID of many mails")
    return known


def _filed(told: _Fold, cases: Sequence[Case]) -> Iterator[Filed]:
    for case in sorted(cases, key=lambda case: case.order):
        yield filed_of(case, told.state, told.state.index.draft_of, told.labels)


def _responses(
    consultation: Round, plain: _Fold, told: _Fold, rulings: Sequence[Ruling], *, decided: bool
) -> tuple[Response, ...]:
    """The responses that may have changed, after people's decisions, in the record's order."""
    state, cases = told.state, told.kept.cases
    by_mail = len(state.drafts)
    draft_of = drafts_after_people(state, rulings, told.labels, told.deadline)
    by_people = state.drafts[by_mail:]
    for draft in by_people:
        told.kept.overlaps.add(draft, cases)
    standings = apply_rulings(rulings, draft_of)
    wanted = {draft.first: draft for draft in (*told.touched, *by_people)}
    for key in (*state.placed, *(map(subject_of, rulings) if decided else ())):
        if (own := draft_of.get(key)) is not None:
            wanted[own.first] = own
    for draft in plain.touched if rulings else ():
        if draft.first not in wanted and (there := told.kept.rows.find(draft.first)) is not None:
            wanted[there.first] = there
    named = {draft.id: draft for draft in by_people}
    for draft in list(wanted.values()):  # what it was merged into is told with it: that one may bear an older name
        name = (standings.get(draft.id) or Standing()).merged_into
        target = (named.get(name) or told.kept.index.by_name.get(name)) if name else None
        if target is not None:
            wanted[target.first] = target
    calendar = calendar_of(consultation, told.deadline)
    found = [
        response_of(draft, cases, calendar, standings.get(draft.id) or Standing())
        for draft in sorted(wanted.values(), key=lambda draft: (draft.received_at, draft.first))
    ]
    if not rulings:
        return tuple(found)
    statuses = {id_of(first): _status_of(plain, first) for first in wanted}
    return tuple(_with_status(item, statuses[item.id]) for item in found)


def _status_of(plain: _Fold, first: str) -> Status:
    draft = plain.kept.rows.find(first)
    return Status.HELD if draft is None else status_before(draft, plain.kept.cases, plain.deadline)


def _with_status(item: Response, status: Status) -> Response:
    return item if item.status_before_decisions is status else replace(item, status_before_decisions=status)


def _counts_before(consultation: Round, plain: _Fold, cases: Sequence[Case], before: Counts) -> Counts:
    """The counts without any decision, with the new messages in them."""
    calendar = calendar_of(consultation, plain.deadline)
    filed = list(_filed(plain, cases))
    now = [response_of(draft, plain.kept.cases, calendar, Standing()) for draft in plain.touched]
    old = [draft for one in plain.touched if (draft := plain.kept.rows.draft_before(one.first)) is not None]
    then = [response_of(draft, plain.kept.cases, calendar, Standing()) for draft in old]
    grown = count(consultation, filed, now, len(plain.joined))
    return added(added(before, grown), count(consultation, (), then, 0), less=True)
