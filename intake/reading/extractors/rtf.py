"""RTF: the words that are shown, with footnotes; what is hidden, deleted, drawn or annotated is told apart before striprtf reads the rest.

One pass over the marks of the file (RTF 1.9.1), linear; striprtf knows the characters, this the state that they stand in.
"""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace
from striprtf.striprtf import rtf_to_text

from intake.model.mail import PartState
from intake.model.text import Block, BlockKind, Run
from intake.reading.builder import STRUCK, plain_blocks, shifted
from intake.reading.decode import clean
from intake.reading.extractors.base import Extract
from intake.reading.limits import Limits
from intake.reading.symbols import SYMBOLS

_TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'[0-9a-fA-F]{2}|\\[^a-z]|[{}]|[^\\{}]+|\\", re.S)
_DATA = frozenset(("pict", "objdata", "themedata", "colorschememapping", "datastore", "latentstyles", "fontemb"))
_KEPT = frozenset(("f", "u", "uc", "par", "line", "tab", "cell", "row", "loch", "hich", "dbch"))
"""What striprtf needs of the marks among words that are read apart."""


_SIDES = ("footnote", "header", "footer")
_MARGINS = {f"{side}{page}": side for side in _SIDES[1:] for page in ("", "l", "r", "f")}
"""On left, right and first pages there may be others."""
_FORMS = ("plain", "strike", "striked", "deleted", "revised")
_SHIFTS = {"super": "^", "sub": "_", "nosupersub": ""}
_ENDS = ("\\par", "\\cell", "\\row", "\\line", "\\tab", "\\sect", "\\page")
_NEXT = "\x1e"
"""Between two notes, in no note."""
_FONTS = 1_000
_TAIL = re.compile(r"\t+(?=\n|\Z)")


class _State(Struct):
    """How text stands in a group. `side`: "footnote", "header" or "footer" where it is none of the main text."""

    hidden: bool = False
    deleted: bool = False
    revised: bool = False
    data: bool = False
    side: str = ""
    table: bool = False
    struck: bool = False
    shift: str = ""


def extract(data: bytes, limits: Limits) -> Extract:
    """The words of an RTF file with its own code page; footnotes after them."""
    source = data[: limits.document_bytes].decode("latin-1")
    page = re.search(r"\\ansicpg(\d{3,5})", source[:4000])
    encoding = _known(f"cp{page.group(1)}" if page else "cp1252")
    marks = _Marks()
    marks.read(source)
    marks.end()
    head = "{\\rtf1\\ansi" + (page.group() if page else "") + marks.fonts()
    try:
        text = _words(f"{head}{''.join(marks.main)}}}", encoding)[: limits.text_chars].strip("\n")
        notes, above, below = (_pieces(f"{head}{''.join(marks.sides[side])}}}", encoding) for side in _SIDES)
        hidden = " ".join(_words(f"{head}{''.join(marks.hidden)}}}", encoding).split()) if marks.hidden else ""
    except Exception as error:  # striprtf raises whatever its tables raise
        return Extract(state=PartState.DAMAGED, defect=f"RTF: {type(error).__name__}")
    text = "\n\n".join([*_margins(above), *([text] if text else [])])
    blocks = list(plain_blocks(text))
    for note in notes:
        text, block = _with_note(text, note, len(blocks) + 1)
        blocks.append(block)
    for line in _margins(below):
        text, block = _with_note(text, line, len(blocks) + 1)
        blocks.append(replace(block, kind=BlockKind.PARAGRAPH))
    state = PartState.TRACKED_CHANGES if marks.tracked else PartState.OK
    if state is PartState.OK and not text.strip() and marks.pictures:
        state = PartState.IMAGE_ONLY
    if marks.depth > 0:
        return Extract(text=text, blocks=tuple(blocks), state=PartState.DAMAGED, defect="RTF: cut short", hidden=hidden)
    return Extract(text=text, blocks=tuple(blocks), state=state, hidden=hidden)


def _pieces(source: str, encoding: str) -> list[str]:
    return [piece for part in _words(source, encoding).split(_NEXT) if (piece := " ".join(part.split()))]


