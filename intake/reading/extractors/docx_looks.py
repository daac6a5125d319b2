"""How runs of a Word document look, of their own and by their styles: emphasis, what is not shown, where a link leads (ECMA-376 17.3.2)."""

from __future__ import annotations

from lxml import etree

from intake.model.text import Run
from intake.reading.builder import shifted
from intake.reading.extractors.xml import local
from intake.reading.styles import WHITE, alike, colour_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TOGGLES = ("vanish", "b", "bCs", "i", "iCs", "strike", "dstrike")
_DEEPEST_STYLE = 20
_BARE_TABLES = ("", "TableGrid", "TableNormal", "a3", "a1")
"""Styles of tables that give no cell a ground; under the names of other languages Word numbers its own."""


def on(element: etree._Element | None) -> bool:
    """Whether a property is there and not switched off (17.17.4)."""
    return element is not None and element.get(f"{W}val", "true") not in ("0", "false", "none", "off")


class Looks:
    """What the styles of a document say of its runs. `dark`: its pages may have a ground of another colour than white."""

    def __init__(self, styles: etree._Element | None, *, dark: bool = False) -> None:
        self._own: dict[str, dict[str, bool]] = {}
        self._base: dict[str, str] = {}
        self._grounds: set[str] = set()
        self._dark = dark
        for style in styles.iter(f"{W}style") if styles is not None else ():
            identity = style.get(f"{W}styleId", "")
            properties = style.find(f"{W}rPr")
            if properties is not None:
                told = {name: on(said) for name in _TOGGLES if (said := properties.find(f"{W}{name}")) is not None}
                if told:
                    self._own[identity] = told
            if _shaded(properties) or _shaded(style.find(f"{W}pPr")):
                self._grounds.add(identity)
            base = style.find(f"{W}basedOn")
            self._base[identity] = base.get(f"{W}val", "") if base is not None else ""

    def hides(self, run: etree._Element, paragraph: etree._Element) -> bool:
        """Whether nobody sees the words of a run: hidden text, letters of two points or less, white ones on white."""
        properties = run.find(f"{W}rPr")
        if properties is None and not self._own:
            return False
        if self._says("vanish", properties, paragraph):
            return True
        if properties is None:
            return False
        size = properties.find(f"{W}sz")
        if size is not None and size.get(f"{W}val", "") in ("0", "1", "2", "3", "4"):  # half points
            return True
        colour = properties.find(f"{W}color")
        told = colour_of(f"#{colour.get(f'{W}val', '')}") if colour is not None else None
        return told is not None and alike(told, WHITE) and not self._on_ground(run, properties, paragraph)

    def told(self, text: str, run: etree._Element | None, paragraph: etree._Element, *, heading: bool, link: str | None) -> Run:
        """Words with their emphasis; raised and lowered figures by their own signs. A heading is heavy by itself."""
        properties = run.find(f"{W}rPr") if run is not None else None
        if properties is None and not self._own:
            return Run(text=text, link=link)
        place = properties.find(f"{W}vertAlign") if properties is not None else None
        sign = {"superscript": "^", "subscript": "_"}.get(place.get(f"{W}val", "") if place is not None else "")
        complex_ = properties is not None and (on(properties.find(f"{W}rtl")) or on(properties.find(f"{W}cs")))
        around = None if heading else paragraph
        return Run(
            text=shifted(text, sign) if sign else text,
            bold=self._says("b", properties, around) or (complex_ and self._says("bCs", properties, around)),
            italic=self._says("i", properties, around) or (complex_ and self._says("iCs", properties, around)),
            struck=self._says("strike", properties, around) or self._says("dstrike", properties, around),
            link=link,
        )

    def _says(self, name: str, properties: etree._Element | None, paragraph: etree._Element | None) -> bool:
        """What a run says of itself, else its style, else that of its paragraph."""
        if properties is not None and (said := properties.find(f"{W}{name}")) is not None:
            return on(said)
        if not self._own:
            return False
        for style in _styles_of(properties, paragraph):
            if (told := self._by_style(style, name)) is not None:
                return told
        return False

    def _by_style(self, style: str, name: str) -> bool | None:
        for _ in range(_DEEPEST_STYLE):
            told = self._own.get(style, {}).get(name)
            if told is not None or not style:
                return told
            style = self._base.get(style, "")
        return None

    def _on_ground(self, run: etree._Element, properties: etree._Element, paragraph: etree._Element) -> bool:
        """Whether letters may stand on something that is not white: a ground of their own, of a cell, a box or the page."""
        if self._dark or _shaded(properties) or _shaded(paragraph.find(f"{W}pPr")):
            return True
        for style in _styles_of(properties, paragraph):
            for _ in range(_DEEPEST_STYLE):
                if style in self._grounds:
                    return True
                style = self._base.get(style, "")
        for around in run.iterancestors():
            name = local(around)
            if name == "txbxContent" or (name == "tc" and _shaded(around.find(f"{W}tcPr"))):
                return True
            if name == "tbl":
                style_of = around.find(f"{W}tblPr/{W}tblStyle")
                if _shaded(around.find(f"{W}tblPr")) or (
                    style_of is not None and style_of.get(f"{W}val", "") not in _BARE_TABLES
                ):
                    return True
        return False


def _styles_of(properties: etree._Element | None, paragraph: etree._Element | None) -> list[str]:
    found = [
        properties.find(f"{W}rStyle") if properties is not None else None,
        paragraph.find(f"{W}pPr/{W}pStyle") if paragraph is not None else None,
    ]
    return [element.get(f"{W}val", "") for element in found if element is not None]


def _shaded(properties: etree._Element | None) -> bool:
    """Whether a ground is said that may not be white: by colour, theme, pattern or a marker."""
    if properties is None:
        return False
    marker = properties.find(f"{W}highlight")
    if marker is not None and marker.get(f"{W}val", "") not in ("none", "white"):
        return True
    ground = properties.find(f"{W}shd")
    if ground is None:
        return False
    fill = ground.get(f"{W}fill", "auto").lower()
    pattern = ground.get(f"{W}val", "clear") not in ("clear", "nil")
    return pattern or ground.get(f"{W}themeFill") is not None or fill not in ("auto", "ffffff", "")
