"""What a person may ask: one program, `intake`, with verbs. Exit codes are those of sysexits."""

from __future__ import annotations

from intake.cli.app import main

__all__ = ["main"]
