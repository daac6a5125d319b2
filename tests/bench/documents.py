"""The documents area: a compilation of 52, 1,000 and 10,000 responses in six languages of 1,500 words each, as DOCX, HTML, Markdown and PDF.

Each measurement in a process of its own, from the edition to the file's bytes; the making of the edition is left out, the outline is in.
Every response is printed twice (by respondent and by question), so 1,000 are three million words. The PDF comes in volumes.
"""

from __future__ import annotations

import hashlib
import json
import random
import resource
import sys
import time
from typing import Any

from msgspec.structs import replace

from intake.compilation.outline import outline_of
from intake.compilation.renderers import RENDERERS
from intake.doors.press import TypstPress
from intake.doors.share import InstalledShare
from intake.model.edition import Edition
from intake.pipeline.printing import AT_ONCE, pdf_files
from intake.wiring import load_words
from tests.bench import texts
from tests.bench.measure import aim, cpu_now_s, in_a_child, peak_mb_of
from tests.fakes.small_editions import edition, entry

LANGUAGES = ("en", "en", "en", "fr", "es", "ru", "zh", "ar")
WORDS = 1_500
_BYTES_A_WORD = {"en": 6.2, "fr": 6.6, "es": 6.4, "ru": 13.5, "ar": 11.0, "zh": 6.2}
"""Of UTF-8, the space with it; for Chinese about two signs a word."""


def figures(quick: bool) -> dict[str, Any]:
    """CPU and wall seconds, peak memory of the process that writes and of the press, size; for each format and number of responses."""
    sizes = {"docx": (52, 1_000, 10_000), "html": (52, 1_000, 10_000), "md": (52, 1_000), "pdf": (52, 1_000, 10_000)}
    found: dict[str, Any] = {"words_a_response": WORDS}
    for kind, numbers in sizes.items():
        for number in numbers[: 1 if quick else None]:
            cost, value = in_a_child("tests.bench.documents", kind, str(number), seconds=3_000.0)
            found[f"{kind}_{number}"] = {**value, "process_cpu_s": round(cost.cpu_s, 1), "process_wall_s": round(cost.wall_s, 1)}
    made = {kind: found.get(f"{kind}_1000", {}) for kind in sizes}
    if all("cpu_s" in item for item in made.values()):
        found["aims"] = {f"{kind}_1000_wall_s": aim(made[kind]["wall_s"], 60.0) for kind in ("docx", "html", "pdf")}
        found["aims"] |= {
            f"{kind}_1000_peak_mb": aim(made[kind]["peak_mb"] + made[kind]["press_peak_mb"], 1024.0)
            for kind in ("docx", "html", "pdf")
        }
    return found


def many(count: int) -> Edition:
    """An edition of `count` responses; 48 different texts, so that making it takes no time."""
    chance = random.Random(6)
    bank = [(language, _paragraphs(chance, language)) for language in LANGUAGES for _ in range(6)]
    plain = entry(1, "-", "academia", "africa", "en", {})
    entries = []
    for number in range(1, count + 1):
        language, paragraphs = bank[number % len(bank)]
        half = len(paragraphs) // 2
        made = entry(1, f"Organization {number}", "academia", "africa", language, {1: paragraphs[:half], 2: paragraphs[half:]})
        entries.append(replace(made, public_number=number, response_id=f"r-{number}", received_at=plain.received_at))
    return edition(entries)


def _paragraphs(chance: random.Random, language: str) -> list[str]:
    size = int(WORDS / 12 * _BYTES_A_WORD[language])
    return [" ".join(texts.text(chance, language, size).split()) for _ in range(12)]


def main(kind: str, count: int) -> None:
    """One measurement, as a line of JSON; the hash says whether two runs gave the same octets."""
    made = many(count)
    words = load_words(InstalledShare())["en"]
    cpu, wall = cpu_now_s(), time.perf_counter()
    outline = outline_of(made, words)
    if kind == "pdf":
        source = InstalledShare().text("templates", "compilation", "compilation.typ")
        files = pdf_files(TypstPress(), source, outline, words, "compilation", count).files
    else:
        files = {kind: next(item for item in RENDERERS if item.name == kind).render(outline)}
    value = {
        "cpu_s": round(cpu_now_s() - cpu, 2),
        "wall_s": round(time.perf_counter() - wall, 2),
        "peak_mb": round(peak_mb_of()),
        "press_peak_mb": round(_press_peak_mb() * AT_ONCE) if kind == "pdf" else 0,
        "files": len(files),
        "size_mb": round(sum(map(len, files.values())) / 1024 / 1024, 1),
        "sha256": hashlib.sha256(b"".join(hashlib.sha256(files[name]).digest() for name in sorted(files))).hexdigest(),
    }
    print(json.dumps(value))  # noqa: T201 - the parent reads this line


def _press_peak_mb() -> float:
    """Of the largest child; as many as AT_ONCE stand beside each other."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
