"""Fixtures of the real servers."""

from __future__ import annotations

from tests.server.fixtures import dovecot, postfix, server_folder, sink

__all__ = ["dovecot", "postfix", "server_folder", "sink"]
