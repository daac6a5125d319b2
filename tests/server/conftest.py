"""Fixtures of the real servers."""

from __future__ import annotations

from tests.server.fixtures import dovecot, server_folder

__all__ = ["dovecot", "server_folder"]
