"""DOCX: paragraphs, headings, lists with computed numbers, tables, insertions, footnotes; macros and tracked changes found."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from zipfile import ZipFile

from lxml import etree

from intake.model.mail import PartState
from intake.model.text import BlockKind, Run
from intake.reading.builder import TextBuilder
from intake.reading.extractors.archive import Unfit, member, open_zip
from intake.reading.extractors.base import Extract
from intake.reading.extractors.docx_fields import Field, chosen
from intake.reading.extractors.docx_looks import Looks, W
from intake.reading.extractors.numbering import Numbering
from intake.reading.extractors.xml import identity_of, links_of, local, parse_xml, unread
from intake.reading.limits import Limits
from intake.reading.symbols import sign_of

_SIDE = re.compile(r"word/(?:footnotes|endnotes|header\d*|footer\d*)\.xml$")


def extract(data: bytes, limits: Limits) -> Extract:
    """Text in order of reading; deleted text of tracked changes is left out, inserted text is in."""
    try:
        box = open_zip(data, limits)
    except Unfit as error:
        return Extract(state=PartState.DAMAGED, defect=str(error))
    names = set(box.namelist())
    root = parse_xml(member(box, "word/document.xml", limits))
    if root is None:
        return Extract(state=PartState.DAMAGED, defect="no readable word/document.xml")
    styles = _styles(box, limits)
    looks = Looks(styles, dark=root.find(f"{W}background") is not None)
    reader = _Reader(limits, Numbering(parse_xml(member(box, "word/numbering.xml", limits)), styles), looks)
    sides = {name: parse_xml(member(box, name, limits)) for name in sorted(filter(_SIDE.match, names))}
    reader.links = {id(part): links_of(box, name, limits) for name, part in (("word/document.xml", root), *sides.items())}
    reader.margins(sides, "header")
    body = root.find(f"{W}body")
    reader.body(body if body is not None else root)
    for name in ("word/footnotes.xml", "word/endnotes.xml"):
        reader.side(sides.get(name), BlockKind.FOOTNOTE)
    reader.margins(sides, "footer")
    macro = any(item.lower().endswith("vbaproject.bin") for item in names)
    tracked = any(_is_tracked(item) for item in (root, *sides.values()) if item is not None) or _has_comments(
        parse_xml(member(box, "word/comments.xml", limits))
    )
    state = PartState.MACRO if macro else PartState.TRACKED_CHANGES if tracked else PartState.OK
    text = reader.out.text
    if state is PartState.OK and not text.strip() and any(item.startswith("word/media/") for item in names):
        state = PartState.IMAGE_ONLY
    defect, hidden = "text_cut" if reader.out.cut else "", " ".join(filter(None, map(str.strip, reader.hidden)))
    if not text.strip() and not hidden and (defect := unread(root)):
        state = PartState.DAMAGED
    return Extract(text=text, blocks=tuple(reader.out.blocks), state=state, defect=defect, hidden=hidden)


_PACKAGE = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_WORDML = b"http://schemas.microsoft.com/office/word/2003/wordml"


def extract_wordml(data: bytes, limits: Limits) -> Extract:
    """Word 2003 saved as XML: its names are the later ones under another roof."""
    root = parse_xml(data.replace(_WORDML, W[1:-1].encode()))
    if root is None:
        return Extract(state=PartState.DAMAGED, defect="no readable Word 2003 XML")
    reader = _Reader(limits, Numbering(None, None), Looks(root))
    body = root.find(f"{W}body")
    reader.body(body if body is not None else root)
    if not reader.out.text.strip():
        return Extract(state=PartState.DAMAGED, defect=unread(root) or "Word 2003 XML: no words found")
    return Extract(text=reader.out.text, blocks=tuple(reader.out.blocks), hidden=" ".join(reader.hidden))


def extract_flat(data: bytes, limits: Limits) -> Extract:
    """Word saved as one XML file of its members (Flat OPC): they are put into a container again."""
    root = parse_xml(data)
    members = (
        {item.get(_PACKAGE + "name", "").lstrip("/"): item for item in root.iter(_PACKAGE + "part")} if root is not None else {}
    )
    if "word/document.xml" not in members:
        return Extract(state=PartState.DAMAGED, defect="a Word document saved as flat XML: no document in it")
    out = io.BytesIO()
    with ZipFile(out, "w") as box:
        for name, item in members.items():
            inner = item.find(_PACKAGE + "xmlData")
            box.writestr(name, etree.tostring(inner[0]) if inner is not None and len(inner) else b"")
    return extract(out.getvalue(), limits)


def _styles(box: object, limits: Limits) -> etree._Element | None:
    return parse_xml(member(box, "word/styles.xml", limits))  # type: ignore[arg-type]


def _is_tracked(root: etree._Element) -> bool:
    return any(True for _ in root.iter(f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"))


def _has_comments(root: etree._Element | None) -> bool:
    return root is not None and any(True for _ in root.iter(f"{W}comment"))


class _Reader:
    def __init__(self, limits: Limits, numbering: Numbering, looks: Looks) -> None:
        self.out = TextBuilder(limits.text_chars)
        self.hidden: list[str] = []
        self._margins: set[str] = set()
        self._numbering = numbering
        self._looks = looks
        self.links: dict[int, dict[str, str]] = {}  # of the part whose root has that identity

    def body(self, element: etree._Element) -> None:
        """Paragraphs and tables in order, also inside content controls and text boxes' containers."""
        for child in element:
            name = local(child)
            if name == "p":
                self._paragraph(child)
            elif name == "tbl":
                self._table(child)
            elif name in ("sdt", "sdtContent", "customXml", "ins", "smartTag", "sect", "sub-section"):
                self.body(child)

    def side(self, root: etree._Element | None, kind: BlockKind) -> None:
        """Footnotes, endnotes or page headers."""
        if root is None:
            return
        for paragraph in root.iter(f"{W}p"):
            self.out.add(kind, self._runs(paragraph), tight=True)

    def margins(self, sides: Mapping[str, etree._Element | None], kind: str) -> None:
        """What stands above or below each page: once, however many sections say the same; a page's number alone is no words."""
        for name, root in sides.items():
            if not name.startswith(f"word/{kind}") or root is None:
                continue
            words = " ".join("".join(element.text or "" for element in root.iter(f"{W}t")).split())
            if words not in self._margins and any(char.isalpha() for char in words):
                self._margins.add(words)
                self.side(root, BlockKind.PARAGRAPH)

    def _paragraph(self, paragraph: etree._Element) -> None:
        level = self._numbering.heading_level(paragraph)
        runs = self._runs(paragraph, heading=level > 0)
        label, depth = self._numbering.label(paragraph) if any(run.text.strip() for run in runs) else ("", 0)
        if level:
            self.out.add(BlockKind.HEADING, runs, level=level, label=label)
        elif label:
            self.out.add(BlockKind.LIST_ITEM, runs, level=depth + 1, label=label)
        else:
            self.out.add(BlockKind.PARAGRAPH, runs)

    def _table(self, table: etree._Element) -> None:
        for row in _inside(table, "tr"):
            found = list(_inside(row, "tc"))
            if len(found) == 1 and next(found[0].iter(f"{W}tbl"), None) is not None:
                self.body(found[0])  # a frame around a table
                continue
            cells: list[list[Run]] = [[] for _ in range(_number(row.find(f"{W}trPr"), "gridBefore", 0))]
            for cell in found:
                cells += [self._cell(cell), *([] for _ in range(_number(cell.find(f"{W}tcPr"), "gridSpan", 1) - 1))]
            filled = [cell for cell in cells if "".join(run.text for run in cell).strip()]
            if len(filled) == 1 and len(found) == 1:
                self.out.add(BlockKind.PARAGRAPH, filled[0])
            else:
                self.out.add_row(cells)

    def _cell(self, cell: etree._Element) -> list[Run]:
        runs: list[Run] = []
        for paragraph in cell.iter(f"{W}p"):
            words = self._runs(paragraph)
            if not any(run.text.strip() for run in words):
                continue
            label, _ = self._numbering.label(paragraph)
            if runs:
                runs.append(Run(text="\n"))
            if label:
                runs.append(Run(text=f"{label} "))
            runs += words
        return runs

    def _runs(self, paragraph: etree._Element, *, heading: bool = False) -> list[Run]:
        """Runs of one paragraph, those of a text box in it too; what is hidden is set aside."""
        runs: list[Run] = []
        field = Field()
        links = self.links.get(id(paragraph.getroottree().getroot()), {})
        for element in _visible(paragraph):
            name, run = local(element), element.getparent()
            if name == "t" and run is not None and self._looks.hides(run, paragraph):
                self.hidden.append(element.text or "")
            elif name == "t":
                link = field.link or _link_around(run, links)
                runs.append(self._looks.told(element.text or "", run, paragraph, heading=heading, link=link))
            elif name == "tab" and run is not None and local(run) == "r":
                runs.append(Run(text=" "))
            elif name in ("br", "cr"):
                runs.append(Run(text="\n"))
            elif name == "noBreakHyphen":
                runs.append(Run(text="-"))
            elif name == "sym":
                runs.append(Run(text=sign_of(element.get(f"{W}font", ""), element.get(f"{W}char", ""))))
            elif name in ("fldChar", "instrText"):
                field.see(element, name)
                runs += [Run(text=words)] if (words := chosen(element)) else []
        return runs


