"""A round's TOML table to a Round; every fault of the file in one list."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from intake.errors import Misconfigured
from intake.letters.proof import FIELDS
from intake.model.round import (
    DAYS,
    LANGUAGES,
    CampaignRule,
    Channels,
    Dates,
    OldText,
    Paper,
    ProofRule,
    Question,
    Round,
    RoundNames,
    Rules,
)
from intake.model.verdict import Category

_KEYS = {
    "id", "topic", "working_group", "legal_basis", "time_zone", "dates", "questions", "channels", "reporting_groups", "campaign",
    "symbol", "contact", "rules", "done", "reasons", "paper", "names", "proof", "previous",
}  # fmt: skip
_DAYS = ("decided", "opened", "physical_consultation", "group_meeting_start", "group_meeting_end")
_CHANNELS = {"address", "list_address", "list_id", "trusted_hosts", "group_address"}


def load_round(path: Path, *, strict: bool = True) -> Round:
    """The round of a TOML file. `strict`: unknown keys are errors. Raises Misconfigured with every fault."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Misconfigured([f"{path}: cannot be read: {error.strerror}"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured([f"{path}: is not TOML: {error}"]) from error
    return round_from(table, str(path), strict=strict)


def round_from(table: Mapping[str, Any], where: str, *, strict: bool = True) -> Round:
    """A Round of a parsed table (keys: rounds/FORMAT.md). Raises Misconfigured with every fault, each naming `where`."""
    faults: list[str] = []
    if strict:
        faults += [f"unknown key {key!r}" for key in sorted(set(table) - _KEYS)]
        faults += [f"unknown key channels.{key}" for key in sorted(set(table.get("channels", {})) - _CHANNELS)]
    for key in ("id", "topic", "working_group", "time_zone"):
        if not isinstance(table.get(key), str) or not table[key].strip():
            faults.append(f"{key} is missing or empty")
    zone = _zone(table, faults)
    dates = _dates(table.get("dates", {}), zone, faults)
    questions = tuple(_question(index, entry, faults) for index, entry in enumerate(table.get("questions", ()), 1))
    numbers = [question.number for question in questions]
    if len(set(numbers)) != len(numbers):
        faults.append("two questions have the same number")
    channels = table.get("channels", {})
    _check_channels(channels, faults)
    groups = {label: tuple(names) for label, names in table.get("reporting_groups", {}).items()}
    _check_groups(groups, faults)
    names = _names(table.get("names", {}), groups, faults)
    campaign, paper = _campaign(table.get("campaign", {}), faults), _paper(table.get("paper", {}), faults)
    previous = _previous(table, faults)
    rules, done, reasons = _rules(table.get("rules", {}), faults), _done(table, faults), _reasons(table, faults)
    proof = _proof(table.get("proof", {}), faults)
    if faults or dates is None:
        raise Misconfigured([f"{where}: {fault}" for fault in faults])
    return Round(
        id=table["id"],
        topic=table["topic"],
        working_group=table["working_group"],
        legal_basis=tuple(table.get("legal_basis", ())),
        time_zone=table["time_zone"],
        dates=dates,
        questions=questions,
        channels=_channels(channels),
        reporting_groups=groups,
        campaign=campaign,
        symbol=table.get("symbol", ""),
        contact=table.get("contact", ""),
        rules=rules,
        done=done,
        reasons=reasons,
        paper=paper,
        names=names,
        proof=proof,
        previous=previous,
    )


def _proof(table: Mapping[str, Any], faults: list[str]) -> ProofRule:
    """[proof]: whether the entry goes with the acknowledgement, and what an authenticated sender may correct himself."""
    faults += [f"unknown key proof.{key}" for key in sorted(set(table) - {"with_acknowledgement", "fields"})]
    along, fields = table.get("with_acknowledgement", False), table.get("fields", ())
    if not isinstance(along, bool):
        faults.append("proof.with_acknowledgement is neither true nor false")
    if not isinstance(fields, list | tuple) or set(fields) - set(FIELDS):
        faults.append(f"proof.fields: a list of {', '.join(FIELDS)} is wanted")
        fields = ()
    return ProofRule(with_acknowledgement=along is True, fields=tuple(fields))


