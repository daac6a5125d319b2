"""From the fold's drafts and people's rulings to responses: what stands, which version counts, who it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from intake.casework.drafts import (
    ASKED,
    HOLDING,
    UNNAMED,
    Case,
    Draft,
    is_beginning,
    of_message,
    unreadable,
)
from intake.casework.linking import people_of
from intake.casework.standing import Standing
from intake.casework.withholding import settled_withholding
from intake.model.record import ChaseDue, Response, Status, Timeliness, Version
from intake.model.round import Round
from intake.model.verdict import Answer, Attachment, Category, Passage, Region, Respondent

PATIENCE = timedelta(days=7)
"""How long a chase waits for its answer."""


@dataclass(frozen=True)
class Calendar:
    """The days that matter for a response: the deadline in force and the last day on which a missing piece is of use."""

    deadline: datetime
    zone: ZoneInfo
    last_day: date

    def due_on(self, received_at: datetime) -> date:
        """A week after receipt, at the latest before the synthesis day, and never before the day after receipt."""
        day = received_at.astimezone(self.zone).date()
        return max(day + timedelta(days=1), min(day + PATIENCE, self.last_day))


def calendar_of(consultation: Round, deadline: datetime) -> Calendar:
    """The calendar of a round; the synthesis day is 15 days before the physical consultation (Resolution 1336, resolves 3)."""
    synthesis = consultation.dates.physical_consultation - timedelta(days=15)
    return Calendar(deadline=deadline, zone=ZoneInfo(consultation.time_zone), last_day=synthesis - timedelta(days=1))


def response_of(draft: Draft, cases: Mapping[str, Case], calendar: Calendar, standing: Standing) -> Response:
    """One response, after the rulings that concern it."""
    deadline = calendar.deadline
    before = status_before(draft, cases, deadline)
    status = standing.status or before
    versions = tuple(
        Version(messages=tuple(of_message(key) for key in item.keys), received_at=item.received_at, late=item.late)
        for item in draft.versions
    )
    current = _current(draft, standing)
    standing_keys = list(draft.versions[current].keys)
    sure = _standing_additions(draft, deadline, standing)
    answers = _answers([cases[key] for key in standing_keys], [cases[key] for key in sure])
    content = [key for version in draft.versions for key in version.keys] + draft.supplements
    lead = _lead([cases[key] for key in standing_keys])
    earlier = [item.keys[0] for item in draft.versions if not item.doubtful and item.keys[0] not in standing_keys]
    from_ = [*standing_keys, *earlier, *sure]
    respondent = _respondent(from_, cases, standing.fields)
    proposed = ((of_message(key), item) for key in content for item in cases[key].verdict.withheld)
    withheld, mode = settled_withholding(proposed, standing.withholding, standing.asked)
    return Response(
        id=draft.id,
        respondent=respondent,
        co_signatories=lead.verdict.co_signatories or cases[draft.first].verdict.co_signatories,
        language=str(standing.fields.get("language") or lead.verdict.language),
        received_at=draft.received_at,
        timeliness=Timeliness.LATE if draft.received_at > deadline else Timeliness.ON_TIME,
        status=status,
        status_before_decisions=before,
        versions=versions,
        current=current,
        supplements=tuple(of_message(key) for key in draft.supplements),
        pending=tuple(of_message(key) for key in draft.supplements if key not in sure and key not in draft.replaced),
        endorsements=tuple(of_message(key) for key in draft.endorsements),
        messages=tuple(dict.fromkeys(of_message(key) for key in draft.messages())),
        cases=tuple(key for key in draft.messages() if key != of_message(key)),
        answers=answers,
        general=_passages(standing_keys, sure, cases, "general"),
        unmapped=_passages(standing_keys, sure, cases, "unmapped"),
        attachments=_attachments(content, cases),
        flags=_flags(draft, {flag for key in content for flag in cases[key].verdict.flags}, _respondent(from_, cases, {})),
        doubts=tuple(dict.fromkeys([*(doubt for key in content for doubt in cases[key].verdict.doubts), *draft.doubts])),
        withheld=withheld,
        publish_mode=mode,
        waiting=tuple(standing.waiting),
        abstract=lead.verdict.abstract,
        chases=_chases(draft, cases, calendar),
        merged_into=standing.merged_into,
        rulings=tuple(standing.rulings),
    )


def status_before(draft: Draft, cases: Mapping[str, Case], deadline: datetime) -> Status:
    """Held by a doubt about its first message; one about who it is falls when another message of the same sender says so."""
    doubts = [doubt for doubt in cases[draft.first].verdict.doubts if doubt.startswith(HOLDING)]
    others = [key for version in draft.versions if not version.doubtful for key in version.keys]
    others += [key for key in draft.supplements if key not in draft.doubtful]
    named = any(not any(doubt.startswith(UNNAMED) for doubt in cases[key].verdict.doubts) for key in others if key != draft.first)
    if draft.holding or any(not (named and doubt.startswith(UNNAMED)) for doubt in doubts):
        return Status.HELD
    if draft.received_at > deadline:
        return Status.LATE_PENDING
    return Status.COUNTED


def _current(draft: Draft, standing: Standing) -> int:
    """The version that stands: the last one on time from the same sender, or another that a person accepted or named."""
    if standing.current is not None and 0 <= standing.current < len(draft.versions):
        return standing.current
    current = 0
    for number, version in enumerate(draft.versions):
        accepted = bool(standing.accepted & set(version.keys))
        if not (version.late or version.doubtful) or accepted or number == 0:
            current = number
    return current


def _standing_additions(draft: Draft, deadline: datetime, standing: Standing) -> list[str]:
    """The additions that stand: on time like their response (or late like it), from the same sender, or accepted by a person; not
    those in whose place another one stands."""
    late = draft.late if draft.received_at <= deadline else set[str]()
    sure = [key for key in draft.supplements if key in standing.accepted or key not in draft.doubtful | late]
    return [key for key in sure if draft.replaced.get(key) not in sure]


def _lead(cases: Sequence[Case]) -> Case:
    """The message whose text stands as the answer: the first with answers, else the first with substance."""
    return next((case for case in cases if case.verdict.answers), max(cases, key=lambda case: case.verdict.signals.substance))


def _answers(version: Sequence[Case], supplements: Sequence[Case]) -> tuple[tuple[str, Answer], ...]:
    """Each question's answer: from the version's messages in order, the whole of one that came cut, then what supplements
    alone answer."""
    found: dict[int, tuple[Case, int]] = {}
    for case in (*version, *supplements):
        for place, answer in enumerate(case.verdict.answers):
            earlier = found.get(answer.question)
            if earlier is None or is_beginning(_words(*earlier), _words(case, place)):
                found[answer.question] = (case, place)
    return tuple((of_message(case.key), case.verdict.answers[place]) for _, (case, place) in sorted(found.items()))


def _words(case: Case, place: int) -> str:
    """What an answer says."""
    return case.whole.verdict.answers[place].text


def _passages(
    keys: Sequence[str], supplements: Sequence[str], cases: Mapping[str, Case], what: str
) -> tuple[tuple[str, Passage], ...]:
    return tuple((of_message(key), passage) for key in (*keys, *supplements) for passage in getattr(cases[key].verdict, what))


def _attachments(keys: Sequence[str], cases: Mapping[str, Case]) -> tuple[tuple[str, Attachment], ...]:
    return tuple((of_message(key), item) for key in keys for item in cases[key].verdict.attachments)


def _respondent(keys: Sequence[str], cases: Mapping[str, Case], fields: Mapping[str, Any]) -> Respondent:
    """Who it is for: the authoritative message's words, gaps filled from the others of the same sender; a person's word
    outranks."""
    who = cases[keys[0]].verdict.respondent
    for key in keys[1:]:
        other = cases[key].verdict.respondent
        gaps: dict[str, Any] = {
            name: getattr(other, name)
            for name in ("person", "title", "organization", "country")
            if not getattr(who, name) and getattr(other, name)
        }
        if who.sources.get("country") == "language" and other.sources.get("country", "language") != "language" and other.country:
            # A country guessed from the language is a gap where the sender told it before.
            gaps |= {
                "country": other.country,
                "region": other.region,
                "sources": who.sources | {"country": other.sources["country"]},
            }
        if who.category is Category.UNSPECIFIED or ("organization" in gaps and who.category is Category.INDIVIDUAL):
            gaps["category"] = other.category
        if who.region is Region.UNKNOWN:
            gaps["region"] = other.region
        who = replace(who, **gaps)
    changed: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "category":
            changed[name] = Category(value)
        elif name == "region":
            changed[name] = Region(value)
        elif name in ("person", "title", "organization", "country"):
            changed[name] = value or None
    sources = {**who.sources, **dict.fromkeys(changed, "officer")}
    return replace(who, **changed, sources=sources) if changed else who


def _flags(draft: Draft, told: set[str], respondent: Respondent) -> tuple[str, ...]:
    """All flags of the messages; that no country was told is said of the response and not of one of its mails. `respondent`: by the
    messages alone: that somebody had to be asked stays true when a person has entered the answer (FORMAT.md, attachments and flags)."""
    flags = draft.flags | _missing_part(draft) | (told - {"no_country"})
    if respondent.region is Region.UNKNOWN:
        flags |= {"no_country"}
    return tuple(sorted(flags))


def _missing_part(draft: Draft) -> set[str]:
    """A part that never came is missing, as one that came late was."""
    return {"part_missing"} if draft.part_total and len(draft.part_numbers) < draft.part_total else set()


def _chases(draft: Draft, cases: Mapping[str, Case], calendar: Calendar) -> tuple[ChaseDue, ...]:
    """What to ask for; closed by the message that cured it."""
    chases: list[ChaseDue] = []
    for number, version in enumerate(draft.versions):
        first = cases[version.keys[0]]
        later = next((item.keys[0] for item in draft.versions[number + 1 :] if not item.doubtful), None)
        cure = draft.cured_by.get(first.key) or later
        if unreadable(first):
            chases.append(ChaseDue(reason=_what_is_missing(first), message=of_message(first.key), closed_by=cure))
        if _has(first, "tracked_changes"):
            chases.append(ChaseDue(reason="tracked_changes", message=of_message(first.key), closed_by=cure))
    if draft.part_numbers:
        missing = draft.part_total is not None and len(draft.part_numbers) < draft.part_total
        last = draft.versions[0].keys[-1]
        if missing or "part_missing" in draft.flags:
            chases.append(ChaseDue(reason="part_missing", message=of_message(draft.first), closed_by=None if missing else last))
    if any(doubt.startswith(ASKED) for doubt in cases[draft.first].verdict.doubts):
        chases.append(ChaseDue(reason="identity", message=of_message(draft.first), closed_by=draft.named_by))
    return tuple(
        replace(
            chase,
            closed_by=chase.closed_by or _asked_by(chase, draft, cases),
            due_on=calendar.due_on(cases[chase.message].received_at),
        )
        for chase in chases
    )


def _asked_by(chase: ChaseDue, draft: Draft, cases: Mapping[str, Case]) -> str | None:
    """The officer's own mail that has taken it up: it answers the message which the chase is about, or came later to its sender and
    answers nothing in particular. What the program sent by itself takes nothing up."""
    about = cases[chase.message]
    for key in draft.sent:
        reading = cases[key].arrival.reading
        if (reading.header("Auto-Submitted") or "no").strip().lower() != "no" or cases[key].order[0] < about.received_at:
            continue
        thread = {*reading.in_reply_to, *reading.references}
        if about.message_id in thread or (not thread and set(people_of(about)) & set(cases[key].verdict.recipients)):
            return key
    return None


def _what_is_missing(case: Case) -> str:
    if "link_only" in case.verdict.flags:
        return "link_only"
    if _has(case, "encrypted"):
        return "encrypted"
    return "unreadable"


def _has(case: Case, state: str) -> bool:
    return any(item.state.value == state for item in case.verdict.attachments)
