"""What an officer says in an answer to the digest: one act on one item, with a reason. Anything less clear is not followed.

[3] accept: our list delayed it          the number as the digest prints it, the token stands in what is quoted below
withhold 12 "Ms Example": private        of a response that the matter does not name; words of it, or a file's name, in quotation marks
accept I1-k1-...                         as the link of an item writes it
Reason: our list delayed it
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence, Set

from msgspec import Struct

from intake.digest.tokens import TOKEN, tokens_in
from intake.model.order import Refusal

Acts = Mapping[str, Set[str]]
"""Act -> the words that say it, in six languages, as `said` writes words."""

_STEERING = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NUMBER = re.compile(r"^[\[(]?\s*(\d{1,3})\s*[\])]?[.:)]?\s+|^[\[(](\d{1,3})[\])]\s*")
_SHOWN = re.compile(r"\[(\d{1,3})\]")
_SEPARATOR = re.compile(r"^\s*[:：،,;；–—\-.。]+\s*")
_LETTERS = re.compile(r"\w{2}|[\u3400-\u9fff]")
_TARGET = re.compile(r"^\s*(?:n[°ºo.]\s*|№\s*|#)?(d-[0-9a-f]{12}|\d{1,6}|[A-Z0-9]{2,}(?:-[A-Z0-9]+)+)(?=\s|[:：«“\"„「『،,;]|$)")
_QUOTED = re.compile(r'^\s*(?:"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«\s*([^»]+?)\s*»|「([^」]+)」|『([^』]+)』|”([^”]+)”)')
_OPENED = re.compile('["“„«「『”]')
_BROKEN = 40
"""Lines into which a mail program may break an order's first."""
LONGEST_REASON = 500


class Said(Struct, frozen=True, kw_only=True):
    """A clear order: the acts that the word may stand for (the item knows which), the token, the reason ("" when there is none).
    `beside`: acts that the same line names as well; where one of them fits the item, too, the order is not clear after all. `target`: the
    number of a response, or a decision's id; `words`: what stands in quotation marks behind it."""

    acts: frozenset[str]
    word: str
    token: str
    reason: str
    beside: frozenset[str] = frozenset()
    target: str = ""
    words: str = ""


