"""Which country: names, adjectives, cities, subdivisions, dialling codes and domains."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from intake.model.verdict import Region
from intake.sorting.folding import fold, folded
from intake.sorting.who_lexicon import Lexicon
from intake.sorting.who_tables import WhoTables

RESERVED = ("example", "test", "invalid", "localhost", "local", "internal", "lan")
"""Top-level names that say nothing (RFC 2606, RFC 6762, RFC 8375 and habit); what stands before them may."""
_DIAL = re.compile(r"(?:\+|\b00)\s?(\d[\d\s().-]{6,18})")
_SUBDIVISION = re.compile(r",\s*([A-Z][A-Za-z]{1,2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)\b(?:\s+\d{4,6})?\s*(?:$|\n|,)")


_CITIES = 2
_CODE = 2
_PARTS = {"CN": {"HK", "MO"}}
"""States beside whose name a part of theirs with a code of its own is named."""


@lru_cache(maxsize=4096)
def named_country(text: str, tables: WhoTables, *, cities: bool = True) -> str | None:
    """The country that a short text names (by name, else adjective, else city), or None when none or several are named."""
    plain = folded(text)
    known = (tables.names, tables.adjectives, tables.cities) if cities else (tables.names, tables.adjectives)
    same = len(plain) == len(text)
    hits = [
        (hit, rank)
        for rank, table in enumerate(known)
        for hit in table.find(plain)
        if not (same and rank == _CITIES and "a" <= text[hit.start] <= "z")  # "para" is no Pará
    ]
    # "Port of Spain" is no Spain: what stands inside a longer name does not count.
    free = [
        (hit, rank)
        for hit, rank in hits
        if not any(
            other.start <= hit.start and hit.end <= other.end and other.end - other.start > hit.end - hit.start
            for other, _ in hits
        )
    ]
    for wanted in range(3):
        found = {hit.value for hit, rank in free if rank == wanted}
        if len(found) > 1:
            found -= {code for code, parts in _PARTS.items() if found & parts}  # "China, Macao"
        if found:
            return found.pop() if len(found) == 1 else None
    return subdivision_country(text, tables)


def place_country(text: str, tables: WhoTables) -> str | None:
    """The country of a line that says where: by all that is known of names, also of cities that mean other things in a sentence."""
    found = named_country(text, tables)
    if found is None and len(text) < 100:
        cities = {hit.value for hit in tables.world.find(folded(text))}
        if len(cities) == 1 and covered(text, tables):
            return cities.pop()
    return found


_FROM = re.compile(
    r"(?:\b(?:in|from|at|near|a|de|depuis|en|desde|aus|bei|uit|te|w|z|da|do|em|dalla|в|из|г\.|во|от)\s+|(?:في|من|بمدينة)\s+|(?:在|来自))$"
)
_APART = re.compile(r"[,.(]\s?$")


def city_after(text: str, tables: WhoTables) -> str | None:
    """The country of the first city that somebody is in or comes from; its name begins with a capital letter."""
    page = fold(text)
    for known in (tables.cities, tables.world):
        for hit in known.find(page.text):
            before, after = page.text[max(0, hit.start - 24) : hit.start], page.text[hit.end : hit.end + 1]
            bracketed = before.endswith("(") and after in (")", ",")
            apart = known is tables.cities and after in tuple(",.)\n") and _APART.search(before)
            if text[page.back(hit.start)].islower() or not (_FROM.search(before) or bracketed or apart):
                continue
            return hit.value
    return None


def place_in_name(name: str, tables: WhoTables) -> str | None:
    """The country of the only city or part of a country in an organization's name: a weak sign."""
    plain = folded(name)
    found = {hit.value for known in (tables.cities, tables.world) for hit in known.find(plain) if hit.end - hit.start > 3}
    return found.pop() if len(found) == 1 else None


def _without(plain: str, known: Sequence[Lexicon]) -> str:
    """A folded text with blanks for what the lexicons know."""
    pieces: list[str] = []
    last = 0
    for start, end in sorted((hit.start, hit.end) for table in known for hit in table.find(plain)):
        if end > last:
            pieces.append(plain[last : max(last, start)])
            last = end
    return " ".join([*pieces, plain[last:]])


def covered(text: str, tables: WhoTables) -> bool:
    """Whether a text is a place and little else: at most one word, or numbers, beside the names of countries and cities."""
    plain = folded(text)
    rest = _without(plain, (tables.names, tables.cities, tables.world))
    return len(re.findall(r"[^\W\d_]{3,}", rest)) <= 1


def is_state(text: str, tables: WhoTables) -> bool:
    """The name of a State in full, or of its government: no respondent's."""
    plain = folded(text)
    rest = _without(plain, (tables.names,))
    return rest != plain and all(word in tables.state_words for word in re.findall(r"[^\W\d_]+", rest))


def first_country(text: str, tables: WhoTables) -> str | None:
    """The country that a text names most, by name or adjective; the first of equals."""
    plain = folded(text)
    counted = Counter([*tables.names.values(plain), *tables.adjectives.values(plain)])
    for code, parts in _PARTS.items():
        if code in counted and parts & counted.keys():
            del counted[code]
    return max(counted, key=lambda code: counted[code]) if counted else None


def countries_in(text: str, tables: WhoTables) -> list[tuple[int, int, str]]:
    """Every country named by its name: offsets in the folded text and code, each once, in order."""
    seen: dict[str, tuple[int, int, str]] = {}
    for hit in tables.names.find(folded(text)):
        seen.setdefault(hit.value, (hit.start, hit.end, hit.value))
    return list(seen.values())


def subdivision_country(text: str, tables: WhoTables) -> str | None:
    """ "Seattle, WA": the State a subdivision belongs to."""
    for match in _SUBDIVISION.finditer(text):
        code = tables.subdivisions.get(match.group(1))
        if code:
            return code
    return None


def dialled_country(text: str, tables: WhoTables) -> str | None:
    """The country of the only dialling code in a text."""
    found = set()
    for match in _DIAL.finditer(folded(text)):
        digits = re.sub(r"\D", "", match.group(1))
        code = next((tables.dial[digits[:size]] for size in (4, 3, 2, 1) if digits[:size] in tables.dial), None)
        if code:
            found.add(code)
    return found.pop() if len(found) == 1 else None


def domain_country(address: str, tables: WhoTables) -> str | None:
    """The country of an address's top-level domain; None for generic ones and those sold to anybody."""
    labels = address.rpartition("@")[2].lower().strip(".").split(".")
    if labels[-1] in RESERVED:
        # Below a reserved name a host can only be alike: "ministry-gov-xx.example".
        labels = labels[:-1]
        alike = labels[-1].split("-") if labels else []
        labels = alike if len(alike) > 1 and len(alike[-1]) == _CODE else labels
    if len(labels) < 2 or labels[-1] in tables.generic_domains:
        return None
    return tables.domain_country.get(labels[-1]) or tables.owned_domains.get(labels[-1])


def body_region(text: str, tables: WhoTables) -> Region | None:
    """The region of a body of States by the words of its name or self-description; None when none or several."""
    found = Counter(tables.regional.values(folded(text)))
    if not found:
        return None
    ranked = found.most_common(2)
    if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
        return None
    return Region(ranked[0][0])
