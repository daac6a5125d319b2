"""What the head of a mail says of the sender: the display name ("Name | Organization", "X via a list") and the subject."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.sorting.folding import folded, words_of
from intake.sorting.who_category import name_scores
from intake.sorting.who_names import organization_name, person_name
from intake.sorting.who_tables import WhoTables, legal_form
from intake.sorting.who_unspaced import unspaced_names

_VIA = re.compile(r"\s+(?:via|through|über|par l['’]intermédiaire de|por medio de|через|عبر|通过|経由)\s+.*$", re.IGNORECASE)
_PARTS = re.compile(r"\s*[|/;·•]\s*|\s+[-–—]\s+|\s*[(（\[]\s*|\s*[)）\]]\s*|,\s+|，|،\s*|\s+(?:@|at)\s+")
_TAG = re.compile(
    r"^\s*(?:\[[^\]]{1,60}\]|(?:re|fw|fwd|aw|wg|tr|rv|res|enc|sv|vs|ynt|odp|回复|答复|转发|отв|رد)\s?[:：])\s*", re.IGNORECASE
)
_LETTERHEAD_LINES = 4
_FILE_WORDS = 8
_FILING_WORDS = 5
_WHOSE = 0.6
_ADDRESS = re.compile(r"@|https?:|www\.|\d{3,}|\+\d|№|n[.º°]\s?\d")
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


def named_by_file(name: str, tables: WhoTables) -> str:
    """What a document's file name says of its author: "Ana_Ruiz.pdf", "Response_Harbour-Union_v2.docx"; "" when nothing."""
    stem = name.rpartition(".")[0] or name
    words = [word for word in re.split(r"[\W_]+", stem) if word and not re.search(r"\d", word)]
    kept = [word for word in words if not tables.filed.fullmatch(folded(word)) and not tables.never.fullmatch(folded(word))]
    bare = " ".join(kept)
    plain = folded(bare)
    if not 0 < len(kept) <= _FILE_WORDS or tables.roles.values(plain) or not any(word[:1].isupper() for word in kept):
        return ""
    return bare


def letterhead(head: str, tables: WhoTables) -> Iterator[tuple[str, float]]:
    """The organization in the lines above a salutation: by its kind, or over an address. One who is written to is none."""
    lines = [line.strip() for line in head.split("\n") if line.strip()]
    for number, line in enumerate(lines[:_LETTERHEAD_LINES]):
        plain = folded(line)
        if tables.letters.addressee.match(plain) or tables.never.search(plain):
            return
        name = organization_name(line, tables)
        after = folded(lines[number + 1]) if number + 1 < len(lines) else ""
        over_address = tables.address_words.search(after) is not None or _ADDRESS.search(after) is not None
        if not name or _ADDRESS.search(line) or tables.address_words.match(plain) or person_name(line, tables):
            continue
        if len(name.split()) <= 12 and (name_scores(name, tables) or (number == 0 and over_address and len(name) > 3)):
            yield name, 0.74 if over_address else 0.62
            return


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
    for name, score in unspaced_names(bare, tables):
        yield name, score - 0.2
    pieces = [piece for piece in _CUT.split(bare) if piece.strip()]
    # "Harbour Union - contribution": beside a word of the filing and nothing else it is whose it is.
    alone = len(pieces) == 2 and sum(_is_filing(piece, tables) for piece in pieces) == 1
    for piece in pieces:
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
        yield name, (_WHOSE if alone else 0.5) if name_scores(name, tables) else 0.4


def _is_filing(piece: str, tables: WhoTables) -> bool:
    """ "our answers", "contribution", "réponse à la consultation": what is sent, and nobody."""
    plain = folded(piece).strip(" .!:")
    return len(plain.split()) <= _FILING_WORDS and any(tables.filed.search(word) for word in plain.split())
