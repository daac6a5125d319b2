"""Small grammars over the vocabularies: a verb and the text it speaks of, a part that counts itself, what a procedure is about.

Every gap is bounded and every alternative begins with another class of characters: the patterns are linear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from intake.sorting.folding import alternation, folded, guarded, has_cjk

GAP = 6
"""Words between a verb and its object."""
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_PREFIX = r"(?:[وف]?(?:بال|وال|لل|ال|ل|ب|ك)?)"
_BETWEEN = r"[\W_]{1,4}"
_WITHIN = r"[^\w.;:!?\n]{1,4}"
"""What stands between two words of one sentence."""


class PartTables(Struct, frozen=True, kw_only=True):
    """How a mail says which of how many it is. Groups "n" and "of" hold digits or words of `numbers`."""

    patterns: tuple[re.Pattern[str], ...]
    zh_patterns: tuple[re.Pattern[str], ...]
    mails: re.Pattern[str]
    bare: re.Pattern[str]
    dated: re.Pattern[str]
    numbers: tuple[re.Pattern[str], ...]

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """What may count a mail, one way of saying it after the other; only those whose word for a mail is there."""
        if self.mails.search(text):
            for pattern in self.patterns:
                yield from pattern.finditer(text)
        if "共" in text:
            for pattern in self.zh_patterns:
                yield from pattern.finditer(text)

    def value(self, word: str) -> int | None:
        """The number that a matched word says, from 1."""
        if word.isdigit():
            return int(word)
        return next((index for index, pattern in enumerate(self.numbers, 1) if pattern.fullmatch(word)), None)


def _split(vocabulary: Iterable[str]) -> tuple[str, str]:
    """(words with edges, Chinese words without) as alternations."""
    words = [word for word in vocabulary if word]
    arabic = [word for word in words if _ARABIC.search(word)]
    chinese = [word for word in words if has_cjk(word)]
    others = [word for word in words if word not in arabic and word not in chinese]
    edged = alternation(others)
    if arabic:
        edged = f"{edged}|{_PREFIX}(?:{alternation(arabic)})"
    return edged, alternation(chinese)


def bare_pattern(vocabulary: Iterable[str]) -> re.Pattern[str]:
    """Any of the words, in Arabic also with the particles that are written together with it. Compiled at its first use."""
    words = tuple(vocabulary)

    def source() -> str:
        edged, chinese = _split(words)
        return rf"(?<!\w)(?:{edged})(?!\w)|(?:{chinese})"

    return guarded(source, words, begins=True, prefixed=True)


def pair_pattern(
    verbs: Iterable[str], nouns: Iterable[str], between: Iterable[str] = (), *, either: bool = False
) -> re.Pattern[str]:
    """A verb, at most `GAP` words, a noun; with `between` a word of it stands among them. In Chinese, and with `either` in all
    languages, in either order ("that our response be removed")."""
    verbs, nouns, between = tuple(verbs), tuple(nouns), tuple(between)
    return guarded(lambda: _pair_source(verbs, nouns, between, either=either), verbs, nouns, begins=True, prefixed=True)


def _pair_source(verbs: Iterable[str], nouns: Iterable[str], between: Iterable[str], *, either: bool) -> str:
    verb, verb_zh = _split(verbs)
    noun, noun_zh = _split(nouns)
    word = rf"(?:{_BETWEEN}\w{{1,30}}){{0,{GAP}}}?"
    middle = word
    if between:
        link, _ = _split(between)
        middle = rf"{word}{_BETWEEN}(?:{link})(?:{_BETWEEN}\w{{1,30}}){{0,3}}?"
    spaced = rf"(?<!\w)(?:{verb}){middle}{_BETWEEN}(?:{noun})(?!\w)"
    if either:
        spaced += rf"|(?<!\w)(?:{noun}){word}{_BETWEEN}(?:{verb})(?!\w)"
    close = r"[^.!?;\n]{0,16}"
    return f"{spaced}|(?:{verb_zh}){close}(?:{noun_zh})|(?:{noun_zh}){close}(?:{verb_zh})"


def greeting_pattern(greetings: Iterable[str], offices: Iterable[str]) -> re.Pattern[str]:
    """A salutation by which an office is greeted, to its end: few words stand between, the line or the clause ends after it."""
    greeting, greeting_zh = _split(greetings)
    office, office_zh = _split(offices)
    end = r"(?=[\s]{0,2}(?:[,!:;.，！：。،]|$))"
    spaced = rf"(?:{greeting})(?:[\s,،]{{1,2}}\w{{1,30}}){{0,2}}?[\s,،]{{1,2}}(?:{office})(?:\s\w{{1,30}}){{0,2}}?{end}"
    return re.compile(rf"{spaced}|(?:{greeting_zh})[^\s，,。！我本]{{0,8}}(?:{office_zh})[^\s，,。！]{{0,4}}{end}", re.MULTILINE)


def clause_pattern(verbs: Iterable[str], whats: Iterable[str], saids: Iterable[str]) -> re.Pattern[str]:
    """A verb, "what", at most a dozen words, and that somebody wrote or said it: "supports what Ana of the Harbour Union has written"."""
    verbs, whats, saids = tuple(verbs), tuple(whats), tuple(saids)

    def source() -> str:
        verb, verb_zh = _split(verbs)
        what, _ = _split(whats)
        said, said_zh = _split(saids)
        spaced = rf"(?<!\w)(?:{verb})(?:{_WITHIN}\w{{1,30}}){{0,3}}?{_WITHIN}(?:{what})(?:{_WITHIN}\w{{1,30}}){{0,12}}?{_WITHIN}(?:{said})(?!\w)"
        return rf"{spaced}|(?:{verb_zh})[^.!?;\n]{{0,24}}(?:{said_zh})"

    return guarded(source, verbs, saids, begins=True, prefixed=True)


def numbered_pattern(records: Iterable[str]) -> re.Pattern[str]:
    """A record with its number, of three digits or more: "order no. 55321", "фактура № A-771", "订单号 99321"."""
    records = tuple(records)

    def source() -> str:
        record, record_zh = _split(records)
        sign = r"[\s:,(]{0,3}(?:(?:number|numero|num|n\.?o|nr|n|номер|رقم|号|编号)(?![a-zа-я]))?[\s.:#№°º()-]{0,4}"
        number = r"(?=[a-z/-]{0,6}\d)[a-z0-9/-]{0,12}\d{3}"
        return rf"(?<!\w)(?:{record})(?!\w){sign}{number}|(?:{record_zh}){sign}{number}"

    return guarded(source, records, begins=True, prefixed=True)


def title_pattern(procedures: Iterable[str], about: Iterable[str]) -> re.Pattern[str]:
    """A procedure and what it is about: group "title" or "zh" holds the words after it, to the end of the line or sentence."""
    procedures, about = tuple(procedures), tuple(about)
    return guarded(lambda: _title_source(procedures, about), procedures, about, prefixed=True)


def _title_source(procedures: Iterable[str], about: Iterable[str]) -> str:
    procedure, procedure_zh = _split(procedures)
    link, link_zh = _split(about)
    spaced = rf"(?<!\w)(?:{procedure})(?:{_WITHIN}\w{{1,30}}){{0,3}}?{_WITHIN}(?:{link})\s(?P<title>[^.;:!?\n]{{8,120}})"
    return f"{spaced}|(?:{link_zh})(?P<zh>[^.;:!?\\n]{{2,40}}?)的?(?:{procedure_zh})"


def part_tables(place: Mapping[str, Any]) -> PartTables:
    """PartTables of the parsed section [place] of config/dispositions.toml."""
    cardinals: Sequence[Sequence[str]] = place["cardinals"]
    ordinals: Sequence[Sequence[str]] = place["ordinals"]
    numbers = [[*one, *other] for one, other in zip(cardinals, ordinals, strict=True)]
    listed = alternation([word for words in numbers for word in words])
    cardinal = alternation([word for words in cardinals for word in words])
    part, of, dated = alternation(place["part"]), alternation(place["of"]), alternation(place["dated"])
    gap, small = r"[\s,;:(\[№#-]{0,4}", r"(?:no\.?\s?|n°\s?|nr\.?\s?)?"
    first, total = rf"(?P<n>\d|{listed})(?!\w)", rf"(?P<of>\d|{cardinal})(?!\w)"
    mails = rf"(?<!\w){_PREFIX}(?:{part})(?!\w)"
    zh, counters = _zh(numbers), alternation(place["counters"])
    patterns = (
        rf"{mails}{gap}{small}{first}{gap}(?:{of}){gap}{total}",
        rf"{mails}{gap}{small}(?P<n>\d)\s?/\s?(?P<of>\d)(?!\d)",
        rf"(?<!\w){first}{gap}{mails}{gap}(?:{of}){gap}{total}",
        rf"(?<!\w){first}{gap}(?:{of}){gap}{total}{gap}{mails}",
    )
    zh_patterns = (
        rf"第\s?(?P<n>[\d{zh}])\s?(?:{counters})[^\d{zh}]{{0,6}}共\s?(?P<of>[\d{zh}])",
        rf"之\s?(?P<n>[\d{zh}])[^\d{zh}]{{0,6}}共\s?(?P<of>[\d{zh}])\s?(?:{counters})",
        rf"分\s?(?P<of>[\d{zh}])\s?(?:{counters})[^\n]{{0,20}}第\s?(?P<n>[\d{zh}])\s?(?:{counters})",
        rf"共\s?(?P<of>[\d{zh}])\s?(?:{counters})[^\d{zh}]{{0,6}}第\s?(?P<n>[\d{zh}])",
    )
    return PartTables(
        patterns=tuple(re.compile(pattern) for pattern in patterns),
        zh_patterns=tuple(re.compile(pattern) for pattern in zh_patterns),
        mails=re.compile(mails),
        bare=re.compile(
            rf"(?P<open>[(\[【]\s?)?(?<![\d/.-])(?P<n>\d)\s?(?:/|(?<=[(\[]\d\s)(?:{of}))\s?(?P<of>\d)"
            r"(?![\d/.-]|\s?/)(?P<close>\s?[)\]】])?"
        ),
        dated=re.compile(rf"(?<!\w)(?:{dated})\s$"),
        numbers=tuple(re.compile(alternation(words)) for words in numbers),
    )


def _zh(numbers: Sequence[Sequence[str]]) -> str:
    return "".join(folded(word) for words in numbers for word in words if has_cjk(word))
