"""The silence map as officers get it: a verb, a line of status, a part of the daily letter; drafts that nobody sends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fakes.office import ROOT, intake

LAST = """name,category,country,region,language
National Library Network of Nowhere,civil_society,FR,europe,fr
Ministère des écoles,government,SN,africa,fr
كلية المستقبل,academia,EG,arab_states,ar
,individual,PE,americas,es
"""


def office(folder: Path, previous: str = "last_round.csv", deadline: str = "2099-12-27") -> Path:
    """An office with the sample round, in time still; nothing has come."""
    (folder / "rounds").mkdir(parents=True)
    text = (ROOT / "config" / "demo" / "round.toml").read_text("utf-8")
    for day in (
        "response_deadline = 2025-12-27T23:59:59+01:00",
        "physical_consultation = 2026-01-26",
        "group_meeting_start = 2026-01-28",
        "group_meeting_end = 2026-01-29",
    ):
        key = day.split(" = ")[0]
        assert day in text
        text = text.replace(day, f"{key} = {deadline}" if key == "response_deadline" else f"{key} = 2100-02-0{len(key) % 5 + 1}")
    (folder / "rounds" / "round.toml").write_text(f'previous = "{previous}"\n{text}', "utf-8")
    (folder / "rounds" / "last_round.csv").write_text(LAST, "utf-8")
    path = folder / "intake.toml"
    path.write_text(
        '[service]\nstate_dir = "state"\nrounds_dir = "rounds"\naddress = "desk@example.org"\nofficers = ["ana"]\n'
        '[letters]\nmode = "off"\n[digest]\nto = ["desk@example.org"]\n',
        "utf-8",
    )
    return path


def run(config: Path, *words: object, code: int = 0) -> str:
    done = intake("--config", config, "--by", "ana", *words)
    assert done.returncode == code, done.stderr.decode()
    return (done.stdout + done.stderr).decode()


def test_the_map_the_drafts_and_that_nothing_is_sent(tmp_path: Path) -> None:
    """Each draft in the language of the last response; without addresses; nothing in the outbox."""
    config = office(tmp_path)
    said = run(config, "silence", "--out", tmp_path / "drafts")
    assert "not heard from 3, published without a name 1" in said
    assert "government (1 then)" in said
    names = sorted(path.name for path in (tmp_path / "drafts").iterdir())
    assert [name[:6] for name in names] == ["001-fr", "002-fr", "003-ar"]
    french = (tmp_path / "drafts" / names[1]).read_text("utf-8")
    assert "Ministère des écoles a répondu à notre dernière consultation ouverte, «last round»" in " ".join(french.split())
    assert "كلية المستقبل" in (tmp_path / "drafts" / names[2]).read_text("utf-8")
    facts = json.loads(run(config, "silence", "--json"))
    assert len(facts["drafts"]) == 3
    assert "0 letters" in run(config, "letters") or "@" not in run(config, "letters")
    digest = run(config, "digest", "--print")
    assert "Not heard from" in digest
    assert "Ministère des écoles" in digest
    assert "Consultation ouverte" in digest, "drafted in the language that most of them wrote in"
    assert run(config, "letters", "--json").strip() in ("[]", "{}", '{\n "letters": []\n}') or '"kind"' not in run(
        config, "letters", "--json"
    )


def test_after_the_deadline_the_daily_letter_says_nothing_of_it(tmp_path: Path) -> None:
    config = office(tmp_path, deadline="2025-12-27")
    assert "Not heard from" not in run(config, "digest", "--print")
    assert "not heard from 3" in run(config, "silence"), "whoever asks is told"


@pytest.mark.parametrize(
    ("previous", "text", "said"),
    [
        ("nowhere", LAST, "there is no round 'nowhere'"),
        ("none.csv", LAST, "none.csv"),
        ("last_round.csv", "name,category\nA,wizard\nB,government\nC,warlock\n", "line 4"),
        ("last_round.csv", "who\nA\n", "not who"),
        ("last_round.csv", "name\n", "names nobody"),
    ],
)
def test_a_last_round_that_cannot_be_read_stops_the_start(tmp_path: Path, previous: str, text: str, said: str) -> None:
    config = office(tmp_path, previous)
    (tmp_path / "rounds" / "last_round.csv").write_text(text, "utf-8")
    assert said in run(config, "status", code=78)


def test_a_round_of_this_office_is_compared_by_what_it_released(tmp_path: Path) -> None:
    """Before its release nothing is known of it; then the names of its public edition, and none that it kept back."""
    config = office(tmp_path, "schools-libraries-2025")
    text = (tmp_path / "rounds" / "round.toml").read_text("utf-8")
    later = (
        text.replace('id = "schools-libraries-2025"', 'id = "next"')
        .replace("opened = 2025-09-29", "opened = 2026-09-29")
        .replace("decided = 2025-09-17", "decided = 2026-09-17")
    )
    (tmp_path / "rounds" / "next.toml").write_text(later, "utf-8")
    (tmp_path / "rounds" / "round.toml").write_text((ROOT / "config" / "demo" / "round.toml").read_text("utf-8"), "utf-8")
    run(config, "import", ROOT / "config" / "demo" / "messages", "--round", "schools-libraries-2025")
    assert "has released nothing" in run(config, "silence", "--round", "next", code=64)
    every = json.loads(run(config, "responses", "--round", "schools-libraries-2025", "--json"))
    counted = [item for item in every if item["status"] == "counted" and item["respondent"].get("organization")]
    hidden, shown = counted[0], counted[1]
    run(
        config,
        "decide",
        hidden["id"],
        "publish-mode",
        "--set",
        "mode=without-name",
        "--reason",
        "asked for",
        "--round",
        "schools-libraries-2025",
    )
    run(config, "release", "--round", "schools-libraries-2025")
    facts = json.loads(run(config, "silence", "--round", "next", "--json"))
    names = [item["name"] for item in facts["silence"]["respondents"]]
    assert shown["respondent"]["organization"] in names
    assert hidden["respondent"]["organization"] not in names
    assert facts["silence"]["unnamed"] >= 1
    assert "@" not in "".join(names)