def _margins(lines: list[str]) -> list[str]:
    """What stands above or below each page: once, however many sections say it; a page's number alone is no words."""
    return [line for line in dict.fromkeys(lines) if any(char.isalpha() for char in line)]


def _known(encoding: str) -> str:
    try:
        "".encode(encoding)
    except LookupError:
        return "cp1252"
    return encoding


def _words(source: str, encoding: str) -> str:
    return _TAIL.sub("", clean(rtf_to_text(source, encoding=encoding, errors="replace")).translate(SYMBOLS))  # type: ignore[no-untyped-call]  # it ships no types


def _with_note(text: str, note: str, number: int) -> tuple[str, Block]:
    start = len(text) + 1 if text else 0
    text = f"{text}\n{note}" if text else note
    return text, Block(kind=BlockKind.FOOTNOTE, start=start, end=len(text), runs=(Run(text=note),), paragraph=number)


def _formed(now: _State, word: str, *, on: bool) -> None:
    """What a mark of the letters' form changes."""
    if word == "plain":
        now.hidden = now.deleted = now.revised = now.struck = False
    elif word in ("strike", "striked"):
        now.struck = on
    elif word in ("deleted", "revised"):
        setattr(now, word, on)
    now.shift = (_SHIFTS.get(word, now.shift) if on else "") if word != "plain" else ""


def _side_of(word: str) -> str:
    """Where the words of a destination stand."""
    return "footnote" if word == "footnote" else _MARGINS.get(word, "")


def _coded(words: str) -> str:
    return "".join(char if ord(char) < 128 else f"\\u{ord(char)}?" for char in words)


class _Marks:
    """The file taken apart: `main` without what is hidden, deleted or data; each note, and what is hidden, by themselves."""

    def __init__(self) -> None:
        self.main: list[str] = []
        self.sides: dict[str, list[str]] = {side: [] for side in _SIDES}
        self.hidden: list[str] = []
        self._charsets: dict[str, str] = {}
        self._font = ""
        self._striking = False  # a sign of what is struck is open in the main text
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
            self._now = replace(now)
        else:
            self.depth -= 1
            self._now = self._stack.pop() if self._stack else _State()
            if now.side != self._now.side or now.table > self._now.table:
                now = self._now  # it ends what began outside
            if self._striking and not self._now.struck and not now.side:
                self._sign()
                self._striking = False
        self._put(brace, now)

    def _word(self, word: str, value: str | None, mark: str) -> None:
        now, on = self._now, value != "0"
        if word == "v":
            now.hidden = on
            self.hidden.append(" ")
        elif word in _FORMS or word in _SHIFTS:
            _formed(now, word, on=on)
        elif side := _side_of(word):
            now.side = side
            self.sides[side].append(_NEXT)
            return
        elif word == "pntext":
            return  # the number of a paragraph: its group is text as any other
        elif word in ("cell", "nestcell"):
            mark = "\\tab "
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
        if now.deleted and word == "u":
            self.tracked = True
            return
        if now.hidden and word in _KEPT:
            self.hidden.append(mark)
            if word in ("u", "tab", "line"):
                return
        self._put(mark, now, said=word == "u" or None)

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
        self._put(_coded(shifted(words, now.shift)) if now.shift else words, now, said=words.strip() != "")

    def _put(self, piece: str, now: _State, *, said: bool | None = None) -> None:
        """`said`: None of what is no text, False of spaces; what is struck out stands between its signs, which end with the paragraph."""
        if now.table:
            return
        if now.side:
            self.sides[now.side].append(piece.replace(_NEXT, " "))
            return
        ends = self._striking and (piece.rstrip(" ") in _ENDS or (said is not None and not now.struck))
        if ends or (said and now.struck and not self._striking):
            self._sign()
            self._striking = not self._striking
        self.main.append(piece)

    def _sign(self) -> None:
        """The sign of what is struck out; the spaces before the closing one are not."""
        last = self.main[-1] if self.main and self._striking and self.main[-1][:1] not in "\\{}" else ""
        if last.endswith(" "):
            self.main[-1] = last.rstrip(" ")
        self.main += [STRUCK, " " * (len(last) - len(last.rstrip(" ")))]

    def end(self) -> None:
        """The file is at its end."""
        if self._striking:
            self.main.append(STRUCK)
