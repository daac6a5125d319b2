"""The country of a respondent, and the region of bodies that have none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from intake.model.verdict import KnownRespondent, Region
from intake.sorting.folding import folded
from intake.sorting.who_names import person_name
from intake.sorting.who_places import (
    body_region,
    city_after,
    covered,
    domain_country,
    first_country,
    named_country,
    place_country,
    place_in_name,
)
from intake.sorting.who_sheets import Author, Found, Sheet
from intake.sorting.who_tables import WhoTables, legal_form

_LAST_LINES = 4
_HEAD = 700
_SEVERAL = 3
"""Countries that a body names of one region and of no other, to be that region's."""
_SPOKEN = 12_000
_CODE_LETTERS = 3
_FIRST = 140
"""Characters in which a note says whose mission sends it."""
_ARTICLE = re.compile(r"(?:the|la|l['’]|el|le)\s?\b", re.IGNORECASE)
_CODED = re.compile(r"\s{0,2}[\"»”]?\s{0,2}[(（]([A-Z]{2})\s*[;,)）]")
_PIECES = re.compile(r"[,،，;()（）|]")


def country_of(
    sheets: Sequence[Sheet],
    author: Author,
    declared: dict[str, str],
    known: KnownRespondent | None,
    said: str,
    name: str | None,
    tables: WhoTables,
) -> Found | None:
    """Country: declared, signature, the organization's name and legal form, the domain, confirmed before, covering words, language."""
    domain = author.address.rpartition("@")[2].lower()
    by_domain = domain_country(author.address, tables)
    if code := named_country(declared.get("country", ""), tables):
        return Found(value=code, source="declared", confidence=0.97)
    if code := _sending_state((name or "", author.name, sheets[0].intro[:_FIRST].lstrip() if sheets else ""), tables):
        return Found(value=code, source="signature", confidence=0.9)  # the State that sends, not where it stands
    found = next(_signed(sheets, name, tables), None)
    if found is not None and by_domain and found.value != by_domain and tables.free_mail.fullmatch(domain) is None:
        # A city that two countries have ("عمان"), one of several who sign a document: the house's own country decides.
        told = first_country(f"{name or ''}\n{said}\n{sheets[0].intro[:_HEAD] if sheets else ''}", tables)
        if found.source == "attachment" or told == by_domain:
            return Found(value=by_domain, source="address", confidence=0.8)
    if found is not None:
        return found
    if by_domain and tables.free_mail.fullmatch(domain) is None:
        return Found(value=by_domain, source="address", confidence=0.8)
    if known and known.country:
        return Found(value=known.country, source="directory", confidence=0.85)
    found = next(_told(sheets, said, tables), None)
    if found is not None:
        return found
    if name and (code := place_in_name(name, tables)):
        return Found(value=code, source="signature", confidence=0.4)
    by_mail = tables.mail_country.get(domain) or by_domain
    if by_mail:
        return Found(value=by_mail, source="address", confidence=0.4)
    languages = [sheet.unit.language for sheet in sheets] + [_script_language("".join(sheet.intro for sheet in sheets))]
    spoken = next((tables.language_country[code] for code in languages if code in tables.language_country), None)
    return Found(value=spoken, source="language", confidence=0.3) if spoken else None


def _sending_state(texts: Sequence[str], tables: WhoTables) -> str | None:
    """The State whose mission a name or the beginning of a note names."""
    for text in texts:
        plain = folded(_ARTICLE.sub("", text, count=1))
        if tables.missions.match(plain) and (hit := next(tables.names.find(plain), None)):
            return hit.value
    return None


