"""Who a text is filed for: from what the sender declares, signature, letterhead, attachment, a directory, the address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from intake.model.mail import Arrival
from intake.model.round import Round
from intake.model.verdict import Category, Region, Respondent
from intake.sorting.answers_frame import frame_of
from intake.sorting.answers_lines import page_of
from intake.sorting.answers_units import Unit, authored
from intake.sorting.folding import folded, has_cjk, words_of
from intake.sorting.who_category import Kind, category_of
from intake.sorting.who_fields import declared_fields
from intake.sorting.who_joint import co_signatories, speaks_jointly
from intake.sorting.who_names import longest_form, organization_name, person_name
from intake.sorting.who_places import body_region, domain_country, first_country, named_country
from intake.sorting.who_prose import document_title, named_organizations
from intake.sorting.who_signature import Signature, read_signature
from intake.sorting.who_tables import KnownRespondent, WhoTables, who_tables

__all__ = ["Author", "Identity", "WhoTables", "identify", "who_tables"]

_HEAD = 1800
_ACCEPTED = 0.55
"""Confidence from which an organization is taken at its word."""
_NOTE = 160
"""Words up to which a mail with attachments is a covering note."""


class Author(Struct, frozen=True, kw_only=True):
    """Whose text it is, as the classifier found: of the outer message, or (`part`) of an attached one."""

    address: str = ""
    name: str = ""
    part: str = ""


class Identity(Struct, frozen=True, kw_only=True):
    """The respondent with the source and confidence of each field. `doubts`: why a person must decide.

    `flags`: joint, no_country. `abstract`: the sender's own summary, "" when there is none.
    """

    respondent: Respondent
    co_signatories: tuple[str, ...] = ()
    abstract: str = ""
    doubts: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


class _Sheet(Struct, frozen=True, kw_only=True):
    """A unit with its signature and the words before the answers."""

    unit: Unit
    intro: str
    signature: Signature
    declared: dict[str, str]


class _Found(Struct, frozen=True, kw_only=True):
    """A value, where it was found, and how sure that is."""

    value: str
    source: str
    confidence: float


def identify(arrival: Arrival, author: Author, round: Round, tables: WhoTables) -> Identity:
    """The respondent of one message. Never a silent guess: low confidence is a doubt."""
    sheets = [_sheet(unit, tables) for unit in _voiced(arrival, author)]
    known = _known(author.address, tables)
    declared = next((sheet.declared for sheet in sheets if sheet.declared), {})
    person, title = _person(sheets, author, declared, tables)
    organization = _organization(sheets, author, declared, known, person, round, tables)
    intro = "\n".join(sheet.intro for sheet in sheets if sheet.unit.kind != "attachment")[:_HEAD]
    name = organization.value if organization else None
    kind = category_of(name, intro[:900], author.address, tables, declared.get("category", ""))
    kind = _settled_kind(kind, known, person, organization, intro, tables)
    country = _country(sheets, author, declared, known, intro, name, tables)
    signatories = co_signatories([sheet.unit.text for sheet in sheets], tables)
    return _identity(kind, person, title, organization, country, signatories, intro, _abstract(sheets, tables), tables)


def _voiced(arrival: Arrival, author: Author) -> tuple[Unit, ...]:
    """The units that speak for the author: an attached message's own when he wrote that, else all but others' messages."""
    units = authored(arrival)
    inner = [
        unit for unit in units if unit.kind == "message" and (unit.part == author.part or unit.sender == author.address.lower())
    ]
    outer = arrival.reading.from_[0].address.lower() if arrival.reading.from_ else ""
    if inner and outer != author.address.lower():
        prefix = inner[0].part
        return tuple(unit for unit in units if unit.part == prefix or unit.part.startswith(prefix + "."))
    return units


def _sheet(unit: Unit, tables: WhoTables) -> _Sheet:
    page = page_of(unit, tables.letters.opener)
    frame = frame_of(page, tables.letters)
    begin, end = page.fold.back(frame.signature), page.fold.back(frame.end)
    block = unit.text[begin:end] if begin < end else ""
    marked = "\n".join(unit.text[start:stop] for start, stop in unit.signature)
    signature = read_signature(block, tables) if block.strip() else Signature()
    if marked.strip():
        signature = _fuller(signature, read_signature(marked, tables))
    own = unit.own_text
    first = page.fold.back(frame.start)
    intro = "\n".join(unit.text[max(start, first) : end] for start, end in unit.own if end > first)
    return _Sheet(unit=unit, intro=intro[:_HEAD], signature=signature, declared=declared_fields(own, tables))


def _fuller(one: Signature, other: Signature) -> Signature:
    """Two blocks of one letter ("Ilze", then the full block) as one."""
    certain = one.certain or not other.certain
    return Signature(
        person=longest_form(one.person, [other.person or ""]) if one.person else other.person,
        title=one.title or other.title,
        organization=(one.organization if certain else None) or other.organization or one.organization,
        certain=one.certain or other.certain,
        country=one.country or other.country,
        signer=one.signer,
        assistant=one.assistant,
    )


def _known(address: str, tables: WhoTables) -> KnownRespondent | None:
    address = address.lower()
    domain = "@" + address.rpartition("@")[2]
    exact = next((entry for entry in tables.directory if entry.address.lower() == address), None)
    if exact or tables.free_mail.fullmatch(domain[1:]):
        return exact
    return next((entry for entry in tables.directory if entry.address.lower() == domain), None)


def _person(
    sheets: Sequence[_Sheet], author: Author, declared: dict[str, str], tables: WhoTables
) -> tuple[_Found | None, _Found | None]:
    """The person and the title: declared, signed, signed in an attachment (when the sender only sends), else the From name."""
    from_name = person_name(author.name, tables)
    posted = [
        name
        for sheet in sheets
        if sheet.unit.sender_name and sheet.unit.kind == "forwarded" and (name := person_name(sheet.unit.sender_name, tables))
    ]
    signed = [sheet.signature for sheet in sheets if sheet.unit.kind not in ("attachment", "forwarded")]
    enclosed = [sheet.signature for sheet in sheets if sheet.unit.kind in ("attachment", "forwarded") and sheet.signature.person]
    forms = [form for form in (from_name, *(entry.person for entry in (*signed, *enclosed))) if form]
    if declared.get("person"):
        name = person_name(declared["person"], tables)
        if name:
            title = declared.get("title")
            return _Found(value=name, source="declared", confidence=0.97), _field(title, "declared", 0.95)
    sends_only = any(entry.assistant for entry in signed) or any(
        tables.sends_only.search(folded(sheet.intro[:700])) for sheet in sheets if sheet.unit.kind != "attachment"
    )
    by_another = [entry for entry in enclosed if entry.title or entry.certain]
    noted = sum(len(sheet.unit.own_text.split()) for sheet in sheets if sheet.unit.kind in ("body", "message")) < _NOTE
    if enclosed and (sends_only or (by_another and noted)):
        entry = (by_another or enclosed)[-1]
        return _Found(value=longest_form(entry.person or "", forms), source="attachment", confidence=0.8), _field(
            entry.title, "attachment", 0.8
        )
    if sends_only and posted:
        return _Found(value=longest_form(posted[0], forms), source="attachment", confidence=0.75), None
    for entries, source, confidence in ((signed, "signature", 0.92), (enclosed, "attachment", 0.75)):
        entry_found = next((entry for entry in entries if entry.person), None)
        if entry_found and entry_found.person:
            value = longest_form(entry_found.person, forms)
            return _Found(value=value, source=source, confidence=confidence), _field(entry_found.title, source, confidence)
    title = next((entry.title for entry in signed if entry.title), None)
    pseudonym = author.name.strip() if tables.free_mail.fullmatch(author.address.rpartition("@")[2].lower()) else ""
    if not from_name and pseudonym and len(pseudonym.split()) == 1 and not tables.roles.values(folded(pseudonym)):
        return _Found(value=pseudonym, source="address", confidence=0.3), None
    if from_name:
        return _Found(value=from_name, source="address", confidence=0.6), _field(title, "signature", 0.6)
    return None, _field(title, "signature", 0.6)


def _field(value: str | None, source: str, confidence: float) -> _Found | None:
    return _Found(value=value, source=source, confidence=confidence) if value else None


def _organization(
    sheets: Sequence[_Sheet],
    author: Author,
    declared: dict[str, str],
    known: KnownRespondent | None,
    person: _Found | None,
    round: Round,
    tables: WhoTables,
) -> _Found | None:
    """The organization: declared, signed, named in the text, in a title or letterhead, confirmed before, in the From name."""
    found = list(_candidates(sheets, declared, known, author, tables))
    usable = [entry for entry in found if not _is_other(entry.value, person, round)]
    usable = [
        entry
        for entry in usable
        if (entry.confidence >= _ACCEPTED and (entry.confidence > 0.8 or " " in entry.value or has_cjk(entry.value)))
        or _supported(entry.value, usable, author, person)
    ]
    if not usable:
        return None
    script = _script("\n".join(sheet.intro for sheet in sheets))
    # Of a bilingual signature the name in the letters of the text.
    best = max(usable, key=lambda entry: entry.confidence - (0.4 if _script(entry.value) != script else 0.0))
    longer = [entry.value for entry in usable if _extends(entry.value, best.value, tables)]
    value = max([best.value, *longer], key=len) if longer else best.value
    return _Found(value=value, source=best.source, confidence=best.confidence)


def _candidates(
    sheets: Sequence[_Sheet], declared: dict[str, str], known: KnownRespondent | None, author: Author, tables: WhoTables
) -> list[_Found]:
    found: list[_Found] = []
    if declared.get("organization"):
        found.append(_Found(value=organization_name(declared["organization"], tables), source="declared", confidence=0.97))
    for sheet in sheets:
        attached = sheet.unit.kind == "attachment"
        if sheet.signature.organization:
            sure = 0.9 if sheet.signature.certain else 0.62
            found.append(
                _Found(
                    value=sheet.signature.organization,
                    source="attachment" if attached else "signature",
                    confidence=sure - 0.15 * attached,
                )
            )
        source = "attachment" if attached else "declared"
        for named in named_organizations(sheet.intro, source, tables):
            found.append(_Found(value=named.name, source=source, confidence=named.score - 0.1 * attached))
        if attached:
            found += [
                _Found(value=named.name, source="letterhead", confidence=named.score)
                for named in document_title(sheet.unit.own_text, tables)
            ]
    if known and known.organization:
        found.append(_Found(value=known.organization, source="directory", confidence=0.85))
    from_name = organization_name(author.name, tables) if author.name else ""
    if from_name and person_name(author.name, tables) is None and len(from_name.split()) > 1:
        found.append(_Found(value=from_name, source="address", confidence=0.4))
    return [entry for entry in found if entry.value]


def _supported(name: str, found: Sequence[_Found], author: Author, person: _Found | None) -> bool:
    """A weak candidate counts when it is named twice, when the address or the From name agrees, or when nobody signs."""
    plain = folded(name)
    if person is None or sum(folded(entry.value) == plain for entry in found) > 1:
        return True
    told = folded(f"{author.name} {author.address.rpartition('@')[2]}")
    return any(len(word) > 3 and word in told for word in words_of(plain))


def _is_other(name: str, person: _Found | None, round: Round) -> bool:
    """The person's own name, or the group that is written to."""
    if person and folded(name) == folded(person.value):
        return True
    if "".join(word[0] for word in round.working_group.split() if word[0].isupper()).startswith(name) and len(name) > 1:
        return True  # its acronym
    ours = set(words_of(folded(f"{round.working_group} {round.topic}")))
    words = words_of(folded(name))
    return sum(word in ours for word in words) >= 0.8 * len(words)


