"""The organization a text is filed for: declared, signed, named in the text, subject or letterhead, confirmed before; what agrees wins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from intake.model.round import Round
from intake.model.verdict import KnownRespondent
from intake.sorting.folding import folded, has_cjk, words_of
from intake.sorting.who_category import name_scores
from intake.sorting.who_heads import in_subject, letterhead, parts_of_name
from intake.sorting.who_names import organization_name, person_name
from intake.sorting.who_places import covered, is_state, named_country, place_country
from intake.sorting.who_prose import document_title, named_organizations
from intake.sorting.who_sheets import Author, Found, Sheet, script_of
from intake.sorting.who_tables import WhoTables, legal_form

_NAME_WORD = re.compile(r"(?<![\w@./-])[^\W\d_]*[A-ZÀ-ÞА-ЯЁ][\w-]{2,}(?![\w@]|\.\w)")
_HANGUL = re.compile(r"[\uac00-\ud7a3]{4}")
_BRAND = 0.6
_LETTERHEAD = 0.45
_BRIEF = 300
"""Words up to which the head of an enclosed letter is taken for the sender's: a long paper names whom it is written to."""
_ACCEPTED = 0.55
"""Confidence from which an organization is taken at its word."""
_DECLARED = 0.95
"""Confidence of what a field of a form says."""
_AGREES = 0.1
"""More for each other place that names the same."""
_MANDATE = 0.2
"""More for "on behalf of ...": the one who is spoken for outranks the one who signs."""
_DOCUMENT = 900
"""Characters in which an attachment says whose it is; the rest of it speaks of others."""
_UNKNOWN_LINE = 0.42
"""A line of a signature that says nothing of its kind."""
_PSEUDONYM = 0.4
_SMALL = 3
_BARE_UNIT = 4
"""Words up to which the name of a faculty or department may stand without its university."""
_IN = re.compile(r"^(?:in|from|at|en|à|au|aux|depuis|desde|в|из|في|من|aus|em|uit)\s+", re.IGNORECASE)
_QUOTED = re.compile(r"\s[«“„\"]([^«»“”„\"]+)[»”\"]$")
_PLACES = {"declared": "text", "letterhead": "attachment"}


def organization_of(
    sheets: Sequence[Sheet],
    author: Author,
    declared: dict[str, str],
    known: KnownRespondent | None,
    person: Found | None,
    round: Round,
    tables: WhoTables,
) -> Found | None:
    """The organization: declared, signed, named in the text, in a title or letterhead, confirmed before, in the From name."""
    found = [
        replace(entry, value=entry.value.strip())
        for entry in _candidates(sheets, declared, known, author, person, tables)
        if entry.value
        and not _is_other(entry.value, person if entry.confidence != _BRAND else _known_person(person), round, tables)
    ]
    agreeing = {entry.value: _agreement(entry.value, found, author, tables) for entry in found}
    usable = [entry for entry in found if _stands(entry, agreeing[entry.value], person, tables)]
    if not usable:
        brief = sum(len(sheet.unit.own_text.split()) for sheet in sheets) < _BRIEF
        return next((entry for entry in found if brief and _is_letterhead(entry, tables)), None)
    script = script_of("\n".join(sheet.intro for sheet in sheets))

    def rank(entry: Found) -> float:
        # Of a bilingual signature the name in the letters of the text.
        mandate = _MANDATE * (entry.source == "declared" and 0.9 < entry.confidence < _DECLARED)
        return mandate + entry.confidence + _AGREES * min(2, len(agreeing[entry.value])) - _discount(entry, script)

    best = max(usable, key=rank)
    best = _exact(best, found, tables)
    longer = [entry.value for entry in usable if _extends(entry, best.value, tables) or _formal(entry, best.value, tables)]
    value = max([best.value, *longer], key=len) if longer else best.value
    value = _house(value, found, tables)
    confidence = min(0.97, best.confidence + _AGREES * min(2, len(agreeing[best.value])))
    return Found(value=value, source=best.source, confidence=confidence)


