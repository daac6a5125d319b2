"""PDF by PDFium: lines joined to paragraphs, pages kept, Arabic in logical order; locked and picture-only files told apart."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from intake.model.mail import PartState
from intake.model.text import BlockKind, Run
from intake.reading.builder import TextBuilder
from intake.reading.decode import clean
from intake.reading.extractors.base import Extract
from intake.reading.extractors.pdf_edges import without_page_numbers
from intake.reading.extractors.pdf_forms import boxes_of
from intake.reading.extractors.pdf_rtl import logical_text
from intake.reading.limits import Limits

_STAMP = 64
"""Letters of a page below which they may be a scanning program's stamp."""
_WIDE = 0.6  # of a page
_FEW = 20
_MOST_REMARKS = 500
_MOST_FILES = 100
_LONGEST_REMARK = 100_000  # octets
_FORMS = re.compile(r"[\ufb1d-\ufdff\ufe70-\ufeff]")
_MARKS = re.compile(r"[\u064b-\u0655\u0670]{2,}")
_PASSED = re.compile(r"(?<=[\u0621-\u064a])([،؛؟.:!»)])([\u064b-\u0652]{1,2})")
"""A mark that was drawn behind the sign that follows its word: none bears one."""
_LIGATURES = {
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "\u00ad": "",
}
_BROKEN = re.compile(
    r"(?<=[^\W\d_])[\x02\ufffe](?=([a-zß-öø-ÿа-яё])?)|[\x02\ufffe]"
)  # PDFium's sign for a hyphen at a line's end
_START = re.compile(
    r"^\s*(?:\(?\d{1,2}[.)\u3001:]\s|[•●▪◦‣·–—]\s|\(?[a-z]\)\s|[ivxIVX]{1,4}[.)]\s|[\u0660-\u0669]{1,2}[.)-]|[一二三四五六七八九十]{1,2}[、.]|"
    r"Q\.?\s?\d|Question|Réponse|Pregunta|Вопрос|السؤال|问题|第[一二三四五六七八九十])",
    re.I,
)
_END = re.compile(r"[.!?:;。！？：；؟…\"”»)]\s*$")


def extract(data: bytes, limits: Limits) -> Extract:
    """Text by page. A file of pictures only has pages and no words."""
    try:
        document = pdfium.PdfDocument(data)
        document.init_forms()
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower() or _says_encrypted(data)
        return Extract(state=PartState.ENCRYPTED if locked else PartState.DAMAGED, defect=str(error))
    out = TextBuilder(limits.text_chars)
    characters = longest = 0
    try:
        pages = len(document)
        read = [(boxes_of(document, number), _page_text(document, number)) for number in range(min(pages, limits.pages))]
        texts, counted = without_page_numbers([words for _, words in read])
        for number, ((boxes, _), words) in enumerate(zip(read, texts, strict=True)):
            characters += len(words.strip())
            for paragraph in paragraphs_of(words):
                kind, label = BlockKind.PARAGRAPH, ""
                out.add(kind, [Run(text=paragraph)], label=label, page=number + 1)
            longest = max(longest, len(words.strip()))
            for box in boxes:
                out.add(BlockKind.FOOTNOTE, [Run(text=box)], page=number + 1, tight=True)
                characters += len(box)
                longest = max(longest, _STAMP)
            for remark in _remarks(document, number):
                if remark not in words:
                    out.add(BlockKind.FOOTNOTE, [Run(text=remark)], page=number + 1, tight=True)
                    characters += len(remark)
                    longest = max(longest, _STAMP)
        wordless = not characters or (characters < 12 * pages and characters < 200 and _has_pictures(document))
        wordless = wordless or (longest < _STAMP and _is_scan(document))
        files, enclosed = _enclosed(document, limits)
    except pdfium.PdfiumError as error:
        return Extract(state=PartState.DAMAGED, defect=str(error), text=out.text, blocks=tuple(out.blocks))
    finally:
        document.close()
    if wordless:
        return Extract(
            text=out.text, blocks=tuple(out.blocks), state=PartState.IMAGE_ONLY, pages=pages, defect=enclosed, files=files
        )
    defect = "; ".join(filter(None, ("text_cut" if out.cut or pages > limits.pages else "", enclosed)))
    return Extract(
        text=out.text,
        blocks=tuple(out.blocks),
        pages=pages,
        defect=defect,
        files=files,
        hidden=" ".join(counted)[: limits.text_chars],
    )


def _says_encrypted(data: bytes) -> bool:
    return b"/Encrypt" in data[-4096:] or b"/Encrypt" in data[:4096]


def _has_pictures(document: pdfium.PdfDocument) -> bool:
    """Whether one of the first pages shows a picture."""
    for number in range(min(len(document), 3)):
        page = document[number]
        try:
            if next(iter(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3)), None) is not None:
                return True
        finally:
            page.close()
    return False


