"""Findings to a document: synthesis report, analytical summary, key findings, guidelines, brief summary. What stands in each, and
in what order, is told by templates/synthesis/layouts.toml; hints and suggestions have no part and so are in none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from intake.errors import Broken
from intake.model.direction import direction_of
from intake.model.edition import Edition
from intake.model.outline import Contents, Cover, Facts, Heading, Line, Node, Outline, Quoted, Shell, Table, framed
from intake.model.synthesis import GENERAL, CheckedPoint, Findings, Kind, Matrix
from intake.synthesis.source import entries_of, name_of


class Document(Struct, frozen=True, kw_only=True):
    """What a document is made from. `number` None: a draft, stamped; else the n-th release. `points_sha256` of the officer's file."""

    kind: Kind
    edition: Edition
    findings: Findings
    matrix: Matrix
    points_sha256: str
    on: date
    number: int | None = None
    released_by: str = ""


def document_outline(document: Document, shell: Shell, layout: Sequence[str]) -> Outline:
    """The document. Raises Broken for a part that does not exist (layouts are checked at start)."""
    title = shell(f"kind.{document.kind.value}")
    round_ = document.edition.round.said_in(shell.language)
    document = replace(document, edition=replace(document.edition, round=round_))
    stamp = shell("synth.draft") if document.number is None else shell("doc.revision", n=document.number)
    nodes = [*_cover(document, title, stamp, shell)]
    for name in layout:
        part = PARTS.get(name)
        if part is None:
            raise Broken(f"layouts.toml: {document.kind.value}: there is no part {name!r}")
        nodes += part(document, shell)
    return framed(
        shell,
        f"{title}{shell.colon}{round_.topic}",
        symbol=round_.symbol or round_.id,
        stamp=stamp,
        on=document.on,
        nodes=tuple(nodes),
    )


def layout_faults(layouts: Mapping[str, Sequence[str]]) -> list[str]:
    """What is wrong with a table of layouts: checked at start."""
    faults = [f"templates/synthesis/layouts.toml: {kind.value} is missing" for kind in Kind if kind.value not in layouts]
    for name, parts in layouts.items():
        if name not in {kind.value for kind in Kind}:
            faults.append(f"templates/synthesis/layouts.toml: there is no document {name!r}")
        faults += [f"templates/synthesis/layouts.toml: {name}: there is no part {part!r}" for part in parts if part not in PARTS]
    return faults


def _cover(document: Document, title: str, stamp: str, shell: Shell) -> Iterator[Node]:
    edition = document.edition
    facts = [(shell("synth.cut_off"), shell.moment(edition.cut_off, edition.round.time_zone))]
    if document.number is not None:
        facts.append((shell("doc.released_by"), document.released_by))
    yield Cover(
        group=edition.round.working_group,
        topic=edition.round.topic,
        title=title,
        document=f"{shell('doc.document')} {edition.round.symbol or edition.round.id}{shell.aside(stamp)}",
        date=shell.day(document.on),
        original="",
        draft=shell("synth.draft") if document.number is None else "",
        facts=tuple(facts),
    )
    if document.number is None:
        yield Line(text=shell("synth.draft_note"), style="draft")


def _contents(_document: Document, shell: Shell) -> Iterator[Node]:
    yield Contents(title=shell("doc.contents"))


def _about(document: Document, shell: Shell) -> Iterator[Node]:
    basis = document.edition.round.legal_basis
    yield Heading(level=1, text=shell("synth.about"), anchor="about")
    if basis:
        yield Line(text=shell("about.basis", basis=shell.listed(basis)))
    yield Line(text=shell("synth.method"))
    yield Line(text=shell("synth.counting"))


def _introduction(document: Document, shell: Shell) -> Iterator[Node]:
    if document.findings.introduction:
        yield Heading(level=1, text=shell("synth.introduction"), anchor="introduction")
        yield from (Line(text=text) for text in document.findings.introduction)


def _discussion(document: Document, shell: Shell) -> Iterator[Node]:
    if document.findings.discussion:
        yield Heading(level=1, text=shell("synth.discussion"), anchor="discussion")
        yield Line(text=shell("synth.discussion_note"), style="note")
        yield from (Line(text=text) for text in document.findings.discussion)


def _opening(document: Document, shell: Shell) -> Iterator[Node]:
    """The first words of a brief summary: how many responses, and from whom."""
    counts = document.edition.counts
    if sum(counts.by_category.values()) != counts.counted:
        raise Broken(f"the categories add up to {sum(counts.by_category.values())}, not {counts.counted}: nothing is printed")
    parts = [shell(f"from.{key}", n=number) for key, number in counts.by_category.items()]
    listed = "".join(parts) if len(parts) < 2 else shell("join.comma").join(parts[:-1]) + shell("join.and") + parts[-1]
    count = shell.plural("count", counts.counted)
    count = count[:1].upper() + count[1:]
    yield Line(text=shell("synth.opening", count=count, list=listed) if parts else shell("synth.opening_bare", count=count))


