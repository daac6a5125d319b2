"""Question by respondent: candidate passages, ranked, and put side by side by what they speak of. A help to find, never a finding."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from intake.model.edition import Edition, Entry
from intake.model.synthesis import GENERAL, Candidate, Group, Matrix
from intake.synthesis.source import GAP, entries_of, name_of, squeezed, texts_of
from intake.synthesis.terms import Terms, folded

_END = re.compile(r"(?<=[.!?؟])[\"'»”)\]]*\s+|(?<=[。！？])")
SHORT, SHORT_WIDE = 40, 16
"""Characters below which a sentence goes with the next (in scripts that are written without spaces)."""
LEAST, LONGEST = 8, 600
"""Characters of a passage that can be quoted."""
IDEAL = 160
"""Characters of a passage that is easily read: longer and shorter ones rank a little lower."""
TOGETHER = 3
"""Respondents from whom on a shared word names a group."""
WORD_GROUPS = 10
"""Groups by a shared word that a question shows at most, beside those of the field's terms."""
CONVERGENCE, CATEGORIES = 3, 3
"""So many respondents, and at least a third of those who answered, of so many categories speak of one thing: hint "convergence"; a
word of disagreement in one passage is enough for "divergence"."""


def matrix_of(edition: Edition, terms: Terms) -> Matrix:
    """The matrix of an edition. Pure; the same edition and table give the same matrix."""
    entries = entries_of(edition)
    questions = tuple(question.number for question in edition.round.questions)
    said = {question: _asked(edition, question, terms) for question in questions}
    topics = {question: _topics(edition, question, terms) for question in questions}
    found: dict[int, list[Candidate]] = defaultdict(list)
    for entry in entries.values():
        for question, texts in texts_of(entry):
            found[question] += _candidates(
                entry, question, texts, terms, said.get(question, frozenset()), topics.get(question, frozenset())
            )
    for question, candidates in found.items():
        found[question] = _ranked(candidates)
    cells: dict[tuple[int, int], list[Candidate]] = defaultdict(list)
    for question, candidates in found.items():
        for item in candidates:
            cells[(question, item.number)].append(item)
    groups = [group for question in sorted(found, key=_order) for group in _groups(question, found[question], entries)]
    return Matrix(
        questions=(*questions, *([GENERAL] if GENERAL in found else [])),
        numbers=tuple(entries),
        names={number: name_of(entry) for number, entry in entries.items()},
        cells={key: tuple(sorted(value, key=_best)) for key, value in cells.items()},
        groups=tuple(groups),
    )


def _order(question: int) -> int:
    """General comments stand after the questions."""
    return question or 10**6


def sentences(paragraph: str) -> Iterator[str]:
    """The passages of a paragraph: sentences, short ones with the next; nothing across a withheld place."""
    held = ""
    for piece in _END.split(paragraph):
        held = f"{held} {piece.strip()}".strip() if not _wide(held) else held + piece.strip()
        if len(held) >= (SHORT_WIDE if _wide(held) else SHORT):
            yield held
            held = ""
    if held:
        yield held


def _wide(text: str) -> bool:
    return any("\u3040" <= char <= "\u9fff" for char in text[-4:])


def _asked(edition: Edition, number: int, terms: Terms) -> frozenset[str]:
    """Stems of the question's own words: they name no group."""
    question = next(item for item in edition.round.questions if item.number == number)
    return frozenset(stem for language, text in question.text.items() for stem, _ in terms.words_of(text, language))


def _topics(edition: Edition, number: int, terms: Terms) -> frozenset[str]:
    """Concepts that the question itself names: every answer speaks of them, so they tell nothing apart."""
    question = next(item for item in edition.round.questions if item.number == number)
    return frozenset(key for language, text in question.text.items() for key in terms.concepts_in(text, language))


def _candidates(
    entry: Entry, question: int, texts: Sequence[str], terms: Terms, asked: frozenset[str], topics: frozenset[str]
) -> Iterator[Candidate]:
    seen: set[str] = set()
    for paragraph in texts:
        if paragraph == GAP:
            continue
        for text in sentences(paragraph):
            name = passage_id(entry.public_number, question, text)
            if name in seen or len(text) > LONGEST or len(squeezed(text)) < LEAST:
                continue
            seen.add(name)
            yield Candidate(
                id=name,
                number=entry.public_number,
                question=question,
                text=text,
                language=entry.language,
                concepts=tuple(key for key in terms.concepts_in(text, entry.language) if key not in topics),
                terms=tuple(dict.fromkeys(stem for stem, _ in terms.words_of(text, entry.language) if stem not in asked)),
                against=terms.speaks_against(text, entry.language),
                score=0.0,
            )