def _signed(sheets: Sequence[Sheet], name: str | None, tables: WhoTables) -> Iterator[Found]:
    """Signature, last lines, the organization's name, its legal form."""
    for sheet in sheets:
        if sheet.signature.country:
            attached = sheet.unit.kind == "attachment"
            source = "attachment" if attached else "signature"
            yield Found(value=sheet.signature.country, source=source, confidence=0.9 - 0.2 * attached)
    for sheet in sheets:
        if sheet.unit.kind not in ("body", "message"):
            continue
        for line in reversed(sheet.unit.own_text.rstrip().split("\n")[-_LAST_LINES:]):
            if (
                len(line) < 60
                and covered(line, tables)
                and not person_name(line, tables)
                and (code := place_country(line, tables))
            ):
                yield Found(value=code, source="signature", confidence=0.7)
    for sheet in sheets:
        for line in reversed(sheet.head.split("\n")):
            code = next((code for piece in reversed(_PIECES.split(line)) if (code := _only_place(piece, tables))), None)
            if code:
                yield Found(value=code, source="letterhead", confidence=0.8)
    for sheet in sheets:
        if name and (code := _code_beside(name, sheet.unit.own_text, tables)):
            yield Found(value=code, source="declared", confidence=0.8)
    if name and (code := named_country(name, tables, cities=False)):
        yield Found(value=code, source="signature", confidence=0.8)
    form = legal_form(name, tables) if name else None
    if form and form in tables.legal_country:
        yield Found(value=tables.legal_country[form], source="signature", confidence=0.75)


def _code_beside(name: str, text: str, tables: WhoTables) -> str | None:
    """ "Harbour Operators Group (SG; ...)": the two letters of a country in brackets behind the name."""
    place = text.find(name)
    code = _CODED.match(text, place + len(name)) if place >= 0 else None
    return code.group(1) if code and code.group(1) in tables.regions else None


def _only_place(piece: str, tables: WhoTables) -> str | None:
    return place_country(piece, tables) if piece.strip() and covered(piece, tables) else None


def _told(sheets: Sequence[Sheet], said: str, tables: WhoTables) -> Iterator[Found]:
    """What the sender says of itself, the covering words, a dateline, a city that somebody is in or comes from."""
    texts = [(said, "declared")]
    texts += [(sheet.intro[:700], "declared") for sheet in sheets if sheet.unit.kind != "attachment"]
    texts += [(sheet.intro[:500], "attachment") for sheet in sheets if sheet.unit.kind == "attachment"]
    for text, source in texts:
        if code := first_country(text, tables):
            yield Found(value=code, source=source, confidence=0.6)
    for sheet in sheets:
        if sheet.unit.kind in ("body", "message") and (code := first_country(sheet.unit.name, tables)):
            yield Found(value=code, source="subject", confidence=0.5)
    for sheet in sheets:
        if code := _dateline(sheet.intro[:300], tables):
            yield Found(value=code, source="letterhead", confidence=0.5)
        if code := city_after(sheet.intro[:600], tables):
            yield Found(value=code, source="declared", confidence=0.45)


def _dateline(head: str, tables: WhoTables) -> str | None:
    """Where a letter was written: "Cobán, 18 de diciembre"."""
    for line in head.split("\n")[:8]:
        place, comma, rest = line.partition(",")
        if comma and len(place) < 40 and re.search(r"\d", rest) and len(rest) < 60 and (code := place_country(place, tables)):
            return code
    return None


def _script_language(text: str) -> str:
    """The language of a text in a script of its own."""
    if re.search(r"[\u3041-\u30ff]{2}", text):
        return "ja"
    if re.search(r"[\uac00-\ud7a3]{2}", text):
        return "ko"
    return "zh" if re.search(r"[\u4e00-\u9fff]{4}", text) else ""


def region_of_body(organization: Found | None, intro: str, own: str, tables: WhoTables) -> Region:
    """Of a body of States or a worldwide one: by its name, the sentence that says what it is, the countries that it (`own`) names."""
    named = body_region(organization.value, tables) if organization else None
    if named is not None:
        return named
    for sentence in re.split(r"(?<=[.!?。؟])\s+|\n\s*\n", intro):
        if {"intergovernmental"} & set(tables.declared.values(folded(sentence))):
            found = body_region(sentence, tables)
            if found is not None:
                return found
    return _region_of_places(own, tables) or Region.INTERNATIONAL


def _region_of_places(own: str, tables: WhoTables) -> Region | None:
    """The region of the several countries that a body of States speaks of, where they are all of one."""
    plain = folded(own[:_SPOKEN])
    found = {
        hit.value for known in (tables.names, tables.cities) for hit in known.find(plain) if hit.end - hit.start > _CODE_LETTERS
    }
    regions = {tables.regions[code] for code in found}
    return regions.pop() if len(found) >= _SEVERAL and len(regions) == 1 else None
