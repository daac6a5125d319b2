"""What the fold kept of a round, and whether it is of this record and of nothing else than what holds now."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from intake.casework.going_on import Reached
from intake.model.ledger import Mark
from intake.model.round import Round
from intake.model.verdict import KnownRespondent
from intake.pipeline.examine import reading_version, verdict_version
from intake.pipeline.office import Office

META = b"meta"
"""The name of the row that says of what the others are."""


class Basis(Struct, frozen=True, kw_only=True):
    """What was kept, and of what. `inputs`: a hash of all that a record is made of beside messages and decisions; `rulings`: ids of the
    decisions in it; `mark`: the ledger's then, the record's time among it; `sequence`: the last message in it; `orders`: mails of it that
    are officers' orders; `last_public`: the highest public number given (None: kept by a program that did not say)."""

    inputs: str
    mark: Mark
    sequence: int
    reached: Reached
    count: int
    orders: tuple[str, ...] = ()
    rulings: tuple[str, ...] = ()
    last_public: int | None = None


def basis_of(office: Office, consultation: Round, mark: Mark, known: Sequence[KnownRespondent]) -> Basis | None:
    """What is kept of the round, where it is of this record and of nothing else than what holds now."""
    body = office.ledger.fold_row(consultation.id, META)
    try:
        basis = None if body is None else msgspec.json.decode(body, type=Basis)
    except msgspec.ValidationError:
        return None
    if basis is None or basis.mark.saved_at != mark.saved_at or basis.inputs != inputs_of(office, consultation, known):
        return None
    return basis


def inputs_of(office: Office, consultation: Round, known: Sequence[KnownRespondent]) -> str:
    """A hash of all that a record is made of beside messages and decisions."""
    versions = (office.rules, reading_version(office), verdict_version(office), office.epoch)
    return hashlib.sha256(msgspec.json.encode((versions, consultation, known), order="deterministic")).hexdigest()