def _is_letterhead(entry: Found, tables: WhoTables) -> bool:
    """The first thing that an enclosed document says of whose it is, where nothing else does: "reply of our Committee in Russian"."""
    scores = name_scores(entry.value, tables)
    first = entry.source in ("attachment", "letterhead") and entry.confidence >= _LETTERHEAD
    return first and max(scores.values(), default=0.0) >= 1.0 and len(entry.value.split()) > 1


def _house(name: str, found: Sequence[Found], tables: WhoTables) -> str:
    """ "Faculty of Law" names nobody: the university that is named beside it does."""
    plain = folded(name)
    unit = next(tables.of_university.find(plain), None)
    if unit is None or unit.start > 0 or len(plain.split()) > _BARE_UNIT or tables.university.values(plain):
        return name
    houses = [entry for entry in found if tables.university.values(folded(entry.value))]
    return max(houses, key=lambda entry: entry.confidence).value if houses else name


def _candidates(
    sheets: Sequence[Sheet],
    declared: dict[str, str],
    known: KnownRespondent | None,
    author: Author,
    person: Found | None,
    tables: WhoTables,
) -> Iterator[Found]:
    if declared.get("organization"):
        yield Found(value=organization_name(declared["organization"], tables), source="declared", confidence=0.97)
    for sheet in sheets:
        attached = sheet.unit.kind == "attachment"
        source = "attachment" if attached else "signature"
        if sheet.signature.organization:
            titled = 0.2 if sheet.signature.title and sheet.signature.person else 0.0
            sure = sheet.signature.weight if sheet.signature.certain else _UNKNOWN_LINE + titled
            yield Found(value=sheet.signature.organization, source=source, confidence=sure - 0.15 * attached)
        source = "attachment" if attached else "declared"
        for named in named_organizations(sheet.intro[:_DOCUMENT] if attached else sheet.intro, source, tables):
            yield Found(value=named.name, source=source, confidence=named.score - 0.1 * attached)
        if attached:
            for named in document_title(sheet.unit.own_text, tables):
                yield Found(value=named.name, source="letterhead", confidence=named.score)
        elif sheet.unit.kind != "forwarded":
            for name, score in in_subject(sheet.unit.name, tables):
                yield Found(value=name, source="subject", confidence=score)
            for name, score in letterhead(sheet.head, tables):
                yield Found(value=name, source="letterhead", confidence=score)
    if known and known.organization:
        yield Found(value=known.organization, source="directory", confidence=0.85)
    yield from _from_name(author, person, tables)
    yield from _brands(sheets, author, person, tables)


def _brands(sheets: Sequence[Sheet], author: Author, person: Found | None, tables: WhoTables) -> Iterator[Found]:
    """A single word that is the host's or the display name's, and stands in the text as a name does: "Founder, Quillmark"."""
    local, _, domain = author.address.lower().partition("@")
    hosts = [] if tables.free_mail.fullmatch(domain) else [label for label in domain.split(".")[:-1] if len(label) > 3]
    own = folded(author.name).strip(" \"'")
    names = {*hosts, *([own] if own and " " not in own else [])} - tables.generic_domains
    taken = set(words_of(folded(person.value))) if _known_person(person) and person else set()
    # A word of the sender's own longer name is no brand beside it: "Ministry of Harbours", @harbours.gov.xx.
    longer = parts_of_name(author.name, tables)[1] or ""
    taken |= set(words_of(folded(longer))) if name_scores(longer, tables) else set()
    for sheet in sheets:
        text = sheet.intro[:_DOCUMENT] + "\n" + sheet.unit.own_text[-_DOCUMENT:]
        alone = {line.strip(" .,-–—*") for line in text.split("\n")} if own == local else set()  # a pseudonym signs so
        if not any(name in folded(text) for name in names):
            continue
        for word in dict.fromkeys(_NAME_WORD.findall(text)):
            if word in alone:
                continue
            plain = folded(word)
            if plain in names and plain not in taken and not (tables.roles.values(plain) or tables.kinds.values(plain)):
                yield Found(value=word, source="declared", confidence=_BRAND)


