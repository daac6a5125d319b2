"""Joint responses: who signs beside the one who sends."""

from __future__ import annotations

import re
from itertools import islice

from intake.sorting.folding import fold, folded
from intake.sorting.who_category import name_scores
from intake.sorting.who_names import organization_name
from intake.sorting.who_places import countries_in
from intake.sorting.who_tables import WhoTables

_ITEM = re.compile(r"^[ \t]*(?:[-•*·–]|\(?\d{1,3}[.)])\s*(.{3,120})$", re.MULTILINE)
_STATES_AT_LEAST = 3
_NEAR = 400
_MOST = 30


def co_signatories(texts: list[str], tables: WhoTables) -> tuple[str, ...]:
    """States or organizations listed after "on behalf of", "signed by", "signatories", in order; () when fewer than two.

    States by the name written. A list of states needs three: two may be a mention.
    """
    best: tuple[str, ...] = ()
    for text in texts:
        page = fold(text)
        for match in islice(tables.joint_lists.finditer(page.text), _MOST):
            tail = text[page.back(match.end()) :]
            for found in (_states(tail, tables), _organizations(tail, tables), _in_prose(tail, tables), _in_rows(tail, tables)):
                if len(found) > len(best):
                    best = found
    return best


def speaks_jointly(text: str, tables: WhoTables) -> bool:
    """The text calls itself joint."""
    return tables.joint.search(folded(text)) is not None


def _states(tail: str, tables: WhoTables) -> tuple[str, ...]:
    """Countries that follow one another with nothing but commas, line ends and "and" between them."""
    head = tail[:2000]
    page = fold(head)
    run: list[str] = []
    best: list[str] = []
    last = 0
    for start, end, _ in countries_in(head, tables):
        gap = page.text[last:start]
        if run and (len(gap) > 26 or re.search(r"[.!?]\s", gap)):
            best = max(best, run, key=len)
            run = []
        if not run and start > _NEAR:
            break
        run.append(" ".join(head[page.back(start) : page.back(end - 1) + 1].split()))
        last = end
    best = max(best, run, key=len)
    return tuple(best) if len(best) >= _STATES_AT_LEAST else ()


def _in_prose(tail: str, tables: WhoTables) -> tuple[str, ...]:
    """ "the University of A (X), the University of B (Y) and the University of C": each says what it is."""
    sentence = " ".join(re.split(r"[.:;!?](?=\s|$)|\n\s*\n|。|\t", tail[:600])[0].split())
    pieces = [piece for piece in re.split(r"\s*[,،、，]\s*", sentence) if piece]
    found: list[str] = []
    for piece in pieces:
        halves = [half for half in tables.conjunction.split(piece) if half]
        named = [half for half in halves if _is_organization(half, tables)]
        if len(halves) > 1 and len(named) == len(halves):
            found += [organization_name(half, tables) for half in halves]
        elif _is_organization(piece, tables):
            found.append(organization_name(piece, tables))
        else:
            break
    return tuple(found) if len(found) >= 2 else ()


def _in_rows(tail: str, tables: WhoTables) -> tuple[str, ...]:
    """A table of signatories: the first cells that are organizations."""
    rows = [line.split("\t") for line in tail[:3000].split("\n") if line.strip()][:60]
    cells = [row[0] for row in rows if len(row) > 1 and _is_organization(row[0], tables)]
    return tuple(organization_name(cell, tables) for cell in cells) if len(cells) >= 2 else ()


def _is_organization(text: str, tables: WhoTables) -> bool:
    name = organization_name(text, tables)
    capital = bool(name) and (name[0].isupper() or not "a" <= name[0].lower() <= "z")
    named = max(name_scores(name, tables).values(), default=0.0) >= 1.0
    return named and capital and 2 <= len(name.split()) <= 12 and name[-1].isalpha()


def _organizations(tail: str, tables: WhoTables) -> tuple[str, ...]:
    """Items of a list that begins soon after."""
    items = list(_ITEM.finditer(tail[:3000]))
    if len(items) < 2 or items[0].start() > 160:
        return ()
    found: list[str] = []
    position = items[0].start()
    for item in items:
        if item.start() - position > 40:
            break
        name = organization_name(item.group(1).split(",")[0] if len(item.group(1)) > 60 else item.group(1), tables)
        if name and len(name.split()) <= 14 and name[-1] not in "?!":
            found.append(name)
        position = item.end()
    return tuple(found) if len(found) >= 2 else ()
