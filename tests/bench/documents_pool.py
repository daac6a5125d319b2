"""Documents that the load carries: PDF, DOCX and ODT in six languages that open and say something, to be filled up to a size."""

from __future__ import annotations

import functools
import io
import random
import re
import zipfile
from html import escape

import typst
from msgspec import Struct

from tests.bench import texts

_WORDS_BYTES = (4_000, 16_000)
_FONTS = ("Noto Sans", "Noto Naskh Arabic", "Noto Sans CJK SC", "DejaVu Sans")
_DOCX_NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_ODT_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="bin" ContentType="application/octet-stream"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


class Document(Struct, frozen=True):
    """One, before it is filled."""

    language: str
    extension: str
    media_type: str
    data: bytes


@functools.cache
def pool() -> list[Document]:
    """Two of each format in each language; always the same ones."""
    chance = random.Random("documents")
    made = []
    for language in dict.fromkeys(texts.LANGUAGES):
        for size in _WORDS_BYTES:
            words = texts.text(chance, language, size)
            made.append(Document(language, "pdf", "application/pdf", _pdf(words, language)))
            made.append(
                Document(
                    language, "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx(words)
                )
            )
            made.append(Document(language, "odt", "application/vnd.oasis.opendocument.text", _odt(words)))
    return made


def filled(document: Document, filling: bytes) -> bytes:
    """The same document, larger by what nobody reads."""
    if document.extension == "pdf":
        return _filled_pdf(document.data, filling)
    whole = io.BytesIO(document.data)
    with zipfile.ZipFile(whole, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo("media/filling.bin"), filling)
    return whole.getvalue()


def _pdf(words: str, language: str) -> bytes:
    fonts = ", ".join(f'"{name}"' for name in _FONTS)
    plain = words.replace("\\", "").replace("#", "").replace("*", "").replace("_", "").replace("$", "")
    return bytes(typst.compile(f'#set text(font: ({fonts}), lang: "{language}")\n{plain}'.encode()))


def _docx(words: str) -> bytes:
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(item)}</w:t></w:r></w:p>" for item in words.split("\n\n"))
    document = f'<?xml version="1.0" encoding="UTF-8"?><w:document {_DOCX_NAMES}><w:body>{paragraphs}</w:body></w:document>'
    return _zip({"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document})


def _odt(words: str) -> bytes:
    paragraphs = "".join(f"<text:p>{escape(item)}</text:p>" for item in words.split("\n\n"))
    body = f"<office:body><office:text>{paragraphs}</office:text></office:body>"
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODT_NAMES}>{body}</office:document-content>'
    return _zip({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def _zip(members: dict[str, str]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def _filled_pdf(data: bytes, filling: bytes) -> bytes:
    """One object more, by an incremental update (ISO 32000-1, 7.5.6)."""
    previous = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    trailer = data[data.rindex(b"trailer") :]
    root, size = re.search(rb"/Root\s+(\d+)", trailer), re.search(rb"/Size\s+(\d+)", trailer)
    assert root is not None
    assert size is not None
    number, offset = int(size[1]), len(data) + 1
    added = b"%d 0 obj\n<</Length %d>>\nstream\n%b\nendstream\nendobj\n" % (number, len(filling), filling)
    end = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d /Root %s 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    return data + b"\n" + added + end % (number, offset, number + 1, root[1], previous, offset + len(added))