def _link_around(run: etree._Element | None, links: Mapping[str, str]) -> str | None:
    """Where the link leads that a run stands in, out of the document."""
    for around in islice(run.iterancestors(), 4) if run is not None and links else ():
        if local(around) == "hyperlink":
            return links.get(identity_of(around))
    return None


def _inside(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Rows of a table, cells of a row: in order, out of the controls around them, not out of tables inside."""
    for child in element:
        if local(child) == name:
            yield child
        elif local(child) in ("sdt", "sdtContent", "customXml", "ins", "smartTag"):
            yield from _inside(child, name)


def _visible(element: etree._Element) -> Iterator[etree._Element]:
    """Elements in order without what Word shows elsewhere: text moved away, the older form of a drawing that stands beside it."""
    for child in element:
        if local(child) not in ("moveFrom", "Fallback", "del"):
            yield child
            yield from _visible(child)


_MOST_SPANNED = 63
"""Columns that one cell may take (Word allows as many)."""


def _number(properties: etree._Element | None, name: str, least: int) -> int:
    """Of a cell or a row: how many columns; never more than a table has."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    value = found.get(f"{W}val", "") if found is not None else ""
    return min(int(value), _MOST_SPANNED) if value.isdecimal() and len(value) < 4 and int(value) > least else least