def _is_scan(document: pdfium.PdfDocument) -> bool:
    """Whether each of the first pages is one picture: what is written on it is a stamp of the program that took it."""
    for number in range(min(len(document), _FEW)):
        page = document[number]
        try:
            room = page.get_width() * page.get_height()
            boxes = (item.get_bounds() for item in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3))
            if not any((right - left) * (top - bottom) > _WIDE * room for left, bottom, right, top in islice(boxes, _FEW)):
                return False
        finally:
            page.close()
    return True


def _remarks(document: pdfium.PdfDocument, number: int) -> list[str]:
    """What was written on a page with a reader's tools: text boxes and notes (ISO 32000-1, 12.5.6)."""
    page = document[number]
    found: list[str] = []
    try:
        for at in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), _MOST_REMARKS)):
            note = pdfium_c.FPDFPage_GetAnnot(page, at)
            if not note:
                continue
            if pdfium_c.FPDFAnnot_GetSubtype(note) in (pdfium_c.FPDF_ANNOT_FREETEXT, pdfium_c.FPDF_ANNOT_TEXT):
                size = pdfium_c.FPDFAnnot_GetStringValue(note, b"Contents", None, 0)
                if 2 < size < _LONGEST_REMARK:
                    room = (ctypes.c_ushort * (size // 2))()
                    pdfium_c.FPDFAnnot_GetStringValue(note, b"Contents", room, size)
                    found.append(clean(bytes(room).decode("utf-16-le", "replace").rstrip("\0")).strip())
            pdfium_c.FPDFPage_CloseAnnot(note)
    finally:
        page.close()
    return list(filter(None, found))


def _enclosed(document: pdfium.PdfDocument, limits: Limits) -> tuple[tuple[tuple[str, bytes], ...], str]:
    """(the files that were put into a file, what of them was not read as a defect) (ISO 32000-1, 7.11.4)."""
    found: list[tuple[str, bytes]] = []
    unread: list[str] = []
    room = limits.unpacked_bytes
    count = document.count_attachments()
    for at in range(min(count, _MOST_FILES)):
        item = document.get_attachment(at)
        name = clean(item.get_name())[:200]
        size = ctypes.c_ulong()
        pdfium_c.FPDFAttachment_GetFile(item, None, 0, size)
        if 0 < size.value <= min(room, limits.document_bytes):
            room -= size.value
            found.append((name, bytes(item.get_data())))
        else:
            unread.append(name)
    unread += [f"{count - _MOST_FILES} more"] if count > _MOST_FILES else []
    return tuple(found), f"files in it, not read: {', '.join(unread)}"[:1000] if unread else ""


def _page_text(document: pdfium.PdfDocument, number: int) -> str:
    page = document[number]
    if document.formenv is not None:
        page.flatten()  # what was typed into a form's fields becomes text of the page
        page.close()
        page = document[number]
    try:
        textpage = page.get_textpage()
        try:
            return normal(logical_text(textpage, textpage.get_text_bounded()))
        finally:
            textpage.close()
    finally:
        page.close()


def normal(text: str) -> str:
    """Presentation forms to letters, ligatures opened, marks on one letter in Unicode's order, hyphenated line ends kept as PDFium marks them."""
    text = clean(text.replace("\x00", ""))
    for form, plain in _LIGATURES.items():
        text = text.replace(form, plain)
    text = _BROKEN.sub(lambda match: "" if match.group(1) else "-", text)
    if _FORMS.search(text):
        text = _FORMS.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    text = _PASSED.sub(r"\2\1", text)
    return _MARKS.sub(lambda match: unicodedata.normalize("NFC", match.group()), text)


def paragraphs_of(text: str) -> list[str]:
    """Lines of a page joined: a short line that ends a sentence, an empty line or a label's beginning ends a paragraph."""
    lines = [line.rstrip() for line in text.split("\n")]
    filled = sorted(len(line) for line in lines if line.strip())
    if not filled:
        return []
    width = filled[int(len(filled) * 0.85)] if len(filled) > 3 else filled[-1]
    paragraphs: list[str] = []
    current = ""
    for index, line in enumerate(lines):
        bare = line.strip()
        if not bare:
            paragraphs, current = _close(paragraphs, current)
            continue
        if current and _begins(bare, lines[index - 1].strip(), width):
            paragraphs, current = _close(paragraphs, current)
        current = _join(current, bare)
    return _close(paragraphs, current)[0]


def _close(paragraphs: list[str], current: str) -> tuple[list[str], str]:
    if current.strip():
        paragraphs.append(current.strip())
    return paragraphs, ""


def _begins(line: str, before: str, width: int) -> bool:
    if _START.match(line):
        return True
    if len(before) >= 0.72 * width or (before.endswith("-") and line[:1].islower()):
        return False
    return bool(_END.search(before)) or not before[-1:].isalnum() or line[:1].isupper() or len(before) < 0.5 * width


def _join(current: str, line: str) -> str:
    if not current:
        return line
    if current.endswith("-") and len(current) > 2 and current[-2].isalpha() and line[:1].islower():
        return current[:-1] + line
    if _is_cjk(current[-1]) and _is_cjk(line[0]):
        return current + line
    return f"{current} {line}"


def _is_cjk(char: str) -> bool:
    return "\u3000" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef"
