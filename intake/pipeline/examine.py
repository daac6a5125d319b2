"""After a message is read: a scanner is asked about its files, pictures are read by eye, where these doors are configured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from intake.model.examination import ScanResult, Seen, ToUnpack, Unpacked
from intake.model.mail import Defect, Part, PartState, Reading, Scan
from intake.model.text import Block
from intake.pipeline.office import READING_VERSION, VERDICT_VERSION, Office


class Examined(Struct, frozen=True, kw_only=True):
    """A Reading with what the doors said. `settled`: nothing of it is worth asking again."""

    reading: Reading
    settled: bool = True


def reading_version(office: Office) -> str:
    """The version of Readings as this office makes them: with a scanner or without, with OCR or without."""
    return READING_VERSION + doors_of(office)


def verdict_version(office: Office) -> str:
    """The version of Verdicts on such Readings."""
    return VERDICT_VERSION + doors_of(office)


def doors_of(office: Office) -> str:
    """Which of a scanner and OCR the house has, as part of a version."""
    return office.doors or ("s" if office.scanner is not None else "") + ("o" if office.ocr is not None else "")


def examined(office: Office, reading: Reading, raw: Callable[[], bytes]) -> Examined:
    """The Reading with a scanner's word on every file, and the words that OCR saw in files of pictures. `raw` gives the octets."""
    files = [part for part in _files(reading.parts) if part.size_bytes]
    shown = [part for part in files if part.state is PartState.IMAGE_ONLY and not part.text.strip()] if office.ocr else []
    if office.unpacker is None or not (shown or (office.scanner and files)):
        return Examined(reading=reading)
    if reading.held is not None:
        return Examined(reading=_with(reading, {part.sha256: _HELD for part in files} if office.scanner else {}, {}))
    unpacked = office.unpacker.unpack(
        ToUnpack(
            raw=raw(),
            files=tuple(dict.fromkeys(part.sha256 for part in files)) if office.scanner else (),
            pictures=tuple(dict.fromkeys(part.sha256 for part in shown)),
            pages=office.ocr_pages,
        )
    )
    words = _scanned(office, files, unpacked) if office.scanner else {}
    texts = {
        part.sha256: _seen(office, unpacked, part.sha256)
        for part in shown
        if words.get(part.sha256, _CLEAN).scan is not Scan.INFECTED
    }
    later = any(item.later for item in words.values()) or any(page.later for pages in texts.values() for page in pages)
    return Examined(reading=_with(reading, words, texts), settled=not later)


_CLEAN = ScanResult(scan=Scan.CLEAN)
_HELD = ScanResult(scan=Scan.UNSCANNED, said="the message was set aside")
_LOCKED = ScanResult(scan=Scan.UNSCANNED, said="locked: nobody can look into it")


def _files(parts: Iterable[Part]) -> Iterator[Part]:
    """Everything that is no message and none of its own text."""
    for part in parts:
        if part.message is None and not part.body:
            yield part
        yield from _files(part.children)


def _scanned(office: Office, files: Iterable[Part], unpacked: Unpacked) -> dict[str, ScanResult]:
    assert office.scanner is not None
    words: dict[str, ScanResult] = {}
    for part in files:
        if part.sha256 in words:
            continue
        octets = unpacked.files.get(part.sha256)
        if octets is None:
            words[part.sha256] = ScanResult(scan=Scan.UNSCANNED, said=unpacked.because or "its bytes were not found again")
            continue
        said = office.scanner.scan(octets)
        words[part.sha256] = _LOCKED if part.state is PartState.ENCRYPTED and said.scan is Scan.CLEAN else said
    return words


def _seen(office: Office, unpacked: Unpacked, sha256: str) -> list[Seen]:
    assert office.ocr is not None
    return [office.ocr.look(page, ()) for page in unpacked.pictures.get(sha256, ())]


def _with(reading: Reading, words: Mapping[str, ScanResult], texts: Mapping[str, list[Seen]]) -> Reading:
    return replace(reading, parts=tuple(_part(part, words, texts) for part in reading.parts))


def _part(part: Part, words: Mapping[str, ScanResult], texts: Mapping[str, list[Seen]]) -> Part:
    children = tuple(_part(child, words, texts) for child in part.children)
    message = None if part.message is None else _with(part.message, words, texts)
    part = replace(part, children=children, message=message)
    if part.body or message is not None:
        return part
    said = words.get(part.sha256)
    if said is not None:
        state = PartState.INFECTED if said.scan is Scan.INFECTED else part.state
        part = replace(part, scan=said.scan, scan_said=said.said, state=state)
    pages = texts.get(part.sha256)
    return part if pages is None else _read_by_eye(part, pages)


def _read_by_eye(part: Part, pages: list[Seen]) -> Part:
    """The words with their pages. The state stays: what was sent is a picture, and a person may want to compare."""
    from intake.reading.builder import plain_blocks  # reading's libraries are the children's; the daemon hardly ever needs them
    from intake.reading.language import language_of
    from intake.reading.parts import quality

    text = ""
    blocks: list[Block] = []
    for number, page in enumerate(pages, 1):
        at = len(text) + 2 if text else 0
        if page.text:
            text = f"{text}\n\n{page.text}" if text else page.text
            blocks += [
                replace(block, start=block.start + at, end=block.end + at, paragraph=len(blocks) + 1 + offset)
                for offset, block in enumerate(plain_blocks(page.text, number))
            ]
    failed = [f"page {number}: {page.because}" for number, page in enumerate(pages, 1) if page.because]
    note = f"{len(pages)} pages read by OCR" + (f"; {'; '.join(failed)}"[:300] if failed else "")
    defects = (*part.defects, Defect(code="ocr", detail=note if pages else "no page could be drawn", part=part.path))
    if not text:
        return replace(part, defects=defects)
    return replace(
        part, text=text, blocks=tuple(blocks), ocr=True, language=language_of(text), text_quality=quality(text), defects=defects
    )
