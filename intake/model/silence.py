"""Who answered the last round and has not been heard from in this one. Nothing of a person stands here that was not published then."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from intake.model.verdict import Category, Region


class Published(Struct, frozen=True, kw_only=True):
    """A response as the last round published it. `name` is "" where it was published without one."""

    name: str
    category: Category = Category.UNSPECIFIED
    country: str | None = None
    region: Region = Region.UNKNOWN
    language: str = "und"


class LastRound(Struct, frozen=True, kw_only=True):
    """What the last round published, and under which title. `source`: the document or file."""

    title: str
    source: str
    responses: tuple[Published, ...]


class Share(Struct, frozen=True, kw_only=True):
    """A category or region: how many responses the last round had of it, and how many this one has."""

    key: str
    then: int
    now: int


class Silence(Struct, frozen=True, kw_only=True):
    """The silence map. `categories`, `regions`: those of the last round from which nothing has come; `respondents`: who has not been
    heard from, in the order of print; `unnamed`: how many were published without a name, who cannot be told."""

    last: LastRound
    categories: tuple[Share, ...]
    regions: tuple[Share, ...]
    respondents: tuple[Published, ...]
    heard: int
    unnamed: int

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of those who are silent, most first."""
        found: dict[str, int] = {}
        for item in self.respondents:
            found[item.language] = found.get(item.language, 0) + 1
        return tuple(sorted(found, key=lambda language: (-found[language], language)))


class InvitationFacts(Struct, frozen=True, kw_only=True):
    """What a drafted invitation says. `to`: the name as it was published, "" for a draft to nobody in particular. `questions`: number and
    text in the letter's language where the round has them."""

    language: str
    to: str
    topic: str
    working_group: str
    time_zone: str
    deadline: datetime
    address: str
    public_page: str
    last_topic: str
    contact: str
    questions: tuple[tuple[int, str], ...] = ()


class Invitation(Struct, frozen=True, kw_only=True):
    """A draft: a person chooses the address, reads it and sends it, or does not."""

    language: str
    to: str
    subject: str
    text: str
