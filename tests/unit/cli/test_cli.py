"""The verbs as a person uses them: exit codes of sysexits, facts as JSON, decisions that can be taken back."""

from __future__ import annotations

import contextlib
import json
import mailbox
import subprocess
import sys
from pathlib import Path

import pytest

INTAKE = Path(sys.executable).with_name("intake")
ROOT = Path(__file__).resolve().parents[3]
MAILS = sorted((ROOT / "config" / "demo" / "messages").glob("*.eml"))


def intake(*words: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(INTAKE), *map(str, words)], input=stdin, capture_output=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with the sample round, letters off, nothing to reach."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "rounds").mkdir()
    (folder / "rounds" / "round.toml").write_bytes((ROOT / "config" / "demo" / "round.toml").read_bytes())
    path = folder / "intake.toml"
    path.write_text(
        '[service]\nstate_dir = "state"\nword_processor = ""\nrounds_dir = "rounds"\naddress = "desk@example.org"\n'
        'officers = ["ana"]\n[letters]\nmode = "off"\n',
        "utf-8",
    )
    done = intake("--config", path, "--by", "ana", "import", ROOT / "config" / "demo" / "messages")
    assert done.returncode == 0, done.stderr
    assert b"30 messages taken in" in done.stdout
    return path


def facts(config: Path, *words: object) -> object:
    done = intake("--config", config, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_wrong_words_are_64_and_a_wrong_configuration_is_78(tmp_path: Path) -> None:
    """No traceback in either."""
    for words, code in (
        (("nonsense",), 64),
        (("inspect",), 64),
        (("inspect", "nowhere.eml"), 64),
        (("--config", tmp_path / "x", "status"), 78),
    ):
        done = intake(*words)
        assert done.returncode == code, done.stderr
        assert b"Traceback" not in done.stderr


def test_help_lists_the_verbs() -> None:
    """What stands there works; nothing else does."""
    text = intake("--help").stdout.decode()
    for verb in ("demo", "check", "run", "poll", "import", "ingest", "inspect", "rehearse", "status", "responses", "show", "decide",
                 "held", "letters", "digest", "compile", "release", "timetable", "export", "verify"):  # fmt: skip
        assert f" {verb} " in text, verb
    assert " desk " not in text


def test_inspect_tells_what_the_published_form_asks_for() -> None:
    """One file: a document; several: an object a line, in order."""
    one = json.loads(intake("inspect", "--json", MAILS[1]).stdout)
    wanted = {"sha256", "size_bytes", "message_id", "subject", "from", "date_claimed", "received_at", "language", "text", "new_text",
              "disposition", "reasons", "respondent", "answers", "flags", "held", "defects", "parts", "file"}  # fmt: skip
    assert wanted <= set(one)
    assert all(
        {"path", "media_type", "sniffed_type", "name", "size_bytes", "sha256", "state", "text_chars", "inline", "children"}
        <= set(part)
        for part in one["parts"]
    )
    lines = intake("inspect", "--json", *MAILS[:5]).stdout.decode("utf-8").splitlines()
    assert [json.loads(line)["file"] for line in lines] == [str(path) for path in MAILS[:5]]


def test_inspect_never_fails_on_a_message(tmp_path: Path) -> None:
    """Whatever the bytes: exit 0 and one object a file."""
    odd = [
        b"",
        b"\x00" * 100,
        b"From: ((((" + b"(" * 600,
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\n" * 5000,
        bytes(range(256)) * 50,
    ]
    paths = []
    for number, raw in enumerate(odd):
        path = tmp_path / f"{number}.eml"
        path.write_bytes(raw)
        paths.append(path)
    done = intake("inspect", "--json", *paths)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.decode("utf-8").splitlines()) == len(odd)


def test_imported_mail_is_judged_and_not_answered(config: Path) -> None:
    """Sums hold; no letter is queued."""
    (status,) = facts(config, "status")  # type: ignore[misc]
    tally = status["tally"]
    assert tally["seen"] == tally["archived"] >= len(MAILS)  # another test may have handed in one more
    assert sum(status["counts"]["by_disposition"].values()) == tally["archived"]
    assert set(status["letters"]) <= {"suppressed"}


