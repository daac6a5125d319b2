"""Names of persons and organizations as they are kept: without titles, degrees, acronyms in brackets; the longest form."""

from __future__ import annotations

import re
from collections.abc import Iterable

from intake.sorting.answers_frame import looks_like_name
from intake.sorting.folding import CJK, folded, has_cjk
from intake.sorting.who_places import named_country
from intake.sorting.who_tables import WhoTables

_BRACKET = re.compile(r"\s*[(（\[]([^()（）\[\]]{1,60})[)）\]]")
_ARTICLE = re.compile(r"^(?:the|la|le|les|el|los|las|l['’]|die|der|das|il|lo|o|a|os|as)(?:\s+|(?<=['’]))", re.IGNORECASE)
_EDGES = ' \t\r\n.,;:|•*_"“”-–—/،؛。，、'
_HAN_NAME = re.compile(rf"^[{CJK}·]{{2,5}}$")


def person_name(text: str, tables: WhoTables) -> str | None:
    """A personal name without courtesy titles and degrees, given name first; None when the text is none."""
    text = _BRACKET.sub("", " ".join(text.split())).strip(_EDGES)
    text = _reorder(text)
    words = re.sub(r"(?<=[^\W\d_]{2}\.)(?=[^\W\d_]{3})", " ", text).split(" ")
    while words and _bare(words[0]) in tables.courtesy and len(words) > 1:
        words.pop(0)
    while len(words) > 1 and _bare(words[-1]) in tables.degrees:
        words.pop()
    text = " ".join(words).strip(_EDGES)
    if has_cjk(text):
        return _chinese_name(text, tables)
    if not looks_like_name(text.title() if text.isupper() else text) or "@" in text:
        return None
    if any(_bare(word) in tables.titles for word in words) or tables.kinds.values(folded(text)):
        return None
    legal = tables.legal_forms.search(folded(text))
    if (
        legal is not None
        and legal.end() >= len(text) - 1
        and (text[-1] == "." or text.split()[-1][1:] != text.split()[-1][1:].lower())
    ):
        return None  # "... GmbH", "... S.A."
    if named_country(text, tables) and len(words) < 3 and any(True for _ in tables.names.find(folded(text))):
        return None
    return text


def _chinese_name(text: str, tables: WhoTables) -> str | None:
    bare = text.replace(" ", "")
    for title in tables.chinese_courtesy:
        if bare.endswith(title) and len(bare) - len(title) >= 2:
            bare = bare[: -len(title)]
    if (
        not _HAN_NAME.match(bare)
        or tables.kinds.values(bare)
        or named_country(bare, tables)
        or tables.letters.closing.match(bare)
    ):
        return None
    return bare


def _reorder(text: str) -> str:
    """ "Arriaga Sotelo, Ximena" and "KAMARUDIN, Nurul Izzah" with the given name first."""
    family, comma, given = text.partition(",")
    words = given.split()
    if not comma or not words or len(words) > 5 or "," in given or not all(word[:1].isalpha() for word in words):
        return text
    if len(family.split()) > 3 or not words[0][:1].isupper():
        return text
    return f"{given.strip()} {family.strip()}"


def _bare(word: str) -> str:
    return folded(word).strip(".,()")


def longest_form(name: str, others: Iterable[str]) -> str:
    """The longest of the names that are the same person's as `name` (all its words, a first name may be shortened)."""
    best = name
    for other in others:
        if len(other) > len(best) and same_person(name, other):
            best = other
    return best


def same_person(one: str, other: str) -> bool:
    """Whether the shorter name's words stand in the longer one; the first may be a short form ("Cora", "Corazon"; "N.")."""
    short, long = sorted((_words(one), _words(other)), key=len)
    if not short or (len(short) < 2 and len(long) > 1 and short[0] not in long):
        return False
    rest = [word for word in short if word not in long]
    if not rest:
        return True
    return len(rest) == 1 and len(short) > 1 and any(word.startswith(rest[0]) for word in long if len(rest[0]) >= 1)


def _words(name: str) -> list[str]:
    return re.findall(rf"[{CJK}]|[^\W\d_{CJK}]+", folded(name))


def organization_name(text: str, tables: WhoTables) -> str:
    """The full name without article, acronym or country in brackets, and place at the end."""
    text = " ".join(text.split())
    text = _BRACKET.sub(lambda match: match.group() if tables.legal_forms.search(folded(match.group(1))) else " ", text)
    text = " ".join(text.split()).replace(" ,", ",")
    text = _ARTICLE.sub("", text.lstrip(_EDGES + "()（）").rstrip(" \t,;:|•*_–—-،؛。，、"))
    text = text.strip("()（）") if text.count("(") != text.count(")") else text
    head, dash, tail = text.rpartition(" - ") if " - " in text else text.rpartition(" – ")
    if dash and len(tail) <= 12 and tail.isupper():
        text = head
    for opening, closing in ("«»", "“”", '""'):
        if text.endswith(closing) and opening in text[:-1]:
            return text.strip()
    end = text.rstrip(" ,;:|-–—،")
    last = end.rsplit(" ", 1)[-1]
    abbreviated = end.endswith(".") and ("." in last[:-1] or tables.legal_forms.fullmatch(folded(last).rstrip(".")) is not None)
    return end if abbreviated else end.rstrip(_EDGES)