class Unclear(Exception):
    """It is not followed; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.value)


def said(word: str) -> str:
    """A word as compared: without case, marks of direction, and differences of width."""
    return " ".join(unicodedata.normalize("NFKC", _STEERING.sub("", word)).casefold().split())


def act_words(tables: Sequence[Mapping[str, Mapping[str, str]]]) -> dict[str, frozenset[str]]:
    """The words of every act, of these languages and of the command line. Tables: templates/orders, [act] and [also]."""
    found: dict[str, set[str]] = {}
    for table in tables:
        for act, word in table["act"].items():
            others = table["also"].get(act, "").split("|")
            found.setdefault(act, {act.replace("_", "-"), act.replace("_", " ")}).update(filter(None, (word, *others)))
    return {act: frozenset(said(word) for word in words) for act, words in found.items()}


def act_faults(tables: Mapping[str, Mapping[str, Mapping[str, str]]], offered: Sequence[Sequence[str]]) -> list[str]:
    """Words that would stand for two acts of one item, in any two languages. `tables`: by language."""
    words = act_words(tuple(tables.values()))
    faults = set()
    for acts in offered:
        for one in acts:
            for other in acts:
                if one < other:
                    faults |= {f"templates/orders: {word!r} says {one} and {other}" for word in words[one] & words[other]}
    return sorted(faults)


def order_in(new: str, below: str, acts: Acts, labels: Set[str]) -> Said:
    """The one order in the text that an officer wrote (`new`) above what he quotes (`below`). `labels`: words for "reason", as `said`
    writes them. Raises Unclear."""
    lines = [_STEERING.sub("", line).strip() for line in new.split("\n")]
    filled = [index for index, line in enumerate(lines) if line]
    if not filled:
        raise Unclear(Refusal.NO_ACT)
    first = filled[0]
    first, line = _whole_quotation(lines, first, acts)
    number, act, rest, target, words = _head(line, acts)
    others = [line for line in lines[first + 1 :] if line and not TOKEN.fullmatch(line)]
    if any(_is_order(line, acts) for line in others):
        raise Unclear(Refusal.AMBIGUOUS)
    token = _token(new, below, number)
    reason = _reason(TOKEN.sub(" ", rest), lines[first + 1 :], labels)
    meant = frozenset(key for key, words in acts.items() if act in words)
    beside = _beside(rest, acts, act)
    return Said(acts=meant, word=act, token=token, reason=reason[:LONGEST_REASON], beside=beside, target=target, words=words)


def _head(line: str, acts: Acts) -> tuple[int | None, str, str, str, str]:
    """(number, word of an act, the rest of the line, number of a response, words in quotation marks). Raises Unclear where the line does
    not begin with an act, or goes on otherwise."""
    match = _NUMBER.match(line)
    number = int(match.group(1) or match.group(2)) if match else None
    told = line[match.end() :] if match else line
    if not said(told):
        raise Unclear(Refusal.NO_ACT)
    every = sorted({word for words in acts.values() for word in words}, key=len, reverse=True)
    for word in every:
        rest = _after(told, word)
        if rest is not None:
            target, words, rest = _named(number, rest)
            return (*_numbered(number, rest, word), target, words)
    raise Unclear(Refusal.UNKNOWN_ACT)


def _whole_quotation(lines: Sequence[str], first: int, acts: Acts) -> tuple[int, str]:
    """(index of its last line, the order's line): a mail program may have broken it within the quotation marks."""
    if _OPENED.search(lines[first]):
        for last in range(first, min(first + _BROKEN, len(lines))):
            if not lines[last]:
                break
            line = " ".join(lines[first : last + 1])
            if _head(line, acts)[4]:
                return last, line
    return first, lines[first]


def _named(number: int | None, rest: str) -> tuple[str, str, str]:
    """(number of a response, or a decision's id; what stands in quotation marks; the rest): "12 “Ms Example”: private", in any of the six
    languages' quotation marks. A bare number without words is one only where the matter has its own before the word."""
    own = tokens_in(rest)[:1]
    bare = TOKEN.sub(" ", rest, count=1)
    target = _TARGET.match(bare)
    after = bare[target.end() :] if target else bare
    quoted = _QUOTED.match(after)
    sure = target is not None and (number is not None or bool(own) or target.group(1).startswith("d-"))
    if not quoted and not sure:
        return "", "", rest
    words = " ".join(next(filter(None, quoted.groups()), "").split()) if quoted else ""
    after = after[quoted.end() :] if quoted else after
    return (target.group(1) if target else ""), words, " ".join([*own, after])


def _after(text: str, word: str) -> str | None:
    """What follows a word at the beginning of a text; None where it does not begin with it or the word goes on."""
    pieces = text.split(" ")
    for count in range(1, min(len(pieces), word.count(" ") + 1) + 1):
        head, tail = " ".join(pieces[:count]), " ".join(pieces[count:])
        if said(head) == word:
            return tail
        bare = re.match(r"^(.*?)([:：،,;；–—\-.。!！]+)$", head) or re.match(r"^(.*?)([:：،；](?=\S).*)$", head)
        if bare is not None and said(bare.group(1)) == word:
            return f"{bare.group(2)} {tail}".strip()
    return None


def _numbered(number: int | None, rest: str, word: str) -> tuple[int | None, str, str]:
    """ "accept 3: ..." as well; what follows must be a token, a separator or nothing: "accept it if you like" is no order."""
    match = re.match(r"^\s*[\[(]?(\d{1,3})[\])]?(?=\s*(?:[:：،,;；–—.。]|-\s|$))", rest)
    if match and number is None:
        number, rest = int(match.group(1)), rest[match.end() :]
    bare = TOKEN.sub(" ", rest, count=1).strip(" []()")
    if bare and not _SEPARATOR.match(bare):
        raise Unclear(Refusal.AMBIGUOUS)
    return number, word, rest


def _is_order(line: str, acts: Acts) -> bool:
    """Whether a further line gives an order, too: one with a number or a token of its own, or nothing but an act."""
    try:
        number, word, rest, _, _ = _head(line, acts)
    except Unclear:
        return False
    return number is not None or bool(TOKEN.search(rest)) or not rest.strip(" .!:") or bool(word and not rest)


def _beside(rest: str, acts: Acts, word: str) -> frozenset[str]:
    """Other acts that the line names: "accept - or exclude?" """
    told = set(re.findall(r"\w+", said(TOKEN.sub(" ", rest))))
    return frozenset(key for key, words in acts.items() if word not in words and words & told)


def _token(new: str, below: str, number: int | None) -> str:
    """The token that is meant: written by the officer, else that of the item with this number in what he quotes. Raises Unclear."""
    own = tokens_in(new)
    if len(own) > 1:
        raise Unclear(Refusal.AMBIGUOUS)
    if own:
        return own[0]
    quoted = tokens_in(below)
    if not quoted:
        raise Unclear(Refusal.NO_TOKEN)
    if number is None:
        if len(quoted) > 1:
            raise Unclear(Refusal.AMBIGUOUS)
        return quoted[0]
    found: set[str] = set()
    for match in _SHOWN.finditer(below):
        if int(match.group(1)) == number:
            following = _SHOWN.search(below, match.end())
            found.update(tokens_in(below[match.end() : following.start() if following else len(below)])[:1])
    if len(found) != 1:
        raise Unclear(Refusal.AMBIGUOUS if found else Refusal.NO_TOKEN)
    return found.pop()


def _reason(rest: str, lines: Sequence[str], labels: Set[str]) -> str:
    """Behind a separator in the first line; else what follows the word for "reason"; else the lines directly below, to the first empty
    one: a greeting further down is no reason."""
    own = _SEPARATOR.sub("", rest.strip(" []()")).strip()
    if _LETTERS.search(own):
        return own
    for index, line in enumerate(lines):
        head, colon, tail = re.sub("：", ":", line, count=1).partition(":")
        if colon and said(head) in labels:
            told = " ".join([tail, *_paragraph(lines[index + 1 :])]).strip()
            return told if _LETTERS.search(told) else ""
    told = " ".join(_paragraph(lines)).strip()
    return told if _LETTERS.search(told) else ""


def _paragraph(lines: Sequence[str]) -> list[str]:
    found = []
    for line in lines:
        if not line:
            break
        if not TOKEN.fullmatch(line):
            found.append(line)
    return found
