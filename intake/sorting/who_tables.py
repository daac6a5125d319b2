"""Countries, kinds of organizations, form labels and phrases (config/countries.toml, organizations.toml) as compiled values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from intake.model.verdict import Category, KnownRespondent, Region
from intake.sorting.answers_tables import AnswerTables, answer_tables
from intake.sorting.folding import alternation, folded, has_cjk, lazy, word_pattern
from intake.sorting.who_lexicon import Lexicon, lexicon

_ABBREVIATED = 4
"""Letters up to which a legal form is an abbreviation, in capitals."""
_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ия", ("ии", "ию", "ией")), ("ея", ("еи", "ею", "еей")), ("а", ("ы", "и", "е", "у", "ой")),
    ("ь", ("и", "ю", "я", "ью", "ем")),
    ("й", ("я", "ю", "ем", "е")), ("е", ()), ("и", ()), ("о", ()), ("у", ()), ("ы", ()), ("", ("а", "у", "ом", "е")),
)  # fmt: skip


class WhoTables(Struct, frozen=True, kw_only=True, eq=False):
    """Everything by which a respondent is known; patterns and lexicons work on folded text. The same tables are one object: what
    they say of a name may be remembered."""

    regions: dict[str, Region]
    names: Lexicon
    adjectives: Lexicon
    cities: Lexicon
    world: Lexicon
    dial: dict[str, str]
    subdivisions: dict[str, str]
    domain_country: dict[str, str]
    generic_domains: frozenset[str]
    owned_domains: dict[str, str]
    regional: Lexicon
    kinds: Lexicon
    legal_forms: re.Pattern[str]
    legal_country: dict[str, str]
    associations: Lexicon
    unions: Lexicon
    members: Lexicon
    worldwide: Lexicon
    states: Lexicon
    domain_kinds: dict[str, Category]
    declared: Lexicon
    voice: Lexicon
    fields: dict[str, str]
    your: re.Pattern[str]
    nothing: frozenset[str]
    behalf: re.Pattern[str]
    filed: re.Pattern[str]
    presented: re.Pattern[str]
    titled: re.Pattern[str]
    joins: frozenset[str]
    never: re.Pattern[str]
    conjunction: re.Pattern[str]
    name_ends: re.Pattern[str]
    verbs: re.Pattern[str]
    relative: re.Pattern[str]
    articles: frozenset[str]
    clause_words: frozenset[str]
    unspaced_last: re.Pattern[str]
    unspaced_first: re.Pattern[str]
    unspaced_before: re.Pattern[str]
    unspaced_starts: re.Pattern[str]
    unspaced_verbs: re.Pattern[str]
    self_words: re.Pattern[str]
    portfolios: re.Pattern[str]
    as_words: re.Pattern[str]
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
    last_titles: frozenset[str]
    state_words: frozenset[str]
    chinese_titles: tuple[str, ...]
    units: re.Pattern[str]
    missions: re.Pattern[str]
    areas: re.Pattern[str]
    of_university: Lexicon
    university: Lexicon
    genitive: dict[str, str]
    duties: frozenset[str]
    public_bodies: Lexicon
    national: Lexicon
    possessive: frozenset[str]
    we: re.Pattern[str]
    roles: Lexicon
    private: Lexicon
    anonymous: re.Pattern[str]
    address_words: re.Pattern[str]
    free_mail: re.Pattern[str]
    mail_country: dict[str, str]
    language_country: dict[str, str]
    letters: AnswerTables
    directory: tuple[KnownRespondent, ...] = ()


def who_tables(
    countries: Mapping[str, Any],
    cities: Mapping[str, Sequence[str]],
    organizations: Mapping[str, Any],
    answers: Mapping[str, Any],
    letters: AnswerTables | None = None,
) -> WhoTables:
    """WhoTables of the parsed tables; `letters` where those of the answers are made already."""
    return WhoTables(
        **_where(countries, cities),
        **_what(organizations),
        **_persons(organizations["persons"]),
        **_phrases(organizations["phrases"], answers, letters or answer_tables(answers)),
    )


def _where(countries: Mapping[str, Any], cities: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    listed: Mapping[str, Mapping[str, Any]] = countries["countries"]
    return {
        "regions": {code: Region(entry["region"]) for code, entry in listed.items()},
        "names": lexicon(_inflected_all(listed, "names", countries["also"])),
        "adjectives": lexicon((word, code) for code, entry in listed.items() for word in entry.get("adjectives", ())),
        "cities": lexicon(_inflected_all(listed, "cities", countries["parts"])),
        "world": lexicon(_cities(listed, cities)),
        "dial": _dial(listed),
        "subdivisions": {word: code for code, words in countries["subdivisions"].items() for word in words},
        "domain_country": {code.lower(): code for code in listed} | dict(countries["domains"]["other"]),
        "generic_domains": frozenset(countries["domains"]["generic"]),
        "owned_domains": dict(countries["domains"]["owned"]),
        "regional": lexicon((word, region) for region, words in countries["regional"].items() for word in words),
        "language_country": dict(countries["languages"]),
    }


def _what(organizations: Mapping[str, Any]) -> dict[str, Any]:
    kinds, members = organizations["categories"], organizations["members"]
    return {
        "kinds": lexicon((word, kind) for kind, entry in kinds.items() for word in entry["words"]),
        "legal_forms": word_pattern(word for words in organizations["legal"].values() for word in _pointed(words)),
        "legal_country": _legal_country(organizations["legal"]),
        "associations": lexicon((word, "association") for word in members["associations"]),
        "unions": lexicon((word, "union") for word in members["unions"]),
        "members": lexicon((word, kind) for kind in ("firms", "people") for word in members[kind]),
        "worldwide": lexicon((word, "worldwide") for word in members["worldwide"]),
        "states": lexicon((word, "states") for word in members["states"]),
        "domain_kinds": {label: Category(kind) for kind, entry in kinds.items() for label in entry["domains"]},
        "declared": lexicon((word, kind) for kind, words in organizations["declared"].items() for word in words),
        "voice": lexicon((word, kind) for kind, words in organizations["voice"].items() for word in words),
        "fields": {folded(word): field for field, words in organizations["fields"].items() for word in words},
        "unspaced_last": lazy(lambda: alternation(organizations["unspaced"]["last"])),
        "unspaced_first": lazy(lambda: alternation(organizations["unspaced"]["first"])),
        "unspaced_before": lazy(lambda: alternation(organizations["unspaced"]["before"])),
        "unspaced_starts": lazy(lambda: alternation(organizations["unspaced"]["starts"])),
        "unspaced_verbs": lazy(lambda: alternation(organizations["unspaced"]["verbs"])),
        "joint": word_pattern(organizations["joint"]["words"]),
        "joint_lists": word_pattern(organizations["joint"]["lists"]),
        "units": word_pattern(organizations["units"]["words"]),
        "areas": word_pattern(organizations["addresses"]["areas"]),
        "missions": _at_start(organizations["units"]["missions"]),
        "of_university": lexicon((word, "unit") for word in organizations["units"]["of_university"]),
        "university": lexicon((word, "university") for word in organizations["units"]["university"]),
        "duties": _bare(organizations["duties"]["words"]),
        "public_bodies": lexicon((word, "body") for word in organizations["public"]["bodies"]),
        "national": lexicon((word, "national") for word in organizations["public"]["national"]),
        "address_words": word_pattern(organizations["addresses"]["words"]),
        "free_mail": _free_mail(organizations["mail"]["free"]),
        "mail_country": dict(organizations["mail"]["country"]),
    }


def _persons(persons: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "courtesy": _bare(persons["courtesy"]),
        "degrees": _bare(persons["degrees"]),
        "chinese_courtesy": tuple(sorted(persons["chinese_courtesy"], key=len, reverse=True)),
        "titles": _bare(persons["titles"]),
        "last_titles": _bare(persons["last"]),
        "chinese_titles": tuple(
            sorted(
                (folded(title) for title in persons["titles"] if has_cjk(title) or "\uac00" <= title[0] <= "\ud7a3"),
                key=len,
                reverse=True,
            )
        ),
        "anonymous": word_pattern(persons["anonymous"]),
        "private": lexicon((word, "private") for word in persons["private"]),
        "roles": lexicon((word, "role") for word in persons["roles"]),
    }


def _phrases(phrases: Mapping[str, Any], answers: Mapping[str, Any], letters: AnswerTables) -> dict[str, Any]:
    return {
        "behalf": word_pattern(phrases["behalf"]),
        "your": _at_start(phrases["your"]),
        "nothing": _bare(phrases["nothing"]),
        "filed": word_pattern(phrases["filed"]),
        "presented": word_pattern(phrases["presented"]),
        "titled": lazy(lambda: rf"(?P<name>[^\n]{{3,90}}?)(?:'s?)?\s+(?:{alternation(phrases['titled'])})\s+(?:to|on|for)\s"),
        "joins": _bare(phrases["joins"]),
        "never": word_pattern(phrases["never"]),
        "genitive": {folded(word): folded(head) for word, head in phrases["genitive"].items()},
        "possessive": _bare(phrases["possessive"]),
        "we": lazy(lambda: rf"(?:{alternation(phrases['we'])})\s?[,-]\s*"),
        "conjunction": _conjunction(answers["labels"]),
        "name_ends": word_pattern(phrases["ends"]),
        "verbs": word_pattern(phrases["verbs"]),
        "relative": _at_start(phrases["relative"]),
        "articles": _bare(phrases["articles"]),
        "self_words": _at_start(phrases["self"]),
        "portfolios": _at_start(phrases["portfolios"]),
        "as_words": _at_start(phrases["as"]),
        "is_words": _at_start(phrases["is"]),
        "for_another": _at_start(phrases["for_another"]),
        "sends_only": word_pattern(phrases["sends_only"]),
        "assistant": word_pattern(phrases["assistant"]),
        "client": word_pattern(phrases["client"]),
        "state_words": _bare(phrases["state_words"]),
        "letters": letters,
        "clause_words": frozenset(word for words in letters.function_words.values() for word in words if len(word) > 1)
        - _bare(phrases["joins"])
        - _bare(phrases["clause_not"])
        | _bare(phrases["clause"]),
    }


def _inflected_all(
    listed: Mapping[str, Mapping[str, Any]], field: str, more: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    for code, entry in listed.items():
        for name in (*entry.get(field, ()), *more.get(code, ())):
            for form in _inflected(name):
                yield form, code


def _cities(listed: Mapping[str, Mapping[str, Any]], others: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    for code, names in others.items():
        for city in names:
            # Of the cities of the world only those where Russian is spoken are met in its cases.
            for form in _inflected(city) if listed[code]["region"] == "cis" else (city,):
                yield form, code


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


def _pointed(words: Sequence[str]) -> Iterable[str]:
    """Each form as it is written, and without its points."""
    for word in words:
        yield word
        bare = word.replace(".", "")
        if len(bare) > 1 and bare != word:
            yield bare


def _legal_country(legal: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The forms that one country alone has, without points and spaces."""
    shared = {_unpointed(word) for word in legal["any"]}
    return {
        _unpointed(word): code
        for code, words in legal.items()
        if code != "any"
        for word in words
        if _unpointed(word) not in shared
    }


