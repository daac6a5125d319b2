"""Judge: the sets of cases and rulings to the record of a round. Pure; the order in which they are given cannot matter."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from intake.casework.campaigns import clusters
from intake.casework.counting import count
from intake.casework.drafts import Aside, Case, Draft, DraftVersion, of_message, similarity, texts_of
from intake.casework.fold import fold
from intake.casework.force import standing, subject_of
from intake.casework.known import Directory
from intake.casework.overlaps import Overlaps
from intake.casework.personal import campaign_of
from intake.casework.settle import calendar_of, response_of
from intake.casework.standing import Standing, apply_rulings, closings, detach, labels_of
from intake.casework.state import State
from intake.casework.timetable import in_force
from intake.model.record import Action, Filed, LetterDue, LetterKind, Posted, Record, Ruling, Status
from intake.model.round import Round
from intake.model.verdict import Disposition, KnownRespondent

__all__ = ["Case", "judge"]

CONTENT = (Disposition.RESPONSE, Disposition.REVISION, Disposition.SUPPLEMENT, Disposition.PART)
"""What a message may be called that makes a response."""
NOBODY = "there is no single address that a letter may go to"
NOTHING_ASIDE: Mapping[str, Aside] = {}
BEFORE, AFTER = b"0", b"1"
"""The two variants of a fold: without any decision, with all of them."""
Keep = Callable[[bytes, State, Overlaps, Sequence[Case]], None]
"""The variant, its state, what overlaps, and the mails that campaigns are looked for in."""
MAKES_ONE = (Action.COUNT, Action.ASSIGN, Action.ACCEPT_LATE, Action.CONFIRM)


def judge(
    consultation: Round,
    cases: Sequence[Case],
    rulings: Sequence[Ruling],
    known: Sequence[KnownRespondent] = (),
    aside: Mapping[str, Aside] = NOTHING_ASIDE,
    keep: Keep | None = None,
) -> Record:
    """The record. Each message is in exactly one disposition; responses, versions and counts depend on the sets alone.

    `known`: respondents that people confirmed in other rounds, or that a directory names; proposed with that source. `aside`: keys of
    mail that is part of the house's own work (an officer's order, a correction of a proof) and why: correspondence, never answered.

    `keep` is told of each state before people's responses are made (casework.going_on goes on from there).

    `counts_before_decisions` and each response's `status_before_decisions` are those of the record without any ruling.
    """
    directory = Directory(known)
    once = [directory.proposed(case) for case in _once(cases)]
    found = clusters(texts_of(once, aside), consultation.campaign)
    before = _judge(consultation, once, (), found, aside, keep)
    if not rulings:
        return before
    statuses = {item.id: item.status for item in before.responses}
    after = _judge(consultation, once, rulings, found, aside, keep)
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


def _judge(
    consultation: Round,
    once: Sequence[Case],
    rulings: Sequence[Ruling],
    found: Sequence[tuple[str, ...]],
    aside: Mapping[str, Aside],
    keep: Keep | None,
) -> Record:
    deadline = in_force(consultation, rulings).last_moment
    labels = labels_of(rulings)
    cases = [labelled(case, labels) for case in once]
    if any(case.label is not None for case in cases):
        found = _campaigns_as_told([case for case in cases if case.label is not None or case.key not in aside], consultation)
    state = fold(cases, deadline, {key: keys[0] for keys in found for key in keys}, closings(rulings), aside)
    by_key = state.index.cases
    overlaps = Overlaps()
    for draft in state.drafts:
        overlaps.add(draft, by_key)
    if keep is not None:
        keep(
            AFTER if rulings else BEFORE,
            state,
            overlaps,
            texts_of([case for case in cases if case.label is None], aside),
        )
    by_mail = len(state.drafts)
    draft_of = drafts_after_people(state, rulings, labels, deadline)
    for draft in state.drafts[by_mail:]:
        overlaps.add(draft, by_key)
    standings = apply_rulings(rulings, draft_of)
    calendar = calendar_of(consultation, deadline)
    responses = tuple(
        response_of(draft, by_key, calendar, standings.get(draft.id) or Standing())
        for draft in sorted(state.drafts, key=lambda draft: (draft.received_at, draft.first))
    )
    filed = tuple(filed_of(case, state, draft_of, labels) for case in sorted(cases, key=lambda case: case.order))
    campaigns = tuple(
        campaign_of(keys, by_key, consultation.campaign)
        for members in found
        if (keys := tuple(key for key in members if state.placed[key].disposition is Disposition.CAMPAIGN))
    )
    counts = count(consultation, filed, responses, sum(len(item.messages) for item in campaigns))
    return Record(
        round_id=consultation.id,
        filed=filed,
        responses=responses,
        campaigns=campaigns,
        counts=counts,
        counts_before_decisions=counts,
    )


def labelled(case: Case, labels: Mapping[str, Disposition]) -> Case:
    """With what a person said of it. A digest is named for a posting; what is said of it is said of its name alone."""
    label = labels.get(case.key)
    return case if label is None or case.verdict.posts else replace(case, label=label)


def _campaigns_as_told(cases: Sequence[Case], consultation: Round) -> list[tuple[str, ...]]:
    """The clusters, as people have them: without mails that are something else, with those that somebody put there."""
    found = [list(keys) for keys in clusters(texts_of([case for case in cases if case.label is None]), consultation.campaign)]
    by_key = {case.key: case for case in texts_of(cases)}
    for case in sorted(cases, key=lambda case: case.order):
        if case.label is Disposition.CAMPAIGN:
            near = [
                (similarity(case.verdict.minhash, by_key[keys[0]].verdict.minhash), -number) for number, keys in enumerate(found)
            ]
            _, number = max(near, default=(0.0, -len(found)))
            if not near:
                found.append([])
            found[-number].append(case.key)
    order = {key: case.order for key, case in by_key.items()}
    return sorted((tuple(sorted(keys, key=lambda key: order[key])) for keys in found), key=lambda keys: order[keys[0]])


def drafts_after_people(
    state: State, rulings: Sequence[Ruling], labels: Mapping[str, Disposition], deadline: datetime
) -> Mapping[str, Draft]:
    """Which response each message belongs to, after people made responses of messages that had none, and split some off."""
    draft_of, cases = ChainMap[str, Draft]({}, state.index.draft_of), state.index.cases
    for ruling in standing(rulings):
        key = subject_of(ruling)
        if key not in cases:
            continue
        key = cases[key].key  # of a digest: the posting that it is named for
        draft = draft_of.get(key)
        if draft is None and ruling.action in MAKES_ONE and labels.get(key, Disposition.RESPONSE) in CONTENT:
            at = cases[key].received_at
            draft = Draft(first=key, received_at=at, versions=[DraftVersion(keys=[key], received_at=at, late=at > deadline)])
        elif draft is not None and ruling.action is Action.SPLIT and key != draft.first:
            draft = detach(key, draft, cases, deadline)
        else:
            continue
        state.drafts.append(draft)
        draft_of[key] = draft_of[of_message(key)] = draft
        if labels.get(key) is None and key in state.placed:
            state.placed[key].disposition = Disposition.RESPONSE
    return draft_of


def filed_of(case: Case, state: State, draft_of: Mapping[str, Draft], labels: Mapping[str, Disposition]) -> Filed:
    """What became of one message."""
    placed, named = state.placed[case.key], state.index.cases[case.key]
    draft = draft_of.get(named.key)
    return Filed(
        key=case.key,
        disposition=labels.get(case.key, placed.disposition),
        response=draft.id if draft is not None else None,
        why=placed.why,
        letter=_due(placed.letter, named),
        no_letter_because=placed.no_letter or (NOBODY if placed.letter is not None and not named.verdict.letter_to else ""),
        letter_waiting=_due(placed.waiting, named),
        findings=named.verdict.findings,
        same_as=of_message(placed.same_as) if placed.same_as else None,
        sameness=placed.sameness,
        held=case.arrival.reading.held,
        ours=tuple(item.token for item in case.arrival.ours),
        postings=tuple(
            _posted(f"{case.key}#{post.part}", state, draft_of)
            for post in case.verdict.posts
            if f"{case.key}#{post.part}" in state.placed
        ),
    )


def _posted(key: str, state: State, draft_of: Mapping[str, Draft]) -> Posted:
    placed, draft = state.placed[key], draft_of.get(key)
    return Posted(
        part=key.partition("#")[2],
        disposition=placed.disposition,
        response=draft.id if draft is not None else None,
        why=placed.why,
        letter=_due(placed.letter, state.index.cases[key]) if placed.letter is not None else None,
        same_as=of_message(placed.same_as) if placed.same_as else None,
        sameness=placed.sameness,
    )


def _due(kind: LetterKind | None, case: Case) -> LetterDue | None:
    verdict = case.verdict
    if kind is None or not verdict.letter_to:
        return None
    return LetterDue(kind=kind, to=verdict.letter_to, language=verdict.letter_language)
