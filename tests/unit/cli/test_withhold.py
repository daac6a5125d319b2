"""Deciding what may leave the house, as officers do it: by the program, in processes of its own."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from intake.doors.clock import SystemClock
from intake.doors.share import InstalledShare
from intake.errors import BadUsage
from intake.model.round import LANGUAGES
from intake.pipeline.deciding import Wish, action_from, decide
from intake.pipeline.withhold import why_in
from intake.settings import load_settings
from intake.wiring import open_configured
from tests.fakes.office import intake, sample_office

MORE = (
    '[[officers]]\nname = "ben"\nrole = "editor"\n[[officers]]\nname = "rita"\nrole = "reader"\n'
    '[[officers]]\nname = "remy"\nrole = "releaser"\n'
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample round in an office with roles; ana may do everything."""
    return sample_office(tmp_path_factory.mktemp("office"), MORE).parent


@pytest.fixture
def config(office: Path, tmp_path: Path) -> Path:
    """The office as it was laid, for one test alone."""
    return Path(shutil.copytree(office, tmp_path / "office")) / "intake.toml"


def run(config: Path, by: str, *words: object) -> Any:
    return intake("--config", config, "--by", by, *words)


def withheld_number(config: Path) -> str:
    """A counted response of which something is proposed to be withheld."""
    every = json.loads(run(config, "ana", "responses", "--json").stdout)
    return next(item["id"] for item in every if item["withheld"] and item["status"] == "counted")


def document(config: Path, by: str = "ana") -> str:
    done = run(config, by, "compile", "--format", "html")
    assert done.returncode == 0, done.stderr
    return next(config.parent.rglob("compilation.html")).read_text("utf-8")


def test_proposed_redacted_undone_disclosed(config: Path) -> None:
    """Words stay out until they are disclosed; each decision counts and can be taken back until a release."""
    number = withheld_number(config)
    shown = json.loads(run(config, "ana", "withheld", number, "--json").stdout)
    one = next(item for item in shown["withheld"] if not (item["item"]["start"] == item["item"]["end"] == 0))
    secret = one["words"].split("\n")[0].strip()
    assert len(secret) > 3
    assert secret not in document(config)
    redacted = run(config, "ana", "decide", number, "redact", "--reason", "private", "--json")
    assert redacted.returncode == 0, redacted.stderr
    ruling = json.loads(redacted.stdout)["ruling"]
    assert secret not in json.dumps(ruling)
    after = document(config)
    assert secret not in after
    assert after.count("redacted: ") >= 1
    assert run(config, "ana", "decide", ruling["id"], "undo", "--reason", "too much").returncode == 0
    assert run(config, "ana", "decide", number, "disclose", "--reason", "public anyway").returncode == 0
    assert secret in " ".join(document(config).split()) or secret.split()[0] in document(config)
    gone = run(config, "remy", "release")
    assert gone.returncode == 0, gone.stderr
    last = json.loads(
        run(config, "ana", "decide", number, "redact", "--set", f"words={secret}", "--reason", "r", "--json").stdout
    )
    assert run(config, "ana", "release").returncode == 0
    refused = run(config, "ana", "decide", last["ruling"]["id"], "undo", "--reason", "r")
    assert refused.returncode == 64
    assert b"stands" in refused.stderr


REFUSED = [
    ("redact", {"words": "no such words anywhere"}, "stand nowhere"),
    ("redact", {"part": "", "start": "5", "end": "999999"}, "lies outside the text"),
    ("redact", {"part": "9.9", "start": "0", "end": "1"}, "no part"),
    ("redact", {"proposal": "77"}, "there are 1 to"),
    ("redact", {"colour": "red"}, "unknown here"),
    ("seal-part", {"file": "nothing.pdf"}, "seal-part needs"),
    ("publish-mode", {"mode": "loud"}, "one of full"),
    ("assign", {"category": "wizards", "country": "Swiss"}, "country"),
    ("relabel", {}, "relabel needs"),
    ("extend", {}, "no decision here"),
]


def test_what_cannot_be_decided_is_refused_and_changes_nothing(config: Path) -> None:
    number = withheld_number(config)
    done = run(config, "ana", "decide", number, "redact", "--reason", "r", "--set", "colour=red")
    assert done.returncode == 64
    assert b"Traceback" not in done.stderr
    with open_configured(load_settings(config)) as office:
        before = office.ledger.load_record(office.rounds[0].id)
        for action, fields, told in REFUSED:
            with pytest.raises(BadUsage, match=told):
                decide(office, Wish(number=number, action=action_from(action), by="ana", reason="r", fields=dict(fields)))
        with pytest.raises(BadUsage, match="reason"):
            decide(office, Wish(number=number, action=action_from("redact"), by="ana", reason=" "))
        assert office.ledger.load_record(office.rounds[0].id) == before
        assert office.ledger.rulings(office.rounds[0].id) == ()


def test_who_may_do_what(config: Path) -> None:
    """A reader looks, an editor decides, a releaser releases; a stranger does nothing."""
    number = withheld_number(config)
    assert run(config, "rita", "responses").returncode == 0
    for by, words in (
        ("rita", ("decide", number, "redact", "--reason", "r")),
        ("rita", ("withheld", number)),
        ("ben", ("release",)),
        ("nobody", ("responses",)),
    ):
        done = run(config, by, *words)
        assert done.returncode == 64, (by, words)
    assert run(config, "ben", "decide", number, "redact", "--reason", "r").returncode == 0


