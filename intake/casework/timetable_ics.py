"""The timetable as an iCalendar file (RFC 5545); the same days give the same octets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from intake.model.round import Day, Round


def calendar(consultation: Round, days: Sequence[Day]) -> bytes:
    """All-day events; UIDs are made of the round and the day's id, so that a later file replaces them."""
    sheet = Calendar()
    sheet.add("prodid", "-//consultation-intake//timetable//EN")
    sheet.add("version", "2.0")
    sheet.add("x-wr-calname", consultation.topic)
    for day in days:
        event = Event()
        event.add("uid", f"{day.id}.{consultation.id}@consultation-intake")
        event.add("summary", f"{day.id.replace('_', ' ')}: {consultation.topic}")
        event.add("description", f"{day.clause}; {', '.join(day.warnings) or 'in order'}")
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("dtstamp", datetime(day.on.year, day.on.month, day.on.day, tzinfo=UTC))
        event.add("transp", "TRANSPARENT")
        sheet.add_component(event)
    return bytes(sheet.to_ical())
