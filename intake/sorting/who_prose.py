"""Organizations named in running text: "on behalf of ...", "we are ...", "X (ABC) unites ...", titles of documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from intake.sorting.folding import Folded, fold, folded, has_cjk
from intake.sorting.language import language_of
from intake.sorting.who_category import name_scores
from intake.sorting.who_lexicon import Hit
from intake.sorting.who_names import organization_name
from intake.sorting.who_places import named_country
from intake.sorting.who_tables import WhoTables

_STOP = re.compile(r"[.,;:!?\n()（）\"“”«»،؛。，；：]|\s[–—-]\s|\s-|\t")
_LEGAL_POINT = re.compile(r"^[.,]\s?(?:Ltd|Inc|LLC|S\.|A\.|V\.|C\.)", re.IGNORECASE)
_CAPITAL = re.compile(r"[^\W\d_a-zà-ÿа-я]", re.UNICODE)
_HEAD = 1600
_MOST_WORDS = 14
_NEAR = 400
"""Characters in which a sender says who it is."""
_INDEFINITE = re.compile(r"(?<!\w)(?:an?|une?|un|una|uno|uma?|eine?[nmrs]?|een|ett|et|som|som en)\s{1,2}$")
_BULLET = re.compile(r"\s*(?:[-•*·–]|\(?\d{1,3}[.)])\s*$")
_TO_NAME = re.compile(r"\s*[,،，:]?\s*(?:(?:der|die|das|den|dem|the|la|le|el|los|las|les)\s+)?", re.IGNORECASE)
_WORD_BEFORE = re.compile(r"([^\W\d_][\w'’.&-]*)[ \t]$")
_NUMBERED = re.compile(r"[\s,]+(?:No\.?\s*)?[\w-]*\d[\w/-]*")
_NO_NAME = frozenset(("the", "we", "our", "this", "dear", "as", "for", "on", "in", "at", "from", "by", "and", "of", "to", "is"))
_QUOTED = re.compile(r"[«“\"][^«»“”\"\n]{2,80}[»”\"]")


class Named(Struct, frozen=True):
    """An organization named in a text, how sure its words make it, and the words that follow (for what it is)."""

    name: str
    score: float
    source: str


def named_organizations(text: str, source: str, tables: WhoTables) -> Iterator[Named]:
    """Candidates at the beginning of a text: spoken for, presented, or named by a word of its kind."""
    head = _cut(text)
    page = fold(head)
    english = language_of(head, tables.letters.function_words) == "en"
    for match in tables.client.finditer(page.text):
        begin = page.back(match.end())
        lead = _TO_NAME.match(head, begin)
        name = _name_at(head, lead.end() if lead else begin, tables, english=english, introduced=True)
        if name:
            yield Named(name, 0.95, source)
    for match in tables.behalf.finditer(page.text):
        name = _name_at(head, page.back(match.end()), tables, english=english, introduced=True)
        if name:
            formal = " " in match.group() and tables.filed.search(match.group()) is None
            yield Named(name, 0.91 if formal and name_scores(name, tables) else 0.78, source)
    for start in _sentence_starts(page.text):
        presented = tables.self_words.match(page.text, start)
        begin = page.back(presented.end() if presented else start)
        name = _name_at(head, begin, tables, english=english)
        if name and (presented or _is_follows(page.text[page.forth(begin) :], name, tables)):
            yield Named(name, 0.72, source)
        elif name and _is_apposed(page.text[page.forth(begin) :], name, tables):
            yield Named(name, 0.68, source)
    yield from _by_kind(head, page, source, tables, english=english)


def _by_kind(head: str, page: Folded, source: str, tables: WhoTables, *, english: bool) -> Iterator[Named]:
    """Names that hold a word of their kind, wherever they stand in running text; no description and no item of a list."""
    for hit in (*tables.kinds.find(page.text), *_legal_hits(page.text, tables)):
        start = page.back(hit.start)
        if not (head[start].isupper() or "\u0600" <= head[start] <= "\u06ff") or (start and head[start - 1].isalnum()):
            continue
        if _INDEFINITE.search(page.text[max(0, hit.start - 8) : hit.start]):
            continue  # "an NGO in Kampala" is a description
        begin = _widened(head, start, tables)
        if _BULLET.match(head[head.rfind("\n", 0, begin) + 1 : begin]):
            continue
        name = _name_at(head, begin, tables, english=english) or _name_at(head, start, tables, english=english)
        if name and len(name.split()) > 1 and not tables.self_words.match(folded(name)):
            company = tables.legal_forms.search(folded(name)) is not None
            near = 0.07 if start < _NEAR else 0.0
            yield Named(name, 0.5 + near + 0.06 * company + 0.1 * _is_follows(page.text[hit.start :], name, tables), source)


def document_title(text: str, tables: WhoTables) -> Iterator[Named]:
    """Organizations in the first lines of a document: its letterhead or title, before the one who is written to."""
    lines = [line.strip() for line in _cut(text).split("\n") if line.strip()][:8]
    english = language_of(text[:_HEAD], tables.letters.function_words) == "en"
    for line in lines:
        # An address on the same line is no part of the name.
        line = _NUMBERED.split(line)[0].strip() or line
        plain = folded(line)
        first = plain.split()[0].strip(".,")
        if tables.letters.addressee.match(plain) or tables.letters.salutation.match(plain) or first in tables.courtesy:
            return
        titled = tables.titled.match(plain[:200])
        if titled:
            name = organization_name(line[: titled.end("name")], tables)
            if (
                len(name.split()) <= _MOST_WORDS
                and _CAPITAL.match(name)
                and _all_capital(name)
                and not tables.never.search(folded(name))
            ):
                yield Named(name, 0.66, "letterhead")
        if len(line) > 160 or line[-1] in ".;:!?。；":
            continue
        for piece in re.split(r"[|\t,،，]\s*|\s[–—-]\s", line):
            if not (_CAPITAL.match(piece) or has_cjk(piece[:1])) or tables.letters.salutation.match(folded(piece)):
                continue
            if tables.name_ends.search(folded(piece), 1):
                continue
            if tables.never.search(folded(piece)) or (english and _title_case(piece, tables) != " ".join(piece.split())):
                continue
            scores = name_scores(piece, tables)
            if (scores and max(scores.values()) >= 1.0 and 2 <= len(piece.split()) <= _MOST_WORDS) or (
                scores and has_cjk(piece) and len(piece) <= 30
            ):
                yield Named(organization_name(piece, tables), min(0.6, 0.35 + 0.1 * max(scores.values())), "letterhead")


def _cut(text: str) -> str:
    """The beginning of a text, up to a whole word."""
    return text if len(text) <= _HEAD else text[:_HEAD].rpartition(" ")[0]


def _legal_hits(plain: str, tables: WhoTables) -> Iterator[Hit]:
    """Legal forms that stand before the name: ТОО «...», شركة ..."""
    for match in tables.legal_forms.finditer(plain):
        if match.group()[0] > "\u0370":
            yield Hit(match.start(), match.end(), "private_sector", 1)


def _widened(text: str, start: int, tables: WhoTables) -> int:
    """Where a name begins of which a word inside says what it is: "Samar Island | Women's Circle" begins with "Samar"."""
    begin = start
    for _ in range(5):
        match = _WORD_BEFORE.search(text, max(0, begin - 40), begin)
        if match is None or not match.group(1)[0].isupper():
            break
        plain = folded(match.group(1)).strip(".")
        if plain in tables.courtesy or plain in tables.titles or tables.never.fullmatch(plain) or plain in _NO_NAME:
            break
        begin = match.start()
    return begin


def _sentence_starts(plain: str) -> Iterator[int]:
    yield 0
    for match in re.finditer(r"(?:[.!?:]\s+|\n\s*\n\s*|\n)(?=\w)", plain):
        yield match.end()


def _name_at(text: str, start: int, tables: WhoTables, *, english: bool = False, introduced: bool = False) -> str | None:
    """The name that begins at an offset: up to punctuation or a word that no name holds; it must say what it is."""
    while start < len(text) and text[start] in " \t\n'’\"“«":
        start += 1
    end = _name_end(text, start, tables)
    piece = " ".join(text[start:end].split())
    if not introduced and tables.name_ends.match(folded(piece)):
        return None  # a verb stands first
    ending = tables.name_ends.search(folded(piece), 1)
    if ending:
        piece = piece[: ending.start()].strip()
    if not piece or len(piece.split()) > _MOST_WORDS or len(piece) > 140:
        return None
    if english:
        piece = _title_case(piece, tables)
    name = organization_name(piece, tables)
    if len(name.split()) == 1 and name_scores(name, tables) and not has_cjk(name):
        return None  # "the Chamber" names no chamber
    if tables.never.search(folded(name)) or _is_category(name, tables):
        return None
    if not name or not (_CAPITAL.match(name) or has_cjk(name)):
        return None
    if named_country(name, tables) and len(name.split()) <= 4 and not name_scores(name, tables):
        return None
    fits = len(name.split()) <= 5 and _all_capital(name)
    return name if name_scores(name, tables) or fits or (introduced and len(name.split()) >= 3 and len(name) > 16) else None


def _name_end(text: str, start: int, tables: WhoTables) -> int:
    """Where the punctuation stands that ends a name; not within quotation marks, a wrapped line or a legal form."""
    end = start
    while True:
        stop = _STOP.search(text, end)
        if stop is None:
            return min(len(text), start + 160)
        end = stop.start()
        quoted = _QUOTED.match(text, end) if 1 < end - start < 60 else None
        if quoted:
            # ТОО «...», Asociación "..."
            end = quoted.end()
            continue
        line = text.rfind("\n", 0, end) + 1
        if stop.group() == "\n" and text[stop.end() : stop.end() + 1].strip() and 50 < end - line < 100:
            end += 1
            continue
        last = text[max(start, end - 8) : end].rpartition(" ")[2]
        if text[end] == "." and last and tables.legal_forms.fullmatch(folded(last)):
            return end + 1
        if _LEGAL_POINT.match(text[end : end + 8]) or (text[end] == "." and last in ("Pvt", "Co", "Inc")):
            end += 1
            continue
        return end


def _is_category(name: str, tables: WhoTables) -> bool:
    """ "Civil society" is a category and nobody's name."""
    plain = folded(name)
    return any(hit.start == 0 and hit.end == len(plain) for hit in tables.declared.find(plain))


