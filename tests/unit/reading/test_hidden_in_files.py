"""What nobody sees who opens a document is none of its text; what a program or a cut file is called changes nothing."""

from __future__ import annotations

import struct

import pytest

from intake.model.mail import Part, PartState
from intake.model.text import BlockKind
from intake.reading.read_message import read_message
from tests.corpus.test_reading_corpus import WORDS
from tests.unit.reading.test_states import ANY, docx, odt, read

STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
SIX = ["السر ليس هنا", "秘密在此", "the secret", "le secret caché", "скрытое слово", "el secreto"]


def part_of(data: bytes, name: str | None, kind: str = ANY) -> Part:
    return read(name or "", kind, data)


def rtf(body: str, font: str = "") -> bytes:
    return (
        b"{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fnil\\fcharset0 Arial;}"
        + font.encode()
        + b"}{\\f0 "
        + body.encode("ascii")
        + b"}}"
    )


def coded(words: str) -> str:
    return "".join(char if ord(char) < 128 else f"\\u{ord(char)}?" for char in words)


def run(words: str, marks: str = "") -> str:
    return f"<w:r><w:rPr>{marks}</w:rPr><w:t>{words}</w:t></w:r>"


def hidden(data: bytes, name: str) -> Part:
    part = part_of(data, name)
    assert "SEEN" in part.text
    assert any(defect.code == "hidden_text" for defect in part.defects)
    return part


@pytest.mark.parametrize("words", SIX)
def test_hidden_words_of_documents_in_six_languages(words: str) -> None:
    styles = f'<s:style xmlns:s="{STYLE}" s:name="P1"><s:text-properties xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0" t:display="none"/></s:style>'
    files = [
        (docx(f"<w:p>{run('SEEN ')}{run(words, '<w:vanish/>')}</w:p>"), "a.docx"),
        (rtf(f"SEEN {{\\v {coded(words)}}}\\par and \\v {coded(words)}\\v0  SEEN"), "a.rtf"),
        (odt(f"{styles}<t:p>SEEN <t:span t:style-name='P1'>{words}</t:span></t:p><t:p t:style-name='P1'>{words}</t:p>"), "a.odt"),
        (f"<meta charset=utf-8><style>.h{{display:none}}</style><p>SEEN</p><p class=h>{words}</p><p>SEEN</p>".encode(), "a.html"),
    ]
    for data, name in files:
        part = hidden(data, name)
        assert words in part.hidden, name
        assert words not in part.text, name
        assert all(part.text[block.start : block.end].strip() for block in part.blocks)


@pytest.mark.parametrize(
    "marks", ["<w:vanish/>", '<w:vanish w:val="true"/>', '<w:sz w:val="2"/>', '<w:rStyle w:val="H"/>', '<w:rStyle w:val="I"/>']
)
def test_runs_that_word_hides(marks: str) -> None:
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:styleId="H"><w:rPr><w:vanish/></w:rPr>'
        '</w:style><w:style w:styleId="I"><w:basedOn w:val="H"/></w:style></w:styles>'
    )
    part = hidden(docx(f"<w:p>{run('SEEN ')}{run('SECRET', marks)}</w:p>", styles_xml=styles), "a.docx")
    assert part.hidden == "SECRET"
    off = run("SEEN", '<w:vanish w:val="0"/>')
    shown = part_of(docx(f"<w:p>{off}</w:p>", styles_xml=styles), "a.docx")
    assert (shown.text, shown.hidden) == ("SEEN", "")


def test_footnotes_of_rtf_stand_below_the_text() -> None:
    note = "{\\super\\chftn{\\footnote\\pard\\plain{\\super\\chftn} " + coded("Заметка à part") + " {\\i two}}}"
    part = part_of(rtf("Body" + note + " goes on.\\par Second{\\footnote\\ftnalt Last note.}."), "a.rtf")
    assert part.text.split("\n")[-2:] == ["Заметка à part two", "Last note."]
    assert "Body goes on." in part.text
    assert [part.text[b.start : b.end] for b in part.blocks if b.kind is BlockKind.FOOTNOTE] == [
        "Заметка à part two",
        "Last note.",
    ]
    assert part.state is PartState.OK


def test_notes_and_hidden_words_of_rtf_keep_their_code_page() -> None:
    font = "{\\f1\\fnil\\fcharset204 Arial Cyr;}"
    part = part_of(
        rtf("{\\f1 \\'cc\\'fb SEEN{\\footnote \\f1 \\'cd\\'e5\\'f2}{\\v\\f1 \\'d2\\'e0\\'e9\\'ed\\'e0}}", font), "a.rtf"
    )
    assert part.text.split("\n") == ["Мы SEEN", "Нет"]
    assert part.hidden == "Тайна"


