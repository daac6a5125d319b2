"""The round's questions as they are compared: all languages, old drafts, and what sets each apart from the others."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache

from msgspec import Struct
from rapidfuzz import fuzz

from intake.model.round import Round
from intake.sorting.folding import folded, has_cjk, words_of

_SENTENCE = re.compile(r"(?<=[?.!])\s*")
_TAIL = re.compile(r"[\s?.!:;\"')*_]*")
_LIKE = 82
_PART_LIKE = 88
_FEWEST = 3
"""Words of the shortest question."""
_FUZZY = 4
"""Words from which a wording is found that is not quite the same."""


class QuestionText(Struct, frozen=True):
    """One wording. `old`: its number in an earlier draft, 0 for the wording in force. `whole` False: its first sentence."""

    number: int
    old: int
    plain: str
    words: frozenset[str]
    whole: bool = True


class Likeness(Struct, frozen=True):
    """A wording found at the beginning of a text; `end` is where the words after it begin."""

    number: int
    old: int
    end: int
    score: float


class QuestionIndex(Struct, frozen=True, kw_only=True):
    """All wordings and the words that set each question apart."""

    numbers: tuple[int, ...]
    old_numbers: dict[int, int]
    texts: tuple[QuestionText, ...]
    by_word: dict[str, tuple[int, ...]]
    weights: dict[str, dict[int, float]]
    idle: frozenset[str]

    def repeated(self, plain: str) -> Likeness | None:
        """The question that a folded text (without leading white space) begins with, whole or cut, or None."""
        candidate = plain[:1600].replace("\n", " ").replace("\t", " ")
        words = words_of(candidate[:160])[:16]
        if len(words) < _FEWEST:
            return None
        hits: Counter[int] = Counter()
        for word in set(words):
            hits.update(self.by_word.get(word, ()))
        best: Likeness | None = None
        for index, count in hits.most_common(12):
            text = self.texts[index]
            # Behind a short question stands its answer: of the words only those of the question are to be expected.
            if count < 0.5 * min(len(set(words)), len(text.words)):
                continue
            if (len(words) < _FUZZY or len(text.words) < _FUZZY) and not candidate.startswith(text.plain):
                continue
            found = _like(candidate, text)
            # Of two equal wordings the one in force wins, then the longer one.
            if found and (
                best is None or (found.score, -bool(found.old), found.end) > (best.score + 1e-9, -bool(best.old), best.end)
            ):
                best = found
        return best

    def topics(self, plain: str) -> tuple[dict[int, float], int]:
        """Weight of each question in the words of a short text, and how many content words there are."""
        scores: defaultdict[int, float] = defaultdict(float)
        stems = _stems(plain, self.idle)
        for stem in stems:
            for number, weight in self.weights.get(stem, {}).items():
                scores[number] += weight
        return dict(scores), len(stems)

    def topic(self, plain: str, share: float = 0.5) -> int | None:
        """The one question that a short text is about: most of its words, and clearly before the next question."""
        scores, count = self.topics(plain)
        ranked = sorted(scores.items(), key=lambda item: -item[1])
        if not ranked or count == 0 or ranked[0][1] < max(0.9, share * min(count, 4)):
            return None
        if len(ranked) > 1 and ranked[0][1] < 1.5 * ranked[1][1]:
            return None
        return ranked[0][0]


def question_index(round: Round, idle: frozenset[str]) -> QuestionIndex:
    """The round's index; built once for the same wordings. `idle`: words that tell no question from another."""
    entries = tuple((question.number, 0, text) for question in round.questions for text in question.text.values()) + tuple(
        (question.number, old.number, text)
        for question in round.questions
        for old in question.old_texts
        for text in old.text.values()
    )
    return _build(entries, idle)


@lru_cache(maxsize=16)
def _build(entries: tuple[tuple[int, int, str], ...], idle: frozenset[str]) -> QuestionIndex:
    texts: list[QuestionText] = []
    for number, old, text in entries:
        plain = " ".join(folded(text).split())
        texts.append(QuestionText(number, old, plain, frozenset(words_of(plain))))
        sentences = [sentence for sentence in _SENTENCE.split(plain) if sentence]
        if len(sentences) > 1 and len(sentences[0]) > (10 if has_cjk(plain) else 25):
            texts.append(QuestionText(number, old, sentences[0], frozenset(words_of(sentences[0])), whole=False))
    by_word: defaultdict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(texts):
        for word in entry.words:
            by_word[word].append(index)
    return QuestionIndex(
        numbers=tuple(sorted({number for number, _, _ in entries})),
        old_numbers={old: number for number, old, _ in entries if old},
        texts=tuple(texts),
        by_word={word: tuple(indexes) for word, indexes in by_word.items()},
        weights=_weights(entries, idle),
        idle=idle,
    )


def _weights(entries: tuple[tuple[int, int, str], ...], idle: frozenset[str]) -> dict[str, dict[int, float]]:
    holders: defaultdict[str, set[int]] = defaultdict(set)
    for number, old, text in entries:
        for stem in () if old else _stems(folded(text), idle):
            holders[stem].add(number)
    total = len({number for number, _, _ in entries})
    weight = {1: 1.0, 2: 0.4 if total > 2 else 0.0}
    return {
        stem: {number: weight[len(numbers)] for number in numbers} for stem, numbers in holders.items() if len(numbers) in weight
    }


def _stems(plain: str, idle: frozenset[str]) -> set[str]:
    stems: set[str] = set()
    words = words_of(plain)
    for index, word in enumerate(words):
        if word in idle:
            continue
        if has_cjk(word):
            if index + 1 < len(words) and has_cjk(words[index + 1]):
                stems.add(word + words[index + 1])
        elif "\u0600" <= word[0] <= "\u06ff":
            bare = re.sub(r"^(?:وال|بال|فال|كال|لل|ال|و)(?=\w{3})", "", word)
            if len(bare) > 2:
                stems.add(bare[:5])
        elif len(word) > 2 and not word.isdigit():
            stems.add(word[:6] if word[0] > "\u0400" else word.removesuffix("s")[:6])
    return stems


def _like(candidate: str, text: QuestionText) -> Likeness | None:
    size = len(text.plain)
    if len(candidate) >= 0.85 * size:
        window = candidate[: int(1.2 * size) + 12]
        found = fuzz.partial_ratio_alignment(text.plain, window, score_cutoff=_LIKE)
        if found is None or found.dest_start > 4:
            return None
        end = _word_end(window, found.dest_end)
        question_mark = candidate.find("?", end - 3, end + 25)
        if question_mark >= 0 and text.plain.endswith("?"):
            end = question_mark + 1
        tail = _TAIL.match(candidate, end)
        return Likeness(text.number, text.old, tail.end() if tail else end, found.score)
    if not text.whole or len(candidate) < max(12 if has_cjk(candidate) else 30, 0.3 * size):
        return None
    found = fuzz.partial_ratio_alignment(candidate, text.plain, score_cutoff=_PART_LIKE)
    # A cut question begins as the question does; words from its middle are a title or an answer.
    if found is None or (found.dest_start > 8 and not candidate.rstrip().endswith("?")):
        return None
    return Likeness(text.number, text.old, len(candidate), found.score - 5)


def _word_end(text: str, offset: int) -> int:
    while 0 < offset < len(text) and text[offset - 1].isalnum() and text[offset].isalnum() and not has_cjk(text[offset]):
        offset += 1
    return offset