def _figures(document: Document, shell: Shell) -> Iterator[Node]:
    counts = document.edition.counts
    yield Heading(level=1, text=shell("synth.figures"), anchor="figures")
    for key, room, table in (
        ("category", "category", counts.by_category),
        ("region", "region", counts.by_region),
        ("language", "", counts.by_language),
    ):
        if sum(table.values()) != counts.counted:
            raise Broken(f"the table by {key} adds up to {sum(table.values())}, not {counts.counted}: nothing is printed")
        rows = tuple((shell(f"{room}.{name}") if room else shell.tongue(name), str(number)) for name, number in table.items())
        yield Table(
            caption=shell(f"table.caption_{key}"),
            head=(shell(f"synth.{key}"), shell("synth.count")),
            rows=(*rows, (shell("table.total"), str(counts.counted))),
            total=True,
            bars=True,
        )
    rows = tuple(
        (shell("synth.question", n=item.number), str(counts.by_question.get(str(item.number), 0)))
        for item in document.edition.round.questions
    )
    if rows:
        head = (shell("table.question"), shell("synth.count"))
        yield Table(caption=shell("table.caption_question"), head=head, rows=rows, bars=True)


def _by_question(document: Document, shell: Shell, title: str) -> Iterator[tuple[Node, ...] | CheckedPoint]:
    """The headings, each question's text, and the points in their places."""
    yield (Heading(level=1, text=shell(title), anchor="points"),)
    if not document.findings.points:
        yield (Line(text=shell("synth.no_points"), style="note"),)
    for question in (*document.edition.round.questions, None):
        number = question.number if question is not None else GENERAL
        points = [point for point in document.findings.points if point.question == number]
        if not points:
            continue
        text = shell("synth.question", n=number) if number else shell("synth.general")
        heads: list[Node] = [Heading(level=2, text=text, anchor=f"points-{number}")]
        if question is not None:
            language = shell.language if shell.language in question.text else next(iter(question.text))
            heads.append(Quoted(text=question.text[language], language=language, direction=direction_of(language)))
        yield tuple(heads)
        yield from points


def _points(document: Document, shell: Shell, title: str, *, quotes: bool, views: bool, counts: bool) -> Iterator[Node]:
    number = 0
    for item in _by_question(document, shell, title):
        if isinstance(item, tuple):
            yield from item
            continue
        number += 1
        yield from _point(item, f"{number}. {item.statement}", f"point-{number}", shell, level=3, counts=counts)
        if views:
            yield _views(item, document, shell)
        if quotes:
            yield from _quotes(item, document, shell)


def _point(point: CheckedPoint, heading: str, anchor: str, shell: Shell, *, level: int, counts: bool) -> Iterator[Node]:
    yield Heading(level=level, text=heading, anchor=anchor)
    yield from (Line(text=text) for text in point.text)
    if not counts:
        yield Line(text=f"({shell('synth.responses', list=_list(point.numbers, shell))})", style="note")
        return
    supported = shell.plural("supported", len(point.numbers))
    if sum(point.by_category.values()) != len(point.numbers) or sum(point.by_region.values()) != len(point.numbers):
        raise Broken(f"who supports {point.statement[:40]!r} does not add up: nothing is printed")
    comma = shell("join.comma")
    categories = comma.join(f"{shell(f'category.{key}')} {number}" for key, number in point.by_category.items())
    regions = comma.join(f"{shell(f'region.{key}')} {number}" for key, number in point.by_region.items())
    listed = _list(point.numbers, shell)
    yield Line(
        text=f"{supported}{shell.aside(listed)}{shell.stop}{shell('synth.who', categories=categories, regions=regions)}",
        style="note",
    )
    if point.contrary:
        against = shell.plural("contrary", len(point.contrary))
        yield Line(text=f"{against}{shell.aside(_list(point.contrary, shell))}{shell.stop.rstrip()}", style="note")


def _quotes(point: CheckedPoint, document: Document, shell: Shell) -> Iterator[Node]:
    entries = entries_of(document.edition)
    for item in point.cited:
        key = "synth.quote_against" if item.against else "synth.quote_of"
        yield Line(text=shell(key, n=item.number, name=name_of(entries[item.number])), style="source")
        yield Quoted(text=item.quote, language=item.language, direction=direction_of(item.language))


def _views(point: CheckedPoint, document: Document, shell: Shell) -> Table:
    """For and against by category: who agrees, who does not, and who is alone."""
    entries = entries_of(document.edition)
    rows: dict[str, list[int]] = {}
    for side, numbers in ((0, point.numbers), (1, point.contrary)):
        for number in numbers:
            rows.setdefault(entries[number].respondent.category.value, [0, 0])[side] += 1
    ordered = sorted(rows.items(), key=lambda item: (-sum(item[1]), item[0]))
    total = (shell("table.total"), str(len(point.numbers)), str(len(point.contrary)))
    return Table(
        caption=f"{shell('synth.category')}{shell.colon}{shell('synth.pro')} / {shell('synth.contra')}",
        head=(shell("synth.category"), shell("synth.pro"), shell("synth.contra")),
        rows=(*((shell(f"category.{key}"), str(sides[0]), str(sides[1])) for key, sides in ordered), total),
        total=True,
    )


