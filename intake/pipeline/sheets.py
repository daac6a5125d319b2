"""The decision sheet of one officer: what waits, with a token a row; and a sheet that came back, as orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
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
from intake.model.round import LANGUAGES, Round
from intake.pipeline.cases import lean_cases_of
from intake.pipeline.office import Office
from intake.pipeline.officers import policy_of
from intake.pipeline.orders import Ordered, offered_to, token_for, waiting


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
    """The sheet as a file, and how many rows it has."""
    language = language_of(office, person)
    words = office.templates.table("orders", language)
    items = rows_of_sheet(waiting(office, consultation))
    subjects = {case.key: case for case in lean_cases_of(office, consultation)}
    rows = [_row(office, one, language, subjects) for one in tokened(office, consultation, person, at, items)]
    day = (at + policy_of(office).valid).astimezone(ZoneInfo(consultation.time_zone)).date()
    text = words["text"]
    head = SheetHead(
        title=f"{text['sheet']} – {cut(consultation.topic)}",
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
    return Enclosed(name=name, media_type=MEDIA_TYPE, octets=octets), len(rows)


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
        cut(because_of(item, digest, names)),
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
        )
        for row in found
    )


def reason_labels(office: Office) -> frozenset[str]:
    """The words for "reason" in six languages."""
    return frozenset(said(table["column"]["reason"]) for table in _tables(office))


def _tables(office: Office) -> list[dict[str, Any]]:
    return [office.templates.table("orders", language) for language in LANGUAGES]