def _from_name(author: Author, person: Found | None, tables: WhoTables) -> Iterator[Found]:
    named, organization = parts_of_name(author.name, tables)
    if organization is None or (person and folded(person.value) == folded(organization)):
        return
    # A single word is a brand when it is shouted, when another name signs, or when nobody does on a host of its own.
    hosted = person is None and tables.free_mail.fullmatch(author.address.rpartition("@")[2].lower()) is None
    signed = person is not None and person.source in ("signature", "attachment", "declared")
    brand = organization.isupper() or hosted or signed
    several = len(organization.split()) > 1 or has_cjk(organization)
    kind = name_scores(organization, tables)
    beside = named is not None and (kind or several)  # "Ana Ruiz, Harbour Union": a person and whose
    if several or (brand and not tables.roles.values(folded(organization)) and len(organization) > 2):
        sure = 0.68 if beside else _ACCEPTED if kind and several else 0.5 if named else 0.4
        yield Found(value=organization, source="address", confidence=sure)


def _agreement(name: str, found: Sequence[Found], author: Author, tables: WhoTables) -> set[str]:
    """The other places that name the same: text, signature, subject, attachment, display name, domain."""
    places = {_PLACES.get(entry.source, entry.source) for entry in found if _same(entry.value, name)}
    mine = {_PLACES.get(entry.source, entry.source) for entry in found if entry.value == name}
    domain = author.address.rpartition("@")[2].lower()
    if domain and not tables.free_mail.fullmatch(domain):
        host = folded(domain.rpartition(".")[0])
        words = [word for word in words_of(folded(name)) if word not in tables.joins]
        initials = "".join(word[0] for word in words)
        if any(len(word) > 4 and word in host for word in words) or (
            len(initials) > 2 and initials in host.replace("-", ".").split(".")
        ):
            places.add("domain")
    first = next(iter(sorted(mine)), "")
    return places - {first}


def _same(one: str, other: str) -> bool:
    """The same name, or the beginning or end of it that is a name by itself."""
    short, long = sorted((folded(one).strip(" .\"'"), folded(other).strip(" .\"'")), key=len)
    if short == long:
        return True
    if len(short) < 6 or (len(short.split()) < 2 and not has_cjk(short)):
        return False
    return (long.startswith(short) and not long[len(short)].isalnum()) or (
        long.endswith(short) and not long[-len(short) - 1].isalnum()
    )


def _stands(entry: Found, agreeing: set[str], person: Found | None, tables: WhoTables) -> bool:
    """Whether a candidate counts: sure in itself, or named elsewhere too; one word needs more."""
    several = (
        " " in entry.value
        or has_cjk(entry.value)
        or _HANGUL.search(entry.value) is not None
        or legal_form(entry.value, tables) is not None
    )
    if entry.confidence > 0.8:
        return True
    if _is_unit(entry.value, tables):
        return bool(agreeing)
    if not several and entry.confidence == _BRAND and (agreeing or _known_person(person) is None):
        return True
    if entry.confidence >= _ACCEPTED and several:
        return True
    if agreeing - {"domain"} or (agreeing and entry.source != "declared"):
        return True
    acronym = entry.source == "address" and entry.value.isupper() and entry.value.isascii()
    return person is None and ((several and entry.confidence >= 0.45) or acronym)


