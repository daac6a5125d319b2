"""Whom people have confirmed before: a sender, his domain, an organization, proposed next time with that as its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from intake.casework.drafts import ASKED, Case, domain_of, plain
from intake.casework.force import standing
from intake.model.record import Action, Record, Ruling
from intake.model.verdict import Category, KnownRespondent, Region

_CONFIRMS = (Action.CONFIRM, Action.ASSIGN)
_WEAK = ("address", "")
_FIELDS = ("organization", "country")
_SURE = 0.9
"""Confidence from which what the message itself says of its category stands."""


def learned(record: Record, rulings: Sequence[Ruling], authors: Mapping[str, tuple[str, str]]) -> tuple[KnownRespondent, ...]:
    """What the decisions on a round teach for others: of each response that a person confirmed or assigned, the sender's address
    and, where the domain is one organization's, the domain. `authors`: message key -> (address, house or "").

    Decisions that were undone teach nothing.
    """
    told = {ruling.id for ruling in standing(rulings) if ruling.action in _CONFIRMS}
    found: dict[str, KnownRespondent] = {}
    houses: dict[str, set[str]] = {}
    for response in record.responses:
        who = response.respondent
        if not told & set(response.rulings) or response.merged_into or not response.messages:
            continue
        address, house = authors.get(response.messages[0], ("", ""))
        if not address:
            continue
        entry = KnownRespondent(
            address=address,
            person=who.person,
            organization=who.organization,
            category=who.category,
            country=who.country,
            region=who.region,
        )
        found[address] = entry
        if house and who.organization:
            houses.setdefault(house, set()).add(plain(who.organization))
            found[f"@{house}"] = replace(entry, address=f"@{house}", person=None)
    several = {house for house, names in houses.items() if len(names) > 1}
    return tuple(entry for address, entry in found.items() if address.removeprefix("@") not in several)


class Directory:
    """Known respondents by whole address, by domain and by name."""

    def __init__(self, known: Iterable[KnownRespondent]) -> None:
        entries = list(known)
        self.by_address = {entry.address.lower(): entry for entry in entries}
        self.by_name = {plain(entry.organization): entry for entry in entries if entry.organization}

    def of(self, case: Case) -> KnownRespondent | None:
        """The entry for a case: its sender, the organization that it names, the domain of its house. A sender whom our own host
        could not authenticate is nobody's acquaintance."""
        if case.doubtful or not self.by_address:
            return None
        verdict = case.verdict
        exact = self.by_address.get(verdict.author.lower()) or self.by_address.get(case.person)
        if exact is not None:
            return exact
        named = self.by_name.get(plain(verdict.respondent.organization)) if verdict.respondent.organization else None
        if named is not None:
            return named
        house = verdict.signals.house
        return self.by_address.get(f"@{domain_of(verdict.author)}") if house else None

    def proposed(self, case: Case) -> Case:
        """The case with what is known of its sender where it says less itself; source "directory"."""
        entry = self.of(case)
        if entry is None:
            return case
        who, changed = case.verdict.respondent, dict[str, Any]()
        for name in _FIELDS:
            value = getattr(entry, name)
            if value and getattr(who, name) != value and who.sources.get(name, "") in _WEAK:
                changed[name] = value
        if entry.person and not who.person and entry.address == case.verdict.author:
            changed["person"] = entry.person
        same = not who.organization or "organization" in changed or plain(who.organization) == plain(entry.organization)
        if same and entry.category is not Category.UNSPECIFIED and who.category is not entry.category and _weak(case):
            changed["category"] = entry.category
        if (
            same
            and entry.region is not Region.UNKNOWN
            and (who.region is Region.UNKNOWN or "country" in changed or "category" in changed)
        ):
            changed["region"] = entry.region
        if not changed:
            return case
        sources = {**who.sources, **dict.fromkeys(changed, "directory")}
        confidence = {**who.confidence, **dict.fromkeys(changed, 0.85)}
        respondent = replace(who, **changed, sources=sources, confidence=confidence)
        doubts = tuple(doubt for doubt in case.verdict.doubts if not doubt.startswith((*ASKED, "the category")))
        return replace(case, verdict=replace(case.verdict, respondent=respondent, doubts=doubts))


def _weak(case: Case) -> bool:
    return case.verdict.respondent.confidence.get("category", 0.0) < _SURE
