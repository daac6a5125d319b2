"""Documents of the office: strict names, sheets in their columns as they are shown, remarks, slides in their order, words below a page."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment

from intake.model.mail import Part
from intake.model.text import BlockKind
from tests.unit.reading.test_states import ANY, W, docx, read, zipped

SIX = ["نعم، نوافق", "我们同意", "We agree", "Nous sommes d'accord", "Мы согласны", "Estamos de acuerdo"]
STRICT = {
    f"http://schemas.openxmlformats.org/{name}/2006/": f"http://purl.oclc.org/ooxml/{name}/"
    for name in ("wordprocessingml", "spreadsheetml", "presentationml", "drawingml", "officeDocument")
}
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def strict(data: bytes) -> bytes:
    """The same document under the names of ISO Strict."""

    with zipfile.ZipFile(io.BytesIO(data)) as box:
        members: dict[str, str | bytes] = {name: box.read(name) for name in box.namelist()}
    for name, content in members.items():
        text = content.decode() if isinstance(content, bytes) else content
        for usual, other in STRICT.items():
            text = text.replace(usual, other)
        members[name] = text
    return zipped(members)


def book(**cells: object) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for place, value in cells.items():
        form: str | None = None
        if isinstance(value, tuple):
            value, form = value
        sheet[place] = value
        if form:
            sheet[place].number_format = form
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def show(*words: str) -> bytes:
    """Slides that stand in the file in another order than they are shown; the first one has a note, in a file of any number."""
    members: dict[str, str | bytes] = {}
    count = len(words)
    for at, text in enumerate(words):
        body = f'<p:sld xmlns:p="{P}" xmlns:a="{A}"><p:sp><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sp></p:sld>'
        members[f"ppt/slides/slide{count - at}.xml"] = body
    ids = "".join(f'<p:sldId r:id="r{at}"/>' for at in range(count))
    members["ppt/presentation.xml"] = (
        f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>'
    )
    links = "".join(f'<Relationship Id="r{at}" Target="slides/slide{count - at}.xml"/>' for at in range(count))
    members["ppt/_rels/presentation.xml.rels"] = f'<Relationships xmlns="{RELATIONS}">{links}</Relationships>'
    note = '<Relationship Id="n" Target="../notesSlides/notesSlide9.xml"/>'
    members[f"ppt/slides/_rels/slide{count}.xml.rels"] = f'<Relationships xmlns="{RELATIONS}">{note}</Relationships>'
    members["ppt/notesSlides/notesSlide9.xml"] = members[f"ppt/slides/slide{count}.xml"].replace(words[0], "a note")  # type: ignore[arg-type]
    return zipped(members)


def sheet_of(**cells: object) -> Part:
    return read("a.xlsx", ANY, book(**cells))


@pytest.mark.parametrize("words", SIX)
def test_strict_documents_are_read_as_the_usual_ones(words: str) -> None:
    for name, data in (
        ("a.docx", docx(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>", footnotes_xml=f'<w:footnotes xmlns:w="{W}"><w:footnote/></w:footnotes>')),
        ("a.xlsx", book(A1=words, C1="x")),
        ("a.pptx", show(words, "second")),
    ):  # fmt: skip
        usual, other = read(name, ANY, data), read(name, ANY, strict(data))
        assert words in other.text
        assert (other.text, other.blocks, other.state) == (usual.text, usual.blocks, usual.state)


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pptx"])
def test_words_under_unknown_names_are_never_an_empty_document_in_order(name: str) -> None:
    path = {"a.docx": "word/document.xml", "a.xlsx": "xl/worksheets/sheet1.xml", "a.pptx": "ppt/slides/slide1.xml"}[name]
    body = '<w:document xmlns:w="urn:unknown"><w:body><w:p><w:r><w:t>Our answer</w:t></w:r></w:p></w:body></w:document>'
    part = read(name, ANY, zipped({path: body}))
    assert "Our answer" in part.text or (part.state == "damaged" and "names that are not known" in part.defects[0].detail)
    empty = read("a.docx", ANY, docx("<w:p/>"))
    assert (empty.state, empty.text, empty.defects) == ("ok", "", ())


@pytest.mark.parametrize("words", SIX)
def test_a_cell_stays_in_its_column(words: str) -> None:
    part = sheet_of(A1="No", B1="Question", C1="Yes", D1="No opinion", A2=1, B2="Why?", D2=words, C3="x")
    rows = ["No\tQuestion\tYes\tNo opinion", f"1\tWhy?\t\t{words}", "\t\tx"]
    assert part.text.split("\n") == rows
    assert [len(block.cells) for block in part.blocks] == [4, 4, 3]
    assert all(part.text[block.start : block.end] == row for block, row in zip(part.blocks, rows, strict=True))


def test_values_are_those_that_the_sheet_shows() -> None:
    day, hour = dt.date(2026, 11, 30), dt.datetime.fromisoformat("2026-11-30T10:05:00")
    part = sheet_of(
        A1=day, A2=hour, A3=(0.25, "0%"), A4=(0.1234, "0.00%"), A5=True, A6=1234567890123456, A7=1e21, A8=0.1 + 0.2,
        A9=(42, "00000"), A10=dt.time(9, 30), A11=-1.5, A12=12.0, A13="1e5", A14=(7, '"No. "0'), A15=(1.5, "0.00"),
    )  # fmt: skip
    wanted = [
        "2026-11-30", "2026-11-30 10:05", "25%", "12.34%", "TRUE", "1234567890123456", "1" + "0" * 21, "0.3", "00042", "09:30", "-1.5",
        "12", "1e5", "No. 7", "1.50",
    ]  # fmt: skip
    assert part.text.split("\n") == wanted


@pytest.mark.parametrize("words", SIX)
def test_what_is_remarked_on_a_cell_is_read_with_its_place(words: str) -> None:
    made = openpyxl.Workbook()
    for number, sheet in enumerate((made.worksheets[0], made.create_sheet("two")), 1):
        sheet["A1"], sheet["B2"] = "Q", "A"
        sheet["B2"].comment = Comment(f"{words} {number}", "somebody")
    out = io.BytesIO()
    made.save(out)
    part = read("a.xlsx", ANY, out.getvalue())
    notes = [block for block in part.blocks if block.kind is BlockKind.FOOTNOTE]
    assert [part.text[block.start : block.end] for block in notes] == [f"B2: {words} 1", f"B2: {words} 2"]
    assert [block.page for block in notes] == [1, 2]


def test_a_cell_at_the_end_of_the_world_costs_no_columns() -> None:
    part = sheet_of(A1="first", XFD1="last", A2="x", B2="y")
    assert part.text.split("\n")[1] == "x\ty"
    assert len(part.text) < 200


@pytest.mark.parametrize("words", SIX)
def test_slides_come_as_they_are_shown_each_with_its_own_note(words: str) -> None:
    part = read("a.pptx", ANY, show(words, "second", "third"))
    assert part.text.split("\n\n") == [words, "a note", "second", "third"]
    assert [block.page for block in part.blocks] == [1, 1, 2, 3]


@pytest.mark.parametrize("words", SIX)
def test_words_below_a_page_are_read_once_and_its_number_is_none(words: str) -> None:
    foot = f'<w:ftr xmlns:w="{W}"><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:ftr>'
    number = f'<w:ftr xmlns:w="{W}"><w:p><w:r><w:t>12</w:t></w:r></w:p></w:ftr>'
    part = read("a.docx", ANY, docx(footer1_xml=foot, footer2_xml=foot, footer3_xml=number))
    assert part.text.split("\n") == ["Our answer", words]
