"""A signature block: who signs, in what function, for which organization, from where."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from intake.sorting.folding import folded, has_cjk
from intake.sorting.who_category import name_scores
from intake.sorting.who_names import organization_name, person_name
from intake.sorting.who_places import dialled_country, is_place, named_country, subdivision_country
from intake.sorting.who_tables import WhoTables

_SPLIT = re.compile(r"\s*[;|•·،、\t]\s*|\s+[–—-]\s+|\s{2,}|,\s*|，\s*")
_INSIDE = re.compile(r"\([^()]{1,80}\)")
_CONTACT = re.compile(r"@|https?:|www\.|\d{3,}|\+\d|\d[\d ().-]{6,}\d")
_UNFINISHED = re.compile(
    r"(?:\b(?:of|the|and|for|in|on|de|des|du|la|le|les|l['’]|d['’]|et|y|e|del|los|las|el|para|pour"
    r"|по|и|в|на|von|der|für|und)|[-–&,]|في|من)\s*$",
    re.IGNORECASE,
)
_LONGEST = 14
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d|-\d)\s*(?:г\.?|年.{0,8})?\s*$")
_HOUSE = re.compile(r"^(?:no\.?\s?|nº\s?|№\s?)?\d{1,5}\s?[a-zA-Zа-я]?$")
_BRACKET = re.compile(r"\([^()]*\)")


class Signature(Struct, frozen=True, kw_only=True):
    """What a block says. `also`: other names in it, as of a bilingual signature. `signer` signs for `person` when they differ.

    `certain`: the organization has a word of its kind.
    """

    person: str | None = None
    title: str | None = None
    organization: str | None = None
    certain: bool = False
    country: str | None = None
    signer: str | None = None
    assistant: bool = False
    also: tuple[str, ...] = ()


def read_signature(text: str, tables: WhoTables) -> Signature:
    """The signature of a block of lines (after the closing formula). Empty fields where nothing was found."""
    lines = _joined([line.strip(" \t*_>|") for line in text.split("\n") if line.strip(" \t*_>|-—–=")], tables)[:_LONGEST]
    lines = [line for line in lines if len(line) <= 220 and not _YEAR.search(line)]
    found = _Block()
    for number, line in enumerate(lines):
        _read_line(line, number, found, tables)
    found.place += [line.replace(found.person, "") if found.person else line for line in lines]
    return found.signature(tables, "\n".join(lines))


class _Block:
    """What is known of a block while its lines are read."""

    def __init__(self) -> None:
        self.person: str | None = None
        self.title: str | None = None
        self.organizations: list[tuple[float, str]] = []
        self.unknown: list[str] = []
        self.after_title: list[tuple[float, str]] = []
        self.place: list[str] = []
        self.signer: str | None = None
        self.assistant = False
        self.also: list[str] = []

    def signature(self, tables: WhoTables, text: str) -> Signature:
        """The block as a value."""
        best = max(self.organizations, key=lambda entry: entry[0], default=None)
        strong = max(self.after_title, key=lambda entry: entry[0], default=None)
        if best is None and strong is not None and strong[0] >= 1.0:
            best = strong
            self.after_title.remove(strong)
        organization = best[1] if best else (self.unknown[0] if self.unknown else None)
        if organization is None and self.after_title:
            organization = self.after_title.pop()[1]
        if self.title and self.after_title:
            # "Director, Policy and Inclusion": the function has a comma of its own.
            self.title = ", ".join([self.title, *(text for score, text in self.after_title if score < 1.5)])
        country = next((code for line in reversed(self.place) if (code := named_country(line, tables))), None)
        return Signature(
            person=self.person,
            title=self.title,
            organization=organization_name(organization, tables) if organization else None,
            certain=best is not None,
            country=country or subdivision_country(text, tables) or dialled_country(text, tables),
            signer=self.signer,
            assistant=self.assistant,
            also=tuple(self.also),
        )


def _joined(lines: Sequence[str], tables: WhoTables) -> list[str]:
    """Lines of which the mail program made two."""
    joined: list[str] = []
    for line in lines:
        full = bool(joined) and len(joined[-1]) + len(line.split(" ")[0]) > 62 and not tables.address_words.match(folded(line))
        wrapped = full and (line[:1].islower() or _UNFINISHED.search(joined[-1]) is not None)
        if joined and (wrapped or (len(joined[-1]) > 20 and _UNFINISHED.search(joined[-1]) and not joined[-1].endswith(","))):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined


def _segments(line: str, tables: WhoTables) -> list[str]:
    """The pieces of a line between commas and dashes; a bracket and a legal form stay with the name before them."""
    kept = _INSIDE.sub(lambda match: match.group().replace(",", "\x01").replace(" - ", " \x02 "), line)
    pieces = [piece.replace("\x01", ",").replace("\x02", "-").strip() for piece in _SPLIT.split(kept) if piece and piece.strip()]
    found: list[str] = []
    for piece in pieces:
        if found and tables.legal_forms.fullmatch(folded(piece).strip()) and not has_cjk(piece):
            found[-1] = f"{found[-1]}, {piece}"
        else:
            found.append(piece)
    return found


def _read_line(line: str, number: int, found: _Block, tables: WhoTables) -> None:
    plain = folded(line)
    behalf = tables.behalf.match(plain)
    if behalf and behalf.end() < len(plain) and number <= 3 and " " in behalf.group().strip():
        found.organizations.append((1.4, line[behalf.end() :].strip(" ,:")))
        return
    proxy = tables.for_another.match(plain)
    if proxy and number <= 2 and proxy.end() < len(plain):
        rest = line[proxy.end() :].strip(" ,:")
        if _for_somebody(rest, found, tables):
            return
        line, plain = rest, folded(rest)
    if tables.assistant.search(plain):
        found.assistant = True
    segments = _segments(line, tables)
    if has_cjk(line) and not re.search(r"[A-Za-z]", line):
        segments = [word for segment in segments for word in segment.split()]
    whole = person_name(line, tables) if found.person is None and len(segments) == 2 and not _has_kind(line, tables) else None
    if whole and "," in line and line.split(",")[0].strip().isupper():
        found.person = whole
        return
    titled = False
    where = any(tables.address_words.search(folded(segment)) or _HOUSE.search(segment) for segment in segments)
    for segment in segments:
        before = found.title
        if where and found.person and not _has_kind(segment, tables) and not _is_title(segment, tables):
            found.place.append(segment)  # "Rua das Gaivotas, 77, casa 2, Praia do Meio"
            continue
        if titled and _continues_title(segment, found, tables):
            continue
        _read_segment(segment, found, tables)
        titled = titled or (found.title is not None and found.title != before)


def _continues_title(segment: str, found: _Block, tables: WhoTables) -> bool:
    """What follows a function on its line: its field, or the organization; the rest of the block decides."""
    if _CONTACT.search(segment) or _is_place(segment, tables):
        return False
    scores = name_scores(segment, tables)
    score = max(scores.values(), default=0.0)
    if score >= 1.3 or tables.legal_forms.search(folded(segment)):
        return False
    found.after_title.append((score, segment))
    return True


def _for_somebody(rest: str, found: _Block, tables: WhoTables) -> bool:
    """ "for Lakshmi Iyer, VP": the person is the one after "for"; "pour le Secrétaire": only a function."""
    name = person_name(_SPLIT.split(rest)[0], tables)
    if name:
        found.signer, found.person = found.person or "", name
        for segment in _SPLIT.split(rest)[1:]:
            if segment and segment.strip():
                _read_segment(segment.strip(), found, tables)
        return True
    if _is_title(_SPLIT.split(rest)[0], tables):
        found.assistant = True
        return True
    return False


def _read_segment(segment: str, found: _Block, tables: WhoTables) -> None:
    if _CONTACT.search(segment) or not re.search(r"\w", segment):
        found.place.append(segment)
        return
    if all(word.strip(".,()") in tables.degrees for word in folded(segment).split()):
        return
    segment = _without_title(segment, found, tables)
    scores = name_scores(segment, tables)
    titled = _is_title(segment, tables)
    if found.person is None and not (titled or (scores and max(scores.values()) >= 1.5)):
        name = person_name(segment, tables)
        if name:
            found.person = name
            if has_cjk(segment) and len(segment.replace(" ", "")) > len(name):
                found.title = segment.replace(" ", "")[len(name) :]
            return
    elif found.person and not titled and not scores and has_cjk(found.person) != has_cjk(segment):
        name = person_name(segment, tables)
        if name:
            found.also.append(name)
            return
    if titled and found.title is None and not _starts_as_body(segment, tables):
        found.title = segment
        return
    if scores and organization_name(segment, tables):
        state = tables.state.match(folded(segment)) is not None and named_country(segment, tables) is not None
        legal = 0.5 if tables.legal_forms.search(folded(segment)) else 0.0
        # A State's name stands over the name of the body that writes.
        found.organizations.append((max(scores.values()) + legal - 1.5 * state, segment))
    elif titled and found.title is None:
        found.title = segment
    elif _is_place(segment, tables) or tables.address_words.search(folded(segment)):
        found.place.append(segment)
    elif segment[:1].isupper() or has_cjk(segment) or "\u0600" <= segment[:1] <= "\u06ff":
        found.unknown.append(segment)


def _without_title(segment: str, found: _Block, tables: WhoTables) -> str:
    """ "云岭大学研究中心主任": the body without the function that is written at its end."""
    if not has_cjk(segment) or re.search(r"[A-Za-z]", segment):
        return segment
    bare = segment
    for _ in range(3):
        title = next((title for title in tables.titles_zh if bare.endswith(title) and len(bare) - len(title) >= 4), None)
        if title is None:
            break
        bare = bare[: -len(title)]
    if bare != segment and name_scores(bare, tables):
        found.title = found.title or segment[len(bare) :]
        return bare
    return segment


def _is_place(segment: str, tables: WhoTables) -> bool:
    """A country or city and little else; "Name (Country)" is a name."""
    bare = _BRACKET.sub("", segment)
    return not bare.strip() or is_place(bare, tables)


def _is_title(segment: str, tables: WhoTables) -> bool:
    """One of the first words is a function."""
    words = [word.strip(".,():") for word in re.split(r"[\s/]+|-", folded(segment)) if word]
    if has_cjk(segment):
        return any(segment.replace(" ", "").endswith(title) for title in tables.titles if has_cjk(title))
    return any(word in tables.titles for word in words[:3])


def _starts_as_body(segment: str, tables: WhoTables) -> bool:
    hit = next(tables.kinds.find(folded(segment)), None)
    words = [word.strip(".,()") for word in folded(segment).split()]
    return hit is not None and hit.start < 2 and not any(word in tables.titles for word in words[:2])


def _has_kind(text: str, tables: WhoTables) -> bool:
    return bool(name_scores(text, tables))
