"""Where a response names its respondent in its own words: what "without the name" withholds beside the heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from intake.compilation.pieces import unit_of
from intake.model.edition import Source
from intake.model.record import Response
from intake.model.verdict import Withheld

_SHORTEST = 3
"""A name of fewer letters is too common a word to be looked for."""


def names_in(response: Response, sources: Mapping[str, Source]) -> Iterator[tuple[str, Withheld]]:
    """Every place where the person, the organization or a co-signatory stands by name, in any case and spacing."""
    who = response.respondent
    names = [name for name in (who.person, who.organization, *response.co_signatories) if name and len(name) >= _SHORTEST]
    if not names:
        return
    pattern = re.compile("|".join(_loose(name) for name in sorted(names, key=len, reverse=True)), re.IGNORECASE)
    passages = [(key, passage) for key, answer in response.answers for passage in answer.passages]
    units = dict.fromkeys((key, passage.part) for key, passage in [*passages, *response.general, *response.unmapped])
    for key, part in units:
        text = unit_of(sources[key].arrival.reading, part)[0]
        for match in pattern.finditer(text):
            yield key, Withheld(part=part, start=match.start(), end=match.end(), reason="name", ruling="mode")


def _loose(name: str) -> str:
    """The words of a name with any white space between them."""
    return r"\s+".join(re.escape(word) for word in name.split())
