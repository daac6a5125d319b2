"""What the last round published, from a file: where that round was held without this program."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from intake.errors import Misconfigured
from intake.model.round import Round
from intake.model.silence import LastRound, Published
from intake.model.verdict import Category, Region

COLUMNS = ("name", "category", "country", "region", "language")


def load_previous(rounds: Sequence[Round], folder: Path, faults: list[str]) -> dict[str, LastRound]:
    """For each round that names a file as its last round, what the file says; a round that it names by id must be there and have been
    opened before it. `folder`: where the rounds' files are."""
    opened = {item.id: item.dates.opened for item in rounds}
    found: dict[str, LastRound] = {}
    for item in rounds:
        if item.previous.lower().endswith(".csv"):
            try:
                found[item.id] = load_published(folder / item.previous)
            except Misconfigured as error:
                faults += error.problems
        elif item.previous and item.previous not in opened:
            faults.append(f"round {item.id!r}: previous: there is no round {item.previous!r} (a file's name ends with .csv)")
        elif item.previous and opened[item.previous] >= item.dates.opened:
            faults.append(f"round {item.id!r}: previous: {item.previous!r} was not opened before it")
    return found


def load_published(path: Path) -> LastRound:
    """A CSV file (UTF-8, first line: names of columns, of which only `name` must be there; it may be empty in a line). The title is the
    file's name without its ending. Raises Misconfigured with every fault and its line."""
    faults: list[str] = []
    found: list[Published] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            unknown = sorted(set(rows.fieldnames or ()) - set(COLUMNS))
            if "name" not in (rows.fieldnames or ()) or unknown:
                faults.append(f"{path}: columns are {', '.join(COLUMNS)}; not {', '.join(unknown) or 'without name'}")
            else:
                for row in rows:
                    _read(
                        f"{path}, line {rows.line_num}",
                        {key: (value or "").strip() for key, value in row.items() if key},
                        found,
                        faults,
                    )
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        faults.append(f"{path}: {error}")
    if not found and not faults:
        faults.append(f"{path}: names nobody")
    if faults:
        raise Misconfigured(faults)
    return LastRound(title=path.stem.replace("_", " "), source=path.name, responses=tuple(found))


def _read(where: str, row: dict[str, str], found: list[Published], faults: list[str]) -> None:
    try:
        found.append(
            Published(
                name=row["name"],
                category=Category(row.get("category") or "unspecified"),
                country=(row.get("country") or "").upper() or None,
                region=Region(row.get("region") or "unknown"),
                language=(row.get("language") or "und").lower(),
            )
        )
    except ValueError as error:
        faults.append(f"{where}: {error}")
