"""Values of the synthesis: candidate passages, groups of them, an officer's points and what was found of their evidence."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

GENERAL = 0
"""Stands where a question's number would: general comments and text that no question could be given."""


class Kind(StrEnum):
    """The documents that are made of an officer's points."""

    SYNTHESIS_REPORT = "synthesis_report"
    ANALYTICAL_SUMMARY = "analytical_summary"
    KEY_FINDINGS = "key_findings"
    GUIDELINES = "guidelines"
    BRIEF_SUMMARY = "brief_summary"


class Candidate(Struct, frozen=True, kw_only=True):
    """A passage that could be quoted. `id` is made of the response's public number, the question and the words themselves, so it
    stays while the words stay. `concepts`: keys of the field's terms; `terms`: words shared with others of the same language.
    """

    id: str
    number: int
    question: int
    text: str
    language: str
    concepts: tuple[str, ...]
    terms: tuple[str, ...]
    against: bool
    score: float


class Group(Struct, frozen=True, kw_only=True):
    """Passages of one question that speak of one thing. `concept` across languages, else `term` within `language`.

    `numbers`: who, by public number. `hint`: "convergence", "divergence" or "": a suggestion for the officer, never printed in a
    released document.
    """

    question: int
    concept: str
    term: str
    language: str
    candidates: tuple[Candidate, ...]
    numbers: tuple[int, ...]
    by_category: dict[str, int]
    by_region: dict[str, int]
    hint: str


class Matrix(Struct, frozen=True, kw_only=True):
    """Question by respondent: `cells[(question, number)]` are candidates, best first. `names`: public number -> respondent."""

    questions: tuple[int, ...]
    numbers: tuple[int, ...]
    names: dict[int, str]
    cells: dict[tuple[int, int], tuple[Candidate, ...]]
    groups: tuple[Group, ...]


class Evidence(Struct, frozen=True, kw_only=True):
    """One ticked line of a points file: `passage` is a candidate's id or "", `quote` the words or "". `line` counts from 1."""

    number: int
    passage: str
    quote: str
    against: bool
    line: int


class Point(Struct, frozen=True, kw_only=True):
    """A statement of the officer with its evidence; `text` are the paragraphs below it."""

    question: int
    statement: str
    text: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    line: int


class Points(Struct, frozen=True, kw_only=True):
    """A points file as read. `introduction` and `discussion` are the officer's own text, about no response."""

    introduction: tuple[str, ...] = ()
    discussion: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()


class Cited(Struct, frozen=True, kw_only=True):
    """Evidence that was found in its source: the words as they stand there."""

    number: int
    question: int
    quote: str
    language: str
    against: bool


class CheckedPoint(Struct, frozen=True, kw_only=True):
    """A statement whose evidence was found. `numbers` are who supports it, `contrary` who speaks against it, counted once each."""

    question: int
    statement: str
    text: tuple[str, ...]
    cited: tuple[Cited, ...]
    numbers: tuple[int, ...]
    contrary: tuple[int, ...]
    by_category: dict[str, int]
    by_region: dict[str, int]


class Findings(Struct, frozen=True, kw_only=True):
    """What an officer's file comes to. `faults` name the line; with a fault nothing is released. `uncited`: public numbers."""

    introduction: tuple[str, ...]
    discussion: tuple[str, ...]
    points: tuple[CheckedPoint, ...]
    faults: tuple[str, ...]
    uncited: tuple[int, ...]
