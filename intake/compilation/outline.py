"""Edition and words to the outline that every format prints."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from intake.compilation.front import about, asked, cover, stamp_of, topic
from intake.compilation.nodes import Contents, Facts, Heading, Line, Node, Outline, Table
from intake.compilation.outline_entry import answer_nodes, entry_nodes, name_of, outcome_of, piece_nodes
from intake.compilation.tables import figures, proof, respondents
from intake.compilation.words import Words
from intake.model.edition import Change, Edition, Entry, LeftOut


def outline_of(edition: Edition, words: Words) -> Outline:
    """The whole document. Pure; the same edition gives the same nodes."""
    edition = replace(edition, round=edition.round.said_in(words.language))
    title = words("doc.title")
    return Outline(
        language=words.language,
        direction=words.direction,
        title=f"{title}{words.colon}{edition.round.topic}",
        page=words("doc.page"),
        page_of=words("doc.page_of", page="{page}", pages="{pages}"),
        page_one=words("doc.page_one", page="{page}"),
        skip=words("doc.skip"),
        replaced=words("doc.replaced", count="{count}"),
        contents=words("doc.contents"),
        colon=words.colon,
        symbol=edition.round.symbol or edition.round.id,
        stamp=stamp_of(edition, words),
        date=_day(edition),
        nodes=tuple(_nodes(edition, words)),
    )


def _day(edition: Edition) -> str:
    return (edition.released_on or edition.cut_off.date()).isoformat()


def _nodes(edition: Edition, words: Words) -> Iterator[Node]:
    yield cover(edition, words)
    if edition.revision is None:
        yield Line(text=words("doc.draft_note"), style="draft")
    yield Contents(title=words("doc.contents"))
    yield from about(edition, words)
    yield from topic(edition, words)
    yield Heading(level=1, text=words("part.figures"), anchor="figures")
    yield from figures(edition, words)
    yield Heading(level=1, text=words("part.respondents"), anchor="respondents")
    yield respondents(edition, words)
    yield from _changes(edition, words)
    yield from _left_out(edition, words)
    yield Heading(level=1, text=words("part.proof"), anchor="proof")
    yield from proof(edition, words)
    yield Heading(level=1, text=words("part.by_respondent"), anchor="by-respondent", fresh=True)
    yield from _by_respondent(edition, words)
    yield Heading(level=1, text=words("part.by_question"), anchor="by-question", fresh=True)
    yield from _by_question(edition, words)
    yield from _campaigns(edition, words)
    yield from _late(edition, words)
    yield from _annexes(edition, words)


def _changes(edition: Edition, words: Words) -> Iterator[Node]:
    if edition.revision is None and edition.before is None:
        return
    yield Heading(level=1, text=words("part.changes"), anchor="changes")
    if edition.before is None:
        yield Line(text=words("change.first"))
        return
    number, on = edition.before
    yield Line(text=words("change.against", n=number, on=words.day(on)))
    if not edition.changes:
        yield Line(text=words("change.none"))
    for change in edition.changes:
        yield Line(text=_change(change, words), style="item")


def _change(change: Change, words: Words) -> str:
    details = words.join([words(f"detail.{item}") for item in change.details])
    kind = words(f"change.{change.kind}") if words.has(f"change.{change.kind}") else words(f"left.{change.kind}")
    name = f" – {words.name(change.name)}" if change.name else ""
    return f"{words('entry.heading', n=change.public_number)}{name}{words.colon}{kind}{words.aside(details)}"


def _left_out(edition: Edition, words: Words) -> Iterator[Node]:
    yield Heading(level=1, text=words("part.left_out"), anchor="left-out")
    counts = edition.counts
    if not edition.left_out and not counts.campaign_copies and not counts.set_aside:
        yield Line(text=words("left.none"))
    for item in edition.left_out:
        yield Line(text=left_out_line(item, edition, words), style="item")
    if counts.campaign_copies:
        yield Line(text=words("left.campaign", n=counts.campaign_copies), style="item")
    if counts.set_aside:
        yield Line(text=words("left.set_aside", n=counts.set_aside), style="item")


def left_out_line(item: LeftOut, edition: Edition, words: Words) -> str:
    """What is not printed, and why."""
    number = f"{words('entry.heading', n=item.public_number)}{words.colon}" if item.public_number else ""
    what = words("left.merged_into", n=item.into) if item.into else words(f"left.{item.what}")
    name = f" – {words.name(item.name)}" if item.name else ""
    moment = words.moment(item.received_at, edition.round.time_zone) if item.received_at else ""
    received = words.aside(words("left.received", moment=moment)) if moment else ""
    told = [f"{what}{name}{received}", *([words("left.reason", reason=words.name(item.reason))] if item.reason else [])]
    return f"{number}{words.listed(told)}"


def _by_respondent(edition: Edition, words: Words) -> Iterator[Node]:
    """Responses in order of their numbers; a withdrawn one that had a number leaves its stone."""
    stones = {item.public_number: item for item in edition.left_out if item.public_number and item.what == "withdrawn"}
    entries = {entry.public_number: entry for entry in edition.entries}
    for number in sorted(stones.keys() | entries.keys()):
        if number in entries:
            yield from entry_nodes(entries[number], edition, words)
            continue
        text = words("entry.withdrawn", heading=words("entry.heading", n=number))
        yield Heading(level=2, text=text, anchor=f"response-{number}", number=number)
        yield Line(text=words("entry.tombstone"), style="note")


def _by_question(edition: Edition, words: Words) -> Iterator[Node]:
    every = sorted((*edition.entries, *edition.late_entries), key=lambda item: item.public_number)
    for question in edition.round.questions:
        yield Heading(level=2, text=words("entry.question", n=question.number), anchor=f"answers-{question.number}")
        yield asked(question, words)
        found = False
        for entry in every:
            for answer in entry.answers:
                if answer.question == question.number:
                    found = True
                    yield _under(entry, str(question.number), words)
                    yield from answer_nodes(answer, entry, words)
        if not found:
            yield Line(text=words("entry.no_answer"), style="note")
    for bucket in ("general", "unmapped"):
        having = [entry for entry in every if getattr(entry, bucket)]
        if having:
            yield Heading(level=2, text=words(f"entry.{bucket}"), anchor=f"answers-{bucket}")
        for entry in having:
            yield _under(entry, bucket, words)
            yield from piece_nodes(getattr(entry, bucket), entry.language, words)
    wordless = [entry for entry in every if not (entry.answers or entry.general or entry.unmapped)]
    if wordless:
        yield Heading(level=2, text=words("entry.wordless"), anchor="answers-wordless")
    for entry in wordless:
        yield _under(entry, "wordless", words)
        yield Line(text=words("entry.no_answer"), style="note")


def _under(entry: Entry, where: str, words: Words) -> Heading:
    return Heading(
        level=3, text=f"{entry.public_number} – {words.name(name_of(entry))}", anchor=f"answers-{where}-{entry.public_number}"
    )


def _campaigns(edition: Edition, words: Words) -> Iterator[Node]:
    if not edition.campaigns:
        return
    yield Heading(level=1, text=words("part.campaigns"), anchor="campaigns")
    for item in edition.campaigns:
        yield Line(text=words("campaign.line", n=item.copies))
        yield Line(text=words("about.campaign", similarity=words.share(item.similarity), minimum=item.minimum), style="note")
        yield from piece_nodes(item.text, item.language, words)
        if item.personal:
            yield Line(text=words("campaign.personal", n=len(item.personal)))
        for language, pieces in item.personal:
            yield from piece_nodes(pieces, language, words)


def _late(edition: Edition, words: Words) -> Iterator[Node]:
    if not edition.late_entries:
        return
    zone = edition.round.time_zone
    on = words.day(edition.released_on or edition.cut_off.date())
    yield Heading(level=1, text=words("part.late", on=on), anchor="late", fresh=True)
    moments = [entry.received_at for entry in edition.late_entries]
    deadline = words.moment(edition.round.dates.response_deadline, zone)
    yield Line(
        text=words("late.dated", deadline=deadline, first=words.moment(min(moments), zone), last=words.moment(max(moments), zone))
    )
    for entry in edition.late_entries:
        yield from entry_nodes(entry, edition, words)


def _annexes(edition: Edition, words: Words) -> Iterator[Node]:
    """What is attached, in which form, without what; what is only listed, and why."""
    yield Heading(level=1, text=words("part.annexes"), anchor="annexes", fresh=True)
    rows = [
        (
            str(entry.public_number),
            words.name(item.name),
            outcome_of(item, words),
            words.join([words(f"removed.{name}") for name in item.removed]) or "–",
        )
        for entry in sorted((*edition.entries, *edition.late_entries), key=lambda entry: entry.public_number)
        for item in entry.attachments
    ]
    if not rows:
        yield Line(text=words("annex.none"))
        return
    head = tuple(words(f"annex.{key}") for key in ("response", "name", "outcome", "removed"))
    yield Table(caption=words("part.annexes"), head=head, rows=tuple(rows), widths=(2, 5, 6, 5))
    hashes = tuple(
        (item.file, item.released_sha256)
        for entry in (*edition.entries, *edition.late_entries)
        for item in entry.attachments
        if item.attached
    )
    if hashes:
        yield Facts(pairs=hashes)
