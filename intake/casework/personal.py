"""What a single mail of a campaign adds to the text that all have in common: the sentences that are not in the representative one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec.structs import replace

from intake.casework.drafts import Case, id_of, plain
from intake.model.record import Campaign
from intake.model.round import CampaignRule
from intake.model.verdict import Passage

GRAM = 3
"""Words that stand together (signs, in Chinese) by which a sentence is known again."""
LEAST = 5
"""Words (8 signs in Chinese) of a sentence that says something: names, places and greetings are shorter."""
COMMON = 0.5
"""Share of a sentence's grams in the representative text from which it is the campaign's own, with a word changed."""
_BREAK = re.compile(r"(?<=[.!?؟…])[\s\"'»”)]+|(?<=[。！？])|\n\s*\n")
_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_]+")
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
Spans = tuple[tuple[int, int], ...]


def personal_words(common: str, member: Case) -> tuple[Passage, ...]:
    """The member's own sentences that are not in the common text, those that follow one another as one passage."""
    found: list[Passage] = []
    for passage in _own(member):
        for start, end in added(common, passage.text):
            found.append(
                Passage(
                    part=passage.part,
                    start=passage.start + start,
                    end=passage.start + end,
                    text=passage.text[start:end],
                    page=passage.page,
                )
            )
    return tuple(found)


def _own(case: Case) -> list[Passage]:
    """All that the author wrote, in order: what was cut into answers, what is general, what no rule could place."""
    verdict = case.verdict
    passages = {
        (item.part, item.start, item.end): item
        for item in (
            *(passage for answer in verdict.answers for passage in answer.passages),
            *verdict.general,
            *verdict.unmapped,
        )
    }
    return [passages[key] for key in sorted(passages)]


def campaign_of(keys: tuple[str, ...], cases: Mapping[str, Case], rule: CampaignRule) -> Campaign:
    """The campaign of these mails, in order of receipt: the first one stands for all."""
    common = cases[keys[0]].told("own text", own_text)
    return Campaign(
        id=id_of(keys[0], "c"),
        representative=keys[0],
        messages=keys,
        personal=tuple((key, passage) for key in keys[1:] for passage in _told(keys[0], common, cases[key])),
        similarity=rule.similarity,
        minimum=rule.minimum,
    )


def with_one_more(campaign: Campaign, member: Case, common: Callable[[str], str]) -> Campaign:
    """The campaign with a mail that came after all its others. `common`: the text of the one that stands for all, by its key."""
    added_by = _told(campaign.representative, common(campaign.representative), member)
    return replace(
        campaign,
        messages=(*campaign.messages, member.key),
        personal=(*campaign.personal, *((member.key, passage) for passage in added_by)),
    )


def _told(representative: str, common: str, member: Case) -> tuple[Passage, ...]:
    return member.told(f"adds to {representative}", lambda whole: personal_words(common, whole))


def own_text(case: Case) -> str:
    """The text of the representative, which the others have in common."""
    return "\n\n".join(passage.text for passage in _own(case))


@lru_cache(maxsize=20_000)
def added(common: str, text: str) -> Spans:
    """Where the sentences of `text` stand that are not in `common`; neighbours as one. Linear; remembered, for a round is judged again
    and again with the same mails."""
    known = _grams_of(common)
    spans: list[tuple[int, int]] = []
    for start, end in _sentences(text):
        words = _words(text[start:end])
        least = 8 if words and _CJK.match(words[0]) else LEAST
        grams = _grams(words)
        if len(words) < least or sum(gram in known for gram in grams) >= COMMON * len(grams):
            continue
        if spans and not text[spans[-1][1] : start].strip():
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each, without the white space around it."""
    last = 0
    for begin, end in [*(match.span() for match in _BREAK.finditer(text)), (len(text), len(text))]:
        piece = text[last:begin]
        if piece.strip():
            yield last + len(piece) - len(piece.lstrip()), begin - (len(piece) - len(piece.rstrip()))
        last = end


def _words(text: str) -> list[str]:
    return _WORD.findall(plain(text))


def _grams(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(words[start : start + GRAM]) for start in range(len(words) - GRAM + 1)]


@lru_cache(maxsize=200)
def _grams_of(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(_grams(_words(text)))
