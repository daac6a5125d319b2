"""Whom the house knows: respondents that people confirmed in earlier rounds, and those that the directory names."""

from __future__ import annotations

from intake.casework.known import learned
from intake.model.round import Round
from intake.model.verdict import KnownRespondent
from intake.pipeline.examine import verdict_version
from intake.pipeline.office import Office


def known_for(office: Office, consultation: Round) -> tuple[KnownRespondent, ...]:
    """What is proposed to a round: the directory first, then what decisions on rounds that were opened before it teach; of two
    entries for one address the later round's stands. Nothing is looked up for the first round."""
    found = {entry.address.lower(): entry for entry in office.directory}
    for other in sorted(office.rounds, key=lambda item: (item.dates.opened, item.id)):
        if other.id != consultation.id and other.dates.opened < consultation.dates.opened:
            found |= {entry.address.lower(): entry for entry in _taught(office, other)}
    return tuple(found[address] for address in sorted(found))


def _taught(office: Office, other: Round) -> tuple[KnownRespondent, ...]:
    """What a round teaches, remembered as long as nothing changes in it."""
    mark = office.ledger.mark(other.id)
    remembered = office.taught.get(other.id)
    if remembered is not None and remembered[0] == mark:
        return remembered[1]
    rulings = office.ledger.rulings(other.id)
    record = office.ledger.load_record(other.id) if rulings else None
    taught: tuple[KnownRespondent, ...] = ()
    if record is not None:
        keys = [item.messages[0] for item in record.responses if item.rulings and item.messages]
        verdicts = office.ledger.verdicts(other.id, keys, verdict_version(office))
        taught = learned(record, rulings, {key: (item.author, item.signals.house) for key, item in verdicts.items()})
    office.taught[other.id] = (mark, taught)
    return taught
