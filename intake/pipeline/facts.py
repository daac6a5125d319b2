"""From the record to what a letter may say. Nothing that an unauthenticated sender wrote is repeated (RFC 3834 section 5)."""

from __future__ import annotations

from datetime import datetime

from intake.casework.judge import Case
from intake.model.letter import FileLine, LetterFacts
from intake.model.mail import Trust
from intake.model.record import Filed, Response
from intake.model.round import Round
from intake.model.verdict import Attachment


def authenticated(trust: Trust) -> bool:
    """Whether our own host found the sender's domain to be what it claims: DMARC, or without a policy SPF or DKIM."""
    return trust.dmarc == "pass" or (trust.dmarc in ("none", "") and "pass" in (trust.spf, trust.dkim))


def facts_of(
    consultation: Round, response: Response | None, filed: Filed, case: Case, number: str, address: str, public_page: str
) -> LetterFacts:
    """The facts for the letter that is due for one message of a response."""
    assert filed.letter is not None
    arrival, verdict = case.arrival, case.verdict
    known = authenticated(arrival.trust)
    files = tuple(_file(item, known) for item in verdict.attachments if item.state.value != "ignored")
    return LetterFacts(
        kind=filed.letter.kind,
        language=filed.letter.language,
        to=filed.letter.to,
        receipt_number=number,
        round_topic=consultation.topic,
        working_group=consultation.working_group,
        time_zone=consultation.time_zone,
        deadline=consultation.dates.response_deadline,
        received_at=_received(filed, response, case),
        in_time=_in_time(consultation, filed, response, case),
        message_sha256=filed.key,
        reply_to_message_id=arrival.reading.message_id,
        references=arrival.reading.references[-10:],
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


def _received(filed: Filed, response: Response | None, case: Case) -> datetime:
    if response is not None and response.messages and response.messages[0] == filed.key:
        return response.received_at
    return (case.arrival.inner_trust or case.arrival.trust).received_at


def _in_time(consultation: Round, filed: Filed, response: Response | None, case: Case) -> bool | None:
    if response is None or filed.disposition.value in ("enquiry", "misdirected", "endorsement", "withdrawal"):
        return None
    return _received(filed, response, case) <= consultation.dates.response_deadline
