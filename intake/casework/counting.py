"""The only place that counts. Every printed figure of a round comes from here and reconciles, or is not printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from intake.errors import Broken
from intake.model.record import Counts, Filed, Response, Status, Timeliness
from intake.model.round import Round

REMAINDER = ""
"""Key of the reporting group of categories that no group of the round names; printed as a remainder."""


def count(
    consultation: Round,
    filed: Sequence[Filed],
    responses: Sequence[Response],
    campaign_copies: int,
) -> Counts:
    """The counts. Raises Broken when a sum does not hold."""
    statuses = [item.status for item in responses]
    counted = [item for item in responses if item.status is Status.COUNTED]
    groups = {category: label for label, names in consultation.reporting_groups.items() for category in names}
    counts = Counts(
        messages=len(filed),
        responses=len(responses),
        counted=len(counted),
        by_status=_table(status.value for status in statuses),
        by_disposition=_table(item.disposition.value for item in filed),
        by_category=_table(item.respondent.category.value for item in counted),
        by_group=_table(groups.get(item.respondent.category.value, REMAINDER) for item in counted),
        by_region=_table(item.respondent.region.value for item in counted),
        by_language=_table(item.language for item in counted),
        by_question=_table(str(answer.question) for item in counted for _, answer in item.answers),
        late_accepted=sum(1 for item in counted if item.timeliness is Timeliness.LATE),
        withdrawn=sum(1 for status in statuses if status is Status.WITHDRAWN),
        held=sum(1 for status in statuses if status is Status.HELD),
        set_aside=sum(1 for item in filed if item.held),
        campaign_copies=campaign_copies,
    )
    reconcile(counts)
    return counts


def added(counts: Counts, more: Counts, *, less: bool = False) -> Counts:
    """Both together; `less`: the one without the other. Raises Broken when a sum does not hold."""
    sign = -1 if less else 1

    def together(one: Any, other: Any) -> Any:
        if isinstance(one, dict):
            sums = {key: one.get(key, 0) + sign * other.get(key, 0) for key in {**one, **other}}
            return _in_order({key: number for key, number in sums.items() if number})
        return one + sign * other

    found = Counts(**{name: together(getattr(counts, name), getattr(more, name)) for name in Counts.__struct_fields__})
    reconcile(found)
    return found


def reconcile(counts: Counts) -> None:
    """Raise Broken when a table does not add up to its whole."""
    for name, table, whole in (
        ("dispositions", counts.by_disposition, counts.messages),
        ("statuses", counts.by_status, counts.responses),
        ("categories", counts.by_category, counts.counted),
        ("groups", counts.by_group, counts.counted),
        ("regions", counts.by_region, counts.counted),
        ("languages", counts.by_language, counts.counted),
    ):
        if sum(table.values()) != whole:
            raise Broken(f"the {name} add up to {sum(table.values())}, not {whole}")


def _table(keys: Iterable[str]) -> dict[str, int]:
    """Largest first, then by name; zeros cannot occur."""
    return _in_order(Counter(keys))


def _in_order(table: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(table.items(), key=lambda item: (-item[1], item[0])))
