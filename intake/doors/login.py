"""How we log in where a token is asked for (RFC 6749, RFC 7523), and how we stop asking before an account gets locked."""

from __future__ import annotations

import hashlib
import http.client
import json
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from msgspec import Struct

from intake.doors.durable import Disk
from intake.doors.transport import Password, said, tls_context, token_place_fault
from intake.errors import Refused, Unreachable

REFUSALS = 3
"""After so many refusals in a row nothing is asked for a while: no account gets locked by us."""
REST_S = 3600.0
_LARGEST_ANSWER = 64 * 1024
_SOONEST_REFRESH_S = 300.0
_USUAL_LIFE_S, _LONGEST_LIFE_S = 3600.0, 24 * 3600.0
_JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

Keep = Callable[[str], None]


class LogInGuard:
    """Counts refusals in a row; after REFUSALS of them it lets nobody ask for REST_S seconds, then one try at a time."""

    def __init__(self, what: str, clock: Callable[[], float] = monotonic) -> None:
        self._what = what
        self._clock = clock
        self._refusals = 0
        self._rests_until = 0.0

    def ask(self) -> None:
        """Before each try. Raises Refused while it rests."""
        left = self._rests_until - self._clock()
        if left > 0:
            raise Refused(
                f"{self._what}: refused {self._refusals} times in a row; left alone for {left / 60:.0f} minutes more, "
                "so that the account does not get locked"
            )

    def refused(self) -> None:
        """The other side said no to who we are."""
        self._refusals += 1
        if self._refusals >= REFUSALS:
            self._rests_until = self._clock() + REST_S

    def accepted(self) -> None:
        """The other side knows us: the count begins again."""
        self._refusals, self._rests_until = 0, 0.0


class TokenGrant(Struct, frozen=True, kw_only=True):
    """How tokens are asked for. `grant`: "client_credentials" (RFC 6749, 4.4) or "refresh_token" (section 6). The client proves itself by
    `client_secret` or by `certificate_file` (PEM, key and certificate; RFC 7523, 2.2). `ca_file`: trust these authorities and no others."""

    endpoint: str
    client_id: str
    grant: Literal["client_credentials", "refresh_token"]
    scope: str = ""
    client_secret: Password | None = None
    certificate_file: Path | None = None
    refresh_token: Password | None = None
    ca_file: Path | None = None
    timeout_s: float = 30.0

    def __repr__(self) -> str:
        """Without secrets: it ends up in tracebacks."""
        return f"TokenGrant(endpoint={self.endpoint!r}, client_id={self.client_id!r}, grant={self.grant!r})"


