"""Received and Authentication-Results are believed from the top down, through our own hosts only."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.model.mail import Trust
from intake.reading.read_message import read_message
from intake.reading.trust import trust_of
from intake.reading.words import reading_words

WORDS = reading_words(tomllib.loads(Path("config/reading.toml").read_text("utf-8")))
OURS = ("mx.office.example", "store.office.example", "lists.office.example")
INTERNAL = datetime(2018, 1, 20, tzinfo=UTC)

STORE = "Received: from mx.office.example ([10.0.0.5]) by store.office.example with LMTP; Mon, 15 Jan 2018 10:20:09 +0100"
MX = "Received: from out.sender.example (out.sender.example [198.51.100.7]) by mx.office.example with ESMTP; Mon, 15 Jan 2018 10:20:05 +0100"
THEIRS = "Received: from laptop ([192.0.2.1]) by out.sender.example with ESMTPSA; Mon, 15 Jan 2018 04:00:00 +0000"
PASS = "Authentication-Results: mx.office.example; spf=pass smtp.mailfrom=sender.example; dkim=pass header.d=sender.example; dmarc=pass"


def trust(*lines: str) -> Trust:
    raw = "\r\n".join([*lines, "From: a@sender.example", "Subject: x", "", "hello", ""]).encode()
    return trust_of(read_message(raw, WORDS), OURS, INTERNAL)


def test_the_first_of_ours_that_took_it_from_outside_gives_the_time() -> None:
    found = trust(STORE, PASS, MX, THEIRS)
    assert found.received_at == datetime(2018, 1, 15, 9, 20, 5, tzinfo=UTC)
    assert found.received_by == "mx.office.example"
    assert not found.own


def test_internaldate_where_none_of_ours_left_a_line() -> None:
    found = trust(THEIRS)
    assert found.received_at == INTERNAL
    assert found.received_by == "internaldate"
    assert trust().received_at == INTERNAL


def test_a_forged_line_of_ours_further_down_is_not_read() -> None:
    forged = "Received: from x by mx.office.example; Fri, 1 Dec 2017 00:00:00 +0000"
    assert trust(STORE, MX, THEIRS, forged).received_at.day == 15


def test_a_stranger_who_calls_himself_by_our_name_is_a_stranger() -> None:
    helo = "Received: from mx.office.example (evil.example [198.51.100.66]) by mx.office.example; Mon, 15 Jan 2018 10:20:05 +0100"
    forged = "Received: from x.example by mx.office.example; Fri, 1 Dec 2017 00:00:00 +0000"
    assert trust(helo, forged).received_at.day == 15
    nameless = helo.replace("evil.example [198.51.100.66]", "unknown [8.8.8.8]")
    assert trust(nameless, forged).received_at.day == 15


def test_results_count_only_from_our_own_server_above_the_foreign_line() -> None:
    assert trust(STORE, PASS, MX).dmarc == "pass"
    assert trust(STORE, MX, THEIRS, PASS).dmarc == "none"
    assert trust(STORE, PASS.replace("mx.office.example", "mx.evil.example"), MX).dmarc == "none"
    assert trust(PASS).dmarc == "none"


def test_one_good_signature_is_enough() -> None:
    both = PASS.replace("dkim=pass", "dkim=fail header.d=list.example; dkim=pass")
    assert trust(STORE, both, MX).dkim == "pass"


def test_a_result_inside_a_comment_is_none() -> None:
    assert trust(STORE, "Authentication-Results: mx.office.example; dmarc=fail (was dmarc=pass before)", MX).dmarc == "fail"


def test_a_list_post_passes_through_the_list_host() -> None:
    post = "Received: from lists.office.example (localhost [127.0.0.1]) by lists.office.example; Mon, 15 Jan 2018 10:21:00 +0100"
    to_list = "Received: from out.sender.example ([198.51.100.7]) by lists.office.example; Mon, 15 Jan 2018 10:20:30 +0100"
    assert trust(STORE.replace("mx.", "lists."), post, to_list, THEIRS).received_at == datetime(
        2018, 1, 15, 9, 20, 30, tzinfo=UTC
    )


def test_our_own_machine_s_mail() -> None:
    assert trust(STORE).own
    assert not trust(STORE, MX).own


@pytest.mark.parametrize(
    ("line", "spam"), [("X-Spam-Flag: YES", True), ("X-Spam-Status: Yes, score=9", True), ("X-Spam-Status: No, score=-1", False)]
)
def test_spam_marks_above_the_foreign_line(line: str, spam: bool) -> None:
    assert trust(STORE, line, MX, THEIRS).spam is spam
    assert not trust(STORE, MX, THEIRS, line).spam


def test_times_are_utc() -> None:
    assert trust(STORE, MX).received_at.tzinfo is UTC
