"""Pages as programs write them: cells on lines of their own, lists in cells, kept spaces, drawn signs."""

from __future__ import annotations

import pytest

from intake.model.text import BlockKind
from intake.reading.html import read_html


def read(source: str) -> str:
    return read_html(source, 100_000, 100).text


def cells(source: str) -> list[list[str]]:
    blocks = read_html(source, 100_000, 100).blocks
    return [["".join(run.text for run in cell) for cell in block.cells] for block in blocks if block.kind is BlockKind.TABLE_ROW]


def test_white_space_between_rows_and_cells_is_no_column() -> None:
    tight = "<table><tr><td>{}</td><td>{}</td></tr><tr><td>c</td><td>d</td></tr></table>"
    loose = "<table>\n <tr>\n  <td>{}</td>\n  <td>{}</td>\n </tr>\n <tr>\n<td>c</td>\n<td>\n<p>d</p>\n</td>\n</tr></table>"
    for first, second in (("a", "b"), ("", "b"), ("<p>a</p>\n<p>e</p>", "<br>")):
        assert cells(loose.format(first, second)) == cells(tight.format(first, second))
    assert cells(loose.format("a", "b")) == [["a", "b"], ["c", "d"]]


def test_numbers_and_bullets_stay_in_a_cell() -> None:
    source = "<table><tr><td>Q</td><td>Two:<ol><li>one</li><li><p>two</p></li></ol><ul><li>x</li></ul></td></tr></table>"
    assert cells(source) == [["Q", "Two: 1. one 2. two • x"]]


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("<pre>a   b\n   c\n\nd</pre><p>e  f</p>", "a   b\n   c\n\nd\n\ne f"),
        ("<div style='white-space: pre-wrap'>1. Yes\n2.  No</div>", "1. Yes\n2.  No"),
        ("<style>.k{white-space:pre-line}</style><p class=k>1. Yes\n2. No</p>", "1. Yes\n2. No"),
        ("<pre>a<span style='white-space:normal'>\n  b</span></pre>", "a b"),
        ("<blockquote type=cite><pre>a   b\n  c</pre></blockquote>", "> a   b\n>   c"),
        ("<p>a   b\n  c</p>", "a b c"),
    ],
)
def test_spaces_and_lines_that_the_page_keeps_are_kept(source: str, wanted: str) -> None:
    assert read(source) == wanted


def test_a_sign_that_a_program_drew_is_said_and_no_picture_s_name() -> None:
    assert read("<p>Agree? <img alt='👍' src=x><img alt='☺️'> <img alt='Our logo'><img alt='—'><img alt='-)'></p>") == "Agree? 👍☺️"
    assert "👎" not in read("<p>x</p><div style='display:none'><img alt='👎'></div>").split("\n")[0]


def test_what_stands_for_those_without_scripts_is_seen_in_mail() -> None:
    assert read("<p>a</p><noscript>b</noscript>") == "a\n\nb"


def test_weight_and_slant_may_be_taken_back() -> None:
    page = read_html(
        "<b>a <span style='font-weight:normal'>b</span></b><i>c<span style='font-style:normal'>d</span></i>", 1000, 50
    )
    assert [(run.text, run.bold, run.italic) for run in page.blocks[0].runs] == [
        ("a ", True, False), ("b", False, False), ("c", False, True), ("d", False, False),
    ]  # fmt: skip
