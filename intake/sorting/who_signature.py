"""A signature block: who signs, in what function, for which organization, from where."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from intake.sorting.folding import folded, has_cjk
from intake.sorting.who_category import name_scores
from intake.sorting.who_functions import function_and_body, is_title, starts_as_body, title_words
from intake.sorting.who_names import organization_name, person_name
from intake.sorting.who_places import covered, dialled_country, is_state, place_country, subdivision_country
from intake.sorting.who_segments import SPLIT, joined_house, segments_of
from intake.sorting.who_tables import WhoTables, legal_form

_CONTACT = re.compile(r"@|https?:|www\.|\d{3,}|\+\d|\d[\d ().-]{6,}\d")
_UNFINISHED = re.compile(
    r"(?:\b(?:of|the|and|for|in|on|de|des|du|la|le|les|l['’]|d['’]|et|y|e|del|los|las|el|para|pour"
    r"|по|и|в|на|von|der|für|und)|[-–&,]|في|من)\s*$",
    re.IGNORECASE,
)
_LONGEST = 14
_SHORT_PLACE = 3
_NAME_WORDS = 5
_DUTY = 3  # words of what somebody is responsible for
_SPOKEN_FOR = 9.0
"""Weight of the one that somebody signs for, above all that words say."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d|-\d)\s*(?:г\.?|年.{0,8})?\s*$")
_BRACKET = re.compile(r"\([^()]*\)")
_SENT_BY = re.compile(
    r"(?:sent|submitted|transmitted|posted|e-mailed|emailed) by\s?:|(?:envoyé|transmis|déposé) par\s?:|enviado por\s?:"
    r"|отправил[аи]?\s?:|发送人\s?[:：]|أرسله\s?:",
    re.IGNORECASE,
)
"""Who only sends it."""
_LABEL = re.compile(r"^[^\W\d_]{4,14}(?: [^\W\d_]{3,14})?\s?[:：]\s+(?=\S)")


class Signature(Struct, frozen=True, kw_only=True):
    """What a block says. `also`: other names in it, as of a bilingual signature. `signer` signs for `person` when they differ.

    `certain`: the organization has a word of its kind. `weight`: confidence in it then.
    """

    person: str | None = None
    title: str | None = None
    organization: str | None = None
    certain: bool = False
    weight: float = 0.9
    country: str | None = None
    signer: str | None = None
    assistant: bool = False
    also: tuple[str, ...] = ()


def read_signature(text: str, tables: WhoTables, known: frozenset[str] = frozenset()) -> Signature:
    """The signature of a block of lines (after the closing formula). Empty fields where nothing was found.

    `known`: folded words of the sender's display name.
    """
    lines = _joined([line.strip(" \t*_>|") for line in text.split("\n") if line.strip(" \t*_>|-—–=")], tables)[:_LONGEST]
    lines = [line for line in lines if len(line) <= 220 and not _YEAR.search(line)]
    found = _Block(known)
    lines = _from_the_name(lines, found, tables)
    for number, line in enumerate(lines):
        _read_line(line, number, found, tables)
    found.place += [line.replace(found.person, "") if found.person else line for line in lines]
    return found.signature(tables, "\n".join(lines))


class _Block:
    """What is known of a block while its lines are read."""

    def __init__(self, known: frozenset[str] = frozenset()) -> None:
        self.known = known
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
        if self.person is None and len(self.after_title) == 1 and (name := _apposed_name(self.after_title[0], tables)):
            self.person, self.after_title = name, []  # "Director General of Posts, Ana Ruiz"
        if organization is None and self.after_title:
            organization = self.after_title.pop()[1]
        if self.title and self.after_title:
            # "Director, Policy and Inclusion": the function has a comma of its own.
            self.title = ", ".join([self.title, *(text for score, text in self.after_title if score < 1.5)])
        country = next((code for line in reversed(self.place) if (code := place_country(line, tables))), None)
        return Signature(
            person=self.person,
            title=self.title,
            organization=organization_name(organization, tables) if organization else None,
            certain=best is not None,
            weight=0.95 if best and best[0] >= _SPOKEN_FOR else 0.8 if best and best[0] < 0.95 else 0.9,
            country=country or subdivision_country(text, tables) or dialled_country(text, tables),
            signer=self.signer,
            assistant=self.assistant,
            also=tuple(self.also),
        )


def _apposed_name(entry: tuple[float, str], tables: WhoTables) -> str | None:
    """The person whose name stands behind the function, and nowhere else in the block; none of a field's words."""
    score, text = entry
    words = title_words(text)
    duty = any(word in tables.duties or tables.units.fullmatch(word) for word in words) or "and" in words
    return person_name(text, tables) if score == 0.0 and not duty and 1 < len(words) <= _NAME_WORDS else None


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


