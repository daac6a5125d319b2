"""What the verbs share: the context, JSON on standard output, progress on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
import typer

from intake.errors import BadUsage
from intake.model.ledger import Tally
from intake.model.officer import Role

if TYPE_CHECKING:
    from intake.settings import Settings

Item = TypeVar("Item")
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", help="What was known at this instant: 2027-01-10T18:00+01:00, or a day, meant is its last second."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]


@dataclass
class Context:
    """What stands before the verb."""

    config: Path
    by: str


def instant_from(text: str, zone: str, now: datetime) -> datetime:
    """An instant of `--as-of`, UTC. A day is its last second and a time without offset is meant, in the round's zone. BadUsage."""
    try:
        day = date.fromisoformat(text) if len(text) <= len("2027-01-10") else None
        found = datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)) if day else datetime.fromisoformat(text)
    except ValueError as error:
        raise BadUsage(f"--as-of {text!r}: an instant is wanted, as in 2027-01-10T18:00+01:00, or a day") from error
    found = found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(zone))
    if found > now:
        raise BadUsage(f"--as-of {text}: it is not yet {found:%Y-%m-%d %H:%M %z}")
    return found.astimezone(UTC)


def context_of(context: typer.Context) -> Context:
    """Our context from typer's."""
    found = context.find_object(Context)
    assert found is not None
    return found


def settings_of(context: typer.Context, role: Role = Role.READER) -> Settings:
    """The configuration, for somebody who may do as much as `role` today. Raises BadUsage: a stranger, or too little a right.

    Without [[officers]] everybody who has the files may look; deciding always needs a name of the house.
    """
    from intake.doors.clock import SystemClock  # the help needs neither
    from intake.settings import load_settings
    from intake.settings.officers import role_of

    words = context_of(context)
    settings = load_settings(words.config)
    today = SystemClock().now().date()
    found = role_of(words.by, settings.officers, settings.service.officers, today)
    if found is None and role is Role.READER and not settings.officers:
        return settings
    if found is None:
        raise BadUsage(f"{words.by!r} is no officer of this office; say who you are with --by before the verb")
    if found < role:
        raise BadUsage(f"{words.by} is {found.name.lower()}; this needs {role.name.lower()}")
    return settings


def print_json(value: Any, *, indent: int = 1) -> None:
    """One JSON document on standard output, keys in order."""
    text = msgspec.json.encode(value, order="sorted").decode("utf-8")
    print(msgspec.json.format(text, indent=indent))


def print_json_line(value: Any) -> None:
    """One JSON object on one line."""
    sys.stdout.write(msgspec.json.encode(value).decode("utf-8") + "\n")


def tell(text: str) -> None:
    """A line for people, on standard output, with control characters shown and not obeyed."""
    print(clean(text))


def clean(text: str) -> str:
    """Text of others made safe for a terminal: no escape sequences, no bidirectional overrides."""
    return "".join(
        char if char in "\n\t" or (ord(char) >= 32 and ord(char) != 127 and char not in _STEERING) else "�" for char in text
    )


def tally_line(tally: Tally) -> str:
    """The accounting identity in words; what was erased is named when there is any."""
    more = f" + erased {tally.erased}" if tally.erased else ""
    return (
        f"seen {tally.seen} = archived {tally.archived} + same bytes again {tally.same_bytes} + vanished {tally.vanished}{more}"
    )


_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u0085\u2028\u2029") | frozenset(chr(code) for code in range(0x80, 0xA0))


def wanted(formats: list[str] | None) -> tuple[str, ...]:
    """The formats asked for. Raises BadUsage for others."""
    strange = sorted(set(formats or ()) - {"docx", "pdf", "html", "md"})
    if strange:
        raise BadUsage(f"--format {strange[0]!r}: there are docx, pdf, html, md")
    return tuple(formats or ("md",))


def progress(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    """The items again, with a counter on a terminal and nothing in a pipe."""
    shown = sys.stderr.isatty()
    for number, item in enumerate(items, 1):
        if shown:
            sys.stderr.write(f"\r{what}: {number}/{total}")
            sys.stderr.flush()
        yield item
    if shown:
        sys.stderr.write("\n")
