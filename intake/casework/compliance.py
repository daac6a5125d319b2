"""The compliance sheet of a round: every day with its rule, what was done, the days off and the reason, as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from intake.casework.timetable import Extension
from intake.model.outline import Cover, Facts, Line, Node, Outline, Shell, Table, framed
from intake.model.round import Day, Round, Rules


def compliance_outline(
    consultation: Round, days: Sequence[Day], moved: Sequence[Extension], today: date, shell: Shell
) -> Outline:
    """The sheet, to be printed in any format. Words: templates/report and the documents' shell."""
    consultation = consultation.said_in(shell.language)
    nodes = tuple(_nodes(consultation, days, moved, today, shell))
    symbol = consultation.symbol or consultation.id
    return framed(
        shell,
        f"{shell('sheet.title')}{shell.colon}{consultation.topic}",
        symbol=symbol,
        stamp=shell.day(today),
        on=today,
        nodes=nodes,
    )


def clause_words(day: Day, shell: Shell) -> str:
    """Where a day comes from, in words."""
    return shell("clause." + day.clause.replace("/", "_"))


def rules_words(rules: Rules, shell: Shell) -> str:
    """The rules in words; by their name where they are not ours. Says so where their days are not those of their text."""
    known = shell.has(f"rules.{rules.name}")
    named = shell(f"rules.{rules.name}") if known else shell.name(rules.name)
    ours = Rules(name=rules.name, shortest=rules.shortest, grace_minutes=rules.grace_minutes)
    return f"{named}{shell.aside(shell('sheet.own_days'))}" if known and rules != ours else named


def remarks(day: Day, shell: Shell) -> str:
    """What there is to say of a day: hints, then the reason that people gave."""
    return shell.listed(
        [
            *(shell(f"hint.{warning}") for warning in day.warnings),
            *([shell("sheet.reason", reason=shell.name(day.reason))] if day.reason else []),
        ]
    )


def _nodes(consultation: Round, days: Sequence[Day], moved: Sequence[Extension], today: date, shell: Shell) -> Iterator[Node]:
    yield Cover(
        group=consultation.working_group,
        topic=consultation.topic,
        title=shell("sheet.title"),
        document=f"{shell('sheet.document')}{shell.aside(consultation.symbol or consultation.id)}",
        date=shell.day(today),
        original="",
        draft="",
        facts=(
            (shell("sheet.as_of"), shell.day(today)),
            (shell("sheet.zone"), shell.name(consultation.time_zone)),
            (shell("sheet.rules"), rules_words(consultation.rules, shell)),
        ),
    )
    yield Line(text=shell("sheet.intro"))
    off = [shell(f"day.{day.id}") for day in days if day.days_off]
    yield Line(text=shell("sheet.some_off", list=shell.listed(off)) if off else shell("sheet.none_off"))
    yield Table(
        caption=shell("sheet.caption"),
        head=tuple(shell(f"sheet.{key}") for key in ("day", "clause", "due", "done", "off", "remark")),
        rows=tuple(_row(day, shell) for day in days),
        widths=(5, 6, 4, 4, 2, 6),
    )
    pairs = tuple((shell("day.deadline"), _moved(item, consultation, shell)) for item in moved)
    if pairs:
        yield Facts(pairs=pairs)
    yield Line(text=shell("sheet.exempt"), style="note")


def _row(day: Day, shell: Shell) -> tuple[str, ...]:
    """Due is the rule's day where there is one; done what is known to have happened."""
    due = day.computed or day.on
    happened = day.done or (day.on if day.state == "done" else None)
    return (
        shell(f"day.{day.id}"),
        clause_words(day, shell),
        shell.day(due),
        shell.day(happened) if happened else (f"({shell.day(day.on)})" if day.on != due else "–"),
        _signed(day.days_off, shell) if day.days_off else "0" if happened else "–",
        remarks(day, shell),
    )


def _signed(number: int, shell: Shell) -> str:
    """ "+7", isolated left to right where the document runs the other way (UAX 9, LRI): there it would be read as "7+"."""
    return f"\u2066{number:+d}\u2069" if shell.direction == "rtl" else f"{number:+d}"


def _moved(item: Extension, consultation: Round, shell: Shell) -> str:
    zone = consultation.time_zone
    text = shell(
        "sheet.extended",
        before=shell.moment(item.before, zone),
        after=shell.moment(item.after, zone),
        by=item.by,
        at=shell.day(item.at.astimezone(ZoneInfo(zone)).date()),
    )
    return shell.listed([text, shell("sheet.reason", reason=shell.name(item.reason))]) if item.reason else text
