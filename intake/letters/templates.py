"""Templates and words of letters as one value, built from texts that a door loaded; checked whole before anything is sent."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from babel import Locale
from jinja2 import DictLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from intake.errors import Misconfigured
from intake.model.round import LANGUAGES

FORMS = frozenset(("zero", "one", "two", "few", "many", "other"))
"""Plural forms (CLDR)."""


@dataclass(frozen=True)
class TemplateSet:
    """`words`: "letters/fr" or "digest/fr" -> table of sentences; `environment` renders *.j2 with missing names as errors."""

    environment: SandboxedEnvironment
    words: dict[str, dict[str, Any]]

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """One template. Raises jinja2.TemplateError."""
        return self.environment.get_template(name).render(values)

    def table(self, room: str, language: str) -> dict[str, Any]:
        """The sentences of a room in one language. Raises KeyError."""
        return self.words[f"{room}/{language}"]


def template_set(files: Mapping[str, str], tables: Mapping[str, dict[str, Any]] | None = None) -> TemplateSet:
    """Build from {"letters/en.toml": text, "letters/letter.txt.j2": text, ...} and tables that were parsed before ("letters/en").

    Raises Misconfigured with every fault.
    """
    faults: list[str] = []
    words: dict[str, dict[str, Any]] = dict(tables or {})
    sources = {name: text for name, text in files.items() if name.endswith(".j2")}
    for name, text in files.items():
        if name.endswith(".toml"):
            try:
                words[name.removesuffix(".toml")] = tomllib.loads(text)
            except tomllib.TOMLDecodeError as error:
                faults.append(f"templates/{name}: {error}")
    environment = SandboxedEnvironment(
        loader=DictLoader(sources),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name and name.endswith(".html.j2")),
        keep_trailing_newline=True,
    )
    for name in sources:
        try:
            environment.get_template(name)
        except TemplateError as error:
            faults.append(f"templates/{name}: {error}")
    faults += _gaps(words)
    if faults:
        raise Misconfigured(faults)
    return TemplateSet(environment=environment, words=words)


def _gaps(words: Mapping[str, dict[str, Any]]) -> list[str]:
    """Every language must have every key of the English table of its room."""
    faults = []
    for room in sorted({name.partition("/")[0] for name in words}):
        wanted = set(_keys(words.get(f"{room}/en", {})))
        for language in LANGUAGES:
            table = words.get(f"{room}/{language}")
            if table is None:
                faults.append(f"templates/{room}/{language}.toml is missing")
                continue
            have = set(_keys(table))
            faults += _plural_gaps(room, language, table)
            faults += [f"templates/{room}/{language}.toml: {key} is missing" for key in sorted(wanted - have)]
            faults += [f"templates/{room}/{language}.toml: {key} is unknown" for key in sorted(have - wanted)]
        faults += _brace_faults(room, {name: words[f"{room}/{name}"] for name in LANGUAGES if f"{room}/{name}" in words})
    return faults


def _brace_faults(room: str, tables: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A {name} that the sentence has in no other language is one that nothing fills; a single brace is a slip."""
    names: dict[str, dict[str, set[str]]] = {}
    faults = []
    for language, table in tables.items():
        for key, sentence in _sentences(table):
            try:
                found = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
            except ValueError as error:
                faults.append(f"templates/{room}/{language}.toml: {key}: {error}")
                continue
            names.setdefault(key.partition("|")[0], {}).setdefault(language, set()).update(found)
    for key, by_language in names.items():
        for language, found in by_language.items():
            others = {name for other, these in by_language.items() if other != language for name in these}
            faults += [
                f"templates/{room}/{language}.toml: {key}: nothing fills {{{name}}}"
                for name in sorted(found - others)
                if len(by_language) > 1
            ]
    return faults


def _sentences(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """(key, sentence) of every sentence; the forms of a plural table under one key, the form after a bar."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _sentences(value, f"{prefix}{key}|" if _is_plural(value) else f"{prefix}{key}.")
        elif isinstance(value, str):
            yield f"{prefix}{key}", value


def _is_plural(table: Mapping[str, Any]) -> bool:
    return "other" in table and set(table) <= FORMS


def _plural_gaps(room: str, language: str, table: Mapping[str, Any]) -> list[str]:
    """A table of plural forms has those of its language, no more and no less."""
    wanted = {*Locale.parse(language).plural_form.tags, "other"}
    faults = []
    for name, forms in table.items():
        if isinstance(forms, dict) and _is_plural(forms):
            where = f"templates/{room}/{language}.toml: {name}"
            faults += [f"{where}.{form} is missing" for form in sorted(wanted - set(forms))]
            faults += [f"{where}.{form} is no plural form of this language" for form in sorted(set(forms) - wanted)]
    return faults


def _keys(table: Mapping[str, Any], prefix: str = "") -> list[str]:
    found = []
    for key, value in table.items():
        if isinstance(value, dict) and _is_plural(value):
            found.append(f"{prefix}{key}")
        elif isinstance(value, dict):
            found += _keys(value, f"{prefix}{key}.")
        else:
            found.append(f"{prefix}{key}")
    return found
