"""Receipt numbers and Message-IDs: made with the vault's secret, so that they can be made again and cannot be guessed."""

from __future__ import annotations

import hashlib
import hmac

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0, 1, I, L, O, U: it is read out on the telephone and copied by hand."""


def receipt_number(secret: bytes, key: str, year: int) -> str:
    """Private receipt number of a message (its SHA-256): "R-2026-7K3M-Q9TD", about 39 bits."""
    value = int.from_bytes(_mac(secret, "receipt", key)[:16], "big")
    letters = []
    for _place in range(8):
        value, index = divmod(value, len(_ALPHABET))
        letters.append(_ALPHABET[index])
    code = "".join(letters)
    return f"R-{year}-{code[:4]}-{code[4:]}"


def message_id(secret: bytes, letter_id: str, domain: str) -> str:
    """Message-ID of a letter, with its brackets: the same for every copy of it, and after the loss of the ledger."""
    return f"<letter.{_mac(secret, 'letter', letter_id).hex()[:32]}@{domain}>"


def _mac(secret: bytes, purpose: str, text: str) -> bytes:
    return hmac.new(secret, f"{purpose}\0{text}".encode(), hashlib.sha256).digest()
