"""`intake inspect`: all that is known of a message, for a person and as JSON; nothing in a message steers a terminal."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from intake.cli.common import clean, escaped
from intake.cli.verbs import load_verb

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\U000e0041]")
BODY = """Hello \x1b[31m \u202eolleH\u202c \x9b2J \U000e0041

We agree. نوافق على ذلك\u200f.

On Monday, 3 Dec 2018, Ann <ann@example.net> wrote:
> One?
>> Two?

-- \nBob
"""
MAIL = f"""Received: from mail.example.net (mail.example.net [203.0.113.5]) by mx.example.org; Mon, 3 Dec 2018 10:00:00 +0100
Authentication-Results: mx.example.org; dmarc=pass header.from=example.net
From: =?utf-8?B?{base64.b64encode(chr(0x202E).encode() + b"name").decode()}?= <a@example.net>
Subject: Re: =?utf-8?q?r=C3=A9ponse?=
Date: Mon, 3 Dec 2018 09:59:00 +0100
Message-ID: <x@example.net>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

{base64.b64encode(BODY.encode()).decode()}
--b
Content-Type: message/rfc822

From: Inner Author <inner@example.com>
Subject: inner
Message-ID: <inner@example.com>
Authentication-Results: mx.example.org; dmarc=pass header.from=example.com
Content-Type: multipart/mixed; boundary=c

--c

inner words
--c
Content-Type: text/plain; name="../../reg.txt"

root
--c--
--b--
"""


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    path = tmp_path / "mail.eml"
    path.write_bytes(MAIL.encode())
    return path


def said(*words: str | Path) -> str:
    done = CliRunner().invoke(load_verb("inspect"), [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.output


def facts(*words: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said("--json", *words))
    return found


def test_a_person_sees_identities_receipt_claims_parts_text_and_the_enclosed_message(mail: Path) -> None:
    shown = said(mail)
    for words in (
        "octets      SHA-256 ", "Message-ID  <x@example.net>", "content     SHA-256 ",
        "received    2018-12-03 09:00:00+00:00, by the topmost Received line",
        "Date 2018-12-03 09:59:00+01:00", "a claim   mx.example.org; dmarc=pass", "headers     8",
        "part 2.2  text/plain  reg", "sent as  ../../reg", "quality 1.0", "state ok",
        "reply header | On Monday", "quote 2 | > One?", "signature | -- ", "new | Hello",
        "enclosed    part 2", "From      Inner Author <inner@example.com>", "new | inner words", "text of     part 2.2",
    ):  # fmt: skip
        assert words in shown, words


def test_json_has_all_of_it(mail: Path) -> None:
    found = facts(mail)
    assert found["content_hash"]
    assert found["headers"][0][0] == "Received"
    assert found["received"][0]["by"] == "mx.example.org"
    assert {span["kind"] for span in found["spans"]} == {"new", "reply_header", "quote", "signature"}
    assert found["blocks"][0]["runs"]
    inner = found["parts"][1]["message"]
    assert inner["from"] == [{"name": "Inner Author", "address": "inner@example.com"}]
    assert inner["message_id"] == "<inner@example.com>"
    assert inner["new_text"] == "inner words"
    assert inner["content_hash"]
    assert inner["authentication_results"] == [
        {"below_received_lines": 0, "ours": False, "text": "mx.example.org; dmarc=pass header.from=example.com"}
    ]
    part = found["parts"][1]["children"][1]
    assert part["original_name"].startswith("../../reg")
    assert "/" not in part["name"]
    assert "\\" not in part["name"]
    assert part["text"] == "root"
    assert part["blocks"]
    assert part["text_quality"] == 1.0
    assert part["state"] == "ok"


def test_only_what_our_own_hosts_say_is_believed(mail: Path, tmp_path: Path) -> None:
    """The same mail in a round whose host wrote the topmost lines: the outer claim is believed, the enclosed one is not."""
    source = next(Path("tests/rounds").glob("*/round.toml")).read_text("utf-8")
    config = tmp_path / "round.toml"
    config.write_text(re.sub(r"trusted_hosts *= *\[[^\]]*\]", 'trusted_hosts = ["mx.example.org"]', source), "utf-8")
    found = facts("--round", config, mail)
    assert found["received_by"] == "our own host mx.example.org"
    assert found["authentication"]["dmarc"] == "pass"
    assert [line["ours"] for line in found["authentication_results"]] == [True]
    assert not found["parts"][1]["message"]["authentication_results"][0]["ours"]
    assert "believed  mx.example.org; dmarc=pass" in said("--round", config, mail)


def test_a_terminal_obeys_nothing_of_a_message(mail: Path) -> None:
    for shown in (said(mail), said("--json", mail), said("--json", mail, mail)):
        assert not STEERING.search(shown)
    assert "Hello ⟨U+001B⟩[31m ⟨U+202E⟩olleH⟨U+202C⟩ ⟨U+009B⟩2J ⟨U+E0041⟩" in said(mail)
    assert "\x1b[31m \u202eolleH" in facts(mail)["text"]
    assert facts(mail)["from"][0]["name"] == "\u202ename"


def test_what_shapes_letters_stays() -> None:
    assert clean("می\u200cخواهم 👩\u200d🔬 \u0601\u0661") == "می\u200cخواهم 👩\u200d🔬 \u0601\u0661"
    assert clean("a\rb\u2028c\x85d") == "a⟨U+000D⟩b⟨U+2028⟩c⟨U+0085⟩d"
    assert escaped(json.dumps("a\nb", ensure_ascii=False)) == '"a\\nb"'
    assert json.loads(escaped('"\U000e0041\x7f"')) == "\U000e0041\x7f"
