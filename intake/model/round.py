"""A consultation round as configured: topic, questions, days, channels, reporting groups."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

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
    """How responses reach us. `trusted_hosts` are the names under which our own hosts add Received and
    Authentication-Results. `group_address`: the group's own list, to which released revisions go."""

    address: str
    list_address: str | None = None
    list_id: str | None = None
    trusted_hosts: tuple[str, ...] = ()
    group_address: str | None = None


class CampaignRule(Struct, frozen=True, kw_only=True):
    """When near-identical mails are a campaign: estimated Jaccard similarity of word 3-grams at least `similarity`, from
    `minimum` persons on."""

    similarity: float = 0.6
    minimum: int = 3


class Rules(Struct, frozen=True, kw_only=True):
    """The days that the rules give, counted in calendar days, the day of the event left out. The defaults are those of Council
    Resolution 1336 (Mod. 2019), resolves 3 and 5, and of Council Decision 556 as of 2014, which may have been revised since.

    `shortest`: a consultation open for fewer days gets a hint ("of reasonable length", resolves 2; the number is the operator's).
    `grace_minutes`: what was received so long after the deadline is still in time; printed where the deadline is.
    """

    name: str = "res1336-2019"
    opening: int = 15
    responses: int = 30
    synthesis: int = 15
    nearness: int = 3
    documents: int = 12
    posting: int = 7
    brief_summary: int = 2
    shortest: int = 28
    grace_minutes: int = 0


class Paper(Struct, frozen=True, kw_only=True):
    """What the header block of the house says beside the round's own facts, by language code: where the group meets, what it is asked
    to do, links with the strategic plan, financial implications. `references`: documents, beside the legal basis."""

    meeting: dict[str, str] = {}
    action: dict[str, str] = {}
    strategic: dict[str, str] = {}
    finance: dict[str, str] = {}
    references: tuple[str, ...] = ()


class ProofRule(Struct, frozen=True, kw_only=True):
    """Proof before print. `with_acknowledgement`: the entry goes with the acknowledgement; `fields`: what an authenticated sender's answer
    corrects without a person."""

    with_acknowledgement: bool = False
    fields: tuple[str, ...] = ()


class RoundNames(Struct, frozen=True, kw_only=True):
    """What the round, the group and the reporting groups (by their label) are called in one language; "": as in the round's file."""

    topic: str = ""
    working_group: str = ""
    groups: dict[str, str] = {}


class Round(Struct, frozen=True, kw_only=True):
    """One consultation round, from its TOML file. `done`: days on which a duty was done, by the id of the day; `reasons`: why a day
    is off the rule, likewise. `names`: by language code. `previous`: the round before this one, for the silence map: a round's id, or a CSV file of what it
    published."""

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
    rules: Rules = Rules()
    done: dict[str, date] = {}
    reasons: dict[str, str] = {}
    paper: Paper = Paper()
    names: dict[str, RoundNames] = {}
    proof: ProofRule = ProofRule()
    previous: str = ""

    def said_in(self, language: str) -> Round:
        """The same round with topic and group named in that language, where its file has a name for them."""
        names = self.names.get(language, RoundNames())
        return replace(self, topic=names.topic or self.topic, working_group=names.working_group or self.working_group)

    @property
    def last_moment(self) -> datetime:
        """The last instant at which a response is in time: the deadline and the grace. In UTC: a sum in local time forgets which of
        the two hours of a clock set back was meant, and counts an hour that a change of the clock takes or gives."""
        return self.dates.response_deadline.astimezone(UTC) + timedelta(minutes=self.rules.grace_minutes)


DAYS = (
    "topic", "opening", "deadline", "synthesis", "documents", "posting", "physical", "brief_summary", "meeting", "report",
)  # fmt: skip
"""Ids of a round's days."""


class Day(Struct, frozen=True, kw_only=True):
    """One day of a round's timetable. `id` names it ("opening", "deadline", ...), `clause` where it comes from (config/clauses.toml).

    `computed` is the day that the rule gives, `on` the configured one (or the computed one where nothing is configured), `done` the
    one on which it was done, as far as known; `days_off` what the last of these is off the rule: 0 when it is in order. `state`:
    done, due, late (past and not known to be done), coming. `warnings` are keys of words. `was`: the day before an extension.
    """

    id: str
    clause: str
    on: date
    computed: date | None = None
    days_off: int = 0
    state: str = "coming"
    warnings: tuple[str, ...] = ()
    done: date | None = None
    was: date | None = None
    reason: str = ""