def passage_id(number: int, question: int, text: str) -> str:
    """ "7-2-3fa29c": response 7 on question 2, and the words. It stays while the words stay."""
    return f"{number}-{question}-{hashlib.sha256(squeezed(text).encode('utf-8')).hexdigest()[:6]}"


def _ranked(candidates: list[Candidate]) -> list[Candidate]:
    """Best first: what speaks of things that others speak of too, in a length that can be quoted.

    Score: 2 a concept and 1 a shared word, each times the share of respondents who use it, times 1 / (1 + distance from the ideal
    length / 4 ideals). Only words that another respondent of the same language uses stay as terms.
    """
    people = {item.number for item in candidates}
    speakers: dict[tuple[str, str], set[int]] = defaultdict(set)
    for item in candidates:
        for key in item.concepts:
            speakers[("", key)].add(item.number)
        for stem in item.terms:
            speakers[(item.language, stem)].add(item.number)
    ranked = []
    for item in candidates:
        shared = tuple(stem for stem in item.terms if len(speakers[(item.language, stem)]) > 1)
        weight = 2 * sum(len(speakers[("", key)]) for key in item.concepts)
        weight += sum(len(speakers[(item.language, stem)]) for stem in shared)
        score = weight / max(1, len(people)) / (1 + abs(len(item.text) - IDEAL) / (4 * IDEAL))
        ranked.append(replace(item, terms=shared, score=round(score, 4)))
    return sorted(ranked, key=_best)


def _best(item: Candidate) -> tuple[float, int, str]:
    return (-item.score, item.number, item.id)


def _groups(question: int, candidates: Sequence[Candidate], entries: dict[int, Entry]) -> list[Group]:
    """By concept across languages, then by shared word within one; of each, most respondents first. A word that only says again what a
    concept gathers gives no group of its own."""
    people = len({item.number for item in candidates})
    found: list[Group] = []
    by_concept: dict[str, list[Candidate]] = defaultdict(list)
    by_term: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for item in candidates:
        for key in item.concepts:
            by_concept[key].append(item)
        for stem in item.terms:
            by_term[(item.language, stem)].append(item)
    for key, items in by_concept.items():
        if len({item.number for item in items}) > 1:
            found.append(_group(question, key, "", "", items, entries, people))
    concepts = len(found)
    gathered = [{item.id for item in group.candidates} for group in found]
    words = sorted(by_term.items(), key=lambda item: (-len({entry.number for entry in item[1]}), item[0]))
    for (language, stem), items in words:
        if len(found) - concepts >= WORD_GROUPS:
            break
        ids = {item.id for item in items}
        if len({item.number for item in items}) >= TOGETHER and not any(len(ids & other) * 2 > len(ids) for other in gathered):
            found.append(_group(question, "", _shown(stem, items), language, items, entries, people))
            gathered.append(ids)
    return sorted(
        found, key=lambda group: (not group.concept, -len(group.numbers), -len(group.by_category), group.concept, group.term)
    )


def _shown(stem: str, items: Iterable[Candidate]) -> str:
    """The commonest full form of a stem in the passages."""
    forms = Counter(word for item in items for word in re.findall(r"[^\W\d_]+", folded(item.text)) if word.startswith(stem))
    return min(forms, key=lambda word: (-forms[word], len(word), word)) if forms else stem


def _group(
    question: int, concept: str, term: str, language: str, items: Sequence[Candidate], entries: dict[int, Entry], people: int
) -> Group:
    numbers = tuple(sorted({item.number for item in items}))
    by_category, by_region = people_of(numbers, entries)
    hint = ""
    if any(item.against for item in items) and len(numbers) > 1:
        hint = "divergence"
    elif len(numbers) >= max(CONVERGENCE, people / 3) and len(by_category) >= CATEGORIES:
        hint = "convergence"
    return Group(
        question=question,
        concept=concept,
        term=term,
        language=language,
        candidates=tuple(sorted(items, key=_best)),
        numbers=numbers,
        by_category=by_category,
        by_region=by_region,
        hint=hint,
    )


def people_of(numbers: Iterable[int], entries: dict[int, Entry]) -> tuple[dict[str, int], dict[str, int]]:
    """How many of these respondents by category and by region, most first; each table adds up to how many they are."""
    known = [entries[number].respondent for number in numbers]
    return _table(who.category.value for who in known), _table(who.region.value for who in known)


def _table(keys: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(keys).items(), key=lambda item: (-item[1], item[0])))
