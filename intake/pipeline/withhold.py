"""From what an officer says ("redact these words", "seal that file") to stretches of a response that can be withheld or disclosed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from intake.casework.drafts import Case
from intake.casework.withholding import Stretch, stretch_line
from intake.compilation.pieces import find_part, unit_of
from intake.errors import BadUsage
from intake.model.mail import Part, Reading
from intake.model.record import Action, PublishMode, Response
from intake.model.verdict import Withheld
from intake.pipeline.rulings import Fields

MOST_WORDS = 500
"""Characters of a withheld stretch that are shown to the officer who decides."""


KINDS = ("home_address", "telephone", "identity_number", "signature_image", "third_person", "confidential_part", "comments")
"""What a marker may say of the words in whose place it stands; else "decision of an officer"."""


def why_in(reason: str, tables: Sequence[Mapping[str, Any]]) -> Fields:
    """The kind of what is withheld, where the officer's reason names one and no other, in any language. `tables`: of templates/orders."""
    said = reason.casefold()
    found = {
        kind
        for table in tables
        for kind, words in table.get("why", {}).items()
        if any(_stem(word).search(said) for word in str(words).split(","))
    }
    return {"why": next(iter(found))} if len(found) == 1 else {}


def _stem(word: str) -> re.Pattern[str]:
    """A word as such; an asterisk is any ending. In Chinese nothing stands between words."""
    plain = re.escape(word.strip().casefold()).replace(r"\*", r"\w*")
    wide = "\u3000" <= word.strip()[:1] <= "\u9fff"
    return re.compile(plain if wide else rf"(?<!\w){plain}(?!\w)")


class Shown(Struct, frozen=True, kw_only=True):
    """One stretch as an officer sees it before deciding. `words` are sealed: for officers, never for an output."""

    number: int
    message: str
    item: Withheld
    words: str
    file: str


def stretches_of(response: Response, cases: Mapping[str, Case]) -> tuple[Shown, ...]:
    """What is withheld of a response, numbered from 1; proposals and decisions."""
    return tuple(
        Shown(number=number, message=key, item=item, words=_words(cases[key].arrival.reading, item), file=_file(cases[key], item))
        for number, (key, item) in enumerate(response.withheld, 1)
    )


def fields_for(action: Action, response: Response, cases: Mapping[str, Case], asked: Fields, message: str) -> Fields:
    """The fields of a REDACT, SEAL_PART, DISCLOSE or PUBLISH_MODE ruling. Raises BadUsage for what does not stand in the response.

    Asked for by `proposal` ("all" or numbers as shown), by `words` (every place where they stand), by `part` with `start` and `end`
    (characters of the text as read, half open), for SEAL_PART by `part` or `file`; nothing means all proposals.
    """
    if action is Action.PUBLISH_MODE:
        mode = str(asked.get("mode", "")).replace("-", "_")
        if mode not in set(PublishMode):
            raise BadUsage(
                f"publish-mode needs --set mode=, one of {', '.join(item.value.replace('_', '-') for item in PublishMode)}"
            )
        return {"mode": mode}
    known = {"proposal", "words", "part", "start", "end", "file", "why"}
    if asked.keys() - known:
        raise BadUsage(f"{', '.join(sorted(asked.keys() - known))}: unknown here; there are {', '.join(sorted(known))}")
    found = list(_asked(action, response, cases, asked, message))
    return {"spans": [stretch_line(stretch) for stretch in dict.fromkeys(found)]}


def _asked(action: Action, response: Response, cases: Mapping[str, Case], asked: Fields, message: str) -> Iterator[Stretch]:
    why = str(asked.get("why", "sealed_part" if action is Action.SEAL_PART else "officer"))
    if why not in (*KINDS, "sealed_part", "officer"):
        raise BadUsage(f"why={why}: there are {', '.join(KINDS)}")
    if action is Action.SEAL_PART:
        yield _part_asked(response, cases, asked, message, why)
    elif "words" in asked:
        places = list(_places(response, cases, str(asked["words"]), why))
        if not places:
            raise BadUsage("these words stand nowhere in the response as it was read")
        yield from places
    elif "part" in asked or "start" in asked:
        yield _span_asked(cases, asked, message, why)
    else:
        yield from _proposals(response, str(asked.get("proposal", "all")))


def _part_asked(response: Response, cases: Mapping[str, Case], asked: Fields, message: str, why: str) -> Stretch:
    name, path = asked.get("file"), asked.get("part")
    for key in response.messages if name else (message,):
        for part in _leaves(cases[key].arrival.reading.parts):
            if (name and part.name == name) or (path and part.path == path):
                return key, Withheld(part=part.path, start=0, end=0, reason=why)
    raise BadUsage("seal-part needs --set part=PATH or --set file=NAME of this response; intake show lists them")


def _span_asked(cases: Mapping[str, Case], asked: Fields, message: str, why: str) -> Stretch:
    part, begin, end = str(asked.get("part", "")), str(asked.get("start", "")), str(asked.get("end", ""))
    if not (begin.isdecimal() and end.isdecimal()):
        raise BadUsage("a stretch needs --set start= and --set end=, characters of the text as read")
    reading = cases[message].arrival.reading
    if part and find_part(reading.parts, part) is None:
        raise BadUsage(f"the message has no part {part!r}")
    length = len(unit_of(reading, part)[0])
    if not int(begin) < int(end) <= length:
        raise BadUsage(f"{begin} to {end} lies outside the text, which has {length} characters")
    return message, Withheld(part=part, start=int(begin), end=int(end), reason=why)


def _places(response: Response, cases: Mapping[str, Case], words: str, why: str) -> Iterator[Stretch]:
    """Every place in the response's own texts, whatever white space stands between the words."""
    if not words.split():
        raise BadUsage("no words are given")
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words.split()))
    for key in response.messages:
        reading = cases[key].arrival.reading
        paths = ["", *(part.path for part in _leaves(reading.parts) if not part.body)]
        for path in paths:
            for match in pattern.finditer(unit_of(reading, path)[0]):
                yield key, Withheld(part=path, start=match.start(), end=match.end(), reason=why)


def _proposals(response: Response, which: str) -> Iterator[Stretch]:
    pending = [pair for pair in response.withheld if not pair[1].ruling]
    if which == "all":
        if not pending:
            raise BadUsage("nothing is proposed to be withheld here; say what with --set words=, part=, file= or proposal=")
        yield from pending
        return
    for word in which.split(","):
        if not word.strip().isdecimal() or not 1 <= int(word) <= len(response.withheld):
            raise BadUsage(f"proposal={which}: there are 1 to {len(response.withheld)}; intake withheld shows them")
        yield response.withheld[int(word) - 1]


def _leaves(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _leaves(part.children)


def _words(reading: Reading, item: Withheld) -> str:
    text = unit_of(reading, item.part)[0]
    return (text if item.whole else text[item.start : item.end])[:MOST_WORDS]


def _file(case: Case, item: Withheld) -> str:
    part = find_part(case.arrival.reading.parts, item.part) if item.part else None
    return (part.name or "") if part is not None else ""
