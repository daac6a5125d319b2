"""The house keeps its own rules: floors, sizes, words, and nothing of the machine it was built on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "intake").rglob("*.py"))


def test_floors_and_doors_contract_is_kept() -> None:
    """The import contract of pyproject.toml holds."""
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_past_400_lines_and_no_function_past_50(path: Path) -> None:
    """A file or a function that grows past its ceiling must be split."""
    text = path.read_text("utf-8")
    assert text.count("\n") <= 400, f"{path} has {text.count(chr(10))} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= 50, f"{path}:{node.lineno} {node.name} has {lines} lines"


def _tracked() -> list[Path]:
    result = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        pytest.skip("not a git checkout: the tracked files are not known")
    return [ROOT / name for name in result.stdout.split("\n") if name]


def test_no_path_of_a_machine_and_no_registry_host_in_any_text() -> None:
    """The project speaks of itself alone."""
    wanted = re.compile(r"/wor[k]/|/far[m]/|p[y]pi\.org|p[y]thonhosted|deb\.d[e]bian|n[p]mjs\.(org|com)")
    hits = []
    for path in _tracked():
        if path.suffix in {".eml", ".png", ".pdf", ".docx", ".ttf"} or not path.is_file():
            continue
        for number, line in enumerate(path.read_text("utf-8", "replace").split("\n"), 1):
            if wanted.search(line):
                hits.append(f"{path.relative_to(ROOT)}:{number}")
    assert not hits, hits


def test_requirements_are_hashed_and_name_no_address() -> None:
    """Every pinned package has hashes; no file records where it came from."""
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = path.read_text("utf-8")
        assert "://" not in text, path
        pins = re.findall(r"^[A-Za-z0-9_.\[\]-]+==", text, re.M)
        hashed = re.findall(r"^[A-Za-z0-9_.\[\]-]+==[^\n]*\\\n\s+--hash=sha256:", text, re.M)
        assert pins
        assert len(pins) == len(hashed), path


def test_every_public_function_of_the_house_has_a_docstring() -> None:
    """What a public name promises stands under it."""
    missing = []
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        for node in tree.body:
            named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if named and ast.get_docstring(node) is None:
                missing.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not missing, missing
