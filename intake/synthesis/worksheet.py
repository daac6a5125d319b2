"""The worksheet: every candidate passage in its place, as Markdown for an officer's eyes; and the points file to begin with.

The worksheet is the program's and is made anew; the points file is the officer's and is never written again.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from intake.model.edition import Edition
from intake.model.outline import Shell
from intake.model.synthesis import GENERAL, Candidate, Findings, Group, Kind, Matrix

FIRST = 6
"""Passages shown of a group, and of a respondent on a question; the rest is told by number."""


def worksheet(matrix: Matrix, edition: Edition, findings: Findings | None, shell: Shell) -> str:
    """Markdown. Passages that the officer has ticked are shown ticked."""
    ticked = _ticked(findings)
    return "\n".join(_lines(matrix, edition, findings, ticked, shell)).rstrip() + "\n"


def points_start(kind: Kind, edition: Edition, shell: Shell) -> str:
    """A points file with its headings and how to write in it, to be filled by an officer."""
    lines = [
        f"# {shell(f'kind.{kind.value}')}: {one_line(edition.round.said_in(shell.language).topic)}",
        "",
        f"<!--\n{shell('worksheet.how_to').strip()}\n-->",
        "",
    ]
    lines += [f"## {shell('synth.introduction')} {{introduction}}", ""]
    for question in edition.round.questions:
        text = question.text.get(shell.language) or next(iter(question.text.values()))
        lines += [f"## {shell('synth.question', n=question.number)}", "", f"<!-- {one_line(text).replace('--', '- -')} -->", ""]
    lines += [f"## {shell('synth.general')} {{general}}", ""]
    if kind in (Kind.BRIEF_SUMMARY, Kind.SYNTHESIS_REPORT, Kind.ANALYTICAL_SUMMARY):
        lines += [f"## {shell('synth.discussion')} {{discussion}}", ""]
    return "\n".join(lines).rstrip() + "\n"


def one_line(text: str) -> str:
    """A text of others on one line, without marks that Markdown or a comment would obey at its beginning."""
    return " ".join(text.split())


def _ticked(findings: Findings | None) -> Set[tuple[int, str]]:
    if findings is None:
        return frozenset()
    return {(item.number, item.quote) for point in findings.points for item in point.cited}


def _lines(
    matrix: Matrix, edition: Edition, findings: Findings | None, ticked: Set[tuple[int, str]], shell: Shell
) -> Iterator[str]:
    yield from (
        f"# {shell('worksheet.title')}: {one_line(edition.round.said_in(shell.language).topic)}",
        "",
        f"*{shell('worksheet.intro')}*",
        "",
    )
    for question in matrix.questions:
        yield from (f"## {shell('synth.question', n=question) if question else shell('synth.general')}", "")
        text = next((item.text for item in edition.round.questions if item.number == question), None)
        if text:
            yield from (f"> {one_line(text.get(shell.language) or next(iter(text.values())))}", "")
        yield from (f"### {shell('worksheet.groups')}", "")
        groups = [group for group in matrix.groups if group.question == question]
        if not groups:
            yield from (shell("worksheet.none"), "")
        for group in groups:
            yield from _group(group, matrix, ticked, shell)
        yield from (f"### {shell('worksheet.cells')}", "")
        yield from _cells(question, matrix, ticked, shell)
    yield from (f"## {shell('worksheet.uncited')}", "")
    uncited = findings.uncited if findings is not None else matrix.numbers
    yield from (f"- {number} – {one_line(matrix.names[number])}" for number in uncited)


def _group(group: Group, matrix: Matrix, ticked: Set[tuple[int, str]], shell: Shell) -> Iterator[str]:
    name = shell(f"concept.{group.concept}") if group.concept else f"{group.term} – {_shared(group, shell)}"
    yield from (f"#### {name} ({len(group.numbers)})", "")
    comma = shell("join.comma")
    categories = comma.join(f"{shell(f'category.{key}')} {number}" for key, number in group.by_category.items())
    regions = comma.join(f"{shell(f'region.{key}')} {number}" for key, number in group.by_region.items())
    yield from (shell("synth.who", categories=categories, regions=regions), "")
    if group.hint:
        yield from (f"*{shell('worksheet.suggestion')}: {shell('worksheet.' + group.hint)}*", "")
    seen: set[int] = set()
    shown = [item for item in group.candidates if item.number not in seen and not seen.add(item.number)]  # type: ignore[func-returns-value]
    yield from (_line(item, matrix, ticked) for item in shown[:FIRST])
    rest = [item.id for item in group.candidates if item not in shown[:FIRST]]
    if rest:
        yield f"  {shell('worksheet.more', n=len(rest))}: {', '.join(rest)}"
    yield ""


def _shared(group: Group, shell: Shell) -> str:
    return shell("worksheet.shared", language=shell.tongue(group.language))


def _cells(question: int, matrix: Matrix, ticked: Set[tuple[int, str]], shell: Shell) -> Iterator[str]:
    for number in matrix.numbers:
        cell = matrix.cells.get((question, number), ())
        if not cell:
            continue
        yield from (f"#### {number} – {one_line(matrix.names[number])}", "")
        yield from (_line(item, matrix, ticked) for item in cell[:FIRST])
        if len(cell) > FIRST:
            yield f"  {shell('worksheet.more', n=len(cell) - FIRST)}: {', '.join(item.id for item in cell[FIRST:])}"
        yield ""


def _line(item: Candidate, matrix: Matrix, ticked: Set[tuple[int, str]]) -> str:
    tick = "x" if (item.number, item.text) in ticked else " "
    question = f"Q{item.question}" if item.question != GENERAL else "–"
    return f'- [{tick}] {item.id} "{one_line(item.text)}" ({one_line(matrix.names[item.number])}, {item.language}, {question})'