def _from_the_name(lines: list[str], found: _Block, tables: WhoTables) -> list[str]:
    """Without a blessing or a greeting above the name: a line of the sender's own name, or one over a function, is the name."""
    if len(lines) < 2 or has_cjk(lines[0]):
        return lines
    names = [number for number, line in enumerate(lines[:4]) if person_name(line, tables, found.known)]
    own = [number for number in names if found.known and set(title_words(lines[number])) <= found.known]
    over = [number for number in names if number + 1 < len(lines) and is_title(lines[number + 1], tables)]
    if 0 in names and 1 in names and 0 not in own and 0 not in over and (1 in own or 1 in over):
        return lines[1:]
    return lines


def _read_line(line: str, number: int, found: _Block, tables: WhoTables) -> None:
    sent = _SENT_BY.match(line)
    if sent:
        found.signer = found.signer or ""
        return
    label = _LABEL.match(line)
    if label and folded(label.group().rstrip(" :：")) in tables.fields:
        line = line[label.end() :]
    presented = tables.self_words.match(folded(line))
    if presented and len(folded(line)) == len(line):
        line = line[presented.end() :].strip() or line
    plain = folded(line)
    behalf = tables.behalf.match(plain)
    if behalf and behalf.end() < len(plain) and number <= 3 and " " in behalf.group().strip():
        _spoken_for(line[behalf.end() :], found, tables)
        return
    proxy = tables.for_another.match(plain)
    if proxy and number <= 3 and proxy.end() < len(plain) and not _no_proxy(plain, tables):
        rest = line[proxy.end() :].strip(" ,:")
        if number <= 2 and _for_somebody(rest, found, tables):
            return
        if _spoken_for(rest, found, tables):
            return
        line, plain = rest, folded(rest)
    if tables.assistant.search(plain):
        found.assistant = True
    _read_segments(segments_of(line, found.person, found.known, tables), line, found, tables)


def _no_proxy(plain: str, tables: WhoTables) -> bool:
    """ "P.O. Box" and 代表取締役 begin like a proxy's words."""
    return tables.address_words.match(plain) is not None or any(plain.startswith(title) for title in tables.chinese_titles)


def _read_segments(segments: list[str], line: str, found: _Block, tables: WhoTables) -> None:
    whole = person_name(line, tables) if found.person is None and len(segments) == 2 and not _has_kind(line, tables) else None
    if whole and "," in line and line.split(",")[0].strip().isupper():
        found.person = whole
        return
    titled = False
    for number, segment in enumerate(segments):
        before = found.title
        house = joined_house(line, segment, segments[number + 1 :], tables, titled=titled)
        if titled and house is None and _continues_title(segment, segments[number + 1 :], found, tables):
            continue
        if house is not None:
            # "Digital Inclusion Division, Ministry of Communications": the unit with its house.
            found.organizations.append((1.6, house))
            for rest in segments[number + 2 :]:
                _read_segment(rest, found, tables)
            return
        _read_segment(segment, found, tables)
        titled = titled or (found.title is not None and found.title != before)


def _continues_title(segment: str, after: Sequence[str], found: _Block, tables: WhoTables) -> bool:
    """What follows a function on its line: its field, or the organization; the rest of the block decides."""
    if _CONTACT.search(segment) or _is_place(segment, tables):
        return False
    if found.person is None and has_cjk(segment) and person_name(segment, tables):
        return False  # 副主任 顾维桐
    if 1 < len(words := title_words(segment)) <= _DUTY and words[-1] in tables.duties and not tables.units.match(folded(segment)):
        found.title = f"{found.title}, {segment}"  # "Manager, Government Relations"
        return True
    scores = name_scores(segment, tables)
    score = max(scores.values(), default=0.0)
    if score >= 1.0 and not after and tables.units.match(folded(segment)) is None:
        return False
    if score >= 1.3 or legal_form(segment, tables):
        return False
    found.after_title.append((score, segment))
    return True


def _spoken_for(rest: str, found: _Block, tables: WhoTables) -> bool:
    """ "For the Harbour Radio Trust, its attorney:": the one who is signed for outranks all; what follows is a function."""
    rest, colon, after = rest.partition(":")
    if colon and found.person is None and (person := person_name(after, tables, found.known)):
        found.person = person  # "For the initiative: Ana Ruiz"
    pieces = [piece.strip(" :") for piece in re.split(r"[,،，]\s*", rest.strip(" ,:")) if piece.strip(" :")]
    if not pieces:
        return False
    name = organization_name(pieces[0], tables)
    if not name or re.search(r"\d", name) or person_name(name, tables) or is_title(name, tables) or not (name[0].isupper() or not name[0].isalpha()
                                                                               or name[0].lower() == name[0].upper()):  # fmt: skip
        return False
    found.organizations.append((_SPOKEN_FOR, name))
    for piece in pieces[1:]:
        if found.person is None and (person := person_name(piece, tables, found.known)):
            found.person = person
        elif found.title is None:
            found.title = piece
    return True


