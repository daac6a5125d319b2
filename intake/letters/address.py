"""Addresses that may be written to: one mailbox, no control characters, a domain that mail servers understand."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email


def safe_recipient(address: str) -> str | None:
    """The address as it goes into SMTP (domain as A-label where the local part is ASCII), or None when it may not be used.

    Quoted local parts are refused: they are where control characters hide (RFC 5321 4.1.2).
    """
    if not address or len(address) > 254 or any(ord(char) < 33 or ord(char) == 127 for char in address) or '"' in address:
        return None
    try:
        checked = validate_email(
            address, check_deliverability=False, allow_smtputf8=True, test_environment=True, globally_deliverable=False
        )
    except EmailNotValidError:
        return None
    return checked.ascii_email or checked.normalized
