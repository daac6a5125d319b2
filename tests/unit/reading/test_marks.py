"""What its author struck out is told, in the text itself and in every format; raised figures, numbers of lists and columns stay his."""

from __future__ import annotations

import io

import docx as word
import pytest

from intake.compilation.renderers import docx as docx_renderer
from intake.compilation.renderers.html import _runs as html_runs
from intake.compilation.renderers.markdown import _runs as markdown_runs
from intake.model.mail import Part
from intake.model.text import BlockKind, Run
from intake.reading.builder import shifted
from intake.reading.html import read_html
from tests.unit.reading.test_states import ANY, docx, odt, read

SIX = [
    ("نحن ", "لا", " نؤيد البند ٧"),
    ("我们", "不", "支持第七条"),
    ("We ", "do not", " support clause 7"),
    ("Nous ", "ne", " soutenons l'article 7"),
    ("Мы ", "не", " поддерживаем пункт 7"),
    ("", "No", " apoyamos la cláusula 7"),
]
STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"


def page(source: str) -> tuple[str, list[str]]:
    found = read_html(source, 100_000, 100)
    return found.text, [block.label for block in found.blocks if block.kind is BlockKind.LIST_ITEM]


def struck_of(part: Part) -> list[str]:
    return [
        run.text for block in part.blocks for run in (*block.runs, *(run for cell in block.cells for run in cell)) if run.struck
    ]


@pytest.mark.parametrize(("before", "gone", "after"), SIX)
def test_struck_words_are_not_read_as_said(before: str, gone: str, after: str) -> None:
    wanted = f"{before}~~{gone}~~{after}"
    run = "<w:r><w:rPr>{}</w:rPr><w:t xml:space='preserve'>{}</w:t></w:r>"
    styles = f'<s:style xmlns:s="{STYLE}" s:name="T1"><s:text-properties s:text-line-through-style="solid"/></s:style>'
    files = [
        ("a.docx", docx(f"<w:p>{run.format('', before)}{run.format('<w:strike/>', gone)}{run.format('', after)}</w:p>")),
        ("b.docx", docx(f"<w:p>{run.format('', before)}{run.format('<w:dstrike/>', gone)}{run.format('', after)}</w:p>")),
        ("a.odt", odt(f"{styles}<t:p>{before}<t:span t:style-name='T1'>{gone}</t:span>{after}</t:p>")),
        *(
            (f"{at}.html", f"<meta charset=utf-8><p>{before}{opening}{gone}{closing}{after}</p>".encode())
            for at, (opening, closing) in enumerate(
                (
                    ("<s>", "</s>"),
                    ("<strike>", "</strike>"),
                    ("<del>", "</del>"),
                    ('<span style="text-decoration:line-through">', "</span>"),
                    ('<b style="text-decoration: underline line-through"><i>', "</i></b>"),
                )
            )
        ),
    ]
    for name, data in files:
        part = read(name, ANY, data)
        assert part.text == wanted, name
        assert struck_of(part) == [f"~~{gone}~~"], name
    off = read("c.docx", ANY, docx(f"<w:p>{run.format('<w:strike w:val=`0`/>'.replace('`', chr(34)), gone)}</w:p>"))
    assert off.text == gone


def test_runs_that_are_struck_on_end_have_one_sign_and_spaces_none() -> None:
    text, _ = page("<p>a <s>b <b>c</b> d </s>e <s> </s>f</p>")
    assert text == "a ~~b c d~~ e f"
    assert page("<table><tr><td><s>yes</s></td><td>no</td></tr></table>")[0] == "~~yes~~\tno"
    assert page('<blockquote type="cite"><p>We <s>do not</s> agree</p></blockquote>')[0] == "> We ~~do not~~ agree"


def test_every_format_prints_struck_words_as_struck_and_no_other() -> None:
    runs = (Run(text="We "), Run(text="~~do not~~", struck=True), Run(text=" agree ~~ here"))
    assert html_runs(runs) == "We <s>~~do not~~</s> agree ~~ here"
    assert markdown_runs(runs) == r"We ~~do not~~ agree \~\~ here"
    printed = [docx_renderer.run(run.text, "en", struck=run.struck) for run in runs]
    assert ["<w:strike/>" in item for item in printed] == [False, True, False]


