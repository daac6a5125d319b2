"""The vocabulary of labels, lists, letters and buckets (config/answers.toml) as compiled values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from intake.sorting.folding import alternation, folded, guarded, has_cjk, word_pattern

LAST = -1
"""The numeral of "the last question", before it is known how many there are."""

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12}
_AFTER_ONE = "一并並直般定样樣起律下致些旦概同"
"""What makes another word of the one behind 问题: 问题一一答复, 问题一并, 问题一直."""
_ROMANS = "viii|vii|iii|xii|vi|iv|ix|ii|xi|i|v|x"
_ARTICLE = r"(?:the\s+|la\s+|le\s+|el\s+)?"
_SPOKEN = 3
"""Letters of a word for an answer that may stand before a spelled number: "no one" is none."""
_SUFFIX = r"(?:st|nd|rd|th|er|ere|eme|e|re|o|a|°|-?(?:и|го|му|м|я|ю|ои|ыи|ему|ого))?"


class AnswerTables(Struct, frozen=True, kw_only=True):
    """Compiled vocabulary; every pattern works on folded text."""

    labelled: re.Pattern[str]
    opener: re.Pattern[str]
    ordinal: re.Pattern[str]
    chinese: re.Pattern[str]
    short: re.Pattern[str]
    numeral: re.Pattern[str]
    through: re.Pattern[str]
    values: tuple[tuple[re.Pattern[str], int], ...]
    lead: frozenset[str]
    lead_stems: tuple[str, ...]
    lead_chinese: re.Pattern[str]
    question_word: re.Pattern[str]
    summary: re.Pattern[str]
    answer_lead: re.Pattern[str]
    last_alone: re.Pattern[str]
    last_word: re.Pattern[str]
    elliptic: re.Pattern[str]
    counted: re.Pattern[str]
    counted_word: re.Pattern[str]
    bracketed: re.Pattern[str]
    only: re.Pattern[str]
    cardinal: re.Pattern[str]
    pointed: re.Pattern[str]
    worded: re.Pattern[str]
    led: re.Pattern[str]
    spelled: re.Pattern[str]
    closer: re.Pattern[str]
    bare_short: re.Pattern[str]
    together: re.Pattern[str]
    both: re.Pattern[str]
    plural: re.Pattern[str]
    silent: re.Pattern[str]
    solely: re.Pattern[str]
    replies: re.Pattern[str]
    tail: re.Pattern[str]
    list_answers: re.Pattern[str]
    inline: re.Pattern[str]
    list_refusal: re.Pattern[str]
    list_points: re.Pattern[str]
    draft: re.Pattern[str]
    general: re.Pattern[str]
    annex: re.Pattern[str]
    empty: frozenset[str]
    pending: re.Pattern[str]
    salutation: re.Pattern[str]
    closing: re.Pattern[str]
    addressee: re.Pattern[str]
    cover: re.Pattern[str]
    function_words: dict[str, frozenset[str]]
    idle: frozenset[str]

    def value(self, word: str) -> int | None:
        """The number a folded numeral stands for, LAST, or None."""
        if word.isdigit():
            return int(word)
        if word in _ROMAN:
            return _ROMAN[word]
        digits = re.match(r"\d{1,2}", word)
        if digits:
            return int(digits.group())
        return next((number for pattern, number in self.values if pattern.fullmatch(word)), None)


def answer_tables(table: Mapping[str, Any]) -> AnswerTables:
    """AnswerTables of the parsed config/answers.toml."""
    labels, lists, buckets, letter = table["labels"], table["lists"], table["buckets"], table["letter"]
    numerals = table["numerals"]
    words = {int(key): entry for key, entry in numerals.items() if key.isdigit()}
    spoken = {code: frozenset(folded(word) for word in entry) for code, entry in table["languages"].items()}
    lead = frozenset(folded(word) for word in labels["lead"] if "*" not in word)
    return AnswerTables(
        **_mention_patterns(labels, words, numerals["last"], frozenset(folded(word) for word in numerals["cardinal"])),
        values=_values(words, numerals["last"]),
        lead=lead,
        lead_stems=tuple(folded(word[:-1]) for word in labels["lead"] if word.endswith("*")),
        lead_chinese=re.compile(rf"(?:{alternation(labels['lead_zh'])}|[,.\s])*"),
        question_word=word_pattern([*labels["question"], *labels["question_zh"]]),
        answer_lead=_answer_lead(labels),
        summary=word_pattern(buckets["summary"]),
        together=word_pattern(labels["together"]),
        both=word_pattern(labels["both"]),
        plural=word_pattern(labels["plural"]),
        silent=word_pattern(lists["silent"]),
        solely=word_pattern(lists["solely"]),
        replies=word_pattern(lists["replies"]),
        tail=re.compile(
            rf"\s?(?:{alternation(labels['of'])})\s?\d{{1,2}}(?=\s*[:.)\]-])|\s?(?:{word_pattern(labels['tail']).pattern})(?=\s*[:,])"
        ),
        list_answers=word_pattern(lists["answers"]),
        counted=_counted(labels, words),
        counted_word=word_pattern(word for word in labels["number"] if len(word) > 2),
        bracketed=_bracketed(labels, words),
        pointed=_pointed(labels),
        **_bare_patterns(labels, words, numerals["cardinal"]),
        cardinal=re.compile(rf"[*_ ]{{0,2}}(?:{alternation(numerals['cardinal'])})[*_ ]{{0,2}}:"),
        only=re.compile(
            rf"(?:{word_pattern(lists['answers']).pattern})(?:\s(?:{alternation(labels['lead'])})){{0,2}}\s(?P<n>\d{{1,2}}(?:\s?[,&+]\s?\d{{1,2}}|\s(?:{alternation(labels['and'])})\s\d{{1,2}}){{0,4}})(?!\w|[.,/:]\d|\s?%)"
        ),
        inline=word_pattern(lists["inline"]),
        list_refusal=word_pattern(lists["refusal"]),
        list_points=word_pattern(lists["points"]),
        draft=word_pattern(lists["draft"]),
        general=word_pattern(buckets["general"]),
        annex=word_pattern(buckets["annex"]),
        empty=frozenset(folded(word).strip(" .") for word in buckets["empty"]),
        pending=word_pattern(buckets["pending"]),
        salutation=_opening(letter["salutations"]),
        closing=_opening(letter["closings"]),
        addressee=re.compile(rf"\s*(?:{word_pattern(letter['addressee']).pattern})\s*(?:[:,]|$)"),
        cover=word_pattern(letter["cover"]),
        function_words=spoken,
        idle=lead.union(*spoken.values()),
    )


def _pointed(labels: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """ "Point 2.", "on item 3:" """
    led = rf"(?P<led>(?:{alternation(labels['before'])})\s(?:{_ARTICLE})?)?"
    return re.compile(rf"[ \t*_]{{0,3}}{led}(?:{alternation(labels['point'])})\s(?P<n>\d{{1,2}})(?!\w|[.,]\d)\s?[.:)–-]{{1,2}}")


def _counted(labels: Mapping[str, Sequence[str]], words: Mapping[int, Sequence[str]]) -> re.Pattern[str]:
    """ "on number two from us:", "por el número 3:", "по номеру один:" """
    spoken = alternation([word for entry in words.values() for word in entry if not has_cjk(word)])
    sign = alternation([word for word in labels["number"] if len(word) > 2])
    return guarded(
        lambda: rf"[^\W\d_][^.:;,\n]{{0,30}}?(?<!\w)(?:{sign})\s(?P<n>\d{{1,2}}|{spoken})(?!\w)(?:\s\w{{1,12}}){{0,3}}\s?[,:]",
        [word for word in labels["number"] if len(word) > 2],
    )


def _bare_patterns(
    labels: Mapping[str, Sequence[str]], words: Mapping[int, Sequence[str]], cardinals: Sequence[str]
) -> dict[str, re.Pattern[str]]:
    """ "Answer One", "on 1:", "number 2, ...", "la una:" at the beginning of a paragraph."""
    spoken = alternation([word for entry in words.values() for word in entry if not has_cjk(word)])
    hanzi = alternation([word for entry in words.values() for word in entry if has_cjk(word)])
    answer, answer_zh = alternation([word for word in labels["answer"] if len(word) > _SPOKEN]), alternation(labels["answer_zh"])
    sign = alternation([word for word in labels["number"] if len(word) > 2])
    before, before_zh = alternation(labels["before"]), alternation(labels["before_zh"])
    begin, ends = r"[ \t*_]{0,4}", r"[ \t*_]{0,3}(?:[:.)]|-(?=\s)|(?=\n)|$)"
    numbered = rf"(?P<n>\d{{1,2}}|{spoken})(?!\w|[.,]\d)(?:-\w{{1,3}})?"
    return {
        "worded": re.compile(
            rf"{begin}(?:(?:{answer})\s{{1,2}}(?:(?:{sign})\s)?(?P<n>{spoken})(?!\w){ends}|(?:{answer_zh})\s?第?(?P<zh>{hanzi}){ends})"
        ),
        "led": re.compile(
            rf"{begin}(?:(?:{before})\s(?:(?:{alternation(labels['articles'])})\s)?(?:(?:{sign})\s)?{numbered}\s?:|"
            rf"(?:{sign})\s(?P<m>\d{{1,2}}|{spoken})(?!\w|[.,]\d)\s?[,:]|(?:{before_zh})\s?第?(?P<zh>{hanzi}|\d{{1,2}})\s?:)(?=\s?\S)"
        ),
        "spelled": re.compile(
            rf"{begin}(?:{alternation(labels['articles'])})\s(?P<n>\d{{1,2}}|{alternation(cardinals)})(?!\w|[.,]\d)\s?:(?=\s?\S)"
        ),
    }


def _bracketed(labels: Mapping[str, Sequence[str]], words: Mapping[int, Sequence[str]]) -> re.Pattern[str]:
    """ "About money (that is your third point):" """
    spoken = alternation([word for entry in words.values() for word in entry if not has_cjk(word)])
    hanzi = alternation([word for entry in words.values() for word in entry if has_cjk(word)])
    point, between = alternation(labels["point"]), r"(?:\w{1,12}\s){0,4}?"
    return re.compile(
        rf"[^\W\d_][^.:;()\n]{{2,60}}?\s?\(\s?{between}(?:(?P<n>\d{{1,2}}|{spoken})\s(?:{point})|(?:{point})\s(?P<m>\d{{1,2}}|{spoken}))"
        rf"\s?\)\s?[:,]|[^\W\d_][^.:;()\n]{{1,30}}?\(\s?第(?P<zh>{hanzi}|\d)[个個条]?(?:{point})\s?\)\s?[:,]"
    )


def _answer_lead(labels: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """ "Answer:", "R:", "答：" behind a repeated question."""
    words = alternation([*labels["answer"], *labels["answer_zh"], *labels["letters"]])
    return re.compile(rf"(?:{words})(?:\s*\d{{1,2}})?\s*(?:[:.=]\s|:|\n|-\s|$)\s*")


def _opening(vocabulary: Sequence[str]) -> re.Pattern[str]:
    """One of the words at the beginning of a line."""
    return re.compile(rf"\s*(?:{word_pattern(vocabulary).pattern})")


def _values(words: Mapping[int, Sequence[str]], last: Sequence[str]) -> tuple[tuple[re.Pattern[str], int], ...]:
    named = [(re.compile(alternation(entry)), number) for number, entry in sorted(words.items(), reverse=True)]
    return (*named, (re.compile(alternation(last)), LAST))


def _mention_patterns(
    labels: Mapping[str, Sequence[str]], words: Mapping[int, Sequence[str]], last: Sequence[str], cardinal: frozenset[str]
) -> dict[str, Any]:
    spoken = [word for entry in words.values() for word in entry if not has_cjk(word)]
    ordinals = [word for word in spoken if folded(word) not in cardinal] + [word for word in last if not has_cjk(word)]
    chinese = [word for entry in words.values() for word in entry if has_cjk(word)]
    question, joined, until = alternation(labels["question"]), alternation(labels["and"]), alternation(labels["through"])
    digits = rf"\d{{1,2}}(?:\.\d|[a-d](?!\w))?(?!\d|[.,]\d|\s?%){_SUFFIX}"
    again = rf"(?:(?:{question})\s+)?"
    # Behind a comma only digits go on: "question 2, one licence is enough" answers one question.
    conjunction = rf"\s+(?:{joined})\s*{again}|\s+و\s?"
    between = rf"(?:\s*[,;/&+]\s*(?:(?:{joined})\s+)?{again}|{conjunction}|\s*-\s*(?=\d)|\s+(?:{until})\s+{again})"
    word = rf"(?:{alternation(spoken)})(?!\w)"
    spoken_or_digits = rf"(?:{digits}|{alternation(spoken)})(?!\w)"
    digit_list = rf"{digits}(?!\w)(?:{between}{digits}(?!\w)){{0,7}}"
    word_list = rf"{word}(?:(?:{conjunction}){_ARTICLE}{word}){{0,7}}"
    romans = rf"(?:{_ROMANS})(?!\w)(?:{between}(?:{_ROMANS})(?!\w)){{0,7}}"
    sign = rf"(?:\.?\s*(?:{alternation(labels['number'])})[.°o]{{0,2}})?"
    many = rf"{sign}(?:[\s.#:°(\[-]{{0,4}}(?P<n>{digit_list}|{romans})|\s{{1,3}}{_ARTICLE}(?P<w>{word_list}))"
    ordinal_one = (
        rf"(?:\d{{1,2}}(?:st|nd|rd|th|er|ere|eme|e|re|o|a|°|-?(?:и|го|му|м|я|ю|ои|ыи|ему|ого))|{alternation(ordinals)})(?!\w)"
    )
    of = r"(?:of\s+|de\s+|du\s+|des\s+|из\s+|من\s+)?(?:the\s+|your\s+|vos\s+|las\s+|sus\s+|les\s+|ваших\s+)?"
    hanzi = rf"(?:{alternation(chinese)}|\d{{1,2}})"
    short = _short(labels, between)
    counted = rf"(?P<n>{ordinal_one}(?:{between}{_ARTICLE}{ordinal_one}){{0,4}})\s+{of}"
    labelled = rf"(?<!\w)(?:{question}){many}(?!\w|\s(?:{alternation(labels['apiece'])})(?!\w))"
    return {
        "opener": re.compile(
            rf"[\s>*_#•(\[-]{{0,6}}(?:(?:{_unnamed(labelled)}|{_unnamed(short.pattern)})\s*(?:[:.)(-]|$)|"
            rf"(?:{alternation(labels['spaced'])})\.?\s?\d{{1,2}}\s)",
            re.MULTILINE,
        ),
        "closer": _closer(labels, labelled, counted, f"{short.pattern}|{_numbered_zh(labels, hanzi)}"),
        "labelled": guarded(lambda: labelled, [f"{word}*" for word in labels["question"]], begins=True),
        "ordinal": _ordinal(labels, counted),
        "chinese": _chinese(labels, hanzi, [word for word in last if has_cjk(word)]),
        "short": short,
        "bare_short": re.compile(rf"(?:{alternation([*labels['spaced'], 'p', 'в', 'ad'])})\s?(?P<n>\d{{1,2}})\s(?=\S)"),
        "numeral": re.compile(rf"{spoken_or_digits}|(?<!\w)(?:{_ROMANS})(?!\w)|{hanzi}|{ordinal_one}"),
        "through": re.compile(rf"\d\s*-\s*\d|\s(?:{until})\s|[至到]"),
        "elliptic": re.compile(
            rf"[^\W\d_][^.:;,\n]{{0,30}}?(?<!\w)(?P<n>{alternation(ordinals)})(?!\w)(?:\s+one)?\s*(?:[,:]|\.(?=\s))"
        ),
        "last_alone": re.compile(rf"(?<!\w)(?:{_the_one(ordinals)})\s*:"),
        "last_word": guarded(lambda: rf"(?<!\w)(?:{alternation(ordinals)})(?:\s+one)?\s*:", ordinals, begins=True),
    }


def _closer(labels: Mapping[str, Sequence[str]], labelled: str, counted: str, other: str) -> re.Pattern[str]:
    """A line that is a heading: a subject with its question in brackets, or a label and what leads to it ("К вопросу № 1")."""
    lead = alternation(word for word in labels["lead"] if "*" not in word)
    labelled, counted, bracketed = _unnamed(labelled), _unnamed(counted), _unnamed(f"{labelled}|{other}")
    return re.compile(
        rf"[^.!?;:()\n]{{2,70}}\(\s?(?:{bracketed})\s?\)[\s*_]*:?$|"
        rf"(?P<header>[*_]{{0,2}}(?:(?:{lead})\s){{1,4}}(?:{labelled}|{counted}(?:{alternation(labels['question'])})(?!\w))[ *_]{{0,2}}:?$)"
    )


def _ordinal(labels: Mapping[str, Sequence[str]], counted: str) -> re.Pattern[str]:
    """ "the second and the third of your questions" """
    question, yours = alternation(labels["question"]), alternation(labels["yours"])
    return guarded(lambda: rf"(?<!\w){counted}(?:(?:{yours})\s+)?(?:{question})(?!\w)", labels["question"])


def _numbered_zh(labels: Mapping[str, Sequence[str]], hanzi: str) -> str:
    return rf"(?:{alternation(labels['question_zh'])})\s?第?{hanzi}|第\s?{hanzi}个?(?:{alternation(labels['question_zh'])})"


def _unnamed(pattern: str) -> str:
    return pattern.replace("(?P<n>", "(?:").replace("(?P<w>", "(?:")


def _chinese(labels: Mapping[str, Sequence[str]], hanzi: str, last: Sequence[str]) -> re.Pattern[str]:
    """问题三, 第三个问题, 问题二和问题四, 最后一个问题."""
    word = alternation(labels["question_zh"])
    joined = rf"(?:\s*(?:{alternation(labels['and_zh'])}|,|-|至|到)\s*)"
    return guarded(
        lambda: (
            rf"(?:{word})\s*\(?第?\s?(?P<n>{hanzi}(?:{joined}(?:{word})?第?\s?{hanzi}){{0,7}})(?!(?<=一)[{_AFTER_ONE}])|"
            rf"第\s?(?P<m>{hanzi}(?:{joined}第?\s?{hanzi}){{0,7}})\s*(?:个|個|条|道|项)?\s*(?:{word})|"
            rf"(?P<last>{alternation(last)})(?:{word})"
        ),
        labels["question_zh"],
    )


def _short(labels: Mapping[str, Sequence[str]], between: str) -> re.Pattern[str]:
    """ "Q1", "A.2", "س:3" and "Answer 3", "回答3"."""
    words = alternation([*labels["answer"], *labels["answer_zh"]])
    number = rf"(?:\s*(?:{alternation(labels['number'])})[.°]?)?[\s.#:°]{{0,3}}"
    # "Q1 & Q2", "answer to Q5 and Q6"
    repeated = rf"(?:(?:{alternation(labels['letters'])})[.#:-]?\s?(?=\d))?"
    digits = rf"\d{{1,2}}(?!\d|[.,]\d|\s?%)(?:{between}{repeated}\d{{1,2}}(?!\d)){{0,4}}"
    sign = r"(?:(?:no|n°|nr|№)[.°]?\s?)?"
    lone = alternation(labels["letters"])
    letter = rf"(?:{lone})(?:[.#:(/-]\s?{sign})?(?=\d)|(?:{alternation(labels['spaced'])})\.?\s{sign}(?=\d)"
    return re.compile(rf"(?<!\w)(?:{letter}|(?:{words}){number})(?P<n>{digits})(?!\w)")


def _the_one(ordinals: Iterable[str]) -> str:
    """ "the last one:", "la dernière:", "последний:" """
    return rf"(?:the\s+|la\s+|le\s+|el\s+|a\s+)?(?P<n>{alternation(ordinals)})(?:\s+one)?"
