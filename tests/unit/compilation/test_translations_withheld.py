"""A translation would say in another language what is withheld in the first: it stays out, and the entry says so."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from intake.compilation.assemble import _translated
from intake.model.edition import Entry, EntryAttachment, Piece, Translation
from tests.fakes.small_editions import edition

PLAIN = replace(edition().entries[0], notes=(), translations=(), attachments=(), general=(), unmapped=(), answers=())
MADE = Translation(number=PLAIN.public_number, language="fr", by="x", on=date(2017, 12, 1), text=("y",))
ANNEX = EntryAttachment(name="a.pdf", size_bytes=1, sha256="0" * 64, state="ok", because="confidential")


@pytest.mark.parametrize(
    "entry",
    [
        replace(PLAIN, general=(Piece(withheld="pending:personal"),)),
        replace(PLAIN, unmapped=(Piece(withheld="redacted:personal"),)),
        replace(PLAIN, notes=("name_withheld",)),
        replace(PLAIN, attachments=(ANNEX,)),
    ],
    ids=["pending", "redacted", "name", "annex"],
)
def test_where_anything_is_withheld_the_translation_stays_out_and_is_told(entry: Entry) -> None:
    """Each way of withholding by itself is enough."""
    printed = _translated(entry, (MADE,))
    assert printed.translations == ()
    assert printed.notes == (*entry.notes, "translation_withheld")


def test_a_translation_stands_by_its_own_response_only() -> None:
    """Where nothing is withheld it is printed; that of another number never."""
    assert _translated(PLAIN, (MADE, replace(MADE, number=MADE.number + 1))).translations == (MADE,)
    assert _translated(PLAIN, (MADE,)).notes == ()
