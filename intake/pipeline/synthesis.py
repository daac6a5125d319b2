"""The synthesis: worksheet, an officer's points checked against their sources, the documents made of them, the brief summary."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from intake.compilation.words import Words, words_from
from intake.errors import BadData, BadUsage
from intake.model.edition import Edition
from intake.model.ledger import Note
from intake.model.round import LANGUAGES, Round
from intake.model.synthesis import Findings, Kind, Matrix
from intake.pipeline.calendar import standing
from intake.pipeline.office import Office
from intake.pipeline.papers import assemble_round, last_edition
from intake.pipeline.reports import print_outline
from intake.synthesis.brief import Frozen, annex_outline, sha256_of
from intake.synthesis.matrix import matrix_of
from intake.synthesis.outline import Document, document_outline
from intake.synthesis.points import check, points_from
from intake.synthesis.source import squeezed
from intake.synthesis.worksheet import points_start, worksheet

FORMATS = ("docx", "pdf", "html", "md")


class Synthesis(Struct, frozen=True, kw_only=True):
    """What a document of the synthesis is made from, and the faults of the officer's file."""

    edition: Edition
    matrix: Matrix
    findings: Findings


def synthesis_shell(office: Office, language: str) -> Words:
    """The words of the synthesis, of the report (who, how many) and of every document."""
    tables = [office.templates.table(room, language) for room in ("report", "synthesis")]
    return words_from(language, {**office.words[language].rooms, **tables[0], **tables[1]})


def source_of(office: Office, consultation: Round, language: str, *, released: bool) -> Edition:
    """The edition that is cited: the record as it is now for a draft, what was released last for a release. Raises BadUsage."""
    if not released:
        return assemble_round(office, consultation, language=language)
    edition = last_edition(office, consultation)
    if edition is None:
        raise BadUsage("nothing can be cited yet: release the compilation first (intake release)")
    return edition


def synthesize(office: Office, edition: Edition, points: str) -> Synthesis:
    """The matrix of an edition and what an officer's file comes to. Raises nothing for its faults: they are in the findings."""
    matrix = matrix_of(edition, office.terms)
    read, faults = points_from(points)
    return Synthesis(edition=edition, matrix=matrix, findings=check(read, faults, edition, matrix))


def worksheet_of(
    office: Office, consultation: Round, language: str, points: Mapping[Kind, str]
) -> tuple[str, dict[Kind, str], Matrix]:
    """(worksheet, points files to begin with, matrix). Ticks of all points files are shown."""
    edition = source_of(office, consultation, language, released=False)
    shell = synthesis_shell(office, language)
    made = synthesize(office, edition, "\n".join(points.values()))
    starts = {kind: points_start(kind, edition, shell) for kind in Kind}
    return worksheet(made.matrix, edition, made.findings if points else None, shell), starts, made.matrix


def build_document(
    office: Office,
    consultation: Round,
    kind: Kind,
    points: str,
    *,
    language: str,
    formats: Sequence[str],
    number: int | None = None,
    by: str = "",
) -> tuple[Synthesis, dict[str, bytes]]:
    """A document in its formats: a draft while `number` is None. Raises BadData with every fault of the officer's file: neither
    a draft nor a release prints a statement whose evidence was not found."""
    edition = source_of(office, consultation, language, released=number is not None)
    made = synthesize(office, edition, points)
    if made.findings.faults:
        raise BadData("\n".join(("the points file cannot be used:", *(f"  {fault}" for fault in made.findings.faults))))
    if number is not None and not made.findings.points:
        raise BadData("the points file holds no statement: there is nothing to release")
    document = Document(
        kind=kind,
        edition=edition,
        findings=made.findings,
        matrix=made.matrix,
        points_sha256=hashlib.sha256(points.encode("utf-8")).hexdigest(),
        on=today_of(office, consultation),
        number=number,
        released_by=by,
    )
    layout = office.templates.words["synthesis/layouts"][kind.value]
    outline = document_outline(document, synthesis_shell(office, language), layout)
    return made, print_outline(office, outline, kind.value.replace("_", "-"), formats)


def manifest_of(made: Synthesis, kind: Kind, number: int, by: str, points: str, files: Mapping[str, bytes]) -> bytes:
    """What a release holds, for machines: the edition it cites, who is cited, the hash of every file."""
    facts = {
        "kind": kind.value,
        "number": number,
        "released_by": by,
        "round": made.edition.round.id,
        "compilation": {"revision": made.edition.revision, "manifest_sha256": made.edition.manifest_sha256},
        "points_sha256": hashlib.sha256(points.encode("utf-8")).hexdigest(),
        "statements": [
            {"statement": point.statement, "question": point.question, "for": point.numbers, "against": point.contrary}
            for point in made.findings.points
        ],
        "uncited": made.findings.uncited,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return msgspec.json.format(msgspec.json.encode(facts, order="sorted"), indent=1) + b"\n"


def note_release(office: Office, consultation: Round, kind: Kind, number: int, sha256: str) -> None:
    """The journal says what was released, and so when the duty was done."""
    what = "synthesis_released" if kind is Kind.SYNTHESIS_REPORT else "document_released"
    _note(office, what, {"round": consultation.id, "document": kind.value, "number": number, "sha256": sha256})


def released_before(office: Office, consultation: Round, kind: Kind) -> int:
    """How many documents of a kind were released, as the journal has it: a folder that it does not know was left by a death."""
    entries = (entry for entry in office.ledger.journal_entries() if entry.kind in ("synthesis_released", "document_released"))
    return sum((entry.payload.get("round"), entry.payload.get("document")) == (consultation.id, kind.value) for entry in entries)


def brief_noted(office: Office, consultation: Round, what: str, sha256: str = "") -> bool:
    """Whether the journal has it: that text, or with "" any."""
    entries = (entry.payload for entry in office.ledger.journal_entries() if entry.kind == what)
    return any(item.get("round") == consultation.id and sha256 in ("", item.get("sha256")) for item in entries)


def note_brief(office: Office, consultation: Round, what: str, sha256: str) -> None:
    """`what`: "brief_summary_agreed", "brief_summary_released"."""
    _note(office, what, {"round": consultation.id, "sha256": sha256})


def _note(office: Office, kind: str, payload: dict[str, str | int | list[str] | None]) -> None:
    office.ledger.append([Note(kind=kind, payload=payload)], office.now())
    office.vault.keep_journal(office.ledger.journal_entries(office.vault.journal_seq()))


def refuse_draft(office: Office, text: str) -> None:
    """Raise BadData when a text to be agreed still carries the program's stamp of a draft, in any language."""
    said = squeezed(text)
    for language in LANGUAGES:
        note = squeezed(str(office.templates.table("synthesis", language)["synth"]["draft_note"]))
        if note in said:
            raise BadData("the text still says that it is a draft: take out the cover lines and the note before it is agreed")


def annex(
    office: Office, consultation: Round, octets: bytes, frozen: Frozen, *, language: str, formats: Sequence[str]
) -> dict[str, bytes]:
    """The agreed brief summary as an annex, word for word; the frozen octets themselves stand beside it."""
    outline = annex_outline(octets, frozen, standing(office, consultation), synthesis_shell(office, language))
    files = print_outline(office, outline, "brief-summary", [name for name in formats if name != "md"])
    return {**files, "brief-summary.md": octets, "sha256.txt": f"{sha256_of(octets)}  brief-summary.md\n".encode()}


def today_of(office: Office, consultation: Round) -> date:
    """Today in the round's zone."""
    return office.now().astimezone(ZoneInfo(consultation.time_zone)).date()
