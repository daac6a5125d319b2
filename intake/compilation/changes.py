"""What has changed against the edition before."""

from __future__ import annotations

from intake.model.edition import Change, Edition, Entry


def changes_between(before: Edition | None, after: Edition) -> tuple[Change, ...]:
    """Change lines in order of the public number; empty for a first edition."""
    if before is None:
        return ()
    old = {entry.public_number: entry for entry in (*before.entries, *before.late_entries)}
    new = {entry.public_number: entry for entry in (*after.entries, *after.late_entries)}
    found = []
    gone = {item.public_number: item.what for item in after.left_out if item.public_number is not None}
    for number in sorted(old.keys() | new.keys()):
        if number not in old:
            found.append(Change(kind="added", public_number=number, name=_name(new[number])))
        elif number not in new:
            kind = gone[number] if gone.get(number) in ("withdrawn", "erased") else "excluded"
            name = "" if kind == "erased" else _name(old[number])
            found.append(Change(kind=kind, public_number=number, name=name))
        elif old[number] != new[number]:
            revised = old[number].message_sha256 != new[number].message_sha256
            found.append(Change(kind="revised" if revised else "corrected", public_number=number, name=_name(new[number])))
    return tuple(found)


def _name(entry: Entry) -> str:
    return entry.respondent.organization or entry.respondent.person or ""
