"""Who may do what in the house, and who stands in for whom."""

from __future__ import annotations

from datetime import date
from enum import IntEnum

from msgspec import Struct


class Role(IntEnum):
    """Each may do what those before may."""

    READER = 1
    EDITOR = 2
    RELEASER = 3
    ADMINISTRATOR = 4


class StandIn(Struct, frozen=True, kw_only=True):
    """A deputy: has an officer's role from the first day to the last, both included, in the round's zone."""

    name: str
    first_day: date
    last_day: date
    address: str = ""

    def on(self, day: date) -> bool:
        """Whether he stands in on that day."""
        return self.first_day <= day <= self.last_day


class Officer(Struct, frozen=True, kw_only=True):
    """One officer. `address`: where sheets and tokens go, and whence answers are believed; `language` of what he is sent."""

    name: str
    role: Role = Role.EDITOR
    address: str = ""
    language: str = ""
    deputy: StandIn | None = None


class Person(Struct, frozen=True, kw_only=True):
    """Somebody of the house as of a day: with the role of that day, and the officers whom he stands in for."""

    name: str
    role: Role
    address: str
    language: str
    stands_for: frozenset[str] = frozenset()


def people_on(day: date, officers: tuple[Officer, ...], all_rights: tuple[str, ...] = ()) -> dict[str, Person]:
    """Everybody with a role on that day, by name. Who has every right by name alone has no address."""
    found = {name: Person(name=name, role=Role.ADMINISTRATOR, address="", language="") for name in all_rights}
    for officer in officers:
        found[officer.name] = _more(found.get(officer.name), officer.name, officer.role, officer.address, officer.language)
    for officer in officers:
        deputy = officer.deputy
        if deputy is not None and deputy.on(day):
            known = _more(found.get(deputy.name), deputy.name, officer.role, deputy.address, officer.language)
            found[deputy.name] = Person(
                name=known.name, role=known.role, address=known.address, language=known.language,
                stands_for=known.stands_for | {officer.name},
            )  # fmt: skip
    return found


def _more(known: Person | None, name: str, role: Role, address: str, language: str) -> Person:
    """A person with a further role; what was known of his address and language stays."""
    if known is None:
        return Person(name=name, role=role, address=address, language=language)
    return Person(
        name=name,
        role=max(known.role, role),
        address=known.address or address,
        language=known.language or language,
        stands_for=known.stands_for,
    )
