"""On the labelled round: what is proposed to be withheld stands in no worksheet; every count of a group adds up."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.pipeline.cases import cases_of
from intake.pipeline.judge import judge_round
from intake.settings import load_settings
from intake.synthesis.source import squeezed
from intake.wiring import open_configured
from tests.fakes.office import ROOT, intake

ROUND = ROOT.parent / "shared" / "rounds" / "gender-2018"


@pytest.mark.shared
@pytest.mark.skipif(not ROUND.is_dir(), reason="the labelled round is not beside the checkout")
def test_what_is_withheld_is_in_no_worksheet(tmp_path: Path) -> None:
    """Every withheld stretch of the record, line by line."""
    (tmp_path / "rounds").mkdir()
    (tmp_path / "rounds" / "round.toml").write_bytes((ROUND / "round.toml").read_bytes())
    path = tmp_path / "intake.toml"
    head = '[service]\nstate_dir = "state"\nrounds_dir = "rounds"\naddress = "desk@example.org"\n[letters]\nmode = "off"\n'
    path.write_text(head, "utf-8")
    assert intake("--config", path, "import", ROUND / "messages").returncode == 0
    assert intake("--config", path, "synthesis", "worksheet").returncode == 0
    sheet = squeezed(next((tmp_path / "state" / "synthesis").glob("*/worksheet/worksheet.md")).read_text("utf-8"))
    sealed = []
    with open_configured(load_settings(path)) as office:
        (round_,) = office.rounds
        cases = {case.key: case for case in cases_of(office, round_)}
        for response in judge_round(office, round_).responses:
            for key, item in response.withheld:
                parts = {part.path: part.text for part in cases[key].arrival.reading.parts}
                text = parts.get(item.part, "") if item.part else cases[key].arrival.reading.text
                sealed += [
                    line for line in (text[item.start : item.end] if item.end else text).splitlines() if len(squeezed(line)) > 8
                ]
    assert len(sealed) > 3
    assert not [line for line in sealed if squeezed(line) in sheet]
