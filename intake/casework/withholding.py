"""What people decided about words and parts that may not leave the house, laid over what the program proposes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from intake.casework.force import in_order
from intake.errors import BadData
from intake.model.record import Action, PublishMode, Ruling
from intake.model.verdict import Withheld

Stretch = tuple[str, Withheld]
"""(message key, what of it)."""


def settled_withholding(
    proposed: Iterable[Stretch], rulings: Sequence[Ruling], asked: Sequence[Ruling] = ()
) -> tuple[tuple[Stretch, ...], PublishMode]:
    """What is withheld after people's rulings, in their order, and how the response leaves the house. Pure; proposals stay until decided.

    `asked`: rulings that wait for a second officer. What they would withhold is a proposal until he has spoken, and the stricter way of
    leaving the house holds; what they would disclose stays withheld.
    """
    standing = list(dict.fromkeys(proposed))
    mode = PublishMode.FULL
    waits = {ruling.id for ruling in asked}
    for ruling in in_order([*rulings, *asked]):
        if ruling.action is Action.PUBLISH_MODE:
            said = PublishMode(str(ruling.set["mode"]))
            mode = max(mode, said, key=_STRICTER.index) if ruling.id in waits else said
        elif ruling.id in waits:
            standing += _proposed(ruling, standing)
        else:
            for key, item in stretches(ruling):
                standing = [other for other in standing if not (other[0] == key and _covers(item, other[1]))]
                if ruling.action is not Action.DISCLOSE:
                    standing.append((key, replace(item, ruling=ruling.id)))
    return tuple(sorted(standing, key=lambda pair: (pair[0], pair[1].part, pair[1].start, pair[1].end, pair[1].reason))), mode


_STRICTER = (PublishMode.FULL, PublishMode.WITHOUT_NAME, PublishMode.GROUP_ONLY)


def _proposed(ruling: Ruling, standing: Sequence[Stretch]) -> list[Stretch]:
    """What a ruling that waits would withhold and nothing withholds yet."""
    if ruling.action is Action.DISCLOSE:
        return []
    asked = stretches(ruling)
    return [pair for pair in asked if not any(other[0] == pair[0] and _covers(other[1], pair[1]) for other in standing)]


def _covers(outer: Withheld, inner: Withheld) -> bool:
    """Whether a decision on `outer` settles `inner`: the whole part settles everything in it; words settle what lies within."""
    if outer.part != inner.part:
        return False
    if outer.whole or inner.whole:
        return outer.whole
    return outer.start <= inner.start and inner.end <= outer.end


def stretches(ruling: Ruling) -> tuple[Stretch, ...]:
    """The stretches a ruling speaks of. Raises BadData where one is written wrongly."""
    spans = ruling.set.get("spans", [])
    return tuple(stretch_from(line) for line in (spans if isinstance(spans, list) else [str(spans)]))


def stretch_from(line: str) -> Stretch:
    """ "message:part:start:end:reason" as a value. Raises BadData."""
    fields = line.split(":")
    if len(fields) != 5 or not fields[2].isdecimal() or not fields[3].isdecimal():
        raise BadData(f"{line!r} is no stretch (message:part:start:end:reason)")
    key, part, start, end, reason = fields
    return key, Withheld(part=part, start=int(start), end=int(end), reason=reason)


def stretch_line(stretch: Stretch) -> str:
    """The reverse of `stretch_from`."""
    key, item = stretch
    return f"{key}:{item.part}:{item.start}:{item.end}:{item.reason}"
