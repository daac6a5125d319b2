"""Plain FETCH answers are read as IMAPClient reads them; everything else is left to it."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imapclient.response_parser import parse_fetch_response

from intake.doors.imap_answers import plain

uids = st.integers(1, 2**32 - 1)
bodies = st.one_of(st.binary(max_size=60), st.sampled_from([b")", b" UID 9)", b"1 (UID 2 BODY[] {3}", b"\r\n* 1 FETCH (UID 7)"]))
flags = st.sampled_from([b"", rb"FLAGS (\Seen) ", b"FLAGS () "])
moments = st.builds(
    lambda day, month, hour, zone: b"%2d-%s-2026 %02d:05:09 %s" % (day, month, hour, zone),
    st.integers(1, 31), st.sampled_from([b"Jan", b"Feb", b"Dec"]), st.integers(0, 23), st.sampled_from([b"+0000", b"-0330", b"+1400"]),
)  # fmt: skip


@st.composite
def answers(draw: st.DrawFn) -> list[Any]:
    """A list as imaplib gives it: bodies with the UID before or behind, sizes and dates in any order."""
    lines: list[Any] = []
    for number, uid in enumerate(draw(st.lists(uids, min_size=1, max_size=6, unique=True)), 1):
        kind = draw(st.integers(0, 2))
        if kind == 2:
            facts = [b"UID %d" % uid, b"RFC822.SIZE %d" % draw(st.integers(0, 2**40)), b'INTERNALDATE "%s"' % draw(moments)]
            facts = draw(st.permutations(facts + ([rb"FLAGS (\Seen \Answered)"] if draw(st.booleans()) else [])))
            lines.append(b"%d (%s)" % (number, b" ".join(facts)))
            continue
        body = draw(bodies)
        first, last = (b"UID %d " % uid, b"") if kind == 0 else (b"", b" UID %d" % uid)
        lines += [(b"%d (%s%sBODY[] {%d}" % (number, first, draw(flags), len(body)), body), last + b")"]
    return lines


@given(data=answers())
def test_what_is_plain_is_read_as_imapclient_reads_it(data: list[Any]) -> None:
    found = plain(data)
    expected = parse_fetch_response(data, False, True)
    impossible = any(values.get(b"INTERNALDATE", 1) is None for values in expected.values())
    assert (found is None) == impossible, "31 February is left to the library"
    if found is not None:
        for uid, values in expected.items():
            wanted = {name: value for name, value in values.items() if name not in (b"SEQ", b"FLAGS")}
            if b"INTERNALDATE" in wanted:
                wanted[b"INTERNALDATE"] = wanted[b"INTERNALDATE"].astimezone(UTC)
                found[uid][b"INTERNALDATE"] = found[uid][b"INTERNALDATE"].astimezone(UTC)
            assert found[uid] == wanted
        assert found.keys() == expected.keys()


@pytest.mark.parametrize(
    "data",
    [
        [None],
        [b"1 (BODY[] NIL UID 4)"],
        [b'1 (UID 4 BODY[] "quoted")'],
        [(b"1 (UID 4 BODY[] {9}", b"short"), b")"],
        [(b"1 (UID 4 BODY[] {1}", b"x")],
        [(b"1 (BODY[] {1}", b"x"), b")"],
        [(b"1 (UID 4 BODY[HEADER] {1}", b"x"), b")"],
        [(b"1 (UID 4 BODY[] {1}", b"x"), (b" RFC822.HEADER {1}", b"y"), b")"],
        [b"1 (FLAGS ())"],
        [b'1 (UID 4 INTERNALDATE "yesterday")'],
        [b"1 (UID 4 RFC822.SIZE -1)"],
        [b'1 (UID 4 ENVELOPE ("RFC822.SIZE 3" NIL))'],
    ],
)
def test_what_is_not_plain_is_left_to_the_library(data: list[Any]) -> None:
    assert plain(data) is None
