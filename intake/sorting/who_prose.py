"""Organizations named in running text: "on behalf of ...", "we are ...", "X (ABC) unites ...", titles of documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from intake.sorting.folding import Folded, fold, folded, has_cjk
from intake.sorting.language import language_of
from intake.sorting.who_bounds import CAPITAL, MOST_WORDS, STOP, all_capital, before_verb, name_at, title_case
from intake.sorting.who_category import name_scores
from intake.sorting.who_functions import function_and_body, is_title, starts_as_body
from intake.sorting.who_names import nominative, organization_name, person_name
from intake.sorting.who_quoted import quoted_names
from intake.sorting.who_tables import WhoTables, legal_form
from intake.sorting.who_unspaced import unspaced_names

_HEAD = 1600
_NEAR = 400
"""Characters in which a sender says who it is."""
_NUMBERED = re.compile(r"[\s,]+(?:No\.?\s*)?[\w-]*\d[\w/-]*")
_RUN = re.compile(r"(?:\s['’]?[^\W\d_]+(?:['’-][^\W\d_]+)*)+")
"""Words before a place, read backwards from it."""
_SPOKEN = 240
_FILED_OF = re.compile(r"[^\W\d_]+\s(?:of|from|by|de|du|des|del|da|do)\s(?:the\s|la\s|l['’]|los\s|las\s|les\s)?(?=\w)")
_OF_HOUSE = re.compile(
    r"(?:\s(?:communicated|prepared|adressée?s?|établies?|preparad[ao]s?|formulad[ao]s?|подготовленн\w+))?"
    r"\s(?:of|from|by|de|du|des|del|por|par|da|do|от)\s(?:the\s|la\s|l['’]|los\s|las\s|les\s|el\s|le\s)?"
)
_HELD_IN = re.compile(r"\s(?:of(?: the)?|at(?: the)?|de(?: la| l['’])?|del|du|des|chez|da|do)\s?(?=[A-ZÀ-Þ])")
_NO_NAME = re.compile(r"(?:[QqPpFfRrВвС]\d|(?:A|An|Une?|Una|Uno|Uma?|Eine?)\s)")
"""A label, or an article that speaks of any body: "Q1 Opening", "Une association"."""
_ITEM = re.compile(r"(?:^|\n)[ \t]*(?:[-•*·–]|\d{1,3}[.)])[ \t]*$")
_INDEFINITE = re.compile(r"(?<!\w)(?:an?|une?|un|una|uno|uma?|eine?[nmrs]?|een|ett|som)\s{1,2}$")
_FOR = re.compile(r"\s*(?:for the|pour l[ea]s? |pour l'|por l[ao]s? |por el |за |عن )(?=\s*\S)")
_FOR_BARE = re.compile(r"(?:for|pour|por|за|per|voor|fur)\s+(?=\S)")
_ARABIC_VERB = re.compile(r"([\u0600-\u06ff]+)\s+(?=[\u0600-\u06ff])")
_AS = ("en qualite de", "en ma qualite de", "en calidad de", "en mi calidad de", "в качестве", "capacity as")
_NEXT_VERB = re.compile(r"\s*(?:\w+(?:s|ed)\b|will\b|would\b|have\b|are\b)")


class Named(Struct, frozen=True):
    """An organization named in a text, how sure its words make it, and the words that follow (for what it is)."""

    name: str
    score: float
    source: str


def named_organizations(text: str, source: str, tables: WhoTables) -> Iterator[Named]:
    """Candidates at the beginning of a text: spoken for, presented, subject of a sentence, or named by a word of its kind."""
    head = _cut(text)
    page = fold(head)
    english = _is_english(head, tables)
    for match in tables.behalf.finditer(page.text):
        if match.group() == "for the" and _within_name(head, page.back(match.start())):
            continue  # "Commission for the Volta Gauges"
        name = name_at(head, page.back(match.end()), tables, english=english, introduced=True)
        parted = function_and_body(name, tables) if name and not starts_as_body(name, tables) else None
        if parted is not None and folded(parted[0]).split(" ")[0].strip(".,") in tables.titles:
            name = organization_name(parted[1], tables)  # "in my capacity as Secretary of the Harbour Union"
        elif name and match.group() in _AS and is_title(name, tables):
            continue
        if name:
            name = nominative(name, tables)
            formal = " " in match.group() and tables.filed.search(match.group()) is None
            client = tables.client.search(page.text, max(0, match.start() - 30), match.end() + 20) is not None
            yield Named(name, 0.95 if client else 0.91 if formal and _says_kind(name, tables) else 0.78, source)
    yield from _handed_on(head, page, source, tables, english=english)
    yield from _directed(head, page, source, tables, english=english)
    yield from _clients(head, page, source, tables, english=english)
    yield from _subjects(head, page, source, tables, english=english)
    yield from _by_kind(head, page, source, tables, english=english)
    yield from _we(head, page, source, tables)
    for name in quoted_names(head, page, tables):
        yield Named(name, 0.8, source)
    for name, score in unspaced_names(head, tables):
        yield Named(name, score, source)


def _within_name(head: str, start: int) -> bool:
    """Whether the word before is a name's: with a capital, and no sentence begins with it."""
    before = re.search(r"([^\W\d_]+)\s+([^\W\d_]+)\s*$", head[max(0, start - 60) : start])
    return before is not None and before.group(2)[0].isupper()


