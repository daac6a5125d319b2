"""What files are found to be: each state on files as they come, whole, locked, cut short, empty, under a wrong name."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pikepdf
import pytest
from pikepdf import Dictionary, Encryption, Name, Stream

from intake.model.mail import Part, PartState
from intake.reading.limits import Limits
from intake.reading.parts import PartMaker
from tests.fakes import ole

ANY = "application/octet-stream"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
WORDS = "We thank you for the invitation to this consultation and answer as follows."
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(2000)


def zipped(members: dict[str, str | bytes], *, locked: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in members.items():
            box.writestr(name, content)
    data = bytearray(out.getvalue())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)) if locked else ():
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 1)
    return bytes(data)


def docx(body: str = "<w:p><w:r><w:t>Our answer</w:t></w:r></w:p>", **more: str | bytes) -> bytes:
    members: dict[str, str | bytes] = {"word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'}
    return zipped(members | {f"word/{name.replace('_', '.')}": content for name, content in more.items()})


def odt(body: str, kind: str = "text", **more: str) -> bytes:
    content = (
        f'<o:document-content xmlns:o="{OFFICE}" xmlns:t="{TEXT}"><o:body><o:text>{body}</o:text></o:body></o:document-content>'
    )
    return zipped({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": content, **more})


def pdf(pages: int, worded: int, lock: Encryption | None = None) -> bytes:
    """Pages that are pictures; the first ones have words over them."""
    document = pikepdf.new()
    for number in range(pages):
        page = document.add_blank_page(page_size=(595, 842))
        grey = Stream(document, b"\x80" * 10_000)
        for key, value in {
            "Type": Name.XObject,
            "Subtype": Name.Image,
            "Width": 100,
            "Height": 100,
            "BitsPerComponent": 8,
        }.items():
            grey[f"/{key}"] = value
        grey.ColorSpace = Name.DeviceGray
        face = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources = Dictionary(XObject=Dictionary(I=grey), Font=Dictionary(F=face))
        words = f" BT /F 12 Tf 50 700 Td ({WORDS}) Tj ET" if number < worded else ""
        page.Contents = Stream(document, f"q 595 0 0 842 0 0 cm /I Do Q{words}".encode())
    out = io.BytesIO()
    document.save(out, **({"encryption": lock} if lock else {}))
    return out.getvalue()


def sheet(*, macro: bool = False) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "Our answer"
    out = io.BytesIO()
    book.save(out)
    if not macro:
        return out.getvalue()
    with zipfile.ZipFile(out, "a") as box:
        box.writestr("xl/vbaProject.bin", b"x")
    return out.getvalue()


def inserted(text: str) -> str:
    return f'<w:p><w:ins w:id="1" w:author="A"><w:r><w:t>{text}</w:t></w:r></w:ins></w:p>'


def notes(kind: str, inside: str) -> str:
    return f'<w:{kind}s xmlns:w="{W}"><w:{kind} w:id="2" w:author="B">{inside}</w:{kind}></w:{kind}s>'


REGION = '<t:tracked-changes><t:changed-region t:id="c"><t:insertion/></t:changed-region></t:tracked-changes><t:p>x</t:p>'
WHOLE = pdf(2, 2)
FILES: list[tuple[str, str, str, str, bytes]] = [
    # what it is, the state, its name, its declared type, its bytes
    ("PDF with words", "ok", "a.pdf", "application/pdf", WHOLE),
    ("PDF that wants a password", "encrypted", "a.pdf", "application/pdf", pdf(1, 1, Encryption(user="u", owner="o"))),
    ("PDF that only its owner may print", "ok", "a.pdf", "application/pdf", pdf(1, 1, Encryption(user="", owner="o"))),
    ("PDF, scanned", "image_only", "a.pdf", "application/pdf", pdf(3, 0)),
    ("PDF, scanned, one page in words", "ok", "a.pdf", "application/pdf", pdf(3, 1)),
    ("PDF cut short", "damaged", "a.pdf", "application/pdf", WHOLE[:300]),
    ("PDF, empty", "damaged", "a.pdf", "application/pdf", b""),
    ("PDF by name, a page by content", "ok", "a.pdf", "application/pdf", b"<html><body><p>Our answer</p></body></html>"),
    ("PDF by name, nothing by content", "damaged", "a.pdf", "application/pdf", b"no such thing"),
    ("Word", "ok", "a.docx", ANY, docx()),
    ("Word, inserted words", "tracked_changes", "a.docx", ANY, docx(inserted("x"))),
    ("Word, deleted words", "tracked_changes", "a.docx", ANY, docx('<w:p><w:del w:id="1"><w:r><w:delText>x</w:delText></w:r></w:del></w:p>')),
    ("Word, moved words", "tracked_changes", "a.docx", ANY, docx('<w:p><w:moveTo w:id="1"><w:r><w:t>x</w:t></w:r></w:moveTo></w:p>')),
    ("Word, a change of form only", "ok", "a.docx", ANY, docx('<w:p><w:pPr><w:pPrChange w:id="1"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>')),
    ("Word, changed in a note", "tracked_changes", "a.docx", ANY, docx(footnotes_xml=notes("footnote", inserted("x")))),
    ("Word, changed in a header", "tracked_changes", "a.docx", ANY, docx(header1_xml=f'<w:hdr xmlns:w="{W}">{inserted("x")}</w:hdr>')),
    ("Word, comments only", "tracked_changes", "a.docx", ANY, docx(comments_xml=notes("comment", "<w:p/>"))),
    ("Word with macros", "macro", "a.docm", ANY, docx(vbaProject_bin=b"x")),
    ("Word with macros, called docx", "macro", "a.docx", ANY, docx(vbaProject_bin=b"x")),
    ("Word, locked", "encrypted", "a.docx", ANY, ole.container({"EncryptionInfo": b"\x04\0\x04\0" + bytes(100), "EncryptedPackage": bytes(5000)})),
    ("Word cut short", "damaged", "a.docx", DOCX, docx()[:200]),
    ("Word, empty", "damaged", "a.docx", DOCX, b""),
    ("Word 97 by name, RTF by content", "ok", "a.doc", "application/msword", rb"{\rtf1\ansi Our answer\par}"),
    ("Word 97 by name, a page by content", "ok", "a.doc", "application/msword", b"<html><body><p>Our answer</p></body></html>"),
    ("Word 97 by name, nothing by content", "damaged", "a.doc", "application/msword", b"\x00\x01junk" * 20),
    ("Word 97, empty", "damaged", "a.doc", "application/msword", b""),
    ("Word 97 cut short", "damaged", "a.doc", ANY, ole.container({"WordDocument": b"\xec\xa5\xc1\x00" + bytes(9000)})[:900]),
    ("Word 6", "damaged", "a.doc", "application/msword", ole.container({"WordDocument": b"\xdc\xa5\x65\x00" + bytes(5000)})),
    ("Word 95", "damaged", "a.doc", "application/msword", ole.container({"WordDocument": b"\xdc\xa5\x68\x00" + bytes(5000)})),
    ("OpenDocument", "ok", "a.odt", ANY, odt("<t:p>Our answer</t:p>")),
    ("OpenDocument for the web", "ok", "a.odt", ANY, odt("<t:p>Our answer</t:p>", "text-web")),
    ("OpenDocument, changed", "tracked_changes", "a.odt", ANY, odt(REGION)),
    ("OpenDocument, comments only", "tracked_changes", "a.odt", ANY, odt("<t:p>x<o:annotation><t:p>remark</t:p></o:annotation></t:p>")),
    ("OpenDocument cut short", "damaged", "a.odt", "application/vnd.oasis.opendocument.text", odt("<t:p>x</t:p>")[:100]),
    ("a sheet", "ok", "a.xlsx", ANY, sheet()),
    ("a sheet with macros", "macro", "a.xlsm", ANY, sheet(macro=True)),
    ("a sheet cut short", "damaged", "a.xlsx", ANY, sheet()[:1000]),
    ("an archive", "ok", "a.zip", "application/zip", zipped({"a.docx": docx(), "b.txt": "Our answer"})),
    ("an archive, locked", "encrypted", "a.zip", "application/zip", zipped({"a.docx": docx()}, locked=True)),
    ("an archive cut short", "damaged", "a.zip", "application/zip", zipped({"b.txt": "Our answer" * 50})[:-60]),
    ("an archive, empty file", "damaged", "a.zip", "application/zip", b""),
    ("an archive without members", "ok", "a.zip", "application/zip", zipped({})),
    ("Pages by Apple", "ok", "a.pages", ANY, zipped({"Index/Document.iwa": b"x", "QuickLook/Preview.pdf": WHOLE})),
    ("rar", "damaged", "a.rar", ANY, b"Rar!\x1a\x07\x00" + bytes(100)),
    ("7z", "damaged", "a.7z", ANY, b"7z\xbc\xaf\x27\x1c" + bytes(100)),
    ("cab", "damaged", "a.cab", ANY, b"MSCF\0\0\0\0" + bytes(100)),
    ("a logo", "ignored", "image001.png", "image/png", PICTURE),
    ("a photograph", "image_only", "scan.png", "image/png", PICTURE + bytes(300_000)),
    ("a small picture with a name of its own", "image_only", "Response page 1.png", "image/png", PICTURE),
    ("a fax", "image_only", "fax.tif", "image/tiff", b"II*\0" + bytes(200_000)),
    ("a calendar", "ignored", "meeting.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR"),
    ("a calendar without a type", "ignored", "meeting.ics", ANY, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR"),
    ("a card", "ignored", "me.vcf", "text/x-vcard", b"BEGIN:VCARD"),
    ("a card without a type", "ignored", "me.vcf", ANY, b"BEGIN:VCARD"),
    ("a signature", "ignored", "smime.p7s", "application/pkcs7-signature", b"\x30\x80"),
    ("a signature without a type", "ignored", "smime.p7s", ANY, b"\x30\x80"),
    ("a PGP signature", "ignored", "signature.asc", "application/pgp-signature", b"-----BEGIN PGP SIGNATURE-----"),
    ("a PGP key", "ignored", "key.asc", "application/pgp-keys", b"-----BEGIN PGP PUBLIC KEY BLOCK-----"),
    ("a PGP message", "encrypted", "answer.pgp", ANY, b"-----BEGIN PGP MESSAGE-----\n\nxx"),
    ("a PGP message in octets", "encrypted", "answer.docx.gpg", ANY, b"\x85\x02\x0c" + bytes(200)),
    ("PGP's own label", "ignored", "", "application/pgp-encrypted", b"Version: 1\r\n"),
    ("enveloped S/MIME", "encrypted", "smime.p7m", "application/pkcs7-mime", bytes.fromhex("308006092a864886f70d010703a080")),
    ("a page", "ok", "a.html", "text/html", b"<html><body><p>Our answer</p></body></html>"),
    ("text", "ok", "a.txt", "text/plain", b"Our answer"),
    ("text, empty", "damaged", "a.txt", "text/plain", b""),
    ("RTF", "ok", "a.rtf", "application/rtf", rb"{\rtf1\ansi Our answer\par}"),
]  # fmt: skip


def read(name: str, kind: str, data: bytes, *, inline: bool = False) -> Part:
    def unread(*_: object) -> None:
        raise AssertionError("no mail among these files")

    return PartMaker(Limits(), unread, 0).leaf("1", kind, name or None, data, inline=inline)  # type: ignore[arg-type]


@pytest.mark.parametrize(("state", "name", "kind", "data"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_the_state_of_a_file(state: str, name: str, kind: str, data: bytes) -> None:
    part = read(name, kind, data)
    assert part.state == state
    if state in ("damaged", "encrypted"):
        assert part.defects[0].detail, "a file that is not read says why"


def test_every_state_but_a_scanner_s_is_among_them() -> None:
    assert {row[1] for row in FILES} == set(PartState) - {"infected"}


def test_what_is_shown_in_the_text_and_small_is_ignored() -> None:
    assert read("IMG_2041.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(9000), inline=True).state == "ignored"
    assert read("IMG_2041.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(400_000), inline=True).state == "image_only"


def test_words_are_read_whatever_the_file_is_called() -> None:
    assert "Our answer" in read("a.pdf", "application/pdf", b"<html><body><p>Our answer</p></body></html>").text
    assert "Our answer" in read("a.doc", "application/msword", rb"{\rtf1\ansi Our answer\par}").text
    assert [
        child.text for child in read("a.zip", "application/zip", zipped({"a.docx": docx(), "b.txt": "Our answer"})).children
    ] == ["Our answer"] * 2
    assert WORDS in read("a.pages", ANY, zipped({"QuickLook/Preview.pdf": WHOLE})).children[0].text


def test_a_document_too_large_to_be_read_says_so() -> None:
    maker = PartMaker(Limits(document_bytes=100), lambda *_: None, 0)  # type: ignore[arg-type,return-value]
    part = maker.leaf("1", "application/pdf", "a.pdf", WHOLE)
    assert (part.state, part.text, part.size_bytes) == (PartState.OK, "", len(WHOLE))
    assert "larger than 100 bytes" in part.defects[0].detail
