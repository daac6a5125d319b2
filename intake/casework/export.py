"""The record in the published form (rounds/FORMAT.md, What a program gives back)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from intake.casework.drafts import of_message
from intake.model.record import Counts, Filed, Record, Response
from intake.model.round import Round


def ledger_json(consultation: Round, record: Record, names: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """`names`: message key -> file names; a file with the same bytes again is a copy of the same response, without a letter."""
    messages: dict[str, Any] = {}
    for filed in record.filed:
        first, *again = names[filed.key]
        messages[first] = _message(filed)
        for name in again:
            messages[name] = {
                "disposition": "copy",
                "response": filed.response,
                "acknowledge": None,
                "why": "the same bytes again",
            }
    zone = ZoneInfo(consultation.time_zone)
    return {
        "messages": dict(sorted(messages.items())),
        "responses": {item.id: _response(item, names, zone) for item in record.responses},
        "before_decisions": _counts(record.counts_before_decisions, record, names, len(messages)),
        "after_decisions": _counts(record.counts, record, names, len(messages)),
    }


def _message(filed: Filed) -> dict[str, Any]:
    letter = filed.letter
    return {
        "disposition": filed.disposition.value,
        "response": filed.response,
        "acknowledge": {"to": letter.to, "language": letter.language} if letter is not None else None,
        "why": filed.why,
    }


def _response(item: Response, names: Mapping[str, Sequence[str]], zone: ZoneInfo) -> dict[str, Any]:
    who = item.respondent
    facts: dict[str, Any] = {
        "respondent": {
            "person": who.person,
            "title": who.title,
            "organization": who.organization,
            "category": who.category.value,
            "country": who.country,
            "region": who.region.value,
        },
        "co_signatories": list(item.co_signatories),
        "language": item.language,
        "received_at": item.received_at.astimezone(zone).isoformat(),
        "timeliness": item.timeliness.value,
        "status": item.status.value,
        "versions": [[names[key][0] for key in version.messages] for version in item.versions],
        "supplements": [names[key][0] for key in item.supplements],
        "answers": {str(answer.question): " ".join(answer.text.split()) for _, answer in item.answers},
        "general": bool(item.general),
        "attachments": [
            {"file": names[key][0], "name": attachment.name, "state": attachment.state.value}
            for key, attachment in item.attachments
        ],
        "flags": list(item.flags),
    }
    if item.status_before_decisions is not item.status:
        facts["status_before_decisions"] = item.status_before_decisions.value
    return facts


def _counts(counts: Counts, record: Record, names: Mapping[str, Sequence[str]], messages: int) -> dict[str, Any]:
    return {
        "messages": messages,
        "counted": counts.counted,
        "by_category": counts.by_category,
        "by_region": counts.by_region,
        "by_language": counts.by_language,
        "late_accepted": counts.late_accepted,
        "withdrawn": counts.withdrawn,
        "campaigns": [
            {"representative": names[of_message(item.representative)][0], "copies": len(item.messages)}
            for item in record.campaigns
        ],
    }
