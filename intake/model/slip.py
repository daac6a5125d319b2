"""Header fields in which a slip says what it is; written by `slips`, read by `sorting`."""

from __future__ import annotations

SLIP_FIELDS = {
    "kind": "Intake-Slip",
    "source": "Intake-Slip-Source",
    "id": "Intake-Slip-Id",
    "row": "Intake-Slip-Row",
    "person": "Intake-Person",
    "title": "Intake-Title",
    "organization": "Intake-Organization",
    "category": "Intake-Category",
    "country": "Intake-Country",
    "language": "Intake-Language",
    "email": "Intake-Email",
    "vouched": "Intake-Vouched",
    "reference": "Intake-Reference",
    "by": "Intake-Registered-By",
    "belongs_to": "Intake-Belongs-To",
}
"""What a slip says -> its header field."""
SLIP_LINES = "Intake-Lines"
"""On which lines of the text each answer stands: "question=first+number", lines from 0; question 0 is a general comment."""
