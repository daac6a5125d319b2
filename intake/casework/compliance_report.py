"""Paragraphs and tables of figures for the Chair's report, annual and over several years; what does not add up is not printed.

Groups are those of each round (`reporting_groups`). A breakdown smaller than its whole is printed with what is missing, in a
sentence of its own; one that is larger, or a table of regions that does not give the whole, is refused.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from intake.casework.counting import REMAINDER, reconcile
from intake.errors import BadData
from intake.model.outline import Cover, Heading, Line, Node, Outline, Shell, Table, framed
from intake.model.record import Counts
from intake.model.round import Round
from intake.model.verdict import Category, Region

REGIONS = tuple(region.value for region in Region)


class RoundFigures(Struct, frozen=True, kw_only=True):
    """The figures of one round. `groups`: key -> responses; a key is canonical categories joined by "+", or a label of the round's
    own. `regions` empty: not known. `open_on`: the round was still open on that day."""

    id: str
    topic: str
    begun: date
    ended: date
    responses: int
    groups: tuple[tuple[str, int], ...]
    regions: dict[str, int] = {}
    late_accepted: int = 0
    open_on: date | None = None

    @property
    def remainder(self) -> int:
        """Responses that no group holds."""
        return self.responses - sum(number for _, number in self.groups)


def figures_of(consultation: Round, counts: Counts, today: date) -> RoundFigures:
    """A round of ours, from its counts. Raises Broken when they do not hold."""
    reconcile(counts)
    keys = {label: "+".join(names) for label, names in consultation.reporting_groups.items()}
    closing = consultation.dates.response_deadline.astimezone(ZoneInfo(consultation.time_zone)).date()
    return checked(
        RoundFigures(
            id=consultation.id,
            topic=consultation.topic,
            begun=consultation.dates.opened,
            ended=consultation.dates.physical_consultation,
            responses=counts.counted,
            groups=tuple((keys[label], counts.by_group.get(label, 0)) for label in keys if counts.by_group.get(label, 0)),
            regions=dict(counts.by_region),
            late_accepted=counts.late_accepted,
            open_on=today if today <= closing else None,
        )
    )


def checked(figures: RoundFigures) -> RoundFigures:
    """The same figures. Raises BadData when they cannot be printed without saying what is not so."""
    where = f"round {figures.id}"
    inside = sum(number for _, number in figures.groups)
    if figures.responses < 0 or any(number < 0 for _, number in figures.groups):
        raise BadData(f"{where}: a number of responses is negative")
    if len({key for key, _ in figures.groups}) != len(figures.groups):
        raise BadData(f"{where}: a group stands twice")
    if inside > figures.responses:
        raise BadData(f"{where}: the groups add up to {inside}, more than the {figures.responses} responses: nothing is printed")
    if figures.regions and sum(figures.regions.values()) != figures.responses:
        found = sum(figures.regions.values())
        raise BadData(f"{where}: the regions add up to {found}, not to the {figures.responses} responses: nothing is printed")
    return figures


def figures_from(text: str, where: str) -> tuple[RoundFigures, ...]:
    """Figures of earlier rounds from a file (docs/GUIDE.md). Raises BadData with what is wrong."""
    try:
        entries = tomllib.loads(text).get("rounds", [])
    except tomllib.TOMLDecodeError as error:
        raise BadData(f"{where}: is not TOML: {error}") from error
    return tuple(_figures(entry, f"{where}: rounds[{number}]") for number, entry in enumerate(entries, 1))


def _figures(entry: Mapping[str, Any], where: str) -> RoundFigures:
    wanted: dict[str, type] = {"id": str, "topic": str, "from": date, "to": date, "responses": int, "groups": dict}
    for key, kind in wanted.items():
        if not isinstance(entry.get(key), kind):
            raise BadData(f"{where}: {key} is missing or no {kind.__name__}")
    unknown = sorted(set(entry) - {*wanted, "regions", "late_accepted"})
    if unknown:
        raise BadData(f"{where}: unknown key {unknown[0]!r}")
    strange = sorted(set(entry.get("regions", {})) - set(REGIONS))
    if strange:
        raise BadData(f"{where}: {strange[0]!r} is no region")
    return checked(
        RoundFigures(
            id=entry["id"],
            topic=entry["topic"],
            begun=entry["from"],
            ended=entry["to"],
            responses=entry["responses"],
            groups=tuple((key, int(number)) for key, number in entry["groups"].items()),
            regions={key: int(number) for key, number in entry.get("regions", {}).items()},
            late_accepted=int(entry.get("late_accepted", 0)),
        )
    )


def paragraph(figures: RoundFigures, shell: Shell) -> str:
    """The report's paragraph on one round; the responses that no group holds are reported in its last sentence."""
    checked(figures)
    parts = [_from(key, number, shell) for key, number in figures.groups]
    split = shell("report.split", list=_joined(parts, shell)) if parts else ""
    sentences = [
        shell(
            "report.paragraph",
            topic=figures.topic,
            **{"from": shell.month(figures.begun), "to": shell.month(figures.ended)},
            count=shell.plural("count", figures.responses),
            split=split,
        )
    ]
    if figures.remainder and parts:
        numbers = " + ".join(str(number) for number in (*(number for _, number in figures.groups), figures.remainder))
        sentences.append(shell.plural("remainder", figures.remainder, total=figures.responses, sum=numbers))
    if figures.regions:
        regions = shell("join.comma").join(
            f"{shell('region.' + key)} {figures.regions[key]}" for key in REGIONS if figures.regions.get(key)
        )
        sentences.append(shell("report.regions", list=regions))
    if figures.late_accepted:
        sentences.append(shell("report.on_time", n=figures.late_accepted))
    if figures.open_on is not None:
        sentences.append(shell("report.running", day=shell.day(figures.open_on)))
    return ("" if shell.language == "zh" else " ").join(sentences)


