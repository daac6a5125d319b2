"""What the verbs share: the context, JSON on standard output, progress on a terminal only."""

from __future__ import annotations

import json
import re
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
    """One JSON document on standard output, keys in order; a terminal that prints it obeys nothing in it."""
    text = msgspec.json.encode(value, order="sorted").decode("utf-8")
    print(escaped(msgspec.json.format(text, indent=indent)))


def print_json_line(value: Any) -> None:
    """One JSON object on one line."""
    sys.stdout.write(escaped(msgspec.json.encode(value).decode("utf-8")) + "\n")


def escaped(text: str) -> str:
    """JSON with every character that steers a terminal or a line's direction written as \\uXXXX (RFC 8259 section 7)."""
    return _STEERING.sub(lambda match: json.dumps(match.group())[1:-1], text)


def tell(text: str) -> None:
    """A line for people, on standard output, with control characters shown and not obeyed."""
    print(clean(text))


def clean(text: str) -> str:
    """Text of others made safe for a terminal: escape sequences, overrides and what is not seen are named, as in ⟨U+202E⟩."""
    return _STEERING.sub(lambda match: f"⟨U+{ord(match.group()):04X}⟩", text)


def unisolated(text: str) -> str:
    """A letter of ours without the isolates that a mail program needs (UAX 9): a terminal would show them by name."""
    return re.sub("[\u2066-\u2069]", "", text)


def tally_line(tally: Tally) -> str:
    """The accounting identity in words; what was erased is named when there is any."""
    more = f" + erased {tally.erased}" if tally.erased else ""
    return (
        f"seen {tally.seen} = archived {tally.archived} + same bytes again {tally.same_bytes} + vanished {tally.vanished}{more}"
    )


# Controls (C0 but for tab and line end, C1), ends of lines and paragraphs, and of Unicode's formats (Cf) what nobody sees: overrides, isolates,
# words' borders, tags. Not the joiners, which shape letters and emoji, nor the Arabic signs that are seen (U+0600 and others).
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


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
