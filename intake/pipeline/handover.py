"""A released revision on its way to the group: one letter to the group's list, with the document, the change list and the bundle."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping

from intake.letters.address import safe_recipient
from intake.letters.message import letter_message_id, to_message
from intake.letters.office import compose_office
from intake.model.edition import Edition
from intake.model.ledger import OutboxState, Outgoing
from intake.model.letter import Enclosed, OfficeFacts, OfficeKind
from intake.model.round import Round
from intake.pipeline.office import Office

LARGEST_BYTES = 18 * 1024 * 1024
"""Files above this in all are not enclosed: base64 makes 25 MB of them, which is where relays begin to refuse."""
_ENCLOSED = {
    "compilation.pdf": "application/pdf",
    "compilation.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "originals.zip": "application/zip",
    "manifest.json": "application/json",
}


def hand_to_group(office: Office, consultation: Round, edition: Edition, files: Mapping[str, bytes]) -> Outgoing | None:
    """Queue the letter for a released revision, once whatever is asked again; None where the round names no list of the group.

    It waits for a person in `letters = approve` like every other, and what becomes of it is in the journal.
    """
    if consultation.channels.group_address is None:
        return None
    letter = group_letter(office, consultation, edition, files)
    office.ledger.queue_letters([letter], office.now())
    return office.ledger.letter(letter.id)


def group_letter(office: Office, consultation: Round, edition: Edition, files: Mapping[str, bytes]) -> Outgoing:
    """The letter with its final octets."""
    policy, language = office.letters, edition.language
    to = consultation.channels.group_address or ""
    facts = _facts(office, consultation, edition, files)
    identity = f"{consultation.id}:release:{edition.revision}"
    message_id = letter_message_id(policy.secret, identity, "release", policy.domain)
    recipient = safe_recipient(to)
    raw = to_message(
        compose_office(facts, office.templates),
        from_name=policy.from_name,
        from_address=policy.from_address,
        message_id=message_id,
        date=edition.cut_off,
    )
    state = policy.first_state if recipient is not None else OutboxState.HELD
    reason = "" if recipient is not None else "the address cannot be written to safely"
    if policy.mode == "off":
        reason = "letters are off"
    return Outgoing(
        id=identity,
        round_id=consultation.id,
        message="",
        kind="release",
        recipient=recipient or to,
        language=language,
        state=state,
        raw=raw,
        message_id=message_id,
        reason=reason,
        created_at=office.now(),
    )


def _facts(office: Office, consultation: Round, edition: Edition, files: Mapping[str, bytes]) -> OfficeFacts:
    """What the letter says; files that are too large in all are not enclosed, and it says so."""
    words = office.words[edition.language]
    document = f"{consultation.symbol or consultation.id} (Rev. {edition.revision})"
    files = {**files, "originals.zip": bundle_of(files, edition)}
    enclosed = tuple(
        Enclosed(name=name, media_type=kind, octets=files[name]) for name, kind in _ENCLOSED.items() if files.get(name)
    )
    too_large = sum(len(file.octets) for file in enclosed) > LARGEST_BYTES
    return OfficeFacts(
        kind=OfficeKind.RELEASE,
        language=edition.language,
        to=consultation.channels.group_address or "",
        working_group=consultation.said_in(edition.language).working_group,
        topic=consultation.said_in(edition.language).topic,
        fill={"document": document},
        rows=(
            ("document", document),
            ("released_on", words.day(edition.released_on) if edition.released_on is not None else ""),
            ("responses", str(len(edition.entries) + len(edition.late_entries))),
            ("manifest", edition.manifest_sha256),
        ),
        lists=(
            ("changes", tuple(change_lines(edition, office))),
            ("enclosed", () if too_large else tuple(f"{file.name} ({len(file.octets):,} B)" for file in enclosed)),
        ),
        texts=("too_large",) if too_large else (),
        enclosed=() if too_large else enclosed,
    )


def bundle_of(files: Mapping[str, bytes], edition: Edition) -> bytes:
    """All originals of a revision in their released form, in one zip; empty where there are none. The same files give the same octets."""
    originals = sorted(name for name in files if name.startswith("annexes/"))
    if not originals:
        return b""
    out = io.BytesIO()
    day = edition.cut_off.timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name in originals:
            entry = zipfile.ZipInfo(name, day)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o440 << 16
            box.writestr(entry, files[name])
    return out.getvalue()


def change_lines(edition: Edition, office: Office) -> Iterator[str]:
    """What is printed otherwise than in the revision before, a line each."""
    words = office.words[edition.language]
    for change in edition.changes:
        name = f" – {change.name}" if change.name else ""
        yield f"{words('entry.heading', n=change.public_number)}{name}: {words('change.' + change.kind)}"
