"""What leaves as a spreadsheet or a mailbox file cannot bite and can be read back."""

from __future__ import annotations

import pytest

from intake.doors.export import _FROM, cell


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-x", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    """A leading sign that a spreadsheet would obey is quoted."""
    assert cell(text) == "'" + text


@pytest.mark.parametrize("text", ["Réponse", "(a)", "1.", "", "回答"])
def test_other_cells_are_as_they_were(text: str) -> None:
    """Everything else is untouched."""
    assert cell(text) == text


def test_separator_lines_are_quoted_and_can_be_undone() -> None:
    """mboxrd: From-lines at any depth of quoting get one more mark."""
    raw = b"a\nFrom here\n>From there\n>>From\nfrom x\n"
    assert _FROM.sub(rb">\1", raw) == b"a\n>From here\n>>From there\n>>From\nfrom x\n"
