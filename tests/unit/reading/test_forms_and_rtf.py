"""What was ticked or chosen in a form is an answer; RTF: struck and raised words, margins, numbers, tables; in six languages."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from intake.model.mail import PartState
from intake.model.text import BlockKind
from tests.unit.reading.test_formatting import run, word
from tests.unit.reading.test_hidden_in_files import coded, rtf
from tests.unit.reading.test_states import ANY, read

SIX = ["لا نوافق", "我们不同意", "do not agree", "n'acceptons pas", "не согласны", "no estamos"]


@pytest.mark.parametrize("words", SIX)
def test_boxes_and_lists_of_a_form(words: str) -> None:
    def field(data: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'

    def of(data: str) -> str:
        return word(f"<w:body><w:p>{field(data)}{run(' ' + words)}</w:p></w:body>").text

    assert of('<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>') == f"☒ {words}"
    assert of('<w:checkBox><w:default w:val="0"/></w:checkBox>') == f"☐ {words}"
    assert of('<w:checkBox><w:default w:val="1"/><w:checked w:val="0"/></w:checkBox>') == f"☐ {words}"
    entries = '<w:listEntry w:val="A"/><w:listEntry w:val="B"/>'
    assert of(f'<w:ddList><w:result w:val="1"/>{entries}</w:ddList>') == f"B {words}"
    assert of(f"<w:ddList>{entries}</w:ddList>") == f"A {words}"


def test_signs_of_other_fonts() -> None:
    def of(font: str, code: str) -> str:
        return word(f'<w:body><w:p><w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>{run(" x")}</w:p></w:body>').text

    assert [of("Wingdings", code) for code in ("F0FE", "F06F", "F078", "00FC")] == ["☑ x", "☐ x", "☒ x", "✓ x"]
    assert (of("Symbol", "F0B3"), of("Own Font", "F041")) == ("≥ x", "\ufffd x")


@pytest.mark.parametrize("words", SIX)
def test_struck_words_of_rtf(words: str) -> None:
    for body, wanted in (
        (f"We {{\\strike {coded(words)}}} here", f"We ~~{words}~~ here"),
        (f"We {{\\striked1 {coded(words)} }}here", f"We ~~{words}~~ here"),
        (f"\\strike {coded(words)}\\par {coded(words)}\\strike0  end", f"~~{words}~~\n~~{words}~~ end"),
        (f"\\strike {coded(words)}", f"~~{words}~~"),
        (f"\\strike0 {coded(words)}", words),
    ):
        assert read("a.rtf", ANY, rtf(body)).text == wanted


@pytest.mark.parametrize("words", SIX)
def test_deleted_words_of_rtf_are_gone_however_they_are_written(words: str) -> None:
    part = read("a.rtf", ANY, rtf(f"We {{\\deleted {coded(words)} }}agree"))
    assert (part.text, part.state) == ("We agree", PartState.TRACKED_CHANGES)


@pytest.mark.parametrize("words", SIX)
def test_what_stands_above_and_below_each_page_of_rtf_is_read_once(words: str) -> None:
    body = f"{{\\header {coded(words)}\\par}}{{\\headerf {coded(words)}\\par}}{{\\footer 12\\par}}{{\\footerl Annex\\par}}Our answer\\par"
    assert read("a.rtf", ANY, rtf(body)).text == f"{words}\n\nOur answer\nAnnex"


def test_figures_numbers_signs_and_tables_of_rtf() -> None:
    table = "\\trowd\\intbl Q1\\cell Yes\\cell\\row\\intbl Q2\\cell No\\cell\\row\\pard end"
    assert read("a.rtf", ANY, rtf(table)).text == "Q1\tYes\nQ2\tNo\nend"
    assert read("a.rtf", ANY, rtf("10{\\super 6} and H{\\sub 2}O\\super st\\nosupersub  x")).text == "10⁶ and H₂Ost x"
    assert (
        read("a.rtf", ANY, rtf("{\\pntext 1.\\tab}one\\par{\\listtext 2.\\tab}two\\par{\\listtext\\u61623 ?\\tab}x")).text
        == "1.\tone\n2.\ttwo\n•\tx"
    )


def pdf_form(*boxes: tuple[str, str, bool]) -> bytes:
    """A page with boxes below one another, each with words behind it, or only with a name in the form."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(400, 400))
    font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    page.Resources = Dictionary(Font=Dictionary(F1=font))
    lines, widgets = [], []
    for number, (words, name, ticked) in enumerate(boxes):
        y = 340 - 30 * number
        lines.append(f"BT /F1 12 Tf 80 {y + 5} Td ({words}) Tj ET" if words else "")
        mark = document.make_stream(b"q 0 0 20 20 re f Q")
        mark.Type, mark.Subtype, mark.BBox = Name.XObject, Name.Form, Array([0, 0, 20, 20])
        said = Name.Yes if ticked else Name.Off
        widgets.append(
            document.make_indirect(
                Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, T=f"box{number}", TU=name, Rect=[50, y, 70, y + 20], V=said, AS=said,
                           F=4, AP=Dictionary(N=Dictionary(Yes=mark, Off=document.make_stream(b"")))),
            )
        )  # fmt: skip
    page.Contents = document.make_stream("\n".join(lines).encode("latin-1"))
    page.Annots = Array(widgets)
    document.Root.AcroForm = Dictionary(Fields=Array(widgets))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("words", SIX)
def test_boxes_of_a_pdf_are_told_with_their_words(words: str) -> None:
    part = read("a.pdf", ANY, pdf_form(("Yes", "x", False), ("No, we do not", "y", True), ("", words, True)))
    assert [block.runs[0].text for block in part.blocks if block.kind is BlockKind.FOOTNOTE] == [
        "☐ Yes",
        "☒ No, we do not",
        f"☒ {words}",
    ]
    none = read("a.pdf", ANY, pdf_form(("Yes", "x", False), ("No", "y", False)))
    assert "☐" not in none.text
