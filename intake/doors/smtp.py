"""Submission by SMTP as ports.Post, over aiosmtplib: TLS, the null sender, and the phase of every failure.

aiosmtplib raises the same error for a connection lost before and after the final dot; here DATA goes out in two steps, so that
what is sure (nothing was accepted) and what is not are told apart.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import weakref
from base64 import b64encode
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, Literal, TypeVar

import aiosmtplib
from email_validator import EmailNotValidError, validate_email
from msgspec import Struct

from intake.doors.login import LogInGuard, TokenSource
from intake.doors.transport import Mechanism, Password, is_loopback, said, tls_context
from intake.errors import IntakeError, Refused, Unreachable
from intake.model.letter import HandOver, Outcome

Result = TypeVar("Result")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")
_LONGEST_REPLY = 400


class SmtpRelay(Struct, frozen=True, kw_only=True):
    """How to reach the submission server. `tls`: "implicit" (465), "starttls" (587) or "none" (to loopback only).

    `dot_timeout_s`: how long the answer to the final dot may take (RFC 5321, 4.5.3.2.6: ten minutes). `idle_s`: a connection that
    was idle for longer is not used again. `helo`: the name that we give; the library's choice when empty. `tokens`, `mechanism`: as
    for an IMAP account.
    """

    host: str
    port: int = 465
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    username: str | None = None
    password: Password | None = None
    tokens: TokenSource | None = None
    mechanism: Mechanism = "auto"
    ca_file: Path | None = None
    timeout_s: float = 60.0
    dot_timeout_s: float = 600.0
    idle_s: float = 10.0
    helo: str = ""

    def __repr__(self) -> str:
        """Without the password: it ends up in tracebacks."""
        return f"SmtpRelay(where={self.where!r}, username={self.username!r}, tls={self.tls!r})"

    @property
    def where(self) -> str:
        """Host and port, for messages to people."""
        return f"{self.host}:{self.port}"


_PLAIN = re.compile(r"(?!.*xn--)[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,24}\Z")
_SHORT = 64
"""An address of this shape and length is one by every rule; others are looked at by the library."""


class _RefusedError(Exception):
    """The server said no to a step; the outcome is known."""

    def __init__(self, outcome: Outcome, reply: str) -> None:
        self.hand_over = _ended(outcome, reply)
        super().__init__(reply)


class SmtpPost:
    """See ports.Post. Consecutive letters share a connection; not safe for several threads; `close` when done."""

    def __init__(self, relay: SmtpRelay) -> None:
        self._relay = relay
        self._line = _Line(relay)
        self._finalizer = weakref.finalize(self, _Line.end, self._line)

    def hand_over(self, raw: bytes, recipient: str, before_dot: Callable[[], None]) -> HandOver:
        """See ports.Post. What `before_dot` raises is raised, and the letter is not handed over.

        Refusals that concern us and not this letter (log-in, TLS, the sender) are temporary: an operator mends them.
        """
        try:
            address, needs_utf8 = _checked_address(recipient)
        except ValueError as error:
            return _ended(Outcome.PERMANENT, f"not an address that mail can be sent to: {error}")
        return self._line.run(self._line.deliver(_on_the_wire(raw), address, needs_utf8, before_dot))

    def check(self) -> None:
        """Connect and log in, sending nothing. Raises Unreachable or Refused with the reason."""
        try:
            self._line.run(self._line.check())
        finally:
            self._line.end()

    def close(self) -> None:
        """Say good-bye; never raises. The next letter connects anew."""
        self._line.end()


class _Line:
    """One connection with its event loop."""

    def __init__(self, relay: SmtpRelay) -> None:
        self._relay = relay
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: aiosmtplib.SMTP | None = None
        self._transport: asyncio.BaseTransport | None = None
        self._used_at = 0.0
        self._guard = LogInGuard(relay.where)

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run to the end on our own loop."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        return self._loop.run_until_complete(work)

    def end(self) -> None:
        """Close connection and loop; nothing where another loop runs (garbage may be collected there)."""
        if self._loop is None or self._loop.is_closed() or _in_a_loop():
            return
        try:
            self._loop.run_until_complete(self._hang_up())
        finally:
            self._loop.close()
            self._loop = None

    async def deliver(self, body: bytes, address: str, needs_utf8: bool, before_dot: Callable[[], None]) -> HandOver:
        """One attempt. A kept connection that turns out to be dead before anything was asked is made anew once."""
        try:
            client = await self._begun(body, address, needs_utf8)
            await self._body(client, body)
        except _RefusedError as refused:
            await self._reset()
            return refused.hand_over
        except IntakeError as error:
            return _ended(Outcome.TEMPORARY, str(error))
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            self._drop()
            return _ended(Outcome.TEMPORARY, f"{self._relay.where}: before the end of the letter: {error}")
        except BaseException:
            self._drop()
            raise
        try:
            before_dot()
        except BaseException:
            self._drop()
            raise
        return await self._dot(client)

    async def check(self) -> None:
        """Connect, log in, ask for nothing."""
        self._drop()
        await self._connect()
        await self._hang_up()

    async def _begun(self, body: bytes, address: str, needs_utf8: bool) -> aiosmtplib.SMTP:
        """A connection on which the letter has begun (DATA was taken), kept or new. A kept one may have been closed meanwhile, which
        shows at the first command: nothing was asked then, and a new one is made. Raises Unreachable, Refused, _RefusedError."""
        client = self._client
        if client is not None and client.is_connected and monotonic() - self._used_at < self._relay.idle_s:
            try:
                await self._envelope(client, body, address, needs_utf8)
                return client
            except _RefusedError as refused:
                if not refused.hand_over.reply.startswith("421"):  # "closing" is no word about the letter
                    raise
            except (aiosmtplib.SMTPServerDisconnected, OSError):
                pass
        self._drop()
        client = await self._connect()
        await self._envelope(client, body, address, needs_utf8)
        return client

    async def _connect(self) -> aiosmtplib.SMTP:
        relay = self._relay
        if relay.tls == "none" and not is_loopback(relay.host):
            raise Refused(f"{relay.where}: without TLS letters go to this machine only")
        client = aiosmtplib.SMTP(
            hostname=relay.host,
            port=relay.port,
            timeout=relay.timeout_s,
            use_tls=relay.tls == "implicit",
            start_tls=relay.tls == "starttls",
            tls_context=None if relay.tls == "none" else tls_context(relay.ca_file),
            local_hostname=relay.helo or None,
        )
        try:
            self._guard.ask()
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
            await _log_in(client, relay)
            self._guard.accepted()
        except IntakeError:
            client.close()
            raise
        except (aiosmtplib.SMTPAuthenticationError, aiosmtplib.SMTPNotSupported) as error:
            client.close()
            if isinstance(error, aiosmtplib.SMTPAuthenticationError) and error.code // 100 == 5:
                self._guard.refused()
            raise Refused(f"{relay.where}: log-in or TLS was refused: {error}") from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            client.close()
            cause = error.__cause__ if isinstance(error.__cause__, ssl.SSLCertVerificationError) else error
            if isinstance(cause, ssl.SSLCertVerificationError):
                raise Refused(f"{relay.where}: its certificate cannot be trusted: {cause.verify_message}") from error
            raise Unreachable(f"{relay.where}: cannot be reached: {error}") from error
        self._client, self._transport = client, client.transport
        return client

    async def _envelope(self, client: aiosmtplib.SMTP, body: bytes, address: str, needs_utf8: bool) -> None:
        """MAIL, RCPT and DATA up to the server's 354."""
        options: list[bytes] = []
        if not body.isascii():
            if not client.supports_extension("8bitmime"):
                raise _RefusedError(Outcome.PERMANENT, "the server takes no 8-bit letters")
            options.append(b"BODY=8BITMIME")
        if needs_utf8:
            if not client.supports_extension("smtputf8"):
                raise _RefusedError(Outcome.PERMANENT, "the server takes no addresses in that script (no SMTPUTF8)")
            options.append(b"SMTPUTF8")
        code, text = await client.execute_command(b"MAIL FROM:<>", *options)
        if code // 100 != 2:
            raise _RefusedError(Outcome.TEMPORARY, f"{code} {text}")
        notify = [b"NOTIFY=NEVER"] if client.supports_extension("dsn") else []
        code, text = await client.execute_command(b"RCPT TO:<" + address.encode("utf-8") + b">", *notify)
        _expect(2, code, text)
        code, text = await client.execute_command(b"DATA")
        _expect(3, code, text)

    async def _body(self, client: aiosmtplib.SMTP, body: bytes) -> None:
        """The letter without its final dot, all of it given to the network. Nothing is accepted yet."""
        protocol = client.protocol
        if protocol is None or not isinstance(protocol.transport, asyncio.WriteTransport):
            raise aiosmtplib.SMTPServerDisconnected("connection lost at DATA")
        protocol._response_pending = True  # a refusal in the middle of the letter must not be overlooked
        protocol.write(body)
        end = monotonic() + self._relay.timeout_s
        while True:
            await asyncio.sleep(0)
            waiter = protocol._response_waiter
            if waiter is not None and waiter.done():
                code, text = await protocol.read_response()
                self._drop()  # what the server would take for a command now is not known
                raise _RefusedError(Outcome.PERMANENT if code // 100 == 5 else Outcome.TEMPORARY, f"{code} {text}")
            if not protocol.is_connected or protocol.transport is None:
                raise aiosmtplib.SMTPServerDisconnected("connection lost within the letter")
            if not protocol.transport.get_write_buffer_size():
                return
            if monotonic() > end:
                raise aiosmtplib.SMTPTimeoutError("the server takes no more of the letter")
            await asyncio.sleep(0.001)

    async def _dot(self, client: aiosmtplib.SMTP) -> HandOver:
        """The final dot and its answer. From here on only a plain answer makes the outcome sure."""
        try:
            protocol = client.protocol
            if protocol is None:
                raise aiosmtplib.SMTPServerDisconnected("connection lost before the final dot")
            protocol.write(b".\r\n")
        except aiosmtplib.SMTPException as error:
            self._drop()
            return _ended(Outcome.TEMPORARY, str(error))
        try:
            code, text = await protocol.read_response(timeout=self._relay.dot_timeout_s)
        except (aiosmtplib.SMTPException, OSError) as error:
            self._drop()
            return _ended(Outcome.UNKNOWN, f"no answer to the final dot: {error}")
        except BaseException:
            self._drop()
            raise
        self._used_at = monotonic()
        reply = f"{code} {text}"
        if code // 100 == 2:
            return _ended(Outcome.SENT, reply)
        self._drop()
        return _ended({4: Outcome.TEMPORARY, 5: Outcome.PERMANENT}.get(code // 100, Outcome.UNKNOWN), reply)

    async def _reset(self) -> None:
        """After a refusal within a letter: make the connection fit for the next, or drop it."""
        try:
            if self._client is not None and self._client.is_connected:
                await self._client.rset()
                self._used_at = monotonic()
        except (aiosmtplib.SMTPException, OSError):
            self._drop()

    async def _hang_up(self) -> None:
        if self._client is not None and self._client.is_connected:
            with suppress(aiosmtplib.SMTPException, OSError):
                await self._client.quit(timeout=2)
        self._drop()
        for _turn in range(3):  # the loop closes sockets in turns of its own
            await asyncio.sleep(0)

    def _drop(self) -> None:
        """Close at once, without waiting for the other side's part in ending TLS."""
        if self._client is not None:
            self._client.close()
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.abort()
        self._client = self._transport = None


async def _log_in(client: aiosmtplib.SMTP, relay: SmtpRelay) -> None:
    """By token or password, where a name is configured. A token refused before its time is replaced once."""
    if relay.username is None:
        return
    if relay.tokens is None:
        await client.login(relay.username, said(relay.password or ""))
        return
    token = relay.tokens.token()
    try:
        await _say_token(client, relay, token)
    except aiosmtplib.SMTPAuthenticationError as error:
        if error.code // 100 != 5 or not relay.tokens.spoil(token):
            raise
        await _say_token(client, relay, relay.tokens.token())


async def _say_token(client: aiosmtplib.SMTP, relay: SmtpRelay, token: str) -> None:
    """XOAUTH2, or OAUTHBEARER (RFC 7628, 3.1), which the library does not have."""
    offered = client.server_auth_methods
    if relay.mechanism == "xoauth2" or (relay.mechanism == "auto" and "oauthbearer" not in offered):
        await client.auth_xoauth2(relay.username or "", token)
        return
    name = (relay.username or "").replace("=", "=3D").replace(",", "=2C")
    words = f"n,a={name},\x01auth=Bearer {token}\x01\x01"
    code, text = await client.execute_command(b"AUTH", b"OAUTHBEARER", b64encode(words.encode("utf-8")))
    if code == 334:
        code, text = await client.execute_command(b64encode(b"\x01"))
    if code // 100 != 2:
        raise aiosmtplib.SMTPAuthenticationError(code, text)


def _in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _expect(kind: int, code: int, text: str) -> None:
    """Raise unless the reply's first digit is `kind`: 4 waits, everything else is final."""
    if code // 100 != kind:
        raise _RefusedError(Outcome.PERMANENT if code // 100 == 5 else Outcome.TEMPORARY, f"{code} {text}")


def _ended(outcome: Outcome, reply: str) -> HandOver:
    text = "".join(character if character.isprintable() else " " for character in reply)
    return HandOver(outcome=outcome, reply=text[:_LONGEST_REPLY])


def _checked_address(recipient: str) -> tuple[str, bool]:
    """The address as it goes to the server, and whether it needs SMTPUTF8. Raises ValueError; a quoted local part is refused.

    aiosmtplib lets CR and LF in a quoted local part through, or cuts an address silently: nothing doubtful passes here.
    """
    if not recipient.isprintable() or any(character in recipient for character in '<>" \\'):
        raise ValueError("characters that no address of ours has")
    if len(recipient) <= _SHORT and _PLAIN.match(recipient):
        return recipient, False
    try:
        found = validate_email(recipient, check_deliverability=False, globally_deliverable=False, strict=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    if found.ascii_email is not None:
        return found.ascii_email, False
    return f"{found.local_part}@{found.ascii_domain}", True


def _on_the_wire(raw: bytes) -> bytes:
    """CRLF line ends, dots doubled at the beginning of lines (RFC 5321, 4.5.2), a line end at the end."""
    body = _LINE_END.sub(b"\r\n", raw)
    if not body.endswith(b"\r\n"):
        body += b"\r\n"
    return _LEADING_DOT.sub(b"..", body)
