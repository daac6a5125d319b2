"""Joint responses: who signs beside the one who sends."""

from __future__ import annotations

import re

from intake.sorting.folding import fold, folded
from intake.sorting.who_names import organization_name
from intake.sorting.who_places import countries_in
from intake.sorting.who_tables import WhoTables

_ITEM = re.compile(r"^[ \t]*(?:[-•*·–]|\(?\d{1,3}[.)])\s*(.{3,120})$", re.MULTILINE)
_STATES_AT_LEAST = 3
_NEAR = 400


def co_signatories(texts: list[str], tables: WhoTables) -> tuple[str, ...]:
    """States or organizations listed after "on behalf of", "signed by", "signatories", in order; () when fewer than two.

    States by the name written. A list of states needs three: two may be a mention.
    """
    best: tuple[str, ...] = ()
    for text in texts:
        page = fold(text)
        for match in tables.joint_lists.finditer(page.text):
            tail = text[page.back(match.end()) :]
            for found in (_states(tail, tables), _organizations(tail, tables)):
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
