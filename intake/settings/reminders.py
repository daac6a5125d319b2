"""When the secretariat is reminded of a day."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ReminderSettings(BaseModel):
    """How many days before its day each reminder goes out; below zero: after it. From that of the synthesis on its worksheet is laid out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    deadline: int = Field(default=-1, ge=-30, le=60)
    synthesis: int = Field(default=3, ge=-30, le=60)
    meeting: int = Field(default=3, ge=0, le=60)
