"""The signed token in the Message-IDs of our letters: whoever shows it again has had the letter, or was shown it by whom it reached.

    kind . about . cause . signature @ domain

`about` is the beginning of the hash of the message that the letter is about ("-" and the part, for a posting of a digest; "0" where it
is about none), `cause` a keyed hash of what caused it. The signature is over the three, so that it is checked without any table, also
after the loss of the ledger, and with the keys of former days. The domain is not signed: gateways rewrite it. Eighty bits of
signature, so that the field of an answer stays on one line in most houses.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

_TOKEN = re.compile(r"([a-z_]{2,20})\.([0-9a-f]{12}(?:-[0-9.]{1,20})?|0)\.([0-9a-f]{6})\.([0-9a-f]{20})")
_TAIL = re.compile(r"\.[0-9a-f]{6}\.[0-9a-f]{20}(?![0-9a-f])")
_LONGEST = 60
SEARCHED = 20_000
"""Characters of a text that are searched: a report encloses the head of what it returns near its beginning."""


class Token(Struct, frozen=True, kw_only=True):
    """What a token says once its signature holds."""

    kind: str
    about: str


def sign(secret: bytes, kind: str, cause: str, key: str = "") -> str:
    """The token of the letter of this kind with this cause. `key`: of the message that it is about ("KEY" or "KEY#PART"), or ""."""
    message, _, part = key.partition("#")
    about = (message[:12] + (f"-{part}" if part else "")) or "0"
    nonce = hmac.new(secret, f"cause:{kind}:{cause}".encode(), hashlib.sha256).hexdigest()[:6]
    said = f"{kind}.{about}.{nonce}"
    return f"{said}.{_signature(secret, said)}"


def verify(text: str, secrets: Sequence[bytes]) -> Token | None:
    """What a Message-ID of ours says; None for every other one, also where one letter of it was changed. `secrets`: the key and those
    before it; compared in constant time."""
    found = _TOKEN.fullmatch(text.strip().strip("<>").partition("@")[0])
    if found is None:
        return None
    said = f"{found[1]}.{found[2]}.{found[3]}"
    if not any(hmac.compare_digest(_signature(secret, said), found[4]) for secret in secrets):
        return None
    return Token(kind=found[1], about="" if found[2] == "0" else found[2])


def tokens_in(text: str) -> Iterator[str]:
    """What looks like a token in the first of a text, unverified."""
    for tail in _TAIL.finditer(text[:SEARCHED]):
        before = text[max(0, tail.start() - _LONGEST) : tail.end()]
        found = re.search(_TOKEN.pattern + "$", before)
        if found is not None:
            yield found.group()


def _signature(secret: bytes, said: str) -> str:
    return hmac.new(secret, f"token:{said}".encode(), hashlib.sha256).hexdigest()[:20]
