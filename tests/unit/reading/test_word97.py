"""Old Word files: what was deleted, inserted, hidden, struck out or raised, by the properties of the letters; in six languages."""

from __future__ import annotations

import io
import random
import struct

import pytest

from intake.reading.extractors.word97 import Words, words_of

SIX = [("لا", "نؤيد"), ("不", "我们支持"), ("do not", "agree"), ("ne", "soutenons"), ("не", "поддерживаем"), ("no", "apoyamos")]
DELETED, INSERTED, HIDDEN, STRUCK, TWICE, RAISED = 0x0800, 0x0801, 0x083C, 0x0837, 0x2A53, 0x2A48
PAGE = 512


class Ole:
    """A file with two streams."""

    def __init__(self, **streams: bytes) -> None:
        self._streams = streams

    def exists(self, name: str) -> bool:
        return f"s{name}" in self._streams

    def openstream(self, name: str) -> io.BytesIO:
        return io.BytesIO(self._streams[f"s{name}"])


def page_of(runs: list[tuple[int, int, bytes]]) -> bytes:
    """A page of character properties (MS-DOC 2.9.33): borders, where the properties of each run lie, the properties from the end."""
    borders = [runs[0][0], *(end for _, end, _ in runs)]
    page = bytearray(struct.pack(f"<{len(borders)}I", *borders).ljust(PAGE, b"\0"))
    place = PAGE - 2
    for number, (_, _, properties) in enumerate(runs):
        if properties:
            place = (place - len(properties) - 1) & ~1
            page[place : place + 1 + len(properties)] = bytes([len(properties)]) + properties
            page[4 * len(borders) + number] = place // 2
    page[-1] = len(runs)
    return bytes(page)


def document(*pieces: tuple[str, int | None], narrow: bool = False) -> Ole:
    """A document of stretches, each with a property or none."""
    codec, size = ("cp1252", 1) if narrow else ("utf-16-le", 2)
    begin, at = 4 * PAGE, 4 * PAGE
    text, runs = b"", []
    for words, sprm in pieces:
        octets = words.encode(codec)
        runs.append((at, at + len(octets), struct.pack("<HB", sprm, 1) if sprm else b""))
        text, at = text + octets, at + len(octets)
    stream = bytearray(begin) + text
    stream += bytes(-len(stream) % PAGE)
    fkp = len(stream) // PAGE
    stream += page_of(runs)
    properties = struct.pack("<III", begin, at, fkp)
    place = begin * 2 | 0x40000000 if narrow else begin
    plc = struct.pack("<II", 0, len(text) // size) + struct.pack("<HIH", 0, place, 0)
    clx = b"\x02" + struct.pack("<I", len(plc)) + plc
    stream[0xFA:0x102] = struct.pack("<II", 0, len(properties))
    stream[0x1A2:0x1AA] = struct.pack("<II", len(properties), len(clx))
    return Ole(sWordDocument=bytes(stream), s0Table=properties + clx)


@pytest.mark.parametrize(("no", "agree"), SIX)
def test_what_is_deleted_is_not_said_and_what_is_struck_is_told(no: str, agree: str) -> None:
    assert words_of(document(("We ", None), (f"{no} ", DELETED), (agree, None), ("\r", None))) == Words(
        text=f"We {agree}", tracked=True
    )
    assert words_of(document(("We ", None), (f"{no} ", INSERTED), (agree, None))) == Words(text=f"We {no} {agree}", tracked=True)
    assert words_of(document(("We ", None), (no, HIDDEN), (f" {agree}", None))) == Words(text=f"We  {agree}", hidden=no)
    for sprm in (STRUCK, TWICE):
        found = words_of(document(("We ", None), (f"{no}\r{agree}\x07 ", sprm), ("x", None)))
        assert found == Words(text=f"We ~~{no}~~\n~~{agree}~~\t x")
    assert words_of(document((f"{agree}\r", None))) == Words(text=agree)


def test_raised_figures_and_narrow_letters() -> None:
    assert words_of(document(("10", None), ("6", RAISED), (" é", None), (" not", DELETED), narrow=True)) == Words(
        text="10⁶ é", tracked=True
    )


def test_fields_give_what_they_show() -> None:
    assert (
        words_of(document(("see \x13 HYPERLINK \x01x\x14", None), ("here", STRUCK), ("\x15 end", None))).text
        == "see ~~here~~ end"
    )


def test_any_octets_in_the_tables_are_survived() -> None:
    made = document(("We ", None), ("not ", DELETED), ("agree", STRUCK), ("6", RAISED))
    choice = random.Random(3)
    for _ in range(3_000):
        streams = {name: bytearray(data) for name, data in made._streams.items()}
        for _ in range(choice.randint(1, 12)):
            data = streams[choice.choice(sorted(streams))]
            data[choice.randrange(len(data))] = choice.randrange(256)
        found = words_of(Ole(**{name: bytes(data) for name, data in streams.items()}))
        found.text.encode("utf-8")
