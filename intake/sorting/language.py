"""Which language a text is in, by its script and its function words; for choosing between what the reading proposes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from intake.sorting.folding import CJK, folded

_SCRIPTS = (
    ("ar", re.compile(r"[\u0600-\u06ff\u0750-\u077f]+")),
    ("zh", re.compile(f"[{CJK}]+")),
    ("ru", re.compile(r"[\u0400-\u04ff]+")),
    ("latin", re.compile(r"[a-z]+")),
)
_KANA = re.compile(r"[\u3041-\u30ff]")
_WORD = re.compile(r"[^\W\d_]+")
_HEAD = 6000
_SHORT = 40


def language_of(text: str, function_words: Mapping[str, frozenset[str]], proposed: str = "und") -> str:
    """ISO 639-1 code. The reading's proposal stands where script and function words do not speak against it.

    `function_words` are folded. A text of fewer than four words keeps the proposal.
    """
    plain = folded(text[:_HEAD])
    words = _WORD.findall(plain)
    if plain.isascii():  # folded letters are small ones
        letters = {"ar": 0, "zh": 0, "ru": 0, "latin": sum(map(len, words))}
    else:
        letters = {name: sum(map(len, pattern.findall(plain))) for name, pattern in _SCRIPTS}
    total = sum(letters.values())
    if total < 8:
        return proposed
    # A Chinese character says as much as two or three letters.
    letters["zh"] *= 3
    script = max(letters, key=lambda name: letters[name])
    if script != "latin":
        return _of_script(script, plain, proposed)
    counted = Counter(words)
    # A word that several languages have says little ("la", "de", "en").
    scores = dict.fromkeys(function_words, 0.0)
    speakers = _speakers(tuple(function_words.items()))
    for word in counted.keys() & speakers.keys():
        for code in speakers[word]:
            scores[code] += counted[word] / len(speakers[word])
    best = max(scores, key=lambda code: scores[code], default="und")
    if not scores or scores[best] < 1.2:
        second = max((score for code, score in scores.items() if code != best), default=0.0)
        clear = proposed == "und" and scores.get(best, 0.0) >= max(0.6, 1.3 * second)
        return best if clear else proposed
    # Of a sentence or two the proposal stands unless much speaks for another; of a longer text the words decide.
    near = 0.5 if sum(counted.values()) < _SHORT else 0.8
    if proposed in scores and (scores[proposed] >= near * scores[best] or scores[best] - scores[proposed] < 1.5):
        return proposed
    if proposed != "und" and proposed not in scores and scores[best] < 0.15 * sum(counted.values()):
        return proposed
    return best


@lru_cache(maxsize=4)
def _speakers(function_words: tuple[tuple[str, frozenset[str]], ...]) -> dict[str, tuple[str, ...]]:
    """Function word -> the languages that have it."""
    found: dict[str, tuple[str, ...]] = {}
    for code, words in function_words:
        for word in words:
            found[word] = (*found.get(word, ()), code)
    return found


def _of_script(script: str, plain: str, proposed: str) -> str:
    if script == "zh" and len(_KANA.findall(plain)) > 10:
        return "ja"
    neighbours = {
        "ar": {"fa", "ur", "ps", "ckb"},
        "ru": {"uk", "be", "bg", "kk", "ky", "sr", "mk", "tg", "mn", "tt"},
        "zh": {"ja"},
    }
    return proposed if proposed in neighbours[script] else script