def _exact(best: Found, found: Sequence[Found], tables: WhoTables) -> Found:
    """A line of a signature, a form or the display name bounds a name; running text may run over."""
    bounded = [
        entry
        for entry in found
        if entry.source in ("signature", "attachment", "subject", "address")
        and entry.value != best.value
        and len(entry.value.split()) > 1
        and folded(best.value).startswith(folded(entry.value))
        and (entry.source == "signature" or name_scores(entry.value, tables))
    ]
    if best.source != "declared" or best.confidence >= _DECLARED or not bounded:
        return best
    shorter = max(bounded, key=lambda entry: (entry.source == "signature", len(entry.value)))
    rest = best.value[len(shorter.value) :]
    if legal_form(best.value, tables) and (not legal_form(shorter.value, tables) or tables.legal_forms.search(folded(rest))):
        return best
    return shorter if rest[:1] in (" ", ",") else best


def _discount(entry: Found, script: str) -> float:
    """Less for other letters than the text's, and for a mere acronym; what a form declares stands."""
    if entry.confidence >= _DECLARED and entry.source == "declared":
        return 0.0
    acronym = entry.value.isupper() and " " not in entry.value and not has_cjk(entry.value)
    return 0.4 * (script_of(entry.value) != script) + 0.3 * acronym


def _is_other(name: str, person: Found | None, round: Round, tables: WhoTables) -> bool:
    """The person's own name, or the group that is written to, or a place."""
    words = words_of(folded(name))
    if person and (folded(name) == folded(person.value) or set(words) <= set(words_of(folded(person.value)))):
        return True
    if (
        legal_form(name, tables) is None
        and person_name(name, tables)
        and person
        and set(words) & set(words_of(folded(person.value)))
    ):
        return True
    if _is_group(name, round):
        return True
    if words and words[-1] in tables.last_titles and not {"of", "for"} & set(words) and legal_form(name, tables) is None:
        return True  # "PhD Student": what somebody is
    if is_state(name, tables) or _is_where(name, tables):
        return True  # "People's Republic of ...", "En Santa Clara"
    ours = set(words_of(folded(f"{round.working_group} {round.topic}")))
    return sum(word in ours for word in words) >= 0.8 * len(words)


def _is_group(name: str, round: Round) -> bool:
    """Who is written to: the group's acronym, or the name that its acronym stands for."""
    group = round.working_group
    if len(name) > 1 and "".join(word[0] for word in group.split() if word[0].isupper()).startswith(name):
        return True
    initials = "".join(
        word[0] for word in re.findall(r"[^\W\d_]+", name.upper() if name.isupper() else name) if word[0].isupper()
    )
    return len(initials) > 2 and initials in re.findall(r"[A-Z][A-Z-]{2,}", group)


def _known_person(person: Found | None) -> Found | None:
    """The person, but for a mere pseudonym, which may be the brand's."""
    return person if person and person.confidence >= _PSEUDONYM else None


def _is_unit(name: str, tables: WhoTables) -> bool:
    """ "Regulation Cell": a part of a house that is not named."""
    words = folded(name).split()
    return 1 < len(words) <= _SMALL and tables.units.fullmatch(words[-1]) is not None and legal_form(name, tables) is None


def _is_where(name: str, tables: WhoTables) -> bool:
    """A preposition and a place."""
    bare = _IN.sub("", name, count=1)
    return bare != name and place_country(bare, tables) is not None and covered(bare, tables)


def _formal(entry: Found, name: str, tables: WhoTables) -> bool:
    """ "ООО «X»" of X."""
    quoted = _QUOTED.search(entry.value)
    return quoted is not None and folded(quoted.group(1).strip()) == folded(name) and legal_form(entry.value, tables) is not None


def _extends(entry: Found, name: str, tables: WhoTables) -> bool:
    """The same name with its legal form or a few more words, no place, at the end."""
    longer = entry.value
    one, other = folded(name), folded(longer)
    if len(other) <= len(one) or not other.startswith(one) or other[len(one)].isalnum():
        return False
    rest = longer[len(name) :]
    if len(other.split()) > len(one.split()) + 3 or named_country(rest, tables) is not None:
        return False
    form = " " not in rest.strip() and bool(tables.kinds.values(folded(rest)))  # "asbl", "e.V."
    return form or tables.legal_forms.search(folded(rest)) is not None or entry.source in ("signature", "letterhead")
