"""RTF: the words that are shown, with footnotes; what is hidden, deleted, drawn or annotated is told apart before striprtf reads the rest.

One pass over the marks of the file (RTF 1.9.1), linear; striprtf knows the characters, this the state that they stand in.
"""

from __future__ import annotations

import re

from msgspec import Struct
from striprtf.striprtf import rtf_to_text

from intake.model.mail import PartState
from intake.model.text import Block, BlockKind, Run
from intake.reading.builder import plain_blocks
from intake.reading.decode import clean
from intake.reading.extractors.base import Extract
from intake.reading.limits import Limits

_TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'[0-9a-fA-F]{2}|\\[^a-z]|[{}]|[^\\{}]+|\\", re.S)
_DATA = frozenset(("pict", "objdata", "themedata", "colorschememapping", "datastore", "latentstyles", "fontemb"))
_KEPT = frozenset(("f", "u", "uc", "par", "line", "tab", "cell", "row", "loch", "hich", "dbch"))
"""What striprtf needs of the marks among words that are read apart."""


_NEXT = "\x1e"
"""Between two notes, in no note."""
_FONTS = 1_000


class _State(Struct):
    """How text stands in a group."""

    hidden: bool = False
    deleted: bool = False
    revised: bool = False
    data: bool = False
    note: bool = False
    table: bool = False


def extract(data: bytes, limits: Limits) -> Extract:
    """The words of an RTF file with its own code page; footnotes after them."""
    source = data[: limits.document_bytes].decode("latin-1")
    page = re.search(r"\\ansicpg(\d{3,5})", source[:4000])
    encoding = _known(f"cp{page.group(1)}" if page else "cp1252")
    marks = _Marks()
    marks.read(source)
    head = "{\\rtf1\\ansi" + (page.group() if page else "") + marks.fonts()
    try:
        text = _words(f"{head}{''.join(marks.main)}}}", encoding)[: limits.text_chars].strip("\n")
        notes = [
            note
            for piece in _words(f"{head}{''.join(marks.notes)}}}", encoding).split(_NEXT)
            if (note := " ".join(piece.split()))
        ]
        hidden = " ".join(_words(f"{head}{''.join(marks.hidden)}}}", encoding).split()) if marks.hidden else ""
    except Exception as error:  # striprtf raises whatever its tables raise
        return Extract(state=PartState.DAMAGED, defect=f"RTF: {type(error).__name__}")
    blocks = list(plain_blocks(text))
    for note in notes:
        text, block = _with_note(text, note, len(blocks) + 1)
        blocks.append(block)
    state = PartState.TRACKED_CHANGES if marks.tracked else PartState.OK
    if state is PartState.OK and not text.strip() and marks.pictures:
        state = PartState.IMAGE_ONLY
    if marks.depth > 0:
        return Extract(text=text, blocks=tuple(blocks), state=PartState.DAMAGED, defect="RTF: cut short", hidden=hidden)
    return Extract(text=text, blocks=tuple(blocks), state=state, hidden=hidden)


def _known(encoding: str) -> str:
    try:
        "".encode(encoding)
    except LookupError:
        return "cp1252"
    return encoding


def _words(source: str, encoding: str) -> str:
    return clean(rtf_to_text(source, encoding=encoding, errors="replace"))  # type: ignore[no-untyped-call]  # it ships no types


def _with_note(text: str, note: str, number: int) -> tuple[str, Block]:
    start = len(text) + 1 if text else 0
    text = f"{text}\n{note}" if text else note
    return text, Block(kind=BlockKind.FOOTNOTE, start=start, end=len(text), runs=(Run(text=note),), paragraph=number)


class _Marks:
    """The file taken apart: `main` without what is hidden, deleted or data; each note, and what is hidden, by themselves."""

    def __init__(self) -> None:
        self.main: list[str] = []
        self.notes: list[str] = []
        self.hidden: list[str] = []
        self._charsets: dict[str, str] = {}
        self._font = ""
        self.tracked = self.pictures = False
        self.depth = 0
        self._stack: list[_State] = []
        self._now = _State()

    def fonts(self) -> str:
        """The charsets of the fonts as the shortest table: striprtf looks for them in square time, and lends one font another's."""
        rows = (f"{{\\f{font}\\fnil\\fcharset{charset} F;}}" for font, charset in self._charsets.items())
        return "{\\fonttbl" + "".join(rows) + "}"

    def read(self, source: str) -> None:
        """All of it."""
        at = 0
        while (match := _TOKEN.match(source, at)) is not None:
            at = match.end()
            if (word := match.group(1)) is not None:
                if word == "bin":
                    at += max(0, int(match.group(2) or 0))
                else:
                    self._word(word, match.group(2), match.group())
            elif match.group() in ("{", "}"):
                self._brace(match.group())
                if self.depth == 0:
                    break  # what stands after the document is no part of it
            else:
                self._text(match.group())

    def _brace(self, brace: str) -> None:
        now = self._now
        if brace == "{":
            self.depth += 1
            self._stack.append(now)
            self._now = _State(now.hidden, now.deleted, now.revised, now.data, now.note, now.table)
        else:
            self.depth -= 1
            self._now = self._stack.pop() if self._stack else _State()
            if now.note > self._now.note or now.table > self._now.table:
                now = self._now  # it ends what began outside
        self._put(brace, now)

    def _word(self, word: str, value: str | None, mark: str) -> None:
        now, on = self._now, value != "0"
        if word == "v":
            now.hidden = on
            self.hidden.append(" ")
        elif word in ("deleted", "revised"):
            setattr(now, word, on)
        elif word == "plain":
            now.hidden = now.deleted = now.revised = False
        elif word == "footnote":
            now.note = True
            self.notes.append(_NEXT)
            return
        elif word in _DATA:
            now.data = True
            self.pictures |= word == "pict"
        elif word == "fonttbl":
            now.table = True
        elif now.table and word == "f":
            self._font = value or ""
        elif now.table and word == "fcharset" and len(self._charsets) < _FONTS:
            self._charsets.setdefault(self._font, str(min(int(value or 0), 255)))
        elif word == "annotation":
            self.tracked = True
        if now.hidden and word in _KEPT:
            self.hidden.append(mark)
            if word in ("u", "tab", "line"):
                return
        self._put(mark, now)

    def _text(self, words: str) -> None:
        now = self._now
        if now.data:
            return
        if (now.deleted or now.revised) and words.strip():
            self.tracked = True
        if now.deleted:
            return
        if now.hidden:
            self.hidden.append(words)
            return
        self._put(words, now)

    def _put(self, piece: str, now: _State) -> None:
        if now.table:
            return
        if now.note:
            self.notes.append(piece.replace(_NEXT, " "))
        else:
            self.main.append(piece)
