"""Edition and words to the outline that every format prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from intake.compilation.nodes import Contents, Cover, Facts, Heading, Line, Node, Outline, Quoted, Told
from intake.compilation.pieces import reflowed
from intake.compilation.tables import figures, proof, respondents
from intake.compilation.words import Words, direction_of
from intake.model.edition import Edition, Entry, EntryAnswer, Piece
from intake.model.round import Question


def outline_of(edition: Edition, words: Words) -> Outline:
    """The whole document. Pure; the same edition gives the same nodes."""
    title = words("doc.title")
    return Outline(
        language=words.language,
        direction=words.direction,
        title=f"{title}: {edition.round.topic}",
        page=words("doc.page"),
        page_of=words("doc.page_of", page="{page}", pages="{pages}"),
        skip=words("doc.skip"),
        replaced=words("doc.replaced", count="{count}"),
        contents=words("doc.contents"),
        symbol=edition.round.symbol or edition.round.id,
        stamp=_stamp(edition, words),
        date=(edition.released_on or edition.cut_off.date()).isoformat(),
        nodes=tuple(_nodes(edition, words)),
    )


def _stamp(edition: Edition, words: Words) -> str:
    return words("doc.draft") if edition.revision is None else words("doc.revision", n=edition.revision)


def _nodes(edition: Edition, words: Words) -> Iterator[Node]:
    yield _cover(edition, words)
    if edition.revision is None:
        yield Line(text=words("doc.draft_note"), style="draft")
    yield Contents(title=words("doc.contents"))
    yield from _about(edition, words)
    yield Heading(level=1, text=words("part.topic"), anchor="topic")
    yield Line(text=edition.round.topic)
    for question in edition.round.questions:
        yield from _question(question, words)
    yield Heading(level=1, text=words("part.figures"), anchor="figures", fresh=True)
    yield from figures(edition, words)
    yield Heading(level=1, text=words("part.respondents"), anchor="respondents")
    yield respondents(edition, words)
    yield Heading(level=1, text=words("part.by_respondent"), anchor="by-respondent", fresh=True)
    for entry in edition.entries:
        yield from _entry(entry, edition, words)
    yield Heading(level=1, text=words("part.by_question"), anchor="by-question", fresh=True)
    yield from _by_question(edition, words)
    yield from _campaigns(edition, words)
    if edition.late_entries:
        yield Heading(level=1, text=words("part.late"), anchor="late", fresh=True)
        for entry in edition.late_entries:
            yield from _entry(entry, edition, words)
    yield from _ends(edition, words)


def _cover(edition: Edition, words: Words) -> Cover:
    facts = [(words("doc.cut_off"), words.moment(edition.cut_off, edition.round.time_zone))]
    if edition.revision is not None:
        facts.append((words("doc.released_by"), edition.released_by))
    symbol = edition.round.symbol or edition.round.id
    return Cover(
        group=edition.round.working_group,
        topic=edition.round.topic,
        title=words("doc.title"),
        document=f"{words('doc.document')} {symbol} ({_stamp(edition, words)})",
        date=words.day(edition.released_on or edition.cut_off.date()),
        original=words("doc.original"),
        draft=words("doc.draft") if edition.revision is None else "",
        facts=tuple(facts),
    )


def _about(edition: Edition, words: Words) -> Iterator[Node]:
    round_ = edition.round
    yield Heading(level=1, text=words("part.about"), anchor="about", fresh=True)
    if round_.legal_basis:
        yield Line(text=words("about.basis", basis="; ".join(round_.legal_basis)))
    yield Line(text=words("about.verbatim"))
    yield Line(text=words("about.counting"))
    yield Line(
        text=words("about.late", deadline=words.moment(round_.dates.response_deadline, round_.time_zone), zone=round_.time_zone)
    )
    yield Line(text=words("about.campaign", similarity=f"{round_.campaign.similarity:.2f}", minimum=round_.campaign.minimum))
    if edition.withheld:
        yield Line(text=words("about.withheld"))


def _question(question: Question, words: Words) -> Iterator[Node]:
    yield Heading(level=2, text=words("entry.question", n=question.number), anchor=f"question-{question.number}")
    language = words.language if words.language in question.text else "en" if "en" in question.text else next(iter(question.text))
    yield Quoted(text=question.text[language], language=language, direction=direction_of(language))


def name_of(entry: Entry) -> str:
    """The respondent as headings name it: organization, else person."""
    return entry.respondent.organization or entry.respondent.person or "–"


def _entry(entry: Entry, edition: Edition, words: Words) -> Iterator[Node]:
    number = entry.public_number
    heading = f"{words('entry.heading', n=number)} – {name_of(entry)}"
    yield Heading(level=2, text=heading, anchor=f"response-{number}", number=number)
    yield Facts(pairs=tuple(_facts(entry, edition, words)))
    for note in entry.notes:
        yield Line(text=words(f"entry.{note}"), style="note")
    if entry.late:
        yield Line(text=words("entry.late"), style="note")
    if entry.abstract:
        yield Heading(level=3, text=words("entry.abstract"), anchor=f"response-{number}-abstract")
        yield Line(text=entry.abstract)
    if entry.general:
        yield Heading(level=3, text=words("entry.general"), anchor=f"response-{number}-general")
        yield from _pieces(entry.general, entry.language, words)
    for answer in entry.answers:
        yield Heading(
            level=3, text=words("entry.question", n=answer.question), anchor=f"response-{number}-question-{answer.question}"
        )
        yield from _answer(answer, entry, words)
    if entry.unmapped:
        yield Heading(level=3, text=words("entry.unmapped"), anchor=f"response-{number}-unmapped")
        yield from _pieces(entry.unmapped, entry.language, words)


def _facts(entry: Entry, edition: Edition, words: Words) -> Iterator[tuple[str, str]]:
    who = entry.respondent
    person = ", ".join(item for item in (who.person, who.title) if item)
    if person:
        yield words("table.respondent"), f"{person}{' – ' + who.organization if who.organization else ''}"
    elif who.organization:
        yield words("table.respondent"), who.organization
    yield words("table.category"), words(f"category.{who.category.value}")
    yield words("table.country"), words.country(who.country)
    yield words("table.region"), words(f"region.{who.region.value}")
    yield words("table.language"), words.tongue(entry.language)
    yield words("table.received"), words.moment(entry.received_at, edition.round.time_zone)
    if entry.co_signatories:
        yield words("entry.signatories"), "; ".join(entry.co_signatories)
    for item in entry.attachments:
        because = ""
        if item.because:
            why = words(f"state.{item.state}") if item.state == item.because else words.reason(item.because)
            because = f"; {words('entry.listed_only')}: {why}"
        yield words("entry.attachments"), f"{item.name} ({item.size_bytes:,} B; {words('state.' + item.state)}{because})"
    for sha in entry.message_sha256:
        yield words("entry.hash"), sha


def _answer(answer: EntryAnswer, entry: Entry, words: Words) -> Iterator[Node]:
    others = sorted(set(answer.together) - {answer.question})
    if others:
        yield Line(text=words("entry.together", list=", ".join(map(str, others))), style="note")
    yield from _pieces(answer.pieces, entry.language, words)


def _pieces(pieces: Sequence[Piece], language: str, words: Words) -> Iterator[Node]:
    source = ""
    before: Piece | None = None
    for piece in pieces:
        if piece.withheld and piece == before:
            continue
        before = piece
        place = _place(piece, words)
        if place and place != source:
            yield Line(text=place, style="source")
        source = place
        if piece.withheld:
            kind, _, reason = piece.withheld.partition(":")
            key = "entry.withheld" if kind == "pending" else "entry.redacted"
            yield Line(text=f"[{words(key, reason=words.reason(reason))}]", style="marker")
        else:
            blocks = tuple(replace(block, runs=reflowed(block.runs)) for block in piece.blocks)
            yield Told(blocks=blocks, language=language, direction=_direction(piece, language))


def _place(piece: Piece, words: Words) -> str:
    if not piece.source:
        return ""
    return words("entry.annex_page", name=piece.source, page=piece.page) if piece.page else piece.source


def _direction(piece: Piece, language: str) -> str:
    """By the words themselves: an Arabic respondent may quote English, and the reverse."""
    text = "".join(run.text for block in piece.blocks for run in (*block.runs, *(run for cell in block.cells for run in cell)))
    arabic = sum("\u0590" <= char <= "\u08ff" for char in text)
    latin = sum(char.isalpha() for char in text) - arabic
    if arabic + latin == 0:
        return direction_of(language)
    return "rtl" if arabic > latin else "ltr"


def _by_question(edition: Edition, words: Words) -> Iterator[Node]:
    every = [*edition.entries, *edition.late_entries]
    for question in edition.round.questions:
        yield Heading(level=2, text=words("entry.question", n=question.number), anchor=f"answers-{question.number}")
        language = words.language if words.language in question.text else next(iter(question.text))
        yield Quoted(text=question.text[language], language=language, direction=direction_of(language))
        found = False
        for entry in every:
            for answer in entry.answers:
                if answer.question == question.number:
                    found = True
                    text = f"{entry.public_number} – {name_of(entry)}"
                    yield Heading(level=3, text=text, anchor=f"answers-{question.number}-{entry.public_number}")
                    yield from _answer(answer, entry, words)
        if not found:
            yield Line(text=words("entry.no_answer"), style="note")
    general = [entry for entry in every if entry.general]
    if general:
        yield Heading(level=2, text=words("entry.general"), anchor="answers-general")
        for entry in general:
            yield Heading(
                level=3, text=f"{entry.public_number} – {name_of(entry)}", anchor=f"answers-general-{entry.public_number}"
            )
            yield from _pieces(entry.general, entry.language, words)


def _campaigns(edition: Edition, words: Words) -> Iterator[Node]:
    if not edition.campaigns:
        return
    yield Heading(level=1, text=words("part.campaigns"), anchor="campaigns")
    for item in edition.campaigns:
        yield Line(text=words("campaign.line", n=item.copies))
        yield Line(text=words("about.campaign", similarity=f"{item.similarity:.2f}", minimum=item.minimum), style="note")
        yield from _pieces(item.text, item.language, words)


def _ends(edition: Edition, words: Words) -> Iterator[Node]:
    yield Heading(level=1, text=words("part.left_out"), anchor="left-out", fresh=True)
    if not edition.left_out:
        yield Line(text=words("left.none"))
    for item in edition.left_out:
        number = f"{words('entry.heading', n=item.public_number)}: " if item.public_number else ""
        when = words.moment(item.received_at, edition.round.time_zone) if item.received_at else ""
        yield Line(
            text=f"{number}{words('left.' + item.what)}{' – ' + item.name if item.name else ''}{f' ({when})' if when else ''}"
        )
    if edition.revision is not None and edition.revision > 0:
        yield Heading(level=1, text=words("part.changes"), anchor="changes")
        if not edition.changes:
            yield Line(text=words("change.none"))
        for change in edition.changes:
            name = f" – {change.name}" if change.name else ""
            yield Line(text=f"{words('entry.heading', n=change.public_number)}{name}: {words(f'change.{change.kind}')}")
    yield Heading(level=1, text=words("part.proof"), anchor="proof")
    yield from proof(edition, words)
