"""A Digest to values that its templates print, for one role and in one language. The room of letters renders them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from msgspec import Struct

from intake.digest.reasons import ASIDE, FAILED, FAULTS, LETTERS, Told, doubts, shortened, shown_of, told
from intake.model.direction import direction_of, isolated
from intake.model.edition import Digest, DigestItem, DigestRole
from intake.model.round import Day


class Reply(Struct, frozen=True, kw_only=True):
    """How a reader settles an item by answering: his token, and (act, word) of what fits."""

    token: str
    words: tuple[tuple[str, str], ...]


PARTS = (
    "tasks", "junk", "bounced", "new", "new_responses", "waiting", "running_out", "silence", "figures", "sums", "letters", "days", "health",
    "folders", "set_aside", "journal",
)  # fmt: skip
_NUMBERS = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?(?: UTC)?|(?<![\w-])[+-]\d+\b|\b[0-9a-f]{64}\b")
NO_REPLIES: Mapping[str, Reply] = {}
SayDay = Callable[[date], str]
AT_MOST = 40
"""Items shown of a part; the rest is told by their number: a letter that is too long is not read."""


def digest_values(
    digest: Digest,
    role: DigestRole,
    parts: Sequence[str],
    words: Mapping[str, Any],
    names: Mapping[str, Mapping[str, str]],
    language: str,
    replies: Mapping[str, Reply] = NO_REPLIES,
    say_day: SayDay = date.isoformat,
) -> dict[str, object]:
    """Values for digest.*.j2. `names`: words of dispositions, statuses, categories (the documents' own); `replies`: by item; `say_day`:
    how a day is written in that language."""
    line, title = words["line"], words["title"]
    items = {
        "tasks": _items(digest.needs_person, words, names, replies, language=language, say_day=say_day),
        "junk": _items(digest.junk, words, names, replies, language=language, say_day=say_day),
        "bounced": _items(digest.bounced, words, names, language=language, say_day=say_day),
        "set_aside": _items(
            [item for item in digest.needs_person if item.kind == "set_aside"], words, names, language=language, say_day=say_day
        ),
    }
    key = "" if role is DigestRole.DESK else f"_{role.value}"
    sided = _sided if direction_of(language) == "rtl" else _as_is
    return {
        "words": words,
        "language": language,
        "direction": direction_of(language),
        "subject": title[f"subject{key}"].format(**_in_subject(digest, title, say_day)),
        "head": title[f"head{key}"],
        "topic": digest.round.topic,
        "day": say_day(digest.day),
        "zone": digest.round.time_zone,
        "days_left": _left(digest.days_left, line),
        "parts": tuple(part for part in parts if part != "silence" or digest.silence is not None),
        "draft": _draft(digest) if role is DigestRole.DESK else None,
        "found": sided(items),
        "counted": {name: len(found) for name, found in items.items()} | {"new": len(digest.new_messages)},
        "new": _new(digest, names, language),
        "new_responses": [
            {"number": number, "name": isolated(name, language), "category": names["category"][category]}
            for number, name, category in digest.new_responses[:AT_MOST]
        ],
        "decisions": line["decisions"].format(n=len(digest.needs_person)),
        "lines": sided(_lines(digest, role, words, names, say_day)),
        "health": sided([_health(text, words, language, digest.round.time_zone) for text in digest.health]),
        "nothing_in": {part: line[{"tasks": "no_tasks", "health": "healthy"}.get(part, "none")] for part in PARTS},
        "boxes": _boxes(digest, role, words),
    }


def _in_subject(digest: Digest, title: Mapping[str, str], say_day: SayDay) -> dict[str, object]:
    return {
        "day": say_day(digest.day),
        "new": len(digest.new_messages),
        "tasks": len(digest.needs_person),
        "counted": digest.counts.counted,
        "health": title["attention"] if digest.health or digest.bounced else title["ok"],
    }


def role_faults(roles: Mapping[str, Sequence[str]]) -> list[str]:
    """What is wrong with templates/digest/roles.toml: checked at start."""
    where = "templates/digest/roles.toml"
    faults = [f"{where}: {role.value} is missing" for role in DigestRole if role.value not in roles]
    faults += [f"{where}: there is no role {name!r}" for name in roles if name not in {role.value for role in DigestRole}]
    return faults + [
        f"{where}: {name}: there is no part {part!r}" for name, parts in roles.items() for part in parts if part not in PARTS
    ]


def _as_is(value: Any) -> Any:
    return value


def _sided(value: Any) -> Any:
    """Dates, times and differences isolated left to right (UAX 9, LRI): in a right-to-left line "2027-01-09" would read 09-01."""
    if isinstance(value, str):
        return _NUMBERS.sub("\u2066\\g<0>\u2069", value)
    if isinstance(value, dict):
        return {key: item if key in ("command", "reply") else _sided(item) for key, item in value.items()}
    return [_sided(item) for item in value]


def _left(days: int, line: Mapping[str, str]) -> str:
    if days > 0:
        return line["left"].format(n=days)
    return line["today"] if days == 0 else line["over"]


def _items(
    found: Sequence[DigestItem],
    words: Mapping[str, Any],
    names: Mapping[str, Mapping[str, str]],
    replies: Mapping[str, Reply] = NO_REPLIES,
    *,
    language: str,
    say_day: SayDay,
) -> list[dict[str, str]]:
    """Kind, name, reason and command in words; past AT_MOST one line with the rest's number. `reply`: the item by which it is settled."""
    shown = [
        {
            "kind": words["task"][item.kind],
            "name": _named(item, language),
            **shown_of(_because(item, words, names, say_day), words, language),
            "command": item.command,
            "reply": item.item if item.item in replies else "",
        }
        for item in found[:AT_MOST]
    ]
    if len(found) > AT_MOST:
        more = words["line"]["more"].format(n=len(found) - AT_MOST)
        shown.append({"kind": "…", "name": more, **shown_of(Told(), words, language), "command": "", "reply": ""})
    return shown


def _named(item: DigestItem, language: str) -> str:
    """Number and name; a name that runs against the line is isolated."""
    name = item.name if not item.name or item.name.isdecimal() else isolated(item.name, language)
    return name if item.number in ("", item.name) else f"{item.number} – {name}"


def reply_values(replies: Mapping[str, Reply], words: Mapping[str, Any], to: str) -> dict[str, object]:
    """Values for the lines by which an officer settles an item: its number, the words that fit, the token, and a link for each word
    that opens an answer with all of it."""
    shown = {}
    for number, (item, reply) in enumerate(replies.items(), 1):
        links = []
        for _act, word in reply.words:
            named = "… " if item.startswith("any:") else ""
            body = f"{word} {named}{reply.token}\n{words['column']['reason']}: \n"
            query = urlencode({"subject": f"{words['text']['reply']} [{number}]", "body": body}, quote_via=quote)
            links.append({"word": word, "href": f"mailto:{quote(to, safe='@')}?{query}"})
        shown[item] = {
            "number": number,
            "words": " / ".join(word for _, word in reply.words),
            "token": reply.token,
            "links": links,
        }
    first = next((word for reply in replies.values() for _, word in reply.words), "")
    return {
        "replies": shown,
        "reply_how": words["text"]["reply_how"].format(act=first) if replies else "",
        "reply_word": words["text"]["reply"],
    }


def beside_values(
    items: Sequence[DigestItem], replies: Mapping[str, Reply], words: Mapping[str, Any], orders: Mapping[str, Any]
) -> list[dict[str, str]]:
    """What a reader may ask for though it does not wait, as far as he may."""
    return [
        {
            "kind": words["task"][item.kind],
            "name": item.number,
            "because": _how(item.kind, orders),
            "reply": item.item,
        }
        for item in items
        if item.item in replies
    ]


def _how(kind: str, orders: Mapping[str, Any]) -> str:
    """How it is said, where a word and a number are not all."""
    if kind == "any":
        return str(orders["text"]["any_how"].format(act=orders["act"]["redact"]))
    return str(orders["text"]["outcome_how"].format(act=orders["act"]["outcome"])) if kind == "outcome" else ""


def because_of(
    item: DigestItem,
    words: Mapping[str, Any],
    names: Mapping[str, Mapping[str, str]],
    language: str,
    say_day: SayDay = date.isoformat,
) -> str:
    """Why it waits, in words, in a line."""
    return _because(item, words, names, say_day).whole(words, language)


def _because(item: DigestItem, words: Mapping[str, Any], names: Mapping[str, Mapping[str, str]], say_day: SayDay) -> Told:
    if item.kind in ("set_aside", "failed"):
        room, patterns = ("aside", ASIDE) if item.kind == "set_aside" else ("failed", FAILED)
        return shortened(told(item.because, patterns, words[room]))
    if item.kind in ("letters", "letters_held"):
        return shortened(told(item.because, LETTERS, words["letter_waits"]))
    if item.kind in ("bounced", "junk"):
        label = words["subject"]["report" if item.kind == "bounced" else "mail"]
        return shortened(Told(text=label, said=item.because) if item.because else Told())
    return Told(text=_in_our_words(item, words, names, say_day))


def _in_our_words(item: DigestItem, words: Mapping[str, Any], names: Mapping[str, Mapping[str, str]], say_day: SayDay) -> str:
    said = item.because
    if item.kind == "held":
        said = doubts(said, words)
    elif item.kind == "withheld":
        said = words["mark"]["comma"].join(names["reason"].get(key, names["reason"]["other"]) for key in item.because.split(", "))
    elif item.kind == "correction":
        lines = (line.split("\t") for line in item.because.split("\n"))
        colon = words["mark"]["colon"]
        said = words["mark"]["semicolon"].join(f"{words['field'][field]}{colon}{old or '–'} → {new}" for field, old, new in lines)
    elif item.reason:
        said = words["why"][item.reason]
    if item.due is not None:
        said += f"{words['mark']['semicolon']}{words['why']['until'].format(day=say_day(item.due))}"
    return said


_DOWN = re.compile(r"mailbox (?P<where>.+?): (?P<text>.*) \(since (?P<since>[^()]+)\)", re.S)
"""How the daemon tells of a mailbox that cannot be reached."""


def _in_zone(said: str, zone: str) -> str:
    """An instant that the daemon wrote in UTC, in the round's zone; anything else as it is."""
    try:
        when = datetime.strptime(said, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC)
    except ValueError:
        return said
    return f"{when.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _health(text: str, words: Mapping[str, Any], language: str, zone: str) -> dict[str, str]:
    """A line on the service's health: text, what a server said of it and its language, and both in a line. Times in the round's `zone`."""
    found = _DOWN.fullmatch(text)
    if found is None:
        reason = Told(said=text)
        line = ""
    else:
        reason = shortened(told(found["text"], FAULTS, words["fault"]))
        line = words["line"]["down"].format(where=found["where"], text=reason.text, since=_in_zone(found["since"], zone))
    return shown_of(Told(text=line, said=reason.said), words, language)


def _new(digest: Digest, names: Mapping[str, Mapping[str, str]], language: str) -> list[dict[str, str]]:
    shown = [
        {
            "disposition": names["disposition"][disposition],
            "name": isolated(who, language),
            "subject": isolated(subject, language),
        }
        for _, disposition, who, subject in digest.new_messages[:AT_MOST]
    ]
    if len(digest.new_messages) > AT_MOST:
        shown.append({"disposition": "…", "name": str(len(digest.new_messages) - AT_MOST), "subject": ""})
    return shown


def _boxes(digest: Digest, role: DigestRole, words: Mapping[str, Any]) -> list[dict[str, object]]:
    """Three numbers above everything: what came, what waits, and what stands."""
    part = words["part"]
    new = {"number": len(digest.new_messages), "label": part["new"], "alert": False}
    waits = {"number": len(digest.needs_person), "label": part["tasks"], "alert": bool(digest.needs_person)}
    counted = {"number": digest.counts.counted, "label": words["line"]["counted"], "alert": False}
    if role is DigestRole.CHAIR:
        return [counted, new, waits]
    if role is DigestRole.TECHNICAL:
        ill = {"number": len(digest.health), "label": part["health"], "alert": bool(digest.health)}
        back = {"number": len(digest.bounced), "label": part["bounced"], "alert": bool(digest.bounced)}
        return [ill, back, new]
    return [new, waits, counted]


def _lines(
    digest: Digest, role: DigestRole, words: Mapping[str, Any], names: Mapping[str, Mapping[str, str]], say_day: SayDay
) -> dict[str, list[str]]:
    line, mark = words["line"], words["mark"]
    colon = mark["colon"]
    counts, before = digest.counts, digest.counts_yesterday
    categories = [f"{names['category'][key]}{colon}{number}" for key, number in counts.by_category.items()]
    seen = line["seen"].format(seen=digest.seen, archived=digest.archived, same=digest.same_bytes, vanished=digest.vanished)
    if digest.erased:
        seen += f" + {line['erased'].format(n=digest.erased)}"
    whole = {key: _delta(getattr(counts, key), getattr(before, key), words) for key in ("messages", "responses", "counted")}
    return {
        "figures": [
            f"{line['counted']}{colon}{whole['counted']}",
            *categories,
            f"{line['responses']}{colon}{whole['responses']}",
        ],
        "sums": [
            seen,
            f"{line['messages']}{colon}{whole['messages']} = {_sum(counts.by_disposition, names['disposition'])}",
            f"{line['responses']}{colon}{whole['responses']} = {_sum(counts.by_status, names['status'])}",
            f"{line['counted']}{colon}{whole['counted']} = {_sum(counts.by_category, names['category'])}",
            f"{line['set_aside']}{colon}{counts.set_aside}",
            f"{line['withheld']}{colon}{digest.withheld}",
            f"{line['unscanned']}{colon}{digest.unscanned}",
        ],
        "letters": [_letters(digest, words)],
        "days": [_day(day, digest.day, words, say_day, ahead=False) for day in digest.timetable],
        "running_out": [_day(day, digest.day, words, say_day, ahead=True) for day in digest.running_out],
        "folders": [f"{name}{colon}{_polled(when, digest.round.time_zone, line)}" for name, when in digest.folders],
        "journal": [f"{line['head']}{colon}{digest.journal_head}"],
        "silence": _silence(digest, role, words, names),
    }


def _silence(digest: Digest, role: DigestRole, words: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Which categories, regions and respondents of the last round have not been heard from. Only the desk is told a command."""
    found = digest.silence
    if found is None:
        return []
    line, mark = words["line"], words["mark"]
    lines = [line["silence_since"].format(title=found.title, heard=found.heard, silent=len(found.respondents) + found.more)]
    for label, shares in (("category", found.categories), ("region", found.regions)):
        if shares:
            told = mark["semicolon"].join(
                line["silence_share"].format(name=names[label][key], n=number) for key, number in shares
            )
            lines.append(f"{line[f'silence_{label}']}{mark['colon']}{told}")
    lines += found.respondents
    more = line["more_silent_desk" if role is DigestRole.DESK else "more_silent"]
    return [*lines, more.format(n=found.more)] if found.more else lines


def _draft(digest: Digest) -> dict[str, str] | None:
    """An invitation that a person may send."""
    found = digest.silence
    if found is None or not found.draft_text:
        return None
    direction = direction_of(found.draft_language)
    return {"language": found.draft_language, "direction": direction, "subject": found.draft_subject, "text": found.draft_text}


def _delta(now: int, before: int, words: Mapping[str, Any]) -> str:
    line = words["line"]
    told = line["since"].format(delta=f"{now - before:+d}") if now != before else line["same_as_yesterday"]
    return f"{now}{words['mark']['open']}{told}{words['mark']['close']}"


def _polled(when: datetime | None, zone: str, line: Mapping[str, str]) -> str:
    if when is None:
        return line["never"]
    return line["polled"].format(at=f"{when.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}")


def _sum(table: Mapping[str, int], names: Mapping[str, str]) -> str:
    return " + ".join(f"{names[key]} {number}" for key, number in table.items()) or "0"


def _letters(digest: Digest, words: Mapping[str, Any]) -> str:
    pairs = (
        ("queued", digest.letters_queued),
        ("sent", digest.letters_sent),
        ("waiting", digest.letters_waiting_approval),
        ("failed", digest.letters_failed),
    )
    return str(words["mark"]["semicolon"].join(f"{words['letters'][key]} {number}" for key, number in pairs))


def _day(day: Day, today: date, words: Mapping[str, Any], say_day: SayDay, *, ahead: bool) -> str:
    """ "7 January 2018: synthesis report (in 2 days; weekend)"."""
    line, mark = words["line"], words["mark"]
    notes = []
    away = (day.on - today).days
    if ahead:
        near = {0: line["due_today"], 1: line["tomorrow"]}
        notes.append(line["late"].format(n=-away) if away < 0 else near.get(away, line["in_days"].format(n=away)))
    hints = [warning for warning in day.warnings if not (ahead and warning == "not_done")]
    notes += [words["warning"][warning].format(n=f"{day.days_off:+d}") for warning in hints]
    shown = f"{say_day(day.on)}{mark['colon']}{words['day'][day.id]}"
    return f"{shown}{mark['open']}{mark['semicolon'].join(notes)}{mark['close']}" if notes else shown
