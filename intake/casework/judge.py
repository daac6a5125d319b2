"""Judge: the sets of cases and rulings to the record of a round. Pure; the order in which they are given cannot matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from intake.casework.campaigns import clusters
from intake.casework.counting import count
from intake.casework.drafts import Case, Draft, DraftVersion, Placed
from intake.casework.fold import fold
from intake.casework.known import Directory
from intake.casework.settle import Standing, apply_rulings, calendar_of, detach, mark_overlaps, response_of
from intake.casework.state import State
from intake.model.record import Action, Campaign, Filed, LetterDue, Record, Ruling, Status
from intake.model.round import Round
from intake.model.verdict import Disposition, KnownRespondent

__all__ = ["Case", "judge"]

_MAKES_ONE = (Action.COUNT, Action.ASSIGN, Action.ACCEPT_LATE, Action.CONFIRM)


def judge(consultation: Round, cases: Sequence[Case], rulings: Sequence[Ruling], known: Sequence[KnownRespondent] = ()) -> Record:
    """The record. Each message is in exactly one disposition; responses, versions and counts depend on the sets alone.

    `known`: respondents that people confirmed in other rounds, or that a directory names; proposed with that source.

    `counts_before_decisions` and each response's `status_before_decisions` are those of the record without any ruling.
    """
    directory = Directory(known)
    once = [directory.proposed(case) for case in _once(cases)]
    found = clusters(once, consultation.campaign)
    before = _judge(consultation, once, found, ())
    if not rulings:
        return before
    statuses = {item.id: item.status for item in before.responses}
    after = _judge(consultation, once, found, rulings)
    responses = tuple(replace(item, status_before_decisions=statuses.get(item.id, Status.HELD)) for item in after.responses)
    return replace(after, responses=responses, counts_before_decisions=before.counts)


def _once(cases: Sequence[Case]) -> list[Case]:
    """Each message once, its earliest delivery, in order of receipt."""
    earliest: dict[str, Case] = {}
    for case in sorted(
        cases, key=lambda item: (*item.order, item.arrival.internaldate, item.arrival.channel, item.arrival.sequence)
    ):
        earliest.setdefault(case.key, case)
    return list(earliest.values())


def _judge(consultation: Round, once: Sequence[Case], found: Sequence[tuple[str, ...]], rulings: Sequence[Ruling]) -> Record:
    deadline = _deadline(consultation, rulings)
    state = fold(once, deadline, {key: keys[0] for keys in found for key in keys})
    by_key = state.index.cases
    draft_of = _drafts_after_people(state, rulings, by_key, deadline)
    mark_overlaps(state.drafts, by_key)
    standings, labels = apply_rulings(rulings, draft_of)
    calendar = calendar_of(consultation, deadline)
    responses = tuple(
        response_of(draft, by_key, calendar, standings.get(draft.id) or Standing())
        for draft in sorted(state.drafts, key=lambda draft: (draft.received_at, draft.first))
    )
    filed = tuple(
        _filed(by_key[key], placed, draft_of.get(key), labels.get(key))
        for key, placed in sorted(state.placed.items(), key=lambda item: by_key[item[0]].order)
        if "#" not in key
    )
    campaigns = tuple(Campaign(id=f"c-{keys[0][:12]}", representative=keys[0], messages=keys) for keys in found)
    counts = count(consultation, filed, responses, sum(len(item.messages) for item in campaigns))
    return Record(
        round_id=consultation.id,
        filed=filed,
        responses=responses,
        campaigns=campaigns,
        counts=counts,
        counts_before_decisions=counts,
    )


def _deadline(consultation: Round, rulings: Sequence[Ruling]) -> datetime:
    """The deadline in force: the configured one, or the last extension that a person recorded."""
    deadline = consultation.dates.response_deadline
    undone = {str(ruling.set.get("ruling")) for ruling in rulings if ruling.action is Action.UNDO}
    for ruling in sorted(rulings, key=lambda item: (item.at, item.id)):
        if ruling.action is Action.EXTEND and ruling.id not in undone:
            deadline = datetime.fromisoformat(str(ruling.set["deadline"]))
    return deadline


def _drafts_after_people(
    state: State, rulings: Sequence[Ruling], cases: Mapping[str, Case], deadline: datetime
) -> dict[str, Draft]:
    """Which response each message belongs to, after people made responses of messages that had none, and split some off."""
    draft_of = dict(state.index.draft_of)
    undone = {str(ruling.set.get("ruling")) for ruling in rulings if ruling.action is Action.UNDO}
    for ruling in sorted(rulings, key=lambda item: (item.at, item.id)):
        key = ruling.message
        if ruling.id in undone or key not in cases:
            continue
        draft = draft_of.get(key)
        if draft is None and ruling.action in _MAKES_ONE:
            at = cases[key].received_at
            draft = Draft(first=key, received_at=at, versions=[DraftVersion(keys=[key], received_at=at, late=at > deadline)])
            state.drafts.append(draft)
            draft_of[key] = draft
            if state.placed[key].disposition in (Disposition.SPAM, Disposition.MISDIRECTED, Disposition.ENQUIRY):
                state.placed[key].disposition = Disposition.RESPONSE
        elif draft is not None and ruling.action is Action.SPLIT and key != draft.first:
            draft = detach(key, draft, cases, deadline)
            state.drafts.append(draft)
            draft_of[key] = draft
            state.placed[key].disposition = Disposition.RESPONSE
    return draft_of


def _filed(case: Case, placed: Placed, draft: Draft | None, label: str | None) -> Filed:
    letter = waiting = None
    refused = placed.no_letter
    if placed.waiting is not None and case.verdict.letter_to:
        waiting = LetterDue(kind=placed.waiting, to=case.verdict.letter_to, language=case.verdict.letter_language)
    if placed.letter is not None and case.verdict.letter_to:
        letter = LetterDue(kind=placed.letter, to=case.verdict.letter_to, language=case.verdict.letter_language)
    elif placed.letter is not None:
        refused = "there is no single address that a letter may go to"
    return Filed(
        key=case.key,
        disposition=Disposition(label) if label else placed.disposition,
        response=draft.id if draft is not None else None,
        why=placed.why,
        letter=letter,
        no_letter_because=refused,
        letter_waiting=waiting,
        findings=case.verdict.findings,
        same_as=placed.same_as,
        sameness=placed.sameness,
        held=case.arrival.reading.held,
    )
