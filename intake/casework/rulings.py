"""decisions.jsonl of a recorded round (rounds/FORMAT.md) to rulings."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from intake.errors import BadData
from intake.model.record import Action, Ruling


def rulings_from(
    lines: Sequence[Mapping[str, Any]], names: Mapping[str, Sequence[str]], zone: tzinfo = UTC
) -> tuple[Ruling, ...]:
    """Rulings of a decisions file; `names`: message key -> its file names; `zone`: of times without an offset. Raises BadData for a
    line that cannot be used.

    The label's own response id is not ours and is ignored.
    """
    key_of = {name: key for key, files in names.items() for name in files}
    rulings = []
    for number, line in enumerate(lines, 1):
        try:
            message = str(line["message"])
            action = Action(str(line["action"]).replace("-", "_"))
            at = datetime.fromisoformat(str(line["at"]))
            at = at if at.tzinfo else at.replace(tzinfo=zone)
            settings = dict(line.get("set") or {})
        except (KeyError, ValueError, TypeError) as error:
            raise BadData(f"decision {number}: {error}") from error
        for named in (message, *([str(settings["into"])] if "into" in settings else [])):
            if named not in key_of:
                raise BadData(f"decision {number}: there is no message {named!r}")
        if "into" in settings:
            settings["into"] = key_of[str(settings["into"])]
        identity = hashlib.sha256(f"{number}|{at.isoformat()}|{action}|{message}".encode()).hexdigest()[:12]
        rulings.append(
            Ruling(
                id=f"d-{identity}",
                at=at,
                by=str(line.get("by", "officer")),
                action=action,
                message=key_of[message],
                reason=str(line.get("reason", "")),
                set=settings,
            )
        )
    return tuple(rulings)
