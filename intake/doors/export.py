"""The record and the mail in forms that read without this program: .eml, mbox (mboxrd), CSV, JSON."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from intake.model.record import Record, Response
from intake.model.round import Round
from intake.ports import Ledger, Vault

Export = Callable[[Vault, Ledger, Round, Record, Path], int]

_FROM = re.compile(rb"^(>*From )", re.M)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_eml(vault: Vault, ledger: Ledger, consultation: Round, record: Record, out: Path) -> int:  # noqa: ARG001 - one shape for all
    """A folder of originals, octet for octet, named by order of arrival and hash."""
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    for receipt in ledger.arrivals(consultation.id):
        count += 1
        (out / f"{count:05d}-{receipt.sha256[:16]}.eml").write_bytes(vault.get(receipt.sha256))
    return count


def export_mbox(vault: Vault, ledger: Ledger, consultation: Round, record: Record, out: Path) -> int:  # noqa: ARG001 - one shape for all
    """One mboxrd file: line ends LF, every line that looks like a separator quoted (RFC 4155 leaves this open)."""
    count = 0
    with out.open("wb") as box:
        for receipt in ledger.arrivals(consultation.id):
            count += 1
            raw = vault.get(receipt.sha256).replace(b"\r\n", b"\n")
            when = receipt.internaldate.strftime("%a %b %d %H:%M:%S %Y")
            box.write(f"From consultation-intake {when}\n".encode() + _FROM.sub(rb">\1", raw).rstrip(b"\n") + b"\n\n")
    return count


def cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(_FORMULA) else text


def export_csv(vault: Vault, ledger: Ledger, consultation: Round, record: Record, out: Path) -> int:  # noqa: ARG001 - one shape for all
    """A line a response, UTF-8 with a mark so that spreadsheets see it; answers in columns by question. `record`: without sealed words."""
    public = ledger.numbers(consultation.id).public
    numbers = [question.number for question in consultation.questions]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    head = [
        "number",
        "id",
        "status",
        "timeliness",
        "received_at",
        "person",
        "title",
        "organization",
        "category",
        "country",
        "region",
    ]
    tail = ["language", "co_signatories", "flags", "publish_mode", "withheld"]
    writer.writerow([*head, *tail, *(f"answer {number}" for number in numbers)])
    for item in sorted(record.responses, key=lambda item: (item.received_at, item.id)):
        writer.writerow([cell(value) for value in _row(item, public.get(item.id), numbers)])
    out.write_bytes(b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8"))
    return len(record.responses)


def _row(item: Response, number: int | None, questions: list[int]) -> list[object]:
    answers = {answer.question: answer.text for _, answer in item.answers}
    who = item.respondent
    return [
        number, item.id, item.status.value, item.timeliness.value, item.received_at.isoformat(), who.person, who.title,
        who.organization, who.category.value, who.country, who.region.value, item.language, "; ".join(item.co_signatories),
        "; ".join(item.flags), item.publish_mode.value, len(item.withheld), *(answers.get(question, "") for question in questions),
    ]  # fmt: skip


def export_json(vault: Vault, ledger: Ledger, consultation: Round, record: Record, out: Path) -> int:  # noqa: ARG001 - one shape for all
    """The whole record, numbers, rulings and deliveries as one JSON document."""
    document = {
        "round": consultation,
        "record": record,
        "numbers": ledger.numbers(consultation.id),
        "rulings": ledger.rulings(consultation.id),
        "deliveries": ledger.deliveries(consultation.id),
        "tally": ledger.tally(consultation.id),
        "journal_head": ledger.journal_head(),
    }
    out.write_bytes(msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=1) + b"\n")
    return len(record.responses)


EXPORTS: dict[str, Export] = {"eml": export_eml, "mbox": export_mbox, "csv": export_csv, "json": export_json}
"""One line a form."""
