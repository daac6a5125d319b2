"""The bytes of a message's parts by their hash, and pages of PDFs and pictures drawn grey: for a scanner, and for reading by eye."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

import pypdfium2 as pdfium
from PIL import Image, ImageSequence

from intake.model.examination import ToUnpack, Unpacked
from intake.reading.limits import Limits
from intake.reading.read_message import DEFAULTS, collect
from intake.reading.sheets import rows_of
from intake.reading.words import ReadingWords

DOTS_PER_INCH = 200
LONGEST_SIDE = 4_000
PIXELS = 80_000_000
"""Larger pictures are not drawn: nobody scans a letter so."""
ALL_PIXELS = 400_000_000


def unpack(job: ToUnpack, words: ReadingWords, limits: Limits = DEFAULTS) -> Unpacked:
    """What was asked for and is there. Never raises on hostile octets, but may be slow or large: run it in the jail."""
    wanted = set(job.files) | set(job.pictures) | set(job.sheets)
    found = collect(job.raw, words, wanted, limits) if wanted else {}
    sheets = {sha256: found[sha256] for sha256 in job.sheets if sha256 in found}
    if job.sheet:
        sheets[hashlib.sha256(job.sheet).hexdigest()] = job.sheet
    pictures: dict[str, tuple[bytes, ...]] = {}
    because, left = "", ALL_PIXELS
    for sha256 in job.pictures:
        pages: list[bytes] = []
        try:
            for page in _pages(found.get(sha256, b""), job.pages):
                left -= len(page)
                if left < 0:
                    because = "more pages than are drawn for one message"
                    break
                pages.append(page)
        except Exception as error:  # whatever a format's library raises: what was drawn is what there is
            because = f"not drawn: {type(error).__name__}"
        pictures[sha256] = tuple(pages)
    rows = {sha256: read for sha256, data in sheets.items() if (read := rows_of(data, limits)) is not None}
    files = {key: found[key] for key in job.files if key in found}
    return Unpacked(files=files, pictures=pictures, sheets=rows, because=because)


def _pages(data: bytes, most: int) -> Iterator[bytes]:
    if b"%PDF-" in data[:1024]:
        yield from _pdf_pages(data, most)
        return
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")) as picture:
        if picture.width * picture.height > PIXELS:
            return
        for number, frame in enumerate(ImageSequence.Iterator(picture)):
            if number >= most:
                return
            yield _grey(frame)


def _pdf_pages(data: bytes, most: int) -> Iterator[bytes]:
    document = pdfium.PdfDocument(data)
    try:
        for number in range(min(len(document), most)):
            page = document[number]
            width, height = page.get_size()
            scale = min(DOTS_PER_INCH / 72, LONGEST_SIDE / max(width, height, 1))
            bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
            yield _grey(bitmap.to_pil())
            bitmap.close()
            page.close()
    finally:
        document.close()


def _grey(picture: Image.Image) -> bytes:
    """As netpbm P5, on white where it is transparent, no side longer than LONGEST_SIDE."""
    if picture.mode in ("RGBA", "LA", "P"):
        coloured = picture.convert("RGBA")
        ground = Image.new("RGBA", coloured.size, "white")
        ground.alpha_composite(coloured)
        picture = ground
    picture = picture.convert("L")
    if max(picture.size) > LONGEST_SIDE:
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return b"P5\n%d %d\n255\n" % picture.size + picture.tobytes()
