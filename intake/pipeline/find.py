"""From what a person types to a round, a response, a message."""

from __future__ import annotations

from intake.casework.drafts import of_message
from intake.errors import BadUsage
from intake.model.record import Record, Response
from intake.model.round import Round
from intake.pipeline.office import Office


def one_round(office: Office, round_id: str | None) -> Round:
    """The round of that id, or the only one. Raises BadUsage."""
    if round_id is not None:
        found = [item for item in office.rounds if item.id == round_id]
        if not found:
            raise BadUsage(f"there is no round {round_id!r}; configured: {', '.join(item.id for item in office.rounds)}")
        return found[0]
    if len(office.rounds) == 1:
        return office.rounds[0]
    raise BadUsage("several rounds are configured: say which with --round: " + ", ".join(item.id for item in office.rounds))


def find_message(office: Office, number: str, round_id: str | None) -> tuple[Round, str]:
    """Round and message key of a receipt number, a public number, a response id or the beginning of a SHA-256.

    Raises BadUsage when nothing or more than one thing has it.
    """
    consultation, key = find_case(office, number, round_id)
    return consultation, of_message(key)


def find_case(office: Office, number: str, round_id: str | None) -> tuple[Round, str]:
    """The same, and of a digest of the list which posting: "KEY#PART"."""
    known = office.ledger.find_receipt(number)
    if known is not None:
        return office.round(known[0]), known[1]
    hits: dict[str, Round] = {}
    for consultation in office.rounds:
        record = office.ledger.load_record(consultation.id)
        if record is None or (round_id is not None and consultation.id != round_id):
            continue
        for key in _hits(office, consultation, record, number):
            hits[key] = consultation
    if len(hits) == 1:
        (key, consultation), *_ = hits.items()
        return consultation, key
    what = "nothing has" if not hits else f"{len(hits)} things have"
    raise BadUsage(f"{what} the number {number!r} (receipt number, public number, response id or beginning of a SHA-256)")


def _hits(office: Office, consultation: Round, record: Record, number: str) -> list[str]:
    public = office.ledger.numbers(consultation.id).public
    found = [
        _first_case(response)
        for response in record.responses
        if response.id == number or (number.isdigit() and public.get(response.id) == int(number))
    ]
    if not found and len(number) >= 8:
        found = [item.key for item in record.filed if item.key.startswith(number.lower())]
    return found


def _first_case(response: Response) -> str:
    """The message that began a response, or the posting of the digest that did."""
    first = response.messages[0]
    return next((case for case in response.cases if of_message(case) == first), first)


def find_response(office: Office, number: str, round_id: str | None) -> tuple[Round, Response]:
    """The response a number belongs to. Raises BadUsage."""
    consultation, key = find_case(office, number, round_id)
    record = office.ledger.load_record(consultation.id)
    assert record is not None
    return consultation, response_in(record, key)


def response_in(record: Record, key: str) -> Response:
    """The response that a message, or a posting of a digest, belongs to. Raises BadUsage."""
    filed = next((item for item in record.filed if item.key == of_message(key)), None)
    owners = [filed.response] if filed is not None else []
    if filed is not None and key != filed.key:
        owners = [post.response for post in filed.postings if f"{filed.key}#{post.part}" == key]
    for response in record.responses:
        if response.id in owners:
            return response
    what = f"is a {filed.disposition.value} and belongs" if filed is not None else "belongs"
    raise BadUsage(f"message {key[:16]} {what} to no response")
