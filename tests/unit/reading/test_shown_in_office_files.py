"""Sheets and slides as they are shown: numbers by their formats, what is hidden set aside, what is struck out told."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.table import Table, TableStyleInfo

from intake.model.mail import Part, PartState
from intake.reading.number_formats import number_shown
from tests.unit.reading.test_formatting import STYLE, looks
from tests.unit.reading.test_office_files import A, P, R, show
from tests.unit.reading.test_states import ANY, odt, read, zipped

SIX = ["نوافق", "我们同意", "We agree", "D'accord", "Согласны", "De acuerdo"]
ACCOUNTS = '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)'


@pytest.mark.parametrize(
    ("code", "value", "wanted"),
    [
        ("", "1234567.5", "1234567.5"),
        ("General", "0.30000000000000004", "0.3"),
        ("#,##0", "1234567.5", "1234568"),
        ("#,##0.00 €", "1234.5", "1234.50 €"),
        ("[$€-407] #,##0.00", "5", "€ 5.00"),
        ('#,##0.00\\ "руб."', "1234.5", "1234.50 руб."),
        ('0" م"', "7", "7 م"),
        ("0.00%", "0.12345", "12.35%"),
        ('0.0 "Mbit/s"', "12.345", "12.3 Mbit/s"),
        ('#,##0,,"M"', "12500000", "13M"),
        ("0.00", "-2.555", "-2.56"),
        ("#,##0;(#,##0)", "-1234", "(1234)"),
        ("0.0;[Red]0.0", "-2.5", "-2.5"),
        ("[Red]-0.0;0.0", "-2.5", "-2.5"),
        (ACCOUNTS, "-3.5", "(3.50)"),
        (ACCOUNTS, "0", "-"),
        ('"Yes";"No";"None"', "1", "Yes"),
        ('"Yes";"No";"None"', "-1", "No"),
        ('"Yes";"No";"None"', "0", "None"),
        ('General" items"', "5", "5 items"),
        ('"Q"0', "3", "Q3"),
        ("00000", "42", "00042"),
        ("00 00 00 00 00", "612345678", "06 12 34 56 78"),
        ("0.0##", "2.50", "2.5"),
        ("0.00E+00", "12345", "12345"),
        ("# ?/?", "0.5", "0.5"),
        ("[<1000]0;0.0", "5", "5"),
        ("0.00", "99999999999999999999999999999", "99999999999999999999999999999.00"),
        ("0.00", "1e400", "1e400"),
        ("0", "no number", "no number"),
        ("0", "-0.4", "0"),
    ],
)
def test_numbers_are_shown_by_their_formats(code: str, value: str, wanted: str) -> None:
    assert number_shown(value, code) == wanted


def sheet(change: object) -> Part:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page["A1"] = "SEEN"
    change(page)  # type: ignore[operator]  # a function of the sheet
    out = io.BytesIO()
    book.save(out)
    return read("a.xlsx", ANY, out.getvalue())


@pytest.mark.parametrize("words", SIX)
def test_what_a_workbook_does_not_show_is_set_aside(words: str) -> None:
    def row(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page["A3"] = words
        page.row_dimensions[3].hidden = True

    def column(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page["C1"] = words
        page.column_dimensions["C"].hidden = True

    def white(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page["A3"] = words
        page["A3"].font = Font(color="FFFFFFFF")

    def other(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page.parent.create_sheet("x")["A1"] = words
        page.parent["x"].sheet_state = "veryHidden"

    def nothing(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page["A3"] = words
        page["A3"].number_format = ";;;"

    for change in (row, column, white, other, nothing):
        part = sheet(change)
        assert (part.text, part.hidden, part.state) == ("SEEN", words, PartState.OK), change
        assert any(defect.code == "hidden_text" for defect in part.defects)


def test_white_letters_on_a_ground_or_in_a_styled_table_are_seen() -> None:
    def ground(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page["A3"] = "Head"
        page["A3"].font, page["A3"].fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF1F3864")

    def table(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page["A3"], page["A4"] = "Head", "x"
        page["A3"].font = Font(color="FFFFFFFF")
        page.add_table(Table(displayName="T", ref="A3:A4", tableStyleInfo=TableStyleInfo(name="TableStyleMedium2")))

    for change in (ground, table):
        assert "Head" in sheet(change).text.split()


def test_a_struck_cell_is_struck() -> None:
    def change(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page["A3"], page["B3"] = "We do not agree", "but"
        page["A3"].font = Font(strike=True)

    assert sheet(change).text == "SEEN\n~~We do not agree~~\tbut"


def test_rows_columns_and_sheets_that_open_document_does_not_show() -> None:
    styles = f'<s:style xmlns:s="{STYLE}" s:name="H"><s:table-properties xmlns:z="z" z:display="false"/></s:style>'
    cell = "<z:table-cell><t:p>{}</t:p></z:table-cell>"
    part = read(
        "a.ods",
        ANY,
        odt(
            f'{styles}<z:table xmlns:z="z"><z:table-column z:number-columns-repeated="2"/><z:table-column z:visibility="collapse"/>'
            f"<z:table-row>{cell.format('SEEN')}{cell.format('x')}{cell.format('one')}</z:table-row>"
            f'<z:table-row z:visibility="filter">{cell.format("two")}</z:table-row></z:table>'
            f'<z:table xmlns:z="z" z:style-name="H"><z:table-row>{cell.format("three")}</z:table-row></z:table>',
            "spreadsheet",
        ),
    )
    assert (part.text, part.hidden.split()) == ("SEEN\tx", ["one", "two", "three"])


def slide(body: str, root: str = "") -> Part:
    data = zipped(
        {
            "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}"/>',
            "ppt/slides/slide1.xml": f'<p:sld xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}" {root}><p:sp><p:txBody>{body}</p:txBody></p:sp></p:sld>',
            "ppt/slides/_rels/slide1.xml.rels": '<Relationships xmlns="x"><Relationship Id="rId2" TargetMode="External" Target="https://example.org/"/></Relationships>',
        }
    )
    return read("a.pptx", ANY, data)


@pytest.mark.parametrize("words", SIX)
def test_slides_tell_what_is_struck_and_where_links_lead(words: str) -> None:
    run = "<a:r><a:rPr {}>{}</a:rPr><a:t>{}</a:t></a:r>"
    body = f"<a:p>{run.format('', '', 'x ')}{run.format('strike=`sngStrike`', '', words)}{run.format('b=`1`', '', ' y')}</a:p>".replace(
        "`", '"'
    )
    assert looks(slide(body)) == [("x ", ""), (f"~~{words}~~", "s"), (" y", "b")]
    link = run.format("", '<a:hlinkClick r:id="rId2"/>', words)
    assert looks(slide(f"<a:p>{link}</a:p>")) == [(words, "https://example.org/")]
    assert slide(f"<a:p>{run.format('baseline=`30000`'.replace('`', chr(34)), '', '6')}</a:p>").text == "⁶"


def test_a_slide_that_is_not_shown_is_set_aside() -> None:
    part = slide("<a:p><a:r><a:t>secret</a:t></a:r></a:p>", 'show="0"')
    assert (part.text, part.hidden, part.state) == ("", "secret", PartState.OK)
    assert "hidden" not in read("b.pptx", ANY, show("a", "b")).hidden
