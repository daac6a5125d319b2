"""What a sender declares in so many words: the fields of a form, a header table of an attachment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.sorting.folding import folded
from intake.sorting.who_names import person_name
from intake.sorting.who_tables import WhoTables

_LINE = re.compile(r"^[ \t>*•-]*([^\n:：\t?？]{2,50}?)\s*(?:[:：]|[?？][ \t]|\t)[ \t]*([^\n]{1,200})$", re.MULTILINE)
_HEAD = 6000
_FIRST = re.compile(r"\s*[,،，;(（]\s*")


def declared_fields(text: str, tables: WhoTables) -> dict[str, str]:
    """Field -> value of the lines "Label: value" (or two cells) at the beginning of a text. The first of each wins.

    A lone "Name:" is no form: at least two fields must be there. Who has no organization says so and is an individual.
    """
    found: dict[str, str] = {}
    persons: list[str] = []
    for field, value in _fields(text, tables):
        if field == "organization" and _is_nothing(value, tables):
            found.setdefault("category", "individual")
        elif field == "person":
            persons.append(value)
        elif field not in found:
            found[field] = value
    _take_person(persons, found, tables)
    if "person" not in found and "family" in found:
        found["person"] = f"{found.get('given', '')} {found['family']}".strip()
    return found if len(found) >= 2 else {}


def _fields(text: str, tables: WhoTables) -> Iterator[tuple[str, str]]:
    for match in _LINE.finditer(text[:_HEAD].replace("\r", "")):
        label = re.sub(r"^[\d.)\s]+|[*()\s]+$", "", folded(match.group(1))).strip()
        asked = tables.your.match(label)
        field = tables.fields.get(label) or (tables.fields.get(label[asked.end() :].strip()) if asked else None)
        if field is None and any(said.end() == len(label) for said in tables.presented.finditer(label)):
            field = "person"  # "Contribution submitted by:" names a person or a body
        value = match.group(2).replace("\t", " ").strip(" *_")
        if field and value and value.strip(" -–—./"):
            yield field, value


def _is_nothing(value: str, tables: WhoTables) -> bool:
    """ "None (private individual)", "n/a", "Individual": the field is filled to say that there is none."""
    first = folded(_FIRST.split(value)[0]).strip(" .-")
    said = next(tables.declared.find(first), None)
    return first in tables.nothing or (said is not None and said.value == "individual" and said.end - said.start == len(first))


def _take_person(persons: list[str], found: dict[str, str], tables: WhoTables) -> None:
    """ "Contact person: Ana Ruiz, Secretary" gives the name and the function; "Submitted by: Harbour Union" names a body."""
    for value in persons:
        name, *rest = _FIRST.split(value, maxsplit=1)
        if "person" not in found and (person_name(value, tables) or person_name(name, tables)):
            whole = person_name(value, tables)
            found["person"] = whole or name
            if not whole and rest and "title" not in found:
                found["title"] = rest[0].rstrip(" )）")
        elif "organization" not in found and person_name(name, tables) is None and len(value.split()) > 1:
            found["organization"] = value
    if persons and "person" not in found and found.get("organization") not in persons:
        found["person"] = persons[0]