def report_outline(
    rounds: Sequence[RoundFigures], today: date, shell: Shell, *, group: str, first_paragraph: str, years: int, source: str = ""
) -> Outline:
    """Numbered paragraphs (from `first_paragraph`, as "2.4") and tables. Raises BadData when nothing can be printed."""
    if not rounds:
        raise BadData("there is no round to report on")
    title = shell("report.title_years" if years > 1 else "report.title")
    nodes = tuple(_nodes(sorted(rounds, key=lambda item: item.begun), today, shell, group, first_paragraph, title, source))
    return framed(shell, title, symbol=shell("report.document"), stamp=shell.day(today), on=today, nodes=nodes)


def _nodes(
    rounds: Sequence[RoundFigures], today: date, shell: Shell, group: str, first: str, title: str, source: str
) -> Iterator[Node]:
    yield Cover(
        group=group,
        topic="",
        title=title,
        document=shell("report.document"),
        date=shell.day(today),
        original="",
        draft="",
        facts=(),
    )
    chapter, _, number = first.rpartition(".")
    for index, figures in enumerate(rounds):
        yield Line(text=f"{chapter}{'.' if chapter else ''}{int(number) + index} {paragraph(figures, shell)}")
    yield Heading(level=1, text=shell("report.caption"), anchor="figures")
    yield groups_table(rounds, shell)
    known = [figures for figures in rounds if figures.regions]
    if known:
        yield Heading(level=1, text=shell("report.caption_regions"), anchor="regions")
        yield _regions_table(known, shell)
    if source:
        yield Line(text=shell("report.earlier", file=source), style="note")


def groups_table(rounds: Sequence[RoundFigures], shell: Shell) -> Table:
    """Groups down, rounds across: every column adds up to the round's responses, every row to its sum."""
    keys = list(dict.fromkeys(key for figures in rounds for key, _ in figures.groups))
    tables = [dict(figures.groups) for figures in rounds]
    rows = [(_label(key, shell), *_numbers([table.get(key, 0) for table in tables])) for key in keys]
    if any(figures.remainder for figures in rounds):
        rows.append((shell("report.remainder_table"), *_numbers([figures.remainder for figures in rounds])))
    rows.append((shell("report.total"), *_numbers([figures.responses for figures in rounds])))
    return _table(shell("report.caption"), rounds, rows, shell)


def _regions_table(rounds: Sequence[RoundFigures], shell: Shell) -> Table:
    keys = [key for key in REGIONS if any(figures.regions.get(key) for figures in rounds)]
    rows = [(shell(f"region.{key}"), *_numbers([figures.regions.get(key, 0) for figures in rounds])) for key in keys]
    rows.append((shell("report.total"), *_numbers([figures.responses for figures in rounds])))
    return _table(shell("report.caption_regions"), rounds, rows, shell)


def _table(caption: str, rounds: Sequence[RoundFigures], rows: Sequence[tuple[str, ...]], shell: Shell) -> Table:
    """Raises BadData when a column or a row does not give its whole: no table that is wrong leaves the house."""
    for column in range(1, len(rows[0])):
        parts, whole = sum(int(row[column]) for row in rows[:-1]), int(rows[-1][column])
        if parts != whole:
            raise BadData(f"{caption}: a column adds up to {parts}, not to {whole}: nothing is printed")
    many = len(rounds) > 1
    head = (shell("report.round"), *(f"{item.topic}{shell.aside(shell.month(item.ended))}" for item in rounds))
    return Table(
        caption=caption,
        head=(*head, shell("report.sum_of")) if many else head,
        rows=tuple(row if many else row[:-1] for row in rows),
        total=True,
    )


def _numbers(numbers: Sequence[int]) -> tuple[str, ...]:
    return (*(str(number) for number in numbers), str(sum(numbers)))


def _categories(key: str) -> list[str] | None:
    """The canonical categories of a key, None for a label of a round's own."""
    names = key.split("+")
    return names if all(name in {category.value for category in Category} for name in names) else None


def _from(key: str, number: int, shell: Shell) -> str:
    """ "15 from governments"; where a group joins categories, the names are joined and the number stands once."""
    if shell.has(f"from.{key}"):
        return shell(f"from.{key}", n=number)
    names = _categories(key)
    if names is None:
        return shell("from.label", n=number, label=key)
    return shell("from.label", n=number, label=_label(key, shell))


def _label(key: str, shell: Shell) -> str:
    names = _categories(key)
    if names is None:
        return key or shell("report.remainder_table")
    return _joined([shell(f"category.{name}") for name in names], shell)


def _joined(parts: Sequence[str], shell: Shell) -> str:
    """ "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return shell("join.comma").join(parts[:-1]) + shell("join.and") + parts[-1]


assert REMAINDER == "", "a round's own label is never empty"
