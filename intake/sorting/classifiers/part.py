"""Is it one piece of a response sent in several mails?"""

from __future__ import annotations

import re

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import found
from intake.sorting.folding import folded
from intake.sorting.view import View

NAME = "part"


def classify(view: View) -> Finding | None:
    """By a number and a total in the subject, the covering words or a file's name, where it brings something."""
    numbers = part_numbers(view)
    if numbers is None or not (view.answers or view.files or view.mapping.substance > 40):
        return None
    return found(NAME, Disposition.PART, f"part {numbers[0]} of {numbers[1]}", 0.94)


def part_numbers(view: View) -> tuple[int, int] | None:
    """(number, total), where the mail counts itself; dates and fractions in the text do not count."""
    places = [view.subject, view.head[:500]]
    places += [folded(part.name or "") for part in view.files]
    for place, text in enumerate(places):
        for match in view.phrases.part.finditer(text):
            number, total = (int(group) for group in match.groups() if group)
            bare = match.group(1) is not None
            if not 1 <= number <= total or not 2 <= total <= 9:
                continue
            if (
                bare
                and place > 0
                and not re.search(r"[\[(]\s?\d\s?/\s?\d\s?[\])]", text[max(0, match.start() - 2) : match.end() + 2])
            ):
                continue
            return number, total
    return None
