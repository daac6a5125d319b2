"""Responses that overlap: one signatory with similar texts for two respondents, or a State that also signs a joint one.

Each response is compared once, with those that were made before it, so that a new one costs the same whatever came before.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field

from intake.casework.drafts import Case, Draft, plain, similarity
from intake.model.verdict import Category

MOST = 30
"""Responses of one person, or of one name, that are compared with each other; a hundred from one address are a flood and shown as such."""
OVERLAP = 0.08
"""Estimated similarity from which two texts of one signatory overlap."""


@dataclass
class Overlaps:
    """The responses so far, by whom they may overlap with: their people and bodies, the names that signed a joint one, the bodies that
    may have signed."""

    people: MutableMapping[str, list[Draft]] = field(default_factory=dict)
    signed: MutableMapping[str, list[Draft]] = field(default_factory=dict)
    bodies: MutableMapping[str, list[Draft]] = field(default_factory=dict)

    def add(self, draft: Draft, cases: Mapping[str, Case]) -> None:
        """Flag it and those that it overlaps with."""
        verdict = cases[draft.first].verdict
        who = verdict.respondent
        for person in {verdict.author, plain(who.person), f"@{plain(who.organization)}"} - {"", "@"}:
            for other in _with(self.people, person, draft):
                if similarity(verdict.minhash, cases[other.first].verdict.minhash) >= OVERLAP:
                    _flag(draft, other)
        names = {plain(who.organization)} - {""}
        if who.country and who.category is Category.GOVERNMENT:
            names.add(f"@{who.country}")
        for name in names:
            for other in self.signed.get(name, ()):
                _flag(draft, other)
            _with(self.bodies, name, draft)
        for name in {plain(name) for name in verdict.co_signatories} | {f"@{code}" for code in verdict.co_countries}:
            for other in self.bodies.get(name, ()):
                if other is not draft:
                    _flag(draft, other)
            _with(self.signed, name, draft)


def _with(table: MutableMapping[str, list[Draft]], name: str, draft: Draft) -> list[Draft]:
    """Those that stand there, before it is added; none, and it is not added, where there are too many."""
    known = table.setdefault(name, [])
    if len(known) >= MOST:
        return []
    before = list(known)
    known.append(draft)
    return before


def _flag(one: Draft, other: Draft) -> None:
    one.flags.add("overlap")
    other.flags.add("overlap")