def _for_somebody(rest: str, found: _Block, tables: WhoTables) -> bool:
    """ "for Lakshmi Iyer, VP": the person is the one after "for"; "pour le Secrétaire": only a function."""
    name = person_name(SPLIT.split(rest)[0], tables)
    if name:
        found.signer, found.person = found.person or "", name
        for segment in SPLIT.split(rest)[1:]:
            if segment and segment.strip():
                _read_segment(segment.strip(), found, tables)
        return True
    if is_title(SPLIT.split(rest)[0], tables):
        found.assistant = True
        return True
    return False


def _name_and_function(segment: str, found: _Block, tables: WhoTables) -> bool:
    """ "председатель артели Пахомов Степан Ильич", "DORIS WOOD HAYLOCK coordinadora": a function and a name without a comma."""
    words = segment.split()
    if found.person is not None or found.title is not None or not 3 <= len(words) <= _LONGEST or has_cjk(segment):
        return False
    capital = [word[:1].isupper() for word in words]
    for size in (4, 3, 2):
        rest, name = words[:-size], words[-size:]
        before = rest and not capital[len(rest) - 1] and all(capital[len(rest) :]) and rest[0][0].islower()
        if before and is_title(" ".join(rest), tables) and (person := person_name(" ".join(name), tables)):
            found.person, found.title = person, " ".join(rest)
            return True
        name, rest = words[:size], words[size:]
        behind = rest and all(capital[:size]) and not any(word[0].isupper() for word in rest)
        if behind and len(rest) <= size and is_title(" ".join(rest), tables) and (person := person_name(" ".join(name), tables)):
            found.person, found.title = person, " ".join(rest)
            return True
    return False


def _read_segment(segment: str, found: _Block, tables: WhoTables) -> None:
    if _CONTACT.search(segment) or not re.search(r"\w", segment):
        found.place.append(segment)
        return
    if all(word.strip(".,()") in tables.degrees for word in folded(segment).split()):
        return
    if is_state(segment, tables):
        found.place.append(segment)
        return
    if _name_and_function(segment, found, tables):
        return
    scores = name_scores(segment, tables)
    titled = is_title(segment, tables)
    if _read_person(segment, scores, found, tables, titled=titled):
        return
    parted = function_and_body(segment, tables)
    if parted is not None:
        found.title = found.title or parted[0] or None
        found.organizations.append((parted[2], parted[1]))
        return
    if titled and found.title is None and not starts_as_body(segment, tables):
        found.title = segment
        return
    if scores:
        legal = 0.5 if legal_form(segment, tables) else 0.0
        unit = 1.5 if tables.units.match(folded(segment)) else 0.0
        found.organizations.append((max(0.3, max(scores.values()) + legal - unit), segment))
    elif titled and found.title is None:
        found.title = segment
    elif _is_place(segment, tables) or tables.address_words.search(folded(segment)):
        found.place.append(segment)
    elif has_cjk(segment) and len(segment) <= _SHORT_PLACE:
        found.place.append(segment)  # 槟城: a line of two or three signs that says nothing of its kind
    elif _is_signer(segment, found, tables):
        found.signer = found.signer or segment
    elif segment[:1].isupper() or has_cjk(segment) or "\u0600" <= segment[:1] <= "\u06ff":
        found.unknown.append(segment)


def _is_signer(segment: str, found: _Block, tables: WhoTables) -> bool:
    """Who signs for somebody else, or the sender's own name below another's: a person, and no organization."""
    own = len(found.known) > 1 and set(title_words(segment)) <= found.known
    return own or (found.signer is not None and person_name(segment, tables) is not None)


def _read_person(segment: str, scores: dict[str, float], found: _Block, tables: WhoTables, *, titled: bool) -> bool:
    if found.person is None:
        own = bool(found.known) and set(title_words(segment)) <= found.known
        if not own and (titled or (scores and max(scores.values()) >= 1.5)):
            return False
        name = person_name(segment, tables, found.known)
        if name:
            found.person = name
            tail = segment.replace(" ", "")[len(name.replace(" ", "")) :]
            if has_cjk(segment) and tail:
                found.title = tail
        return name is not None
    if not titled and not scores and has_cjk(found.person) != has_cjk(segment):
        name = person_name(segment, tables)
        if name:
            found.also.append(name)
            return True
    return False


def _is_place(segment: str, tables: WhoTables) -> bool:
    """A country or city and little else; "Name (Country)" is a name."""
    bare = _BRACKET.sub("", segment)
    return not bare.strip() or (place_country(bare, tables) is not None and covered(bare, tables))


def _has_kind(text: str, tables: WhoTables) -> bool:
    return bool(name_scores(text, tables))