def _numbered(document: Document, shell: Shell, title: str, one: str) -> Iterator[Node]:
    """Findings or guidelines one after the other, whatever question they come from."""
    yield Heading(level=1, text=shell(title), anchor="points")
    if not document.findings.points:
        yield Line(text=shell("synth.no_points"), style="note")
    for number, point in enumerate(document.findings.points, 1):
        yield Line(text=shell(one, n=number), style="source")
        yield from _point(point, point.statement, f"point-{number}", shell, level=2, counts=True)


def _matrix(document: Document, shell: Shell) -> Iterator[Node]:
    """Question by respondent: how many passages are cited."""
    matrix = document.matrix
    cited: dict[tuple[int, int], int] = {}
    for point in document.findings.points:
        for item in point.cited:
            cited[(item.question, item.number)] = cited.get((item.question, item.number), 0) + 1
    answered = {(answer.question, number) for number, entry in entries_of(document.edition).items() for answer in entry.answers}
    answered |= {(GENERAL, number) for number, entry in entries_of(document.edition).items() if entry.general or entry.unmapped}
    yield Heading(level=1, text=shell("synth.matrix"), anchor="matrix")
    yield Line(text=shell("synth.matrix_note"), style="note")
    heads = [shell("synth.question", n=question) if question else shell("synth.general") for question in matrix.questions]
    rows = []
    for number in matrix.numbers:
        row = [
            str(cited[(question, number)]) if (question, number) in cited else "·" if (question, number) in answered else "–"
            for question in matrix.questions
        ]
        rows.append((f"{number} – {matrix.names[number]}", *row))
    yield Table(
        caption=shell("synth.matrix"), head=(shell("synth.respondent"), *heads), rows=tuple(rows), widths=(4, *(1 for _ in heads))
    )


def _uncited(document: Document, shell: Shell) -> Iterator[Node]:
    yield Heading(level=1, text=shell("synth.uncited"), anchor="uncited")
    if not document.findings.uncited:
        yield Line(text=shell("synth.uncited_none"))
        return
    yield Line(text=shell("synth.uncited_note"))
    names = document.matrix.names
    yield Facts(pairs=tuple((str(number), names[number]) for number in document.findings.uncited))


def _evidence(document: Document, shell: Shell) -> Iterator[Node]:
    entries = entries_of(document.edition)
    rows = []
    for number, point in enumerate(document.findings.points, 1):
        for item in point.cited:
            side = shell("synth.contra" if item.against else "synth.pro")
            rows.append((str(number), f"{item.number} – {name_of(entries[item.number])}", side, item.quote))
    yield Heading(level=1, text=shell("synth.evidence"), anchor="evidence")
    head = tuple(shell(f"synth.{key}") for key in ("number", "respondent", "side", "words"))
    yield Table(caption=shell("synth.evidence"), head=head, rows=tuple(rows), widths=(1, 4, 2, 8))


def _proof(document: Document, shell: Shell) -> Iterator[Node]:
    edition = document.edition
    released = shell("synth.edition_draft") if edition.revision is None else shell("doc.revision", n=edition.revision)
    yield Heading(level=1, text=shell("synth.proof"), anchor="proof")
    yield Facts(
        pairs=(
            (shell("synth.edition"), released),
            (shell("synth.cut_off"), shell.moment(edition.cut_off, edition.round.time_zone)),
            (shell("synth.manifest"), edition.manifest_sha256),
            (shell("synth.file"), document.points_sha256),
        )
    )


def _list(numbers: Sequence[int], shell: Shell) -> str:
    return shell("join.comma").join(str(number) for number in numbers)


PARTS: Mapping[str, Callable[[Document, Shell], Iterator[Node]]] = {
    "contents": _contents,
    "about": _about,
    "introduction": _introduction,
    "opening": _opening,
    "figures": _figures,
    "points_quoted": lambda doc, shell: _points(doc, shell, "synth.points", quotes=True, views=False, counts=True),
    "points_views": lambda doc, shell: _points(doc, shell, "synth.views", quotes=False, views=True, counts=True),
    "points_plain": lambda doc, shell: _points(doc, shell, "synth.points", quotes=False, views=False, counts=False),
    "findings": lambda doc, shell: _numbered(doc, shell, "synth.findings", "synth.finding"),
    "guidelines": lambda doc, shell: _numbered(doc, shell, "synth.guidelines", "synth.guideline"),
    "discussion": _discussion,
    "matrix": _matrix,
    "uncited": _uncited,
    "evidence": _evidence,
    "proof": _proof,
}
