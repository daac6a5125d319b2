"""The officers of an office as of a moment: who may decide by sheet and by mail, and whose address a mail comes from."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from intake.errors import BadUsage
from intake.model.officer import Person, Role, people_on
from intake.model.round import Round
from intake.pipeline.office import Office, OrderPolicy


def policy_of(office: Office) -> OrderPolicy:
    """Who may decide so. Raises BadUsage where nothing is configured."""
    if office.orders is None:
        raise BadUsage(
            "there is no [decisions] section with a key: no sheets, no tokens (docs/GUIDE.md, Decisions without a shell)"
        )
    return office.orders


def people(office: Office, consultation: Round, at: datetime) -> dict[str, Person]:
    """Everybody of the house at that moment, by name; deputies by the days of the round's zone."""
    policy = policy_of(office)
    return people_on(at.astimezone(ZoneInfo(consultation.time_zone)).date(), policy.officers, policy.all_rights)


def deciders(office: Office, consultation: Round, at: datetime) -> list[Person]:
    """Those who may decide and have an address, by name."""
    found = people(office, consultation, at)
    return [found[name] for name in sorted(found) if found[name].address and found[name].role >= Role.EDITOR]
