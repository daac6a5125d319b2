"""The timetable as an iCalendar file (RFC 5545); the same days give the same octets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from intake.casework.compliance import clause_words, remarks
from intake.casework.timetable import DUTIES
from intake.model.outline import Shell
from intake.model.round import Day, Round

REMIND = timedelta(days=-1)
"""A duty that is still to do is called to mind on the day before."""


def calendar(consultation: Round, days: Sequence[Day], shell: Shell, sequence: int = 0) -> bytes:
    """All-day events. UIDs are made of the round and the day's id, so that a later file replaces them; `sequence` goes up with
    every change that people decided (extensions), as calendars ask for. Words: templates/report, as in the compliance sheet.

    DTSTAMP is the day that fixed the topic: the file depends on the round alone (RFC 5545 3.8.7.2 asks for a moment of the data).
    """
    topic = consultation.said_in(shell.language).topic
    sheet = Calendar()
    sheet.add("prodid", f"-//consultation-intake//timetable//{shell.language.upper()}")
    sheet.add("version", "2.0")
    sheet.add("method", "PUBLISH")
    sheet.add("x-wr-calname", topic)
    decided = consultation.dates.decided
    stamp = datetime(decided.year, decided.month, decided.day, tzinfo=UTC)
    for day in days:
        event = Event()
        event.add("uid", f"{day.id}.{consultation.id}@consultation-intake")
        event.add("sequence", sequence)
        event.add("summary", f"{shell(f'day.{day.id}')}{shell.colon}{topic}", parameters={"language": shell.language})
        event.add("description", _description(day, shell), parameters={"language": shell.language})
        event.add("dtstart", day.done or day.on)
        event.add("dtend", (day.done or day.on) + timedelta(days=1))
        event.add("dtstamp", stamp)
        event.add("transp", "TRANSPARENT")
        if day.id in (*DUTIES, "opening", "deadline") and day.state in ("coming", "due"):
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", str(event["summary"]))
            alarm.add("trigger", REMIND)
            event.add_component(alarm)
        sheet.add_component(event)
    return bytes(sheet.to_ical())


def _description(day: Day, shell: Shell) -> str:
    """The rule, what there is to say of the day, and when it was before an extension."""
    before = shell("sheet.was", day=shell.day(day.was)) if day.was is not None else ""
    return shell.listed([note for note in (clause_words(day, shell), remarks(day, shell), before) if note])
