"""A guarded pattern finds what the pattern alone finds, in any text and any stretch of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.sorting import folding
from intake.sorting.folding import word_pattern
from intake.sorting.grammar import bare_pattern, pair_pattern

_LETTERS = "ab-_ *é1.题问的ولالب"
_VOCABULARY = st.lists(
    st.text(_LETTERS, min_size=1, max_size=5).filter(lambda form: re.search(r"\w", form) is not None), min_size=1, max_size=5
)
_TEXT = st.text(_LETTERS + "\n,", max_size=60)


@pytest.fixture(autouse=True)
def _all_texts_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "_SMALL", 0)


def _same(pattern: re.Pattern[str], text: str, pos: int, end: int) -> None:
    plain = re.compile(pattern.pattern)
    expected = [match.span() for match in plain.finditer(text, pos, end)]
    assert [match.span() for match in pattern.finditer(text, pos, end)] == expected
    first = pattern.search(text, pos, end)
    assert (first.span() if first else None) == (expected[0] if expected else None)
    assert pattern.findall(text) == plain.findall(text)


@given(_VOCABULARY, _TEXT, st.integers(0, 20), st.integers(0, 60), st.data())
def test_words(forms: list[str], text: str, pos: int, end: int, data: st.DataObject) -> None:
    text += "".join(data.draw(st.lists(st.sampled_from([*forms, " ", "a", "و"]), max_size=12)))
    folded = folding.folded(text)
    _same(word_pattern(forms), folded, pos, end)
    _same(bare_pattern(forms), folded, pos, end)


@given(_VOCABULARY, st.data())
def test_a_stretch_of_a_text_that_was_looked_at(forms: list[str], data: st.DataObject) -> None:
    text = folding.folded("".join(data.draw(st.lists(st.sampled_from([*forms, " ", "a", "b", "-"]), max_size=24))))
    pattern = word_pattern(forms)
    _same(pattern, text, 0, len(text))
    start, end = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))
    _same(pattern, text[start:end], 0, len(text))


@given(_VOCABULARY, _VOCABULARY, st.booleans(), st.data())
def test_pairs(verbs: list[str], nouns: list[str], either: bool, data: st.DataObject) -> None:
    pieces = [*verbs, *nouns, " ", " ", "_", "a", "ال"]
    text = folding.folded("".join(data.draw(st.lists(st.sampled_from(pieces), max_size=24))))
    _same(pair_pattern(verbs, nouns, either=either), text, 0, len(text))
