"""Arabic PDF pages made by hand, as producers of the last thirty years draw them: one line of text, many ways to say it."""

from __future__ import annotations

import io
import re
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

FASHIONS = (
    "forms",
    "letters",
    "ligatures_turned",
    "logical_glyphs",
    "placed_words",
    "actual_text",
    "words_alone",
    "backwards",
    "forms_backwards",
)
"""forms: glyphs from left to right, each said to be a presentation form. letters: the same, said to be letters (lam-alef two).
ligatures_turned: lam-alef said as alef-lam. logical_glyphs: glyphs in the order of reading, each put in its place. placed_words: so
the words, glyphs inside from left to right. actual_text: as forms, with the line's words beside it. backwards, forms_backwards:
words drawn as a program draws them that knows no right to left."""
_MIRROR = str.maketrans("()[]{}«»<>", ")(][}{»«><")
_RUN = re.compile(
    r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f0-9 .,'’&/@:-]*[A-Za-z\u00c0-\u024f0-9]|[A-Za-z]|[0-9\u0660-\u0669]+(?:[.,:/٫٬-][0-9\u0660-\u0669]+)*"
)
_UPEM = 1000


class Font:
    """A TrueType file: its characters' glyphs and their widths in thousandths."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        count = struct.unpack(">H", self.data[4:6])[0]
        heads = (struct.unpack(">4sIII", self.data[12 + 16 * at : 28 + 16 * at]) for at in range(count))
        self._tables = {tag.decode(): (start, size) for tag, _, start, size in heads}
        self._units = struct.unpack(">H", self._at("head", 18, 2))[0]
        self._long = struct.unpack(">H", self._at("hhea", 34, 2))[0]
        self.glyphs = dict(self._cmap())

    def _at(self, table: str, offset: int, size: int) -> bytes:
        start = self._tables[table][0] + offset
        return self.data[start : start + size]

    def _cmap(self) -> Iterator[tuple[int, int]]:
        base = self._tables["cmap"][0]
        count = struct.unpack(">H", self._at("cmap", 2, 2))[0]
        for at in range(count):
            offset = struct.unpack(">HHI", self._at("cmap", 4 + 8 * at, 8))[2] + base
            if struct.unpack(">H", self.data[offset : offset + 2])[0] == 4:
                yield from self._format_4(offset)

    def _format_4(self, offset: int) -> Iterator[tuple[int, int]]:
        segments = struct.unpack(">H", self.data[offset + 6 : offset + 8])[0] // 2
        rows = [
            struct.unpack(f">{segments}H", self.data[offset + 14 + 2 * segments * row + (2 if row else 0) :][: 2 * segments])
            for row in range(4)
        ]
        ranges_at = offset + 16 + 6 * segments
        for number, (end, start, delta, reach) in enumerate(zip(*rows, strict=True)):
            for code in range(start, min(end, 0xFFFE) + 1):
                glyph = code
                if reach:
                    place = ranges_at + 2 * number + reach + 2 * (code - start)
                    glyph = struct.unpack(">H", self.data[place : place + 2])[0]
                if glyph or not reach:
                    yield code, (glyph + delta) & 0xFFFF

    def width(self, glyph: int) -> int:
        """Advance of a glyph."""
        at = min(glyph, self._long - 1)
        return int(struct.unpack(">H", self._at("hmtx", 4 * at, 2))[0]) * _UPEM // int(self._units)


def _forms() -> dict[tuple[str, str], str]:
    found = {}
    for code in range(0xFE70, 0xFEFD):
        kind, _, letters = unicodedata.decomposition(chr(code)).partition("> ")
        if letters and not letters.startswith("0020"):
            found["".join(chr(int(item, 16)) for item in letters.split()), kind.strip("<")] = chr(code)
    return found


_FORMS = _forms()


def shaped(word: str) -> list[tuple[str, str]]:
    """(presentation form, letters it stands for) in the order of reading."""
    out: list[tuple[str, str]] = []
    units: list[str] = []
    for char in word:
        if units and units[-1] == "ل" and char in "اأإآ":
            units[-1] += char
        else:
            units.append(char)
    joins = [(unit, "initial") in _FORMS for unit in units]  # goes on to the next letter
    for at, unit in enumerate(units):
        before = at > 0 and joins[at - 1] and ((unit, "final") in _FORMS)
        after = joins[at] and at + 1 < len(units) and (units[at + 1], "final") in _FORMS
        kind = {(False, False): "isolated", (True, False): "final", (False, True): "initial", (True, True): "medial"}[
            before, after
        ]
        out.append((_FORMS.get((unit, kind), unit), unit))
    return out


def visual(line: str) -> list[list[tuple[str, str]]]:
    """The words of a line (right-to-left paragraph) as glyphs, the words and their glyphs from left to right."""
    words: list[list[tuple[str, str]]] = []
    at = 0
    for match in _RUN.finditer(line):
        words += _arabic(line[at : match.start()])
        words.append([(char, char) for char in match.group()])
        at = match.end()
    words += _arabic(line[at:])
    return words[::-1]


def _arabic(text: str) -> list[list[tuple[str, str]]]:
    pieces = re.findall(r"[\u0621-\u0652]+|[^\u0621-\u0652]", text)
    return [shaped(piece)[::-1] if len(piece) > 1 or piece.isalpha() else [(piece.translate(_MIRROR), piece)] for piece in pieces]


def pdf(paragraphs: Sequence[str], fashion: str, font: Font, size: float = 12, per_line: int = 70) -> bytes:
    """A document with these paragraphs, broken into lines, flush right."""
    document = pikepdf.new()
    said: dict[int, tuple[int, str]] = {}  # code -> (glyph, what ToUnicode says)
    codes: dict[tuple[int, str], int] = {}

    def code_of(shape: str, letters: str) -> int:
        glyph = font.glyphs.get(ord(shape), 0) or font.glyphs.get(ord(unicodedata.normalize("NFKC", shape)[0]), 0)
        means = (
            shape
            if fashion in ("forms", "actual_text", "forms_backwards")
            else letters[::-1]
            if fashion == "ligatures_turned"
            else letters
        )
        key = (glyph, means)
        if key not in codes:
            codes[key] = len(codes) + 1
            said[codes[key]] = key
        return codes[key]

    lines = [piece for paragraph in paragraphs for piece in [*_wrapped(paragraph, per_line), ""]]
    for start in range(0, len(lines), 40):
        content = f"BT /F1 {size} Tf\n"
        for number, line in enumerate(lines[start : start + 40]):
            if line:
                content += _drawn(line, fashion, font, code_of, said, size, 800 - 18 * number)
        page = document.add_blank_page(page_size=(595, 842))
        page.Contents = Stream(document, (content + "ET").encode())
        page.Resources = Dictionary(Font=Dictionary())
    face = _face(document, font, said)
    for page in document.pages:
        page.Resources.Font.F1 = face
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _wrapped(paragraph: str, width: int) -> list[str]:
    lines = [""]
    for word in paragraph.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _drawn(line, fashion, font, code_of, said, size, y):  # type: ignore[no-untyped-def]
    words = visual(line)
    if fashion in ("backwards", "forms_backwards"):  # the order of reading, from left to right
        words = [
            [
                (shape, letters)
                for shape, letters in (shaped(piece) if re.match("[\u0621-\u0652]", piece) else [(char, char) for char in piece])
            ]
            for piece in re.findall(r"[\u0621-\u0652]+|[^\u0621-\u0652]+", line)
        ]
    coded = [[code_of(shape, letters) for shape, letters in word] for word in words]
    wide = lambda items: sum(font.width(said[item][0]) for item in items) * size / 1000  # noqa: E731
    x = 545 - sum(map(wide, coded))
    if fashion in ("backwards", "forms_backwards"):
        x = 50

    def show(items):
        return "<" + "".join(f"{item:04x}" for item in items) + ">"

    if fashion in ("logical_glyphs", "placed_words", "words_alone"):
        pieces = []
        for word, items in zip(words, coded, strict=True):
            if fashion == "words_alone":
                if word[0][0] != " ":
                    pieces.append((x, items))
                x += wide(items)
                continue
            if fashion == "placed_words":
                pieces.append((x, items))
                x += wide(items)
            else:
                latin = (len(items) > 1 and word[0][0].isascii()) or word[0][0] in "٠١٢٣٤٥٦٧٨٩"
                group = []
                for item in items:
                    group.append((x, [item]))
                    x += wide([item])
                pieces += group[::-1] if latin else group
        return "".join(f"1 0 0 1 {place:.2f} {y} Tm {show(items)} Tj\n" for place, items in pieces[::-1])
    flat = [item for items in coded for item in items]
    drawn = f"1 0 0 1 {x:.2f} {y} Tm {show(flat)} Tj\n"
    if fashion == "actual_text":
        return f"/Span <</ActualText <{('﻿' + line).encode('utf-16-be').hex()}>>> BDC\n{drawn}EMC\n"
    return drawn


def _face(document: pikepdf.Pdf, font: Font, said: dict[int, tuple[int, str]]) -> pikepdf.Object:
    rows = "".join(f"<{code:04x}> <{means.encode('utf-16-be').hex()}>\n" for code, (_, means) in said.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(said)} beginbfchar\n{rows}endbfchar endcmap end end"
    )
    program = Stream(document, font.data)
    program.Length1 = len(font.data)
    mapped = bytearray(2 * (max(said) + 1))
    for code, (glyph, _) in said.items():
        mapped[2 * code : 2 * code + 2] = struct.pack(">H", glyph)
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/AAAAAA+Face"), Flags=4, FontBBox=Array([-1000, -500, 2000, 1200]),
        ItalicAngle=0, Ascent=900, Descent=-300, CapHeight=700, StemV=80, FontFile2=document.make_indirect(program),
    )  # fmt: skip
    widths = Array([1, Array([font.width(said[code][0]) for code in sorted(said)])])
    below = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/AAAAAA+Face"), FontDescriptor=document.make_indirect(descriptor),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0), W=widths, DW=500,
        CIDToGIDMap=document.make_indirect(Stream(document, bytes(mapped))),
    )  # fmt: skip
    return document.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/AAAAAA+Face"), Encoding=Name("/Identity-H"),
            DescendantFonts=Array([document.make_indirect(below)]), ToUnicode=document.make_indirect(Stream(document, cmap.encode())),
        )
    )  # fmt: skip
