"""A line of a signature in its pieces, and a unit with the house beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.sorting.folding import folded, has_cjk
from intake.sorting.who_bounds import portfolio_end
from intake.sorting.who_category import name_scores
from intake.sorting.who_functions import is_title, starts_as_body
from intake.sorting.who_names import person_name
from intake.sorting.who_tables import WhoTables, legal_form

SPLIT = re.compile(
    r"\s*[;|•·،、\t]\s*|\s+[–—-]\s+|\s{2,}|"
    r",(?!\s*(?:(?:Ltd|LLC|LLP|Inc|Pvt|PLC|Lda|LTD|INC|Limited|GmbH|Sdn|Pte|SA|S\.A|S\.L|a\.s)\b|(?:[A-Za-z]\.){2}))\s*|，\s*",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"\s*(?:谨上|敬上|谨启|敬启|拜上|谨呈|敬呈|手书|亲笔|（签名）|（签字）|\(签名\)|\(签字\))\s*$")
"""What stands behind a Chinese signature and is no part of it."""
_COMMA = "\u201a"
"""Stands for a comma that parts nothing."""
_AFTER_NAME = re.compile(r"^([^()（）]{2,60}?)\s*[(（]([^()（）]{3,140})[)）](.*)$")


def segments_of(line: str, person: str | None, known: frozenset[str], tables: WhoTables) -> list[str]:
    """The pieces of a line; what stands in brackets after a name is a piece of its own."""
    bracket = _AFTER_NAME.match(line)
    if bracket and person is None and person_name(bracket.group(1), tables, known):
        inside = bracket.group(2)
        if re.search(r"[,，،]", inside) or is_title(inside, tables) or name_scores(inside, tables):
            line = f"{bracket.group(1)}; {inside}; {bracket.group(3)}"
    line = _with_portfolio(_SIGNED.sub("", line), tables)
    segments = [segment.strip().replace(_COMMA, ",") for segment in SPLIT.split(line) if segment and segment.strip()]
    if not has_cjk(line) or re.search(r"[A-Za-z]", line):
        return segments
    apart: list[str] = []
    for segment in segments:
        words = segment.split()
        # 山田 太郎: two short words that make a name together.
        if (
            len(words) == 2
            and max(map(len, words)) <= 3
            and not any(is_title(word, tables) for word in words)
            and person_name(segment, tables)
        ):
            apart.append(segment)
        elif len(words) == 3 and max(map(len, words[1:])) <= 3 and person_name(" ".join(words[1:]), tables):
            apart += [words[0], " ".join(words[1:])]
        elif len(words) == 3 and max(map(len, words[:2])) <= 3 and person_name(" ".join(words[:2]), tables):
            apart += [" ".join(words[:2]), words[2]]
        else:
            apart += words
    return apart


def _with_portfolio(line: str, tables: WhoTables) -> str:
    """ "Minister, Ministry of Trade, Industry and Crafts": the commas within a name do not part it."""
    starts = [0, *(match.end() for match in re.finditer(r"[,;|–—-]\s+", line))]
    for start in starts:
        comma = line.find(",", start)
        end = portfolio_end(line, start, comma, tables) if comma > start else None
        if end is not None:
            return line[:start] + line[start:end].replace(",", _COMMA) + line[end:]
    return line


def joined_house(line: str, segment: str, after: Sequence[str], tables: WhoTables, *, titled: bool) -> str | None:
    """A unit and, next to it on the same line, the body it is a part of, as they are written. Behind a function only a university's
    own centre: a department may be what somebody is head of."""
    if not after or (is_title(segment, tables) and not starts_as_body(segment, tables)) or person_name(segment, tables):
        return None
    comma = next((mark for mark in (", ", "، ") if f"{segment}{mark}{after[0]}" in " ".join(line.split())), None)
    if comma is None:
        return None
    unit = tables.units.match(folded(segment)) or tables.units.search(folded(segment).split()[-1])
    institute = _has_body(segment, tables) and len(after) < 3 and len(after[0].split()) > 1
    # "Rural Studies Observatory, Coast University": whatever its kind, what stands before a university's name is a part of it.
    centre = bool(name_scores(segment, tables)) and len(segment.split()) > 1 and legal_form(segment, tables) is None
    academic = centre and next(tables.university.find(folded(after[0])), None) is not None
    joins = academic if titled else (unit is not None or institute or academic)
    house = max(name_scores(after[0], tables).values(), default=0.0) >= 1.0 and not is_title(after[0], tables)
    return f"{segment}{comma}{after[0]}" if joins and house else None


def _has_body(segment: str, tables: WhoTables) -> bool:
    """The name of a body, but a ministry's or a firm's, which stand under no other: "Lagoon Technology Institute"."""
    scores = name_scores(segment, tables)
    return scores.get("academia", 0.0) >= 1.0 and legal_form(segment, tables) is None
