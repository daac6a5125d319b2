"""What the IMAP and the SMTP door share: TLS, loopback, secrets."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from intake.errors import Refused

Mechanism = Literal["auto", "xoauth2", "oauthbearer"]
"""How an access token is said (SASL)."""
Password = str | Callable[[], str]
"""The secret, or how to ask for it at each log-in, so that a changed one is used."""


def said(password: Password) -> str:
    """The secret itself."""
    return password if isinstance(password, str) else password()


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, told by its name or address alone (no look-up)."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def token_place_fault(endpoint: str) -> str:
    """What is wrong with a token endpoint's address; "" when nothing is: TLS, except on this machine."""
    parts = urlsplit(endpoint)
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))):
        return ""
    return f"{endpoint!r} is no https address"


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Verifying, TLS 1.2 or newer. Raises Refused when the file of authorities cannot be used."""
    try:
        context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise Refused(f"{ca_file}: not a file of certificates ({error})") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
