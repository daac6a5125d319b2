"""Who a text is filed for: from what the sender declares, signature, letterhead, attachment, a directory, the address."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from intake.model.mail import Arrival
from intake.model.round import Round
from intake.model.verdict import Category, KnownRespondent, Region, Respondent
from intake.sorting.folding import folded, has_cjk
from intake.sorting.who_category import Kind, category_of
from intake.sorting.who_country import country_of, region_of_body
from intake.sorting.who_gloss import self_described, signed_as
from intake.sorting.who_heads import known_words, named_by_file, parts_of_name
from intake.sorting.who_joint import co_signatories, speaks_jointly
from intake.sorting.who_organization import organization_of
from intake.sorting.who_person import person_of
from intake.sorting.who_sheets import HEAD, Author, Found, Sheet, sheet_of, voiced
from intake.sorting.who_tables import WhoTables, who_tables

__all__ = ["Author", "Identity", "WhoTables", "identify", "who_tables"]


_BEHIND = 60
"""Characters behind a name in which somebody's standing is told."""
_OWN_NAME = 0.4
_GUESSED = 0.45
_LONG_TEXT = 120
"""Words from which a text that says nothing of what its sender is lets one guess."""
_VOICE = 20_000
"""Characters of a text in which an organization speaks of itself in passing."""


class Identity(Struct, frozen=True, kw_only=True):
    """The respondent with the source and confidence of each field. `doubts`: why a person must decide.

    `flags`: joint, no_country. `abstract`: the sender's own summary, "" when there is none.
    """

    respondent: Respondent
    co_signatories: tuple[str, ...] = ()
    abstract: str = ""
    doubts: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


def identify(arrival: Arrival, author: Author, round: Round, tables: WhoTables) -> Identity:
    """The respondent of one message. Never a silent guess: low confidence is a doubt."""
    units = voiced(arrival, author)
    if not author.name.strip():
        named = (named_by_file(unit.name, tables) for unit in units if unit.kind == "attachment")
        author = replace(author, name=next(filter(None, named), ""))
    words = known_words(author.name, author.address, tables)
    sheets = [sheet_of(unit, tables, words) for unit in units]
    known = _known(author.address, tables)
    declared = next((sheet.declared for sheet in sheets if sheet.declared), {})
    person, title = person_of(sheets, author, declared, tables)
    organization = organization_of(sheets, author, declared, known, person, round, tables)
    if person and organization and person.source == "address" and folded(organization.value).startswith(folded(person.value)):
        person = None  # the From name is the organization's
    intro = "\n".join(sheet.intro for sheet in sheets if sheet.unit.kind != "attachment")[:HEAD]
    mailbox = organization is not None and parts_of_name(author.name, tables)[1] == organization.value
    # A form letter's "as a citizen" under an organization's own name is the organization's letter.
    personal = (_speaks_for_itself(intro, declared, tables) or _is_private(person, sheets, declared, tables)) and not mailbox
    if personal:
        organization = None
    name = organization.value if organization else None
    said = "\n".join(
        text for sheet in sheets for text in (self_described(sheet.intro, name, tables), signed_as(sheet.unit.text, name)) if text
    )
    free = tables.free_mail.fullmatch(author.address.rpartition("@")[2].lower()) is not None
    sent_for = organization is not None and tables.client.search(folded(intro)) is not None
    kind = category_of(name, said, "" if sent_for else author.address, tables, declared.get("category", ""))
    if organization and kind.category is Category.UNSPECIFIED:
        kind = _by_voice(sheets, tables) or kind
    personal = personal and not (kind.source == "declared" and declared.get("category"))
    spoken = sum(len(sheet.unit.own_text.split()) for sheet in sheets)
    kind = _settled_kind(kind, known, person, organization, spoken, free=free, personal=personal)
    own = "\n".join(sheet.unit.own_text for sheet in sheets)
    country = country_of(sheets, author, declared, known, said, name, tables)
    signatories = co_signatories([sheet.unit.text for sheet in sheets], tables)
    return _identity(kind, person, title, organization, country, signatories, intro, own, _abstract(sheets, tables), tables)


def _speaks_for_itself(intro: str, declared: Mapping[str, str], tables: WhoTables) -> bool:
    """The sender says that it speaks for nobody else; a form's organization outranks that."""
    if declared.get("organization") or declared.get("category"):
        return False
    return any(hit.value == "individual" and hit.words > 1 for hit in tables.declared.find(folded(intro[:1500])))


def _is_private(person: Found | None, sheets: Sequence[Sheet], declared: Mapping[str, str], tables: WhoTables) -> bool:
    """Behind the name stands what nobody is for an organization: "Ana Ruiz, PhD student, Harbour University"."""
    if person is None or declared.get("organization"):
        return False
    for sheet in sheets:
        place = sheet.unit.own_text.find(person.value)
        while place >= 0:
            behind = folded(sheet.unit.own_text[place + len(person.value) :][:_BEHIND]).lstrip(" ,;:(-\n*_")
            hit = next(tables.private.find(behind), None)
            if hit is not None and hit.start == 0:
                return True
            place = sheet.unit.own_text.find(person.value, place + 1)
    return False