def _title_case(piece: str, tables: WhoTables) -> str:
    """An English name ends before the first small word that does not join two capital ones."""
    words = piece.split()
    if not words or piece.isupper():
        return piece
    kept: list[str] = []
    for word in words:
        if not (word[0].isupper() or not word[0].isalpha()) and word.strip("().,'") not in tables.joins:
            break
        kept.append(word)
    while kept and kept[-1].lower() in tables.joins:
        kept.pop()
    return " ".join(kept)


def _all_capital(name: str) -> bool:
    words = [word for word in name.split() if len(word) > 3]
    return len(words) > 0 and all(word[0].isupper() for word in words)


def _is_apposed(after: str, name: str, tables: WhoTables) -> bool:
    """A name that says what it is, and then in a bracket or between commas more of it: "X Association (a union of ...)"."""
    plain = folded(name)
    begin = after.replace("\n", " ").find(plain, 0, len(plain) + 8)
    if begin < 0 or not name_scores(name, tables) or len(plain.split()) < 2:
        return False
    rest = after[begin + len(plain) :].lstrip(" ")
    if not rest.startswith(("(", "（", ",", "،", "，")):
        return False
    said = rest[1:90]
    return rest[0] in "(（" or bool(tables.kinds.values(said) or tables.declared.values(said) or tables.names.values(said))


def _is_follows(after: str, name: str, tables: WhoTables) -> bool:
    plain = folded(name)
    # An article may stand before the name, a line end within it.
    begin = after.replace("\n", " ").find(plain, 0, len(plain) + 8)
    if begin < 0:
        return False
    rest = re.sub(r"^\s*\([^)\n]{1,60}\)", "", after[begin + len(plain) :].lstrip(" ,"))
    return tables.is_words.match(rest.lstrip(" ,")) is not None
