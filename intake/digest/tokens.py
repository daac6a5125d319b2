"""Signed one-time tokens: by which the word of an officer, written in an answer or a row, is tied to what he was shown.

A token holds until when it is good, which item it is about, and a hash of what was shown; its signature (HMAC-SHA-256, cut to 128 bits)
covers these, the key's id, the round and the officer. It holds no name and no text. That it is used once is the ledger's business: the
decision made with it has an id that is made of it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from msgspec import Struct

TOKEN = re.compile(r"(?<![A-Za-z0-9])I1-([a-z0-9]{1,8})-([a-z2-7]{52})(?![A-Za-z0-9])", re.I)
KEY_ID = re.compile(r"[a-z0-9]{1,8}")
_MARK = 6
_EXPIRY = 4
_BODY = _EXPIRY + 2 * _MARK
_TAG = 16
_MINUTE_S = 60


class Keys(Struct, frozen=True, kw_only=True):
    """Keys by id; `signing` signs what is new, the others still open what they signed until that runs out."""

    signing: str
    keys: dict[str, bytes]


class Opened(Struct, frozen=True, kw_only=True):
    """What a token that holds says. `item` and `state` are marks, compared with `mark_of`."""

    text: str
    round_id: str
    officer: str
    item: bytes
    state: bytes
    expires_at: datetime


def mark_of(*facts: str) -> bytes:
    """A short hash by which an item, or what was shown of it, is known again."""
    return hashlib.sha256("\0".join(facts).encode("utf-8")).digest()[:_MARK]


def sign(keys: Keys, *, round_id: str, officer: str, item: str, state: str, expires_at: datetime) -> str:
    """The token, 55 to 64 letters and digits. It is good through the minute of `expires_at`."""
    minutes = int(expires_at.timestamp()) // _MINUTE_S
    body = minutes.to_bytes(_EXPIRY, "big") + mark_of(round_id, item) + mark_of(state)
    tag = _tag(keys.keys[keys.signing], keys.signing, round_id, officer, body)
    return f"I1-{keys.signing}-{base64.b32encode(body + tag).decode('ascii').rstrip('=').lower()}"


def tokens_in(text: str) -> tuple[str, ...]:
    """Everything in a text that has the form of a token, as we write them, each once, in order."""
    return tuple(dict.fromkeys(match.group().lower().replace("i1-", "I1-", 1) for match in TOKEN.finditer(text)))


def open_token(text: str, keys: Mapping[str, bytes], round_ids: Iterable[str], officers: Iterable[str]) -> Opened | None:
    """What it says, and for whom and which round it was signed; None when none of our keys, rounds and officers fits."""
    match = TOKEN.fullmatch(text)
    key = keys.get(match.group(1).lower()) if match else None
    if match is None or key is None:
        return None
    key_id, letters = match.group(1).lower(), match.group(2).upper()
    raw = base64.b32decode(letters + "=" * (-len(letters) % 8))
    if base64.b32encode(raw).decode("ascii").rstrip("=") != letters:
        return None  # the last letter has bits to spare: of all writings of a token one is the token
    body, tag = raw[:_BODY], raw[_BODY:]
    names = tuple(officers)
    for round_id in round_ids:
        for officer in names:
            if hmac.compare_digest(tag, _tag(key, key_id, round_id, officer, body)):
                minutes = int.from_bytes(body[:_EXPIRY], "big")
                return Opened(
                    text=tokens_in(text)[0],
                    round_id=round_id,
                    officer=officer,
                    item=body[_EXPIRY : _EXPIRY + _MARK],
                    state=body[_EXPIRY + _MARK :],
                    expires_at=datetime.fromtimestamp((minutes + 1) * _MINUTE_S, UTC),
                )
    return None


def check_of(keys: Keys, token: str, shown: Iterable[str]) -> str:
    """What stands in a row beside its token, made of what the row shows: a row whose cells were sorted away from each other, or
    changed, does not have it any more."""
    match = TOKEN.fullmatch(token)
    key = keys.keys.get(match.group(1).lower()) if match else None
    told = "\0".join([token.lower(), *(" ".join(cell.split()) for cell in shown)])
    return hmac.new(key or b"", f"row\0{told}".encode(), hashlib.sha256).hexdigest()[:16]


def decision_id(token: str) -> str:
    """The id of the decision that is made with a token: there can be one."""
    return f"d-{hashlib.sha256(f'order|{token.lower()}'.encode()).hexdigest()[:12]}"


def _tag(key: bytes, key_id: str, round_id: str, officer: str, body: bytes) -> bytes:
    told = "\0".join(["order", key_id, round_id, officer]).encode("utf-8") + b"\0" + body
    return hmac.new(key, told, hashlib.sha256).digest()[:_TAG]