def _is_english(text: str, tables: WhoTables) -> bool:
    """English, or a text too short to tell in plain letters."""
    found = language_of(text, tables.letters.function_words)
    return found == "en" or (found == "und" and text.isascii())


def _is_function(name: str, tables: WhoTables) -> bool:
    """ "Directrice de recherche": what somebody is stands first, and no kind of body."""
    plain = folded(name)
    hit = next(tables.kinds.find(plain), None)
    return plain.split()[0] in tables.titles and (hit is None or hit.start > 0)


def _says_kind(name: str, tables: WhoTables) -> bool:
    """A word of its kind, or of an association or a body of States, is in a name."""
    plain = folded(name)
    return bool(name_scores(name, tables) or tables.associations.values(plain) or tables.states.values(plain))


def _handed_on(head: str, page: Folded, source: str, tables: WhoTables, *, english: bool) -> Iterator[Named]:
    """ "The Permanent Mission of X ... transmits the response of the Ministry of Y": the house whose answers a mission hands on."""
    mission = tables.missions.search(page.text, 0, _NEAR)
    for match in islice(tables.filed.finditer(page.text, mission.end()), 12) if mission else ():
        of = _OF_HOUSE.match(head, page.back(match.end()))
        begin = of.end() if of else page.back(match.end())
        while begin < len(head) and head[begin].isspace():
            begin += 1
        name = name_at(head, begin, tables, english=english) if begin < len(head) else None
        if not name or tables.missions.match(folded(name)) or not (head[begin].isupper() or not head[begin].isascii()):
            continue
        name = nominative(name, tables)
        if name_scores(name, tables).get("government", 0.0) >= 1.0:
            yield Named(name, 0.93, source)


def _directed(head: str, page: Folded, source: str, tables: WhoTables, *, english: bool) -> Iterator[Named]:
    """ "I am directed by Mr Vyas, Managing Director of Harbour Exports Ltd, to send": the body of the one who is spoken for."""
    for pattern in (tables.sends_only, tables.behalf):
        for match in islice(pattern.finditer(page.text), 6):
            rest = head[page.back(match.end()) :][:_SPOKEN]
            spoken = re.match(
                r"\s*(?:the\s|le\s|la\s|el\s)?([^,;:.\n（(]{3,60}|(?:[^\W\d_]{1,4}\.\s)[^,;:.\n]{3,60}),\s+([^\n;:.]{6,160})",
                rest,
            )
            if spoken is None or person_name(spoken.group(1), tables) is None:
                continue
            parted = function_and_body(spoken.group(2), tables)
            held = _HELD_IN.search(spoken.group(2)) if parted is None and is_title(spoken.group(2), tables) else None
            body = parted[1] if parted is not None else spoken.group(2)[held.end() :] if held is not None else ""
            name = name_at(body, 0, tables, english=english, introduced=True) if body else None
            if name:
                yield Named(name, 0.9, source)


def _clients(head: str, page: Folded, source: str, tables: WhoTables, *, english: bool) -> Iterator[Named]:
    """ "our client, the X": the name after the word; behind a comma it is a mandate, which outranks a signature
    (who_organization), else as sure as one."""
    for match in islice(tables.client.finditer(page.text), 4):
        name, outranks = name_at(head, page.back(match.end()), tables, english=english, introduced=True), 0.96
        if name is None and (skipped := re.match(r"[\s,:،，]{1,3}", page.text[match.end() : match.end() + 40])):
            name, outranks = name_at(head, page.back(match.end() + skipped.end()), tables, english=english, introduced=True), 0.94
        if name:
            yield Named(name, outranks, source)


