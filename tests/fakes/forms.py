"""The export of a web form, for the sample round: rows as people fill them in, and the mapping that reads them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime

from intake.pipeline.growing import advance
from intake.pipeline.slips import Brought, Source, import_form, tongues_of
from intake.slips.mapping import FormMapping, mapping_from
from intake.slips.rows import FormRows, slips_of
from intake.slips.table import rows_of_csv
from tests.fakes.house import House

HEAD = ["ID", "Sent", "Organization", "Name", "Category", "Country", "E-mail", "One", "Two", "Three", "Four", "Other"]
MAPPING = """form = "web"
time = "Sent"
zone = "Europe/Zurich"
id = "ID"
organization = "Organization"
person = "Name"
category = "Category"
country = "Country"
email = "E-mail"
general = ["Other"]
[answers]
1 = "One"
2 = "Two"
3 = "Three"
4 = "Four"
"""
LATER = datetime(2026, 12, 1, tzinfo=UTC)


def row(number: int, *, one: str = "", two: str = "", other: str = "", email: str = "", sent: str = "") -> list[str]:
    """A row of a house of its own."""
    return [
        str(number), sent or f"2025-11-{number % 27 + 1:02} 10:00", f"Islands Authority {number}", f"Ana Berg {number}", "government", "FJ", email,
        one or f"Answer {number}: the landing stations of this coast are open to all operators at cost.", two, "", "", other,
    ]  # fmt: skip


def export(*rows: Sequence[str], head: Sequence[str] = HEAD, delimiter: str = ",") -> bytes:
    """CSV in UTF-8."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(head)
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8")


def mapping(text: str = MAPPING, questions: Sequence[int] = (1, 2, 3, 4)) -> FormMapping:
    return mapping_from(text, "form.toml", questions)


def read(house: House, data: bytes, text: str = MAPPING) -> FormRows:
    """The rows of an export as the verb reads them."""
    numbers = [question.number for question in house.round.questions]
    told = mapping_from(text, "form.toml", numbers)
    rows = rows_of_csv(data, told.encoding, told.delimiter, [column for _key, column in told.columns])
    return slips_of(rows, told, tongues_of(house.office), LATER, None)


def bring(house: House, data: bytes, text: str = MAPPING, *, answer: bool = False, remap: bool = False) -> Brought:
    """The export into the record."""
    found = read(house, data, text)
    assert not found.faults, found.faults
    source = Source(name="answers.csv", octets=data, mapping=text)
    brought = import_form(house.office, house.round, found.slips, source, by="ana", answer=answer, remap=remap)
    advance(house.office, house.round)
    return brought
