"""An officer's points file (Markdown): read it, find its evidence in the source, count who, refuse what has none.

    ## Question 1
    ### Statement in one sentence.
    A paragraph that explains it, if wanted.
    - [x] 7-1-3fa29c "words of the passage"      a passage of the worksheet, ticked
    - [x] 12 "words as they stand in response 12"  words chosen by the officer
    - [-] 15-1-09bd11                             a passage that speaks against the statement
    - [ ] 16-1-77aa10                             not ticked: not used

Headings of level two: a question by its number, "General comments", and, as the officer's own text about no response,
"Introduction" and "Discussion". The heading may be in any language: what counts is the number or the key in braces ({general},
{introduction}, {discussion}).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from intake.model.edition import Edition, Entry
from intake.model.synthesis import GENERAL, CheckedPoint, Cited, Evidence, Findings, Matrix, Point, Points
from intake.synthesis.matrix import people_of
from intake.synthesis.source import entries_of, stands_in, texts_of

_LINE = re.compile(r"^\s*[-*+]\s*\[(?P<tick>[^\]]?)\]\s*(?P<who>\d+(?:-\d+-[0-9a-f]{6})?)\b[\s:,.–-]*(?P<rest>.*)$")
_BOX = re.compile(r"^\s*[-*+]\s*\[[^\]]?\]")
_QUOTED = re.compile(r"^[\"“„«「](?P<words>.*)[\"”“»」][.\s]*$", re.DOTALL)
_SECTION = {"general": "general", "introduction": "introduction", "discussion": "discussion"}
_TICKS = {"x": False, "X": False, "✓": False, "✔": False, "-": True}


class _Reading:
    """A points file while it is read."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.introduction: list[str] = []
        self.discussion: list[str] = []
        self.points: list[Point] = []
        self.section: str | int | None = None
        self.statement: str | None = None
        self.text: list[str] = []
        self.evidence: list[Evidence] = []
        self.line = 0
        self.paragraph: list[str] = []

    def end_paragraph(self) -> None:
        words = " ".join(self.paragraph).strip()
        self.paragraph = []
        if not words:
            return
        if self.statement is not None:
            self.text.append(words)
        elif self.section == "introduction":
            self.introduction.append(words)
        elif self.section == "discussion":
            self.discussion.append(words)
        elif self.section is not None:
            self.faults.append(f"text without a statement above it: {words[:60]!r} (a statement begins with ###)")

    def end_point(self) -> None:
        self.end_paragraph()
        if self.statement is not None:
            question = self.section if isinstance(self.section, int) else GENERAL
            if self.section in ("introduction", "discussion", None):
                self.faults.append(f"line {self.line}: the statement {self.statement[:60]!r} stands under no question")
            self.points.append(
                Point(
                    question=question,
                    statement=self.statement,
                    text=tuple(self.text),
                    evidence=tuple(self.evidence),
                    line=self.line,
                )
            )
        self.statement, self.text, self.evidence = None, [], []


def points_from(text: str) -> tuple[Points, tuple[str, ...]]:
    """(points, faults) of a points file. Comments (<!-- -->) are left out; everything else is read or is a fault."""
    reading = _Reading()
    for number, line in enumerate(_without_comments(text).splitlines(), 1):
        if line.startswith("### "):
            reading.end_point()
            reading.statement, reading.line = line[4:].strip(), number
        elif line.startswith("## "):
            reading.end_point()
            reading.section = _section(line[3:])
            if reading.section is None:
                reading.faults.append(f"line {number}: which question is {line[3:].strip()!r}? (a number, or general)")
        elif line.startswith("# "):
            reading.end_point()
            reading.section = None
        elif _BOX.match(line):
            reading.end_paragraph()
            _tick(reading, line, number)
        elif not line.strip():
            reading.end_paragraph()
        else:
            reading.paragraph.append(line.strip())
    reading.end_point()
    points = Points(introduction=tuple(reading.introduction), discussion=tuple(reading.discussion), points=tuple(reading.points))
    return points, tuple(reading.faults)


def _without_comments(text: str) -> str:
    """Comments become empty lines, so that line numbers stay."""
    return re.sub(r"<!--.*?-->", lambda match: "\n" * match.group().count("\n"), text, flags=re.DOTALL)


