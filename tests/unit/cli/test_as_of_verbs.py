"""--as-of as a person uses it: status, responses, digest, compile; and what is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.cli.common import instant_from
from intake.doors.clock import SystemClock
from intake.errors import BadUsage
from tests.fakes.office import facts, intake, sample_office

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-01-10", datetime(2027, 1, 10, 22, 59, 59, tzinfo=UTC)),
        ("2027-01-10T18:00", datetime(2027, 1, 10, 17, tzinfo=UTC)),
        ("2027-01-10T18:00+03:00", datetime(2027, 1, 10, 15, tzinfo=UTC)),
        ("2027-01-10T18:00:30Z", datetime(2027, 1, 10, 18, 0, 30, tzinfo=UTC)),
    ],
)
def test_an_instant_is_understood(text: str, expected: datetime) -> None:
    assert instant_from(text, "Europe/Zurich", NOW) == expected


@pytest.mark.parametrize("text", ["yesterday", "2027-13-01", "", "2027-01-12", "2027-01-11T10:01", "2027-01-10T25:00"])
def test_what_is_no_instant_or_lies_ahead_is_refused(text: str) -> None:
    with pytest.raises(BadUsage, match="--as-of"):
        instant_from(text, "Europe/Zurich", NOW)


def test_verbs_show_what_was_known_then(tmp_path: Path) -> None:
    config = sample_office(tmp_path)
    before_all = (SystemClock().now() - timedelta(days=1)).isoformat()
    known = SystemClock().now().isoformat()
    now = facts(config, "responses")
    counted = next(item for item in now if item["status"] == "counted")
    done = intake("--config", config, "--by", "ana", "decide", counted["id"], "exclude", "--reason", "a test")
    assert done.returncode == 0, done.stderr
    assert facts(config, "responses") != now
    assert facts(config, "responses", "--as-of", known) == now
    assert facts(config, "responses", "--as-of", before_all) == []
    then, present = facts(config, "status", "--as-of", known)[0], facts(config, "status")[0]
    assert then["counts"]["counted"] == present["counts"]["counted"] + 1
    assert then["journal_head"] != present["journal_head"]
    assert b"(as of " in intake("--config", config, "status", "--as-of", known).stdout
    digest = intake("--config", config, "digest", "--as-of", known, "--json")
    assert json.loads(digest.stdout)["counts"]["counted"] == then["counts"]["counted"]
    made = intake("--config", config, "compile", "--as-of", known, "--format", "md", "--json")
    path = Path(json.loads(made.stdout)[0]["file"])
    assert "-as-of-" in path.parent.name
    assert facts(config, "status")[0] == present
