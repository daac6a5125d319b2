"""Campaigns as the command line shows them: the number, the rule that found it, and what single mails add."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from intake.casework.campaigns import clusters
from intake.casework.drafts import Case, of_message, texts_of
from intake.casework.personal import campaign_of
from intake.model.record import Campaign
from intake.model.round import Round

_SHOWN = 5
"""Mails with words of their own that are shown in lines; --json has all."""


def campaign_facts(campaign: Campaign) -> dict[str, Any]:
    """A campaign in the published form."""
    return {
        "id": campaign.id,
        "representative": campaign.representative,
        "copies": len(campaign.messages),
        "similarity": campaign.similarity,
        "minimum": campaign.minimum,
        "personal": [{"message": key, "text": passage.text} for key, passage in campaign.personal],
    }


def campaign_lines(campaign: Campaign, names: Mapping[str, str] | None = None) -> Iterator[str]:
    """A campaign for people. `names`: message key -> how the reader calls it."""
    called = {key: (names or {}).get(of_message(key), key[:12]) for key in (campaign.representative, *campaign.messages)}
    yield (
        f"campaign {campaign.id}: {len(campaign.messages)} mails like {called[campaign.representative]} "
        f"(estimated similarity {campaign.similarity:g} or more, from {campaign.minimum} persons on)"
    )
    for key, passage in campaign.personal[:_SHOWN]:
        yield f"  {called[key]} adds: {' '.join(passage.text.split())[:150]}"
    if len(campaign.personal) > _SHOWN:
        yield f"  and {len(campaign.personal) - _SHOWN} more passages of single mails"


def campaigns_among(cases: Sequence[Case], consultation: Round) -> tuple[Campaign, ...]:
    """The campaigns among some mails, by the round's rule."""
    by_key = {case.key: case for case in texts_of(cases)}
    return tuple(
        campaign_of(keys, by_key, consultation.campaign) for keys in clusters(list(by_key.values()), consultation.campaign)
    )