def _by_voice(sheets: Sequence[Sheet], tables: WhoTables) -> Kind | None:
    """What it says of itself in passing ("our subscribers"), where nothing else tells; weak, but more than a guess."""
    said = Counter(value for sheet in sheets for value in tables.voice.values(folded(sheet.unit.own_text[:_VOICE])))
    if not said:
        return None
    (best, times), *others = said.most_common(2)
    return Kind(Category(best), 0.55, "declared") if not others or times > others[0][1] else None


def _known(address: str, tables: WhoTables) -> KnownRespondent | None:
    address = address.lower()
    domain = "@" + address.rpartition("@")[2]
    exact = next((entry for entry in tables.directory if entry.address.lower() == address), None)
    if exact or tables.free_mail.fullmatch(domain[1:]):
        return exact
    return next((entry for entry in tables.directory if entry.address.lower() == domain), None)


def _settled_kind(
    kind: Kind,
    known: KnownRespondent | None,
    person: Found | None,
    organization: Found | None,
    spoken: int,
    *,
    free: bool,
    personal: bool,
) -> Kind:
    if known and known.category is not Category.UNSPECIFIED and kind.confidence < 0.9:
        return Kind(known.category, 0.9, "directory")
    if personal:
        return Kind(Category.INDIVIDUAL, 0.85, "declared")
    if organization is None and person is not None and kind.source in ("", "address", "declared"):
        told = kind if kind.confidence > 0.75 and kind.category is not Category.UNSPECIFIED else None
        return told or Kind(Category.INDIVIDUAL, 0.6, "signature")
    if organization is not None and kind.category is Category.UNSPECIFIED:
        # A bare brand of few words: what it is cannot be told. Of a long text a firm's more often than not, on a free mail host a group's:
        # marked as a guess by its confidence.
        guess = Category.CIVIL_SOCIETY if free else Category.PRIVATE_SECTOR
        return Kind(guess, 0.35, "name") if spoken >= _LONG_TEXT or (free and " " in organization.value) else kind
    return kind


def _identity(
    kind: Kind, person: Found | None, title: Found | None, organization: Found | None, country: Found | None,
    signatories: tuple[str, ...], intro: str, spoken: str, abstract: str, tables: WhoTables,
) -> Identity:  # fmt: skip
    worldwide = kind.category in (Category.INTERGOVERNMENTAL, Category.INTERNATIONAL_ORG)
    region = tables.regions.get(country.value, Region.UNKNOWN) if country else Region.UNKNOWN
    if worldwide:
        region = region_of_body(organization, intro, spoken if kind.category is Category.INTERGOVERNMENTAL else "", tables)
        country = None
    fields = {"person": person, "title": title, "organization": organization, "country": country}
    sources = {key: entry.source for key, entry in fields.items() if entry} | ({"category": kind.source} if kind.source else {})
    confidence = {key: entry.confidence for key, entry in fields.items() if entry} | {"category": kind.confidence}
    respondent = Respondent(
        person=person.value if person else None,
        title=title.value if title else None,
        organization=organization.value if organization else None,
        category=kind.category,
        country=country.value if country else None,
        region=region,
        sources=sources,
        confidence=confidence,
    )
    joint = len(signatories) > 1 and (speaks_jointly(intro, tables) or len(signatories) > 2)
    flags = (("joint",) if joint else ()) + (("no_country",) if region is Region.UNKNOWN else ())
    own = folded(organization.value) if organization else ""
    beside = tuple(name for name in signatories if folded(name) != own)
    return Identity(
        respondent=respondent,
        co_signatories=beside if joint else (),
        abstract=abstract,
        doubts=tuple(_doubts(respondent, person, organization, anonymous=tables.anonymous.search(folded(intro)) is not None)),
        flags=flags,
    )


def _abstract(sheets: Sequence[Sheet], tables: WhoTables) -> str:
    """The paragraph under a heading "Summary" of the sender's own, at most 1000 characters."""
    for sheet in sheets:
        paragraphs = [paragraph.strip() for paragraph in re.split(r"\n\s*\n|\n", sheet.unit.own_text) if paragraph.strip()]
        for heading, text in pairwise(paragraphs):
            if len(heading) < 40 and tables.letters.summary.fullmatch(folded(heading).strip(" .:*#0123456789")):
                return text[:1000]
    return ""


def _is_known(person: Found | None) -> bool:
    """A full name says who it is: where from is asked, and holds nothing up. A pseudonym does not."""
    if person is None or person.confidence < _OWN_NAME:
        return False
    return len(person.value.split()) > 1 or has_cjk(person.value)


def _is_told(respondent: Respondent) -> bool:
    """Whether the country was told, and not guessed from the language or the mail host."""
    return respondent.region is not Region.UNKNOWN and respondent.confidence.get("country", 1.0) >= _GUESSED


def _doubts(respondent: Respondent, person: Found | None, organization: Found | None, *, anonymous: bool) -> list[str]:
    doubts = []
    if person is None and organization is None:
        doubts.append("nobody is named")
    elif respondent.category is Category.INDIVIDUAL and organization is None and not _is_told(respondent):
        unnamed = anonymous or not _is_known(person)
        if unnamed or respondent.region is Region.UNKNOWN:
            doubts.append("neither organization nor country is known" if unnamed else "where from is not known, and is asked")
    if respondent.category is Category.UNSPECIFIED:
        doubts.append("the category cannot be told")
    elif respondent.confidence.get("category", 1.0) < 0.5:
        doubts.append("the category is a guess")
    return doubts
