"""The phrases by which mail programs mark what is quoted, forwarded, signed or appended (config/reading.toml), compiled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct


class Phrases(Struct, frozen=True):
    """Plain phrases, case and width of spaces set aside: looked for one by one, which is ten times as fast as one pattern of them all."""

    forms: tuple[str, ...]

    def within(self, text: str) -> bool:
        """Whether one of them stands in the text."""
        folded = _folded(text)
        return any(form in folded for form in self.forms)

    def begin(self, text: str) -> bool:
        """Whether the text begins with one of them, marks before it set aside."""
        return _folded(text).lstrip("*_-–—•>[(\"'«“ ").startswith(self.forms)

    def count(self, text: str) -> int:
        """How many of them stand in the text."""
        folded = _folded(text)
        return sum(form in folded for form in self.forms)

    def end(self, text: str) -> bool:
        """Whether the text ends with one of them, a colon after it or not."""
        folded = _folded(text)
        return folded.removesuffix(":").removesuffix("：").rstrip().endswith(self.forms)


_POINTED = re.compile("[\u064b-\u0652\u0640]")


def unpointed(text: str) -> str:
    """Arabic without vowel signs and stretching, which a program writes or does not."""
    return _POINTED.sub("", text)


def _folded(text: str) -> str:
    return " ".join(unpointed(text).split()).casefold()


def _phrases(found: Iterable[str]) -> Phrases:
    return Phrases(tuple(sorted({_folded(phrase) for phrase in found if phrase.strip()})))


class ReadingWords(Struct, frozen=True, kw_only=True):
    """Phrases, most of them compiled; every pattern is linear and applied to one line (or two joined ones)."""

    wrote: Phrases
    original: re.Pattern[str]
    forwarded: re.Pattern[str]
    fields: re.Pattern[str]
    from_field: re.Pattern[str]
    device: re.Pattern[str]
    legal: Phrases
    legal_words: Phrases
    list_footer: re.Pattern[str]
    closing: re.Pattern[str]
    forward_subject: re.Pattern[str]
    below: re.Pattern[str]
    coloured: re.Pattern[str]
    highlighted: re.Pattern[str]
    emboldened: re.Pattern[str]
    slanted: re.Pattern[str]
    forwarded_end: re.Pattern[str]
    reply_subject: re.Pattern[str]
    starts: re.Pattern[str]
    quoting: re.Pattern[str]
    after_name: re.Pattern[str]
    makes: re.Pattern[str]
    devices: re.Pattern[str]


def reading_words(table: Mapping[str, Any]) -> ReadingWords:
    """ReadingWords of the parsed config/reading.toml."""
    headers = table["reply_headers"]
    label = r"\s?\*?\s?[:：]\*?"
    cell = rf"^\s*\|\s*(?:{_any(headers['fields'])})\s*\|"  # a table of fields
    rule, ruled = rf"[{_DASHES}*_]", rf"[\s{_DASHES}*_]"  # possessive below: a line of spaces must not be tried in every division
    return ReadingWords(
        wrote=_phrases(headers["wrote"]),
        original=re.compile(
            rf"^[\s>]*+{ruled}*+(?:{_any(headers['original'])}){ruled}*$|"
            rf"^[\s>]*+{rule}{{4,}}+\s*+(?:{_any(headers['original_ruled'])})\s*{rule}{{4,}}\s*$",
            re.I,
        ),
        forwarded=re.compile(rf"^[\s>]*+{ruled}*+(?:{_any(headers['forwarded'])})\s*+[:：]?{ruled}*$", re.I),
        fields=re.compile(rf"^[\s>*|]*(?:{_any(headers['fields'])}){label}|{cell}", re.I),
        from_field=re.compile(rf"^[\s>*|]*(?:{_any(headers['from'])}){label}\s*\S", re.I),
        device=re.compile(rf"^[\s<(\[*_]*(?:{_any(table['footers']['device'])})", re.I),
        legal=_phrases(table["footers"]["legal"]),
        legal_words=_phrases(table["footers"]["legal_words"]),
        list_footer=re.compile(rf"(?:{_any(table['footers']['list'])})", re.I),
        closing=re.compile(rf"^\s*(?:{_any(table['footers']['closing'])})\W*$", re.I),
        below=re.compile(rf"(?:{_any(headers['below'])})", re.I),
        **{name: _whole_words(headers[name]) for name in ("coloured", "highlighted", "emboldened", "slanted")},
        forwarded_end=re.compile(rf"^[\s>]*+{rule}{{2,}}+\s*+(?:{_any(headers['forwarded_end'])})\s*{rule}*\s*$", re.I),
        forward_subject=re.compile(rf"^\s*(?:{_any(headers['forward_subject'])})\s*[:：]", re.I),
        reply_subject=re.compile(rf"^\s*(?:\[[^\]]{{0,40}}\]\s*)?(?:{_any(headers['reply_subject'])})(?:\[\d+\])?\s*[:：]", re.I),
        quoting=re.compile(rf"(?:^|[\s,،])(?:{_any(headers['quoting'])})\s", re.I),
        after_name=re.compile(rf"^\s*(?:{_any(headers['after_name'])})"),
        makes=re.compile(rf"(?:{_any(table['footers']['makes'])})"),
        devices=re.compile(rf"(?:{_any(table['footers']['devices'])})"),
        starts=re.compile(rf"^[\s>*_-]*(?:{_any(headers['starts'])})(?=[\s\d,،])", re.I),
    )


def _whole_words(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-zÀ-ÿА-яё])(?:{_any(phrases)})", re.I)


_DASHES = "\u2010-\u2015-"


def _any(phrases: Iterable[str]) -> str:
    forms = sorted({unpointed(phrase).strip() for phrase in phrases if phrase.strip()}, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(re.escape(form).replace(r"\ ", r"\s{1,3}").replace(r"\*", r"\w{0,8}") for form in forms) or r"(?!)"
