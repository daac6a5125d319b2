"""Every vocabulary that sorting uses, compiled once from config/."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from intake.sorting.answers_tables import AnswerTables, answer_tables
from intake.sorting.folding import alternation, lazy, word_pattern
from intake.sorting.grammar import (
    PartTables,
    bare_pattern,
    clause_pattern,
    greeting_pattern,
    numbered_pattern,
    pair_pattern,
    part_tables,
    title_pattern,
)
from intake.sorting.who import WhoTables, who_tables
from intake.sorting.withheld import WithheldTables, withheld_tables


class PhraseTables(Struct, frozen=True, kw_only=True):
    """What tells machines' mail and a message's place among others (config/dispositions.toml); all on folded text."""

    auto_subject: re.Pattern[str]
    auto_text: re.Pattern[str]
    ticket: re.Pattern[str]
    challenge: re.Pattern[str]
    receipt_subject: re.Pattern[str]
    auto_headers: frozenset[str]
    machine_local_parts: frozenset[str]
    bounce_subject: re.Pattern[str]
    bounce_text: re.Pattern[str]
    spam: re.Pattern[str]
    newsletter: re.Pattern[str]
    offers: re.Pattern[str]
    goods: re.Pattern[str]
    actions: re.Pattern[str]
    account_threat: re.Pattern[str]
    yours: re.Pattern[str]
    withdraws: re.Pattern[str]
    endorses: re.Pattern[str]
    replaces: re.Pattern[str]
    adds: re.Pattern[str]
    resends: re.Pattern[str]
    cut_text: re.Pattern[str]
    thanks: re.Pattern[str]
    password: re.Pattern[str]
    denies: re.Pattern[str]
    mails: re.Pattern[str]
    filed_in: re.Pattern[str]
    translates: re.Pattern[str]
    attached: re.Pattern[str]
    texts: re.Pattern[str]
    texts_or_files: re.Pattern[str]
    own_text: re.Pattern[str]
    supports_text: re.Pattern[str]
    supports_said: re.Pattern[str]
    upholds: re.Pattern[str]
    removes_it: re.Pattern[str]
    withdraws_text: re.Pattern[str]
    removes_text: re.Pattern[str]
    negates: re.Pattern[str]
    drafts: re.Pattern[str]
    demonstrative: re.Pattern[str]
    here: re.Pattern[str]
    replaces_text: re.Pattern[str]
    adds_text: re.Pattern[str]
    parts: PartTables
    enquiry: re.Pattern[str]
    matters: re.Pattern[str]
    other: re.Pattern[str]
    elsewhere: re.Pattern[str]
    affair: re.Pattern[str]
    record: re.Pattern[str]
    papers: re.Pattern[str]
    interrogatives: re.Pattern[str]
    no_response: re.Pattern[str]
    supports_it: re.Pattern[str]
    said_by_another: re.Pattern[str]
    nothing_more: re.Pattern[str]
    wrong: re.Pattern[str]
    domains: tuple[re.Pattern[str], ...]
    counted: re.Pattern[str]
    greeted: re.Pattern[str]
    house: re.Pattern[str]
    downloads: re.Pattern[str]
    procedure: re.Pattern[str]
    ours: re.Pattern[str]
    consultation_on: re.Pattern[str]
    among_us: re.Pattern[str]
    digest: re.Pattern[str]
    reply: re.Pattern[str]
    list_hosts: re.Pattern[str]
    list_mailboxes: re.Pattern[str]


class SortingTables(Struct, frozen=True, kw_only=True):
    """All tables of sorting."""

    phrases: PhraseTables
    who: WhoTables
    answers: AnswerTables
    withheld: WithheldTables


def sorting_tables(tables: Mapping[str, Mapping[str, Any]]) -> SortingTables:
    """SortingTables of the parsed files of config/, by name without ".toml"."""
    answers = answer_tables(tables["answers"])
    return SortingTables(
        phrases=phrase_tables(tables["dispositions"]),
        who=who_tables(tables["countries"], tables["cities"], tables["organizations"], tables["answers"], answers),
        answers=answers,
        withheld=withheld_tables(tables["answers"]),
    )


def phrase_tables(table: Mapping[str, Any]) -> PhraseTables:
    """PhraseTables of the parsed config/dispositions.toml."""
    automatic, place, enquiry, pairs = table["automatic"], table["place"], table["enquiry"], table["pairs"]
    texts, earlier = pairs["texts"], [*pairs["texts"], *pairs["earlier"]]
    return PhraseTables(
        auto_subject=_at_start(automatic["subject"]),
        auto_text=word_pattern(automatic["text"]),
        ticket=word_pattern(automatic["ticket"]),
        challenge=word_pattern(automatic["challenge"]),
        receipt_subject=_at_start(automatic["receipt"]),
        auto_headers=frozenset(automatic["headers"]),
        machine_local_parts=frozenset(automatic["local_parts"]),
        bounce_subject=word_pattern(table["bounce"]["subject"]),
        bounce_text=word_pattern(table["bounce"]["text"]),
        spam=word_pattern(table["spam"]["words"]),
        newsletter=word_pattern(table["spam"]["newsletter"]),
        withdraws=word_pattern(place["withdraws"]),
        endorses=word_pattern(place["endorses"]),
        replaces=word_pattern(place["replaces"]),
        adds=word_pattern(place["adds"]),
        resends=word_pattern(place["resends"]),
        thanks=word_pattern(place["thanks"]),
        password=word_pattern(place["password"]),
        denies=word_pattern(place["denies"]),
        translates=word_pattern(place["translates"]),
        attached=word_pattern(place["attached"]),
        texts=word_pattern(texts),
        own_text=word_pattern(pairs["own"]),
        supports_text=pair_pattern(pairs["supports"], texts),
        withdraws_text=pair_pattern(pairs["withdraws"], texts),
        removes_text=pair_pattern([*pairs["withdraws"], *pairs["removes"]], texts, either=True),
        negates=re.compile(rf"(?:{word_pattern(place['not']).pattern})(?:\s\w{{1,12}})?[\s(,]{{0,3}}$"),
        replaces_text=pair_pattern(pairs["replaces"], earlier),
        adds_text=pair_pattern(pairs["adds"], texts, pairs["to"]),
        parts=part_tables(place),
        **_affairs(table),
        enquiry=word_pattern(enquiry["phrases"]),
        matters=word_pattern(enquiry["matters"]),
        other=word_pattern(enquiry["other"]),
        elsewhere=word_pattern(enquiry["elsewhere"]),
        procedure=title_pattern(enquiry["procedure"], enquiry["about"]),
        ours=word_pattern(enquiry["ours"]),
        here=word_pattern(enquiry["here"]),
        consultation_on=word_pattern(enquiry["consultation_on"]),
        reply=re.compile(rf"\s*(?:\[[^\]]{{0,40}}\]\s*)?(?:{alternation(place['reply'])})\s?:"),
        among_us=word_pattern(table["office"]["among_us"]),
        digest=word_pattern(table["lists"]["digest"]),
        list_hosts=_names(table["lists"]["hosts"]),
        list_mailboxes=_names(table["lists"]["mailboxes"]),
    )


def _affairs(table: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked of another office, what is threatened, what lies elsewhere, what is said of a text."""
    spam, enquiry = table["spam"], table["enquiry"]
    return {
        "account_threat": pair_pattern(spam["threats"], spam["accounts"], either=True),
        "offers": word_pattern(spam["offers"]),
        "goods": word_pattern(spam["goods"]),
        "actions": word_pattern(spam["actions"]),
        "yours": word_pattern(spam["yours"]),
        "supports_said": clause_pattern(table["pairs"]["supports"], table["place"]["whats"], table["place"]["saids"]),
        "upholds": bare_pattern(table["place"]["upholds"]),
        "removes_it": bare_pattern(table["place"]["removes_it"]),
        "texts_or_files": bare_pattern([*table["pairs"]["texts"], *table["pairs"]["earlier"]]),
        "mails": word_pattern(table["place"]["mails"]),
        "cut_text": pair_pattern(table["pairs"]["cuts"], table["place"]["mails"], either=True),
        "filed_in": word_pattern(table["place"]["filed_in"]),
        "domains": tuple(bare_pattern(words) for words in table["domains"].values()),
        "affair": pair_pattern(enquiry["requests"], enquiry["affairs"]),
        "record": numbered_pattern(enquiry["records"]),
        "papers": bare_pattern(enquiry["papers"]),
        "interrogatives": bare_pattern(enquiry["interrogatives"]),
        "no_response": bare_pattern(enquiry["no_response"]),
        "said_by_another": pair_pattern(table["place"]["whats"], table["place"]["saids"]),
        "nothing_more": bare_pattern(table["place"]["nothing_more"]),
        "supports_it": pair_pattern(table["pairs"]["supports"], table["place"]["its"]),
        "wrong": bare_pattern(enquiry["wrongs"]),
        "counted": word_pattern(enquiry["counted"]),
        "greeted": greeting_pattern(enquiry["greetings"], enquiry["offices"]),
        "house": word_pattern(enquiry["house"]),
        "demonstrative": re.compile(rf"(?:{word_pattern(enquiry['this']).pattern})[\s]{{0,2}}$"),
        "drafts": re.compile(rf"(?:{word_pattern(enquiry['drafts']).pattern})(?P<title>[^.;:!?\n]{{4,120}})"),
        "downloads": word_pattern(table["pairs"]["downloads"]),
    }


def _at_start(phrases: list[str]) -> re.Pattern[str]:
    """One of the phrases at the beginning of a subject, after a tag in brackets and reply marks."""
    opening = r"\s*(?:\[[^\]]{0,40}\]\s*)?(?:(?:re|aw|sv|tr|fw|fwd)\s?:\s*)?[\[(【«]?"
    return lazy(lambda: f"{opening}(?:{alternation(phrases)})")


def _names(patterns: list[str]) -> re.Pattern[str]:
    """Host names or local parts, "*" for any letters."""
    return re.compile("|".join(re.escape(name).replace(r"\*", r"[\w.-]{1,80}") for name in patterns))
