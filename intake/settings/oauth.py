"""`[mailboxes.oauth]` and `[smtp.oauth]`: how access tokens are asked for (RFC 6749); recipes in docs/SIGN_IN.md."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from intake.doors.transport import token_place_fault

_FILES = ("client_secret_file", "certificate_file", "refresh_token_file")


class OAuthSettings(BaseModel):
    """One grant. `certificate_file`: PEM with private key and certificate, instead of a secret. `mechanism`: how the token is said.
    `kept_token_file`: where a refresh token is kept that the endpoint gave in place of the configured one; below state_dir by default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token_endpoint: str
    client_id: str
    grant: Literal["client_credentials", "refresh_token"] = "client_credentials"
    scope: str = ""
    client_secret_file: Path | None = None
    certificate_file: Path | None = None
    refresh_token_file: Path | None = None
    mechanism: Literal["auto", "xoauth2", "oauthbearer"] = "auto"
    kept_token_file: Path | None = None
    ca_file: Path | None = None

    def anchored(self, at: Callable[[Path | None], Path | None], state_dir: Path) -> OAuthSettings:
        """With its paths made whole by `at`."""
        paths = {key: at(getattr(self, key)) for key in (*_FILES, "kept_token_file", "ca_file")}
        if paths["kept_token_file"] is None:
            name = hashlib.sha256(f"{self.token_endpoint}|{self.client_id}".encode()).hexdigest()[:16]
            paths["kept_token_file"] = state_dir / "tokens" / f"{name}.json"
        return self.model_copy(update=paths)

    def secret_files(self) -> list[tuple[str, Path]]:
        """(key, path) of every file that must be ours alone."""
        found = [(key, getattr(self, key)) for key in _FILES]
        return [(key, path) for key, path in found if path is not None]

    def faults(self) -> list[str]:
        """What cannot work, in words."""
        faults = []
        place = token_place_fault(self.token_endpoint)
        if place:
            faults.append(f"token_endpoint: {place}")
        if self.grant == "refresh_token" and self.refresh_token_file is None:
            faults.append("grant 'refresh_token' needs refresh_token_file")
        if self.grant == "client_credentials" and self.client_secret_file is None and self.certificate_file is None:
            faults.append("grant 'client_credentials' needs client_secret_file or certificate_file")
        if self.client_secret_file is not None and self.certificate_file is not None:
            faults.append("client_secret_file and certificate_file exclude each other")
        return faults
