"""Countries, kinds of organizations, form labels and phrases (config/countries.toml, organizations.toml) as compiled values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from intake.model.verdict import Category, Region
from intake.sorting.answers_tables import AnswerTables, answer_tables
from intake.sorting.folding import alternation, folded, has_cjk, word_pattern
from intake.sorting.who_lexicon import Lexicon, lexicon

_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ия", ("ии", "ию", "ией")), ("ея", ("еи", "ею", "еей")), ("а", ("ы", "и", "е", "у", "ой")),
    ("ь", ("и", "ю", "я", "ью", "ем")),
    ("й", ("я", "ю", "ем", "е")), ("е", ()), ("и", ()), ("о", ()), ("у", ()), ("ы", ()), ("", ("а", "у", "ом", "е")),
)  # fmt: skip


class KnownRespondent(Struct, frozen=True, kw_only=True):
    """A sender once confirmed by a person. `address`: a whole address, or "@domain"."""

    address: str
    person: str | None = None
    organization: str | None = None
    category: Category = Category.UNSPECIFIED
    country: str | None = None
    region: Region = Region.UNKNOWN


class WhoTables(Struct, frozen=True, kw_only=True):
    """Everything by which a respondent is known; patterns and lexicons work on folded text."""

    regions: dict[str, Region]
    names: Lexicon
    adjectives: Lexicon
    cities: Lexicon
    dial: dict[str, str]
    subdivisions: dict[str, str]
    domain_country: dict[str, str]
    generic_domains: frozenset[str]
    owned_domains: dict[str, str]
    regional: Lexicon
    kinds: Lexicon
    legal_forms: re.Pattern[str]
    worldwide: re.Pattern[str]
    bodies: re.Pattern[str]
    domain_kinds: dict[str, Category]
    declared: Lexicon
    fields: dict[str, str]
    behalf: re.Pattern[str]
    filed: re.Pattern[str]
    presented: re.Pattern[str]
    titled: re.Pattern[str]
    joins: frozenset[str]
    never: re.Pattern[str]
    conjunction: re.Pattern[str]
    name_ends: re.Pattern[str]
    self_words: re.Pattern[str]
    is_words: re.Pattern[str]
    for_another: re.Pattern[str]
    sends_only: re.Pattern[str]
    assistant: re.Pattern[str]
    client: re.Pattern[str]
    joint: re.Pattern[str]
    joint_lists: re.Pattern[str]
    courtesy: frozenset[str]
    degrees: frozenset[str]
    chinese_courtesy: tuple[str, ...]
    titles: frozenset[str]
    titles_zh: tuple[str, ...]
    state: re.Pattern[str]
    roles: Lexicon
    address_words: re.Pattern[str]
    free_mail: re.Pattern[str]
    mail_country: dict[str, str]
    letters: AnswerTables
    directory: tuple[KnownRespondent, ...] = ()


def who_tables(countries: Mapping[str, Any], organizations: Mapping[str, Any], answers: Mapping[str, Any]) -> WhoTables:
    """WhoTables of the parsed tables."""
    listed: Mapping[str, Mapping[str, Any]] = countries["countries"]
    kinds, persons, phrases = organizations["categories"], organizations["persons"], organizations["phrases"]
    return WhoTables(
        **_places(countries, listed),
        kinds=lexicon((word, kind) for kind, entry in kinds.items() for word in entry["words"]),
        legal_forms=word_pattern(kinds["private_sector"]["legal"]),
        worldwide=word_pattern(kinds["international_org"]["heads"]),
        bodies=word_pattern(kinds["international_org"]["bodies"]),
        domain_kinds={label: Category(kind) for kind, entry in kinds.items() for label in entry["domains"]},
        declared=lexicon((word, kind) for kind, words in organizations["declared"].items() for word in words),
        fields={folded(word): field for field, words in organizations["fields"].items() for word in words},
        behalf=word_pattern(phrases["behalf"]),
        filed=word_pattern(phrases["filed"]),
        presented=word_pattern(phrases["presented"]),
        titled=re.compile(rf"(?P<name>[^\n]{{3,90}}?)(?:'s?)?\s+(?:{alternation(phrases['titled'])})\s+(?:to|on|for)\s"),
        joins=_bare(phrases["joins"]),
        never=word_pattern(phrases["never"]),
        conjunction=_conjunction(answers["labels"]),
        name_ends=word_pattern(phrases["ends"]),
        self_words=_at_start(phrases["self"]),
        is_words=_at_start(phrases["is"]),
        for_another=_at_start(phrases["for_another"]),
        sends_only=word_pattern(phrases["sends_only"]),
        assistant=word_pattern(phrases["assistant"]),
        client=word_pattern(phrases["client"]),
        joint=word_pattern(organizations["joint"]["words"]),
        joint_lists=word_pattern(organizations["joint"]["lists"]),
        courtesy=_bare(persons["courtesy"]),
        degrees=_bare(persons["degrees"]),
        chinese_courtesy=tuple(sorted(persons["chinese_courtesy"], key=len, reverse=True)),
        titles=_bare(persons["titles"]),
        titles_zh=tuple(sorted((folded(word) for word in persons["titles"] if has_cjk(word)), key=len, reverse=True)),
        state=_at_start(phrases["state"]),
        roles=lexicon((word, "role") for word in persons["roles"]),
        address_words=word_pattern(organizations["addresses"]["words"]),
        free_mail=_free_mail(organizations["mail"]["free"]),
        mail_country=dict(organizations["mail"]["country"]),
        letters=answer_tables(answers),
    )


def _places(countries: Mapping[str, Any], listed: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The fields of WhoTables that say which country."""
    return dict(
        regions={code: Region(entry["region"]) for code, entry in listed.items()},
        names=lexicon((form, code) for code, entry in listed.items() for name in entry["names"] for form in _inflected(name)),
        adjectives=lexicon((word, code) for code, entry in listed.items() for word in entry.get("adjectives", ())),
        cities=lexicon(
            (form, code) for code, entry in listed.items() for city in entry.get("cities", ()) for form in _inflected(city)
        ),
        dial=_dial(listed),
        subdivisions={word: code for code, words in countries["subdivisions"].items() for word in words},
        domain_country={code.lower(): code for code in listed} | dict(countries["domains"]["other"]),
        generic_domains=frozenset(countries["domains"]["generic"]),
        owned_domains=dict(countries["domains"]["owned"]),
        regional=lexicon((word, region) for region, words in countries["regional"].items() for word in words),
    )


