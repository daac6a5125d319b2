"""text/enriched as its author sees it; files that were put into a PDF are parts."""

from __future__ import annotations

import base64
import hashlib
import io

import pikepdf
import pytest

from intake.model.mail import Part, PartState
from intake.model.text import SpanKind
from intake.reading.enriched import page_of
from intake.reading.html import read_html
from intake.reading.read_message import read_message
from intake.sorting.contents import attachments_of
from tests.corpus.test_reading_corpus import WORDS, stretches
from tests.unit.reading.test_states import ANY, docx, read

SIX = ["نعم، نوافق", "我们同意", "We agree", "D'accord", "Мы согласны", "De acuerdo"]


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("<bold>Now</bold> is the time for\r\nall <<good>\r\n\r\nmen", "Now is the time for all <good>\nmen"),
        ("a\n\n\nb", "a\n\nb"),
        ("<color><param>red</param>x</color><fontfamily><param>Times</param>y</fontfamily>", "xy"),
        ("<nofill>a   b\n  c</nofill> d", "a   b\n  c\n\nd"),
        ("<excerpt>Do you agree?</excerpt>Yes & no", "> Do you agree?\n\nYes & no"),
        ("<unknown>x</unknown> <b&>", "x <b&>"),
        ("</nofill></param>x", "x"),
    ],
)
def test_enriched_text(source: str, wanted: str) -> None:
    text = read_html(page_of(source, "text/enriched"), 10_000, 100).text
    assert "\n".join(line.rstrip() for line in text.replace("\n\n\n", "\n\n").split("\n")) == wanted


@pytest.mark.parametrize("words", SIX)
def test_a_mail_in_enriched_text(words: str) -> None:
    head = "From: a@example.org\nSubject: Re: x\nMIME-Version: 1.0\nContent-Type: text/enriched; charset=utf-8\n\n"
    reading = read_message(f"{head}<excerpt>Do you agree?</excerpt>\n<bold>{words}</bold>\n".encode(), WORDS)
    assert stretches(reading, SpanKind.NEW).strip() == words
    assert "Do you agree?" in stretches(reading, SpanKind.QUOTE)
    assert any(run.bold and run.text == words for block in reading.blocks for run in block.runs)
    assert reading.parts[0].body


def portfolio(**files: bytes) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    for name, data in files.items():
        document.attachments[name.replace("_", ".")] = pikepdf.AttachedFileSpec(document, data, filename=name.replace("_", "."))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("words", SIX)
def test_files_in_a_pdf_are_parts(words: str) -> None:
    inner = docx(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")
    part = read("a.pdf", ANY, portfolio(b_docx=inner, c_txt=b"Second", d_pdf=portfolio(e_txt=b"Third")))
    assert [(child.name, child.state, child.text) for child in part.children] == [
        ("b.docx", PartState.OK, words), ("c.txt", PartState.OK, "Second"), ("d.pdf", PartState.IMAGE_ONLY, ""),
    ]  # fmt: skip
    assert part.children[0].sha256 == hashlib.sha256(inner).hexdigest()
    assert part.children[0].path == f"{part.path}.1"
    assert [child.text for child in part.children[2].children] == ["Third"]


def test_a_pdf_with_files_is_an_attachment_itself_and_so_are_they() -> None:
    head = b'From: a@example.org\nContent-Type: application/pdf; name="a.pdf"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n'
    raw = head + base64.encodebytes(portfolio(c_txt=b"Second"))
    assert {item.name for item in attachments_of(read_message(raw, WORDS))} == {"a.pdf", "c.txt"}


def test_pdfs_in_pdfs_end_somewhere() -> None:
    data = portfolio(z_txt=b"deep")
    for _ in range(12):
        data = portfolio(a_pdf=data)
    part: Part = read("a.pdf", ANY, data)
    depth = 0
    while part.children:
        part, depth = part.children[0], depth + 1
    assert 4 <= depth < 12
    assert any("levels inside" in defect.detail for defect in part.defects)