def _subjects(head: str, page: Folded, source: str, tables: WhoTables, *, english: bool) -> Iterator[Named]:
    """Who does something at the beginning of a sentence, or stands alone on a line."""
    for start in islice(_sentence_starts(page.text), 24):
        presented = tables.self_words.match(page.text, start) or _FOR.match(page.text, start)
        bare = _FOR_BARE.match(page.text, start) if presented is None else None
        if bare and head[page.back(bare.end()) : page.back(bare.end()) + 1].isupper():
            signed = name_at(head, page.back(bare.end()), tables, english=english)
            if signed and _says_kind(signed, tables):
                yield Named(signed, 0.8, source)
            continue
        begin = page.back(presented.end() if presented else start)
        # Arabic says what somebody does before who does it.
        inverted = _ARABIC_VERB.match(page.text, page.forth(begin)) if "\u0600" <= head[begin : begin + 1] <= "\u06ff" else None
        if inverted and tables.verbs.fullmatch(inverted.group(1)):
            begin = page.back(inverted.end())
        name = name_at(head, begin, tables, english=english)
        if not name or tables.filed.match(folded(name)) or tables.verbs.match(folded(name)) or _NO_NAME.match(name):
            continue
        if is_title(name, tables) and not starts_as_body(name, tables):
            # "I am the president of the Harbour Union": the body is named; a mere function names nobody.
            parted = function_and_body(name, tables)
            held = _HELD_IN.search(name) if parted is None and presented else None
            if parted is not None or held is not None:
                body = parted[1] if parted is not None else name[held.end() if held else 0 :]
                yield Named(organization_name(body, tables), 0.7, source)
                continue
            if _is_function(name, tables):
                continue
        # In a document of many pages any heading has a word behind it that looks like a verb.
        follows = _what_follows(page.text[page.forth(begin) :], name, tables, english=english and source != "attachment")
        if presented or follows == "verb":
            if " " not in name and not presented and not has_cjk(name):
                yield Named(name, 0.35, source)
                continue
            if source == "attachment" and not (presented or _says_kind(name, tables)):
                yield Named(name, 0.5, source)  # in a document of many pages anything does something
                continue
            yield Named(name, 0.72 + 0.06 * (follows == "verb" and start < _NEAR and _says_kind(name, tables)), source)
        elif " " not in name and not has_cjk(name):
            continue
        elif follows == "beside" or (follows == "end" and _says_kind(name, tables)):
            beside = 0.62 if source == "attachment" else 0.66
            yield Named(name, beside if _says_kind(name, tables) else 0.5, source)


def _by_kind(head: str, page: Folded, source: str, tables: WhoTables, *, english: bool) -> Iterator[Named]:
    """Names that hold a word of their kind, from their first capital word on."""
    marks = [(hit.start, hit.words) for hit in tables.kinds.find(page.text)]
    marks += [
        (match.start(), 1) for match in islice(tables.legal_forms.finditer(page.text), 12) if match.end() - match.start() > 1
    ]
    told: set[int] = set()
    for mark, _ in sorted(marks)[:40]:
        start = page.back(mark)
        begin = _back_to_capital(head, start, tables)
        capital = head[begin].isupper() or "\u0600" <= head[begin] <= "\u06ff"
        if (
            not capital
            or begin in told
            or (begin and head[begin - 1].isalnum())
            or _ITEM.search(head[max(0, begin - 12) : begin])
            or _INDEFINITE.search(page.text[max(0, mark - 8) : mark])  # "an NGO in Kampala" says what it is
        ):
            continue
        told.add(begin)
        filed = _FILED_OF.match(head, begin)
        if filed and tables.filed.match(page.text, page.forth(begin)):
            begin = filed.end()  # "Réponse de la coopérative X", "Answers of PT X"
        name = name_at(head, begin, tables, english=english)
        if name and _is_function(name, tables):
            continue
        if name and len(name.split()) > 1 and not tables.self_words.match(folded(name)):
            company = legal_form(name, tables) is not None
            near = 0.07 if start < _NEAR else 0.0
            told_of = _what_follows(page.text[page.forth(begin) :], name, tables, english=english) == "verb"
            yield Named(name, 0.5 + near + 0.06 * company + 0.1 * told_of, source)