class TokenSource:
    """Access tokens of one grant, asked for before they run out; shared by the doors of one account, safe for several threads.

    `keep`: called with a refresh token that the endpoint gave in place of ours (RFC 6749, section 6), so that it outlives the process.
    """

    def __init__(self, grant: TokenGrant, *, keep: Keep | None = None, clock: Callable[[], float] = monotonic) -> None:
        self._grant = grant
        self._keep = keep
        self._clock = clock
        self._lock = threading.Lock()
        self._guard = LogInGuard(grant.endpoint, clock)
        self._token = ""
        self._good_until = 0.0
        self._rotated = ""

    def token(self) -> str:
        """A token that is good for some minutes at least. Raises Unreachable or Refused (the endpoint knows us not)."""
        with self._lock:
            if self._token and self._clock() < self._good_until:
                return self._token
            self._guard.ask()
            answer = self._ask()
            self._guard.accepted()
            life_s = _life_s(answer.get("expires_in"))
            self._token = str(answer["access_token"])
            self._good_until = self._clock() + life_s - min(_SOONEST_REFRESH_S, life_s / 5)
            rotated = str(answer.get("refresh_token") or "")
            if rotated and self._grant.grant == "refresh_token" and rotated != self._rotated:
                self._rotated = rotated
                if self._keep is not None:
                    self._keep(rotated)
            return self._token

    def spoil(self, token: str) -> bool:
        """A server refused this token though its time was not over: the next call of `token` asks anew. False when it was replaced before."""
        with self._lock:
            if token != self._token:
                return False
            self._token = ""
            return True

    def _ask(self) -> dict[str, Any]:
        grant = self._grant
        form = {"grant_type": grant.grant, "client_id": grant.client_id}
        if grant.scope:
            form["scope"] = grant.scope
        if grant.grant == "refresh_token":
            form["refresh_token"] = self._rotated or said(grant.refresh_token or "")
        if grant.certificate_file is not None:
            from intake.doors.assertion import signed_assertion  # the library of signatures only where it is used

            signed = signed_assertion(grant.endpoint, grant.client_id, grant.certificate_file)
            form |= {"client_assertion_type": _JWT_BEARER, "client_assertion": signed}
        elif grant.client_secret is not None:
            form["client_secret"] = said(grant.client_secret)
        status, body = _post(grant, urllib.parse.urlencode(form).encode("ascii"))
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            answer = None
        if status == 200 and isinstance(answer, dict) and answer.get("access_token") and isinstance(answer["access_token"], str):
            return answer
        code = str(answer.get("error", "")) if isinstance(answer, dict) else ""
        told = _printable(code)
        if status in (400, 401, 403) and told not in ("temporarily_unavailable", "server_error", "slow_down"):
            self._guard.refused()
            raise Refused(f"{grant.endpoint}: gives no token to client {grant.client_id}: {told or status}")
        raise Unreachable(f"{grant.endpoint}: no token now: {told or status}")


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)[:100].strip()


def _life_s(told: object) -> float:
    """Seconds for which a token is good; what is no number of seconds counts as not told (RFC 6749, 5.1)."""
    try:
        life_s = float(told) if isinstance(told, str | int | float) else 0.0
    except (ValueError, OverflowError):
        life_s = 0.0
    return min(life_s, _LONGEST_LIFE_S) if life_s > 0 else _USUAL_LIFE_S


class KeptToken:
    """A rotated refresh token on disk (mode 0600), bound to the configured one that it came from: a newly configured one outranks it."""

    def __init__(self, path: Path, configured: Password) -> None:
        self._path = path
        self._configured = configured

    def read(self) -> str:
        """The token to use now: the rotated one, else the configured one."""
        configured = said(self._configured)
        try:
            kept = json.loads(self._path.read_text("utf-8"))
            if kept["made_from"] == _print_of(configured):
                return str(kept["token"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return configured

    def write(self, token: str) -> None:
        """Durable when this returns."""
        disk = Disk()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = json.dumps({"made_from": _print_of(said(self._configured)), "token": token})
        temp, _, _ = disk.write_temp(self._path.parent, [text.encode("utf-8")], 0o600)
        disk.rename(temp, self._path)
        disk.sync_folders([self._path.parent])


def _print_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token request goes where the configuration says and nowhere else."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Not followed."""


def _post(grant: TokenGrant, form: bytes) -> tuple[int, bytes]:
    fault = token_place_fault(grant.endpoint)
    if fault:
        raise Refused(fault)
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect(), urllib.request.ProxyHandler({})]
    if grant.endpoint.startswith("https:"):
        handlers.append(urllib.request.HTTPSHandler(context=tls_context(grant.ca_file)))
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked above
        grant.endpoint, data=form, headers={"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    )
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=grant.timeout_s) as answer:
            return int(answer.status), answer.read(_LARGEST_ANSWER)
    except urllib.error.HTTPError as error:
        with error, suppress(http.client.HTTPException, OSError):  # a refusal is one, whatever becomes of its words
            return error.code, error.read(_LARGEST_ANSWER)
        return error.code, b""
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
        cause = getattr(error, "reason", error)
        if isinstance(cause, ssl.SSLCertVerificationError):
            raise Refused(f"{grant.endpoint}: its certificate cannot be trusted: {cause.verify_message}") from error
        raise Unreachable(f"{grant.endpoint}: cannot be reached: {_printable(str(cause))}") from error
