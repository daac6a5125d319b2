"""What a slip looks like: a row of a form, or what an officer registered. Who and on which question is declared, and believed by its channel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale

from intake.model.mail import Arrival
from intake.model.round import LANGUAGES, Round
from intake.model.slip import SLIP_FIELDS, SLIP_LINES
from intake.model.verdict import Answer, Category, Disposition, Finding, OfSlip, Passage, Region, Respondent, Signals, Verdict
from intake.sorting.answers import Mapping, map_answers, says_nothing
from intake.sorting.contents import attachments_of, sketch
from intake.sorting.folding import folded, words_of
from intake.sorting.language import language_of
from intake.sorting.tables import SortingTables
from intake.sorting.who_category import Kind, category_of
from intake.sorting.who_places import body_region, named_country, place_in_name
from intake.sorting.who_tables import WhoTables
from intake.sorting.withheld import propose_withheld

_PLACE = re.compile(r"(\d{1,4})=(\d{1,7})\+(\d{1,7})")
_WORLDWIDE = (Category.INTERGOVERNMENTAL, Category.INTERNATIONAL_ORG)
_CODE = re.compile(r"[A-Za-z]{2}")


def slip_verdict(arrival: Arrival, consultation: Round, tables: SortingTables) -> Verdict:
    """The verdict on a slip: always a response; whose row replaces whose is casework's."""
    said = {key: (arrival.reading.header(field) or "").strip() for key, field in SLIP_FIELDS.items()}
    mapping = map_answers(arrival, consultation, tables.answers)
    answers, general = _declared(arrival, mapping, tables)
    text = "\n".join([*(answer.text for answer in answers), *(passage.text for passage in general)])
    detected = language_of(text, tables.answers.function_words, arrival.reading.language) if text.strip() else mapping.language
    language = said["language"] or detected
    email = said["email"].lower()
    respondent, doubts = _respondent(said, email, tables.who)
    withholding = propose_withheld(arrival, consultation, tables.withheld, respondent)
    unknown = ("no_country",) if respondent.region is Region.UNKNOWN else ()
    what = "a row of the form" if said["kind"] == "form" else "registered by an officer:"
    return Verdict(
        key=arrival.key,
        disposition=Disposition.RESPONSE,
        confidence=1.0,
        findings=(Finding(classifier="slip", finding="response", because=f"{what} {said['source']}", confidence=1.0),),
        author=email,
        author_name=respondent.person or "",
        letter_to=said["email"] or None,
        letter_language=language if language in LANGUAGES else "en",
        language=language or "und",
        respondent=respondent,
        answers=answers,
        general=general,
        unmapped=() if arrival.reading.header(SLIP_LINES) else mapping.unmapped,
        attachments=attachments_of(arrival.reading),
        flags=tuple(dict.fromkeys((*mapping.flags, *withholding.flags, *unknown))),
        doubts=doubts,
        withheld=withholding.withheld,
        signals=Signals(substance=len(words_of(folded(text))), house=_house(email, tables.who)),
        minhash=sketch(text),
        slip=OfSlip(id=said["id"], row=said["row"], vouched=said["vouched"] == "yes", belongs_to=said["belongs_to"]),
    )


def _declared(arrival: Arrival, mapping: Mapping, tables: SortingTables) -> tuple[tuple[Answer, ...], tuple[Passage, ...]]:
    """Of a form the answers by the lines on which they stand, and beside them what its files answer; else what is found."""
    places = arrival.reading.header(SLIP_LINES)
    if not places:
        return mapping.answers, mapping.general
    found = list(_by_lines(arrival.reading.text, places))
    said = {number: passage for number, passage in found if number and not says_nothing(passage.text, tables.answers)}
    answers = [Answer(question=number, passages=(passage,), how="form") for number, passage in said.items()]
    answers += [item for item in mapping.answers if item.question not in said and all(passage.part for passage in item.passages)]
    general = [passage for number, passage in found if not number] + [passage for passage in mapping.general if passage.part]
    return tuple(sorted(answers, key=lambda item: item.question)), tuple(general)


