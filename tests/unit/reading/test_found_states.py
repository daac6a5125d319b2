"""What files are whose bytes say it in an odd way: stamped scans, photographs, notes on pages, mailboxes, saved pages, names of Windows."""

from __future__ import annotations

import base64
import io
import zipfile

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from intake.reading.read_message import read_message
from tests.corpus.test_reading_corpus import WORDS as PHRASES
from tests.unit.reading.test_office_files import SIX
from tests.unit.reading.test_states import ANY, OFFICE, TEXT, W, pdf, read

WORDML = "http://schemas.microsoft.com/office/word/2003/wordml"


def stamped(words: str, pages: int = 2) -> bytes:
    with pikepdf.open(io.BytesIO(pdf(pages, pages))) as document:
        for page in document.pages:
            page.Contents = document.make_stream(f"q 595 0 0 842 0 0 cm /I Do Q BT /F 8 Tf 50 20 Td ({words}) Tj ET".encode())
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def test_a_scan_with_a_stamp_on_each_page_wants_to_be_read_by_ocr() -> None:
    assert read("a.pdf", ANY, stamped("Scanned by some program")).state == "image_only"
    assert (
        read("a.pdf", ANY, stamped("We support the whole of clause 7 and ask that it be kept as it is in the draft")).state
        == "ok"
    )


def test_a_telephone_s_photograph_is_a_picture() -> None:
    assert read("a.heic", ANY, b"\0\0\0\x18ftypheic" + bytes(200_000)).state == "image_only"
    assert read("a.bin", ANY, b"\0\0\0\x18ftypisom" + bytes(200)).state != "image_only"


@pytest.mark.parametrize("words", SIX)
def test_notes_on_a_page_are_read_and_files_in_it_are_parts(words: str) -> None:
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(400, 400))
    note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=[50, 50, 200, 80], Contents=words, DA="/F1 12 Tf")
    page.Annots = document.make_indirect(Array([document.make_indirect(note)]))
    document.attachments["in.txt"] = b"x"
    out = io.BytesIO()
    document.save(out)
    part = read("a.pdf", ANY, out.getvalue())
    assert (part.text, part.state) == (words, "ok")
    assert [(child.name, child.text) for child in part.children] == [("in.txt", "x")]


def test_a_mailbox_is_opened() -> None:
    box = b"From a@x Mon Nov 30 10:00:00 2026\nFrom: a@x\nSubject: one\n\nfirst\n\nFrom b@x Mon Nov 30 10:00:00 2026\nFrom: b@x\nSubject: two\n\nFrom here on\n"
    mail = (
        b"From: c@x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nsee\n--b\n"
        b"Content-Type: application/mbox; name=all.mbox\nContent-Transfer-Encoding: base64\n\n"
    )
    part = read_message(mail + base64.encodebytes(box) + b"--b--\n", PHRASES).parts[-1]
    assert [child.message.text.strip() for child in part.children if child.message] == ["first", "From here on"]


def test_a_mailbox_without_a_message_is_damaged() -> None:
    part = read("all.mbox", "application/mbox", b"From nobody at no time\n")
    assert (part.state, part.defects[0].detail) == ("damaged", "a mailbox without a message")


@pytest.mark.parametrize("words", SIX)
def test_documents_saved_as_one_text_are_read_and_never_shown_as_marks(words: str) -> None:
    page = f"<meta charset=utf-8><p>{words}</p>"
    head = 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html; charset=utf-8\n\n'
    kind = 'o:mimetype="application/vnd.oasis.opendocument.text"'
    body = f"<o:body><o:text><t:p>{words}</t:p></o:text></o:body>"
    run = f"<w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body>"
    files = [
        ("a.doc", f"{head}{page}\n--b--\n"),
        ("a.fodt", f'<?xml version="1.0"?><o:document xmlns:o="{OFFICE}" xmlns:t="{TEXT}" {kind}>{body}</o:document>'),
        ("a.xml", f'<?xml version="1.0"?><w:wordDocument xmlns:w="{WORDML}">{run}</w:wordDocument>'),
    ]
    for name, text in files:
        for declared in (ANY, "text/xml", "text/plain"):
            part = read(name, declared, text.encode())
            assert (part.text, part.state) == (words, "ok"), (name, declared)
    flat = '<?xml version="1.0"?><p:package xmlns:p="http://schemas.microsoft.com/office/2006/xmlPackage"/>'
    assert read("a.xml", ANY, flat.encode()).state == "damaged"
    member = '<p:part p:name="/word/{}.xml"><p:xmlData>{}</p:xmlData></p:part>'
    document = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>'
    found = read(
        "a.xml", ANY, flat.replace("/>", f">{member.format('document', document)}{member.format('x', '')}</p:package>").encode()
    )
    assert (found.text, found.state) == (words, "ok")


@pytest.mark.parametrize(
    ("name", "charset"),
    [("Ответ на вопросы.txt", "cp866"), ("Приложение № 2.txt", "utf-8"), ("问题答复.txt", "gbk"), ("附件（二）.txt", "gbk"), ("Réponse é à.txt", "cp437"),
     ("Ünïted Naïve.txt", "cp437"), ("رد الوزارة.txt", "cp720"), ("ملحق أ.txt", "cp720"), ("МинСвязь.txt", "cp866"),
     ("回答について.txt", "cp932"), ("對問題的答覆.txt", "big5"), ("附件一.txt", "big5"),
     ("Año.txt", "cp437"), ("answer.txt", "ascii"), ("رد.txt", "utf-8")],
)  # fmt: skip
def test_names_in_an_archive_are_those_of_the_sender_s_machine(name: str, charset: str) -> None:
    raw = name.encode(charset)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("X" * len(raw), "words")
    part = read("a.zip", ANY, out.getvalue().replace(b"X" * len(raw), raw))
    assert [child.original_name for child in part.children] == [name]
