"""Who may do what: officers with their role, their address, and a deputy for a time."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from intake.model.officer import Role


def _role(value: object) -> object:
    names = {role.name.lower(): role for role in Role}
    if isinstance(value, str):
        if value not in names:
            raise ValueError(f"{value!r} is none of {', '.join(names)}")
        return names[value]
    return value


class Deputy(BaseModel):
    """A stand-in: has the officer's role from the first day to the last, both included, in the round's zone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    first_day: date
    last_day: date


class OfficerSettings(BaseModel):
    """One officer. `address`: where decision sheets and tokens go, and whence answers are believed. reader sees; editor decides; releaser
    releases; administrator erases, rebuilds, restores."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    role: Annotated[Role, BeforeValidator(_role)] = Role.EDITOR
    address: str = ""
    deputy: Deputy | None = None


SecondOfficer = Literal[
    "redact", "seal_part", "disclose", "publish_mode", "exclude", "withdraw", "accept_late", "release", "erase"
]
"""What may need the word of a second officer."""


def role_of(name: str, officers: tuple[OfficerSettings, ...], all_rights: tuple[str, ...], today: date) -> Role | None:
    """What somebody may do today: his own role, or that of an officer whose deputy he is; None for a stranger."""
    roles = [Role.ADMINISTRATOR] if name in all_rights else []
    for officer in officers:
        if officer.name == name:
            roles.append(officer.role)
        deputy = officer.deputy
        if deputy is not None and deputy.name == name and deputy.first_day <= today <= deputy.last_day:
            roles.append(officer.role)
    return max(roles, default=None)


def officer_faults(officers: tuple[OfficerSettings, ...], all_rights: tuple[str, ...], second: tuple[str, ...]) -> list[str]:
    """Two officers of one name or address; a second officer wanted where there is one."""
    faults = []
    names = [*all_rights, *(officer.name for officer in officers)]
    addresses = [officer.address.lower() for officer in officers if officer.address]
    for what, values in (("name", names), ("address", addresses)):
        faults += [
            f"officers: two have the {what} {value!r}" for value in sorted({one for one in values if values.count(one) > 1})
        ]
    able = [*all_rights, *(officer.name for officer in officers if officer.role >= Role.EDITOR)]
    if second and len(set(able)) < 2:
        faults.append("service.second_officer wants two officers who may decide; there is one")
    for officer in officers:
        if officer.deputy is not None and officer.deputy.last_day < officer.deputy.first_day:
            faults.append(f"officers: the deputy of {officer.name!r} ends before he begins")
    return faults
