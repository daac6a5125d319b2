"""Answers to the digest: one clear act is understood in six languages, and nothing that is less than clear."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from intake.digest.replies import Said, Unclear, act_faults, act_words, order_in, said
from intake.model.order import Refusal
from intake.model.round import LANGUAGES
from intake.pipeline.matters import OFFERED

TABLES = {
    language: tomllib.loads((Path(__file__).parents[3] / "templates" / "orders" / f"{language}.toml").read_text("utf-8"))
    for language in LANGUAGES
}
ACTS = act_words(tuple(TABLES.values()))
LABELS = frozenset(said(table["column"]["reason"]) for table in TABLES.values())
ONE, TWO = f"I1-k1-{'a' * 51}y", f"I1-k1-{'b' * 51}y"
QUOTED = f"> [1] count / exclude\n> {ONE}\n>\n> [2] accept / exclude\n> {TWO}\n"


def order(new: str, below: str = QUOTED) -> Said:
    return order_in(new, below, ACTS, LABELS)


def refusal(new: str, below: str = QUOTED) -> Refusal:
    with pytest.raises(Unclear) as caught:
        order(new, below)
    return caught.value.refusal


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("act", sorted(TABLES["en"]["act"]))
def test_every_act_in_every_language_by_number_and_by_link(language: str, act: str) -> None:
    """As a person writes it, and as the link of an item prepares it."""
    table = TABLES[language]
    word, colon = table["act"][act], "：" if language == "zh" else ":"
    found = order(f"[2] {word}{colon} {word} Ωμέγα 理由\n\n--\nBen")
    assert act in found.acts
    assert (found.token, found.reason) == (TWO, f"{word} Ωμέγα 理由")
    linked = order(f"{word} {ONE}\n{table['column']['reason']}{colon} Ωμέγα\n", "")
    assert act in linked.acts
    assert (linked.token, linked.reason) == (ONE, "Ωμέγα")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2 accept: our list delayed it", "our list delayed it"),
        ("[2] Accept-late - our list delayed it", "our list delayed it"),
        ("accept [2]: our list delayed it", "our list delayed it"),
        ("2. accept\nour list delayed it\nfor a day\n\nRegards\nBen", "our list delayed it for a day"),
        ("\u200f[2] \u2067accept\u2069: our list delayed it", "our list delayed it"),
        ("2 accepter : notre liste", "notre liste"),
        (f"accept: our list\n\n{TWO}", "our list"),
    ],
)
def test_ways_of_writing_it(text: str, reason: str) -> None:
    found = order(text)
    assert "accept_late" in found.acts
    assert (found.token, found.reason) == (TWO, reason)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Refusal.NO_ACT),
        ("  \n\n", Refusal.NO_ACT),
        ("[2]", Refusal.NO_ACT),
        ("Dear all, please accept 2", Refusal.UNKNOWN_ACT),
        ("do not accept", Refusal.UNKNOWN_ACT),
        ("2 publish: now", Refusal.UNKNOWN_ACT),
        ("2 acceptable: yes", Refusal.UNKNOWN_ACT),
        ("2 accept?", Refusal.UNKNOWN_ACT),
        ("2 accept it if you like", Refusal.AMBIGUOUS),
        ("accept: it is on time", Refusal.AMBIGUOUS),
        ("1 count: fine\n2 accept: fine", Refusal.AMBIGUOUS),
        (f"accept {ONE}: x {TWO}", Refusal.AMBIGUOUS),
        ("1 count: fine\nexclude", Refusal.AMBIGUOUS),
        ("3 accept: x y", Refusal.NO_TOKEN),
    ],
)
def test_what_is_not_clear_is_not_followed(text: str, why: Refusal) -> None:
    assert refusal(text) is why


def test_what_names_another_act_beside_is_told() -> None:
    """Whether it matters is the item's business: "withdraw" fits no held response."""
    assert order("2 accept: or exclude?").beside == {"exclude"}
    assert order("2 accept: he wants to withdraw").beside == {"withdraw"}


def test_without_the_quotation_there_is_no_token() -> None:
    assert refusal("2 accept: our list", "") is Refusal.NO_TOKEN
    assert refusal("accept: our list", "") is Refusal.NO_TOKEN


def test_one_quoted_token_needs_no_number() -> None:
    assert order("accept: our list", f"> {TWO}").token == TWO


def test_a_number_that_the_quotation_gives_to_two_tokens_is_not_clear() -> None:
    """Two digests quoted one below the other."""
    assert refusal("1 count: fine", QUOTED + f"> > [1] count\n> > {TWO}\n") is Refusal.AMBIGUOUS


@pytest.mark.parametrize(
    "text", ["2 accept", "2 accept\n\nRegards\nBen Smith", "2 accept: ?", "2 accept\nReason:", "2 accept\nReason: -\n\nBen"]
)
def test_a_greeting_is_no_reason(text: str) -> None:
    assert order(text).reason == ""


def test_no_word_says_two_acts_of_one_item() -> None:
    """In any two languages: the tables are checked so at start."""
    assert act_faults(TABLES, OFFERED) == []
    mixed = {**TABLES, "fr": {**TABLES["fr"], "act": {**TABLES["fr"]["act"], "exclude": "Count"}}}
    assert act_faults(mixed, OFFERED) == ["templates/orders: 'count' says count and exclude"]
