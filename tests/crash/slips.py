"""What officers bring into a world by hand: the export of a form that grows, and letters on paper; and what has come of them."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from intake.doors.ledger.ledger import SqliteLedger
from intake.doors.vault import FileVault
from intake.slips.slip import hashed

ROWS = 3
"""Rows that come new with each export."""
_FORM = "web"
_HEAD = ("ID", "Sent", "Organization", "E-mail", "One")
_MAPPING = f"""form = "{_FORM}"
time = "Sent"
zone = "Europe/Zurich"
id = "ID"
organization = "Organization"
email = "E-mail"
email_verified = true
[answers]
1 = "One"
"""


class Slips:
    """Each is somebody's only response, and is acknowledged like a mail. What an act did not bring, because it died, comes with the next:
    the export holds every row, and a letter that is not there is registered again."""

    def __init__(self, folder: Path, round_id: str) -> None:
        self._folder = folder
        self._round = round_id
        self._acts: list[dict[str, str]] = []

    def __len__(self) -> int:
        return sum(map(len, self._acts))

    def export(self, vault: FileVault) -> list[str]:
        """The words that import the form with some rows more; the same rows again while none of the last are there."""
        if not self._acts or self._there(vault, self._acts[-1]):
            first = len(self) + 1
            self._acts.append({hashed("form", _FORM, str(n))[:32]: _address(n) for n in range(first, first + ROWS)})
        with (self._folder / "form.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([_HEAD, *(_row(number) for number in range(1, len(self) + 1))])
        (self._folder / "form.toml").write_text(_MAPPING, "utf-8")
        return ["--by", "officer", "import", "--form", str(file.name), "--mapping", str(self._folder / "form.toml"), "--answer"]

    def letter(self, vault: FileVault) -> list[str]:
        """The words that register a letter; the last one again while it is not there."""
        if not self._acts or self._there(vault, self._acts[-1]):
            number = len(self) + 1
            self._acts.append({hashed("register", self._round, f"P-{number}")[:32]: _address(number)})
        number = len(self)
        text = self._folder / "letter.txt"
        text.write_text(f"Question 1. {_said(number)}\n", "utf-8")
        words = ["--by", "officer", "register", "--came", "paper", "--reference", f"P-{number}", "--text", str(text)]
        words += ["--organization", f"Authority of Town {number}", "--email", _address(number)]
        return [*words, "--received", "2026-10-20", "--reason", "stamp of the registry"]

    def halves(self, vault: FileVault, ledger: SqliteLedger) -> list[str]:
        """Acts of which some rows came and others did not, in the vault or in the ledger."""
        rows = {item.sha256 for item in ledger.deliveries(self._round)}
        keys = self._keys(vault)
        found = []
        for act in self._acts:
            kept = [key for entry in act for key in keys.get(entry, ())]
            told = [key for key in kept if key in rows]
            if len(kept) != len(told) or len(kept) not in (0, len(act)):
                found.append(f"of {len(act)} rows {len(kept)} are in the vault and {len(told)} in the ledger")
        return found

    def expected(self, vault: FileVault) -> dict[str, bytes]:
        """Key -> address of each; one that did not come has a key that nothing has."""
        keys = self._keys(vault)
        return {
            keys.get(entry, [f"missing {entry}"])[0]: address.encode() for act in self._acts for entry, address in act.items()
        }

    def twice(self, vault: FileVault) -> int:
        """Rows that came more than once."""
        return sum(count - 1 for count in Counter(entry for brought in vault.imports() for entry in brought.entries).values())

    def _there(self, vault: FileVault, act: dict[str, str]) -> bool:
        keys = self._keys(vault)
        return any(entry in keys for entry in act)

    def _keys(self, vault: FileVault) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for brought in vault.imports():
            for entry, receipt in zip(brought.entries, brought.receipts, strict=True):
                found.setdefault(entry, []).append(receipt.sha256)
        return found


def _row(number: int) -> tuple[str, ...]:
    return (str(number), "2026-10-20 10:00", f"Authority of Town {number}", _address(number), _said(number))


def _address(number: int) -> str:
    return f"ana@town{number}.example"


def _said(number: int) -> str:
    return f"Answer {number} of town {number}, which no other town has given."
