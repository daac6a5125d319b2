"""Answers to a proof: which mail corrects lines of its own entry, read as a proposal. A pure function of the mail, the secret and the words:
a rebuild finds the same.

An answer is known by the signed token of the letter (letters/token.py), in its thread or in what it quotes, and comes from the sender
whose entry it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intake.casework.drafts import Case
from intake.letters.proof import corrected_lines, labels_of
from intake.model.order import Correction
from intake.model.record import ACKNOWLEDGEMENTS, LetterKind
from intake.model.round import LANGUAGES, Round
from intake.model.text import SpanKind
from intake.pipeline.office import Office
from intake.reading.trust import vouched_for

_NAMED = 12
"""Digits by which a token names a message."""


def corrections(office: Office, consultation: Round, cases: Sequence[Case]) -> dict[str, Correction]:
    """Every answer to a proof that corrects a line and brings nothing else, by its key."""
    looked = office.proof_mail.setdefault(consultation.id, {})
    fresh = [case for case in cases if case.key not in looked]
    by_name = {case.key[:_NAMED]: case for case in cases} if any(case.arrival.ours for case in fresh) else {}
    for case in fresh:
        looked[case.key] = _correction(office, consultation, case, by_name)
    return {case.key: found for case in cases if (found := looked[case.key]) is not None}


def _target(consultation: Round, case: Case, by_name: Mapping[str, Case]) -> Case | None:
    """The message whose proof this mail answers or quotes."""
    kinds = {LetterKind.PROOF.value, *(kind.value for kind in ACKNOWLEDGEMENTS if consultation.proof.with_acknowledgement)}
    named = (item.about.partition("-")[0] for item in case.arrival.ours if item.kind in kinds and item.how != "is")
    return next((by_name[name] for name in named if name in by_name), None)


def _same_sender(case: Case, other: Case) -> bool:
    mine = {case.person, case.verdict.author.lower()} - {""}
    return bool(mine & ({other.person, other.verdict.author.lower()} - {""}))


def _correction(office: Office, consultation: Round, case: Case, by_name: Mapping[str, Case]) -> Correction | None:
    reading = case.arrival.reading
    if case.verdict.answers or reading.held or any(item.state.value != "ignored" for item in case.verdict.attachments):
        return None  # a new version, which casework knows what to do with
    target = _target(consultation, case, by_name)
    if target is None or target.key == case.key or not _same_sender(case, target):
        return None
    reading = case.whole.arrival.reading
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