def test_a_decision_names_an_officer_and_a_reason_and_can_be_undone(config: Path) -> None:
    """Excluded, then as before."""
    responses = facts(config, "responses")
    first = next(item for item in responses if item["status"] == "counted")  # type: ignore[union-attr]
    assert intake("--config", config, "decide", first["id"], "exclude", "--reason", "a test").returncode == 64
    done = intake("--config", config, "--by", "ana", "decide", first["id"], "exclude", "--reason", "a test", "--json")
    ruling = json.loads(done.stdout)["ruling"]["id"]
    assert next(item for item in facts(config, "responses") if item["id"] == first["id"])["status"] == "excluded"  # type: ignore[union-attr]
    assert intake("--config", config, "--by", "ana", "decide", ruling, "undo", "--reason", "back").returncode == 0
    again = next(item for item in facts(config, "responses") if item["id"] == first["id"])  # type: ignore[union-attr]
    assert again["status"] == "counted"


def test_ingest_takes_one_message_and_refuses_none(config: Path) -> None:
    """Standard input, as a mail server's pipe delivers it."""
    before = facts(config, "status")[0]["tally"]["seen"]  # type: ignore[index]
    assert intake("--config", config, "ingest", "-", stdin=b"").returncode == 65
    assert intake("--config", config, "ingest", "-", stdin=b"From: x@example.org\r\n\r\nQuestion 1. Yes.\r\n").returncode == 0
    assert facts(config, "status")[0]["tally"]["seen"] == before + 1  # type: ignore[index]


def test_exports_can_be_read_without_this_program(config: Path, tmp_path: Path) -> None:
    """Originals octet for octet, an mbox that the standard library reads, a CSV with a line a response."""
    count = facts(config, "status")[0]["tally"]["archived"]  # type: ignore[index]
    assert intake("--config", config, "--by", "ana", "export", "eml", tmp_path / "eml").returncode == 0
    originals = {path.read_bytes() for path in MAILS}
    assert originals <= {path.read_bytes() for path in (tmp_path / "eml").iterdir()}
    assert intake("--config", config, "--by", "ana", "export", "mbox", tmp_path / "box").returncode == 0
    with contextlib.closing(mailbox.mbox(tmp_path / "box")) as box:
        assert len(box) == count
    for kind in ("csv", "json"):
        assert intake("--config", config, "export", kind, tmp_path / kind).returncode == 0
        assert (tmp_path / kind).stat().st_size > 1000
    assert intake("--config", config, "export", "pst", tmp_path / "pst").returncode == 64


def test_verify_finds_a_flipped_byte(config: Path) -> None:
    """An object that does not hash to its name is a fault and exit 65; mended, all is well."""
    target = next((config.parent / "state" / "vault" / "objects").rglob("*.eml"))
    raw = target.read_bytes()
    target.chmod(0o640)
    target.write_bytes(bytes([raw[0] ^ 1]) + raw[1:])
    assert intake("--config", config, "verify").returncode == 65
    target.write_bytes(raw)
    assert intake("--config", config, "verify").returncode == 0


def test_letters_can_be_paused_and_resumed_and_compile_writes_a_draft(config: Path, tmp_path: Path) -> None:
    """Short verbs of an ordinary day."""
    assert intake("--config", config, "--by", "ana", "letters", "pause", "--reason", "a test").returncode == 0
    assert facts(config, "letters")["paused"] is True  # type: ignore[index,call-overload]
    assert intake("--config", config, "--by", "ana", "letters", "resume").returncode == 0
    assert intake("--config", config, "compile", "--format", "md", "--out", tmp_path / "draft").returncode == 0
    assert "DRAFT" in (tmp_path / "draft" / "compilation.md").read_text("utf-8")
    assert intake("--config", config, "digest", "--print", "--date", "2026-01-05").returncode == 0
    days = facts(config, "timetable", "--on", "2026-01-05")
    assert {day["id"] for day in days} >= {"opening", "deadline", "synthesis", "physical"}  # type: ignore[union-attr]


def test_a_format_that_is_not_there_is_64_and_what_was_made_is_told_as_facts(config: Path, tmp_path: Path) -> None:
    """`compile` and `release` say what they made."""
    assert intake("--config", config, "compile", "--format", "odt").returncode == 64
    made = facts(config, "compile", "--format", "md", "--out", tmp_path)
    assert {Path(item["file"]).name for item in made} == {"compilation.md", "manifest.json"}  # type: ignore[attr-defined]
    done = intake("--config", config, "--by", "ana", "release", "--json")
    released = json.loads(done.stdout)
    assert (released["revision"], released["by"]) == (0, "ana")
    assert all(Path(path).is_file() for path in released["files"])
