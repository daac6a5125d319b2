"""The timetable of a round as it stands: with extensions, and with the duties that this program saw done."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from intake.casework.timetable import Extension, extensions, in_force, timetable
from intake.model.round import Day, Round
from intake.pipeline.office import Office

EVIDENCE = {"synthesis_released": "synthesis", "brief_summary_released": "brief_summary"}
"""Kinds of journal entries that show a duty done, and the day they settle."""


def standing(office: Office, consultation: Round) -> Round:
    """The round with the deadline in force."""
    return in_force(consultation, office.ledger.rulings(consultation.id))


def extended(office: Office, consultation: Round) -> tuple[Extension, ...]:
    """The extensions that stand."""
    return extensions(consultation, office.ledger.rulings(consultation.id))


def days_of(office: Office, consultation: Round, today: date) -> tuple[Day, ...]:
    """Every day of a round as of `today`."""
    return timetable(consultation, today, office.ledger.rulings(consultation.id), evidence_of(office, consultation))


def evidence_of(office: Office, consultation: Round) -> dict[str, date]:
    """Days on which the journal saw a duty done for the first time."""
    zone = ZoneInfo(consultation.time_zone)
    seen, found = office.evidence.get(consultation.id, (0, {}))
    length = office.ledger.journal_length()
    for entry in office.ledger.journal_entries(seen, tuple(EVIDENCE)) if length > seen else ():
        if entry.payload.get("round") == consultation.id:
            found.setdefault(EVIDENCE[entry.kind], entry.at.astimezone(zone).date())
    office.evidence[consultation.id] = (length, found)
    return found
