"""What an office installs: the unit notifies, is watched and is shut in; the guide has ten lines that fit it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNIT = (DEPLOY / "consultation-intake.service").read_text("utf-8")
SANDBOX = [
    "NoNewPrivileges=yes",
    "CapabilityBoundingSet=",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "PrivateUsers=yes",
    "PrivateIPC=yes",
    "ProtectKernelTunables=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelLogs=yes",
    "ProtectControlGroups=yes",
    "ProtectClock=yes",
    "ProtectHostname=yes",
    "ProtectProc=invisible",
    "ProcSubset=pid",
    "RestrictSUIDSGID=yes",
    "RestrictRealtime=yes",
    "LockPersonality=yes",
    "MemoryDenyWriteExecute=yes",
    "SystemCallArchitectures=native",
    "UMask=0077",
    "LimitCORE=0",
    "Restart=always",
    "StartLimitIntervalSec=0",
    "StateDirectoryMode=0700",
]


def test_the_unit_notifies_is_watched_and_is_shut_in() -> None:
    lines = UNIT.splitlines()
    assert "Type=notify" in lines
    assert any(re.fullmatch(r"WatchdogSec=\d+", line) for line in lines)
    assert "RestartPreventExitStatus=78" in lines
    assert [wanted for wanted in SANDBOX if wanted not in lines] == []
    assert any(line.startswith("MemoryMax=") for line in lines)
    assert any(line.startswith("TasksMax=") for line in lines)


def test_the_guide_has_ten_lines_that_name_what_is_there() -> None:
    guide = (DEPLOY / "INSTALL.md").read_text("utf-8")
    steps = [line for line in guide.splitlines() if line.startswith("    ")]
    assert len(steps) == 10
    for name in re.findall(r"(?:config|deploy)/[\w./-]+", "\n".join(steps)):
        assert (DEPLOY.parent / name).is_file(), name
    user = re.search(r"^User=(\w+)$", UNIT, re.M)
    assert user is not None
    assert f"useradd --system --no-create-home {user[1]} " in guide
    for path in re.findall(r"/(?:etc|opt|var/lib)/consultation-intake(?:/intake\.toml)?", UNIT):
        assert path in guide


def test_the_example_is_a_configuration() -> None:
    tomllib.loads((DEPLOY.parent / "config" / "intake.example.toml").read_text("utf-8"))
