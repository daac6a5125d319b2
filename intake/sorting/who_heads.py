"""What the head of a mail says of the sender: the display name ("Name | Organization", "X via a list") and the subject."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.sorting.folding import folded, words_of
from intake.sorting.who_category import name_scores
from intake.sorting.who_names import organization_name, person_name
from intake.sorting.who_tables import WhoTables, legal_form

_VIA = re.compile(r"\s+(?:via|through|über|par l['’]intermédiaire de|por medio de|через|عبر|通过|経由)\s+.*$", re.IGNORECASE)
_PARTS = re.compile(r"\s*[|/;·•]\s*|\s+[-–—]\s+|\s*[(（\[]\s*|\s*[)）\]]\s*|,\s+|，|،\s*|\s+(?:@|at)\s+")
_TAG = re.compile(
    r"^\s*(?:\[[^\]]{1,60}\]|(?:re|fw|fwd|aw|wg|tr|rv|res|enc|sv|vs|ynt|odp|回复|答复|转发|отв|رد)\s?[:：])\s*", re.IGNORECASE
)
_CUT = re.compile(r"\s+[-–—|]\s+|\s*[:：;|/]\s+|[(（)）\[\]]|\s[-–—]|，|،|,\s")


def parts_of_name(display: str, tables: WhoTables) -> tuple[str | None, str | None]:
    """The person and the organization that a display name names; None for what it does not."""
    bare = _VIA.sub("", " ".join(display.split())).strip(" \"'")
    if not bare:
        return None, None
    person = person_name(bare, tables)
    if person:
        return person, None
    pieces = [piece for piece in _PARTS.split(bare) if piece]
    persons = [name for piece in pieces if (name := person_name(piece, tables))]
    if len(pieces) > 1 and persons:
        others = [piece for piece in pieces if person_name(piece, tables) is None]
        named = max(others, key=len, default="")
        return persons[0], organization_name(named, tables) or None if len(named) > 2 else None
    if len(pieces) == 2 and max(name_scores(pieces[1], tables).values(), default=0.0) >= 1.0 and len(pieces[0].split()) == 1:
        return None, organization_name(pieces[1], tables)  # "Arjun (Harbour Commons)"
    return None, organization_name(bare, tables) or None


def known_words(display: str, address: str, tables: WhoTables) -> frozenset[str]:
    """Folded words of the display name when a person's: it looks like one, or the mailbox has one of its words."""
    bare = _VIA.sub("", display).strip(" \"'")
    words = frozenset(words_of(folded(bare)))
    person, _ = parts_of_name(display, tables)
    if person:
        return frozenset(words_of(folded(person)))
    local = folded(address.partition("@")[0])
    usual = [word for word in words if len(word) > 3 and word in local and not tables.kinds.values(word)]
    short = 2 <= len(words) <= 4 and not any(mark in bare for mark in ",|/()")
    return words if short and usual and legal_form(bare, tables) is None else frozenset()


def in_subject(subject: str, tables: WhoTables) -> Iterator[tuple[str, float]]:
    """Names in a subject line with how sure they are: "Response of the X", "X: response", "Comentarios - X"."""
    bare = " ".join(subject.split())[:200]
    for _ in range(4):
        cut = _TAG.sub("", bare, count=1)
        if cut == bare:
            break
        bare = cut
    titled = tables.titled.match(folded(bare))
    if titled and len(folded(bare)) == len(bare):
        yield organization_name(bare[: titled.end("name")], tables), 0.5
    for piece in _CUT.split(bare):
        name = piece.strip()
        plain = folded(name)
        behalf = tables.behalf.search(plain)
        if behalf is not None and len(plain) == len(name):
            name = name[behalf.end() :].strip()
        name = organization_name(name, tables)
        capital = bool(name) and (name[0].isupper() or name[0].lower() == name[0].upper())
        if not capital or len(name) < 3 or len(name.split()) > 12 or tables.never.search(folded(name)):
            continue
        if tables.filed.search(folded(name)) or person_name(name, tables):
            continue
        yield name, 0.5 if name_scores(name, tables) else 0.4
