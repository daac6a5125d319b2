"""Whatever the bytes: a Reading, spans that cover the text, text that is valid, hashes of what is there."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.model.mail import Part, Reading
from intake.model.text import Block
from intake.reading.charsets import decoded
from intake.reading.decode import decode_header
from intake.reading.html import read_html
from intake.reading.limits import Limits
from intake.reading.names import safe_name
from intake.reading.read_message import read_message
from intake.reading.spans import spans_of
from intake.reading.words import reading_words

WORDS = reading_words(tomllib.loads(Path("config/reading.toml").read_text("utf-8")))
SEEDS = [path.read_bytes() for path in sorted(Path(__file__).parent.parent.joinpath("corpus/reading").glob("*.eml"))[::9]]
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def check(raw: bytes, reading: Reading) -> None:
    assert reading.sha256 == hashlib.sha256(raw).hexdigest()
    assert msgspec.json.decode(msgspec.json.encode(reading), type=Reading) == reading
    cover(reading.text, [(span.start, span.end) for span in reading.spans])
    inside(reading.text, reading.blocks)
    for part in reading.parts:
        check_part(part)


def check_part(part: Part) -> None:
    inside(part.text, part.blocks)
    for child in part.children:
        check_part(child)


def cover(text: str, stretches: list[tuple[int, int]]) -> None:
    at = 0
    for start, end in stretches:
        assert start == at < end
        at = end
    assert at == len(text)


def inside(text: str, blocks: tuple[Block, ...]) -> None:
    for block in blocks:
        words = (
            "\t".join("".join(run.text for run in cell) for cell in block.cells)
            if block.cells
            else "".join(run.text for run in block.runs)
        )
        assert text[block.start : block.end] == words


@QUICK
@given(st.binary(max_size=3000))
def test_any_bytes(raw: bytes) -> None:
    check(raw, read_message(raw, WORDS))


@QUICK
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=12)), min_size=1, max_size=6),
)
def test_damaged_messages(seed: bytes, wounds: list[tuple[int, bytes]]) -> None:
    raw = bytearray(seed)
    for at, piece in wounds:
        at %= len(raw)
        raw[at : at + len(piece)] = piece
    check(bytes(raw), read_message(bytes(raw), WORDS))


@QUICK
@given(st.sampled_from(SEEDS), st.integers(0, 1 << 20))
def test_messages_cut_short(seed: bytes, size: int) -> None:
    raw = seed[: size % len(seed)]
    check(raw, read_message(raw, WORDS))


@QUICK
@given(st.sampled_from(SEEDS), st.integers(1, 5), st.integers(1, 3), st.integers(1, 30))
def test_any_limits(seed: bytes, parts: int, depth: int, headers: int) -> None:
    check(seed, read_message(seed, WORDS, Limits(parts=parts, depth=depth, headers=headers, text_chars=50)))


LINES = st.lists(st.sampled_from([
    "Words of mine.", "> quoted", "On Mon, 1 Jan 2018 at 10:00, A <a@b.example> wrote:", "-- ", "____________", "", "From: A <a@b.example>",
    "Sent: Monday, 1 January 2018 10:00", "To: B", "Subject: x", "-----Original Message-----", "---------- Forwarded message ---------",
    "Sent from my iPhone", "This e-mail and any attachments are confidential.", "list mailing list", "كتب:", "写道：", "   ",
]), max_size=40)  # fmt: skip


@QUICK
@given(LINES, st.booleans(), st.booleans())
def test_spans_cover_any_text(lines: list[str], forward: bool, reply: bool) -> None:
    text = "\n".join(lines)
    cover(text, [(span.start, span.end) for span in spans_of(text, WORDS, forward=forward, reply=reply)])


@QUICK
@given(st.text(max_size=300), st.lists(st.integers(0, 300), max_size=8))
def test_hidden_stretches_are_cut_out_whole(text: str, places: list[int]) -> None:
    edges = sorted({min(place, len(text)) for place in places})
    hidden = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False) if start < end]
    spans = spans_of(text, WORDS, hidden=hidden)
    cover(text, [(span.start, span.end) for span in spans])
    assert sum(span.end - span.start for span in spans if span.kind == "hidden") == sum(end - start for start, end in hidden)


@QUICK
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_html_gives_valid_text(words: str) -> None:
    page = read_html(f"<p>{words}</p><table><tr><td>{words}</td><td>x</td></tr></table>", 10_000, 100)
    page.text.encode("utf-8")
    inside(page.text, page.blocks)


@QUICK
@given(
    st.binary(max_size=400),
    st.sampled_from([None, "utf-8", "gb2312", "iso-8859-1", "utf-7", "x-nothing", "iso-2022-jp", "idna", "hex"]),
)
def test_any_bytes_have_a_charset(data: bytes, charset: str | None) -> None:
    text, codec, _ = decoded(data, charset)
    assert isinstance(text, str)
    assert codec


@QUICK
@given(st.binary(max_size=300))
def test_a_header_is_one_line(raw: bytes) -> None:
    assert not set(decode_header(raw)) & {"\r", "\n", "\0"}


@QUICK
@given(st.text(max_size=400))
def test_a_safe_name_is_safe(name: str) -> None:
    safe = safe_name(name)
    assert safe is None or (0 < len(safe) <= 120 and not set(safe) & set('/\\\0\n\r<>:"|?*\u202e') and safe not in (".", ".."))
