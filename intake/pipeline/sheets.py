"""The decision sheet of one officer: what waits, with a token a row; and a sheet that came back, as orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from intake.casework.drafts import Case
from intake.digest.letter import because_of
from intake.digest.replies import act_words, said
from intake.digest.sheet import MEDIA_TYPE, Row, SheetHead, acts_meant, returned_rows, sheet_octets
from intake.digest.tasks import cut
from intake.letters.dates import long_date
from intake.model.edition import DigestItem
from intake.model.examination import SheetRow
from intake.model.letter import Enclosed
from intake.model.officer import Person
from intake.model.order import Ordered
from intake.model.round import LANGUAGES, Round
from intake.pipeline.cases import lean_cases_of
from intake.pipeline.matters import MOST_ROWS, beside, each_response, offered_to, single_letters, token_for, waiting
from intake.pipeline.office import Office
from intake.pipeline.officers import policy_of

NOT_WAITING = ("response", "release", "publication", "outcome", "any")
"""Kinds of rows that nobody need fill in."""


class Tokened(Struct, frozen=True, kw_only=True):
    """An item as one officer may settle it: his token, and the words of the acts in his language."""

    item: DigestItem
    token: str
    words: tuple[tuple[str, str], ...]


def language_of(office: Office, person: Person) -> str:
    """The language in which an officer is written to."""
    return person.language or office.letters.digest_language


def tokened(office: Office, consultation: Round, person: Person, at: datetime, items: Sequence[DigestItem]) -> list[Tokened]:
    """Those of the items that this officer may settle, each with its token."""
    words = office.templates.table("orders", language_of(office, person))["act"]
    return [
        Tokened(
            item=item,
            token=token_for(office, consultation, person, item, at),
            words=tuple((act, words[act]) for act in item.acts),
        )
        for item in offered_to(office, consultation, person, items)
    ]


def sheet_for(office: Office, consultation: Round, person: Person, at: datetime) -> tuple[Enclosed, int]:
    """The sheet as a file, and how many matters of it wait: below them stand each letter, and each response that is counted."""
    items = rows_of_sheet(waiting(office, consultation))
    letters = list(single_letters(office, consultation))
    others = [item for item in beside(office, consultation) if item.kind != "any"]
    responses = islice(each_response(office, consultation), MOST_ROWS)
    return sheet_of(office, consultation, person, at, [*items, *(letters if len(letters) > 1 else ()), *others, *responses])


def sheet_of(
    office: Office, consultation: Round, person: Person, at: datetime, items: Sequence[DigestItem]
) -> tuple[Enclosed, int]:
    """A sheet of these matters, as far as the officer may settle them; and how many of them wait."""
    language = language_of(office, person)
    words = office.templates.table("orders", language)
    subjects = {case.key: case for case in lean_cases_of(office, consultation)}
    found = tokened(office, consultation, person, at, items)
    rows = [_row(office, one, language, subjects) for one in found]
    day = (at + policy_of(office).valid).astimezone(ZoneInfo(consultation.time_zone)).date()
    text = words["text"]
    head = SheetHead(
        title=f"{text['sheet']} – {cut(consultation.said_in(language).topic)}",
        how=text["how"].format(address=consultation.channels.address),
        lines=(
            text["valid"].format(day=long_date(day, language)),
            text["officer"].format(name=person.name),
            text["place"].format(round=consultation.id),
        ),
        columns=words["column"],
        right_to_left=language == "ar",
        made_at=at.replace(second=0, microsecond=0),
    )
    name = f"{text['file']}-{consultation.id}-{at:%Y-%m-%d}.xlsx"
    octets = sheet_octets(head, rows, policy_of(office).keys)
    waits = sum(1 for one in found if one.item.kind not in NOT_WAITING)
    return Enclosed(name=name, media_type=MEDIA_TYPE, octets=octets), waits


def token_lines(
    office: Office, consultation: Round, person: Person, items: Sequence[DigestItem], at: datetime
) -> tuple[str, ...]:
    """Lines of a letter by which it may be answered: "[1] letters waiting 3: approve / show I1-..."."""
    table = office.templates.table("digest", language_of(office, person))["task"]
    lines = []
    for number, one in enumerate(tokened(office, consultation, person, at, items), 1):
        what = " ".join(filter(None, (table[one.item.kind], one.item.number, one.item.name)))
        lines.append(f"[{number}] {what}: {' / '.join(word for _, word in one.words)} {one.token}")
    return tuple(lines)


def rows_of_sheet(items: Sequence[DigestItem]) -> list[DigestItem]:
    """What a sheet lists: where several stretches of a response wait, each by itself, else the response."""
    several = Counter(item.number for item in items if item.item.startswith("stretch:"))

    def listed(item: DigestItem) -> bool:
        kind = item.item.partition(":")[0]
        if kind == "stretch":
            return several[item.number] > 1
        return kind != "withheld" or several[item.number] < 2

    return [item for item in items if listed(item)]


def _row(office: Office, one: Tokened, language: str, cases: Mapping[str, Case]) -> Row:
    digest, orders = office.templates.table("digest", language), office.templates.table("orders", language)
    item, names = one.item, office.words[language].rooms
    case = cases.get(item.message)
    shown = (
        item.number if item.number == item.item.partition(":")[2] else item.number[:14],
        item.name,
        cut(case.arrival.reading.subject) if case is not None else "",
        digest["task"][item.kind],
        cut(because_of(item, digest, names, language, office.words[language].day)),
        orders["proposal"][item.kind],
    )
    return Row(shown=shown, choices=tuple(word for _, word in one.words), token=one.token)


def orders_of_sheet(office: Office, rows: Sequence[SheetRow]) -> tuple[Ordered, ...] | None:
    """The orders of a sheet that came back, by row; None where it is none of ours."""
    acts = act_words(_tables(office))
    found = returned_rows(rows, [table["column"] for table in _tables(office)], policy_of(office).keys)
    if found is None:
        return None
    return tuple(
        Ordered(
            line=row.line,
            number=row.number,
            word=row.decision,
            acts=acts_meant(row.decision, acts),
            token=row.token,
            reason=row.reason,
            refused=row.refused,
            words=row.words,
        )
        for row in found
    )


def reason_labels(office: Office) -> frozenset[str]:
    """The words for "reason" in six languages."""
    return frozenset(said(table["column"]["reason"]) for table in _tables(office))


def _tables(office: Office) -> list[dict[str, Any]]:
    return [office.templates.table("orders", language) for language in LANGUAGES]
