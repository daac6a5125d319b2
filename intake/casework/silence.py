"""The silence map: what the last round published, compared with what has come. Pure; by names alone, never by addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from intake.casework.drafts import plain, similarity_of_names
from intake.model.record import Record, Response, Status
from intake.model.silence import LastRound, Published, Share, Silence
from intake.model.verdict import Category, Region

_ALIKE = 0.8
"""Share of common words from which two names of one country are taken for one body."""
_FEWEST = 2
"""Words of the shorter name below which only the same name counts."""
_CLOSED = (Status.WITHDRAWN, Status.EXCLUDED)


def silence_of(last: LastRound, record: Record) -> Silence:
    """Who of the last round has not been heard from. A response that waits for a decision has been heard; one that was withdrawn or
    excluded leaves its category silent, and its sender heard."""
    came = [item for item in record.responses if not item.merged_into]
    names = [(name, item.respondent.country) for item in came for name in _names(item)]
    exact = {name for name, _country in names}
    standing = [item for item in came if item.status not in _CLOSED]
    named = [item for item in last.responses if item.name]
    silent = tuple(item for item in named if plain(item.name) not in exact and not _alike(item, names))
    return Silence(
        last=last,
        categories=_silent(
            [item.category for item in last.responses], [item.respondent.category for item in standing], Category.UNSPECIFIED
        ),
        regions=_silent([item.region for item in last.responses], [item.respondent.region for item in standing], Region.UNKNOWN),
        respondents=silent,
        heard=len(named) - len(silent),
        unnamed=len(last.responses) - len(named),
    )


def _names(response: Response) -> Iterator[str]:
    """Every name under which a response may be known again: organization, person, those who signed with it."""
    who = response.respondent
    yield from filter(None, (plain(name) for name in (who.organization, who.person, *response.co_signatories)))


def _alike(item: Published, names: Sequence[tuple[str, str | None]]) -> bool:
    """The same body under a longer or shorter name, in the same country."""
    mine = plain(item.name)
    return any(
        country == item.country
        and min(len(mine.split()), len(name.split())) >= _FEWEST
        and similarity_of_names(mine, name) >= _ALIKE
        for name, country in names
    )


def _silent(then: Sequence[Category | Region], now: Sequence[Category | Region], nothing: Category | Region) -> tuple[Share, ...]:
    """Those of the last round that are not among what has come, most first. What cannot be told is no category and no region."""
    before, after = Counter(item.value for item in then if item is not nothing), Counter(item.value for item in now)
    shares = (Share(key=key, then=number, now=after[key]) for key, number in before.items())
    return tuple(sorted((item for item in shares if item.now == 0), key=lambda item: (-item.then, item.key)))
