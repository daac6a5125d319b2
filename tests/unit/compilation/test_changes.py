"""The change list says what a reader sees to differ, and no more; sums that do not hold print nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from intake.compilation.changes import changes_between
from intake.compilation.outline import outline_of
from intake.compilation.renderers import markdown
from intake.doors.share import InstalledShare
from intake.errors import Broken
from intake.model.edition import Edition, Entry, EntryAttachment, LeftOut, Translation
from intake.model.round import LANGUAGES
from intake.wiring import load_words
from tests.fakes.small_editions import SEALED, edition, full_edition, piece

WORDS = load_words(InstalledShare())
FULL = edition().entries
ANNEX = EntryAttachment(name="a.pdf", size_bytes=1, sha256="a" * 64, state="ok")
ALTERED: dict[str, tuple[dict[str, Any], str]] = {
    "late": ({"late": True}, "corrected"),
    "respondent": ({"received_at": datetime(2017, 11, 1, tzinfo=UTC)}, "corrected"),
    "messages": ({"message_sha256": ("e" * 64,)}, "revised"),
    "answers": ({"general": (piece("One word more."),)}, "corrected"),
    "withheld": ({"unmapped": (piece(SEALED),)}, "corrected"),
    "annexes": ({"attachments": (ANNEX,)}, "supplemented"),
    "translation": (
        {"translations": (Translation(number=1, language="fr", by="x", on=date(2017, 12, 1), text=("y",)),)},
        "corrected",
    ),
}
GONE = ("withdrawn", "excluded", "merged", "held", "late_pending", "gone", "group_only", "erased")


def without(number: int, what: str) -> Edition:
    left = LeftOut(public_number=number, what=what, reason="")
    return replace(edition([item for item in FULL if item.public_number != number]), left_out=(left,))


def test_nothing_has_changed_between_an_edition_and_itself_or_one_with_other_files() -> None:
    """Whether annexes were built, and in which language the shell is, is no change; the first edition has none."""
    made = full_edition()
    assert changes_between(None, made) == ()
    assert changes_between(made, made) == ()
    first = made.entries[0]
    built = replace(first, attachments=tuple(replace(item, attached=not item.attached, file="x") for item in first.attachments))
    assert changes_between(made, replace(made, language="ar", revision=2, entries=(built, *made.entries[1:]))) == ()


@pytest.mark.parametrize("detail", ALTERED)
def test_each_thing_that_a_reader_sees_is_told_by_its_name(detail: str) -> None:
    fields, kind = ALTERED[detail]
    (change,) = changes_between(edition(FULL), edition((replace(FULL[0], **fields), *FULL[1:])))
    assert (change.kind, change.public_number, change.details) == (kind, FULL[0].public_number, (detail,))


@pytest.mark.parametrize("what", GONE)
def test_what_is_printed_no_more_is_told_by_its_reason_and_by_no_name_where_none_may_be(what: str) -> None:
    (change,) = changes_between(edition(FULL), without(2, what))
    assert (change.kind, change.public_number) == (what, 2)
    assert (change.name == "") == (what in ("group_only", "erased"))
    for language in LANGUAGES:
        shown = replace(without(2, what), language=language, revision=1, before=(0, date(2017, 12, 24)), changes=(change,))
        assert WORDS[language]("entry.heading", n=2) in markdown.render(outline_of(shown, WORDS[language])).decode()


@given(st.sets(st.integers(1, len(FULL))), st.sets(st.integers(1, len(FULL))))
def test_a_line_for_every_response_that_came_or_went_in_order_of_numbers(before: set[int], after: set[int]) -> None:
    def of(numbers: set[int]) -> tuple[Entry, ...]:
        return tuple(item for item in FULL if item.public_number in numbers)

    found = changes_between(edition(of(before)), edition(of(after)))
    assert [item.public_number for item in found] == sorted(before ^ after)
    assert {item.public_number for item in found if item.kind == "added"} == after - before


@pytest.mark.parametrize(
    "broken",
    [
        {"seen": 99},
        {"vanished": 7},
        {"counts": {"messages": 99}},
        {"counts": {"counted": 99}},
        {"counts": {"by_region": {"africa": 1}}},
        {"counts": {"by_category": {"academia": 1}}},
        {"counts": {"by_language": {"en": 1}}},
        {"counts": {"by_group": {"": 1}}},
    ],
)
def test_sums_that_do_not_hold_print_nothing(broken: dict[str, Any]) -> None:
    made = full_edition()
    outline_of(made, WORDS["en"])
    fields = {**broken, "counts": replace(made.counts, **broken["counts"])} if "counts" in broken else broken
    with pytest.raises(Broken):
        outline_of(replace(made, **fields), WORDS["en"])
