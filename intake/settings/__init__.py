"""Configuration as values: `config/intake.toml`, the environment, and one file a round. Every fault found at once, at start."""

from __future__ import annotations

from intake.settings.program import LettersMode, MailboxSettings, Settings, SmtpSettings, effective, load_settings
from intake.settings.rounds import load_round, round_from

__all__ = [
    "LettersMode",
    "MailboxSettings",
    "Settings",
    "SmtpSettings",
    "effective",
    "load_round",
    "load_settings",
    "round_from",
]
