"""The country of a respondent, and the region of bodies that have none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.model.verdict import Region
from intake.sorting.folding import folded
from intake.sorting.who_places import body_region, domain_country, first_country, named_country
from intake.sorting.who_sheets import Author, Found, Sheet
from intake.sorting.who_tables import KnownRespondent, WhoTables


def country_of(
    sheets: Sequence[Sheet],
    author: Author,
    declared: dict[str, str],
    known: KnownRespondent | None,
    intro: str,
    name: str | None,
    tables: WhoTables,
    definition: str = "",
) -> Found | None:
    """Country: declared, signature, what stands beside the organization's name, that name, the domain, confirmed before,
    covering words."""
    said = named_country(declared.get("country", ""), tables)
    if said:
        return Found(value=said, source="declared", confidence=0.97)
    domain = author.address.rpartition("@")[2].lower()
    free = tables.free_mail.fullmatch(domain) is not None
    by_domain = domain_country(author.address, tables)
    for sheet in sheets:
        if sheet.signature.country:
            attached = sheet.unit.kind == "attachment"
            return Found(
                value=sheet.signature.country, source="attachment" if attached else "signature", confidence=0.9 - 0.2 * attached
            )
    beside = {code for line in definition.split("\n") for code in tables.names.values(line[:80])}
    if len(beside) == 1:
        return Found(value=beside.pop(), source="declared", confidence=0.8)
    if name and (code := named_country(name, tables)):
        return Found(value=code, source="signature", confidence=0.8)
    if by_domain and not free:
        return Found(value=by_domain, source="address", confidence=0.8)
    if known and known.country:
        return Found(value=known.country, source="directory", confidence=0.85)
    for text, source in (
        (intro[:700], "declared"),
        *((sheet.intro[:500], "attachment") for sheet in sheets if sheet.unit.kind == "attachment"),
    ):
        if code := first_country(text, tables):
            return Found(value=code, source=source, confidence=0.6)
    for sheet in sheets:
        # The dateline of a letter: "Cobán, 18 de diciembre".
        if (cities := set(tables.cities.values(folded(sheet.intro[:160])))) and len(cities) == 1:
            return Found(value=cities.pop(), source="letterhead", confidence=0.5)
    by_mail = tables.mail_country.get(domain) or by_domain
    return Found(value=by_mail, source="address", confidence=0.4) if by_mail else None


def region_of_body(organization: Found | None, intro: str, tables: WhoTables) -> Region:
    """Of a body of States or a worldwide one: by its name, else by the sentence that says what it is."""
    named = body_region(organization.value, tables) if organization else None
    if named is not None:
        return named
    for sentence in re.split(r"(?<=[.!?。؟])\s+|\n\s*\n", intro):
        if {"intergovernmental"} & set(tables.declared.values(folded(sentence))):
            found = body_region(sentence, tables)
            if found is not None:
                return found
    return Region.INTERNATIONAL