def _extends(longer: str, name: str, tables: WhoTables) -> bool:
    """The same name with its legal form or a few more words, no place, at the end."""
    one, other = folded(name), folded(longer)
    if len(other) <= len(one) or not other.startswith(one) or other[len(one)].isalnum():
        return False
    return len(other.split()) <= len(one.split()) + 3 and named_country(longer[len(name) :], tables) is None


def _script(text: str) -> str:
    """The script most letters of a text are in: "arabic", "chinese" or "other"."""
    arabic = sum("\u0600" <= char <= "\u06ff" for char in text[:_HEAD])
    if arabic * 2 > len(text[:_HEAD]) * 0.7:
        return "arabic"
    return "chinese" if has_cjk(text) and not re.search(r"[A-Za-z]{4}", text) else "other"


def _settled_kind(
    kind: Kind, known: KnownRespondent | None, person: _Found | None, organization: _Found | None, intro: str, tables: WhoTables
) -> Kind:
    personal = any(hit.value == "individual" and hit.words > 1 for hit in tables.declared.find(folded(intro[:1500])))
    if known and known.category is not Category.UNSPECIFIED and kind.confidence < 0.9:
        return Kind(known.category, 0.9, "directory")
    if personal and kind.source != "declared":
        return Kind(Category.INDIVIDUAL, 0.85, "declared")
    if organization is None and kind.category is Category.UNSPECIFIED and person is not None:
        return Kind(Category.INDIVIDUAL, 0.6, "signature")
    return kind


