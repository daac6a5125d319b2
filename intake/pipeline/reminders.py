"""Reminders to the secretariat: the deadline has passed, the synthesis report is due, the group is about to meet. Once for each day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from jinja2 import TemplateError
from msgspec import Struct
from msgspec.structs import replace

from intake.compilation.words import Words
from intake.digest.tasks import tasks
from intake.letters.templates import TemplateSet
from intake.model.edition import DigestRole
from intake.model.letter import Letter
from intake.model.round import LANGUAGES, Day, Round
from intake.pipeline.calendar import days_of, standing
from intake.pipeline.daily import own_letter
from intake.pipeline.judge import settle_round
from intake.pipeline.office import REMINDER_DAYS, Office
from intake.pipeline.papers import assemble_round, last_edition

DAYS = tuple(REMINDER_DAYS)
"""Days of the timetable of which somebody is reminded."""
_ROLES = (DigestRole.DESK, DigestRole.CHAIR)


class Reminder(Struct, frozen=True, kw_only=True):
    """A reminder that is due: which day it is of, and on what day that stands."""

    day: str
    on: date

    @property
    def period(self) -> str:
        """Its name among the jobs: another day after an extension is another reminder."""
        return f"{self.day}:{self.on}"


def due_reminders(days: Sequence[Day], today: date, ahead: Mapping[str, int] = REMINDER_DAYS) -> tuple[Reminder, ...]:
    """What is to be said today, also when the daemon was away on the day itself; nothing of a duty that is done, nor once the group
    meets: a round of the past reminds of nothing. `ahead`: by day, how many days before it."""
    meeting = next(day.on for day in days if day.id == "meeting")
    if today > meeting:
        return ()
    return tuple(
        Reminder(day=day.id, on=day.on)
        for day in days
        if day.id in ahead and today >= day.on - timedelta(days=ahead[day.id]) and (day.state != "done" or day.id == "deadline")
    )


def synthesis_due(office: Office, consultation: Round) -> str:
    """The synthesis report's reminder where its time has come and the report is not released, else "": from then on the scheduler lays the
    worksheet out with every draft."""
    today = office.now().astimezone(ZoneInfo(consultation.time_zone)).date()
    due = due_reminders(days_of(office, consultation, today), today, office.letters.reminder_days)
    return next((reminder.period for reminder in due if reminder.day == "synthesis"), "")


def remind(office: Office, consultation: Round) -> tuple[Reminder, ...]:
    """Queue what is due and was not said before; nothing before the hour of the daily letter. Gives what was queued."""
    job = _job(consultation)
    made = []
    for reminder in waiting_reminders(office, consultation):
        if office.ledger.claim_job(job, reminder.period, office.now()):
            letters = [
                own_letter(
                    office,
                    consultation.id,
                    "notice",
                    f"{job}:{reminder.period}:{letter.to}",
                    letter,
                )
                for letter in reminder_letters(office, consultation, reminder)
            ]
            office.ledger.queue_letters(letters, office.now())
            office.ledger.finish_job(job, reminder.period, office.now())
            made.append(reminder)
    return tuple(made)


def waiting_reminders(office: Office, consultation: Round) -> tuple[Reminder, ...]:
    """Those that `remind` would queue now, by what is done."""
    local = office.now().astimezone(ZoneInfo(consultation.time_zone))
    if f"{local:%H:%M}" < office.letters.digest_at or office.letters.mode == "off":
        return ()
    due = due_reminders(days_of(office, consultation, local.date()), local.date(), office.letters.reminder_days)
    return tuple(item for item in due if not office.ledger.job_done(_job(consultation), item.period))


def _job(consultation: Round) -> str:
    return f"reminder:{consultation.id}"


def reminder_letters(office: Office, consultation: Round, reminder: Reminder) -> Iterator[Letter]:
    """A letter for each address of the desk and the chair, in the language of the role."""
    facts = _facts(office, consultation, reminder)
    policy = office.letters
    every = ((DigestRole.DESK, policy.digest_language, policy.digest_to), *policy.digest_roles)
    for role, language, recipients in every:
        if role in _ROLES and recipients:
            values = reminder_values(office.templates.table("digest", language), office.words[language], reminder.day, facts)
            for recipient in recipients:
                yield Letter(
                    to=recipient,
                    subject=str(values["subject"]),
                    text=office.templates.render("digest/reminder.txt.j2", values),
                    html=office.templates.render("digest/reminder.html.j2", values),
                    language=language,
                    auto_submitted="auto-generated",
                )


class ReminderFacts(Struct, frozen=True, kw_only=True):
    """What a reminder says. `waiting`: matters that need a decision; `changes`: responses that would print otherwise than in the
    revision released last, whose number is `revision` (None: nothing was released)."""

    topics: dict[str, str]
    on: date
    in_days: int
    counted: int
    waiting: int
    revision: int | None
    changes: int


def _facts(office: Office, consultation: Round, reminder: Reminder) -> ReminderFacts:
    consultation = standing(office, consultation)
    record = settle_round(office, consultation)
    today = office.now().astimezone(ZoneInfo(consultation.time_zone)).date()
    public = office.ledger.numbers(consultation.id).public
    before = last_edition(office, consultation)
    changes = assemble_round(office, consultation, language=office.language, before=before).changes if before is not None else ()
    return ReminderFacts(
        topics={language: consultation.said_in(language).topic for language in LANGUAGES},
        on=reminder.on,
        in_days=(reminder.on - today).days,
        counted=record.counts.counted,
        waiting=sum(1 for _ in tasks(record, public, consultation.time_zone)),
        revision=before.revision if before is not None else None,
        changes=len(changes),
    )


def reminder_values(words: Mapping[str, Mapping[str, str]], shell: Words, day: str, facts: ReminderFacts) -> dict[str, object]:
    """Values for reminder.txt.j2 and reminder.html.j2; `shell`: the words of the documents, which name a revision."""
    table = words["reminder"]
    fill = {
        "topic": facts.topics[shell.language],
        "day": shell.day(facts.on),
        "n": max(facts.in_days, 0),
        "counted": facts.counted,
        "waiting": facts.waiting,
        "revision": shell("doc.revision", n=facts.revision or 0),
        "changes": facts.changes,
    }
    released = "nothing_released" if facts.revision is None else "changed" if facts.changes else "unchanged"
    return {
        "words": words,
        "language": shell.language,
        "direction": "rtl" if shell.language == "ar" else "ltr",
        "subject": table[f"{day}_subject"].format(**fill),
        "lines": [table[key].format(**fill).replace("г..", "г.") for key in (day, "figures", released)],
        "steps": [{"what": table[step], "command": command} for step, command in _STEPS[day]],
    }


_STEPS: Mapping[str, Sequence[tuple[str, str]]] = {
    "deadline": (
        ("settle", "intake digest --print"),
        ("draft", "intake compile --out FOLDER"),
        ("release", "intake --by NAME release"),
        ("publication", "intake --by NAME notify publication"),
    ),
    "synthesis": (
        ("worksheet", "intake synthesis worksheet"),
        ("check", "intake synthesis check synthesis_report"),
        ("synthesis_release", "intake --by NAME synthesis release synthesis_report"),
    ),
    "meeting": (
        ("settle", "intake digest --print"),
        ("release", "intake --by NAME release"),
        ("group", "intake --by NAME notify group"),
        ("compliance", "intake compliance"),
    ),
}


def reminder_problems(templates: TemplateSet, shells: Mapping[str, Words]) -> list[str]:
    """Every reminder in every language, tried with made-up facts; every problem in words."""
    problems = []
    for language in LANGUAGES:
        for day in DAYS:
            for sample in sample_facts():
                try:
                    values = reminder_values(templates.table("digest", language), shells[language], day, sample)
                    for name in ("digest/reminder.txt.j2", "digest/reminder.html.j2"):
                        templates.render(name, values)
                except (TemplateError, KeyError, ValueError, IndexError) as error:
                    problems.append(f"reminder {day} in {language}: {type(error).__name__}: {error}")
    return problems


def sample_facts() -> tuple[ReminderFacts, ...]:
    """Nothing released; released with changes since; without."""
    on = date(2027, 1, 11)
    first = ReminderFacts(
        topics=dict.fromkeys(LANGUAGES, "Bridging the divide"), on=on, in_days=3, counted=52, waiting=4, revision=None, changes=0
    )
    return first, replace(first, revision=1, changes=2), replace(first, revision=1)
