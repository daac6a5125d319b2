"""What stands before the responses: the cover with the header block of its day, the method note, topic and questions."""

from __future__ import annotations

from collections.abc import Iterator

from intake.compilation.nodes import Cover, Heading, Line, Node, Quoted
from intake.compilation.words import Words
from intake.model.direction import direction_of
from intake.model.edition import Audience, Edition
from intake.model.round import Question


def stamp_of(edition: Edition, words: Words) -> str:
    """DRAFT, or the number of the revision; the public's edition says that it is one."""
    number = words("doc.draft") if edition.revision is None else words("doc.revision", n=edition.revision)
    return number if edition.audience is Audience.GROUP else f"{number}, {words('doc.public')}"


def cover(edition: Edition, words: Words) -> Cover:
    """The header block of the house; its rows are those of the layout in force on the day of the document."""
    round_ = edition.round
    spoken = words.tongues(tuple(edition.counts.by_language))
    facts = [(words("doc.responses_in"), spoken or "–"), (words("doc.cut_off"), words.moment(edition.cut_off, round_.time_zone))]
    if edition.revision is not None:
        facts.append((words("doc.released_by"), edition.released_by))
    days = words.days(round_.dates.group_meeting_start, round_.dates.group_meeting_end)
    on = edition.released_on or edition.cut_off.date()
    return Cover(
        group=round_.working_group,
        topic=round_.topic,
        title=words("doc.title"),
        document=f"{words('doc.document')} {round_.symbol or round_.id}{words.aside(stamp_of(edition, words))}",
        date=words.day(on),
        original=words("doc.original", language=words.tongues((words.language,))),
        draft=words("doc.draft") if edition.revision is None else "",
        facts=tuple(facts),
        box=tuple((words(f"box.{row}"), _row(row, edition, words)) for row in words.layout(on)),
        meeting=round_.paper.meeting.get(words.language) or words("doc.meeting", days=days),
    )


def _row(row: str, edition: Edition, words: Words) -> str:
    """The paragraph of a row: the round's own words where it has them."""
    round_, language = edition.round, words.language
    if row in ("summary", "purpose"):
        moment = words.moment(edition.cut_off, round_.time_zone)
        return words("box.summary_text", topic=words.name(round_.topic), cut_off=moment, n=edition.counts.counted)
    if row in ("action", "action_council"):
        return round_.paper.action.get(language) or words(f"box.{row}_text")
    if row in ("strategic", "finance"):
        return getattr(round_.paper, row).get(language) or words("box.unstated")
    named = [*round_.legal_basis, *round_.paper.references, *([round_.contact] if round_.contact else [])]
    return words.listed([words.name(text) for text in named]) or "–"


def about(edition: Edition, words: Words) -> Iterator[Node]:
    """The method note, in numbered paragraphs."""
    round_ = edition.round
    deadline = words.moment(round_.dates.response_deadline, round_.time_zone)
    campaign = {"similarity": words.share(round_.campaign.similarity), "minimum": round_.campaign.minimum}
    paragraphs = [
        *(
            [words("about.basis", basis=words.listed([words.name(text) for text in round_.legal_basis]))]
            if round_.legal_basis
            else []
        ),
        words("about.verbatim"),
        words("about.counting"),
        words("about.late", deadline=deadline, zone=words.name(round_.time_zone)),
        *([words("about.grace", minutes=round_.rules.grace_minutes)] if round_.rules.grace_minutes else []),
        words("about.campaign", **campaign),
        words("about.annexes"),
        words("about.translations"),
        *([words("about.withheld")] if edition.withheld else []),
    ]
    yield Heading(level=1, text=words("part.about"), anchor="about", fresh=True)
    for number, text in enumerate(paragraphs, 1):
        yield Line(text=text, label=str(number))


def topic(edition: Edition, words: Words) -> Iterator[Node]:
    """The topic and the questions as they were asked."""
    yield Heading(level=1, text=words("part.topic"), anchor="topic")
    yield Line(text=edition.round.topic)
    for question in edition.round.questions:
        yield Heading(level=2, text=words("entry.question", n=question.number), anchor=f"question-{question.number}")
        yield asked(question, words)


def asked(question: Question, words: Words) -> Quoted:
    """A question in the document's language, else English, else as it is."""
    language = words.language if words.language in question.text else "en" if "en" in question.text else next(iter(question.text))
    return Quoted(text=question.text[language], language=language, direction=direction_of(language))
