"""Signing in with access tokens: Dovecot's own OAuth2 passdb, a token endpoint on loopback, SMTP servers that ask for one."""

from __future__ import annotations

import socket
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from intake.doors.imap import ImapMailbox
from intake.doors.imap_fetch import FetchLimits
from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.login import REFUSALS, REST_S, KeptToken, TokenGrant, TokenSource
from intake.doors.smtp import SmtpPost, SmtpRelay
from intake.doors.vault import FileVault
from intake.errors import Refused, Unreachable
from intake.model.letter import Outcome
from intake.ports import Staged
from tests.fakes.receive import receive_once
from tests.fakes.smtp_server import OddSmtpServer
from tests.fakes.token_endpoint import TokenEndpoint
from tests.server.dovecot import Dovecot

LETTER = b"From: us@example.org\r\nTo: a@example.org\r\nSubject: s\r\n\r\nbody\r\n"


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def endpoint() -> Iterator[TokenEndpoint]:
    """One that knows our client."""
    with TokenEndpoint() as found:
        found.secrets["intake"] = "hush"
        yield found


def grant(endpoint: TokenEndpoint, **changes: object) -> TokenGrant:
    values: dict[str, object] = {
        "endpoint": endpoint.url, "client_id": "intake", "grant": "client_credentials", "client_secret": "hush", "timeout_s": 5.0,
    }  # fmt: skip
    return TokenGrant(**{**values, **changes})  # type: ignore[arg-type]


def test_a_token_is_asked_for_once_and_anew_before_it_runs_out(endpoint: TokenEndpoint) -> None:
    clock = Clock()
    source = TokenSource(grant(endpoint, scope="mail"), clock=clock)
    assert source.token() == source.token() == "token-1"
    assert endpoint.forms == [
        {"grant_type": "client_credentials", "client_id": "intake", "client_secret": "hush", "scope": "mail"}
    ]
    clock.now = 3600 - 301
    assert source.token() == "token-1"
    clock.now = 3600 - 299
    assert source.token() == "token-2"


def test_a_refused_client_is_left_alone_after_a_few_refusals(endpoint: TokenEndpoint) -> None:
    clock = Clock()
    source = TokenSource(grant(endpoint, client_secret="wrong"), clock=clock)
    for _ in range(10):
        with pytest.raises(Refused) as caught:
            source.token()
        assert "wrong" not in str(caught.value)
    assert len(endpoint.forms) == REFUSALS
    clock.now = REST_S + 1
    with pytest.raises(Refused):
        source.token()
    assert len(endpoint.forms) == REFUSALS + 1
    endpoint.secrets["intake"] = "wrong"
    clock.now *= 2
    assert source.token() == "token-1"


@pytest.mark.parametrize(
    "answer", [(500, b""), (503, b"{}"), (200, b"not JSON"), (200, b"[]"), (400, b'{"error": "temporarily_unavailable"}')]
)
def test_what_passes_is_no_refusal(endpoint: TokenEndpoint, answer: tuple[int, bytes]) -> None:
    source = TokenSource(grant(endpoint))
    endpoint.answer = answer
    for _ in range(REFUSALS + 2):
        with pytest.raises(Unreachable):
            source.token()
    endpoint.answer = None
    assert source.token() == "token-1"


