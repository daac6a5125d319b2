"""Verbs of the calendar: timetable (with what-if and iCalendar), extend, compliance, report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from intake.casework.compliance_report import RoundFigures, figures_from
from intake.casework.timetable import differences, timetable, what_if
from intake.casework.timetable_ics import calendar
from intake.cli.common import JsonOption, context_of, print_json, settings_of, tell, wanted
from intake.cli.look import RoundOption
from intake.compilation.words import Words
from intake.doors.clock import SystemClock
from intake.doors.share import InstalledShare
from intake.doors.site import write_papers
from intake.errors import BadData, BadUsage
from intake.model.officer import Role
from intake.model.record import Action
from intake.model.round import Day, Round
from intake.pipeline import Office, judge_round
from intake.pipeline.calendar import days_of, extended, standing
from intake.pipeline.find import one_round
from intake.pipeline.reports import chair_report, compliance_sheet, shell_of
from intake.pipeline.rulings import record_ruling
from intake.settings import load_round
from intake.wiring import open_configured, report_shell

LanguageOption = Annotated[str | None, typer.Option(help="Language of the document: ar zh en fr ru es.")]
FormatOption = Annotated[list[str] | None, typer.Option("--format", help="docx, pdf, html, md; md by default.")]
OutOption = Annotated[Path | None, typer.Option(help="Folder for the files; without it the text is printed.")]
DayOption = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="As of this day; today by default.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command("timetable")(show_timetable)
    for verb in (extend, compliance, report):
        app.command()(verb)


def show_timetable(
    context: typer.Context,
    round_id: RoundOption = None,
    round_file: Annotated[Path | None, typer.Option("--file", help="A round.toml instead of the configuration.")] = None,
    on: DayOption = None,
    ics: Annotated[bool, typer.Option("--ics", help="Print an iCalendar file.")] = False,
    language: LanguageOption = None,
    if_: Annotated[
        list[str] | None, typer.Option("--what-if", help="DAY=YYYY-MM-DD, a key of [dates]: what would move; nothing is kept.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """The round's days with the clause each comes from, what is due, done, late, and by how many days off the rule."""
    changes = dict(_change(text) for text in if_ or ())
    if round_file is not None:
        consultation = load_round(round_file)
        today = _today(consultation, on)
        days = timetable(consultation, today)
        shell = report_shell(InstalledShare(), known_language(language or "en")) if ics else None
        _show(consultation, days, timetable(what_if(consultation, changes), today) if changes else None, shell, as_json, 0)
        return
    settings = settings_of(context)
    with open_configured(settings) as office:
        shell = shell_of(office, "report", known_language(language or office.language)) if ics else None
        for item in office.rounds if round_id is None else [one_round(office, round_id)]:
            today = _today(item, on)
            changed = days_of(office, what_if(item, changes), today) if changes else None
            _show(item, days_of(office, item, today), changed, shell, as_json, len(extended(office, item)))


def _change(text: str) -> tuple[str, date]:
    key, _, value = text.partition("=")
    try:
        return key.strip(), date.fromisoformat(value.strip())
    except ValueError as error:
        raise BadUsage(f"--what-if {text!r}: DAY=YYYY-MM-DD is wanted") from error


def _today(consultation: Round, on: datetime | None) -> date:
    return on.date() if on else SystemClock().now().astimezone(ZoneInfo(consultation.time_zone)).date()


def _show(
    consultation: Round, days: Sequence[Day], changed: Sequence[Day] | None, shell: Words | None, as_json: bool, sequence: int
) -> None:
    shown = changed if changed is not None else days
    if shell is not None:
        typer.echo(calendar(consultation, shown, shell, sequence), nl=False)
    elif as_json:
        print_json({"days": days, "what_if": changed} if changed is not None else days)
    else:
        tell(f"{consultation.id}: {consultation.topic} ({consultation.time_zone}, rules {consultation.rules.name})")
        for day in shown:
            tell(_line(day))
        if changed is not None:
            moved = differences(days, changed)
            tell("what would change:" if moved else "nothing would change")
            for before, after in moved:
                tell(f"  {after.id:<14} {before.on} ({before.days_off:+d}) -> {after.on} ({after.days_off:+d})")


def _line(day: Day) -> str:
    rule = f"rule {day.computed}" if day.computed else ""
    off = f"{day.days_off:+d} d" if day.days_off else ""
    notes = [*day.warnings, *([f"was {day.was}"] if day.was else []), *([day.reason] if day.reason else [])]
    done = f"done {day.done}" if day.done else ""
    text = (
        f"  {day.on} {day.on:%a}  {day.state:<7} {day.id:<14} {day.clause:<19} {rule:<15} {done:<15} {off:>6}  {'; '.join(notes)}"
    )
    return text.rstrip()


