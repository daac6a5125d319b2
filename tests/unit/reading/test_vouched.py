"""Whether our own host vouches for a sender: which results count, whose, and about whom."""

from __future__ import annotations

import pytest

from intake.reading.read_message import read_message
from intake.reading.trust import vouched_for
from tests.fakes.mails import words

OURS = ("mx.office.example",)
BEN = "ben@office.example"


def vouched(results: str, *, sender: str = BEN, server: str = "mx.office.example", below: str = "", wanted: str = BEN) -> str:
    lines = [
        f"Authentication-Results: {server}; {results}" if results else "",
        "Received: from out.example (out.example [192.0.2.7]) by mx.office.example with ESMTPS; Mon, 5 Jan 2026 08:00:00 +0000",
        below,
        f"From: {sender}",
        "Subject: x",
        "",
        "y",
    ]
    return vouched_for(
        read_message("\r\n".join(line for line in lines[:-2] if line).encode() + b"\r\n\r\ny\r\n", words()), OURS, wanted
    )


@pytest.mark.parametrize(
    ("results", "method"),
    [
        ("dmarc=pass header.from=office.example", "dmarc"),
        ("dmarc=pass (p=reject dis=none) header.from=office.example", "dmarc"),
        ("dmarc=pass", "dmarc"),
        ("dmarc=none; dkim=pass header.d=office.example", "dkim"),
        ("dkim=pass header.i=@office.example", "dkim"),
        ("spf=pass smtp.mailfrom=ben@office.example", "spf"),
        ("auth=pass smtp.auth=ben@office.example", "auth"),
        ("dkim=fail header.d=office.example; dkim=pass header.d=office.example", "dkim"),
        ('spf=fail reason="a; dmarc=pass" smtp.mailfrom=office.example; auth=pass smtp.mailfrom=ben@office.example', "auth"),
    ],
)
def test_what_counts(results: str, method: str) -> None:
    assert vouched(results) == method


@pytest.mark.parametrize(
    "results",
    [
        "",
        "none",
        "dmarc=fail header.from=office.example; dkim=pass header.d=office.example",
        "dmarc=pass header.from=evil.example",
        "dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example",
        "dkim=pass header.d=example",
        "dkim=pass",
        "spf=pass",
        "spf=pass smtp.mailfrom=sub.office.example",
        "spf=softfail smtp.mailfrom=office.example",
        "auth=pass smtp.auth=eve@office.example",
        '(dmarc=pass) spf=none reason="dmarc=pass header.from=office.example"',
    ],
)
def test_what_does_not(results: str) -> None:
    assert vouched(results) == ""


def test_only_our_own_host_and_only_above_what_is_not_ours() -> None:
    good = "dmarc=pass header.from=office.example"
    assert vouched(good, server="mx.evil.example") == ""
    foreign = "Received: from a (a [192.0.2.9]) by mx.evil.example; Mon, 5 Jan 2026 07:00:00 +0000"
    assert vouched("", below=f"{foreign}\r\nAuthentication-Results: mx.office.example; {good}") == ""


def test_from_must_be_that_one_address() -> None:
    good = "dmarc=pass header.from=office.example"
    assert vouched(good, sender=f"{BEN}, eve@evil.example") == ""
    assert vouched(good, sender="eve@office.example") == ""
    assert vouched(good, sender="ben@office.example <eve@office.example>") == ""
    assert vouched(good, sender="Ben <BEN@Office.Example>") == "dmarc"
    assert vouched(good, wanted="") == ""
