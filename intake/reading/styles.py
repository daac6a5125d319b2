"""What declarations of CSS say of an element, as far as reading needs it: whether it is seen, in which colour, how heavy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct
from PIL import ImageColor

Colour = tuple[int, int, int]
BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
CLEAR: Colour = (-1, -1, -1)
"""Letters that let everything through."""
DECLARED = 4_000  # characters of what one element is told
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|ex|in|cm|mm|pc|%|vw|vh)?\Z")
_PIXELS = {
    "px": 1.0,
    "pt": 4 / 3,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "in": 96.0,
    "cm": 38.0,
    "mm": 3.8,
    "pc": 16.0,
    "%": 10.0,
    "vw": 10.0,
    "vh": 8.0,
}
_RGBA = re.compile(r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*(?:[,/]\s*(\d*\.?\d+%?)\s*)?\)\Z")
_SMALLEST = 2.0  # pixels: what is lower cannot be read
_OFF_PAGE = -300.0
_FAINT = 0.05
_ALIKE = 12  # of 255: colours that nobody tells apart
_DARK = 0x40


class Style(Struct, frozen=True, kw_only=True):
    """What an element says; None where it says nothing. `gone`: neither it nor anything in it is seen. `tiny`, `unseen`: its letters
    are not, those of an element inside may be. `pictured`: its ground may be anything. `shift`: "^" raised, "_" lowered.
    `marker`: how the items of a list are numbered. `kept`: line ends and spaces stay as they are written."""

    gone: bool = False
    tiny: bool | None = None
    unseen: bool | None = None
    colour: Colour | None = None
    ground: Colour | None = None
    pictured: bool = False
    bold: bool | None = None
    italic: bool | None = None
    struck: bool = False
    shift: str = ""
    marker: str = ""
    kept: bool | None = None


SILENT = Style()


def alike(one: Colour, other: Colour) -> bool:
    """Whether letters of one colour cannot be read on the other."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= _ALIKE


def ink(colour: Colour) -> Colour:
    """The colour as a reader names it: what is nearly black is black."""
    return BLACK if max(colour) <= _DARK else colour


def is_bright(colour: Colour) -> bool:
    """Neither black nor grey."""
    return max(colour) - min(colour) >= 60


def is_tinted(colour: Colour) -> bool:
    """Whether a ground is neither white nor grey: pale ones of a marker count."""
    return max(colour) - min(colour) >= 20


@lru_cache(maxsize=2_048)
def colour_of(value: str) -> Colour | None:
    """A CSS colour; None for what names none ("inherit", a variable)."""
    value = value.strip().lower()[:60]
    if value in ("windowtext", "text", "canvastext"):
        return BLACK
    if value == "transparent":
        return CLEAR
    if match := _RGBA.match(value):
        solid = match.group(4)
        if solid is not None and _share(solid) <= _FAINT:
            return CLEAR
        red, green, blue = (min(255, int(match.group(number))) for number in (1, 2, 3))
        return red, green, blue
    try:
        found = ImageColor.getrgb(value)
    except ValueError:
        return None
    return CLEAR if len(found) == 4 and found[3] < 13 else (found[0], found[1], found[2])


def _share(value: str) -> float:
    return float(value[:-1]) / 100 if value.endswith("%") else float(value)


@lru_cache(maxsize=4_096)
def read_style(declarations: str) -> Style:
    """Declarations of one element in the order of the cascade; important ones count last."""
    said: dict[str, str] = {}
    important: dict[str, str] = {}
    for piece in uncommented(declarations[:DECLARED].lower()).split(";"):
        name, _, value = piece.partition(":")
        bare, mark, _ = value.partition("!")
        (important if mark else said)[name.strip()] = bare.strip()
    said |= important
    return Style(
        gone=_is_gone(said),
        tiny=_is_tiny(said.get("font-size", said.get("font", ""))),
        unseen={"hidden": True, "collapse": True, "visible": False}.get(said.get("visibility", "")),
        colour=colour_of(said["color"]) if "color" in said else None,
        **_ground(said),  # type: ignore[arg-type]  # its two fields
        bold=_stands(said.get("font-weight", ""), said.get("font", ""), ("bold", "bolder", "600", "700", "800", "900")),
        italic=_stands(said.get("font-style", ""), said.get("font", ""), ("italic", "oblique")),
        struck="line-through" in said.get("text-decoration", "") or "line-through" in said.get("text-decoration-line", ""),
        shift={"super": "^", "sub": "_"}.get(said.get("vertical-align", ""), ""),
        marker=said.get("list-style-type", said.get("list-style", "")),
        kept=_KEPT.get(said.get("white-space", "")),
    )


