"""What the bytes are, whatever they call themselves."""

from __future__ import annotations

import io
import re
import zipfile

from intake.reading.extractors.tarball import is_tar
from intake.reading.outlook import is_outlook

_OOXML = "application/vnd.openxmlformats-officedocument."
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"MSCF\x00\x00\x00\x00", "application/vnd.ms-cab-compressed"),
    (b"\x7fELF", "application/x-executable"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe", "application/x-mach-binary"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (b"BEGIN:VCARD", "text/vcard"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
)
PROGRAMS = {
    "application/x-dosexec": "a program",
    "application/x-executable": "a program",
    "application/x-mach-binary": "a program",
    "application/x-ms-shortcut": "a shortcut to a program",
}
"""What runs and does not read, whatever it is called."""
CALLED = frozenset(
    ("pdf", "docx", "docm", "xlsx", "xlsm", "pptx", "pptm", "odt", "ods", "odp", "rtf", "doc", "xls", "ppt", "msg", "eml", "zip", "gz",
     "tgz", "tar", "bz2", "xz", "txt", "md", "csv", "htm", "html")
)  # fmt: skip
"""Endings of names whose files are read: one that nobody can read is not what it is called."""
_MAIL = re.compile(rb"\A(?:From [^\n]*\n)?(?:[A-Za-z][A-Za-z0-9-]{1,60}[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2}")
"""The head of a file that is called a mail."""
_PHOTOS = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif")
_MHT = re.compile(
    rb"(?=.{0,900}?^content-type: *multipart/related)(?:[A-Za-z][A-Za-z-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n)*)+", re.I | re.S | re.M
)
"""A page saved with its pictures (RFC 2557), as Word and browsers save it under any name."""
_SAVED = (
    (b"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text-flat-xml"),
    (b"http://schemas.microsoft.com/office/word/2003/wordml", "application/x-wordml"),
    (b"http://schemas.microsoft.com/office/2006/xmlPackage", "application/x-flat-opc"),
)
SAVED = ("multipart/related", *(kind for _, kind in _SAVED))
"""Read whatever text they were declared to be."""
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|table|div|p)\b", re.I)


def sniff(data: bytes, declared: str, name: str | None) -> str:
    """A media type by content; the declared one where the bytes say nothing else."""
    head = data[:1024]
    if head.startswith(b"\xd0\xcf\x11\xe0") and is_outlook(data):
        return "application/vnd.ms-outlook"
    if (kind := _by_magic(head)) is not None:
        return kind
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(data)
    if (name or "").lower().endswith(".eml") and _MAIL.match(data[:20_000].replace(b"\r\n", b"\n")):
        return "message/rfc822"
    if b"%PDF-" in head:
        return "application/pdf"
    if is_tar(head):
        return "application/x-tar"
    if head[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if (kind := _saved(head, declared, (name or "").lower())) is not None:
        return kind
    if _HTML.search(head) and declared != "text/plain":
        return "text/html"
    suffix = (name or "").lower().rpartition(".")[2]
    if suffix in ("txt", "md", "csv") and _is_text(data):
        return "text/csv" if suffix == "csv" else "text/plain"
    if declared in ("application/octet-stream", "application/x-unknown", "") and data and _is_text(data):
        return "text/html" if suffix in ("htm", "html") else "text/plain"
    if (declared.startswith("application/") and suffix == "pdf") or declared == "application/pdf":
        return "application/pdf"
    if declared.startswith("application/vnd.openxml") or suffix in ("docx", "docm"):
        return _OOXML + "wordprocessingml.document" if suffix not in ("xlsx", "pptx") else declared
    return declared


def _saved(head: bytes, declared: str, name: str) -> str | None:
    """Photographs of telephones, mailboxes, and documents of the office saved as one text: by what they say of themselves."""
    if head[4:8] == b"ftyp" and head[8:12] in _PHOTOS:
        return "image/heic"
    if (declared == "application/mbox" or name.endswith(".mbox")) and head.startswith(b"From "):
        return "application/mbox"
    if name.endswith((".doc", ".xls", ".mht", ".mhtml", ".htm", ".html")) and _MHT.match(head.replace(b"\r\n", b"\n")):
        return "multipart/related"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return next((kind for mark, kind in _SAVED if mark in head), None)
    return None


def _by_magic(head: bytes) -> str | None:
    bare = head.lstrip()
    for magic, kind in _MAGIC:
        if bare.startswith(magic) if magic[:1] in b"%{B<" and magic != b"BM" else head.startswith(magic):
            return kind
    return "application/x-dosexec" if head.startswith(b"MZ") and b"\x00" in head[:64] else None


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            names = box.namelist()[:2000]
            if "mimetype" in names and 0 < box.getinfo("mimetype").file_size < 200:
                return box.read("mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, KeyError, IndexError):
        return "application/zip"
    for prefix, kind in (
        ("word/", "wordprocessingml.document"),
        ("xl/", "spreadsheetml.sheet"),
        ("ppt/", "presentationml.presentation"),
    ):
        if any(name.startswith(prefix) for name in names):
            return _OOXML + kind
    return "application/zip"


def _is_text(data: bytes) -> bool:
    sample = data[:4096]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\x00" not in sample and sum(byte < 9 or 13 < byte < 32 for byte in sample) * 50 <= len(sample)
