"""Which mail wants to decide: told apart before anything is judged, so that an officer's word is no response and gets no receipt.

The decisions are the truth (vault and journal); the mail is evidence. A mail that was settled has a journal entry, by which it is known
after a rebuild, whatever the configuration is then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from intake.casework.drafts import Case
from intake.digest.tasks import cut
from intake.digest.tokens import TOKEN
from intake.model.edition import DigestItem
from intake.model.mail import Part, PartState, Reading
from intake.model.officer import Person
from intake.model.order import SILENT
from intake.model.round import Round
from intake.model.text import SpanKind
from intake.model.verdict import Disposition
from intake.pipeline.office import Office
from intake.pipeline.officers import people

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KIND = "orders"
"""Kind of the journal entries of what was settled."""
_MACHINES = (Disposition.AUTO_REPLY, Disposition.BOUNCE)


def order_mail(office: Office, consultation: Round, cases: Sequence[Case]) -> frozenset[str]:
    """Keys of the messages that are orders: those that were settled, and those that look like one now."""
    known = settled(office, consultation)
    if office.orders is None:
        return frozenset(known)
    looked = office.order_mail.setdefault(consultation.id, {})
    for case in cases:
        if case.key not in looked:
            looked[case.key] = _is_order(office, consultation, case.whole)
    return frozenset(known | {case.key for case in cases if looked[case.key]})


def settled(office: Office, consultation: Round) -> set[str]:
    """Orders that are done with, by their mail's key or their file's hash."""
    last, found = office.orders_settled
    length = office.ledger.journal_length()
    for entry in office.ledger.journal_entries(last, [KIND]) if length > last else ():
        if entry.payload.get("end") == "yes":
            found.setdefault(str(entry.payload["round"]), set()).add(str(entry.payload["source"]))
    office.orders_settled = (length, found)
    return found.get(consultation.id, set())


def refused_orders(office: Office, consultation: Round, cases: Sequence[Case]) -> Iterator[DigestItem]:
    """Of these mails those that wanted to decide and were not believed: nobody was written to, so the desk is told."""
    by_key = {case.key: case for case in cases}
    for entry in office.ledger.journal_entries(kinds=[KIND]):
        case = by_key.get(str(entry.payload.get("source")))
        refused = entry.payload.get("refused")
        words = {line.split(" ")[-1] for line in refused} if isinstance(refused, list) else set()
        for word in SILENT if case is not None and entry.payload.get("round") == consultation.id else ():
            if word.value in words and case is not None:
                sender = next((item.address for item in case.whole.arrival.reading.from_), "")
                command = f"intake held show {case.key[:12]}"
                yield DigestItem(
                    kind="order",
                    number=case.key[:12],
                    name=cut(sender),
                    because="",
                    command=command,
                    reason=word.value,
                    message=case.key,
                )


def _is_order(office: Office, consultation: Round, case: Case) -> bool:
    """Whether a mail wants to decide. Machines never do. An officer's does when there is a token anywhere in it, when it answers a digest
    of ours, or when it brings a spreadsheet that nobody can read: that may be a decision sheet. Anybody else's does when he wrote a token
    or sends a sheet with tokens, and nothing beside that could be a response."""
    reading = case.arrival.reading
    automatic = (reading.header("Auto-Submitted") or "no").split(";")[0].split("(")[0].strip().lower()
    if case.verdict.disposition in _MACHINES or automatic not in ("no", "") or reading.held:
        return False
    new, below = texts_of(reading)
    own = bool(TOKEN.search(new) or TOKEN.search(reading.subject)) or bool(sheets_in(reading.parts))
    if sender_of(office, consultation, case) is not None:
        whole = any(part.message is not None for part in reading.parts)
        meant = bool(TOKEN.search(below)) or _answers_digest(case) or any(map(is_broken, called_sheets(reading.parts)))
        return own or (not whole and meant)
    others = [item for item in case.verdict.attachments if item.sha256 not in {part.sha256 for part in sheets_in(reading.parts)}]
    return own and not (case.verdict.answers or any(item.state.value != "ignored" for item in others))


def texts_of(reading: Reading) -> tuple[str, str]:
    """What the sender wrote himself, and all the rest."""
    new = "".join(reading.text[span.start : span.end] for span in reading.spans if span.kind is SpanKind.NEW)
    rest = "".join(reading.text[span.start : span.end] for span in reading.spans if span.kind is not SpanKind.NEW)
    return new, rest


def sheets_in(parts: Sequence[Part]) -> list[Part]:
    """Spreadsheets that hold a token."""
    return [part for part in parts if part.sniffed_type == SHEET and not part.body and TOKEN.search(part.text)]


def called_sheets(parts: Sequence[Part]) -> list[Part]:
    """Files that are or call themselves a spreadsheet and hold no token that can be read."""
    called = [part for part in parts if not part.body and (_named_so(part) or SHEET in (part.sniffed_type, part.media_type))]
    return [part for part in called if not TOKEN.search(part.text)]


def _named_so(part: Part) -> bool:
    return (part.original_name or part.name or "").lower().strip().endswith(".xlsx")


def is_broken(part: Part) -> bool:
    """Whether a file that calls itself a spreadsheet is cut, locked or something else."""
    return part.sniffed_type != SHEET or part.state in (PartState.ENCRYPTED, PartState.DAMAGED)


def _answers_digest(case: Case) -> bool:
    """Whether it answers a digest of ours, or our answer to an order."""
    return any(item.kind in ("digest", "answer") and item.how == "answers" for item in case.arrival.ours)


def sender_of(office: Office, consultation: Round, case: Case) -> Person | None:
    """The officer (or deputy) from whose configured address the mail claims to come; not whether that is true."""
    senders = [item.address.lower() for item in case.arrival.reading.from_]
    found = people(office, consultation, case.arrival.trust.received_at).values()
    return next((person for person in found if person.address and senders == [person.address]), None)
