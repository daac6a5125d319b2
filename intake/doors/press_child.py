"""The child that typesets: source and data in, PDF out. Arguments: an empty folder, the standards with commas, then font folders.

Where the first page's number depends on other volumes, the child says how long this one is and waits for the number: the layout is
kept, and only what shows a page's number is set again.
"""

from __future__ import annotations

import io
import json
import re
import resource
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import typst

from intake.doors.bound import die_with_parent
from intake.doors.press_signs import Complaint, Signs, Try, complaint, replaced_in, strings

MEMORY_BYTES = 8 * 1024 * 1024 * 1024
_ROUNDS = 40  # a whole document is tried so often; what its words showed alone it hardly ever refuses
REQUEST = struct.Struct(">QQQ?")  # sizes of source, data and known signs; whether the first page's number will be told
NUMBER = struct.Struct(">Q")  # the size of what follows, or the first page's number
_HEADINGS = "query(heading.where(outlined: true)).filter(h => h.level <= 2).map(h => h.location().page() - 1)"
_FONTS = re.compile(r"font: \([^)]*\)")


class Desk:
    """A folder with a source and its data, and Typst over it."""

    def __init__(self, folder: Path, name: str, source: str, fonts: list[str], standards: Sequence[str] = ("ua-1",)) -> None:
        self._standards = list(standards)
        self._data = folder / f"{name}.json"
        self._first = folder / "first.json"
        self._first.write_text("1", "utf-8")
        (folder / f"{name}.typ").write_text(source.replace('"data.json"', f'"{name}.json"'), "utf-8")
        self._typst = typst.Compiler(str(folder / f"{name}.typ"), root=str(folder), font_paths=fonts, ignore_system_fonts=True)

    def typeset(self, data: bytes) -> bytes:
        """The PDF by its standards, or Typst's own error."""
        self._data.write_bytes(data)
        pdf = self._typst.compile(format="pdf", pdf_standards=self._standards)  # type: ignore[arg-type]  # names that Typst checks
        assert isinstance(pdf, bytes)
        return pdf

    def pages(self, pdf: bytes) -> bytes:
        """How long the document came out, as ports.Pages in JSON. The layout is asked, it is not made again."""
        with pikepdf.open(io.BytesIO(pdf)) as document:
            count = len(document.pages)
        return json.dumps({"count": count, "headings": json.loads(self._typst.eval(_HEADINGS))}).encode()

    def numbered_from(self, first: int) -> bytes:
        """The same document with another number on its first page."""
        self._first.write_text(str(first), "utf-8")
        return self.typeset(self._data.read_bytes())


def typeset(document: Desk, sheet: Try, data: bytes, known: str = "") -> tuple[bytes, Signs]:
    """The PDF, and what had to be replaced in it, if anything. Nothing is looked for until Typst complains of a sign."""
    signs = Signs(sheet, strings(json.loads(data)), known)
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


def _sheet(folder: Path, source: str, fonts: list[str]) -> Try:
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


def main() -> None:
    """One document."""
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    stream = sys.stdin.buffer
    source_size, data_size, known_size, asks = REQUEST.unpack(stream.read(REQUEST.size))
    source = stream.read(source_size).decode("utf-8")
    data = stream.read(data_size)
    known = stream.read(known_size).decode("utf-8")
    out, folder, fonts = sys.stdout.buffer, Path(sys.argv[1]), sys.argv[3:]
    try:
        document = Desk(folder, "data", source, fonts, sys.argv[2].split(","))
        pdf, signs = typeset(document, _sheet(folder, source, fonts), data, known)
        if asks:
            pages = document.pages(pdf)
            out.write(NUMBER.pack(len(pages)) + pages)
            out.flush()
            (first,) = NUMBER.unpack(stream.read(NUMBER.size))
            pdf = pdf if first == 1 else document.numbered_from(first)
    except Exception as error:  # Typst's own error type; its words go to the parent
        sys.stderr.write(str(error))
        sys.exit(1)
    found = json.dumps({"replaced": signs.replaced, "alone": "".join(sorted(signs.alone))}).encode()
    out.write(NUMBER.pack(len(found)) + found + pdf)


if __name__ == "__main__":
    main()