def _channels(channels: Mapping[str, Any]) -> Channels:
    """[channels], which were looked at before."""
    return Channels(
        address=channels["address"].lower(),
        list_address=channels.get("list_address", "").lower() or None,
        list_id=channels.get("list_id", "").lower() or None,
        group_address=channels.get("group_address", "") or None,
        trusted_hosts=tuple(host.lower() for host in channels.get("trusted_hosts", ())),
    )


def _previous(table: Mapping[str, Any], faults: list[str]) -> str:
    """The round before this one: an id, or a file's name; "" where none is named."""
    if not isinstance(table.get("previous", ""), str):
        faults.append("previous is neither the id of a round nor the name of a CSV file")
    return str(table.get("previous", ""))


def _paper(table: Mapping[str, Any], faults: list[str]) -> Paper:
    """[paper]: sentences by language; one without a language stands for all."""
    found: dict[str, dict[str, str]] = {}
    for key, value in table.items():
        if key == "references":
            continue
        if key not in ("meeting", "action", "strategic", "finance"):
            faults.append(f"unknown key paper.{key}")
        elif isinstance(value, str):
            found[key] = dict.fromkeys(LANGUAGES, value)
        elif isinstance(value, Mapping) and all(code in LANGUAGES and isinstance(words, str) for code, words in value.items()):
            found[key] = dict(value)
        else:
            faults.append(f"paper.{key} is neither a sentence nor a table of sentences by language ({', '.join(LANGUAGES)})")
    return Paper(references=tuple(map(str, table.get("references", ()))), **found)


def _names(table: Mapping[str, Any], groups: Mapping[str, object], faults: list[str]) -> dict[str, RoundNames]:
    """[names.LANGUAGE]: topic, working_group and groups in that language."""
    found = {}
    for language, entry in table.items():
        where = f"names.{language}"
        if language not in LANGUAGES or not isinstance(entry, Mapping):
            faults.append(f"{where} is no table of one of the languages {', '.join(LANGUAGES)}")
            continue
        faults += [f"unknown key {where}.{key}" for key in entry if key not in RoundNames.__struct_fields__]
        labels = entry.get("groups", {})
        plain = [
            entry.get("topic", ""),
            entry.get("working_group", ""),
            *(labels.values() if isinstance(labels, Mapping) else [None]),
        ]
        if not all(isinstance(value, str) for value in plain):
            faults.append(f"{where}: topic, working_group and each of its groups are words between quotation marks")
            continue
        faults += [f"{where}.groups: there is no reporting group {label!r}" for label in labels if label not in groups]
        found[language] = RoundNames(topic=plain[0], working_group=plain[1], groups=dict(labels))
    return found


def _rules(table: Mapping[str, Any], faults: list[str]) -> Rules:
    """The days of the rules where they are not those of the Resolution."""
    known = {field: type(getattr(Rules(), field)) for field in Rules.__struct_fields__}
    good: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            faults.append(f"unknown key rules.{key}")
        elif not isinstance(value, known[key]) or isinstance(value, bool) or (isinstance(value, int) and value < 0):
            faults.append(f"rules.{key}: {value!r} is no {'name' if known[key] is str else 'number of days'}")
        else:
            good[key] = value
    return Rules(**good)


def _done(table: Mapping[str, Any], faults: list[str]) -> dict[str, date]:
    """[done]: when a duty was done, by the id of the day."""
    found = {}
    for key, value in table.get("done", {}).items():
        if key not in DAYS:
            faults.append(f"done.{key}: there is no such day; there are {', '.join(DAYS)}")
        elif not isinstance(value, date) or isinstance(value, datetime):
            faults.append(f"done.{key} is no date (YYYY-MM-DD)")
        else:
            found[key] = value
    return found


def _reasons(table: Mapping[str, Any], faults: list[str]) -> dict[str, str]:
    """[reasons]: why a day is off the rule."""
    reasons = table.get("reasons", {})
    faults += [f"reasons.{key}: there is no such day; there are {', '.join(DAYS)}" for key in reasons if key not in DAYS]
    return {key: str(value) for key, value in reasons.items() if key in DAYS}


