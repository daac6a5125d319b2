"""What the program proposes to withhold until a person decides: named confidential parts, addresses, numbers, third persons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from intake.model.mail import Arrival, Part, Reading
from intake.model.round import Round
from intake.model.text import SpanKind
from intake.model.verdict import Respondent, Withheld
from intake.sorting.answers_units import Unit, authored
from intake.sorting.folding import CJK, Folded, alternation, fold, folded, word_pattern

_SENTENCE = re.compile(r"[^.!?\n]+(?:\n(?!\s*\n)[^.!?\n]+)*[.!?]?")
_DIGITS = re.compile(r"\d[\d\s./-]{4,24}\d|\b[a-z]{1,3}\d{5,9}\b")
_ADDRESS_END = re.compile(r"[;\n]|(?<=\w{4})[.!?](?=\s|$)|[.!?]$")  # not the point of "ul." or "apt."
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n[ \t]*\n")
_LONGEST = 400
_NEAR_NUMBER = 40
_NEAR_NAME = 70
_NAME = re.compile(rf"[^\W\d_a-zà-öø-ÿа-я{CJK}\u0600-\u06ff][^\W\d_]+(?:\s+[^\W\d_a-zà-öø-ÿа-я][^\W\d_]+)+")
_IMAGE = re.compile(r"\.(?:png|jpe?g|gif|bmp|tiff?)$")


class WithheldTables(Struct, frozen=True, kw_only=True):
    """Vocabulary of requests and of personal data; patterns work on folded text."""

    part_name: re.Pattern[str]
    named_part: re.Pattern[str]
    secret: re.Pattern[str]
    negated: re.Pattern[str]
    footer: re.Pattern[str]
    home: re.Pattern[str]
    home_label: re.Pattern[str]
    about_person: re.Pattern[str]
    identity: re.Pattern[str]
    telephone: re.Pattern[str]
    call_me: re.Pattern[str]
    third_person: re.Pattern[str]
    honorific: re.Pattern[str]
    autograph: re.Pattern[str]


class Withholding(Struct, frozen=True):
    """Proposals, and the flags confidential_part, footer_only, personal_data."""

    withheld: tuple[Withheld, ...] = ()
    flags: tuple[str, ...] = ()


def withheld_tables(answers: Mapping[str, Any]) -> WithheldTables:
    """WithheldTables of the parsed config/answers.toml."""
    words: Mapping[str, Sequence[str]] = answers["withhold"]
    part = word_pattern(words["part_names"]).pattern
    return WithheldTables(
        part_name=word_pattern(words["part_names"]),
        named_part=re.compile(
            rf"(?:{part})\s*(?:no\.?|n°|№|nr\.?|#)?\s*[\"'(]?(?P<id>[a-h]|[а-г]|[ivx]{{1,4}}|\d{{1,2}}|[أ-د]|[一二三四五六七八九十甲乙丙])(?![^\W{CJK}])"
        ),
        secret=word_pattern(words["secret"]),
        negated=re.compile(
            rf"(?:{word_pattern(words['negation']).pattern})\W*(?:\w+\W+){{0,2}}?(?:{word_pattern(words['secret']).pattern})"
        ),
        footer=word_pattern(words["footer"]),
        home=word_pattern(words["home"]),
        home_label=re.compile(rf"(?m)^[ \t]*(?:{alternation(words['home_label'])})[ \t]*:[ \t]*(?=\S)"),
        about_person=word_pattern(words["about_person"]),
        identity=word_pattern(words["identity"]),
        telephone=word_pattern(words["telephone"]),
        call_me=word_pattern(words["call_me"]),
        third_person=word_pattern(words["third_person"]),
        honorific=word_pattern(words["honorific"]),
        autograph=word_pattern(words["autograph"]),
    )


def propose_withheld(arrival: Arrival, round: Round, tables: WithheldTables, respondent: Respondent | None = None) -> Withholding:  # noqa: ARG001 - the rooms' common shape
    """The proposals for one message. A standard footer and a stamp of company policy are no request. `respondent`: whose message it
    is; only of a person alone is a number to be called at a private one, and not an office's."""
    units = authored(arrival)
    parts = tuple(_leaves(arrival.reading.parts))
    found = list(_confidential(units, parts, tables))
    confidential = bool(found)
    alone = respondent is not None and not respondent.organization and bool(respondent.person)
    for unit in units:
        found += _personal(unit, tables, alone=alone)
    found += [
        Withheld(part=part.path, start=0, end=0, reason="signature_image")
        for part in parts
        if part.name and _IMAGE.search(part.name.lower()) and tables.autograph.search(folded(part.name.replace("_", " ")))
    ]
    flags = []
    if confidential:
        flags.append("confidential_part")
    elif _has_footer(arrival.reading, tables):
        flags.append("footer_only")
    if any(entry.reason in ("home_address", "identity_number", "telephone", "third_person") for entry in found):
        flags.append("personal_data")
    return Withholding(tuple(dict.fromkeys(found)), tuple(flags))


