"""Which parts of a message are its own text, in order, and which of two forms of it is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from email.message import Message

from msgspec import Struct

from intake.model.mail import Defect
from intake.model.text import Block, BlockKind
from intake.reading.builder import plain_blocks
from intake.reading.enriched import KINDS
from intake.reading.html import HtmlText, joined_pages
from intake.reading.spans import without
from intake.reading.walk import Leaf, stored, type_of

_UNSPACED, _SPACED = re.compile(r"[\u2e80-\u9fff]"), re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"[\u2e80-\u9fff]|[^\W_\u2e80-\u9fff]+")
_MARKUP = re.compile(
    r"(?:https?://|www\.|mailto:)\S+|\[(?:cid|image)[:\s][^\]\n]{0,200}\]|<[^<>\s]{1,500}>|^[ \t]*>.*$", re.I | re.M
)
_MARKS = ("://", "www.", "mailto:", "[", "<", ">")
"""Of which markup has one."""
_NOTICE_WORDS = 60
_SHOWN = 20  # words of a difference that are named


class Group(Struct):
    """Leaves that say the same in two forms (multipart/alternative), or one leaf by itself."""

    plain: list[Leaf]
    html: list[Leaf]


class Form(Struct, frozen=True, kw_only=True):
    """A group as it is read: `page` is its HTML; `text is page.text` where that is read."""

    text: str
    blocks: tuple[Block, ...]
    page: HtmlText


def body_groups(message: Message, found: Sequence[Leaf]) -> list[Group]:
    """The parts that are the message's own text: no attachments, none inside a report's later parts."""
    alternatives = set(_alternatives(message, ""))
    groups: dict[str, Group] = {}
    plain, html = 0, 0
    for leaf in found:
        kind = leaf.part.get_content_type().lower()
        if leaf.attached or _is_file(leaf):
            continue
        group = groups.get(key := _key(leaf.path, alternatives)) or Group(plain=[], html=[])
        if kind == "text/plain" or (kind.startswith("multipart/") and not leaf.part.is_multipart()):
            if plain and not _belongs(leaf, plain):
                continue
            group.plain.append(leaf)
            plain += 1
        elif kind in ("text/html", *KINDS) and (not html or _belongs(leaf, html)):
            group.html.append(leaf)
            html += 1
        else:
            continue
        groups[key] = group
    if not groups and len(found) == 1 and message.get_content_maintype() == "text":
        return [Group(plain=list(found), html=[])]
    return list(groups.values())


def _alternatives(part: Message, path: str) -> Iterator[str]:
    """Paths of the outermost multipart/alternative parts; "" is the message itself."""
    payload = stored(part)
    kind = type_of(part)
    if not isinstance(payload, list) or not kind.startswith("multipart/"):
        return
    if kind == "multipart/alternative":
        yield path
        return
    for number, child in enumerate(payload, 1):
        yield from _alternatives(child, f"{path}.{number}" if path else str(number))


def _key(path: str, alternatives: set[str]) -> str:
    if "" in alternatives:
        return "*"
    steps = path.split(".")
    return next((f"{above}.*" for size in range(1, len(steps)) if (above := ".".join(steps[:size])) in alternatives), path)


def _belongs(leaf: Leaf, before: int) -> bool:
    """A later unnamed part of the same kind goes on with the text (Apple Mail around files and pictures; list footers)."""
    return leaf.part.get_filename() is None and before < 20


def _is_file(leaf: Leaf) -> bool:
    disposition = str(leaf.part.get("Content-Disposition", "")).split(";")[0].strip().lower()
    if disposition == "attachment":
        return True
    try:
        named = leaf.part.get_filename() is not None
    except (ValueError, TypeError, LookupError):
        named = False
    return named and leaf.path not in ("1", "1.1")


def paired(groups: Sequence[tuple[str, HtmlText]]) -> list[tuple[str, HtmlText]]:
    """(plain text, page) of each group; neighbours that say the same, one plain and one a page, are two forms of one text."""
    out: list[tuple[str, HtmlText]] = []
    for text, page in groups:
        if out and not (text.strip() and page.text.strip()):
            above, paper = out[-1]
            if above.strip() and not paper.text.strip() and page.text.strip() and _same(above, page):
                out[-1] = (above, page)
                continue
            if paper.text.strip() and not above.strip() and text.strip() and _same(text, paper):
                out[-1] = (text, paper)
                continue
        out.append((text, page))
    return out


def _same(text: str, page: HtmlText) -> bool:
    said, shown = _words(text), _words(without(page.text, page.hidden))
    return min((said - shown).total() / max(1, said.total()), (shown - said).total() / max(1, shown.total())) <= 0.1


def formed(text: str, page: HtmlText, defects: list[Defect]) -> Form:
    """The fuller of two forms of a text: the plain one unless the page says all of it and more, or is all there is. What one says
    and the other does not is noted."""
    plain = Form(text=text, blocks=plain_blocks(text), page=page)
    full = Form(text=page.text, blocks=page.blocks, page=page)
    if not page.text.strip():
        return plain
    if not text.strip():
        return full
    said, shown = _words(text), _words(without(page.text, page.hidden))
    more = Counter({word: number for word, number in (shown - said).items() if not (word.isdigit() and len(word) < 3)})
    less = said - shown
    notice = "html" in said and said.total() <= _NOTICE_WORDS and 2 * less.total() > said.total() and more.total() > 0
    for code, extra in (("html_says_more", more), ("plain_says_more", less)):
        if extra and not (notice and extra is less):
            defects.append(Defect(code=code, detail=f"{extra.total()} words: {' '.join(list(extra)[:_SHOWN])}"[:300]))
    part = (
        more and 50 * less.total() <= said.total() and 10 * less.total() <= more.total()
    )  # a word that was coded otherwise may lack
    if notice or 3 * said.total() < shown.total() or part:
        return full
    if _has_table(page) and says_all(page.text, text):
        return full
    return plain


def joined(forms: Sequence[Form], limit: int) -> Form:
    """Forms one after the other. One alone keeps the page that was not read: it may still tell more."""
    if len(forms) == 1:
        return forms[0]
    pages = [form.page if form.text is form.page.text else HtmlText(text=form.text, blocks=form.blocks) for form in forms]
    page = joined_pages(pages, limit)
    return Form(text=page.text, blocks=page.blocks, page=page)


def _words(text: str) -> Counter[str]:
    """What is said, without markup and marked quotation; each Chinese character by itself, for it wraps anywhere."""
    low = text.lower()
    marked = any(sign in low for sign in _MARKS)
    plain = (_MARKUP.sub(" ", text) if marked else text).casefold()
    return Counter((_TOKEN if _UNSPACED.search(plain) else _SPACED).findall(plain))


def _has_table(page: HtmlText) -> bool:
    """A table of facts: the plain part has lost which cells stand together."""
    return sum(1 for block in page.blocks if block.kind is BlockKind.TABLE_ROW) >= 2


def says_all(page: str, text: str) -> bool:
    """Whether hardly a word of the plain part is missing from the page."""
    said = set(page.split())
    words = text.replace(">", " ").split()
    return sum(word in said for word in words) >= 0.9 * len(words)
