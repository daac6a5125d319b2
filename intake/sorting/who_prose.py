"""Organizations named in running text: "on behalf of ...", "we are ...", "X (ABC) unites ...", titles of documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from intake.sorting.folding import Folded, fold, folded, has_cjk
from intake.sorting.language import language_of
from intake.sorting.who_category import name_scores
from intake.sorting.who_names import nominative, organization_name
from intake.sorting.who_places import named_country
from intake.sorting.who_signature import function_and_body, is_title, starts_as_body
from intake.sorting.who_tables import WhoTables, legal_form
from intake.sorting.who_unspaced import unspaced_names

_STOP = re.compile(r"[.,;:!?\n()（）\"“”«»،؛。，、；：]|\s[–—-]\s|\s-|\t")
_LEGAL_POINT = re.compile(r"^[.,]\s?(?:Ltd|Inc|LLC|S\.|A\.|V\.|C\.|L\.|Ş\.|R\.|[a-z]\.|o\.)", re.IGNORECASE)
_POINTED = re.compile(r"(?:[^\W\d_]\.){0,4}[^\W\d_]|Pvt|Co|Inc|Ltd|St|Sp|Sdn|Bhd|Prof|Dr")
_CAPITAL = re.compile(r"[^\W\d_a-zà-ÿа-я]", re.UNICODE)
_HEAD = 1600
_MOST_WORDS = 14
_NEAR = 400
"""Characters in which a sender says who it is."""
_NUMBERED = re.compile(r"[\s,]+(?:No\.?\s*)?[\w-]*\d[\w/-]*")
_QUOTED = re.compile(r"[«“\"][^«“”»\"\n]{2,80}[»”\"]")
_RUN = re.compile(r"(?:[^\W\d_]+(?:['’-][^\W\d_]+)*['’]?\s)+$")
_IN = re.compile(r"\s(?:in|based in|from|en|à|au|aux|в|из|г\.|في|من|em|in der|uit|aus|de la ciudad de)\s")
_ITEM = re.compile(r"(?:^|\n)[ \t]*(?:[-•*·–]|\d{1,3}[.)])[ \t]*$")
_INDEFINITE = re.compile(r"(?<!\w)(?:an?|une?|un|una|uno|uma?|eine?[nmrs]?|een|ett|som)\s{1,2}$")
_FOR = re.compile(r"\s*(?:for the|pour l[ea]s? |pour l'|por l[ao]s? |por el |за |عن )(?=\s*\S)")
_ARABIC_VERB = re.compile(r"([\u0600-\u06ff]+)\s+(?=[\u0600-\u06ff])")
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
        name = _name_at(head, page.back(match.end()), tables, english=english, introduced=True)
        if name:
            name = nominative(name, tables)
            formal = " " in match.group() and tables.filed.search(match.group()) is None
            client = tables.client.search(page.text, max(0, match.start() - 30), match.end() + 20) is not None
            yield Named(name, 0.95 if client else 0.91 if formal and _says_kind(name, tables) else 0.78, source)
    yield from _clients(head, page, source, tables, english=english)
    yield from _subjects(head, page, source, tables, english=english)
    yield from _by_kind(head, page, source, tables, english=english)
    yield from _we(head, page, source, tables)
    for name, score in unspaced_names(head, tables):
        yield Named(name, score, source)


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


def _clients(head: str, page: Folded, source: str, tables: WhoTables, *, english: bool) -> Iterator[Named]:
    """ "our client, the X": the name after the word."""
    for match in islice(tables.client.finditer(page.text), 4):
        name = _name_at(head, page.back(match.end()), tables, english=english, introduced=True)
        if name is None and (skipped := re.match(r"[\s,:،，]{1,3}", page.text[match.end() : match.end() + 40])):
            name = _name_at(head, page.back(match.end() + skipped.end()), tables, english=english, introduced=True)
        if name:
            yield Named(name, 0.96, source)


def _subjects(head: str, page: Folded, source: str, tables: WhoTables, *, english: bool) -> Iterator[Named]:
    """Who does something at the beginning of a sentence, or stands alone on a line."""
    for start in islice(_sentence_starts(page.text), 24):
        presented = tables.self_words.match(page.text, start) or _FOR.match(page.text, start)
        begin = page.back(presented.end() if presented else start)
        # Arabic says what somebody does before who does it.
        inverted = _ARABIC_VERB.match(page.text, page.forth(begin)) if "\u0600" <= head[begin : begin + 1] <= "\u06ff" else None
        if inverted and tables.verbs.fullmatch(inverted.group(1)):
            begin = page.back(inverted.end())
        name = _name_at(head, begin, tables, english=english)
        if not name or tables.filed.match(folded(name)) or tables.verbs.match(folded(name)):
            continue
        if is_title(name, tables) and not starts_as_body(name, tables):
            # "I am the president of the Harbour Union": the body is named; a mere function names nobody.
            parted = function_and_body(name, tables)
            if parted is not None:
                yield Named(organization_name(parted[1], tables), 0.7, source)
                continue
            if _is_function(name, tables):
                continue
        follows = _what_follows(page.text[page.forth(begin) :], name, tables, english=english)
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
            yield Named(name, 0.66 if _says_kind(name, tables) else 0.5, source)


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
        name = _name_at(head, begin, tables, english=english)
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
        stop = _STOP.search(head, begin)
        piece = _before_verb(" ".join(head[begin : stop.start() if stop else begin + 100].split()), tables)
        hit = next(tables.kinds.find(folded(piece)), None)
        if hit is not None and hit.start == 0 and 2 <= len(piece.split()) <= _MOST_WORDS:
            yield Named(organization_name(piece, tables), 0.82, source)


def _back_to_capital(head: str, start: int, tables: WhoTables) -> int:
    """Where the name begins that holds a word: back over capital words and the small ones between them, in one sentence."""
    run = _RUN.search(head[max(0, start - 70) : start].replace("\n", "  "))
    if run is None:
        return start
    words = [(match.group(), match.start()) for match in re.finditer(r"\S+", run.group())]
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


def _sentence_starts(plain: str) -> Iterator[int]:
    yield 0
    for match in re.finditer(r"(?:[.!?:]\s+|\n\s*\n\s*|\n)(?=\w)", plain):
        yield match.end()


def _name_at(text: str, start: int, tables: WhoTables, *, english: bool = False, introduced: bool = False) -> str | None:
    """The name that begins at an offset: up to punctuation or a word that no name holds; it must say what it is."""
    while start < len(text) and text[start] in " \t\n'’\"“«":
        start += 1
    end = start
    while True:
        stop = _STOP.search(text, end)
        end = stop.start() if stop else min(len(text), start + 160)
        quoted = _QUOTED.match(text, end) if stop and 1 < end - start < 60 else None
        if quoted:
            # ТОО «...», Asociación "..."
            end = quoted.end()
            continue
        line = text.rfind("\n", 0, end) + 1
        if stop and stop.group() == "\n" and text[stop.end() : stop.end() + 1].strip() and 50 < end - line < 100:
            end += 1
            continue
        token = text[start:end].rsplit(None, 1)[-1] if text[start:end].strip() else ""
        legal = stop and stop.group() == "." and tables.legal_forms.fullmatch(folded(token) + ".")
        if legal and not _LEGAL_POINT.match(text[end + 1 : end + 9]):  # "Co., Ltd." goes on
            end += 1
            break
        if (stop and _LEGAL_POINT.match(text[end : end + 8])) or (stop and text[end] == "." and _POINTED.fullmatch(token)):
            end += 1
            continue
        break
    piece = " ".join(text[start:end].split())
    piece = _before_verb(piece, tables)
    if not piece or len(piece.split()) > _MOST_WORDS or len(piece) > 140:
        return None
    if english:
        piece = _title_case(piece, tables)
    elif _is_clause(piece, tables):
        return None
    name = organization_name(piece, tables)
    if len(name.split()) == 1 and name_scores(name, tables) and not has_cjk(name):
        return None  # "the Chamber" names no chamber
    if tables.never.search(folded(name)) or _is_category(name, tables) or folded(name).split(" ")[0] in tables.possessive:
        return None
    if not name or not (_CAPITAL.match(name) or has_cjk(name)):
        return None
    if named_country(name, tables) and len(name.split()) <= 4 and not name_scores(name, tables):
        return None
    fits = len(name.split()) <= 5 and _all_capital(name)
    plain = folded(name)
    named = bool(name_scores(name, tables)) or bool(tables.associations.values(plain)) or bool(tables.states.values(plain))
    return name if named or fits or (introduced and len(name.split()) >= 3 and len(name) > 16) else None


def _is_clause(piece: str, tables: WhoTables) -> bool:
    """Words of a sentence stand in it ("if", "this", "not") that join no name."""
    return not piece.isupper() and any(word.strip("'’") in tables.clause_words for word in folded(piece).split())


def _is_category(name: str, tables: WhoTables) -> bool:
    """ "Civil society" is a category and nobody's name."""
    plain = folded(name)
    hit = next((hit for hit in tables.declared.find(plain) if hit.start == 0), None)
    if hit is None:
        return False
    # "NGO in Ulaanbaatar", "nationwide NGO": what it is, and where.
    rest = plain[hit.end :].strip()
    return not rest or (_IN.match(f" {rest}") is not None and named_country(rest, tables) is not None)


