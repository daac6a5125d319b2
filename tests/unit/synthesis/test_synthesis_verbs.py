"""intake synthesis as a person uses it: worksheet, points, release after the compilation, the brief summary frozen."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from intake.doors.share import InstalledShare
from tests.fakes.office import facts, intake, sample_office

DRAFT_NOTE = str(InstalledShare().table("templates", "synthesis", "fr.toml")["synth"]["draft_note"])


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_office(tmp_path_factory.mktemp("synthesis"))


def said(config: Path, *words: object, code: int = 0) -> str:
    done = intake("--config", config, "--by", "ana", "synthesis", *words)
    assert done.returncode == code, done.stderr
    return (done.stdout + done.stderr).decode()


def test_from_the_worksheet_to_the_released_report(config: Path) -> None:
    """A person's file is made once and never written again; nothing is released before the compilation, or with a fault."""
    said(config, "worksheet")
    folder = next((config.parent / "state" / "synthesis").iterdir())
    sheet = (folder / "worksheet" / "worksheet.md").read_text("utf-8")
    passages = re.findall(r"^- \[ \] (\d+-1-[0-9a-f]{6})", sheet, re.MULTILINE)
    mine = folder / "points" / "synthesis_report.md"
    one, two = passages[0], next(item for item in passages if item.split("-")[0] != passages[0].split("-")[0])
    mine.write_text(f"## Question 1\n### A statement of the officer.\n- [x] {one}\n- [x] {two}\n### Another.\n", "utf-8")
    assert "has no evidence" in said(config, "check", "synthesis_report", code=65)
    said(config, "build", "synthesis_report", "--format", "md", code=65)
    mine.write_text(mine.read_text("utf-8").replace("### Another.\n", ""), "utf-8")
    before = mine.read_bytes()
    assert "release the compilation first" in said(config, "release", "synthesis_report", code=64)
    assert intake("--config", config, "--by", "ana", "release").returncode == 0
    assert facts(config, "timetable", "--on", "2026-01-01")[3]["id"] == "synthesis"
    died = folder / "released" / "synthesis_report-0"  # the folder that a release left which died before the journal knew of it
    died.mkdir(parents=True)
    (died / "synthesis-report.md").write_text("half a release", "utf-8")
    said(config, "release", "synthesis_report")
    assert [path.name for path in (folder / "released").iterdir()] == ["synthesis_report-0"]
    said(config, "release", "synthesis_report")
    assert sorted(path.name for path in (folder / "released").iterdir()) == ["synthesis_report-0", "synthesis_report-1"]
    said(config, "worksheet")
    assert mine.read_bytes() == before
    assert f"- [x] {one}" in (folder / "worksheet" / "worksheet.md").read_text("utf-8")
    released = folder / "released" / "synthesis_report-0"
    manifest = json.loads((released / "manifest.json").read_text("utf-8"))
    assert [item["statement"] for item in manifest["statements"]] == ["A statement of the officer."]
    assert manifest["compilation"]["revision"] == 0
    text = (released / "synthesis-report.md").read_text("utf-8")
    assert "A statement of the officer" in text
    assert "suggestion" not in text
    assert {path.suffix for path in released.iterdir()} >= {".md", ".docx", ".pdf", ".html", ".json"}
    assert next(day for day in facts(config, "timetable") if day["id"] == "synthesis")["done"]
    assert intake("--config", config, "verify").returncode == 0


def test_the_brief_summary_is_agreed_frozen_and_annexed(config: Path, tmp_path: Path) -> None:
    """What was not agreed is not frozen, what is frozen is printed with its hash, and freezing is once for all."""
    text = tmp_path / "brief.md"
    text.write_text("# Brief summary\n\nTwelve responses were received.\n", "utf-8")
    said(config, "annex", code=64)
    said(config, "freeze", text, code=65)
    draft = tmp_path / "draft.md"
    draft.write_text(text.read_text("utf-8") + f"\n*{DRAFT_NOTE}*\n", "utf-8")
    assert "still says that it is a draft" in said(config, "agree", draft, "--reason", "too early", code=65)
    said(config, "worksheet")
    brief = next((config.parent / "state" / "synthesis").iterdir()) / "brief"
    for left in (f"agreed-{hashlib.sha256(text.read_bytes()).hexdigest()[:16]}", "frozen"):  # by deaths before the journal knew
        (brief / left).mkdir(parents=True)
        (brief / left / "agreed.json").write_text("{}", "utf-8")
    assert "was not agreed" in said(config, "freeze", text, code=65)
    said(config, "agree", text, "--reason", "agreed by those present")
    said(config, "agree", text, "--reason", "once more", code=65)
    other = tmp_path / "other.md"
    other.write_text("# Brief summary\n\nThirteen responses were received.\n", "utf-8")
    assert "was not agreed" in said(config, "freeze", other, code=65)
    said(config, "freeze", text)
    said(config, "freeze", text, code=65)
    said(config, "annex", "--out", tmp_path / "annex", "--format", "md", "--format", "html")
    assert (tmp_path / "annex" / "brief-summary.md").read_bytes() == text.read_bytes()
    assert b"Twelve responses were received." in (tmp_path / "annex" / "brief-summary.html").read_bytes()
    assert next(day for day in facts(config, "timetable") if day["id"] == "brief_summary")["done"]


def test_a_release_that_died_before_the_journal_had_it_is_done_again_under_its_number(tmp_path: Path) -> None:
    """Folders that the journal does not know are no releases: neither counted nor in the way."""
    config = sample_office(tmp_path)
    said(config, "worksheet")
    assert intake("--config", config, "--by", "ana", "release").returncode == 0
    folder = next((config.parent / "state" / "synthesis").iterdir())
    passage = re.findall(
        r"^- \[ \] (\d+-1-[0-9a-f]{6})", (folder / "worksheet" / "worksheet.md").read_text("utf-8"), re.MULTILINE
    )[0]
    (folder / "points" / "key_findings.md").write_text(f"## Question 1\n### A statement.\n- [x] {passage}\n", "utf-8")
    half = folder / "released" / "key_findings-0.new"
    half.mkdir(parents=True)
    (half / "manifest.json").write_text("{", "utf-8")
    whole = folder / "released" / "key_findings-0"
    whole.mkdir()
    (whole / "manifest.json").write_text("{}", "utf-8")
    said(config, "release", "key_findings")
    assert json.loads((whole / "manifest.json").read_text("utf-8"))["kind"] == "key_findings"
    assert not half.exists()
    before = (whole / "manifest.json").read_bytes()
    said(config, "release", "key_findings")
    assert (whole / "manifest.json").read_bytes() == before
    assert (folder / "released" / "key_findings-1").is_dir()
