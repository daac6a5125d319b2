"""Papers of the Chair: the compliance sheet, and the report's paragraphs and figures, in every format of the house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from msgspec import Struct

from intake.casework.compliance import compliance_outline
from intake.casework.compliance_report import RoundFigures, figures_of, report_outline
from intake.compilation.renderers import RENDERERS
from intake.compilation.words import Words, words_from
from intake.model.outline import Contents, Outline
from intake.model.round import Round
from intake.pipeline.calendar import days_of, extended, standing
from intake.pipeline.judge import judge_round
from intake.pipeline.office import Office
from intake.pipeline.printing import docx_file, pdf_files


class Reported(Struct, frozen=True, kw_only=True):
    """The figures that a report prints, and its files."""

    figures: tuple[RoundFigures, ...]
    files: dict[str, bytes]


def shell_of(office: Office, room: str, language: str) -> Words:
    """The words of a room's documents on top of those that every document shares."""
    return words_from(language, {**office.words[language].rooms, **office.templates.table(room, language)})


def print_outline(office: Office, outline: Outline, name: str, formats: Sequence[str]) -> dict[str, bytes]:
    """A document in the formats asked for: docx, pdf, html, md."""
    files = {f"{name}.{item.suffix}": item.render(outline) for item in RENDERERS if item.name in formats}
    if "docx" in formats and any(isinstance(node, Contents) for node in outline.nodes):
        files[f"{name}.docx"] = docx_file(outline, office.word_processor)
    if "pdf" in formats:
        files |= pdf_files(office.press, office.typst_source, outline, office.words[outline.language], name).files
    return files


def compliance_sheet(
    office: Office, consultation: Round, today: date, *, language: str, formats: Sequence[str]
) -> dict[str, bytes]:
    """The compliance sheet as of a day."""
    days = days_of(office, consultation, today)
    shell = shell_of(office, "report", language)
    outline = compliance_outline(standing(office, consultation), days, extended(office, consultation), today, shell)
    return print_outline(office, outline, "compliance", formats)


def chair_report(
    office: Office,
    rounds: Sequence[Round],
    earlier: Sequence[RoundFigures],
    *,
    language: str,
    years: int,
    first: str,
    source: str,
    formats: Sequence[str],
) -> Reported:
    """Paragraphs and tables over rounds of ours and earlier ones. Raises BadData when something does not reconcile."""
    figures = list(earlier)
    today = office.now().date()
    group = ""
    for item in rounds:
        consultation = standing(office, item).said_in(language)
        today = office.now().astimezone(ZoneInfo(consultation.time_zone)).date()
        group = consultation.working_group
        figures.append(figures_of(consultation, judge_round(office, item).counts, today))
    if not group and office.rounds:
        group = office.rounds[-1].said_in(language).working_group
    shell = shell_of(office, "report", language)
    outline = report_outline(figures, today, shell, group=group, first_paragraph=first, years=years, source=source)
    return Reported(figures=tuple(figures), files=print_outline(office, outline, "chair-report", formats))