def test_deleted_words_pictures_and_binary_data_of_rtf() -> None:
    part = part_of(rtf("Kept {\\deleted gone}{\\revised added}{\\pict\\bin9 {{{{\\\\}}}} and {\\*\\objdata 0102}more"), "a.rtf")
    assert part.text == "Kept added and more"
    assert part.state is PartState.TRACKED_CHANGES
    assert part_of(rtf("{\\pict\\pngblip 89504e47}"), "a.rtf").state is PartState.IMAGE_ONLY
    assert part_of(rtf("Words")[:-2], "a.rtf").state is PartState.DAMAGED
    assert part_of(rtf("Words")[:-2], "a.rtf").text == "Words"


def test_a_table_in_a_cell_stands_once() -> None:
    cell = "<w:tc><w:p>{}</w:p></w:tc>".format
    inner = f"<w:tbl><w:tr>{cell(run('in one'))}{cell(run('in two'))}</w:tr></w:tbl>"
    part = part_of(
        docx(f"<w:tbl><w:tr>{cell(run('left'))}<w:tc>{inner}<w:p>{run('right')}</w:p></w:tc></w:tr></w:tbl>"), "a.docx"
    )
    assert part.text.split() == ["left", "in", "one", "in", "two", "right"]
    frame = part_of(docx(f"<w:tbl><w:tr><w:tc>{inner}<w:p>{run('below')}</w:p></w:tc></w:tr></w:tbl>"), "a.docx")
    assert frame.text == "in one\tin two\n\nbelow"


@pytest.mark.parametrize("name", ["x.pdf", "x.docx", "x.txt", "x.jpg", "setup.exe", None])
@pytest.mark.parametrize("head", [b"MZ\x90\x00\x03" + bytes(59), b"\x7fELF\x02\x01\x01", b"\xcf\xfa\xed\xfe\x07"])
def test_a_program_is_never_ok(head: bytes, name: str | None) -> None:
    for kind in (ANY, "application/pdf", "text/plain"):
        part = part_of(head + bytes(200), name, kind)
        assert part.state is PartState.DAMAGED
        assert "program" in part.defects[0].detail


def test_words_that_begin_as_a_program_are_words() -> None:
    assert part_of(b"MZ is the prefix of the region.", "a.txt", "text/plain").text.startswith("MZ is")


def tnef(*, cut: int = 0, kind: int = 0x0006800F) -> bytes:
    def one(attribute: int, value: bytes) -> bytes:
        return b"\x02" + struct.pack("<II", attribute, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    data = (
        struct.pack("<IH", 0x223E9F78, 1) + one(0x00069002, bytes(14)) + one(0x00018010, b"a.txt\x00") + one(kind, b"hello " * 50)
    )
    return data[: len(data) - cut]


@pytest.mark.parametrize(
    ("cut", "state"), [(0, PartState.OK), (1, PartState.DAMAGED), (40, PartState.DAMAGED), (310, PartState.DAMAGED)]
)
def test_winmail_dat_cut_short(cut: int, state: PartState) -> None:
    part = part_of(tnef(cut=cut), "winmail.dat", "application/ms-tnef")
    assert part.state is state
    assert state is PartState.OK or "cut short" in part.defects[0].detail
    assert len(part.children) == (0 if cut > 300 else 1)


def test_what_is_only_called_winmail_dat_is_damaged() -> None:
    assert part_of(b"nothing of the kind", "winmail.dat", "application/ms-tnef").state is PartState.DAMAGED


def test_mail_nested_too_deep_lists_what_is_outside() -> None:
    body, head = "innermost", "Content-Type: text/plain"
    for number in range(60):
        body = f"--b{number}\r\n\r\nwords {number}\r\n--b{number}\r\n{head}\r\n\r\n{body}\r\n--b{number}--"
        head = f'Content-Type: multipart/mixed; boundary="b{number}"'
    reading = read_message(f"From: a@example.org\r\nSubject: deep\r\n{head}\r\n\r\n{body}\r\n".encode(), WORDS)
    assert reading.held == "nested deeper than 40"
    assert (reading.subject, reading.from_[0].address) == ("deep", "a@example.org")
    assert [part.size_bytes for part in reading.parts[:3]] == [len("words 59")] * 3
    assert len(reading.parts) >= 40


@pytest.mark.parametrize(
    "ending",
    [
        "pdf",
        "docx",
        "xlsx",
        "pptx",
        "odt",
        "ods",
        "odp",
        "rtf",
        "doc",
        "xls",
        "ppt",
        "zip",
        "msg",
        "eml",
        "tar.gz",
        "txt",
        "csv",
        "html",
    ],
)
def test_what_is_only_called_a_document_is_damaged(ending: str) -> None:
    part = part_of(bytes(range(256)) * 20, f"x.{ending}")
    assert part.state is PartState.DAMAGED
    assert part.defects[0].detail


def test_a_file_of_another_kind_is_listed_and_ok() -> None:
    assert part_of(bytes(range(256)) * 20, "x.dwg").state is PartState.OK
