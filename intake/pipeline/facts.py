"""From the record to what a letter may say. Nothing that an unauthenticated sender wrote is repeated (RFC 3834 section 5)."""

from __future__ import annotations

from datetime import datetime

from intake.casework.judge import Case
from intake.model.letter import FileLine, LetterFacts
from intake.model.mail import Trust
from intake.model.record import LetterDue, LetterKind, Response
from intake.model.round import Round
from intake.model.verdict import Attachment


def authenticated(trust: Trust) -> bool:
    """Whether our own host found the sender's domain to be what it claims: DMARC, or without a policy SPF or DKIM."""
    return trust.dmarc == "pass" or (trust.dmarc in ("none", "") and "pass" in (trust.spf, trust.dkim))


def facts_of(
    consultation: Round, response: Response | None, due: LetterDue, case: Case, number: str, address: str, public_page: str
) -> LetterFacts:
    """The facts for the letter that is due for one message of a response, or one posting of a digest: of its author our hosts say
    nothing there."""
    arrival, verdict = case.arrival, case.verdict
    slip = verdict.slip
    known = (authenticated(arrival.trust) and case.post is None) or (slip is not None and slip.vouched)
    files = tuple(_file(item, known) for item in verdict.attachments if item.state.value != "ignored")
    return LetterFacts(
        kind=due.kind,
        language=due.language,
        to=due.to,
        receipt_number=number,
        round_topic=consultation.said_in(due.language).topic,
        working_group=consultation.said_in(due.language).working_group,
        time_zone=consultation.time_zone,
        deadline=consultation.dates.response_deadline,
        received_at=_received(response, case),
        in_time=_in_time(consultation, due, response, case),
        message_sha256=arrival.key,
        reply_to_message_id=None
        if slip is not None
        else case.message_id
        if case.post is not None
        else arrival.reading.message_id,
        references=arrival.reading.references[-10:] if case.post is None else (),
        person=(verdict.respondent.person or "") if known else "",
        organization=(verdict.respondent.organization or "") if known else "",
        category=verdict.respondent.category.value if known else "",
        country=(verdict.respondent.country or "") if known else "",
        understood=tuple(sorted({answer.question for answer in verdict.answers})),
        questions_total=len(consultation.questions),
        general=bool(verdict.general),
        files=files,
        part_number=verdict.signals.part_number,
        part_total=verdict.signals.part_total,
        subject_echo=arrival.reading.subject[:120] if known else "",
        contact=consultation.contact or address,
        address=consultation.channels.address,
        public_page=public_page,
    )


def _file(item: Attachment, known: bool) -> FileLine:
    return FileLine(
        name=item.name if known else item.part, size_bytes=item.size_bytes, sha256=item.sha256, state=item.state.value
    )


def _received(response: Response | None, case: Case) -> datetime:
    if response is not None and response.messages and response.messages[0] == case.arrival.key:
        return response.received_at
    return case.received_at


def _in_time(consultation: Round, due: LetterDue, response: Response | None, case: Case) -> bool | None:
    if response is None or due.kind in (
        LetterKind.ENQUIRY,
        LetterKind.MISDIRECTED,
        LetterKind.ENDORSEMENT,
        LetterKind.WITHDRAWAL,
    ):
        return None
    return _received(response, case) <= consultation.last_moment
