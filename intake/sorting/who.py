"""Who a text is filed for: from what the sender declares, signature, letterhead, attachment, a directory, the address."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from intake.model.mail import Arrival
from intake.model.round import Round
from intake.model.verdict import Category, Region, Respondent
from intake.sorting.answers_frame import frame_of
from intake.sorting.answers_lines import page_of
from intake.sorting.answers_units import Unit, authored
from intake.sorting.folding import folded
from intake.sorting.who_category import Kind, category_of
from intake.sorting.who_fields import declared_fields
from intake.sorting.who_joint import co_signatories, speaks_jointly
from intake.sorting.who_names import acronym_of, longest_form, organization_name, person_name
from intake.sorting.who_places import body_region, domain_country, first_country, named_country
from intake.sorting.who_prose import document_title, named_organizations
from intake.sorting.who_signature import Signature, read_signature
from intake.sorting.who_tables import KnownRespondent, WhoTables, who_tables

__all__ = ["Author", "Identity", "WhoTables", "identify", "who_tables"]

_HEAD = 1800


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
    organization = _organization(sheets, author, declared, known, person, tables)
    intro = "\n".join(sheet.intro for sheet in sheets if sheet.unit.kind != "attachment")[:_HEAD]
    name = organization.value if organization else None
    kind = category_of(name, _own_description(intro, name, sheets), author.address, tables, declared.get("category", ""))
    kind = _settled_kind(kind, known, person, organization, intro, tables)
    country = _country(sheets, author, declared, known, intro, name, tables)
    signatories = co_signatories([sheet.unit.text for sheet in sheets], tables)
    return _identity(kind, person, title, organization, country, signatories, sheets, intro, tables)


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
    page = page_of(unit)
    frame = frame_of(page, tables.letters)
    begin, end = page.fold.back(frame.signature), page.fold.back(frame.end)
    block = unit.text[begin:end] if begin < end else ""
    marked = "\n".join(unit.text[start:stop] for start, stop in unit.signature)
    signature = read_signature(block, tables) if block.strip() else Signature()
    if marked.strip():
        signature = _fuller(signature, read_signature(marked, tables))
    own = unit.own_text
    return _Sheet(unit=unit, intro=own[:_HEAD], signature=signature, declared=declared_fields(own, tables))


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
    signed = [sheet.signature for sheet in sheets if sheet.unit.kind != "attachment"]
    enclosed = [sheet.signature for sheet in sheets if sheet.unit.kind == "attachment" and sheet.signature.person]
    forms = [form for form in (from_name, *(entry.person for entry in (*signed, *enclosed))) if form]
    if declared.get("person"):
        name = person_name(declared["person"], tables)
        if name:
            title = declared.get("title")
            return _Found(value=name, source="declared", confidence=0.97), _field(title, "declared", 0.95)
    sends_only = any(entry.assistant for entry in signed) or any(
        tables.sends_only.search(folded(sheet.intro[:700])) for sheet in sheets if sheet.unit.kind != "attachment"
    )
    if sends_only and enclosed:
        entry = enclosed[-1]
        return _Found(value=longest_form(entry.person or "", forms), source="attachment", confidence=0.8), _field(
            entry.title, "attachment", 0.8
        )
    for entries, source, confidence in ((signed, "signature", 0.92), (enclosed, "attachment", 0.75)):
        entry_found = next((entry for entry in entries if entry.person), None)
        if entry_found and entry_found.person:
            value = longest_form(entry_found.person, forms)
            return _Found(value=value, source=source, confidence=confidence), _field(entry_found.title, source, confidence)
    title = next((entry.title for entry in signed if entry.title), None)
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
    tables: WhoTables,
) -> _Found | None:
    """The organization: declared, signed, named in the text, in a title or letterhead, confirmed before, in the From name."""
    found = list(_candidates(sheets, declared, known, author, tables))
    usable = [entry for entry in found if not (person and folded(entry.value) == folded(person.value))]
    if not usable:
        return None
    best = max(usable, key=lambda entry: entry.confidence)
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
                for named in document_title(sheet.intro, "letterhead", tables)
            ]
    if known and known.organization:
        found.append(_Found(value=known.organization, source="directory", confidence=0.85))
    from_name = organization_name(author.name, tables) if author.name else ""
    if from_name and person_name(author.name, tables) is None and len(from_name.split()) > 1:
        found.append(_Found(value=from_name, source="address", confidence=0.4))
    return [entry for entry in found if entry.value]


def _extends(longer: str, name: str, tables: WhoTables) -> bool:
    """The same name with its legal form or a few more words at the end."""
    one, other = folded(name), folded(longer)
    return (
        len(other) > len(one)
        and other.startswith(one)
        and len(other.split()) <= len(one.split()) + 3
        and not other[len(one)].isalnum()
    )


def _own_description(intro: str, name: str | None, sheets: Sequence[_Sheet]) -> str:
    """What the covering words say before the answers; the first lines of a text that is all answers say little."""
    return intro[:900]


def _settled_kind(
    kind: Kind, known: KnownRespondent | None, person: _Found | None, organization: _Found | None, intro: str, tables: WhoTables
) -> Kind:
    personal = "individual" in tables.declared.values(folded(intro[:1500]))
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
    """Country: declared, an authority's domain, signature, the organization's name, covering words, the domain, confirmed before."""
    said = named_country(declared.get("country", ""), tables)
    if said:
        return _Found(value=said, source="declared", confidence=0.97)
    by_domain = domain_country(author.address, tables)
    for sheet in sheets:
        if sheet.signature.country:
            attached = sheet.unit.kind == "attachment"
            return _Found(
                value=sheet.signature.country, source="attachment" if attached else "signature", confidence=0.9 - 0.2 * attached
            )
    if name and (code := named_country(name, tables)):
        return _Found(value=code, source="signature", confidence=0.8)
    if by_domain:
        return _Found(value=by_domain, source="address", confidence=0.8)
    if known and known.country:
        return _Found(value=known.country, source="directory", confidence=0.85)
    for text, source in (
        (intro[:700], "declared"),
        *((sheet.intro[:500], "attachment") for sheet in sheets if sheet.unit.kind == "attachment"),
    ):
        if code := first_country(text, tables):
            return _Found(value=code, source=source, confidence=0.6)
    return None


def _identity(
    kind: Kind, person: _Found | None, title: _Found | None, organization: _Found | None, country: _Found | None,
    signatories: tuple[str, ...], sheets: Sequence[_Sheet], intro: str, tables: WhoTables,
) -> Identity:  # fmt: skip
    worldwide = kind.category in (Category.INTERGOVERNMENTAL, Category.INTERNATIONAL_ORG)
    region = tables.regions.get(country.value, Region.UNKNOWN) if country else Region.UNKNOWN
    if worldwide:
        name_region = body_region(organization.value, tables) if organization else None
        region = name_region or Region.INTERNATIONAL
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
        doubts=tuple(_doubts(respondent, person, organization)),
        flags=flags,
    )


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
