"""A person's decision into the record: kept in the vault, then in the ledger, then in the journal's file; only then it is told."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from intake.errors import BadUsage
from intake.model.ledger import Note
from intake.model.record import NEEDS_SECOND, WITHHOLDING, Action, Ruling
from intake.pipeline.office import Office

Fields = dict[str, str | int | list[str]]


def record_ruling(
    office: Office, round_id: str, action: Action, key: str, by: str, reason: str, fields: Fields, identity: str = ""
) -> Ruling:
    """Keep a ruling. Where the house wants a second officer for such a decision, it says so of itself and waits for him. `identity`:
    its id where that is made of what brought it; the ruling of that id that is there already stays and is given."""
    now = office.now()
    count = len(office.ledger.rulings(round_id))
    made = hashlib.sha256(f"{round_id}|{now.isoformat()}|{count}|{action}|{key}".encode()).hexdigest()[:12]
    if action.value in office.second_officer:
        fields = {**fields, NEEDS_SECOND: "needed"}
    ruling = Ruling(id=identity or f"d-{made}", at=now, by=by, action=action, message=key, reason=reason, set=fields)
    kept = office.vault.keep_ruling(round_id, ruling)
    office.ledger.add_ruling(kept)
    office.vault.keep_journal(office.ledger.journal_entries(office.vault.journal_seq()))
    return kept.ruling


def find_ruling(office: Office, round_id: str, identity: str) -> Ruling:
    """A ruling by its id. Raises BadUsage."""
    for ruling in office.ledger.rulings(round_id):
        if ruling.id == identity:
            return ruling
    raise BadUsage(f"there is no decision {identity!r} in round {round_id}")


def check_undo(office: Office, round_id: str, identity: str) -> Ruling:
    """The ruling that may be undone. What was withheld or disclosed stands once a revision has been released with it. Raises BadUsage."""
    ruling = find_ruling(office, round_id, identity)
    if ruling.action is Action.ERRAND:
        raise BadUsage(f"{identity} is done and cannot be taken back")
    if ruling.action is Action.RELEASE and int(str(ruling.set["number"])) < len(office.ledger.revisions(round_id)):
        raise BadUsage(f"Rev. {ruling.set['number']} is released; release the next one instead")
    if ruling.action in WITHHOLDING:
        for revision in office.ledger.revisions(round_id):
            if revision.released_at >= ruling.at:
                raise BadUsage(f"{identity} was released with Rev. {revision.number} and stands; decide anew instead")
    return ruling


def check_second(office: Office, round_id: str, identity: str, by: str) -> Ruling:
    """The ruling that this officer may confirm. Raises BadUsage: it needs nobody, or him who made it."""
    ruling = find_ruling(office, round_id, identity)
    if not ruling.set.get(NEEDS_SECOND):
        raise BadUsage(f"{identity} needs no second officer")
    if ruling.by == by:
        raise BadUsage(f"{identity} was decided by {by}: the second officer must be another person")
    return ruling


def mark_of(office: Office, by: str) -> str:
    """What the journal calls an officer: a keyed hash of the name."""
    return hmac.new(office.letters.secret, f"officer\0{by}".encode(), hashlib.sha256).hexdigest()[:16]


def note_access(office: Office, round_id: str, keys: Mapping[str, str] | tuple[str, ...], by: str, how: str) -> None:
    """Somebody of ours looked at sealed originals: who (a keyed hash of the name), what (hashes), how. The journal carries no names."""
    who = mark_of(office, by)
    named = sorted(keys)
    what = named if len(named) <= MOST_NAMED else [hashlib.sha256("\n".join(named).encode()).hexdigest()]
    payload: dict[str, str | int | list[str] | None] = {
        "round": round_id,
        "by": who,
        "how": how,
        "objects": len(named),
        "hashes": what,
    }
    office.ledger.append([Note(kind="access", payload=payload)], office.now())
    office.vault.keep_journal(office.ledger.journal_entries(office.vault.journal_seq()))


MOST_NAMED = 50
"""Above so many objects an access names the hash of their list instead of each."""