def _country(
    sheets: Sequence[_Sheet],
    author: Author,
    declared: dict[str, str],
    known: KnownRespondent | None,
    intro: str,
    name: str | None,
    tables: WhoTables,
) -> _Found | None:
    """Country: declared, signature, the organization's name, the domain, confirmed before, covering words."""
    said = named_country(declared.get("country", ""), tables)
    if said:
        return _Found(value=said, source="declared", confidence=0.97)
    domain = author.address.rpartition("@")[2].lower()
    free = tables.free_mail.fullmatch(domain) is not None
    by_domain = domain_country(author.address, tables)
    for sheet in sheets:
        if sheet.signature.country:
            attached = sheet.unit.kind == "attachment"
            return _Found(
                value=sheet.signature.country, source="attachment" if attached else "signature", confidence=0.9 - 0.2 * attached
            )
    if name and (code := named_country(name, tables)):
        return _Found(value=code, source="signature", confidence=0.8)
    if by_domain and not free:
        return _Found(value=by_domain, source="address", confidence=0.8)
    if known and known.country:
        return _Found(value=known.country, source="directory", confidence=0.85)
    for text, source in (
        (intro[:700], "declared"),
        *((sheet.intro[:500], "attachment") for sheet in sheets if sheet.unit.kind == "attachment"),
    ):
        if code := first_country(text, tables):
            return _Found(value=code, source=source, confidence=0.6)
    for sheet in sheets:
        # The dateline of a letter: "Cobán, 18 de diciembre".
        if (cities := set(tables.cities.values(folded(sheet.intro[:160])))) and len(cities) == 1:
            return _Found(value=cities.pop(), source="letterhead", confidence=0.5)
    by_mail = tables.mail_country.get(domain) or by_domain
    return _Found(value=by_mail, source="address", confidence=0.4) if by_mail else None


