"""Documents: what Word, OpenDocument and PDF show, in the order in which it is read."""

from __future__ import annotations

import io
import struct
import zipfile

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String

from intake.model.mail import PartState
from intake.model.text import BlockKind
from intake.reading.extractors import docx, odt, pdf
from intake.reading.extractors.numbering import number_in
from intake.reading.extractors.pdf import paragraphs_of
from intake.reading.extractors.pdf_rtl import Glyph, _brackets, _figures, _from_right, _in_order
from intake.reading.limits import Limits
from intake.reading.tnef import read_tnef, tnef_body

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LIMITS = Limits()


def zipped(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in members.items():
            box.writestr(name, content)
    return out.getvalue()


def word(body: str, levels: str = "") -> bytes:
    number = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    numbering = f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>{number}</w:numbering>'
    return zipped(
        {"word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>', "word/numbering.xml": numbering}
    )


def level(depth: int, form: str, text: str, start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'


def item(text: str, depth: int = 0) -> str:
    return (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
    )


def test_word_s_own_numbers_stand_before_its_list_items() -> None:
    found = docx.extract(
        word(item("a") + item("b", 1) + item("c", 1) + item("d"), level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2")),
        LIMITS,
    )
    assert [block.label for block in found.blocks] == ["1.", "1.1", "1.2", "2."]
    assert [block.level for block in found.blocks] == [1, 2, 2, 1]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (3, "lowerLetter", "c"),
        (4, "upperRoman", "IV"),
        (9, "lowerRoman", "ix"),
        (2, "chineseCounting", "二"),
        (2, "arabicAbjad", "ب"),
        (7, "decimal", "7"),
    ],
)
def test_forms_of_numbers(value: int, form: str, shown: str) -> None:
    assert number_in(value, form) == shown


def test_a_text_box_of_word_is_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
    body = f'<w:p><w:r><mc:AlternateContent xmlns:mc="mc"><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>'
    assert docx.extract(word(body), LIMITS).text == "boxed"


def test_numbers_of_opendocument_lists() -> None:
    number = '<text:list-level-style-number text:level="{}" style:num-format="{}" style:num-suffix="{}"/>'
    styles = f'<text:list-style style:name="L1">{number.format(1, 1, ".")}{number.format(2, "a", ")")}</text:list-style>'
    inner = "<text:list><text:list-item><text:p>inner</text:p></text:list-item></text:list>"
    items = f"<text:list-item><text:p>One</text:p>{inner}</text:list-item><text:list-item><text:p>Two</text:p></text:list-item>"
    body = f'<text:list text:style-name="L1">{items}</text:list>'
    content = f'<o:c xmlns:o="o" xmlns:text="t" xmlns:style="s">{styles}<o:text>{body}</o:text></o:c>'
    found = odt.extract(zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}), LIMITS)
    assert found.text.split("\n") == ["1. One", "a) inner", "2. Two"]


def test_what_was_typed_into_a_pdf_form_is_text() -> None:
    document = pikepdf.new()
    document.add_blank_page(page_size=(300, 300))
    page = document.pages[0].obj
    font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    look = Stream(document, b"/Tx BMC q BT /F1 12 Tf 10 10 Td (Typed answer) Tj ET Q EMC")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 30])
    look.Resources = Dictionary(Font=Dictionary(F1=font))
    field = document.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("a"), V=String("Typed answer"), Rect=Array([10, 10, 210, 40]), F=4,
                   DA=String("/F1 12 Tf 0 g"), AP=Dictionary(N=document.make_indirect(look)), P=page)
    )  # fmt: skip
    page.Annots = document.make_indirect(Array([field]))
    document.Root.AcroForm = Dictionary(Fields=Array([field]), DR=Dictionary(Font=Dictionary(F1=font)))
    out = io.BytesIO()
    document.save(out)
    found = pdf.extract(out.getvalue(), LIMITS)
    assert found.text == "Typed answer"
    assert found.blocks[0].page == 1
    assert found.state is PartState.OK


def test_lines_of_a_page_are_joined_to_paragraphs() -> None:
    page = (
        "This is a long line of a paragraph that goes on\nin the next line and ends here.\n1. A point by itself\n2. Another point"
    )
    assert paragraphs_of(page) == [
        "This is a long line of a paragraph that goes on in the next line and ends here.",
        "1. A point by itself",
        "2. Another point",
    ]
    assert paragraphs_of("a connec-\ntion of words") == ["a connection of words"]


def test_right_to_left_lines_come_out_in_logical_order() -> None:
    # places as on a page: the first letter stands furthest to the right; a mark stands by the letter that it hangs over
    placed = [("ن", 75.0), ("ُ", 81.0), ("لا", 80.0), ("ا", 90.0)]
    glyphs = [Glyph(left=left, right=left + 5, origin=left, text=text, room=(left, left + 5, 20.0)) for text, left in placed]
    assert "".join(glyph.text for glyph in _from_right(glyphs)) == "الاُن"
    assert _in_order("ال") == _in_order("لا") == "لا"
    assert _figures("(UTI( noinU و (4102 ,nasuB)") == "Union (ITU( و (Busan, 2014)"
    assert _figures("عام .8102 رد UTI و 5.3") == "عام .2018 رد ITU و 3.5"
    assert _brackets("ITU )قطر(،") == "ITU (قطر)،"
    assert _brackets("ITU (قطر)،") == "ITU (قطر)،"


def test_block_kinds_of_word() -> None:
    heading = '<w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr><w:r><w:t>Question 1</w:t></w:r></w:p>'
    bold = "<w:p><w:r><w:t>We </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>agree</w:t></w:r></w:p>"
    found = docx.extract(word(heading + bold), LIMITS)
    assert [(block.kind, block.level) for block in found.blocks] == [(BlockKind.HEADING, 2), (BlockKind.PARAGRAPH, 0)]
    assert [run.bold for run in found.blocks[1].runs] == [False, True]


def test_the_text_inside_winmail_dat() -> None:
    def attribute(kind: int, value: bytes) -> bytes:
        return b"\x01" + struct.pack("<II", kind, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    stream = struct.pack("<IH", 0x223E9F78, 1) + attribute(0x0002800C, b"Words inside\x00")
    body = tnef_body(stream)
    assert body is not None
    assert body.data == b"Words inside"
    assert read_tnef(stream) == ()
    assert tnef_body(b"no such thing") is None
