"""The real servers stand beside the fakes in every suite."""

from __future__ import annotations

from tests.server.fixtures import dovecot, server_folder

__all__ = ["dovecot", "server_folder"]