def _title_case(piece: str, tables: WhoTables) -> str:
    """An English name ends before the first small word that does not join two capital ones."""
    words = piece.split()
    if not words or piece.isupper():
        return piece
    kept: list[str] = []
    for word in words:
        small = not (word[0].isupper() or not word[0].isalpha())
        if small and word.strip("().,'") not in tables.joins and not (kept and re.match(r"\w\.\w", word)):
            break
        kept.append(word)
    while kept and kept[-1].lower() in tables.joins:
        kept.pop()
    return " ".join(kept)


def _all_capital(name: str) -> bool:
    words = [word for word in name.split() if len(word) > 3]
    return len(words) > 0 and all(word[0].isupper() for word in words)


def _before_verb(piece: str, tables: WhoTables) -> str:
    """The name alone: before a word that no name holds, or what the named one does. In mixed case such words are small."""
    plain = folded(piece)
    same = len(plain) == len(piece) and not piece.isupper()
    first = len(piece)
    for pattern in (tables.name_ends, tables.verbs):
        after = 0
        for match in pattern.finditer(plain, 1):
            if match.group() == "," and _LEGAL_POINT.match(piece[match.start() :]):
                continue
            if same and piece[match.start()].isupper() and match.group() != "i":
                continue
            if pattern is tables.name_ends and (match.start() <= after or _is_category(piece[: match.start()].strip(), tables)):
                after = match.end() + 1  # "Institut de recherche" alone is a kind: its name goes on ("sur les plateformes")
                continue
            if match.group() == "e" and same and piece[match.start()] == "e":
                continue  # the Portuguese "é" is a verb, the "e" of "e.V." is not
            first = min(first, match.start())
            break
    for match in _IN.finditer(plain, 1):
        # "Harbour Trust in Kenya", "هيئة الموانئ في سلطنة عمان": a place is no part of the name.
        where = plain[match.end() : first]
        if match.start() < first and len(where.split()) <= 4 and _is_where(where, tables):
            first = match.start()
    return piece[:first].strip()


def _is_where(plain: str, tables: WhoTables) -> bool:
    return named_country(plain, tables) is not None or any(hit.start == 0 for hit in tables.world.find(plain))


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