def _unpointed(form: str) -> str:
    return re.sub(r"[\s.()]", "", folded(form))


@lru_cache(maxsize=4096)
def legal_form(name: str, tables: WhoTables) -> str | None:
    """The legal form of a company at the end of a name, or at its beginning (not in Latin letters): folded, without points and
    spaces; None when there is none. A short one must be written with a capital: "as" is no form, "AS" is."""
    plain = folded(name)
    whole = len(plain) == len(name)
    for match in tables.legal_forms.finditer(plain):
        form = match.group()
        last = match.end() >= len(plain.rstrip(" .\"'»”)"))
        quoted = plain[match.end() : match.end() + 2].lstrip()[:1] in ("«", '"', "“", "„")  # OOO «...», in Latin letters
        first = match.start() == 0 and (quoted or not "a" <= plain[0] <= "z")
        written = name[match.start() : match.end()] if whole else form.upper()
        if len(form) < 4 and form.isalpha() and form.isascii() and written.islower():
            continue
        if first and not last and len(form) <= _ABBREVIATED and written.istitle() and form.isalpha() and not quoted:
            continue  # "Тоо жол": a word, for all that ТОО is a form
        if plain[: match.start()].endswith("-"):
            continue  # "Ала-Тоо"
        if last or first or (has_cjk(form) and match.start() < 4):
            return _unpointed(form)
    return None


def _conjunction(labels: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    return re.compile(
        rf"\s+(?:{alternation(labels['and'])})\s+(?:of\s+|de\s+|du\s+)?|(?:{alternation(labels['and_zh'])})", re.IGNORECASE
    )


def _at_start(words: Sequence[str]) -> re.Pattern[str]:
    return lazy(lambda: rf"\s*(?:{word_pattern(words).pattern})")


def _bare(words: Iterable[str]) -> frozenset[str]:
    return frozenset(folded(word).strip(". ") for word in words)


def _free_mail(domains: Sequence[str]) -> re.Pattern[str]:
    return re.compile(alternation(domain.replace(".*", ".*") for domain in domains).replace(r"\w{0,5}", r"[a-z.]{2,7}"))