def test_a_second_officer_where_the_house_wants_one(config: Path) -> None:
    """Not in force before another says so; himself is no other."""
    text = config.read_text("utf-8").replace('officers = ["ana"]', 'officers = ["ana"]\nsecond_officer = ["disclose"]')
    config.write_text(text, "utf-8")
    number = withheld_number(config)
    secret = json.loads(run(config, "ana", "withheld", number, "--json").stdout)["withheld"][0]["words"].split("\n")[0].strip()
    first = run(config, "ana", "decide", number, "disclose", "--reason", "r", "--json")
    ruling = json.loads(first.stdout)["ruling"]["id"]
    assert secret not in document(config)
    assert b"second" in run(config, "ana", "digest", "--print").stdout
    assert run(config, "ana", "decide", ruling, "second", "--reason", "r").returncode == 64
    assert run(config, "ben", "decide", ruling, "second", "--reason", "r").returncode == 0
    assert json.loads(run(config, "ana", "show", number, "--json").stdout)["response"]["waiting"] == []


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("a private telephone", "telephone"),
        ("Appareil téléphonique : téléphone privé", "telephone"),
        ("домашний адрес", "home_address"),
        ("这是第三方", "third_person"),
        ("رقم الهوية", "identity_number"),
        ("secreto comercial", "confidential_part"),
        ("agreed at the desk", ""),
        ("telephone and home address", ""),
        ("he addressed us", ""),
    ],
)
def test_a_reason_in_any_language_says_what_kind_of_words_they_were(reason: str, kind: str) -> None:
    share = InstalledShare(None)
    tables = [tomllib.loads(share.text("templates", "orders", f"{language}.toml")) for language in LANGUAGES]
    assert why_in(reason, tables) == ({"why": kind} if kind else {})


def test_a_marker_has_the_reason_that_the_officer_gave(config: Path) -> None:
    """Words that nobody proposed: the kind by his reason; a kind that is none is refused."""
    number, words = first_words(config)
    assert (
        run(config, "ana", "decide", number, "redact", "--set", f"words={words}", "--set", "why=x", "--reason", "r").returncode
        == 64
    )
    done = run(config, "ana", "decide", number, "redact", "--set", f"words={words}", "--reason", "a private telephone")
    assert done.returncode == 0, done.stderr
    assert "redacted: telephone number" in document(config)


def first_words(config: Path) -> tuple[str, str]:
    """(id, some words of an answer) of a counted response of which nothing is withheld."""
    for item in json.loads(run(config, "ana", "responses", "--json").stdout):
        text = item["answers"][0][1]["passages"][0]["text"] if item["answers"] else ""
        plain = re.search(r"(?:[^\W\d_]+ ){5}[^\W\d_]+", text)
        if plain and item["language"] in ("fr", "es") and not item["withheld"] and item["status"] == "counted":
            return item["id"], plain.group()
    raise AssertionError("the sample round has no such response")


def test_words_that_should_be_withheld_are_while_the_second_officer_is_asked(config: Path) -> None:
    """Nobody proposed them: between the first word and the second a release must not print them."""
    text = config.read_text("utf-8").replace('officers = ["ana"]', 'officers = ["ana"]\nsecond_officer = ["redact"]')
    config.write_text(text, "utf-8")
    number, words = first_words(config)
    assert words in document(config)
    made = run(config, "ana", "decide", number, "redact", "--set", f"words={words}", "--reason", "r", "--json")
    assert made.returncode == 0, made.stderr
    assert words not in document(config)
    assert b"[pending: " in run(config, "ana", "show", number).stdout
    ruling = json.loads(made.stdout)["ruling"]["id"]
    assert run(config, "ana", "decide", ruling, "undo", "--reason", "r").returncode == 0
    assert words in document(config)


def test_what_is_shown_of_the_record_has_no_sealed_word(config: Path, tmp_path: Path) -> None:
    """Neither to a reader nor to anybody: who must see the words asks for them, and is in the journal. Before the decision was made, too."""
    number, words = first_words(config)
    looks: tuple[tuple[object, ...], ...] = (("show", number), ("show", number, "--json"), ("responses", "--json"))
    for look in looks:
        said = run(config, "rita", *look).stdout.decode("utf-8")
        assert words in said, look
    moment = SystemClock().now().isoformat()
    done = run(config, "ana", "decide", number, "redact", "--set", f"words={words}", "--reason", "r", "--json")
    assert words not in done.stdout.decode("utf-8")
    for look in (*looks, ("responses", "--json", "--as-of", moment), ("status", "--json"), ("digest", "--print")):
        said = run(config, "rita", *look).stdout.decode("utf-8")
        assert said
        assert words not in said, look
    for kind in ("csv", "json"):
        assert run(config, "rita", "export", kind, tmp_path / kind).returncode == 0
        text = (tmp_path / kind).read_text("utf-8-sig")
        assert "redacted: officer" in text
        assert words not in text
    out = tmp_path / "then"
    assert run(config, "ana", "compile", "--as-of", moment, "--out", out, "--format", "md").returncode == 0
    assert words not in (out / "compilation.md").read_text("utf-8")
    for sealed in (("held", "show", number), ("export", "eml", tmp_path / "eml"), ("export", "bag", tmp_path / "bag")):
        assert run(config, "rita", *sealed).returncode == 64, sealed
    assert not (tmp_path / "eml").exists()


def test_looks_at_sealed_originals_are_journalled_without_names(config: Path, tmp_path: Path) -> None:
    number = withheld_number(config)
    run(config, "ana", "withheld", number)
    assert run(config, "ana", "export", "mbox", tmp_path / "box").returncode == 0
    journal = next(config.parent.rglob("journal.jsonl")).read_text("utf-8")
    looks = [json.loads(line) for line in journal.splitlines() if '"access"' in line]
    assert [entry["payload"]["how"] for entry in looks] == ["withheld", "export mbox"]
    assert "ana" not in {entry["payload"]["by"] for entry in looks}
    assert run(config, "ana", "verify").returncode == 0
