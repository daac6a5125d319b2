"""The answer to an officer's order: what was done, and what was refused, by line. It goes to the configured address alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from intake.casework.drafts import Case
from intake.letters.dates import local_time
from intake.letters.office import compose_office
from intake.model.ledger import Outgoing
from intake.model.letter import Enclosed, OfficeFacts, OfficeKind
from intake.model.officer import Person
from intake.model.order import Outcome, Refusal, Way
from intake.model.round import Round
from intake.pipeline.daily import own_letter
from intake.pipeline.errands import readable
from intake.pipeline.matters import beside, round_items
from intake.pipeline.office import Office
from intake.pipeline.outcome import outcome_drafts
from intake.pipeline.sheets import language_of, token_lines

MOST_SHOWN = 200
"""Letters that one answer encloses."""


def answer_letter(
    office: Office, consultation: Round, case: Case, person: Person, way: Way, outcomes: Sequence[Outcome]
) -> Outgoing:
    """The letter, once for each mail that was settled."""
    language = language_of(office, person)
    words = office.templates.table("orders", language)
    followed = [followed_line(item, way, words) for item in outcomes if item.ruling]
    refused = [refused_line(item, way, words) for item in outcomes if item.refused is not None]
    reading = case.arrival.reading
    facts = OfficeFacts(
        kind=OfficeKind.ANSWER,
        language=language,
        to=person.address,
        working_group=consultation.said_in(language).working_group,
        topic=consultation.said_in(language).topic,
        fill={"followed": str(len(followed)), "refused": str(len(refused))},
        rows=(("received", local_time(case.arrival.trust.received_at, consultation.time_zone, language)),),
        lists=(("followed", tuple(followed)), ("refused", tuple(refused)), *_next(office, consultation, person)),
        texts=tuple(name for name, told in (("again", refused), ("later", any(item.later for item in outcomes))) if told),
        reply_to_message_id=reading.message_id,
        answer_to=consultation.channels.address,
        enclosed=tuple(_shown(office, consultation, outcomes)),
    )
    return own_letter(
        office, consultation.id, "answer", f"answer:{consultation.id}:{case.key}", compose_office(facts, office.templates)
    )


def _next(office: Office, consultation: Round, person: Person) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What can be said in an answer to this letter: of letters that wait now, of the next revision, of any response. New tokens of other
    matters come with the next digest."""
    items = [*round_items(office, consultation), *beside(office, consultation)]
    lines = token_lines(office, consultation, person, items, office.now())
    if lines:
        yield "next", lines


def _shown(office: Office, consultation: Round, outcomes: Sequence[Outcome]) -> Iterator[Enclosed]:
    """The letters that an officer asked to see, as text, one behind the other."""
    ids = [identity for item in outcomes for identity in item.shows][:MOST_SHOWN]
    drafts: dict[str, Outgoing] = {}
    found = []
    for identity in ids:
        letter = office.ledger.letter(identity)
        if letter is None:  # one that nobody has let go yet
            drafts = drafts or {draft.id: draft for draft in outcome_drafts(office, consultation)}
            letter = drafts.get(identity)
        if letter is not None:
            found.append(letter)
    if found:
        text = f"{'=' * 60}\n".join(readable(letter.raw) for letter in found)
        yield Enclosed(name="letters.txt", media_type="text/plain", octets=text.encode("utf-8-sig"))


def followed_line(item: Outcome, way: Way, words: Mapping[str, Any]) -> str:
    """ "row 7: 12 – count (d-0123456789ab)"."""
    waits = f"; {words['text']['waits']}" if item.waits else ""
    return f"{_place(item, way, words)}{_what(item)} ({item.ruling}{waits})"


def refused_line(item: Outcome, way: Way, words: Mapping[str, Any]) -> str:
    """ "row 9: 14 – exclude: a formula stands in the row"."""
    assert item.refused is not None
    detail = f" ({item.detail})" if item.detail and item.refused is Refusal.NOT_POSSIBLE else ""
    told = f"{words['refused'][item.refused.value]}{detail}"
    what = _what(item)
    return f"{_place(item, way, words)}{what}{': ' if what else ''}{told}"


def _place(item: Outcome, way: Way, words: Mapping[str, Any]) -> str:
    return "" if way is Way.REPLY else f"{words['text']['row'].format(line=item.line)}: "


def _what(item: Outcome) -> str:
    return " – ".join(filter(None, (item.number, item.act)))
