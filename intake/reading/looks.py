"""How text looks at a place of a page, by all the elements around it: what is not seen, and by which hand it seems written."""

from __future__ import annotations

from lxml import html as lxml_html
from msgspec import Struct

from intake.reading.styles import BLACK, CLEAR, WHITE, Colour, Style, alike, colour_of, ink

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}


class Ink(Struct, frozen=True, kw_only=True):
    """What tells one writer's words from another's on one page, as a reader sees it."""

    colour: Colour = BLACK
    ground: Colour = WHITE
    bold: bool = False
    italic: bool = False


USUAL = Ink()


class Look(Struct, frozen=True, kw_only=True):
    """How text looks here, by all the elements around it. `ground`: None where it may be anything (a picture)."""

    bold: bool = False
    italic: bool = False
    struck: bool = False
    shift: str = ""
    link: str | None = None
    pre: bool = False
    gone: bool = False
    tiny: bool = False
    unseen: bool = False
    colour: Colour = BLACK
    ground: Colour | None = WHITE
    hidden: bool = False

    @property
    def ink(self) -> Ink:
        """As a reader sees it: nearly black is black, nearly white white."""
        ground = self.ground if self.ground is not None and min(self.ground) < _PALE else WHITE
        return Ink(colour=ink(self.colour), ground=ground, bold=self.bold, italic=self.italic)


_PALE = 0xF0
PLAIN = Look()
_BLUE = (0, 0, 238)
_STRUCK = ("s", "strike", "del")
_SHIFTED = {"sup": "^", "sub": "_"}
_BOLD = {"b", "strong", "th", *HEADINGS}
_ITALIC = {"i", "em", "cite"}
_KEPT = {"pre", "listing", "xmp"}
LOOKS = {"a", *_BOLD, *_ITALIC, *_KEPT, *_STRUCK, *_SHIFTED}


def look_of(look: Look, tag: str, node: lxml_html.HtmlElement, style: Style) -> Look:
    """How text looks inside an element, by how it looks around it."""
    gone = look.gone or style.gone or node.get("hidden") is not None
    tiny = look.tiny if style.tiny is None else style.tiny
    unseen = look.unseen if style.unseen is None else style.unseen
    colour = style.colour or _named(tag, node) or look.colour
    ground = _ground(look.ground, node, style)
    faint = colour == CLEAR or (ground is not None and alike(colour, ground))
    return Look(
        bold=look.bold or tag in _BOLD if style.bold is None else style.bold,
        italic=look.italic or tag in _ITALIC if style.italic is None else style.italic,
        struck=look.struck or tag in _STRUCK or style.struck,
        shift=_SHIFTED.get(tag, style.shift or look.shift),
        link=((node.get("href") or "")[:2000] or None) if tag == "a" else look.link,
        pre=look.pre or tag in _KEPT if style.kept is None else style.kept,
        gone=gone,
        tiny=tiny,
        unseen=unseen,
        colour=colour,
        ground=ground,
        hidden=gone or tiny or unseen or faint,
    )


def _named(tag: str, node: lxml_html.HtmlElement) -> Colour | None:
    """The colour that a tag brings along: of `font` and the page as it says, of a link blue."""
    if tag in ("font", "body") and (value := node.get("color" if tag == "font" else "text")):
        return colour_of(value) or colour_of(f"#{value}")
    return _BLUE if tag == "a" and node.get("href") else None


def _ground(around: Colour | None, node: lxml_html.HtmlElement, style: Style) -> Colour | None:
    """What the letters stand on; None where it may be anything (pictures)."""
    if style.pictured or node.get("background"):
        return None
    if style.ground is not None:
        return style.ground
    if named := node.get("bgcolor"):
        return colour_of(named) or colour_of(f"#{named}")
    return around
