"""Unofficial translations that officers put into a folder: one text file each, with four lines of head."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from intake.errors import BadData
from intake.model.edition import Translation

HEAD = ("number", "language", "by", "on")


def translations_in(folder: Path) -> tuple[Translation, ...]:
    """The translations of a round, by number and language. Raises BadData with every fault of every file.

    A file is UTF-8 text: `number: 7`, `language: en`, `by: who or what made it`, `on: 2027-01-03`, an empty line, then paragraphs
    parted by empty lines.
    """
    found, faults = [], []
    for path in sorted(folder.glob("*.txt")) if folder.is_dir() else ():
        try:
            found.append(_read(path))
        except (OSError, ValueError, KeyError) as error:
            faults.append(f"{path}: {error}")
    if faults:
        raise BadData("\n".join(faults))
    return tuple(sorted(found, key=lambda item: (item.number, item.language, item.by)))


def _read(path: Path) -> Translation:
    head, _, body = path.read_text("utf-8").replace("\r\n", "\n").partition("\n\n")
    values = {key.strip().lower(): value.strip() for key, _, value in (line.partition(":") for line in head.splitlines())}
    missing = [key for key in HEAD if not values.get(key)]
    if missing:
        raise ValueError(f"the head lacks {', '.join(missing)}: number, language, by and on, then an empty line, then the text")
    text = tuple(" ".join(piece.split()) for piece in re.split(r"\n\s*\n", body) if piece.strip())
    if not text:
        raise ValueError("there is no text below the head")
    return Translation(
        number=int(values["number"]), language=values["language"], by=values["by"], on=date.fromisoformat(values["on"]), text=text
    )
