"""One response as nodes: who, what, from where, each answer, annexes, and an unofficial translation where there is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from intake.compilation.nodes import Facts, Heading, Line, Node, Told
from intake.compilation.pieces import reflowed
from intake.compilation.words import Words
from intake.model.direction import direction_of
from intake.model.edition import Edition, Entry, EntryAnswer, EntryAttachment, Piece, Translation
from intake.model.text import Block, BlockKind, Run

_RTL = re.compile(r"[\u0590-\u08ff]+")
_LETTER = re.compile(r"[^\W\d_]")


def name_of(entry: Entry) -> str:
    """The respondent as headings name it: organization, else person."""
    return entry.respondent.organization or entry.respondent.person or "–"


def entry_nodes(entry: Entry, edition: Edition, words: Words) -> Iterator[Node]:
    """A response under its own heading."""
    number = entry.public_number
    heading = f"{words('entry.heading', n=number)} – {words.name(name_of(entry))}"
    yield Heading(level=2, text=heading, anchor=f"response-{number}", number=number)
    yield Facts(pairs=tuple(_facts(entry, edition, words)))
    for note in entry.notes:
        yield Line(text=words(f"entry.{note}"), style="note")
    if entry.late:
        yield Line(text=words("entry.late"), style="note")
    if entry.abstract:
        yield Heading(level=3, text=words("entry.abstract"), anchor=f"response-{number}-abstract")
        yield _paragraphs((entry.abstract,), entry.language, "abstract")
    if entry.general:
        yield Heading(level=3, text=words("entry.general"), anchor=f"response-{number}-general")
        yield from piece_nodes(entry.general, entry.language, words)
    for answer in entry.answers:
        yield Heading(
            level=3, text=words("entry.question", n=answer.question), anchor=f"response-{number}-question-{answer.question}"
        )
        said = next(
            (one.question for one in entry.answers if one.question < answer.question and one.pieces == answer.pieces), None
        )
        if said is not None and said in answer.together:
            yield Line(text=words("entry.same_as", n=said), style="note")
            continue
        yield from answer_nodes(answer, entry, words)
    if entry.unmapped:
        yield Heading(level=3, text=words("entry.unmapped"), anchor=f"response-{number}-unmapped")
        yield from piece_nodes(entry.unmapped, entry.language, words)
    for index, item in enumerate(entry.translations, 1):
        yield from _translation(item, number, index, words)


def _translation(item: Translation, number: int, index: int, words: Words) -> Iterator[Node]:
    text = words("entry.translation", language=words.tongues((item.language,)))
    yield Heading(level=3, text=text, anchor=f"response-{number}-translation-{index}")
    yield Line(text=words("entry.translation_note", by=item.by, on=words.day(item.on)), style="note")
    yield _paragraphs(item.text, item.language, "translation")


def _paragraphs(texts: Sequence[str], language: str, of: str) -> Told:
    """Words that are no passage of the response, in their own language and direction."""
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, start=0, end=len(text), runs=(Run(text=text),)) for text in texts)
    return Told(blocks=blocks, language=language, direction=direction_of(language), of=of)


def _facts(entry: Entry, edition: Edition, words: Words) -> Iterator[tuple[str, str]]:
    who = entry.respondent
    person = ", ".join(item for item in (who.person, who.title) if item)
    if person:
        yield words("table.respondent"), words.name(f"{person}{' – ' + who.organization if who.organization else ''}")
    elif who.organization:
        yield words("table.respondent"), words.name(who.organization)
    yield words("table.category"), words(f"category.{who.category.value}")
    yield words("table.country"), words.country(who.country)
    yield words("table.region"), words(f"region.{who.region.value}")
    yield words("table.language"), words.tongue(entry.language)
    yield words("table.received"), words.moment(entry.received_at, edition.round.time_zone)
    if entry.co_signatories:
        yield words("entry.signatories"), words.listed([words.name(name) for name in entry.co_signatories])
    for item in entry.attachments:
        state = [] if item.state in ("ok", item.because) else [words(f"state.{item.state}")]
        told = [words.size(item.size_bytes), *state, outcome_of(item, words)]
        yield words("entry.attachments"), f"{words.name(item.name)}{words.aside(words.listed(told))}"
    for sha in (*entry.message_sha256, *entry.supplement_sha256):
        yield words("entry.hash"), sha


def outcome_of(item: EntryAttachment, words: Words) -> str:
    """Attached as which file, or listed and why."""
    if item.attached:
        return words("entry.attached", file=words.name(item.file))
    because = words(f"listed.{item.because}") if words.has(f"listed.{item.because}") else words.reason(item.because)
    return f"{words('entry.listed_only')}{words.colon}{because}"


def answer_nodes(answer: EntryAnswer, entry: Entry, words: Words) -> Iterator[Node]:
    """The words of one answer, with the other questions that they answer."""
    others = sorted(set(answer.together) - {answer.question})
    if others:
        yield Line(text=words("entry.together", list=words.join([str(number) for number in others])), style="note")
    yield from piece_nodes(answer.pieces, entry.language, words)


def piece_nodes(pieces: Sequence[Piece], language: str, words: Words) -> Iterator[Node]:
    """Words and markers in order, each with the annex and page it comes from."""
    source = ""
    before: Piece | None = None
    for piece in pieces:
        if piece.withheld and piece == before:
            continue
        inside = bool(piece.withheld) and before is not None and before.source == piece.source  # the same annex goes on
        before = piece
        place = source if inside else _place(piece, words)
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
    name = words.name(piece.source)
    return words("entry.annex_page", name=name, page=piece.page) if piece.page else name


def _direction(piece: Piece, language: str) -> str:
    """By the words themselves: an Arabic respondent may quote English, and the reverse."""
    text = "".join(run.text for block in piece.blocks for run in (*block.runs, *(run for cell in block.cells for run in cell)))
    if not _RTL.search(text):
        return "ltr" if _LETTER.search(text) else direction_of(language)
    arabic = sum(map(len, _RTL.findall(text)))
    return "rtl" if 2 * arabic > sum(map(str.isalpha, text)) else "ltr"
