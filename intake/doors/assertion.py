"""A signed statement of who a client is (RFC 7523, section 3), for token endpoints that take a certificate instead of a secret."""

from __future__ import annotations

import uuid
from pathlib import Path

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.utils import base64url_encode

from intake.doors.clock import SystemClock
from intake.errors import Refused

_LIFE_S = 300


def signed_assertion(endpoint: str, client_id: str, certificate_file: Path) -> str:
    """A JWT by the RSA key in `certificate_file` (PEM, with its certificate, whose SHA-256 is named: RFC 7515, 4.1.8). Raises Refused.

    Its times are the machine's: the endpoint judges by the world's clock, not by a simulated one.
    """
    try:
        pem = certificate_file.read_bytes()
        key = load_pem_private_key(pem, password=None)
        certificate = x509.load_pem_x509_certificate(pem)
    except (OSError, ValueError, TypeError) as error:
        raise Refused(f"{certificate_file}: no private key with its certificate (PEM): {error}") from error
    if not isinstance(key, RSAPrivateKey):
        raise Refused(f"{certificate_file}: its key is no RSA key")
    now = int(SystemClock().now().timestamp())
    claims = {
        "aud": endpoint, "iss": client_id, "sub": client_id, "jti": str(uuid.uuid4()), "nbf": now, "iat": now, "exp": now + _LIFE_S,
    }  # fmt: skip
    fingerprint = base64url_encode(certificate.fingerprint(hashes.SHA256())).decode("ascii")
    return jwt.encode(claims, key, algorithm="PS256", headers={"x5t#S256": fingerprint})
