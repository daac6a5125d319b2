"""A Digest to values that its templates print, in the secretariat's language. The room of letters renders them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake.model.edition import Digest


def digest_values(
    digest: Digest, words: Mapping[str, Any], names: Mapping[str, Mapping[str, str]], language: str
) -> dict[str, object]:
    """Values for digest.txt.j2 and digest.html.j2. `names`: words of dispositions and statuses (the documents' own)."""
    line, task, warning = words["line"], words["task"], words["warning"]
    counts = digest.counts
    tasks = [
        {"kind": task[item.kind], "name": item.name, "because": item.because, "command": item.command}
        for item in digest.needs_person
    ]
    new = [
        {"disposition": names["disposition"][disposition], "name": who, "subject": subject}
        for _, disposition, who, subject in digest.new_messages
    ]
    left = line["left"].format(n=digest.days_left) if digest.days_left >= 0 else line["over"]
    fill = {"day": digest.day.isoformat(), "new": len(new), "tasks": len(tasks)}
    return {
        "words": words,
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "subject": words["title"]["subject"].format(**fill),
        "topic": digest.round.topic,
        "day": digest.day.isoformat(),
        "zone": digest.round.time_zone,
        "days_left": left,
        "tasks": tasks,
        "new": new,
        "seen": line["seen"].format(seen=digest.seen, archived=digest.archived, same=digest.same_bytes, vanished=digest.vanished),
        "sums": [
            f"{line['messages']}: {counts.messages} = {_sum(counts.by_disposition, names['disposition'])}",
            f"{line['responses']}: {counts.responses} = {_sum(counts.by_status, names['status'])}",
            f"{line['counted'].format(before=digest.counts_yesterday.counted)}: {counts.counted} = {_sum(counts.by_category, names['category'])}",
            f"{line['set_aside']}: {counts.set_aside}",
        ],
        "letters": _letters(digest, words["letters"]),
        "timetable": [
            {"on": on.isoformat(), "name": words["day"][identity], "hint": _hint(hint, warning)}
            for identity, on, hint in digest.timetable
        ],
        "health": digest.health,
        "journal_head": digest.journal_head,
    }


def _sum(table: Mapping[str, int], names: Mapping[str, str]) -> str:
    return " + ".join(f"{names[key]} {number}" for key, number in table.items()) or "0"


def _letters(digest: Digest, words: Mapping[str, str]) -> str:
    pairs = (
        ("queued", digest.letters_queued),
        ("sent", digest.letters_sent),
        ("waiting", digest.letters_waiting_approval),
        ("failed", digest.letters_failed),
    )
    return ", ".join(f"{words[key]} {number}" for key, number in pairs)


def _hint(hint: str, warning: Mapping[str, str]) -> str:
    found = []
    for item in filter(None, hint.split(";")):
        key, _, days = item.partition(":")
        found.append(warning[key].format(n=days))
    return "; ".join(found)
