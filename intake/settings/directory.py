"""The directory file: respondents that a secretariat knows, one a line, as a spreadsheet exports it."""

from __future__ import annotations

import csv
from pathlib import Path

from intake.errors import Misconfigured
from intake.model.verdict import Category, KnownRespondent, Region

COLUMNS = ("address", "person", "organization", "category", "country", "region")


def load_directory(path: Path) -> tuple[KnownRespondent, ...]:
    """The entries of a CSV file (UTF-8, first line: names of columns, of which only `address` must be there). `address` is a whole
    address or "@domain". Raises Misconfigured with every fault and its line."""
    faults: list[str] = []
    entries: list[KnownRespondent] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            unknown = sorted(set(rows.fieldnames or ()) - set(COLUMNS))
            if "address" not in (rows.fieldnames or ()) or unknown:
                faults.append(f"{path}: columns are {', '.join(COLUMNS)}; not {', '.join(unknown) or 'without address'}")
            else:
                for row in rows:
                    _read(path, rows.line_num, {key: (value or "").strip() for key, value in row.items() if key}, entries, faults)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        faults.append(f"{path}: {error}")
    if faults:
        raise Misconfigured(faults)
    return tuple(entries)


def _read(path: Path, line: int, row: dict[str, str], entries: list[KnownRespondent], faults: list[str]) -> None:
    try:
        if "@" not in row["address"]:
            raise ValueError(f"{row['address']!r} is no address")
        entries.append(
            KnownRespondent(
                address=row["address"].lower(),
                person=row.get("person") or None,
                organization=row.get("organization") or None,
                category=Category(row.get("category") or "unspecified"),
                country=(row.get("country") or "").upper() or None,
                region=Region(row.get("region") or "unknown"),
            )
        )
    except ValueError as error:
        faults.append(f"{path}, line {line}: {error}")
