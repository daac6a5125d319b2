"""The child that typesets: source and data in, PDF out. Arguments: an empty folder, the standards with commas, then font folders."""

from __future__ import annotations

import json
import re
import resource
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

import typst

from intake.doors.press_signs import Complaint, Signs, Try, complaint, replaced_in, strings

MEMORY_BYTES = 8 * 1024 * 1024 * 1024
_ROUNDS = 40  # a whole document is tried so often; what its words showed alone it hardly ever refuses
_FONTS = re.compile(r"font: \([^)]*\)")


class Desk:
    """A folder with a source and its data, and Typst over it."""

    def __init__(self, folder: Path, name: str, source: str, fonts: list[str], standards: Sequence[str] = ("ua-1",)) -> None:
        self._standards = list(standards)
        self._data = folder / f"{name}.json"
        (folder / f"{name}.typ").write_text(source.replace('"data.json"', f'"{name}.json"'), "utf-8")
        self._typst = typst.Compiler(str(folder / f"{name}.typ"), root=str(folder), font_paths=fonts, ignore_system_fonts=True)

    def typeset(self, data: bytes) -> bytes:
        """The PDF by its standards, or Typst's own error."""
        self._data.write_bytes(data)
        pdf = self._typst.compile(format="pdf", pdf_standards=self._standards)  # type: ignore[arg-type]  # names that Typst checks
        assert isinstance(pdf, bytes)
        return pdf


def typeset(
    folder: Path, source: str, data: bytes, fonts: list[str], known: str = "", standards: Sequence[str] = ("ua-1",)
) -> tuple[bytes, Signs]:
    """The PDF, and what had to be replaced in it, if anything. Nothing is looked for until Typst complains of a sign."""
    document = Desk(folder, "data", source, fonts, standards)
    signs = Signs(_sheet(folder, source, fonts), strings(json.loads(data)), known)
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
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    stream = sys.stdin.buffer
    source_size, data_size, known_size = struct.unpack(">QQQ", stream.read(24))
    source = stream.read(source_size).decode("utf-8")
    data = stream.read(data_size)
    known = stream.read(known_size).decode("utf-8")
    try:
        pdf, signs = typeset(Path(sys.argv[1]), source, data, sys.argv[3:], known, sys.argv[2].split(","))
    except Exception as error:  # Typst's own error type; its words go to the parent
        sys.stderr.write(str(error))
        sys.exit(1)
    found = json.dumps({"replaced": signs.replaced, "alone": "".join(sorted(signs.alone))}).encode()
    sys.stdout.buffer.write(struct.pack(">Q", len(found)) + found + pdf)


if __name__ == "__main__":
    main()
