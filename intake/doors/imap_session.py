"""One logged-in IMAP connection: TLS, timeouts, log-in, and the library's errors in our words.

Nothing of a message ever becomes part of a command (IMAPClient lets CR and LF through): arguments are folder names and log-in
data from the configuration, checked by `safe`, and integers.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from imapclient import IMAPClient, SocketTimeout, exceptions
from msgspec import Struct

from intake.doors.login import TokenSource
from intake.doors.transport import Mechanism, Password, is_loopback, said, tls_context
from intake.errors import IntakeError, Refused, Unreachable

_PASSING = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN|ALERT|OVERQUOTA)\b", re.IGNORECASE)
"""Response codes (RFC 5530) of a refusal that passes: throttled, locked, out of order."""


class ImapAccount(Struct, frozen=True, kw_only=True):
    """How to reach an account. `name` is the account's name in coordinates: change it and all mail is new.

    `tls`: "implicit" (993), "starttls" or "none" (to loopback only). `ca_file`: trust these authorities and no others.
    `tokens`: log in with access tokens by `mechanism` instead of the password ("auto": OAUTHBEARER where offered, else XOAUTH2).
    """

    name: str
    host: str
    username: str
    password: Password
    tokens: TokenSource | None = None
    mechanism: Mechanism = "auto"
    port: int = 993
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    ca_file: Path | None = None
    connect_timeout_s: float = 30.0
    timeout_s: float = 60.0

    def __repr__(self) -> str:
        """Without the password: accounts end up in tracebacks."""
        return f"ImapAccount(name={self.name!r}, where={self.where!r}, username={self.username!r}, tls={self.tls!r})"

    @property
    def where(self) -> str:
        """Host and port, for messages to people."""
        return f"{self.host}:{self.port}"


def safe(text: str) -> str:
    """`text` when it can stand in a command. Raises Refused for CR, LF, NUL and other control characters."""
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise Refused(f"control characters in a folder name or log-in: {text!r}" if len(text) < 80 else "control characters")
    return text


def connect(account: ImapAccount) -> IMAPClient:
    """A connection, logged in. Raises Unreachable or Refused; leaves no connection behind then."""
    if account.tls == "none" and not is_loopback(account.host):
        raise Refused(f"{account.where}: without TLS only this machine itself may be asked")
    safe(account.username)
    context = None if account.tls == "none" else tls_context(account.ca_file)
    with imap_errors(account):
        client = IMAPClient(
            account.host,
            account.port,
            ssl=account.tls == "implicit",
            ssl_context=context if account.tls == "implicit" else None,
            timeout=SocketTimeout(account.connect_timeout_s, account.timeout_s),
        )
    try:
        _quiet(client)
        client.normalise_times = False
        with imap_errors(account):
            if account.tls == "starttls":
                _start_tls(client, account, context)
            _log_in(client, account)
    except BaseException:
        shut(client)
        raise
    return client


def shut(client: IMAPClient) -> None:
    """Close the socket without a word to the server; never raises."""
    with suppress(OSError, imaplib.IMAP4.error):
        client.shutdown()


@contextmanager
def imap_errors(account: ImapAccount) -> Iterator[None]:
    """The library's and the socket's errors as Unreachable and Refused, naming the server."""
    try:
        yield
    except IntakeError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise Refused(f"{account.where}: its certificate cannot be trusted: {error.verify_message}") from error
    except ssl.SSLError as error:
        if error.reason in ("WRONG_VERSION_NUMBER", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE", "RECORD_LAYER_FAILURE"):
            raise Refused(
                f"{account.where}: does not speak TLS there as it must ({error.reason}): wrong port or setting"
            ) from error
        raise Unreachable(f"{account.where}: TLS failed ({error.reason or error})") from error
    except exceptions.LoginError as error:
        words = _words(error)
        if _PASSING.search(words):
            raise Unreachable(f"{account.where}: log-in is not possible now: {words}") from error
        raise Refused(f"{account.where}: log-in as {account.username} was refused: {words}") from error
    except exceptions.CapabilityError as error:
        raise Refused(f"{account.where}: {_words(error)}") from error
    except imaplib.IMAP4.error as error:
        raise Unreachable(f"{account.where}: the connection broke off: {_words(error)}") from error
    except OSError as error:
        raise Unreachable(f"{account.where}: cannot be reached: {error.strerror or error or type(error).__name__}") from error


def folder_error(account: ImapAccount, folder: str, error: Exception) -> IntakeError:
    """What a NO to EXAMINE means: Refused, except where the server says that it passes."""
    words = _words(error)
    kind = Unreachable if _PASSING.search(words) else Refused
    return kind(f"{account.where}: folder {folder!r} cannot be opened: {words}")


def _quiet(client: IMAPClient) -> None:
    """IMAPClient sets imaplib's trace to 5: every body and secret is then formatted twice for a log that nobody reads."""
    imap: Any = client._imap
    imap.debug = 0


def _start_tls(client: IMAPClient, account: ImapAccount, context: ssl.SSLContext | None) -> None:
    if client._imap.state != "NONAUTH":
        raise Refused(f"{account.where}: says that we are logged in before TLS; somebody may sit between")
    try:
        client.starttls(context)
    except exceptions.CapabilityError as error:
        raise Refused(f"{account.where}: offers no STARTTLS; the password is not sent in the clear") from error
    _quiet(client)


def _log_in(client: IMAPClient, account: ImapAccount) -> None:
    if account.tokens is not None:
        _log_in_by_token(client, account, account.tokens)
        return
    username, password = safe(account.username), safe(said(account.password))
    if username.isascii() and password.isascii():
        client.login(username, password)
    else:
        client.plain_login(username, password)


def _log_in_by_token(client: IMAPClient, account: ImapAccount, tokens: TokenSource) -> None:
    """RFC 7628 or XOAUTH2. A token that is refused before its time (withdrawn, clock) is replaced once, never more: refusals lock accounts."""
    username = safe(account.username)
    bearer = account.mechanism == "oauthbearer" or (account.mechanism == "auto" and client.has_capability("AUTH=OAUTHBEARER"))
    log_in = client.oauthbearer_login if bearer else client.oauth2_login
    token = safe(tokens.token())
    try:
        log_in(username, token)
    except exceptions.LoginError as error:
        if _PASSING.search(_words(error)) or not tokens.spoil(token):
            raise
        log_in(username, safe(tokens.token()))


def _words(error: BaseException) -> str:
    """The server's words of an error, on one line, cut."""
    first = error.args[0] if error.args else type(error).__name__
    text = first.decode("utf-8", "replace") if isinstance(first, bytes) else re.sub(r"b'([^']*)'", r"\1", str(first))
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
