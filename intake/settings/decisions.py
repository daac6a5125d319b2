"""[decisions]: officers who decide by sheet and by mail. Without the section there are no sheets and no tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from intake.digest.tokens import KEY_ID, Keys
from intake.settings.officers import OfficerSettings

if TYPE_CHECKING:
    from intake.pipeline.office import OrderPolicy

SHORTEST_KEY = 32
"""Characters of a signing key: what `openssl rand -hex 32` gives has 64."""


class DecisionsSettings(BaseModel):
    """`keys`: id -> file that holds a signing key; `signing`: the id of the one that signs. A key that signs no more stays in the table
    until its tokens have run out (`valid_days`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    signing: str
    keys: dict[str, Path] = Field(min_length=1)
    valid_days: int = Field(default=14, ge=1, le=90)

    def anchored(self, at: Callable[[Path | None], Path | None]) -> DecisionsSettings:
        """With the paths as they are meant."""
        return self.model_copy(update={"keys": {name: at(path) for name, path in self.keys.items()}})

    def policy(self, officers: tuple[OfficerSettings, ...], all_rights: tuple[str, ...]) -> OrderPolicy:
        """The value that the corridor works with; reads the keys."""
        from intake.pipeline.office import OrderPolicy  # who only reads the settings pays for no corridor

        keys = {name: path.read_text("utf-8").strip().encode() for name, path in self.keys.items()}
        return OrderPolicy(
            keys=Keys(signing=self.signing, keys=keys),
            officers=tuple(officer.as_officer() for officer in officers),
            all_rights=all_rights,
            valid=timedelta(days=self.valid_days),
        )

    def faults(self) -> list[str]:
        """Ids that no token can carry, a signing key that is not there, keys that can be guessed."""
        found = [f"decisions.keys: {name!r} is no id (1 to 8 of a-z, 0-9)" for name in self.keys if not KEY_ID.fullmatch(name)]
        if self.signing not in self.keys:
            found.append(f"decisions.signing: there is no key {self.signing!r}")
        for name, path in self.keys.items():
            if path.is_file() and len(path.read_text("utf-8", "replace").strip()) < SHORTEST_KEY:
                found.append(f"decisions.keys.{name}: {path} has fewer than {SHORTEST_KEY} characters")
        return found
