"""Alarms: a mailbox that cannot be reached, that is silent while the consultation is open, or that is nearly full; a disk without room.
Each once, and once when it is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from intake.digest.reasons import FAULTS, Told, shown_of, told
from intake.model.direction import direction_of
from intake.model.edition import DigestRole
from intake.model.ledger import OutboxState
from intake.model.letter import Letter
from intake.pipeline.calendar import standing
from intake.pipeline.daily import own_letter
from intake.pipeline.office import Office

_PREFIX = "alarm:"
_SURELY_LESS = 0.05
"""So far below the limit a mailbox must be before it is told that it is well: no alarm at each mail."""
_OVER = {"full": "room", "quota": "emptied"}
"""How the end of an alarm is told, where it is not "over"."""


class AlarmRule(Struct, frozen=True, kw_only=True):
    """When an alarm goes out. `unreachable_min`: minutes of failed looks; `silent_h`: hours without any message in an account
    whose consultation is open (0: never); `quota`: the share of a mailbox's quota."""

    unreachable_min: int = 15
    silent_h: int = 72
    quota: float = 0.8


class _Raised(Struct, frozen=True, kw_only=True):
    """An alarm that went out: since when the trouble lasts."""

    since: datetime


def watch_over(
    office: Office,
    rule: AlarmRule,
    failing: Mapping[str, tuple[datetime, str]],
    *,
    full: datetime | None = None,
    filled: Mapping[str, float] = MappingProxyType({}),
) -> None:
    """Look at every account that is polled. `failing`: account -> (since when it fails, what the server says). `full`: since when
    the disk has no room. `filled`: account -> the share of its quota that is used, where the server says so."""
    if full is not None:
        _raise(office, "", "full", full, "")
    else:
        _clear(office, "", "full")
    for account, share in filled.items():
        if share >= rule.quota:
            _raise(office, account, "quota", office.now(), f"{share:.0%}")
        elif share < rule.quota - _SURELY_LESS:
            _clear(office, account, "quota")
    for account in dict.fromkeys(item[0] for item in office.watched):
        if account in failing:
            since, said = failing[account]
            if office.now() - since >= timedelta(minutes=rule.unreachable_min):
                _raise(office, account, "unreachable", since, said)
            continue
        _clear(office, account, "unreachable")
        quiet = _silent_since(office, account, rule)
        if quiet is not None:
            _raise(office, account, "silent", quiet, "")
        else:
            _clear(office, account, "silent")


def _silent_since(office: Office, account: str, rule: AlarmRule) -> datetime | None:
    """Since when nothing has come to an account of an open consultation, when that is too long; else None."""
    if not rule.silent_h:
        return None
    rounds = [
        item for item in office.rounds if any(item.id == watched[2] and watched[0] == account for watched in office.watched)
    ]
    now = office.now()
    last: list[datetime] = []
    for item in rounds:
        held = standing(office, item)
        zone = ZoneInfo(held.time_zone)
        opened = datetime(held.dates.opened.year, held.dates.opened.month, held.dates.opened.day, tzinfo=zone)
        if not opened <= now <= held.dates.response_deadline:
            return None
        # What came before this account was first looked at says nothing about its silence.
        first = [
            known.first_polled_at
            for _, folder, _ in _folders(office, account)
            if (known := office.ledger.folder(account, folder))
        ]
        last += [opened, *first]
    newest = _newest(office, account, [item.id for item in rounds])
    last += [newest] if newest is not None else []
    if not last or now - max(last) < timedelta(hours=rule.silent_h):
        return None
    return max(last)


def _newest(office: Office, account: str, round_ids: list[str]) -> datetime | None:
    """When the newest message came to an account; after something has come to any, only what came is looked at."""
    sequence = office.ledger.last_sequence()
    known = office.last_mail.get(account)
    if known is None or known[0] != sequence:
        looked, before = known or (0, None)
        since = office.ledger.newest(account, round_ids, looked)
        known = office.last_mail[account] = (sequence, max((item for item in (before, since) if item is not None), default=None))
    return known[1]


def _folders(office: Office, account: str) -> list[tuple[str, str, str]]:
    return [item for item in office.watched if item[0] == account]


def _raise(office: Office, account: str, kind: str, since: datetime, said: str) -> None:
    """Once: an alarm that is known is not repeated."""
    key = f"{_PREFIX}{kind}:{account}"
    if office.ledger.setting(key) is not None:
        return
    _send(office, account, kind, since, said)
    office.ledger.put_setting(key, msgspec.json.encode(_Raised(since=since)).decode())


def _clear(office: Office, account: str, kind: str) -> None:
    """Once: the end of an alarm that went out."""
    key = f"{_PREFIX}{kind}:{account}"
    known = office.ledger.setting(key)
    if known is None:
        return
    raised = msgspec.json.decode(known, type=_Raised)
    _send(office, account, _OVER.get(kind, "over"), raised.since, "")
    office.ledger.put_setting(key, None)


def _send(office: Office, account: str, kind: str, since: datetime, said: str) -> None:
    """To those who look after the service; to the desk where nobody is named for it."""
    policy = office.letters
    roles = [item for item in policy.digest_roles if item[0] is DigestRole.TECHNICAL and item[2]]
    readers = roles or [(DigestRole.DESK, policy.digest_language, policy.digest_to)]
    round_id = next((item[2] for item in office.watched if account in (item[0], "")), "")
    zone = ZoneInfo(next((item.time_zone for item in office.rounds if item.id == round_id), "UTC"))
    made = []
    for _, language, recipients in readers:
        words = office.templates.table("digest", language)
        values = alarm_values(words, language, kind, account, since.astimezone(zone), office.now().astimezone(zone), said)
        for recipient in recipients:
            letter = Letter(
                to=recipient,
                subject=str(values["subject"]),
                text=office.templates.render("digest/alarm.txt.j2", values),
                html=office.templates.render("digest/alarm.html.j2", values),
                language=language,
                auto_submitted="auto-generated",
            )
            made.append(own_letter(office, round_id, "notice", f"alarm:{kind}:{account}:{since.isoformat()}:{recipient}", letter))
    if policy.mode != "off" and made:
        office.ledger.queue_letters(made, office.now())
        assert made[0].state is OutboxState.QUEUED


def _reason(kind: str, said: str, words: Mapping[str, Mapping[str, str]]) -> Told:
    """What a server said: why it is not reached, or how full it is."""
    return Told(text=words["alarm"]["said"].format(text=said)) if said and kind == "quota" else told(said, FAULTS, words["fault"])


def alarm_values(
    words: Mapping[str, Mapping[str, str]], language: str, kind: str, where: str, since: datetime, until: datetime, said: str
) -> dict[str, object]:
    """Values for alarm.txt.j2 and alarm.html.j2; times are local."""
    table = words["alarm"]
    over = kind in ("over", *_OVER.values())
    fill = {"where": where, "since": f"{since:%Y-%m-%d %H:%M}", "until": f"{until:%Y-%m-%d %H:%M}"}
    return {
        "words": words,
        "language": language,
        "direction": direction_of(language),
        "subject": table[f"{kind}_subject"].format(**fill),
        "text": table[kind].format(**fill),
        "said": shown_of(_reason(kind, said, words), words, language),
        "check": table["check"].format(command="intake check") if not over else "",
        "over": over,
    }
