"""A compilation read back from its formats: below each anchor the words of respondents, and how often the anchor stands there."""

from __future__ import annotations

import io
import re
from collections import Counter
from html.parser import HTMLParser
from zipfile import ZipFile

from lxml import etree
from markdown_it import MarkdownIt

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def bare(text: str) -> str:
    """Without white space: lines may be opened and cells parted."""
    return re.sub(r"\s+", "", text)


class _Told(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.anchors: Counter[str] = Counter()
        self.words: dict[str, str] = {}
        self._at = ""
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("h2", "h3", "h4") and values.get("id"):
            self._at = str(values["id"])
            self.anchors[self._at] += 1
            self.words[self._at] = ""
        if tag == "div" and (self._depth or values.get("class") == "told"):
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.words[self._at] += data


def from_html(raw: bytes) -> tuple[Counter[str], dict[str, str]]:
    page = _Told()
    page.feed(raw.decode("utf-8"))
    return page.anchors, page.words


def from_docx(raw: bytes) -> tuple[Counter[str], dict[str, str]]:
    body = etree.fromstring(ZipFile(io.BytesIO(raw)).read("word/document.xml"))[0]
    anchors: Counter[str] = Counter()
    words: dict[str, str] = {}
    at = ""
    for item in body:
        mark = item.find(f"{W}bookmarkStart")
        style = item.find(f"{W}pPr/{W}pStyle")
        name = style.get(f"{W}val", "") if style is not None else ""
        if mark is not None:
            at = mark.get(f"{W}name", "").lstrip("_").replace("_", "-")
            anchors[at] += 1
            words[at] = ""
        if (item.tag == f"{W}tbl" and at.startswith(("response-", "answers-"))) or name.startswith("Response"):
            words[at] += "".join(text.text or "" for text in item.iter(f"{W}t"))
    return anchors, words


def from_markdown(raw: bytes, shell: set[str]) -> tuple[Counter[str], dict[str, str]]:
    """As a reader of CommonMark (with tables) shows it."""
    anchors: Counter[str] = Counter()
    words: dict[str, str] = {}
    at, aside = "", 0
    for token in MarkdownIt("commonmark").enable("table").parse(raw.decode("utf-8")):
        aside += (token.type in ("heading_open", "blockquote_open")) - (token.type in ("heading_close", "blockquote_close"))
        mark = re.fullmatch(r'<a id="([^"]+)"></a>', token.content) if token.type == "inline" else None
        if mark:
            at = mark.group(1)
            anchors[at] += 1
            words[at] = ""
        elif token.type == "inline" and at and not aside:
            text = "".join(child.content for child in token.children or () if child.type != "html_inline")
            words[at] += text if bare(text) not in shell else ""
    return anchors, words
