"""Answers to a proof: which mail corrects lines of its own entry, read as a proposal. A pure function of the mail, the secret and the words:
a rebuild finds the same.

An answer is known by the reference that only the letter held (a keyed hash of the message that began the response), in its thread or in its
text, and comes from the sender whose entry it is.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence

from intake.casework.drafts import Case
from intake.letters.message import is_ours
from intake.letters.proof import corrected_lines, labels_of
from intake.model.mail import Reading
from intake.model.order import Correction
from intake.model.record import LetterKind
from intake.model.round import LANGUAGES, Round
from intake.model.text import SpanKind
from intake.pipeline.office import Office
from intake.reading.trust import vouched_for

REFERENCE = re.compile(r"(?:\bP-|<proof\.)([0-9a-f]{16})", re.I)
"""What only a proof holds: in its text, and in its Message-ID."""
ACKNOWLEDGEMENTS = (LetterKind.ACKNOWLEDGEMENT, LetterKind.REVISION, LetterKind.SUPPLEMENT)
"""Letters that a proof may go with."""


def reference_of(secret: bytes, round_id: str, key: str) -> str:
    """16 hex digits by which an answer to the proof of the response that begins with a message is known."""
    return hmac.new(secret, f"proof\0{round_id}\0{key}".encode(), hashlib.sha256).hexdigest()[:16]


def corrections(office: Office, consultation: Round, cases: Sequence[Case]) -> dict[str, Correction]:
    """Every answer to a proof that corrects a line and brings nothing else, by its key."""
    looked = office.proof_mail.setdefault(consultation.id, {})
    fresh = [case for case in cases if case.key not in looked]
    if fresh:
        by_reference = _Targets(office, consultation, cases)
        for case in fresh:
            looked[case.key] = _correction(office, consultation, case, by_reference)
    return {case.key: found for case in cases if (found := looked[case.key]) is not None}


class _Targets:
    """Messages by their references, made when first needed."""

    def __init__(self, office: Office, consultation: Round, cases: Sequence[Case]) -> None:
        self._office, self._round, self._cases = office, consultation, cases
        self._by_reference: dict[str, Case] | None = None

    def of(self, case: Case) -> Case | None:
        """The message whose proof this mail answers: by reference, else by the acknowledgement that a proof went with."""
        reading = case.arrival.reading
        said = {match.lower() for match in REFERENCE.findall("\n".join((*_ids(reading), reading.subject, reading.text)))}
        if said:
            return next((found for name in sorted(said) if (found := self._table().get(name)) is not None), None)
        ids = [identity for identity in _ids(reading) if identity.endswith(f"@{self._office.letters.domain}>")]
        if not ids or not self._round.proof.with_acknowledgement:
            return None
        secret = self._office.letters.secret
        for other in self._cases:
            if _same_sender(case, other) and any(
                is_ours(identity, secret, other.key, kind.value) for identity in ids for kind in ACKNOWLEDGEMENTS
            ):
                return other
        return None

    def _table(self) -> Mapping[str, Case]:
        if self._by_reference is None:
            secret = self._office.letters.secret
            self._by_reference = {reference_of(secret, self._round.id, case.key): case for case in self._cases}
        return self._by_reference


def _ids(reading: Reading) -> tuple[str, ...]:
    return (*reading.in_reply_to, *reading.references[-5:])


def _same_sender(case: Case, other: Case) -> bool:
    mine = {case.person, case.verdict.author.lower()} - {""}
    return bool(mine & ({other.person, other.verdict.author.lower()} - {""}))


def _correction(office: Office, consultation: Round, case: Case, targets: _Targets) -> Correction | None:
    reading = case.arrival.reading
    if case.verdict.answers or reading.held or any(item.state.value != "ignored" for item in case.verdict.attachments):
        return None  # a new version, which casework knows what to do with
    target = targets.of(case)
    if target is None or target.key == case.key or not _same_sender(case, target):
        return None
    new = "".join(reading.text[span.start : span.end] for span in reading.spans if span.kind is SpanKind.NEW)
    labels = labels_of([office.templates.table("letters", language) for language in LANGUAGES])
    lines = corrected_lines(new, labels)
    if not lines:
        return None
    sender = reading.from_[0].address if reading.from_ else ""
    return Correction(
        message=case.key,
        target=target.key,
        lines=tuple(lines.items()),
        trusted=bool(vouched_for(reading, consultation.channels.trusted_hosts, sender)) and not case.verdict.signals.list_post,
    )
