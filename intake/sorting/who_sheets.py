"""A message's units as the search for the respondent looks at them: signature, covering words, declared fields."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from intake.model.mail import Arrival
from intake.sorting.answers_frame import frame_of
from intake.sorting.answers_lines import page_of
from intake.sorting.answers_units import Unit, authored
from intake.sorting.folding import folded, has_cjk
from intake.sorting.who_fields import declared_fields
from intake.sorting.who_functions import is_title
from intake.sorting.who_names import longest_form, person_name
from intake.sorting.who_signature import Signature, read_signature
from intake.sorting.who_tables import WhoTables

_LABEL_COLUMN = 25
_LONG_SALUTATION = 45
_LONG_UNSPACED = 10
_GREETED_FROM = re.compile(r"\b(?:from|desde|depuis|из|aus|dalla|da)\s|\sمن\s|来自", re.IGNORECASE)
_LATE_LINES = 5
_LINE = 90
_BARS = re.compile(r"\s[|·•]\s")
"""What parts name, function and body on one line, which may then be long."""
_LETTERHEAD = 500
"""Characters above a salutation in which a letterhead stands."""
_PROXY_LINES = 40
_SURE_NAME = 3
_NAME_WORDS = 5
_ITEM = re.compile(r"\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[①-⑳]|第?[一二三四五六七八九十]+[、题題])")
_FIRST = re.compile(r"[,،，;(|]|\s[-–—]\s")
_ARABIC = re.compile("[\u0600-\u06ff]")
HEAD = 1800
"""Characters in which a text says whose it is."""


class Author(Struct, frozen=True, kw_only=True):
    """Whose text it is, as the classifier found: of the outer message, or (`part`) of an attached one."""

    address: str = ""
    name: str = ""
    part: str = ""


class Sheet(Struct, frozen=True, kw_only=True):
    """A unit with its signature and the words before the answers. `head`: the lines above the salutation."""

    unit: Unit
    intro: str
    head: str
    signature: Signature
    declared: dict[str, str]


class Found(Struct, frozen=True, kw_only=True):
    """A value, where it was found, and how sure that is."""

    value: str
    source: str
    confidence: float


def field_of(value: str | None, source: str, confidence: float) -> Found | None:
    """A value with its source, or None when it is empty."""
    return Found(value=value, source=source, confidence=confidence) if value else None


def voiced(arrival: Arrival, author: Author) -> tuple[Unit, ...]:
    """The units that speak for the author: an attached message's own when he wrote that, else all but others' messages."""
    units = authored(arrival)
    inner = [
        unit for unit in units if unit.kind == "message" and (unit.part == author.part or unit.sender == author.address.lower())
    ]
    outer = arrival.reading.from_[0].address.lower() if arrival.reading.from_ else ""
    handed_on = [unit for unit in units if unit.kind == "forwarded" and unit.part == ""]
    if not inner and handed_on and author.address and outer != author.address.lower():
        return (*handed_on, *(unit for unit in units if unit.kind == "attachment"))  # the colleague's own words are none of his
    if inner and outer != author.address.lower():
        prefix = inner[0].part
        return tuple(unit for unit in units if unit.part == prefix or unit.part.startswith(prefix + "."))
    return units


def sheet_of(unit: Unit, tables: WhoTables, known: frozenset[str] = frozenset()) -> Sheet:
    """The unit with its signature, the words before the first label, and the fields it declares."""
    page = page_of(unit, tables.letters.opener, tables.letters.closer)
    frame = frame_of(page, tables.letters)
    begin, end = page.fold.back(frame.signature), page.fold.back(frame.end)
    block = unit.text[begin:end] if begin < end else ""
    marked = "\n".join(unit.text[start:stop] for start, stop in unit.signature)
    signature = read_signature(block, tables, known) if block.strip() else Signature()
    if marked.strip():
        signature = _fuller(signature, read_signature(marked, tables, known))
    own = unit.own_text
    if signature.person is None:
        late = _late(own, tables, known) if unit.kind != "attachment" else _last_line(own, tables)
        signature = _fuller(signature, late)
    signature = _proxy(own, signature, tables, known)
    first = _after_salutation(unit.text, page.fold.back(frame.start))
    label = next((match.start() for match in _labels(page.plain, frame.start, tables)), len(page.plain))
    last = page.fold.back(label)
    intro = "\n".join(unit.text[max(start, first) : min(end, last)] for start, end in unit.own if end > first and start < last)
    above = page.plain.rfind("\n", 0, max(0, frame.start - 1)) + 1 if frame.start else 0
    head = unit.text[: page.fold.back(above)][-_LETTERHEAD:] if unit.kind in ("body", "message") else ""
    return Sheet(unit=unit, intro=intro[:HEAD], head=head, signature=signature, declared=declared_fields(own, tables))


def _after_salutation(text: str, start: int) -> int:
    """A salutation that runs on ("Good evening, I write for the Harbour Union, Fiji.") says who writes."""
    line = text.rfind("\n", 0, max(0, start - 1)) + 1
    unspaced = has_cjk(text[line:start]) and text[line:start].rstrip()[-1:] not in tuple(":：,，!！")
    return (
        line
        if start - line > (_LONG_UNSPACED if unspaced else _LONG_SALUTATION) or _GREETED_FROM.search(text, line, start)
        else start
    )


def _late(own: str, tables: WhoTables, known: frozenset[str]) -> Signature:
    """The last lines, where no formula and no empty line parts them from the text: a name over or beside a function."""
    lines = [line.strip() for line in own.split("\n") if line.strip()][-_LATE_LINES:]
    for start in range(len(lines)):
        block = lines[start:]
        if len(block[0].split()) > _SURE_NAME and block[0].endswith("."):
            continue  # the end of a sentence
        greets = tables.letters.salutation.match(folded(block[0])) is not None
        if (
            greets
            or any(_is_said(line) for line in block)
            or any(len(line) > (_LINE if not _BARS.search(line) else 2 * _LINE) or line[-1] in "?!;:" for line in block)
        ):
            continue
        block = _capital(block, tables)
        if not _names_only(_FIRST.split(block[0])[0], tables, known):
            continue
        found = read_signature("\n".join(block), tables, known)
        if found.person and (found.title or found.organization or len(block) == 1):
            return found
    return Signature()


def _last_line(own: str, tables: WhoTables) -> Signature:
    """The last line of a document that is a function and a name and nothing else: "副局长 段永康"."""
    line = own.rstrip().rpartition("\n")[2].strip()
    if not line or len(line) > _LINE or _is_said(line) or line[-1] in ".?!;:":
        return Signature()
    found = read_signature(line, tables)
    return found if found.person and found.title else Signature()


def _is_said(line: str) -> bool:
    """A sentence or an item of a list in letters without spaces: "（二）不收费", "干了二十六年。"; no line of a signature."""
    return has_cjk(line) and (line[-1] in "。；！？" or _ITEM.match(line) is not None)


def _capital(block: list[str], tables: WhoTables) -> list[str]:
    """ "ana maría ruiz" over "PRESIDENTA": a name in small letters over a function, with its capitals."""
    words = block[0].split()
    small = block[0].islower() and 1 < len(words) <= _NAME_WORDS and all(word.isalpha() for word in words)
    if not small or len(block) == 1 or not is_title(block[1], tables) or tables.letters.closing.match(folded(block[0])):
        return block
    if any(folded(word) in tables.clause_words for word in words):
        return block
    return [block[0].title(), *block[1:]]


def _names_only(text: str, tables: WhoTables, known: frozenset[str]) -> bool:
    """A name, every longer word of it with a capital."""
    words = text.split()
    return (
        person_name(text, tables, known) is not None
        and len(words) <= 6
        and all(not word[0].islower() for word in words if len(word) > 3 and word not in ("viuda",))
    )


def _proxy(own: str, signature: Signature, tables: WhoTables, known: frozenset[str]) -> Signature:
    """ "For the Harbour Authority" over a name, anywhere in the text: who signs there speaks for it."""
    lines = own.split("\n")[-_PROXY_LINES:]
    for number, line in enumerate(lines[:-1]):
        plain = folded(line)
        match = tables.for_another.match(plain) if 6 < len(plain) < 100 else None
        if match is None or line.rstrip()[-1:] in ".!?":
            continue
        name = person_name(_FIRST.split(lines[number + 1].strip())[0], tables, known)
        body = read_signature(line, tables) if name else Signature()
        if name and body.organization and body.person is None:
            found = read_signature("\n".join(lines[number : number + 3]), tables, known)
            return found if found.organization and found.person else signature
    return signature


def _labels(plain: str, start: int, tables: WhoTables) -> Iterator[re.Match[str]]:
    """Labels of answers: what comes after the first says nothing about the sender."""
    patterns = (tables.letters.labelled, tables.letters.chinese)
    for match in sorted(
        (found for pattern in patterns for found in pattern.finditer(plain, start)), key=lambda found: found.start()
    ):
        line = plain.rfind("\n", 0, match.start()) + 1
        if match.start() - line < _LABEL_COLUMN:
            yield match


def _fuller(one: Signature, other: Signature) -> Signature:
    """Two blocks of one letter ("Ilze", then the full block) as one."""
    certain = one.certain or not other.certain
    return Signature(
        person=longest_form(one.person, [other.person or ""]) if one.person else other.person,
        title=one.title or other.title,
        organization=(one.organization if certain else None) or other.organization or one.organization,
        certain=one.certain or other.certain,
        weight=max(entry.weight for entry in (one, other) if entry.certain == (one.certain or other.certain)),
        country=one.country or other.country,
        signer=one.signer,
        assistant=one.assistant or other.assistant,
        also=(*one.also, *other.also),
    )


def script_of(text: str) -> str:
    """The script most letters of a text are in: "arabic", "chinese" or "other"."""
    if text.isascii():
        return "other"
    arabic = len(_ARABIC.findall(text[:HEAD]))
    if arabic * 2 > len(text[:HEAD]) * 0.7:
        return "arabic"
    return "chinese" if has_cjk(text) and not re.search(r"[A-Za-z]{4}", text) else "other"
