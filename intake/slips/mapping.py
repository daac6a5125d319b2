"""Which column of a form's export is what: a file of the operator, checked whole before a row is looked at."""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from intake.errors import Misconfigured

NEEDED = ("form", "time", "zone")
WHO = ("person", "title", "organization", "category", "country", "language", "email")
_TEXTS = (*NEEDED, *WHO, "id", "changed", "attachments", "attachments_separator", "time_format", "encoding", "delimiter", "sheet")
_KEYS = frozenset((*_TEXTS, "email_verified", "general", "answers", "values"))
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_VALUES = ("category", "country", "language")


class FormMapping(Struct, frozen=True, kw_only=True):
    """Columns by what they hold; "" where the form has none. `answers`: question number -> column. `values`: field -> the form's word ->
    ours. `time_format`: as strptime takes it, "" for ISO 8601. `email_verified`: the form let nobody give an address that is not his."""

    form: str
    time: str
    zone: str
    answers: dict[int, str]
    id: str = ""
    changed: str = ""
    person: str = ""
    title: str = ""
    organization: str = ""
    category: str = ""
    country: str = ""
    language: str = ""
    email: str = ""
    email_verified: bool = False
    general: tuple[str, ...] = ()
    attachments: str = ""
    attachments_separator: str = ";"
    time_format: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    values: dict[str, dict[str, str]] = {}

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """(key of the mapping, name of the column) of every column that must be there."""
        named = [(key, str(getattr(self, key))) for key in ("time", "changed", "id", *WHO, "attachments") if getattr(self, key)]
        named += [(f"answers.{number}", column) for number, column in sorted(self.answers.items())]
        return (*named, *(("general", column) for column in self.general))


def mapping_from(text: str, where: str, questions: Sequence[int]) -> FormMapping:
    """The mapping of a TOML text. `questions`: numbers of the round, each of which needs a column. Raises Misconfigured with every fault."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured([f"{where}: is not TOML: {error}"]) from error
    faults = [f"unknown key {key!r}" for key in sorted(set(table) - _KEYS)]
    faults += [f"{key}: is no text" for key in _TEXTS if key in table and not isinstance(table[key], str)]
    faults += [f"{key} is missing" for key in NEEDED if not table.get(key)]
    if not (table.get("organization") or table.get("person")):
        faults.append("neither organization nor person has a column")
    answers = _answers(table.get("answers", {}), questions, faults)
    values = _values(table.get("values", {}), faults)
    general = table.get("general", [])
    if not isinstance(general, list) or not all(isinstance(item, str) for item in general):
        faults.append("general: is no list of columns")
        general = []
    if not isinstance(table.get("email_verified", False), bool):
        faults.append("email_verified: is neither true nor false")
    _check_words(table, faults)
    if faults:
        raise Misconfigured([f"{where}: {fault}" for fault in faults])
    texts = {
        key: table[key].strip() if key not in ("delimiter", "attachments_separator") else table[key]
        for key in _TEXTS
        if key in table
    }
    mapping = FormMapping(
        **texts,
        answers=answers,
        values=values,
        general=tuple(item.strip() for item in general),
        email_verified=table.get("email_verified", False),
    )
    twice = _twice([column for _key, column in mapping.columns])
    if twice:
        raise Misconfigured([f"{where}: the column {column!r} stands for two things" for column in twice])
    return mapping


def _answers(table: Any, questions: Sequence[int], faults: list[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    if not isinstance(table, Mapping):
        faults.append("answers: is no table")
        return found
    for key, column in table.items():
        if not key.isdigit() or int(key) not in questions:
            faults.append(f"answers.{key}: the round has no such question")
        elif not isinstance(column, str) or not column.strip():
            faults.append(f"answers.{key}: is no column")
        else:
            found[int(key)] = column.strip()
    faults += [
        f"answers.{number} is missing: question {number} has no column" for number in questions if str(number) not in table
    ]
    return found


def _values(table: Any, faults: list[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for key, words in table.items() if isinstance(table, Mapping) else ():
        if key not in _VALUES or not isinstance(words, Mapping) or not all(isinstance(item, str) for item in words.values()):
            faults.append(f"values.{key}: is no table of words of one of {', '.join(_VALUES)}")
        else:
            found[key] = {word.strip().casefold(): ours for word, ours in words.items()}
    return found


def _check_words(table: Mapping[str, Any], faults: list[str]) -> None:
    """What a text may be."""
    form, zone, encoding, delimiter = (table.get(key) for key in ("form", "zone", "encoding", "delimiter"))
    if isinstance(form, str) and form and not _NAME.fullmatch(form):
        faults.append(f"form: {form!r} is no name of small letters, digits and hyphens (40 at most)")
    if isinstance(zone, str) and zone:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            faults.append(f"zone: {zone!r} is no IANA zone")
    if isinstance(encoding, str) and encoding:
        try:
            codecs.lookup(encoding)
        except LookupError:
            faults.append(f"encoding: there is no {encoding!r}")
    if isinstance(delimiter, str) and delimiter and len(delimiter) != 1:
        faults.append("delimiter: is not one character")


def _twice(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
