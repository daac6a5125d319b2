"""A token endpoint on loopback (RFC 6749) with the introspection that a mail server asks (RFC 7662). What a test does not allow is refused."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


class TokenEndpoint:
    """`secrets`: client -> secret; `refresh`: refresh token -> client. Tokens given stay good until `withdraw_all`.

    `answer`: when set, (status, body) is all that the endpoint says. `life_s`: as told to clients. `rotate`: each refresh token is good once.
    """

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}
        self.refresh: dict[str, str] = {}
        self.user = ""
        self.life_s = 3600
        self.rotate = False
        self.answer: tuple[int, bytes] | None = None
        self.forms: list[dict[str, str]] = []
        self.good: set[str] = set()
        self._given = 0
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """A token, or a refusal."""
                body = self.rfile.read(int(self.headers["Content-Length"])).decode("ascii")
                self._say(*endpoint._grant({key: values[0] for key, values in parse_qs(body).items()}))

            def do_GET(self) -> None:
                """Whether a token is good."""
                token = parse_qs(urlsplit(self.path).query).get("token", [""])[0]
                active = token in endpoint.good
                self._say(200, json.dumps({"active": active, "username": endpoint.user}).encode())

            def _say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: Any) -> None:
                """Silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}/token"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def withdraw_all(self) -> None:
        """Every token given so far is good no more."""
        self.good.clear()

    def _grant(self, form: dict[str, str]) -> tuple[int, bytes]:
        self.forms.append(form)
        if self.answer is not None:
            return self.answer
        client = form.get("client_id", "")
        known = "client_assertion" in form or self.secrets.get(client, "") == form.get("client_secret", "-")
        if not known:
            return 401, json.dumps({"error": "invalid_client"}).encode()
        answer: dict[str, Any] = {"token_type": "Bearer", "expires_in": self.life_s}
        if form["grant_type"] == "refresh_token":
            if self.refresh.get(form.get("refresh_token", "")) != client:
                return 400, json.dumps({"error": "invalid_grant"}).encode()
            if self.rotate:
                del self.refresh[form["refresh_token"]]
                answer["refresh_token"] = f"refresh-{len(self.forms)}"
                self.refresh[answer["refresh_token"]] = client
        self._given += 1
        answer["access_token"] = f"token-{self._given}"
        self.good.add(answer["access_token"])
        return 200, json.dumps(answer).encode()
