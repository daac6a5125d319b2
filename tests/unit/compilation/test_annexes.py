"""Which originals may be rebuilt, and why the others are only listed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from intake.compilation.annexes import entry_attachments, listed_for
from intake.model.mail import PartState, Scan
from intake.model.record import Response, Status, Timeliness, Version
from intake.model.release import ReleasedForm
from intake.model.verdict import Attachment, Respondent, Withheld

MOMENT = datetime(2027, 1, 4, tzinfo=UTC)
ANNEX = Attachment(part="2", name="annex.pdf", sha256="a" * 64, size_bytes=9, state=PartState.OK)
FORM = ReleasedForm(octets=b"pages", media_type="application/pdf", suffix="pdf", removed=("metadata",), pages=1)


def response(annex: Attachment = ANNEX, withheld: tuple[Withheld, ...] = ()) -> Response:
    return Response(
        id="r-1", respondent=Respondent(), co_signatories=(), language="en", received_at=MOMENT, timeliness=Timeliness.ON_TIME,
        status=Status.COUNTED, status_before_decisions=Status.COUNTED, versions=(Version(messages=("k",), received_at=MOMENT),), current=0,
        attachments=(("k", annex),), withheld=tuple(("k", item) for item in withheld),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("annex", "because"),
    [
        (ANNEX, ""),
        (replace(ANNEX, scan=Scan.CLEAN), ""),
        (replace(ANNEX, scan=Scan.UNSCANNED), "unscanned"),
        (replace(ANNEX, scan=Scan.INFECTED), "infected"),
        (replace(ANNEX, state=PartState.INFECTED), "infected"),
        (replace(ANNEX, state=PartState.ENCRYPTED), "encrypted"),
        (replace(ANNEX, state=PartState.DAMAGED), "damaged"),
        (replace(ANNEX, state=PartState.MACRO), ""),
        (replace(ANNEX, state=PartState.TRACKED_CHANGES), ""),
    ],
)
def test_what_is_only_listed_before_anything_is_rebuilt(annex: Attachment, because: str) -> None:
    assert listed_for(response(annex), "k", annex) == because
    (shown,) = entry_attachments(response(annex), 7, {("k", "2"): FORM})
    assert (shown.attached, shown.because) == (not because, because)
    assert shown.file == ("" if because else "annexes/007-01.pdf")


def test_a_sealed_part_is_listed_and_one_with_words_withheld_is_as_it_was_rebuilt() -> None:
    whole = Withheld(part="2", start=0, end=0, reason="confidential_part")
    assert entry_attachments(response(withheld=(whole,)), 1, {("k", "2"): FORM})[0].because == "confidential_part"
    words = replace(whole, end=4, reason="telephone")
    assert (
        entry_attachments(response(withheld=(words,)), 1, {("k", "2"): ReleasedForm(because="withheld")})[0].because == "withheld"
    )
    assert entry_attachments(response(withheld=(words,)), 1, {("k", "2"): FORM})[0].attached
    assert entry_attachments(response(withheld=(words,)), 1, {})[0].because == "partly_withheld", "a draft says it beforehand"


def test_nothing_of_an_unnamed_respondent_or_of_a_draft_is_attached() -> None:
    assert entry_attachments(response(), 1, {("k", "2"): FORM}, unnamed=True)[0].because == "name"
    assert entry_attachments(response(), 1, {})[0].because == "not_built"
