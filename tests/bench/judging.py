"""Judging: 10,000 messages of one round folded to a record (numbers and letters follow from it), and what sorting one message costs.

The messages are made: forty of each kind, in six languages, read and sorted once; the rest are copies with their own sender,
Message-ID, time, hash and signature, so that nothing is a copy of anything. A twentieth are further mails of senders who wrote before
(revisions, additions, thanks). The line is straight when twice the messages take at most 2.6 times the time.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from msgspec.structs import replace

from intake.casework.drafts import Case
from intake.casework.judge import judge
from intake.sorting.classify import classify
from tests.bench.measure import aim, cost_of
from tests.fakes.mails import AT, a_mail, arrival_of, tables, the_round

SIZES = (1250, 2500, 5000, 10000)
VARIANTS = Path("tests/unit/sorting/variants")
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


def figures(quick: bool) -> dict[str, Any]:
    """Seconds for the record of rounds of growing size, and milliseconds for the verdict on one message."""
    patterns = _patterns(40 if quick else 240)
    arrivals = [case.arrival for case in patterns]
    classify(arrivals[0], the_round(), tables())
    sorted_cost, _ = cost_of(lambda: [classify(arrival, the_round(), tables()) for arrival in arrivals])
    found: dict[str, Any] = {"sorting_cpu_ms_per_message": round(1000 * sorted_cost.cpu_s / len(arrivals), 2), "rounds": {}}
    taken: dict[int, float] = {}
    for size in SIZES[:2] if quick else SIZES:
        cases = _many(patterns, size)
        cost, record = cost_of(lambda cases=cases: judge(the_round(), cases, ()))  # type: ignore[misc]
        taken[size] = cost.cpu_s
        found["rounds"][str(size)] = {
            "cpu_s": round(cost.cpu_s, 2),
            "cpu_us_per_message": round(1e6 * cost.cpu_s / size, 1),
            "responses": record.counts.responses,
        }
    sizes = sorted(taken)
    growth = max(taken[b] / max(taken[a], 1e-9) for a, b in pairwise(sizes))
    found["growth_for_twice_the_messages"] = round(growth, 2)
    whole = taken[sizes[-1]] + sizes[-1] * sorted_cost.cpu_s / len(arrivals) / 2  # sorting is a map: two cores share it
    found["sorted_on_two_cores_and_judged_s"] = round(whole, 1)
    found["aims"] = {
        "10,000 sorted and judged on two cores, s": aim(round(whole * 10000 / sizes[-1], 1), 60.0, "s"),
        "growth": aim(growth, 2.6),
    }
    return found


def _patterns(count: int) -> list[Case]:
    """Messages of all kinds in six languages, read and sorted."""
    matter = tomllib.loads((VARIANTS / "matter.toml").read_text("utf-8"))
    made: list[Case] = []
    for language in LANGUAGES:
        table = tomllib.loads((VARIANTS / f"{language}.toml").read_text("utf-8"))
        for kind, entries in table.items():
            for entry in entries:
                text = entry["text"]
                for key, words in matter[language].items():
                    text = text.replace(f"{{{key}}}", words)
                mail = a_mail(entry["subject"], text, entry.get("from", f"Tove Lind <{kind}@relay.example>"))
                arrival = arrival_of(mail)
                made.append(Case(arrival=arrival, verdict=classify(arrival, the_round(), tables())))
    step = max(1, len(made) // count)
    return made[::step][:count]


def _many(patterns: Sequence[Case], size: int) -> list[Case]:
    """As many cases, each of another person; a twentieth of persons who wrote before."""
    chance = Random(size)
    cases: list[Case] = []
    for number in range(size):
        pattern = patterns[number % len(patterns)]
        key = sha256(f"{size}:{number}".encode()).hexdigest()
        who = f"person{number if chance.random() > 0.05 else chance.randrange(number + 1)}@house{number % (size // 3)}.example"
        at = AT + timedelta(seconds=13 * number)
        reading = replace(
            pattern.arrival.reading,
            sha256=key,
            message_id=f"<{key[:20]}@house.example>",
            content_hash=sha256(key.encode()).hexdigest(),
        )
        arrival = replace(
            pattern.arrival,
            key=key,
            sequence=number,
            internaldate=at,
            reading=reading,
            trust=replace(pattern.arrival.trust, received_at=at),
        )
        respondent = replace(pattern.verdict.respondent, organization=f"House {number % (size // 3)} Harbour Society")
        verdict = replace(
            pattern.verdict, key=key, author=who, letter_to=who if pattern.verdict.letter_to else None, respondent=respondent,
            minhash=tuple(chance.getrandbits(32) for _ in range(128)) if pattern.verdict.minhash else (),
            signals=replace(pattern.verdict.signals, house=who.rpartition("@")[2]),
        )  # fmt: skip
        cases.append(Case(arrival=arrival, verdict=verdict))
    return cases