@pytest.mark.parametrize(
    "said",
    [
        b"no HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n{}",
        b"HTTP/1.0 200 OK\r\n\r\n" + b"[" * 50_000,
        b'HTTP/1.0 200 OK\r\n\r\n{"access_token": ["x"]}',
    ],
    ids=["no HTTP", "cut", "fields", "deep", "no token"],
)
def test_whatever_a_broken_proxy_says_the_mailbox_is_only_out_of_reach(said: bytes) -> None:
    """An error of another kind would end the daemon."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def say() -> None:
            for _ in range(4):
                with server.accept()[0] as caller:
                    caller.recv(65536)
                    caller.sendall(said)

        threading.Thread(target=say, daemon=True).start()
        source = TokenSource(
            TokenGrant(endpoint=f"http://127.0.0.1:{server.getsockname()[1]}/token", client_id="x", grant="client_credentials", timeout_s=5.0)
        )  # fmt: skip
        for _ in range(4):
            with pytest.raises(Unreachable):
                source.token()


@pytest.mark.parametrize("told", [b'"soon"', b"{}", b"[]", b"null", b"0", b"-5", b"NaN"])
def test_a_life_that_is_no_number_of_seconds_counts_as_an_hour(endpoint: TokenEndpoint, told: bytes) -> None:
    clock = Clock()
    source = TokenSource(grant(endpoint), clock=clock)
    endpoint.answer = (200, b'{"access_token": "t", "expires_in": ' + told + b"}")
    assert source.token() == source.token() == "t"
    assert len(endpoint.forms) == 1
    clock.now = 3600.0
    source.token()
    assert len(endpoint.forms) == 2


def test_nobody_there_and_no_tls_elsewhere() -> None:
    with pytest.raises(Unreachable):
        TokenSource(TokenGrant(endpoint="http://127.0.0.1:9/token", client_id="x", grant="client_credentials")).token()
    with pytest.raises(Refused, match="https"):
        TokenSource(TokenGrant(endpoint="http://login.example.org/token", client_id="x", grant="client_credentials")).token()


def test_a_rotated_refresh_token_outlives_the_process_and_a_new_one_outranks_it(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    endpoint.rotate = True
    endpoint.refresh["first"] = "intake"
    configured = ["first"]

    def source() -> TokenSource:
        kept = KeptToken(tmp_path / "tokens" / "kept.json", lambda: configured[0])
        return TokenSource(grant(endpoint, grant="refresh_token", refresh_token=kept.read), keep=kept.write)

    assert source().token() == "token-1"
    assert (tmp_path / "tokens" / "kept.json").stat().st_mode & 0o777 == 0o600
    assert source().token() == "token-2"
    endpoint.refresh["from the operator"] = "intake"
    configured[0] = "from the operator"
    assert source().token() == "token-3"
    assert endpoint.forms[-1]["refresh_token"] == "from the operator"


def test_a_certificate_in_place_of_a_secret(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    import jwt  # the verifying side

    from tests.server.tools import Authority

    authority = Authority(tmp_path)
    both = tmp_path / "client.pem"
    both.write_bytes(authority.key.read_bytes() + authority.certificate.read_bytes())
    source = TokenSource(grant(endpoint, client_secret=None, certificate_file=both))
    assert source.token() == "token-1"
    form = endpoint.forms[0]
    assert "client_secret" not in form
    from cryptography import x509

    public = x509.load_pem_x509_certificate(authority.certificate.read_bytes()).public_key()
    claims = jwt.decode(form["client_assertion"], public, algorithms=["PS256"], audience=endpoint.url)  # type: ignore[arg-type]
    assert (claims["iss"], claims["sub"]) == ("intake", "intake")
    (tmp_path / "none.pem").write_text("nothing")
    with pytest.raises(Refused, match="no private key"):
        TokenSource(grant(endpoint, client_secret=None, certificate_file=tmp_path / "none.pem")).token()


@pytest.fixture
def token_dovecot(server_folder: Path, endpoint: TokenEndpoint) -> Iterator[Dovecot]:
    """A Dovecot that asks the endpoint about tokens."""
    import tempfile

    folder = Path(tempfile.mkdtemp(dir=server_folder))
    folder.chmod(0o755)
    server = Dovecot(folder, endpoint.port)
    server.start()
    yield server
    server.stop()


@pytest.mark.server
@pytest.mark.parametrize("mechanism", ["auto", "xoauth2", "oauthbearer"])
def test_dovecot_takes_our_token(token_dovecot: Dovecot, endpoint: TokenEndpoint, mechanism: str) -> None:
    endpoint.user = token_dovecot.new_user()
    account = token_dovecot.account(endpoint.user, password="", tokens=TokenSource(grant(endpoint)), mechanism=mechanism)
    mailbox = ImapMailbox(account)
    mailbox.open()
    assert mailbox.scan("INBOX").uids == ()
    mailbox.close()


class ThrowsOut(FileVault):
    """A vault after whose first batch something happens."""

    then: Callable[[], None] | None = None

    def put(self, raws: Sequence[bytes | Staged]) -> tuple[str, ...]:
        """As FileVault."""
        names = super().put(raws)
        if self.then is not None:
            happens, self.then = self.then, None
            happens()
        return names


@pytest.mark.server
def test_expiry_in_the_middle_of_a_poll_loses_nothing_and_locks_nobody(
    token_dovecot: Dovecot, endpoint: TokenEndpoint, tmp_path: Path
) -> None:
    """The session is thrown out between two messages, and the old token is good no more: the next look goes on with a new one."""
    user = endpoint.user = token_dovecot.new_user()
    source = TokenSource(grant(endpoint))
    sent = [f"From: p{number}@example.org\r\nSubject: {number}\r\n\r\n{number}\r\n".encode() for number in range(20)]
    token_dovecot.deliver(user, sent)
    vault, ledger = ThrowsOut(tmp_path / "vault"), SqliteLedger.open(tmp_path / "ledger.sqlite3")
    account = token_dovecot.account(user, password="", tokens=source)
    mailbox = ImapMailbox(account, vault, limits=FetchLimits(batch_messages=5))
    mailbox.open()

    def throw_out() -> None:
        endpoint.withdraw_all()
        token_dovecot.kick(user)

    vault.then = throw_out
    with pytest.raises(Unreachable):
        receive_once(mailbox, vault, ledger, "INBOX", batch=5)
    assert 0 < len(list(vault.objects())) < len(sent)
    mailbox.close()
    mailbox.open()
    receive_once(mailbox, vault, ledger, "INBOX", batch=5)
    mailbox.close()
    assert len(list(vault.objects())) == len(sent)
    assert len({receipt.at.uid for receipt in vault.receipts()}) == len(list(vault.receipts())) == len(sent)
    assert len(endpoint.forms) == 2


@pytest.mark.server
def test_a_withdrawn_right_is_asked_for_twice_and_no_more(token_dovecot: Dovecot, endpoint: TokenEndpoint) -> None:
    """Tokens that the endpoint gives and the mail server refuses: one replacement, then Refused."""
    endpoint.user = "somebody else"
    user = token_dovecot.new_user()
    mailbox = ImapMailbox(token_dovecot.account(user, password="", tokens=TokenSource(grant(endpoint))))
    with pytest.raises(Refused) as caught:
        mailbox.open()
    assert "token-" not in str(caught.value)
    assert len(endpoint.forms) == 2


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_letters_go_out_by_token(endpoint: TokenEndpoint, mechanism: str) -> None:
    with OddSmtpServer({"AUTH": "235 2.7.0 welcome"}, extensions=(f"AUTH {mechanism}",)) as server:
        relay = SmtpRelay(
            host="127.0.0.1", port=server.port, tls="none", username="us@example.org", tokens=TokenSource(grant(endpoint))
        )
        post = SmtpPost(relay)
        assert post.hand_over(LETTER, "a@example.org", lambda: None).outcome is Outcome.SENT
        post.close()
        said = next(line for line in server.commands if line.startswith("AUTH"))
    assert said.split()[1] == mechanism
    assert b"auth=Bearer token-1" in b64decode(said.split()[2])


def test_refused_log_ins_of_the_relay_stop_before_the_account_is_locked(endpoint: TokenEndpoint) -> None:
    """A hundred letters wait: the relay hears of us a few times, not a hundred."""
    with OddSmtpServer({"AUTH": "535 5.7.8 no"}, extensions=("AUTH PLAIN",)) as server:
        post = SmtpPost(SmtpRelay(host="127.0.0.1", port=server.port, tls="none", username="us", password="wrong"))
        outcomes = {post.hand_over(LETTER, "a@example.org", lambda: None).outcome for _ in range(20)}
        post.close()
        tries = sum(line.startswith("AUTH") for line in server.commands)
    assert outcomes == {Outcome.TEMPORARY}
    assert tries == REFUSALS