def _we(head: str, page: Folded, source: str, tables: WhoTables) -> Iterator[Named]:
    """ "Мы, профсоюз портовых служащих (...), ...": in some languages such a name begins small."""
    for start in islice(_sentence_starts(page.text), 24):
        match = tables.we.match(page.text, start)
        if match is None:
            continue
        begin = page.back(match.end())
        stop = STOP.search(head, begin)
        piece = before_verb(" ".join(head[begin : stop.start() if stop else begin + 100].split()), tables)
        hit = next(tables.kinds.find(folded(piece)), None)
        if hit is not None and hit.start == 0 and 2 <= len(piece.split()) <= MOST_WORDS:
            yield Named(organization_name(piece, tables), 0.82, source)


def _back_to_capital(head: str, start: int, tables: WhoTables) -> int:
    """Where the name begins that holds a word: back over capital words and the small ones between them, in one sentence."""
    before = head[max(0, start - 70) : start]
    if not before[-1:].isspace():
        return start
    run = _RUN.match(before.replace("\n", "  ")[::-1])
    if run is None:
        return start
    words = [(match.group(), match.start()) for match in re.finditer(r"\S+", run.group()[::-1])]
    begin = start
    offset = start - len(run.group())
    for word, place in reversed(words):
        if word[0].isupper() and folded(word) not in tables.articles:
            begin = offset + place
        elif folded(word).rstrip("'’") not in tables.joins:
            break
    return begin


def document_title(text: str, tables: WhoTables) -> Iterator[Named]:
    """Organizations in the first lines of a document: its letterhead or title, before the one who is written to."""
    lines = [line.strip() for line in _cut(text).split("\n") if line.strip()][:8]
    english = _is_english(text[:_HEAD], tables)
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
                len(name.split()) <= MOST_WORDS
                and CAPITAL.match(name)
                and all_capital(name)
                and not tables.never.search(folded(name))
            ):
                yield Named(name, 0.66, "letterhead")
        if len(line) > 160 or line[-1] in ".;:!?。；":
            continue
        for piece in re.split(r"[|\t,،，]\s*|\s[–—-]\s", line):
            if not (CAPITAL.match(piece) or has_cjk(piece[:1])) or tables.letters.salutation.match(folded(piece)):
                continue
            if tables.never.search(folded(piece)) or (english and title_case(piece, tables) != " ".join(piece.split())):
                continue
            scores = name_scores(piece, tables)
            if (scores and max(scores.values()) >= 1.0 and 2 <= len(piece.split()) <= MOST_WORDS) or (
                scores and has_cjk(piece) and len(piece) <= 30
            ):
                yield Named(organization_name(piece, tables), min(0.6, 0.35 + 0.1 * max(scores.values())), "letterhead")


def _cut(text: str) -> str:
    """The beginning of a text, up to a whole word."""
    return text if len(text) <= _HEAD else text[:_HEAD].rpartition(" ")[0]


def _sentence_starts(plain: str) -> Iterator[int]:
    yield 0
    for match in re.finditer(r"(?:[.!?:]\s+|\n\s*\n\s*|\n)(?=\w)", plain):
        yield match.end()


def _what_follows(after: str, name: str, tables: WhoTables, *, english: bool) -> str:
    """What stands behind a name: "verb", "beside" (brackets, commas), "end" (of the line), or "" for anything else."""
    plain = folded(name)
    # An article may stand before the name, a line end within it.
    begin = after.replace("\n", " ").find(plain, 0, len(plain) + 8)
    if begin < 0:
        return ""
    rest = after[begin + len(plain) :].lstrip("\"'»”")
    bracket = re.match(r"\s{0,2}[(（\[][^)）\]\n]{1,120}[)）\]]", rest)
    tail = rest[bracket.end() :] if bracket else rest
    bare = tail.lstrip(" ,،")
    if tables.is_words.match(bare) or tables.verbs.match(bare) or (english and tail[:1] == " " and _NEXT_VERB.match(bare)):
        return "verb"
    if bracket or tail[:1] in (",", "،", "，") or re.match(r"\s[-–—]", tail):
        return "beside"
    return "end" if not tail.strip(" .:") or tail.lstrip(" .:")[:1] == "\n" else ""
