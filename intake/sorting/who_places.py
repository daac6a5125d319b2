"""Which country: names, adjectives, cities, subdivisions, dialling codes and domains."""

from __future__ import annotations

import re
from collections import Counter

from intake.model.verdict import Region
from intake.sorting.folding import folded
from intake.sorting.who_tables import WhoTables

RESERVED = ("example", "test", "invalid", "localhost", "local", "internal", "lan")
"""Top-level names that say nothing (RFC 2606, RFC 6762, RFC 8375 and habit); what stands before them may."""
_DIAL = re.compile(r"(?:\+|\b00)\s?(\d[\d\s().-]{6,18})")
_SUBDIVISION = re.compile(r",\s*([A-Z][A-Za-z]{1,2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)\b(?:\s+\d{4,6})?\s*(?:$|\n|,)")


def named_country(text: str, tables: WhoTables) -> str | None:
    """The country that a short text names (by name, else adjective, else city), or None when none or several are named."""
    plain = folded(text)
    hits = [
        (hit, rank) for rank, table in enumerate((tables.names, tables.adjectives, tables.cities)) for hit in table.find(plain)
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
        if found:
            return found.pop() if len(found) == 1 else None
    return subdivision_country(text, tables)


def is_place(text: str, tables: WhoTables) -> bool:
    """Whether a short text is a country or a city and little else: an adjective makes no place of a name."""
    plain = folded(text)
    hits = [hit for table in (tables.names, tables.cities) for hit in table.find(plain)]
    if not hits:
        return subdivision_country(text, tables) is not None
    covered = sum(len(plain[hit.start : hit.end].split()) for hit in hits)
    others = len([word for word in plain.split() if len(word) > 2 and not word[0].isdigit()]) - covered
    return others <= (1 if covered < 3 else 2)


def first_country(text: str, tables: WhoTables) -> str | None:
    """The country that a text names most, by name or adjective; the first of equals."""
    plain = folded(text)
    counted = Counter([*tables.names.values(plain), *tables.adjectives.values(plain)])
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
        labels = labels[:-1]
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
