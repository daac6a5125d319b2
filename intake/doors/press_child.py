"""The child that typesets: source and data in, PDF out. Arguments: an empty folder, the standards with commas, then font folders.

Where the first page's number depends on other volumes, the child lays this one out, says how long it is, and waits for the number: the
layout is kept, only what shows a page's number is set again, and the file is written once. A sign that cannot be shown is found before;
where a layout nevertheless came out otherwise (MOVED), or with `sure`, the length is told after a file was written.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import typst

from intake.doors.bound import die_with_parent
from intake.doors.press_frames import MOVED, NUMBER, REQUEST
from intake.doors.press_signs import Complaint, Signs, Try, complaint, replaced_in, strings

MEMORY_BYTES = 8 * 1024 * 1024 * 1024
_ROUNDS = 40  # a whole document is tried so often; what its words showed alone it hardly ever refuses
_HEADINGS = "query(heading.where(outlined: true)).filter(h => h.level <= 2).map(h => h.location().page() - 1)"
_END = "the-end-of-the-document"
_PAGES = f"(count: query(<{_END}>).first().location().page(), headings: {_HEADINGS})"
_FONTS = re.compile(r"font: \([^)]*\)")


class Desk:
    """A folder with a source and its data, and Typst over it."""

    def __init__(self, folder: Path, name: str, source: str, fonts: typst.Fonts, standards: Sequence[str] = ("ua-1",)) -> None:
        self._standards = list(standards)
        self._data = folder / f"{name}.json"
        self._first = folder / "first.json"
        self._first.write_text("1", "utf-8")
        whole = source.replace('"data.json"', f'"{name}.json"') + f"\n#metadata(none)<{_END}>\n"
        (folder / f"{name}.typ").write_text(whole, "utf-8")
        self._typst = typst.Compiler(str(folder / f"{name}.typ"), root=str(folder), font_paths=fonts)

    def laid_out(self, data: bytes) -> bytes:
        """How long the document comes out, numbered from 1, as ports.Pages in JSON; no file is written."""
        self._data.write_bytes(data)
        return json.dumps(json.loads(self._typst.eval(_PAGES))).encode()

    def typeset(self, data: bytes) -> bytes:
        """The PDF by its standards, or Typst's own error."""
        self._data.write_bytes(data)
        pdf = self._typst.compile(format="pdf", pdf_standards=self._standards)  # type: ignore[arg-type]  # names that Typst checks
        assert isinstance(pdf, bytes)
        return pdf

    def pages(self, pdf: bytes) -> bytes:
        """The same of a document that was written: its pages counted."""
        with pikepdf.open(io.BytesIO(pdf)) as document:
            count = len(document.pages)
        return json.dumps({"count": count, "headings": json.loads(self._typst.eval(_HEADINGS))}).encode()

    def number_from(self, first: int) -> None:
        """Another number on the first page, from now on."""
        self._first.write_text(str(first), "utf-8")

    def again(self) -> bytes:
        """The same document with what stands in its folder now."""
        return self.typeset(self._data.read_bytes())


def typeset(document: Desk, sheet: Try, data: bytes, known: str = "") -> tuple[bytes, Signs]:
    """The PDF, and what had to be replaced in it, if anything. Nothing is looked for until Typst complains of a sign."""
    signs = _signs(sheet, data, known)
    given, looked = replaced_in(data, signs) if known else data, False
    for _ in range(_ROUNDS):
        try:
            return document.typeset(given), signs
        except Exception as error:  # Typst's own error type
            fault = complaint(str(error))
            if fault is None:
                raise
            if looked and not signs.blame(fault):
                raise
            if not looked:
                signs.look()
                looked = True
        given = replaced_in(data, signs)
    return document.typeset(given), signs


def _signs(sheet: Try, data: bytes, known: str) -> Signs:
    return Signs(sheet, (text for text in strings(json.loads(data))), known)


def lay_out(document: Desk, sheet: Try, data: bytes, known: str) -> bytes | None:
    """Its pages, where every sign of it can be shown or is known not to be; None where its length is told safely by a file alone."""
    odd = {sign for sign in data.decode("utf-8", "surrogatepass") if not sign.isascii()} - set(known)
    if b"\\u" in data or sheet(sorted(odd)) is not None:
        return None
    return document.laid_out(replaced_in(data, _signs(sheet, data, known)) if known else data)


def _sheet(folder: Path, source: str, fonts: typst.Fonts) -> Try:
    """Small documents with the fonts of the large one."""
    stack = _FONTS.search(source)
    words = f"#set text({stack[0]})\n" if stack else ""
    sheet = Desk(folder, "sheet", f'#set document(title: "-")\n{words}#for x in json("data.json") [#par(x)]', fonts)

    def can_show(texts: Sequence[str]) -> Complaint:
        try:
            sheet.typeset(json.dumps(list(texts)).encode())
        except Exception as error:  # Typst's own error type
            return complaint(str(error))
        return None

    return can_show


def _told(pages: bytes) -> int:
    """The parent's answer to the length: the first page's number."""
    out, stream = sys.stdout.buffer, sys.stdin.buffer
    out.write(NUMBER.pack(len(pages)) + pages)
    out.flush()
    return int(NUMBER.unpack(stream.read(NUMBER.size))[0])


def main() -> None:
    """One document."""
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    stream = sys.stdin.buffer
    source_size, data_size, known_size, asks, sure = REQUEST.unpack(stream.read(REQUEST.size))
    source = stream.read(source_size).decode("utf-8")
    data = stream.read(data_size)
    known = stream.read(known_size).decode("utf-8")
    folder = Path(sys.argv[1])
    try:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=list(sys.argv[3:]))
        document, sheet = Desk(folder, "data", source, fonts, sys.argv[2].split(",")), _sheet(folder, source, fonts)
        pages = lay_out(document, sheet, data, known) if asks and not sure else None
        if pages is not None:
            document.number_from(_told(pages))
        pdf, signs = typeset(document, sheet, data, known)
        if pages is not None and document.pages(pdf) != pages:
            sys.exit(MOVED)
        if asks and pages is None:
            pages = document.pages(pdf)
            document.number_from(_told(pages))
            pdf = document.again()
            if document.pages(pdf) != pages:
                sys.exit("the length of this document hangs on the number of its first page")
    except Exception as error:  # Typst's own error type; its words go to the parent
        sys.stderr.write(str(error))
        sys.exit(1)
    found = json.dumps({"replaced": signs.replaced, "alone": "".join(sorted(signs.alone))}).encode()
    sys.stdout.buffer.write(NUMBER.pack(len(found)) + found + pdf)


if __name__ == "__main__":
    main()