def _inflected(name: str) -> Iterable[str]:
    """A Russian name also with the endings of its cases; others as they are."""
    yield name
    *before, last = name.split()
    if before or not re.search(r"[а-яё]", last.lower()) or len(last) < 4:
        return
    for ending, others in _ENDINGS:
        if last.lower().endswith(ending):
            stem = last[: len(last) - len(ending)]
            yield from (stem + other for other in others)
            return


def _dial(listed: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, entry in listed.items():
        if entry.get("dial"):
            # Shared codes (1, 7) go to nobody but by their longer forms.
            found[entry["dial"]] = "" if entry["dial"] in found else code
    return {number: code for number, code in found.items() if code}


def _conjunction(labels: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    return re.compile(
        rf"\s+(?:{alternation(labels['and'])})\s+(?:of\s+|de\s+|du\s+)?|(?:{alternation(labels['and_zh'])})", re.IGNORECASE
    )


def _at_start(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{word_pattern(words).pattern})")


def _bare(words: Iterable[str]) -> frozenset[str]:
    return frozenset(folded(word).strip(". ") for word in words)


def _free_mail(domains: Sequence[str]) -> re.Pattern[str]:
    return re.compile(alternation(domain.replace(".*", ".*") for domain in domains).replace(r"\w{0,5}", r"[a-z.]{2,7}"))