def _identity(
    kind: Kind, person: _Found | None, title: _Found | None, organization: _Found | None, country: _Found | None,
    signatories: tuple[str, ...], intro: str, abstract: str, tables: WhoTables,
) -> Identity:  # fmt: skip
    worldwide = kind.category in (Category.INTERGOVERNMENTAL, Category.INTERNATIONAL_ORG)
    region = tables.regions.get(country.value, Region.UNKNOWN) if country else Region.UNKNOWN
    if worldwide:
        region = _body_region(organization, intro, tables)
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
    return Identity(
        respondent=respondent,
        co_signatories=signatories if joint else (),
        abstract=abstract,
        doubts=tuple(_doubts(respondent, person, organization)),
        flags=flags,
    )


def _body_region(organization: _Found | None, intro: str, tables: WhoTables) -> Region:
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


def _abstract(sheets: Sequence[_Sheet], tables: WhoTables) -> str:
    """The paragraph under a heading "Summary" of the sender's own, at most 1000 characters."""
    for sheet in sheets:
        paragraphs = [paragraph.strip() for paragraph in re.split(r"\n\s*\n|\n", sheet.unit.own_text) if paragraph.strip()]
        for heading, text in pairwise(paragraphs):
            if len(heading) < 40 and tables.letters.summary.fullmatch(folded(heading).strip(" .:*#0123456789")):
                return text[:1000]
    return ""


def _doubts(respondent: Respondent, person: _Found | None, organization: _Found | None) -> list[str]:
    doubts = []
    if person is None and organization is None:
        doubts.append("nobody is named")
    elif respondent.category is Category.INDIVIDUAL and respondent.region is Region.UNKNOWN:
        doubts.append("neither organization nor country is known")
    if respondent.category is Category.UNSPECIFIED:
        doubts.append("the category cannot be told")
    elif respondent.confidence.get("category", 1.0) < 0.5:
        doubts.append("the category is a guess")
    return doubts
