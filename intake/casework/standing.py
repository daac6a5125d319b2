"""What people have decided, laid over what the fold made: by response, by message, in order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from intake.casework.drafts import Case, Draft, DraftVersion, of_message
from intake.casework.force import in_order, subject_of, waiting
from intake.casework.force import standing as standing_rulings
from intake.casework.state import Closing
from intake.model.record import ROUND_WIDE, WITHHOLDING, Action, Ruling, Status
from intake.model.verdict import Disposition

CLOSING = {Action.WITHDRAW: Status.WITHDRAWN, Action.EXCLUDE: Status.EXCLUDED}
OPENING = (Action.COUNT, Action.ACCEPT_LATE)

CORRECTED = ("person", "organization", "category", "country", "region")
"""What a confirmation may set: the lines of a proof that its respondent corrected."""


@dataclass
class Standing:
    """What people have decided about one response."""

    status: Status | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    current: int | None = None
    merged_into: str | None = None
    rulings: list[str] = field(default_factory=list)
    withholding: list[Ruling] = field(default_factory=list)
    asked: list[Ruling] = field(default_factory=list)
    """What should be withheld and waits for a second officer."""

    waiting: list[str] = field(default_factory=list)


def apply_rulings(rulings: Sequence[Ruling], draft_of: Mapping[str, Draft]) -> dict[str, Standing]:
    """Standing by response id. In order of time; undone ones are left out."""
    standings: dict[str, Standing] = {}
    unconfirmed = waiting(rulings)
    for ruling in in_order(ruling for ruling in rulings if ruling.id in unconfirmed):
        waits = draft_of.get(subject_of(ruling))
        if waits is not None:
            stands = standings.setdefault(waits.id, Standing())
            stands.waiting.append(ruling.id)
            stands.asked += [ruling] if ruling.action in WITHHOLDING else []
    for ruling in standing_rulings(rulings):
        if ruling.action in ROUND_WIDE:
            continue
        draft = draft_of.get(subject_of(ruling))
        if draft is None:
            continue
        stands = standings.setdefault(draft.id, Standing())
        stands.rulings.append(ruling.id)
        _apply(ruling, draft, stands, draft_of, standings)
    return standings


def labels_of(rulings: Sequence[Ruling]) -> dict[str, Disposition]:
    """What people said that a message is, by case."""
    return {
        subject_of(ruling): Disposition(str(ruling.set["disposition"]))
        for ruling in standing_rulings(rulings)
        if ruling.action in (Action.RELABEL, Action.ASSIGN) and "disposition" in ruling.set
    }


def closings(rulings: Sequence[Ruling]) -> dict[str, list[Closing]]:
    """When people withdrew or excluded responses, or took them back, in order, by the case that they named."""
    found: dict[str, list[Closing]] = {}
    for ruling in standing_rulings(rulings):
        if ruling.action in CLOSING or ruling.action in OPENING:
            closing = Closing(at=ruling.at, status=CLOSING.get(ruling.action))
            found.setdefault(subject_of(ruling), []).append(closing)
    return found


def _own(subject: str, draft: Draft) -> str:
    """The case of this response that a decision means: the message itself, or the posting that a digest is named for."""
    return next((key for key in draft.messages() if subject in (key, of_message(key))), subject)


def _takes_in(into: Draft, draft: Draft, standings: Mapping[str, Standing]) -> bool:
    """Whether one response can take another one in: not itself, and not one that was merged into it."""
    known, name = {draft.id}, into.id
    while name not in known:
        known.add(name)
        name = (standings.get(name) or Standing()).merged_into or ""
    return name == ""


def _apply(
    ruling: Ruling, draft: Draft, standing: Standing, draft_of: Mapping[str, Draft], standings: Mapping[str, Standing]
) -> None:
    action, subject = ruling.action, _own(subject_of(ruling), draft)
    if action is Action.ACCEPT_LATE:
        first = subject in draft.versions[0].keys
        content = {*draft.supplements, *(key for version in draft.versions for key in version.keys)}
        if first or subject not in content:
            standing.status, standing.merged_into = Status.COUNTED, None
        standing.accepted.add(subject)
        standing.current = None
    elif action is Action.COUNT:
        standing.status, standing.merged_into = Status.COUNTED, None
        standing.accepted.add(subject)
    elif action is Action.EXCLUDE:
        standing.status, standing.merged_into = Status.EXCLUDED, None
    elif action is Action.WITHDRAW:
        standing.status, standing.merged_into = Status.WITHDRAWN, None
    elif action is Action.ASSIGN:
        standing.fields.update(ruling.set)
    elif action is Action.MERGE:
        into = draft_of.get(str(ruling.set.get("into", "")))
        if into is not None and _takes_in(into, draft, standings):  # else its text would be nowhere
            standing.status, standing.merged_into = Status.EXCLUDED, into.id
    elif action in WITHHOLDING:
        standing.withholding.append(ruling)
    elif action is Action.CONFIRM:
        if not _is_late_version(subject, draft):
            standing.accepted.add(subject)
        standing.fields.update({key: value for key, value in ruling.set.items() if key in CORRECTED})
        if isinstance(ruling.set.get("current_version"), int):
            standing.current = int(str(ruling.set["current_version"])) - 1


def _is_late_version(key: str, draft: Draft) -> bool:
    """A late version or addition needs the decision that accepts it; confirming what it says is another one."""
    return key in draft.late or any(version.late for version in draft.versions[1:] if key in version.keys)


def detach(key: str, draft: Draft, cases: Mapping[str, Case], deadline: datetime) -> Draft:
    """A message taken out of a response becomes one of its own (split)."""
    for version in draft.versions:
        if key in version.keys and len(version.keys) > 1:
            version.keys.remove(key)
    draft.versions = [version for version in draft.versions if version.keys != [key]] or draft.versions
    for names in (draft.supplements, draft.endorsements, draft.others):
        if key in names:
            names.remove(key)
    at = cases[key].received_at
    return Draft(first=key, received_at=at, versions=[DraftVersion(keys=[key], received_at=at, late=at > deadline)])