def test_raised_and_lowered_figures_are_no_other_numbers() -> None:
    assert page("<p>10<sup>6</sup> users, CO<sub>2</sub>, x<sup>-1</sup>, 1<sup>st</sup>, 2<sup>2k</sup></p>")[0] == (
        "10⁶ users, CO₂, x⁻¹, 1st, 2^2k"
    )
    assert page('<p>10<span style="vertical-align:super">6</span></p>')[0] == "10⁶"
    made = word.Document()
    paragraph = made.add_paragraph("10")
    paragraph.add_run("6").font.superscript = True
    paragraph.add_run(" and H")
    paragraph.add_run("2").font.subscript = True
    out = io.BytesIO()
    made.save(out)
    assert read("a.docx", ANY, out.getvalue()).text == "10⁶ and H₂"
    styles = "".join(
        f'<s:style xmlns:s="{STYLE}" s:name="{name}"><s:text-properties s:text-position="{place}"/></s:style>'
        for name, place in (("U", "super 58%"), ("V", "-33% 58%"))
    )
    body = f"{styles}<t:p>10<t:span t:style-name='U'>6</t:span>, H<t:span t:style-name='V'>2</t:span>O</t:p>"
    assert read("a.odt", ANY, odt(body)).text == "10⁶, H₂O"
    assert (shifted("٢", "^"), shifted("e", "^"), shifted("²", "^")) == ("^٢", "e", "²")


@pytest.mark.parametrize(
    ("source", "labels"),
    [
        ("<ol type=a><li>x<li>y</ol>", ["a.", "b."]),
        ("<ol type=I start=3><li>x<li>y</ol>", ["III.", "IV."]),
        ("<ol type=i><li>x<li value=9>y<li>z</ol>", ["i.", "ix.", "x."]),
        ("<ol type=A start=26><li>x<li>y</ol>", ["Z.", "AA."]),
        ("<ol reversed><li>x<li>y</ol>", ["2.", "1."]),
        ("<ol start=-1><li>x<li>y</ol>", ["-1.", "0."]),
        ('<ol style="list-style-type:upper-alpha"><li>x</ol>', ["A."]),
        ('<style>ol{list-style:lower-roman inside}</style><ol><li>x<li>y</ol>', ["i.", "ii."]),
        ('<ol style="list-style-type:arabic-indic"><li>نعم</ol>', ["١."]),
        ('<ol style="list-style-type:cjk-ideographic"><li>是</ol>', ["一、"]),
        ('<ol style="list-style-type:none"><li>x</ol>', [""]),
        ("<ol type=a><li>x<ul><li>y</ul><li>z</ol>", ["a.", "•", "b."]),
        ("<ol><li>x<li>y</ol>", ["1.", "2."]),
        ("<ol type=a start=99999999999><li>x</ol>", ["a."]),
    ],
)  # fmt: skip
def test_items_have_the_numbers_that_the_page_shows(source: str, labels: list[str]) -> None:
    assert page(source)[1] == labels or (labels == [""] and "•" not in page(source)[0])


def test_cells_that_span_keep_the_columns_of_all_rows() -> None:
    rows = [
        "<tr><th>Question<th>Yes<th>No<th>Why</tr>",
        "<tr><td rowspan=2>Q1<td>a<td colspan=2>X</tr>",
        "<tr><td>b<td>Y<td>w</tr>",
        "<tr><td>Q2<td rowspan=3 colspan=2>both<td>v</tr>",
        "<tr><td>Q3<td>u</tr>",
        "<tr><td>Q4</tr>",
        "<tr><td>Q5<td>1<td>2<td>3</tr>",
    ]
    assert page(f"<table>{''.join(rows)}</table>")[0].split("\n") == [
        "Question\tYes\tNo\tWhy", "Q1\ta\tX\t", "\tb\tY\tw", "Q2\tboth\t\tv", "Q3\t\t\tu", "Q4\t\t", "Q5\t1\t2\t3",
    ]  # fmt: skip
    wide = page("<table><tr><td colspan=999999>a<td rowspan=99999>b</tr><tr><td>c<td>d</tr></table>")[0]
    assert wide.count("\t") < 500


@pytest.mark.parametrize("words", [row[2].strip() for row in SIX])
def test_a_word_table_keeps_columns_of_joined_cells(words: str) -> None:
    def cell(text: str, span: int = 1) -> str:
        return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>'

    rows = f"<w:tr>{cell('Q', 2)}{cell('A')}</w:tr><w:tr>{cell('1')}{cell('')}{cell(words)}</w:tr>"
    before = f'<w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>{cell(words)}{cell("x")}</w:tr>'
    part = read("a.docx", ANY, docx(f"<w:tbl>{rows}{before}</w:tbl>"))
    assert part.text.split("\n") == ["Q\t\tA", f"1\t\t{words}", f"\t\t{words}\tx"]


def test_a_sheet_of_opendocument_keeps_cells_that_stand_several_times() -> None:
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    row = (
        "<b:table-row><b:table-cell><t:p>a</t:p></b:table-cell><b:table-cell b:number-columns-repeated='3'/>"
        "<b:table-cell><t:p>e</t:p></b:table-cell><b:table-cell b:number-columns-repeated='16379'/></b:table-row>"
    )
    part = read("a.ods", ANY, odt(f"<b:table xmlns:b='{table}'>{row}</b:table>", "spreadsheet"))
    assert part.text == "a\t\t\t\te"