def extend(
    context: typer.Context,
    until: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The new last day for responses.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the decision and printed in the compliance sheet.")],
    round_id: RoundOption = None,
    as_json: JsonOption = False,
) -> None:
    """Extend the deadline for responses: a decision of a named officer, which can be undone like any other."""
    settings = settings_of(context, Role.EDITOR)
    by = context_of(context).by
    if not reason.strip():
        raise BadUsage("a decision needs a reason")
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        deadline = datetime.combine(until.date(), time(23, 59, 59, fold=1), ZoneInfo(consultation.time_zone))
        before = standing(office, consultation).dates.response_deadline
        if deadline <= before:
            raise BadUsage(f"the deadline in force is {before:%Y-%m-%d %H:%M %z}; one that was published is not shortened")
        ruling = record_ruling(office, consultation.id, Action.EXTEND, "", by, reason, {"deadline": deadline.isoformat()})
        record = judge_round(office, consultation)
        days = days_of(office, consultation, _today(consultation, None))
    if as_json:
        print_json({"ruling": ruling, "days": days, "counts": record.counts})
        return
    tell(f"decision {ruling.id}: extended from {before:%Y-%m-%d} to {until:%Y-%m-%d} by {by}")
    for day in days:
        if day.id in ("deadline", "synthesis", "physical"):
            tell(_line(day))
    tell("those who have answered are told by: intake notify extension")


def compliance(
    context: typer.Context,
    round_id: RoundOption = None,
    on: DayOption = None,
    language: LanguageOption = None,
    formats: FormatOption = None,
    out: OutOption = None,
) -> None:
    """The compliance sheet of a round for the Chair's report: every day, its rule, what was done, days off, reason."""
    settings = settings_of(context)
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        files = compliance_sheet(
            office,
            consultation,
            _today(consultation, on),
            language=known_language(language or office.language),
            formats=wanted(formats),
        )
    hand_over(files, out)


def report(
    context: typer.Context,
    rounds: Annotated[
        list[str] | None, typer.Option("--round", help="Ids of the rounds; all configured ones by default.")
    ] = None,
    figures: Annotated[Path | None, typer.Option("--figures", help="TOML file with the figures of earlier rounds.")] = None,
    years: Annotated[int, typer.Option("--years", min=1, max=4, help="1: annual; 4: the report over four years.")] = 1,
    first: Annotated[str, typer.Option("--paragraph", help="Number of the first paragraph.")] = "2.1",
    language: LanguageOption = None,
    formats: FormatOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Paragraphs and table of figures for the Chair's report; what does not reconcile is refused."""
    settings = settings_of(context)
    earlier: tuple[RoundFigures, ...] = ()
    if figures is not None:
        try:
            earlier = figures_from(figures.read_text("utf-8"), str(figures))
        except (OSError, UnicodeDecodeError) as error:
            raise BadData(f"{figures}: cannot be read: {error}") from error
    if not first.rpartition(".")[2].isdigit():
        raise BadUsage(f"--paragraph {first!r}: a number is wanted, as in 2.4")
    with open_configured(settings) as office:
        chosen = _chosen(office, rounds, bool(earlier))
        made = chair_report(
            office,
            chosen,
            earlier,
            language=known_language(language or office.language),
            years=years,
            first=first,
            source=figures.name if figures else "",
            formats=wanted(formats),
        )
    if as_json:
        print_json(made.figures)
    else:
        hand_over(made.files, out)


def _chosen(office: Office, rounds: list[str] | None, earlier: bool) -> list[Round]:
    if rounds:
        return [one_round(office, item) for item in rounds if item != "none"]
    return [item for item in office.rounds if office.ledger.load_record(item.id) is not None or not earlier]


def known_language(language: str) -> str:
    """One of the six. Raises BadUsage."""
    if language not in ("ar", "zh", "en", "fr", "ru", "es"):
        raise BadUsage(f"{language!r} is none of ar, zh, en, fr, ru, es")
    return language


def hand_over(files: dict[str, bytes], out: Path | None) -> None:
    """Files into a folder, or their text to standard output."""
    if out is not None:
        for path in write_papers(out, files):
            tell(str(path))
        return
    texts: list[Any] = [content.decode("utf-8") for name, content in sorted(files.items()) if name.endswith((".md", ".html"))]
    if not texts:
        raise BadUsage("a DOCX or PDF needs a folder: --out DIR")
    for text in texts:
        tell(text.rstrip("\n"))
