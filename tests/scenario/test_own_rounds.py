"""Our own labelled rounds, judged whole in this process without documents: shares that no later rule may lower.

They were held out once and have been read since: what they reach says nothing of rounds that nobody has seen (docs/MEASURED.md).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from intake.casework.export import ledger_json
from intake.casework.judge import Case, judge
from intake.casework.rulings import rulings_from
from intake.cli.rehearse import read_arrivals
from intake.doors.share import InstalledShare
from intake.model.mail import Arrival, ChannelKind
from intake.pipeline.cases import inner_trusts
from intake.reading.read_message import read_message
from intake.reading.trust import trust_of
from intake.reading.words import reading_words
from intake.settings import load_round
from intake.sorting.classify import classify
from intake.tools import load_tables

ROUNDS = Path(__file__).resolve().parents[1] / "rounds"
CHANNELS = {
    "INBOX": ChannelKind.ADDRESS,
    "LIST": ChannelKind.LIST,
    "JUNK": ChannelKind.JUNK,
    "OFFICE": ChannelKind.OFFICE,
}
FLOORS = {
    "resilience-2027": {"disposition": 0.97, "status": 0.97, "category": 0.97, "region": 0.97, "answers": 0.97},
    "connectivity-2028": {"disposition": 0.97, "status": 0.97, "category": 0.97, "region": 0.97, "answers": 0.97},
    "oversight-2029": {"disposition": 0.97, "status": 0.97, "category": 0.95, "region": 0.95, "answers": 0.95},
}


def judged(folder: Path) -> dict[str, Any]:
    """The ledger of a round in the published form."""
    consultation = load_round(folder / "round.toml", strict=False)
    zone, share = ZoneInfo(consultation.time_zone), InstalledShare()
    words, tables = reading_words(share.table("config", "reading.toml")), load_tables(share)
    hosts, cases, names = consultation.channels.trusted_hosts, [], {}
    for number, item in enumerate(read_arrivals(folder, zone)):
        reading = read_message(item.raw, words)
        arrival = Arrival(
            key=reading.sha256,
            sequence=number,
            channel=CHANNELS[item.mailbox],
            internaldate=item.internaldate,
            reading=reading,
            trust=trust_of(reading, hosts, item.internaldate),
            inner_trust=next((trust for _, trust in inner_trusts(reading, hosts, item.internaldate)), None),
            inner_trusts=inner_trusts(reading, hosts, item.internaldate),
        )
        names.setdefault(reading.sha256, []).append(item.file)
        cases.append(Case(arrival=arrival, verdict=classify(arrival, consultation, tables)))
    lines = [json.loads(line) for line in (folder / "decisions.jsonl").read_text("utf-8").splitlines() if line.strip()]
    record = judge(consultation, cases, rulings_from(lines, names, zone))
    ledger: dict[str, Any] = msgspec.to_builtins(ledger_json(consultation, record, names))
    return ledger


def squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def shares(labels: Mapping[str, Any], ledger: Mapping[str, Any]) -> dict[str, float]:
    """The share of labels met; a response is found by the first of its messages."""
    met: dict[str, list[bool]] = {key: [] for key in ("disposition", "status", "category", "region", "answers")}
    for name, label in labels["messages"].items():
        met["disposition"].append(ledger["messages"][name]["disposition"] == label["disposition"])
    for label in labels["responses"].values():
        found = ledger["messages"][label["versions"][0][0]]["response"]
        own = ledger["responses"].get(found, {})
        respondent = own.get("respondent", {})
        met["status"].append(own.get("status") == label["status"])
        met["category"].append(respondent.get("category") == label["respondent"]["category"])
        met["region"].append(respondent.get("region") == label["respondent"]["region"])
        for question, start in label["answers"].items():
            said = squeezed(own.get("answers", {}).get(question, ""))[:240]
            met["answers"].append(squeezed(start)[:30] in said)
    return {key: sum(values) / len(values) for key, values in met.items()}


@pytest.mark.parametrize("name", FLOORS)
def test_a_round_that_was_read_keeps_what_it_reached(name: str) -> None:
    """Each share stays above its floor; every message is accounted for and the counted ones are those of the labels."""
    labels = json.loads((ROUNDS / name / "expected.json").read_text("utf-8"))
    ledger = judged(ROUNDS / name)
    assert set(ledger["messages"]) == set(labels["messages"])
    assert ledger["after_decisions"]["counted"] == labels["after_decisions"]["counted"]
    reached = shares(labels, ledger)
    low = {key: value for key, value in reached.items() if value < FLOORS[name][key]}
    assert not low, low
