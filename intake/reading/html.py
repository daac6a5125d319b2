"""HTML to text and blocks: tables, lists, headings and emphasis kept, quotations marked by ">", hidden text found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import category

import msgspec
from lxml import etree
from lxml import html as lxml_html
from msgspec import Struct
from resiliparse.extract.html2text import extract_plain_text

from intake.model.text import Block, BlockKind, Run
from intake.reading.builder import TextBuilder, plain_blocks, shifted, signed
from intake.reading.html_frames import Grid, PageList, is_data_row
from intake.reading.looks import HEADINGS, LOOKS, PLAIN, USUAL, Ink, Look, look_of
from intake.reading.style_sheets import Sheet, medium_holds
from intake.reading.styles import SILENT, read_style

_LIST_TAGS = re.compile(r"</?(?:ul|ol|li|dl|dd|blockquote|table|tr|td)\b[^<>]{0,200}>", re.I)
_WHITE_SPACE = re.compile(r"\s+")
_SKIP = {"script", "style", "head", "title", "meta", "link", "svg", "object", "embed", "iframe", "template", "select", "math"}  # fmt: skip
_BLOCK = {"p", "div", "section", "article", "header", "footer", "address", "center", "pre", "form", "fieldset", "dl", "dt", "dd", "hr",
          "body", "html", "table", "tbody", "thead", "tfoot", "caption", "main", "aside", "nav", "figure", "figcaption", "details",
          "summary", "noscript", "listing", "xmp"}  # fmt: skip
_QUOTES = ("yahoo_quoted", "moz-cite-prefix-quoted", "__quoted_text__", "__headers__")
_COMMENTS = 4000
_SEARCH = 4000


class HtmlText(Struct, frozen=True, kw_only=True):
    """`text` with `blocks` in it; `hidden`: stretches of it that a reader of the page would not see; `inks`: (start, end, how it
    looks) of stretches in blocks that do not all look as usual."""

    text: str
    blocks: tuple[Block, ...]
    hidden: tuple[tuple[int, int], ...] = ()
    inks: tuple[tuple[int, int, Ink], ...] = ()
    defect: str = ""


def read_pages(sources: Sequence[str], limit: int, depth: int) -> HtmlText:
    """Pages one after the other, each read by itself: what one leaves open swallows nothing of the next."""
    return joined_pages([read_html(source, limit, depth) for source in sources if source.strip()], limit)


def joined_pages(pages: Sequence[HtmlText], limit: int) -> HtmlText:
    """Texts one after the other, with what is known of each."""
    if len(pages) == 1:
        return pages[0]
    text = ""
    blocks: list[Block] = []
    hidden: list[tuple[int, int]] = []
    inks: list[tuple[int, int, Ink]] = []
    defect = next((page.defect for page in pages if page.defect), "")
    for page in pages:
        if not page.text:
            continue
        at = len(text) + 2 if text else 0
        if at + len(page.text) > limit:
            defect = "text_cut"
            break
        text = f"{text}\n\n{page.text}" if text else page.text
        blocks += [msgspec.structs.replace(block, start=block.start + at, end=block.end + at) for block in page.blocks]
        hidden += [(start + at, end + at) for start, end in page.hidden]
        inks += [(start + at, end + at, colour) for start, end, colour in page.inks]
    return HtmlText(text=text, blocks=tuple(blocks), hidden=tuple(hidden), inks=tuple(inks), defect=defect)


def read_html(source: str, limit: int, depth: int) -> HtmlText:
    """Total: what the careful way cannot read (too deep, not parsable) goes the plain way, and is said."""
    source = source[: 4 * limit]
    if source.count("<!--") > _COMMENTS:
        return _plain(source, limit, "html_too_deep")
    try:
        parser = lxml_html.HTMLParser(
            encoding="utf-8", recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
        )
        root = lxml_html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
        if _depth(root, depth) > depth:
            return _plain(source, limit, "html_too_deep")
        walker = _Walker(limit, Sheet(_sheets(root)))
        walker.walk(root)
        walker.flush()
    except (etree.LxmlError, ValueError, RecursionError, AssertionError, TypeError):
        return _plain(source, limit, "html_damaged")
    return HtmlText(
        text=walker.out.text,
        blocks=tuple(walker.out.blocks),
        hidden=tuple(walker.hidden),
        inks=tuple(walker.inks),
        defect="text_cut" if walker.out.cut else "",
    )


def seen_only(page: HtmlText) -> tuple[HtmlText, str]:
    """(the page as it is seen, the words that are not): for a file, whose text has no marks."""
    if not page.hidden:
        return page, ""
    unseen = set(page.hidden)
    pieces: list[str] = []
    blocks: list[Block] = []
    at = size = 0
    for block in page.blocks:
        if (block.start, block.end) not in unseen:
            gap = page.text[at : block.start] if pieces else ""
            pieces += [gap, page.text[block.start : block.end]]
            start = size + len(gap)
            size = start + block.end - block.start
            blocks.append(msgspec.structs.replace(block, start=start, end=size, paragraph=len(blocks) + 1))
        at = block.end
    hidden = " ".join(page.text[start:end] for start, end in page.hidden)
    return HtmlText(text="".join(pieces), blocks=tuple(blocks), defect=page.defect), hidden


def _sheets(root: lxml_html.HtmlElement) -> list[str]:
    """Style elements for a screen."""
    return [item.text or "" for item in root.iter("style") if medium_holds(item.get("media") or "")]


def _depth(root: lxml_html.HtmlElement, limit: int) -> int:
    """How deep the tree is; stops counting beyond the limit."""
    level = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
        if deepest > limit:
            break
    return deepest


def _plain(source: str, limit: int, defect: str) -> HtmlText:
    if len(_LIST_TAGS.findall(source)) > _SEARCH:  # nested lists are indented without end
        source = _LIST_TAGS.sub("\n", source)
    try:
        text = extract_plain_text(source, preserve_formatting=True, main_content=False, noscript=False)[:limit]
    except Exception:
        text = re.sub(r"<[^<>]{0,2000}>", " ", source)[:limit]
    text = text.replace("\x00", "\ufffd")
    return HtmlText(text=text, blocks=plain_blocks(text), defect=defect)


class _Walker:
    """One pass over the tree, without recursion into Python's stack beyond the checked depth."""

    def __init__(self, limit: int, sheet: Sheet) -> None:
        self.out = TextBuilder(limit)
        self.hidden: list[tuple[int, int]] = []
        self.inks: list[tuple[int, int, Ink]] = []
        self._sheet = sheet
        self._runs: list[Run] = []
        self._aside: list[Run] = []  # what nobody sees: it gets a block of its own below
        self._said: list[tuple[Ink, str]] = []  # the words of the open block with how they look
        self._kind = BlockKind.PARAGRAPH
        self._level = 0
        self._label = ""
        self._quote = 0
        self._lists: list[PageList] = []
        self._grids: list[Grid] = []
        self._row: list[list[Run]] | None = None
        self._tight = False
        self._kept = False  # spaces of the open block stay as they are

    def flush(self) -> None:
        """End the block that is open."""
        runs, self._runs = self._runs, []
        if self._row is not None:
            if not any(run.text.strip() for run in runs):  # white space between cells is none of theirs
                return
            if not self._row:
                self._row.append([])
            label, self._label = self._label, ""
            self._row[-1].extend([*([Run(text=f"{label} ")] if label else []), *runs, Run(text=" ")])
            return
        if self._quote:
            runs = _quoted(runs, self._quote)
        before = len(self.out.blocks)
        kept, self._kept = self._kept, False
        self.out.add(self._kind, runs, level=self._level, label=self._label, tight=self._tight or bool(self._quote), kept=kept)
        self._inked(before)
        if runs or self._aside:
            self._kind, self._level, self._label, self._tight = BlockKind.PARAGRAPH, 0, "", False
        self._put_aside()

    def _put_aside(self) -> None:
        """Words that nobody sees stay in the text, in blocks of their own, and are marked."""
        if self._aside:
            aside, self._aside = self._aside, []
            before = len(self.out.blocks)
            self.out.add(BlockKind.PARAGRAPH, aside, tight=True)
            self.hidden += [(block.start, block.end) for block in self.out.blocks[before:]]

    def _inked(self, before: int) -> None:
        """Where in the block that has just been made the words stand that do not look as usual."""
        said, self._said = self._said, []
        if len(self.out.blocks) == before or all(ink == USUAL for ink, _ in said):
            return
        block = self.out.blocks[-1]
        cells = ("".join(run.text for run in cell) for cell in block.cells)
        words = "".join(run.text for run in block.runs) if block.runs else "\t".join(cells)
        at = 0
        for ink, piece in said:
            bare = " ".join(piece.split())
            found = words.find(bare, at)
            if found >= 0:
                at = found + len(bare)
                self.inks.append((block.start + found, block.start + at, ink))

    def walk(self, node: lxml_html.HtmlElement, look: Look = PLAIN) -> None:
        """Read an element and what is in it."""
        tag = node.tag if isinstance(node.tag, str) else ""
        if not tag or tag in _SKIP:
            return
        told = self._sheet.of(node, tag) if self._sheet else ""
        if (own := node.get("style")) is not None:
            told += own
        quote = _is_quote(tag, node)
        style = read_style(told) if told else SILENT
        if told or tag in LOOKS or node.attrib:
            look = look_of(look, tag, node, style)
        self._enter(tag, node, quote=quote, gone=look.gone, marker=style.marker)
        self._say(node.text if tag != "img" else _sign_of(node), look)
        for child in node:
            self.walk(child, look)
            self._say(child.tail, look)
        self._leave(tag, node, quote)

    def _say(self, text: str | None, look: Look) -> None:
        if not text:
            return
        words = text if look.pre else _WHITE_SPACE.sub(" ", text)
        shown = bool(words.strip())
        if look.hidden:
            if shown or self._aside:
                self._aside.append(Run(text=words))
            return
        words = shifted(words, look.shift) if look.shift else words
        self._kept |= look.pre and shown
        self._runs.append(
            Run(text=words, bold=look.bold and shown, italic=look.italic and shown, link=look.link, struck=look.struck)
        )
        if shown and look.link is None:
            self._said.append((look.ink, words))

    def _enter(self, tag: str, node: lxml_html.HtmlElement, *, quote: bool, gone: bool, marker: str) -> None:
        if tag == "br":
            if self._row is not None:
                self._runs.append(Run(text=" "))
            else:
                self._line_break()
        elif tag in ("ul", "ol"):
            self.flush()
            self._lists.append(PageList(tag, node, marker))
        elif tag == "li":
            self.flush()
            if not gone:  # what is not shown is not numbered
                self._item(node, marker)
        elif tag == "tr":
            self.flush()
            grid = self._grid()
            grid.begin()
            if self._row is None and is_data_row(node, grid.carried):
                self._row = []
        elif tag in ("td", "th"):
            self.flush()
            if self._row is not None:
                self._grid().before_cell(self._row)
                self._row.append([])
        elif tag in HEADINGS:
            self.flush()
            self._kind, self._level = BlockKind.HEADING, HEADINGS[tag]
        elif tag in _BLOCK or tag == "blockquote":
            self.flush()
            if tag == "table":
                self._grids.append(Grid())
        if quote:
            self.flush()
            self._quote += 1

    def _line_break(self) -> None:
        """A line end ends the block (mail programs write paragraphs so); the next one follows without an empty line."""
        had = bool(self._runs)
        self.flush()
        self._tight = had

    def _item(self, node: lxml_html.HtmlElement, marker: str) -> None:
        self._kind, self._level = BlockKind.LIST_ITEM, max(1, len(self._lists))
        self._label = self._lists[-1].label(node, marker) if self._lists else "•"
        self._tight = True

    def _grid(self) -> Grid:
        if not self._grids:
            self._grids.append(Grid())  # rows without a table
        return self._grids[-1]

    def _leave(self, tag: str, node: lxml_html.HtmlElement, quote: bool) -> None:
        if quote:
            self.flush()
            self._quote -= 1
        if tag in ("ul", "ol"):
            self.flush()
            if self._lists:
                self._lists.pop()
        elif tag == "tr":
            self._row_ends()
        elif tag in _BLOCK or tag in HEADINGS or tag in ("li", "td", "th", "blockquote"):
            self.flush()
            if tag in ("td", "th") and self._row:
                self._grid().after_cell(self._row, node)
            elif tag == "table" and self._grids:
                self._grids.pop()

    def _row_ends(self) -> None:
        self.flush()
        row, self._row = self._row, None
        grid = self._grid()
        grid.end(row)
        if row is None:
            return
        before = len(self.out.blocks)
        if not grid.carried and sum(1 for cell in row if "".join(run.text for run in cell).strip()) == 1:
            self.out.add(BlockKind.PARAGRAPH, [run for cell in row for run in cell])
        else:
            self.out.add_row(row)
        self._inked(before)
        self._put_aside()


def _is_quote(tag: str, node: lxml_html.HtmlElement) -> bool:
    kind = f"{node.get('type') or ''} {node.get('class') or ''} {node.get('id') or ''} {node.get('data-marker')}".lower()
    if tag == "blockquote":
        return "cite" in kind or "quote" in kind or "border-left" in (node.get("style") or "")
    return tag == "div" and any(mark in kind for mark in _QUOTES)


def _sign_of(picture: lxml_html.HtmlElement) -> str:
    """The sign (a face, a thumb) that a program has drawn: its author wrote it, and no picture. "" of any other picture."""
    words = (picture.get("alt") or "").strip()
    said = 0 < len(words) <= _LONGEST_SIGN and all(category(char) in _SIGNS for char in words) and not words.isascii()
    return words if said else ""


_LONGEST_SIGN = 8
_SIGNS = ("So", "Sk", "Mn", "Me", "Cf", "Cn", "Co")  # what is newer than the tables is unassigned


def _quoted(runs: list[Run], depth: int) -> list[Run]:
    mark = ">" * depth + " "
    words = "".join(run.text for run in signed(runs)).strip()
    return [Run(text=mark + words.replace("\n", "\n" + mark))] if words else []
