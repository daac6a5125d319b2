"""Where else in a response sealed words stand: those withheld in one place, and the names of the respondent himself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from intake.compilation.pieces import unit_of
from intake.model.edition import Source
from intake.model.record import Response
from intake.model.verdict import Withheld

_FEWEST_SEALED = 6
"""Letters and digits from which sealed words are looked for elsewhere; shorter ones stand everywhere by chance."""
_SHORTEST = 3
"""A name of fewer letters is too common a word to be looked for."""


def names_in(response: Response, sources: Mapping[str, Source]) -> Iterator[tuple[str, Withheld]]:
    """Every place where the person, the organization or a co-signatory stands by name, in any case and spacing."""
    who = response.respondent
    names = [name for name in (who.person, who.organization, *response.co_signatories) if name and len(name) >= _SHORTEST]
    if not names:
        return
    pattern = re.compile("|".join(_loose(name) for name in sorted(names, key=len, reverse=True)), re.IGNORECASE)
    for key, part in _units(response):
        text = unit_of(sources[key].arrival.reading, part)[0]
        for match in pattern.finditer(text):
            yield key, Withheld(part=part, start=match.start(), end=match.end(), reason="name", ruling="mode")


def repeated_in(
    response: Response, sources: Mapping[str, Source], units: Iterable[tuple[str, str]] | None = None
) -> Iterator[tuple[str, Withheld]]:
    """Every further place where withheld words stand in the response's own texts, in any case and spacing: what is sealed once is
    sealed. `units`: (message, part) of the texts to look through, by default those that are printed."""
    looked_at = tuple(_units(response)) if units is None else tuple(units)
    known = {(key, item.part, item.start, item.end) for key, item in response.withheld}
    for key, item in response.withheld:
        if item.whole:
            continue
        words = unit_of(sources[key].arrival.reading, item.part)[0][item.start : item.end]
        if sum(char.isalnum() for char in words) < _FEWEST_SEALED:
            continue
        pattern = re.compile(_loose(words), re.IGNORECASE)
        for other, part in looked_at:
            for match in pattern.finditer(unit_of(sources[other].arrival.reading, part)[0]):
                if (other, part, match.start(), match.end()) not in known:
                    yield other, Withheld(part=part, start=match.start(), end=match.end(), reason=item.reason, ruling=item.ruling)


def _units(response: Response) -> Iterator[tuple[str, str]]:
    """(message, part) of every text that is printed."""
    passages = [(key, passage) for key, answer in response.answers for passage in answer.passages]
    yield from dict.fromkeys((key, passage.part) for key, passage in [*passages, *response.general, *response.unmapped])


def _loose(name: str) -> str:
    """The words of a name with any white space between them."""
    return r"\s+".join(re.escape(word) for word in name.split())