_KEPT = {"pre": True, "pre-wrap": True, "pre-line": True, "break-spaces": True, "normal": False, "nowrap": False}


def _stands(value: str, font: str, forms: Sequence[str]) -> bool | None:
    """Whether a property, or `font` for it, says one of these; None where neither is said."""
    if value and value != "inherit":
        return value in forms
    return any(word in forms for word in font.split()[:4]) or None


def _ground(said: dict[str, str]) -> dict[str, object]:
    colour: Colour | None = None
    for name in ("background", "background-color"):
        value = said.get(name, "")
        found = colour_of(value) or next((c for word in value.split()[:4] if (c := colour_of(word)) is not None), None)
        colour = found if found not in (None, CLEAR) else colour
    picture = f"{said.get('background', '')} {said.get('background-image', '')}"
    return {"ground": colour, "pictured": "url(" in picture or "gradient" in picture}


def _pixels(value: str) -> float | None:
    match = _LENGTH.match(value.strip())
    return float(match.group(1)) * _PIXELS[match.group(2) or "px"] if match else None


def _is_tiny(value: str) -> bool | None:
    """By the size of the letters; in `font` it stands before the line's height or the family."""
    for word in value.replace("/", " ").split()[:6]:
        match = _LENGTH.match(word)
        if match and (match.group(2) or float(match.group(1)) == 0):
            # a share of the size around is tiny where it is next to nothing
            size = float(match.group(1)) * _PIXELS[match.group(2) or "px"]
            return size < (_SMALLEST if match.group(2) != "%" else 50)
    return False if value in ("small", "medium", "large", "x-large", "larger", "initial") else None


def _is_gone(said: dict[str, str]) -> bool:
    get = said.get
    if get("display") == "none" or get("mso-hide") == "all":
        return True
    if (value := get("opacity")) and re.fullmatch(r"\d*\.?\d+%?", value) and _share(value) <= _FAINT:
        return True
    if get("overflow", get("overflow-y", "")) in ("hidden", "clip") and any(
        (size := _pixels(get(name, ""))) is not None and size < _SMALLEST
        for name in ("height", "max-height", "width", "max-width")
    ):
        return True
    if _is_clipped(get("clip", ""), get("clip-path", "")):
        return True
    if get("position") in ("absolute", "fixed", "relative") and any(
        (place := _pixels(get(name, ""))) is not None and place <= _OFF_PAGE for name in ("left", "top", "right", "bottom")
    ):
        return True
    moved = get("transform", "")
    if re.search(r"scale[xy]?\(\s*0*\.?0+\s*[,)]|translate[xy3d]*\(\s*-\d{4,}", moved):
        return True
    edges = (get("text-indent", ""), get("margin-left", ""), get("margin-top", ""), *get("margin", "").split()[:4])
    return any((edge := _pixels(value)) is not None and edge <= _OFF_PAGE for value in edges)


def _is_clipped(clip: str, path: str) -> bool:
    if clip.startswith("rect("):
        sides = [_pixels(word) for word in re.split(r"[ ,]+", clip[5:].rstrip(") ").strip())[:4]]
        if len(sides) == 4 and None not in sides:
            top, right, bottom, left = (side or 0.0 for side in sides)
            return bottom - top < _SMALLEST or right - left < _SMALLEST
    return bool(
        re.match(r"inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0|polygon\(\s*0(?:px)? 0(?:px)?\s*(?:,\s*0(?:px)? 0(?:px)?\s*)*\)", path)
    )


def uncommented(source: str) -> str:
    """Without comments, and without the marks by which a sheet was hidden from programs that know none."""
    out: list[str] = []
    at = 0
    while (start := source.find("/*", at)) >= 0:
        out.append(source[at:start])
        end = source.find("*/", start + 2)
        at = end + 2 if end >= 0 else len(source)
    return "".join([*out, source[at:]]).replace("<!--", " ").replace("-->", " ")