def _leaves(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _leaves(part.children)


def _confidential(units: Sequence[Unit], parts: Sequence[Part], tables: WithheldTables) -> Iterator[Withheld]:
    """Sentences that call a named part confidential; the part itself when it is a file of the message."""
    for unit in units:
        page = fold(unit.text)
        for start, end in unit.own:
            if tables.secret.search(page.text[page.forth(start) : page.forth(end)]) is None:
                continue
            for sentence in _SENTENCE.finditer(page.text, page.forth(start), page.forth(end)):
                text = sentence.group()
                if not tables.secret.search(text) or tables.negated.search(text) or len(tables.footer.findall(text)) > 0:
                    continue
                yield from _named_parts(unit, page, sentence, parts, tables)


def _named_parts(
    unit: Unit, page: Folded, sentence: re.Match[str], parts: Sequence[Part], tables: WithheldTables
) -> Iterator[Withheld]:
    text = sentence.group()
    named = list(tables.named_part.finditer(text))
    secret = tables.secret.search(text)
    if secret is None:
        return
    # The part nearest to the word: "Annex A may be published, Annex B is confidential".
    nearest = min(
        named, key=lambda match: min(abs(match.start() - secret.end()), abs(secret.start() - match.end())), default=None
    )
    if nearest is not None:
        label = " ".join(nearest.group().split())
        file = next((part for part in parts if part.name and label in _file_words(part.name)), None)
        if file is not None:
            yield Withheld(part=file.path, start=0, end=0, reason="confidential_part")
            return
        yield _stretch(unit, page, sentence.start(), sentence.end(), "confidential_part")
        return
    marked = next((part for part in parts if part.name and tables.secret.search(_file_words(part.name))), None)
    if tables.part_name.search(text) and marked is not None:
        yield Withheld(part=marked.path, start=0, end=0, reason="confidential_part")


def _file_words(name: str) -> str:
    return " ".join(re.sub(r"[_.\-–()]+", " ", folded(name)).split())


def _stretch(unit: Unit, page: Folded, start: int, end: int, reason: str) -> Withheld:
    return Withheld(part=unit.part, start=page.back(start), end=page.back(end - 1) + 1, reason=reason)


def _personal(unit: Unit, tables: WithheldTables, *, alone: bool) -> Iterator[Withheld]:
    """Home addresses, papers with their numbers, private telephones, third persons, in the author's own words."""
    page = fold(unit.text)
    for start, end in (*unit.own, *unit.signature):
        first, last = page.forth(start), page.forth(end)
        for match in tables.identity.finditer(page.text, first, last):
            number = _DIGITS.search(page.text, match.end(), min(last, match.end() + _NEAR_NUMBER))
            if number and "\n\n" not in page.text[match.end() : number.start()]:
                yield _stretch(unit, page, match.start(), number.end(), "identity_number")
        for words, asked in ((tables.telephone, False), (tables.call_me, True))[: 2 if alone else 1]:
            for match in words.finditer(page.text, first, last):
                number = _DIGITS.search(page.text, match.end(), min(last, match.end() + _NEAR_NUMBER))
                if number is None or not _is_telephone(number.group()) or "\n\n" in page.text[match.end() : number.start()]:
                    continue
                if asked or _in_sentence(page.text, match.start(), number.end()):
                    yield _stretch(unit, page, match.start(), number.end(), "telephone")
        yield from _homes(unit, page, first, last, tables)
        yield from _third_persons(unit, page, first, last, tables)


def _homes(unit: Unit, page: Folded, first: int, last: int, tables: WithheldTables) -> Iterator[Withheld]:
    """ "I live at ...", "Home: ..." with a number in it, to the end of the sentence or line."""
    for pattern in (tables.home, tables.home_label):
        for match in pattern.finditer(page.text, first, last):
            edge = min(last, match.end() + _LONGEST)
            stop = _ADDRESS_END.search(page.text, match.end(), edge)
            stretch = page.text[match.end() : stop.start() if stop else edge]
            if len(stretch.strip()) > 4 and (any(char.isdigit() for char in stretch) or ":" in stretch[:3]):
                yield _stretch(unit, page, match.start(), stop.start() if stop else edge, "home_address")


def _third_persons(unit: Unit, page: Folded, first: int, last: int, tables: WithheldTables) -> Iterator[Withheld]:
    """A person told of by name: the sentence from the name on."""
    for match in tables.third_person.finditer(page.text, first, last):
        after = unit.text[page.back(match.end()) : page.back(match.end()) + _NEAR_NAME]
        if _NAME.search(after) and (tables.honorific.search(folded(after)) or _NAME.match(after.lstrip(" :,"))):
            yield _stretch(unit, page, match.start(), _sentence_end(page.text, match.end(), last), "third_person")
    for match in tables.about_person.finditer(page.text, first, last):
        begin = max(first, match.start() - _NEAR_NAME)
        before = unit.text[page.back(begin) : page.back(match.start())]
        sentence = max(before.rfind(". "), before.rfind("\n\n"), before.rfind("! "), before.rfind("? "))
        name = _NAME.search(before, sentence + 1)
        if name:
            yield _stretch(unit, page, begin + name.start(), _sentence_end(page.text, match.end(), last), "third_person")


def _sentence_end(plain: str, position: int, last: int) -> int:
    edge = min(last, position + _LONGEST)
    stop = _SENTENCE_END.search(plain, position, edge)
    return stop.end() if stop else edge


def _is_telephone(number: str) -> bool:
    """Seven digits or more, and no row of figures with decimals."""
    return len(re.sub(r"\D", "", number)) >= 7 and re.search(r"\d[.,]\d(?!\d)", number) is None


def _in_sentence(plain: str, start: int, end: int) -> bool:
    """The number stands in running text and not in a line of its own, as in a signature."""
    line_start, line_end = plain.rfind("\n", 0, start) + 1, plain.find("\n", end)
    line = plain[line_start : line_end if line_end >= 0 else len(plain)]
    return len(line.split()) + sum("\u4e00" <= char <= "\u9fff" for char in line) // 2 > 7  # Chinese has no spaces


def _has_footer(reading: Reading, tables: WithheldTables) -> bool:
    """A standard confidentiality footer of a mail program or company."""
    for span in reading.spans:
        if span.kind is SpanKind.LEGAL_FOOTER and tables.secret.search(folded(reading.text[span.start : span.end])):
            return True
    own = "\n".join(
        reading.text[span.start : span.end] for span in reading.spans if span.kind in (SpanKind.NEW, SpanKind.SIGNATURE)
    )
    plain = folded(own)
    if tables.footer.search(plain) is None or tables.secret.search(plain) is None:
        return False
    for paragraph in re.split(r"\n\s*\n", plain):
        if len(paragraph) > 80 and len(set(tables.footer.findall(paragraph))) >= 2 and tables.secret.search(paragraph):
            return True
    return False
