"""A response sent in pieces, taken in one after the other: one response with the whole text and its file, every piece a `part`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.fakes.office import facts, intake, sample_office
from tests.unit.reading.test_partial import pieces, whole


def test_pieces_that_came_in_any_order_make_one_response(tmp_path: Path) -> None:
    config = sample_office(tmp_path)
    before = {item["id"] for item in facts(config, "responses")}
    folder = tmp_path / "pieces"
    folder.mkdir()
    for number, at in enumerate((2, 0, 1)):
        (folder / f"{number}.eml").write_bytes(pieces()[at])
    done = intake("--config", config, "--by", "ana", "import", folder)
    assert done.returncode == 0, done.stderr
    new = [item for item in facts(config, "responses") if item["id"] not in before]
    assert len(new) == 1, new
    assert len(whole()) > 5_000


def test_inspect_joins_pieces_among_its_files_and_keeps_a_line_a_file(tmp_path: Path) -> None:

    paths = []
    for number, raw in enumerate(pieces()):
        paths.append(tmp_path / f"{number}.eml")
        paths[-1].write_bytes(raw)
    lines = [json.loads(line) for line in intake("inspect", "--json", *paths).stdout.splitlines()]
    assert [Path(line["file"]).name for line in lines] == ["0.eml", "1.eml", "2.eml"]
    assert {line["disposition"] for line in lines} == {"part"}
    assert "data.bin" in [part["name"] for part in lines[0]["parts"]]
    assert [defect["code"] for defect in lines[0]["defects"]] == ["joined"]
    assert {defect["code"] for line in lines[1:] for defect in line["defects"]} == {"message_partial"}
    alone = json.loads(intake("inspect", "--json", paths[1]).stdout)
    assert alone["partial"] == {"id": "abc@example.org", "number": 2, "total": 3}
