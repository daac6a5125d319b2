"""How words of an OpenDocument file look by their styles: emphasis, what is not shown (ODF 1.2 part 1, 16.2, 20)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from msgspec import Struct

from intake.reading.extractors.xml import local
from intake.reading.styles import WHITE, alike, colour_of

_DEEPEST_STYLE = 20
_AWAY = ("collapse", "filter")
_WIDEST = 1_024
_FRAMES = ("table-cell", "covered-table-cell", "text-box", "custom-shape", "page")
"""What may have a ground of its own by a style that is not asked here."""


class Mark(Struct, frozen=True):
    """How words look; None where nothing is said. `shift`: "^" raised, "_" lowered."""

    struck: bool | None = None
    shift: str | None = None
    bold: bool | None = None
    italic: bool | None = None

    def inside(self, outer: Mark) -> Mark:
        """What counts where this is said within something else."""
        pairs = zip(
            (self.struck, self.shift, self.bold, self.italic), (outer.struck, outer.shift, outer.bold, outer.italic), strict=True
        )
        return Mark(*(own if own is not None else around for own, around in pairs))  # type: ignore[arg-type]  # in their order


BARE = Mark()


class Looks:
    """What the styles of a document say."""

    def __init__(self, *roots: etree._Element | None) -> None:
        self._marks: dict[str, Mark] = {}
        self._display: dict[str, bool] = {}
        self._colours: dict[str, bool] = {}  # whether the letters are white
        self._grounds: set[str] = set()
        self._tables: set[str] = set()  # sheets that are not shown
        self._parent: dict[str, str] = {}
        self._resolved: dict[str, Mark] = {}
        for style in _styles(*roots):
            name = attribute(style, "name")
            self._parent[name] = attribute(style, "parent-style-name")
            for properties in style:
                if local(properties) == "text-properties":
                    self._read(name, properties)
                elif local(properties) == "table-properties" and attribute(properties, "display") == "false":
                    self._tables.add(name)
                elif attribute(properties, "background-color") not in ("", "transparent", "#ffffff"):
                    self._grounds.add(name)

    def _read(self, name: str, properties: etree._Element) -> None:
        if (mark := _mark(properties)) != BARE:
            self._marks[name] = mark
        if said := attribute(properties, "display"):
            self._display[name] = said == "none"
        if told := colour_of(attribute(properties, "color")):
            self._colours[name] = alike(told, WHITE)
        if attribute(properties, "background-color") not in ("", "transparent", "#ffffff"):
            self._grounds.add(name)

    def mark(self, element: etree._Element) -> Mark:
        """What its style says, and those that it is made from."""
        name = attribute(element, "style-name")
        if not name or not self._marks:
            return BARE
        if name not in self._resolved:
            found = BARE
            for at in self._line(name):
                found = found.inside(self._marks.get(at, BARE))
            self._resolved[name] = found
        return self._resolved[name]

    def hides(self, element: etree._Element, name: str) -> bool:
        """Whether nobody sees a paragraph, a heading, some words, a section, a sheet or a row of one."""
        if name == "table":
            return attribute(element, "style-name") in self._tables
        if name == "table-row":
            return attribute(element, "visibility") in _AWAY
        if name not in ("p", "h", "span"):
            return name == "section" and attribute(element, "display") == "none"
        if not self._display and not self._colours:
            return False
        style = attribute(element, "style-name")
        if next((self._display[at] for at in self._line(style) if at in self._display), False):
            return True
        white = next((self._colours[at] for at in self._line(style) if at in self._colours), False)
        return white and not self._on_ground(element, style)

    def _on_ground(self, element: etree._Element, style: str) -> bool:
        if any(at in self._grounds for at in self._line(style)):
            return True
        return any(
            local(around) in _FRAMES or any(at in self._grounds for at in self._line(attribute(around, "style-name")))
            for around in element.iterancestors()
        )

    def _line(self, name: str) -> Iterator[str]:
        """A style and those that it is made from, the nearest first."""
        for _ in range(_DEEPEST_STYLE):
            if not name:
                return
            yield name
            name = self._parent.get(name, "")


def hidden_columns(table: etree._Element) -> frozenset[int]:
    """Columns of a sheet that are not shown, the first is 0."""
    found: set[int] = set()
    at = 0
    for column in table.iter("{*}table-column"):
        times = attribute(column, "number-columns-repeated")
        size = max(1, int(times) if times.isdecimal() and len(times) < 6 else 1)
        if attribute(column, "visibility") in _AWAY:
            found.update(range(at, min(at + size, _WIDEST)))
        at += size
        if at > _WIDEST:
            break
    return frozenset(found)


def _styles(*roots: etree._Element | None) -> Iterator[etree._Element]:
    for root in roots:
        yield from root.iter("{*}style") if root is not None else ()


def _mark(properties: etree._Element) -> Mark:
    lines = [attribute(properties, f"text-line-through-{name}") for name in ("style", "type")]
    place = attribute(properties, "text-position").split(" ")[0]
    shift = "^" if place == "super" or (place.rstrip("%").isdecimal() and place not in ("0", "0%")) else ""
    shift = "_" if place == "sub" or place.startswith("-") else shift
    weights = [attribute(properties, name) for name in ("font-weight", "font-weight-complex")]
    slants = [attribute(properties, name) for name in ("font-style", "font-style-complex")]
    return Mark(
        struck=any(line not in ("", "none") for line in lines) if any(lines) else None,
        shift=shift if place else None,
        bold=any(weight in _HEAVY for weight in weights) if any(weights) else None,
        italic=any(slant in ("italic", "oblique") for slant in slants) if any(slants) else None,
    )


_HEAVY = ("bold", "600", "700", "800", "900")


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by its local name, whatever its namespace."""
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), "")
