"""What has changed against the edition before."""

from __future__ import annotations

from collections.abc import Iterator

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
            details: tuple[str, ...] = ("late",) if new[number].late else ()
            found.append(Change(kind="added", public_number=number, name=_name(new[number]), details=details))
        elif number not in new:
            kind = gone.get(number, "excluded")
            name = "" if kind in ("erased", "group_only") else _name(old[number])
            found.append(Change(kind=kind, public_number=number, name=name))
        elif details := differences(old[number], new[number]):
            kind = _kind(old[number], new[number])
            found.append(Change(kind=kind, public_number=number, name=_name(new[number]), details=details))
    return tuple(found)


def differences(old: Entry, new: Entry) -> tuple[str, ...]:
    """What a reader sees to differ between two prints of one response. Whether its annexes were built is no difference."""
    return tuple(dict.fromkeys(_differences(old, new)))


def _differences(old: Entry, new: Entry) -> Iterator[str]:
    if old.late != new.late:
        yield "late"
    if (old.respondent, old.co_signatories, old.language, old.received_at) != (
        new.respondent, new.co_signatories, new.language, new.received_at,
    ):  # fmt: skip
        yield "respondent"
    if old.message_sha256 != new.message_sha256:
        yield "messages"
    if _words(old) != _words(new):
        yield "answers"
    if _markers(old) != _markers(new):
        yield "withheld"
    if [(item.name, item.sha256) for item in old.attachments] != [(item.name, item.sha256) for item in new.attachments]:
        yield "annexes"
    if old.translations != new.translations:
        yield "translation"


def _words(entry: Entry) -> list[object]:
    answers = [(item.question, item.together, [piece.blocks for piece in item.pieces if piece.blocks]) for item in entry.answers]
    rest = [[piece.blocks for piece in bucket if piece.blocks] for bucket in (entry.general, entry.unmapped)]
    return [answers, rest, entry.abstract, entry.notes]


def _markers(entry: Entry) -> list[str]:
    pieces = [*(piece for item in entry.answers for piece in item.pieces), *entry.general, *entry.unmapped]
    return [piece.withheld for piece in pieces if piece.withheld]


def _kind(old: Entry, new: Entry) -> str:
    """A supplement leaves the messages of the version as they were and adds words or annexes to them."""
    if old.message_sha256 != new.message_sha256:
        return "revised"
    added = {item.sha256 for item in new.attachments} - {item.sha256 for item in old.attachments}
    return "supplemented" if added or set(new.supplement_sha256) - set(old.supplement_sha256) else "corrected"


def _name(entry: Entry) -> str:
    return entry.respondent.organization or entry.respondent.person or ""
