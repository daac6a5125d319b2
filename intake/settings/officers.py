"""Who may do what: officers with their role, their address, and a deputy for a time."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from intake.model.officer import Officer, Role, StandIn, people_on
from intake.model.round import LANGUAGES


def _role(value: object) -> object:
    names = {role.name.lower(): role for role in Role}
    if isinstance(value, str):
        if value not in names:
            raise ValueError(f"{value!r} is none of {', '.join(names)}")
        return names[value]
    return value


class Deputy(BaseModel):
    """A stand-in: has the officer's role from the first day to the last, both included, in the round's zone. `address` where he is no
    officer with one himself: without it he gets no sheets and no tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    first_day: date
    last_day: date
    address: str = ""


class OfficerSettings(BaseModel):
    """One officer. `address`: where decision sheets and tokens go, and whence answers are believed; `language` of what he is sent,
    that of the digest by default. reader sees; editor decides; releaser
    releases; administrator erases, rebuilds, restores, backs up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    role: Annotated[Role, BeforeValidator(_role)] = Role.EDITOR
    address: str = ""
    language: str = ""
    deputy: Deputy | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """His own and his deputy's, where they have one."""
        deputy = self.deputy.address if self.deputy is not None else ""
        return tuple(filter(None, (self.address, deputy)))

    def as_officer(self) -> Officer:
        """The value that the corridor works with."""
        deputy = self.deputy
        stand_in = None
        if deputy is not None:
            stand_in = StandIn(
                name=deputy.name, first_day=deputy.first_day, last_day=deputy.last_day, address=deputy.address.lower()
            )
        return Officer(name=self.name, role=self.role, address=self.address.lower(), language=self.language, deputy=stand_in)


SecondOfficer = Literal[
    "redact", "seal_part", "disclose", "publish_mode", "exclude", "withdraw", "accept_late", "release", "erase"
]
"""What may need the word of a second officer."""


def role_of(name: str, officers: tuple[OfficerSettings, ...], all_rights: tuple[str, ...], today: date) -> Role | None:
    """What somebody may do today: his own role, or that of an officer whose deputy he is; None for a stranger."""
    person = people_on(today, tuple(officer.as_officer() for officer in officers), all_rights).get(name)
    return person.role if person is not None else None


def officer_faults(officers: tuple[OfficerSettings, ...], all_rights: tuple[str, ...], second: tuple[str, ...]) -> list[str]:
    """Two officers of one name or address; a second officer wanted where there is one."""
    faults = []
    names = [*all_rights, *(officer.name for officer in officers)]
    addresses = [officer.address.lower() for officer in officers if officer.address]
    own = {officer.name: officer.address.lower() for officer in officers if officer.address}
    deputies = {(officer.deputy.address.lower(), officer.deputy.name) for officer in officers if officer.deputy is not None}
    addresses += sorted({address for address, name in deputies if address and own.get(name) != address})
    for what, values in (("name", names), ("address", addresses)):
        faults += [
            f"officers: two have the {what} {value!r}" for value in sorted({one for one in values if values.count(one) > 1})
        ]
    able = [*all_rights, *(officer.name for officer in officers if officer.role >= Role.EDITOR)]
    if second and len(set(able)) < 2:
        faults.append("service.second_officer wants two officers who may decide; there is one")
    faults += [
        f"officers: {officer.name!r}: {officer.language!r} is none of {', '.join(LANGUAGES)}"
        for officer in officers
        if officer.language and officer.language not in LANGUAGES
    ]
    for officer in officers:
        if officer.deputy is not None and officer.deputy.last_day < officer.deputy.first_day:
            faults.append(f"officers: the deputy of {officer.name!r} ends before he begins")
    return faults
