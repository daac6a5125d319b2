"""The worksheet of the synthesis into its folder, with points files to begin with: an officer's command, or the scheduler's at its time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from intake.doors.site import write_papers
from intake.errors import BadData
from intake.model.round import Round
from intake.model.synthesis import Kind, Matrix
from intake.pipeline import Office
from intake.pipeline.synthesis import worksheet_of

WORKSHEET = "worksheet.md"
SYNTHESIS = "synthesis"
"""Beside a draft that a child laid out: the worksheet, until it is taken over."""


def synthesis_folder(state_dir: Path, consultation: Round) -> Path:
    """worksheet/ and drafts/ are the program's, points/ the officer's, released/ and brief/ frozen."""
    return state_dir / "synthesis" / consultation.id


def points_path(state_dir: Path, consultation: Round, kind: Kind) -> Path:
    """Where an officer's statements for a paper stand."""
    return synthesis_folder(state_dir, consultation) / "points" / f"{kind.value}.md"


def worksheet_files(office: Office, consultation: Round, language: str, state_dir: Path) -> tuple[dict[str, bytes], Matrix]:
    """The worksheet and, for papers of which there is none yet, points files to begin with, by name. Raises BadData for a points file that
    cannot be read."""
    paths = {kind: points_path(state_dir, consultation, kind) for kind in Kind}
    have = {kind: _read(path) for kind, path in paths.items() if path.exists()}
    text, starts, matrix = worksheet_of(office, consultation, language, have)
    begun = {f"{kind.value}.md": starts[kind].encode("utf-8") for kind in Kind if kind not in have}
    return {WORKSHEET: text.encode("utf-8"), **begun}, matrix


def put_worksheet(files: Mapping[str, bytes], state_dir: Path, consultation_id: str) -> tuple[Path, ...]:
    """The worksheet in the place of the old one, at once; a points file that is there is an officer's, and stays. Gives what was written."""
    folder = state_dir / "synthesis" / consultation_id
    written = [*write_papers(folder / "worksheet", {WORKSHEET: files[WORKSHEET]})]
    for name, octets in files.items():
        path = folder / "points" / name
        if name != WORKSHEET and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(octets)
            written.append(path)
    return tuple(written)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadData(f"{path}: cannot be read: {error}") from error
