"""FETCH, with the answers that every server gives read by a pattern, and all others by IMAPClient's parser.

That parser looks at each octet of a list in Python: half of what receiving a message cost. What is not exactly of the plain shape
goes to it as it came.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from imapclient import IMAPClient
from imapclient.response_parser import parse_fetch_response

Answers = dict[int, dict[Any, Any]]
_HEAD = re.compile(rb"\d+ \((?:UID (\d+) )?(?:FLAGS \([^()\"{]*\) )?BODY\[\](?:<\d+>)? \{(\d+)\}\Z")
_TAIL = re.compile(rb"(?: UID (\d+))?(?: FLAGS \([^()\"{]*\))?\)\Z")
_FACTS = re.compile(rb"\d+ \((?:(?:UID \d+|RFC822\.SIZE \d+|INTERNALDATE \"[^\"]*\"|FLAGS \([^()\"{]*\))(?: |(?=\))))+\)\Z")
_FACT = re.compile(rb"(UID|RFC822\.SIZE|INTERNALDATE) (?:(\d+)|\"([^\"]*)\")")
_MOMENT = re.compile(rb" ?(\d{1,2})-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\Z")
_MONTHS = {name: number for number, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}


def fetch(client: IMAPClient, uids: Sequence[int], items: Sequence[bytes]) -> Answers:
    """What IMAPClient.fetch gives for these UIDs, and raises."""
    asked = b"(" + b" ".join(items) + b")"
    kind, data = client._imap.uid("FETCH", ",".join(map(str, uids)), asked.decode("ascii"))
    client._checkok("fetch", kind, data)
    found = plain(data)
    if found is None:
        found = dict(parse_fetch_response(data, client.normalise_times, True))
    return {uid: found[uid] for uid in uids if uid in found}


def plain(data: Sequence[Any]) -> Answers | None:
    """The answers where each is of the plain shape (a body as one literal; UID, size and date), else None."""
    found: Answers = {}
    head: tuple[bytes, bytes] | None = None
    for item in data:
        if head is not None:
            tail = _TAIL.match(item) if isinstance(item, bytes) else None
            first = _HEAD.match(head[0])
            uid = None if tail is None or first is None else first[1] or tail[1]
            if uid is None or first is None or int(first[2]) != len(head[1]):
                return None
            found.setdefault(int(uid), {})[b"BODY[]"] = head[1]
            head = None
        elif isinstance(item, tuple):
            head = item
        else:
            facts = _facts(item) if isinstance(item, bytes) else None
            if facts is None:
                return None
            found.setdefault(facts.pop(b"UID"), {}).update(facts)
    return found if head is None else None


def _facts(line: bytes) -> dict[Any, Any] | None:
    if not _FACTS.match(line):
        return None
    facts: dict[Any, Any] = {}
    for name, number, moment in _FACT.findall(line):
        facts[name] = int(number) if number else _moment(moment)
        if facts[name] is None:
            return None
    return facts if b"UID" in facts else None


@functools.cache
def _zone(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


def _moment(value: bytes) -> datetime | None:
    found = _MOMENT.match(value)
    if found is None or found[2] not in _MONTHS:
        return None
    minutes = int(found[8]) * 60 + int(found[9])
    try:
        return datetime(
            int(found[3]), _MONTHS[found[2]], int(found[1]), int(found[4]), int(found[5]), int(found[6]),
            tzinfo=_zone(-minutes if found[7] == b"-" else minutes),
        )  # fmt: skip
    except ValueError:
        return None