def _by_lines(text: str, places: str) -> Iterator[tuple[int, Passage]]:
    """(question or 0, its stretch) by the slip's own list of lines; white space around it left out."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for place in _PLACE.finditer(places):
        question, first, number = map(int, place.groups())
        start, end = (min(starts[min(index, len(starts) - 1)], len(text)) for index in (first, first + number))
        words = text[start:end]
        start += len(words) - len(words.lstrip())
        end = start + len(words.strip())
        if start < end:
            yield question, Passage(part="", start=start, end=end, text=text[start:end])


def _respondent(said: dict[str, str], email: str, who: WhoTables) -> tuple[Respondent, tuple[str, ...]]:
    """What was declared; the category and country that were not, as the name tells them."""
    organization, person = said["organization"] or None, said["person"] or None
    kind = category_of(organization, "", email, who)
    if said["category"] in Category._value2member_map_:
        kind = Kind(Category(said["category"]), 1.0, "declared")
    elif organization is None and person:
        kind = Kind(Category.INDIVIDUAL, 0.6, "declared")
    country = said["country"].upper() or _named(organization, who)
    region = who.regions.get(country, Region.UNKNOWN) if country else Region.UNKNOWN
    if kind.category in _WORLDWIDE and not said["country"]:
        country, region = None, body_region(organization or "", who) or Region.INTERNATIONAL
    fields = {"person": person, "title": said["title"] or None, "organization": organization, "country": country}
    sources = {key: "declared" for key, value in fields.items() if value} | ({"category": kind.source} if kind.source else {})
    confidence = {key: 1.0 for key, value in fields.items() if value} | {"category": kind.confidence}
    respondent = Respondent(**fields, category=kind.category, region=region, sources=sources, confidence=confidence)
    return respondent, tuple(_doubts(respondent))


def _named(organization: str | None, who: WhoTables) -> str | None:
    """The country that an organization's name tells."""
    return (named_country(organization, who, cities=False) or place_in_name(organization, who)) if organization else None


def _doubts(respondent: Respondent) -> Iterator[str]:
    """As for mail: who it is must be known before it counts."""
    if respondent.person is None and respondent.organization is None:
        yield "nobody is named"
    elif respondent.category is Category.INDIVIDUAL and respondent.region is Region.UNKNOWN:
        yield "neither organization nor country is known"
    if respondent.category is Category.UNSPECIFIED:
        yield "the category cannot be told"
    elif respondent.confidence.get("category", 1.0) < 0.5:
        yield "the category is a guess"


def _house(address: str, who: WhoTables) -> str:
    domain = address.rpartition("@")[2]
    return "" if not domain or who.free_mail.fullmatch(domain) else domain


def category_word(text: str, tables: SortingTables) -> str | None:
    """A category as a form words it: our own name, or a word that says one. None for others."""
    plain = folded(text).strip().replace(" ", "_").replace("-", "_")
    if plain in Category._value2member_map_:
        return plain
    found = set(tables.who.declared.values(folded(text))) or set(tables.who.kinds.values(folded(text)))
    return found.pop() if len(found) == 1 else None


def country_word(text: str, tables: SortingTables) -> str | None:
    """ISO 3166-1 of a code, or of a country's name in the languages that are known. None for others."""
    if _CODE.fullmatch(text.strip()):
        code = text.strip().upper()
        return code if code in tables.who.regions else None
    return named_country(text, tables.who, cities=False)


def language_word(text: str) -> str | None:
    """ISO 639-1 of a code, or of a language's name in the six languages or its own. None for others."""
    plain = text.strip().casefold()
    return plain if _CODE.fullmatch(plain) else _languages().get(plain)


@cache
def _languages() -> dict[str, str]:
    found: dict[str, str] = {}
    for shown in LANGUAGES:
        for code, name in Locale(shown).languages.items():
            if len(code) == 2:
                found.setdefault(name.casefold(), code)
    for code in LANGUAGES:
        found[(Locale(code).get_display_name(code) or code).casefold()] = code
    return found


def sent_verdict(arrival: Arrival) -> Verdict:
    """An officer's own mail: of the file, never a response, never answered."""
    reading = arrival.reading
    sender = reading.from_[0] if reading.from_ else None
    return Verdict(
        key=arrival.key,
        disposition=Disposition.CORRESPONDENCE,
        confidence=1.0,
        findings=(Finding(classifier="sent", finding="correspondence", because="an officer's own mail", confidence=1.0),),
        author=sender.address.lower() if sender else "",
        author_name=sender.name if sender else "",
        language=reading.language,
        recipients=tuple(dict.fromkeys(item.address.lower() for item in (*reading.to, *reading.cc) if item.address)),
    )
