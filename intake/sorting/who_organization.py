"""The organization a text is filed for: declared, signed, named in the text, in a letterhead, confirmed before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.model.round import Round
from intake.sorting.folding import folded, has_cjk, words_of
from intake.sorting.who_names import organization_name, person_name
from intake.sorting.who_places import named_country
from intake.sorting.who_prose import document_title, named_organizations
from intake.sorting.who_sheets import Author, Found, Sheet, script_of
from intake.sorting.who_tables import KnownRespondent, WhoTables

_ACCEPTED = 0.55
"""Confidence from which an organization is taken at its word."""
_REPLY = re.compile(r"^\s*(?:\[[^\]]{0,40}\]\s*)?(?:\w{1,7}\s?[:：]\s*){0,3}")
_UNSIGNED = 0.45
"""Confidence that is enough when no person signs."""
_DECLARED = 0.95
"""Confidence of what a field of a form says."""


def organization_of(
    sheets: Sequence[Sheet],
    author: Author,
    declared: dict[str, str],
    known: KnownRespondent | None,
    person: Found | None,
    round: Round,
    tables: WhoTables,
    subject: str = "",
) -> Found | None:
    """The organization: declared, signed, named in the text, in a title or letterhead, confirmed before, in the subject, in
    the From name."""
    found = list(_candidates(sheets, declared, known, author, person, tables))
    found += [
        Found(value=named.name, source="declared", confidence=named.score - 0.14)
        for named in named_organizations(_REPLY.sub("", subject), "declared", tables)
    ]
    usable = [entry for entry in found if not _is_other(entry.value, person, round)]
    usable = [
        entry
        for entry in usable
        if (entry.confidence >= _ACCEPTED and (entry.confidence > 0.8 or " " in entry.value or has_cjk(entry.value)))
        or _supported(entry.value, usable, author, person)
    ]
    if not usable:
        return None
    script = script_of("\n".join(sheet.intro for sheet in sheets))
    # Of a bilingual signature the name in the letters of the text.
    best = max(usable, key=lambda entry: entry.confidence - _discount(entry, script, tables))
    best = next((entry for entry in usable if entry.source == "signature" and best.value.startswith(entry.value)), best)
    longer = [entry.value for entry in usable if _extends(entry, best.value, tables)]
    value = max([best.value, *longer], key=len) if longer else best.value
    return Found(value=value, source=best.source, confidence=best.confidence)


def _candidates(
    sheets: Sequence[Sheet],
    declared: dict[str, str],
    known: KnownRespondent | None,
    author: Author,
    person: Found | None,
    tables: WhoTables,
) -> list[Found]:
    found: list[Found] = []
    if declared.get("organization"):
        found.append(Found(value=organization_name(declared["organization"], tables), source="declared", confidence=0.97))
    for sheet in sheets:
        attached = sheet.unit.kind == "attachment"
        if sheet.signature.organization:
            sure = 0.9 if sheet.signature.certain else 0.62
            found.append(
                Found(
                    value=sheet.signature.organization,
                    source="attachment" if attached else "signature",
                    confidence=sure - 0.15 * attached,
                )
            )
        source = "attachment" if attached else "declared"
        for named in named_organizations(sheet.intro, source, tables):
            found.append(Found(value=named.name, source=source, confidence=named.score - 0.1 * attached))
        if attached:
            found += [
                Found(value=named.name, source="letterhead", confidence=named.score)
                for named in document_title(sheet.unit.own_text, tables)
            ]
    if known and known.organization:
        found.append(Found(value=known.organization, source="directory", confidence=0.85))
    from_name = organization_name(author.name, tables) if author.name else ""
    # A single word is a brand when it is shouted, when another name signs, or when nobody does on a host of its own.
    hosted = person is None and tables.free_mail.fullmatch(author.address.rpartition("@")[2].lower()) is None
    brand = from_name.isupper() or hosted or (person is not None and person.source in ("signature", "attachment"))
    role = bool(tables.roles.values(folded(from_name)))
    several = len(from_name.split()) > 1
    if from_name and person_name(author.name, tables) is None and (several or (brand and not role and len(from_name) > 2)):
        found.append(Found(value=from_name, source="address", confidence=0.4))
    return [entry for entry in found if entry.value]


def _discount(entry: Found, script: str, tables: WhoTables) -> float:
    """Less for other letters than the text's, for a mere acronym, and for a State whose body writes; what a form declares
    stands."""
    if entry.confidence >= _DECLARED:
        return 0.0
    acronym = entry.value.isupper() and " " not in entry.value and not has_cjk(entry.value)
    state = tables.state.match(folded(entry.value)) is not None and named_country(entry.value, tables) is not None
    return 0.4 * (script_of(entry.value) != script) + 0.3 * acronym + 0.35 * state


def _supported(name: str, found: Sequence[Found], author: Author, person: Found | None) -> bool:
    """A weak candidate counts when mail and document both name it, when address or From name agree, or when nobody signs."""
    plain = folded(name)
    places = {entry.source for entry in found if folded(entry.value) == plain}
    if len(places) > 1:
        return True
    told = folded(f"{author.name} {author.address.rpartition('@')[2]}")
    if any(len(word) > 3 and word in told for word in words_of(plain)):
        return True
    best = max(entry.confidence for entry in found if entry.value == name)
    return person is None and len(plain.split()) > 1 and best >= _UNSIGNED


def _is_other(name: str, person: Found | None, round: Round) -> bool:
    """The person's own name, or the group that is written to."""
    if person and folded(name) == folded(person.value):
        return True
    if "".join(word[0] for word in round.working_group.split() if word[0].isupper()).startswith(name) and len(name) > 1:
        return True  # its acronym
    ours = set(words_of(folded(f"{round.working_group} {round.topic}")))
    words = words_of(folded(name))
    return sum(word in ours for word in words) >= 0.8 * len(words)


def _extends(entry: Found, name: str, tables: WhoTables) -> bool:
    """The same name with its legal form or a few more words, no place, at the end."""
    longer = entry.value
    one, other = folded(name), folded(longer)
    if len(other) <= len(one) or not other.startswith(one) or other[len(one)].isalnum():
        return False
    rest = longer[len(name) :]
    if len(other.split()) > len(one.split()) + 3 or named_country(rest, tables) is not None:
        return False
    return tables.legal_forms.search(folded(rest)) is not None or entry.source in ("signature", "letterhead")
