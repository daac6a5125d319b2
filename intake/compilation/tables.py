"""The tables of the document; each adds up to its whole, or is not printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from intake.compilation.nodes import Facts, Line, Node, Table
from intake.compilation.words import Words
from intake.errors import Broken
from intake.model.edition import Edition
from intake.model.round import Round, RoundNames


def figures(edition: Edition, words: Words) -> Iterator[Node]:
    """Counted responses by group, category, region and language; answers to each question."""
    counts = edition.counts
    groups = {group_name(label, edition.round, words): number for label, number in counts.by_group.items()}
    yield _table(words("table.caption_group"), words("table.group"), groups, counts.counted, words)
    category = {words(f"category.{key}"): number for key, number in counts.by_category.items()}
    yield _table(words("table.caption_category"), words("table.category"), category, counts.counted, words)
    region = {words(f"region.{key}"): number for key, number in counts.by_region.items()}
    yield _table(words("table.caption_region"), words("table.region"), region, counts.counted, words)
    language = {words.tongue(key): number for key, number in counts.by_language.items()}
    yield _table(words("table.caption_language"), words("table.language"), language, counts.counted, words)
    rows = tuple(
        (words("entry.question", n=item.number), str(counts.by_question.get(str(item.number), 0)))
        for item in edition.round.questions
    )
    if rows:
        head = (words("table.question"), words("table.count"))
        yield Table(caption=words("table.caption_question"), head=head, rows=rows, bars=True)


def group_name(label: str, consultation: Round, words: Words) -> str:
    """A reporting group in words: as the round's file calls it in this language; else the label, which is English, or its categories."""
    if not label:
        return words("table.remainder")
    named = consultation.names.get(words.language, RoundNames()).groups.get(label)
    if named or words.language == "en":
        return named or label
    return words.listed([words(f"category.{name}") for name in consultation.reporting_groups[label]])


def _table(caption: str, label: str, numbers: Mapping[str, int], whole: int, words: Words) -> Table:
    """A table that adds up. Raises Broken when it does not: then nothing is printed at all."""
    if sum(numbers.values()) != whole:
        raise Broken(f"table {caption!r} adds up to {sum(numbers.values())}, not {whole}")
    rows = tuple((name, str(number)) for name, number in numbers.items())
    return Table(
        caption=caption,
        head=(label, words("table.count")),
        rows=(*rows, (words("table.total"), str(whole))),
        total=True,
        bars=True,
    )


def respondents(edition: Edition, words: Words) -> Table:
    """One row a counted response, late ones among them."""
    rows = []
    for entry in sorted((*edition.entries, *edition.late_entries), key=lambda item: item.public_number):
        who = entry.respondent
        name = who.organization or who.person or "–"
        answered = words.join([str(answer.question) for answer in entry.answers]) or "–"
        rows.append(
            (
                str(entry.public_number),
                words.name(name),
                words(f"category.{who.category.value}"),
                words.country(who.country),
                words.tongue(entry.language),
                answered,
            )
        )
    head = tuple(words(f"table.{key}") for key in ("number", "respondent", "category", "country", "language", "answers"))
    return Table(caption=words("table.caption_respondents"), head=head, rows=tuple(rows), widths=(3, 9, 10, 7, 7, 6))


def proof(edition: Edition, words: Words) -> Iterator[Node]:
    """The accounting identity in full."""
    counts = edition.counts
    sums = edition.archived + edition.same_bytes + edition.vanished + edition.erased
    if edition.seen != sums or edition.archived != counts.messages:
        raise Broken("the messages seen do not add up: nothing is printed")
    parts = [(key, getattr(edition, key)) for key in ("archived", "same_bytes", "vanished", "erased")]
    told = " + ".join(f"{words(f'proof.{key}')} {number}" for key, number in parts if number or key != "erased")
    yield Line(text=f"{words('proof.seen')}{words.colon}{edition.seen} = {told}")
    rows = tuple((words(f"disposition.{key}"), str(number)) for key, number in counts.by_disposition.items())
    yield Table(
        caption=words("table.caption_archived"),
        head=(words("table.disposition"), words("table.count")),
        rows=(*rows, (words("table.total"), str(counts.messages))),
        total=True,
    )
    rows = tuple((words(f"status.{key}"), str(number)) for key, number in counts.by_status.items())
    yield Table(
        caption=words("table.caption_status"),
        head=(words("table.status"), words("table.count")),
        rows=(*rows, (words("table.total"), str(counts.responses))),
        total=True,
    )
    annexes = [item for entry in (*edition.entries, *edition.late_entries) for item in entry.attachments]
    yield Facts(
        pairs=(
            (words("proof.withheld"), str(edition.withheld)),
            (words("proof.redacted"), str(edition.redacted)),
            (words("proof.set_aside"), str(counts.set_aside)),
            (words("proof.attached"), str(sum(item.attached for item in annexes))),
            (words("proof.listed"), str(sum(not item.attached for item in annexes))),
            (words("doc.cut_off"), words.moment(edition.cut_off, edition.round.time_zone)),
            (words("proof.manifest"), edition.manifest_sha256),
        )
    )
