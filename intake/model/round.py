"""A consultation round as configured: topic, questions, days, channels, reporting groups."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
"""The six official languages of the Union, in the order of their English names."""


class OldText(Struct, frozen=True, kw_only=True):
    """A question as it stood in an earlier draft, with the number it had there."""

    version: str
    number: int
    text: dict[str, str]


class Question(Struct, frozen=True, kw_only=True):
    """One question; `text` by language code."""

    number: int
    text: dict[str, str]
    old_texts: tuple[OldText, ...] = ()


class Dates(Struct, frozen=True, kw_only=True):
    """The days of a round (Resolution 1336 (Mod. 2019), resolves 2 to 5). Days are local to the round; the deadline is an
    aware instant.

    `decided`: last day of the meeting (or Council decision) that fixed the topic.
    """

    decided: date
    opened: date
    response_deadline: datetime
    physical_consultation: date
    group_meeting_start: date
    group_meeting_end: date


class Channels(Struct, frozen=True, kw_only=True):
    """How responses reach us. `trusted_hosts` are the names under which our own hosts add Received and Authentication-Results."""

    address: str
    list_address: str | None = None
    list_id: str | None = None
    trusted_hosts: tuple[str, ...] = ()


class CampaignRule(Struct, frozen=True, kw_only=True):
    """When near-identical mails are a campaign: estimated Jaccard similarity of word 3-grams at least `similarity`, from
    `minimum` persons on."""

    similarity: float = 0.6
    minimum: int = 3


class Round(Struct, frozen=True, kw_only=True):
    """One consultation round, from its TOML file."""

    id: str
    topic: str
    working_group: str
    legal_basis: tuple[str, ...]
    time_zone: str
    dates: Dates
    questions: tuple[Question, ...]
    channels: Channels
    reporting_groups: dict[str, tuple[str, ...]]
    campaign: CampaignRule = CampaignRule()
    symbol: str = ""
    contact: str = ""


class Day(Struct, frozen=True, kw_only=True):
    """One day of a round's timetable. `id` names it ("opening", "deadline", ...), `clause` where it comes from (config/clauses.toml).

    `computed` is the day that the rule gives, `on` the configured one (or the computed one where nothing is configured);
    `days_off` their difference. `state`: done, due, late, coming. `warnings` are keys of words.
    """

    id: str
    clause: str
    on: date
    computed: date | None = None
    days_off: int = 0
    state: str = "coming"
    warnings: tuple[str, ...] = ()