def _zone(table: Mapping[str, Any], faults: list[str]) -> ZoneInfo | None:
    try:
        return ZoneInfo(str(table.get("time_zone", "")))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.append(f"time_zone {table.get('time_zone')!r} is no IANA zone")
        return None


def _moment(value: object) -> object:
    """A date or a time; one that was written in quotation marks as well."""
    if not isinstance(value, str):
        return value
    for kind in (date, datetime):
        try:
            return kind.fromisoformat(value.strip())
        except ValueError:
            continue
    return value


def _dates(table: Mapping[str, Any], zone: ZoneInfo | None, faults: list[str]) -> Dates | None:
    days: dict[str, date] = {}
    for key in _DAYS:
        value = _moment(table.get(key))
        if isinstance(value, date):
            days[key] = value.date() if isinstance(value, datetime) else value
        else:
            faults.append(f"dates.{key} is missing or no date (YYYY-MM-DD)")
    deadline = _moment(table.get("response_deadline"))
    if isinstance(deadline, date) and not isinstance(deadline, datetime):
        # A local day: in time until its last second in the round's zone (where a clock goes back at midnight it comes twice).
        deadline = datetime(deadline.year, deadline.month, deadline.day, 23, 59, 59, tzinfo=zone, fold=1)
    if not isinstance(deadline, datetime):
        faults.append("dates.response_deadline is missing or neither a date nor a date with time")
        return None
    if deadline.tzinfo is None:
        deadline = deadline.replace(tzinfo=zone)
    if len(days) < len(_DAYS):
        return None
    if days["opened"] > deadline.date():
        faults.append("dates.opened is later than dates.response_deadline")
    return Dates(response_deadline=deadline, **days)


def _question(index: int, entry: Mapping[str, Any], faults: list[str]) -> Question:
    where = f"questions[{index}]"
    number = entry.get("number", index)
    text = {key: str(value) for key, value in entry.get("text", {}).items()}
    if not isinstance(number, int) or number < 1:
        faults.append(f"{where}.number is not a number from 1")
        number = index
    if not text:
        faults.append(f"{where}.text has no language")
    old = []
    for old_entry in entry.get("old_texts", ()):
        words = {key: str(value) for key, value in old_entry.items() if key in LANGUAGES}
        words |= {key: str(value) for key, value in old_entry.get("text", {}).items()}
        if not isinstance(old_entry.get("number"), int):
            faults.append(f"{where}.old_texts: number is missing")
            continue
        old.append(OldText(version=str(old_entry.get("version", "")), number=old_entry["number"], text=words))
    return Question(number=number, text=text, old_texts=tuple(old))


def _check_channels(channels: Mapping[str, Any], faults: list[str]) -> None:
    if not isinstance(channels.get("address"), str) or "@" not in channels.get("address", ""):
        faults.append("channels.address is missing or no e-mail address")
    if "group_address" in channels and "@" not in str(channels["group_address"]):
        faults.append("channels.group_address is no e-mail address")


def _check_groups(groups: Mapping[str, tuple[str, ...]], faults: list[str]) -> None:
    known = {category.value for category in Category}
    seen: dict[str, str] = {}
    for label, names in groups.items():
        for name in names:
            if name not in known:
                faults.append(f"reporting_groups.{label!r}: {name!r} is no category")
            elif name in seen:
                faults.append(f"reporting_groups: category {name!r} stands in {seen[name]!r} and {label!r}")
            seen.setdefault(name, label)


def _campaign(table: Mapping[str, Any], faults: list[str]) -> CampaignRule:
    similarity, minimum = table.get("similarity", 0.6), table.get("minimum", 3)
    if not isinstance(similarity, int | float) or not 0 < similarity <= 1:
        faults.append("campaign.similarity is no share above 0 up to 1")
        similarity = 0.6
    if not isinstance(minimum, int) or minimum < 2:
        faults.append("campaign.minimum is no number from 2")
        minimum = 3
    return CampaignRule(similarity=float(similarity), minimum=minimum)
