"""Does it replace an earlier version of the same response?"""

from __future__ import annotations

import re
from functools import lru_cache

from intake.model.verdict import Disposition, Finding
from intake.sorting.classifiers.base import found
from intake.sorting.view import View

NAME = "revision"
_FORM = re.compile(r"(?:form|formulaire|formulario|формы|表单|表格|النموذج)\s?$")
"""The version of a form is none of what is filled into it."""


def classify(view: View) -> Finding | None:
    """By the subject or the covering words, where it brings a text that can stand instead."""
    if not (view.answers or view.files or view.mapping.substance > 80):
        return None
    said = replaced(view)
    return found(NAME, Disposition.REVISION, f"says: {said}", 0.92) if said else None


@lru_cache(maxsize=4)
def replaced(view: View) -> str | None:
    """What it says of the text that it stands for, in the subject or the covering words."""
    for pattern in (view.phrases.replaces, view.phrases.replaces_text):
        for text in (view.subject, view.head):
            stands = (match for match in pattern.finditer(text) if not negated(view, text, match.start()))
            match = next((match for match in stands if not _FORM.search(text[: match.start()])), None)
            if match is not None:
                return " ".join(match.group().split())[:60]
    return None


def negated(view: View, text: str, offset: int) -> bool:
    """Whether "not" stands before it: "we do not replace it, we only add"."""
    return view.phrases.negates.search(text[max(0, offset - 24) : offset]) is not None
