"""The edition for the public: nobody is named there who did not want it, nothing stands there that is the group's alone."""

from __future__ import annotations

import html
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from intake.doors.derived import empty_released
from tests.fakes.office import facts, intake, sample_office


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_office(tmp_path_factory.mktemp("public")).parent


@pytest.fixture
def config(laid: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(laid, tmp_path / "office")) / "intake.toml"


def run(config: Path, *words: object) -> Any:
    done = intake("--config", config, "--by", "ana", *words)
    assert done.returncode == 0, done.stderr
    return done


def text_of(path: Path) -> Iterator[str]:
    """What stands in a file, tags taken out, whatever it is packed in."""
    raw = path.read_bytes()
    if raw.startswith(b"%PDF"):
        yield from (page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(raw))
        return
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as box:
            parts = [box.read(name) for name in box.namelist()]
    else:
        parts = [raw]
    for part in parts:
        text = part.decode("utf-8", "ignore")
        yield html.unescape(re.sub(r"<[^>]*>", "", text)) if text.lstrip().startswith("<") else text


def everything(*places: Path) -> str:
    """All text of all files below these, in one line."""
    files = [path for place in places for path in ([place] if place.is_file() else sorted(place.rglob("*"))) if path.is_file()]
    return " ".join(" ".join(text for path in files for text in text_of(path)).split())


def words_of(response: dict[str, Any]) -> str:
    """Some words of an answer that stand nowhere else."""
    told = [passage["text"] for _, answer in response["answers"] for passage in answer["passages"]]
    return " ".join(max((line for text in told for line in text.splitlines()), key=len).split())[:60]


def test_what_the_public_does_not_read(config: Path) -> None:
    counted = [item for item in facts(config, "responses") if item["status"] == "counted" and item["answers"]]
    named = [item for item in counted if item["respondent"].get("organization") and not item["withheld"]]
    unnamed, group_only = named[0], named[1]
    run(config, "decide", unnamed["id"], "publish-mode", "--set", "mode=without-name", "--reason", "asked for")
    run(config, "decide", group_only["id"], "publish-mode", "--set", "mode=group-only", "--reason", "asked for")
    run(config, "compile", "--for", "public", "--format", "html")
    draft = everything(config.parent / "state" / "drafts" / f"{round_of(config)}-public")
    assert words_of(unnamed) in draft
    assert words_of(group_only) not in draft
    said = run(config, "release").stdout.decode()
    assert "/rev-0/public" in said
    released = next((config.parent / "state" / "revisions").glob("*/rev-0"))
    public = everything(released / "public")
    whole = everything(*(path for path in released.iterdir() if path.name != "public"))
    for response, printed in ((unnamed, True), (group_only, False)):
        assert response["respondent"]["organization"] in whole
        assert words_of(response) in whole
        assert response["respondent"]["organization"] not in public
        assert (words_of(response) in public) is printed
    assert "the public edition gives no name" in whole
    assert "for the group only" in public
    assert json.loads((released / "public" / "manifest.json").read_text())["audience"] == "public"


def round_of(config: Path) -> str:
    return str(facts(config, "status")[0]["round"])


def test_a_round_without_modes_has_one_edition(config: Path) -> None:
    said = run(config, "release").stdout.decode()
    released = next((config.parent / "state" / "revisions").glob("*/rev-0"))
    assert not (released / "public").exists()
    assert f"for the public page: {released}\n" in said


def test_modes_change_the_next_revision_and_erasure_empties_both(config: Path) -> None:
    """A change of mode is a change that the group sees; our copies can be emptied with annexes and all."""
    counted = [item for item in facts(config, "responses") if item["status"] == "counted" and item["answers"]]
    one = next(item for item in counted if item["respondent"].get("organization") and not item["withheld"])
    run(config, "release")
    run(config, "decide", one["id"], "publish-mode", "--set", "mode=group-only", "--reason", "asked for")
    run(config, "release")
    released = next((config.parent / "state" / "revisions").glob("*/rev-1"))
    changes = json.loads((released / "manifest.json").read_text())["changes"]
    assert [item["kind"] for item in changes] == ["corrected"]
    changes = json.loads((released / "public" / "manifest.json").read_text())["changes"]
    assert [(item["kind"], item["name"]) for item in changes] == [("group_only", "")]
    assert one["respondent"]["organization"] not in everything(released / "public")
    empty_released(released, one["messages"])
    left = sorted(path.relative_to(released).as_posix() for path in released.rglob("*") if path.is_file())
    assert left == ["edition.json", "manifest.json", "public/edition.json", "public/manifest.json"]
    assert one["respondent"]["organization"] not in everything(released)