def _section(heading: str) -> str | int | None:
    key = re.search(r"\{(\w+)\}", heading)
    if key is not None:
        return _SECTION.get(key.group(1).lower())
    number = re.search(r"\d+", heading)
    if number is not None:
        return int(number.group())
    return _SECTION.get(heading.strip().lower().split(" ")[0]) if heading.strip() else None


def _tick(reading: _Reading, line: str, number: int) -> None:
    match = _LINE.match(line)
    if match is None:
        reading.faults.append(
            f"line {number}: a ticked line wants the number of a response or of a passage: {line.strip()[:60]!r}"
        )
        return
    if not match["tick"].strip():
        return
    if match["tick"] not in _TICKS:
        reading.faults.append(f"line {number}: [{match['tick']}] is neither [x] (for) nor [-] (against) nor [ ]")
        return
    if reading.statement is None:
        reading.faults.append(f"line {number}: a ticked passage without a statement above it")
        return
    rest = match["rest"].strip()
    quoted = _QUOTED.match(rest)
    who = match["who"]
    reading.evidence.append(
        Evidence(
            number=int(who.partition("-")[0]),
            passage=who if "-" in who else "",
            quote=(quoted["words"] if quoted else rest).strip(),
            against=_TICKS[match["tick"]],
            line=number,
        )
    )


def check(points: Points, faults: Iterable[str], edition: Edition, matrix: Matrix) -> Findings:
    """Every statement with the evidence that was found; faults for what was not. Pure."""
    entries = entries_of(edition)
    passages = {item.id: item for cell in matrix.cells.values() for item in cell}
    questions = {question.number for question in edition.round.questions} | {GENERAL}
    found = list(faults)
    checked = []
    for point in points.points:
        if point.question not in questions:
            found.append(f"line {point.line}: there is no question {point.question}")
        cited = []
        for item in point.evidence:
            result = _find(item, point, entries, {key: (value.text, value.question) for key, value in passages.items()})
            if isinstance(result, str):
                found.append(f"line {item.line}: {result}")
            else:
                cited.append(result)
        if not {item.number for item in cited if not item.against} - {item.number for item in cited if item.against}:
            found.append(f"line {point.line}: the statement {point.statement[:60]!r} has no evidence: it is refused")
            continue
        checked.append(_counted(point, cited, entries))
    used = {number for point in checked for number in (*point.numbers, *point.contrary)}
    return Findings(
        introduction=points.introduction,
        discussion=points.discussion,
        points=tuple(checked),
        faults=tuple(found),
        uncited=tuple(number for number in entries if number not in used),
    )


def _find(item: Evidence, point: Point, entries: dict[int, Entry], passages: dict[str, tuple[str, int]]) -> Cited | str:
    """The words as they stand in the source, or what is wrong."""
    entry = entries.get(item.number)
    if entry is None:
        return f"there is no printed response {item.number}"
    texts = dict(texts_of(entry))
    if item.passage and item.passage in passages:
        words, question = passages[item.passage]
        if item.quote and not stands_in(item.quote, [words]):
            return f"the words beside passage {item.passage} are not those of the passage: {item.quote[:60]!r}"
        quote = item.quote or words
        return Cited(number=item.number, question=question, quote=quote, language=entry.language, against=item.against)
    if not item.quote:
        what = f"passage {item.passage} stands no more in response {item.number}" if item.passage else "no words are quoted"
        return f"{what}: quote the words"
    order = sorted(texts, key=lambda number: (number != point.question, number))
    for question in order:
        if stands_in(item.quote, texts[question]):
            return Cited(number=item.number, question=question, quote=item.quote, language=entry.language, against=item.against)
    return f"response {item.number} does not say: {item.quote[:80]!r}"


def _counted(point: Point, cited: list[Cited], entries: dict[int, Entry]) -> CheckedPoint:
    """Who supports it and who does not, each respondent once; who stands on both sides is counted as against."""
    contrary = tuple(sorted({item.number for item in cited if item.against}))
    numbers = tuple(sorted({item.number for item in cited} - set(contrary)))
    by_category, by_region = people_of(numbers, entries)
    return CheckedPoint(
        question=point.question,
        statement=point.statement,
        text=point.text,
        cited=tuple(cited),
        numbers=numbers,
        contrary=contrary,
        by_category=by_category,
        by_region=by_region,
    )
