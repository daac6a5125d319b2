"""Trees of WordprocessingML written anew: what is allowed is copied, everything else is left behind and told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from intake.publication.docx_allowed import CONTENT, DROPPED, UNWRAPPED, W, allowed_attributes

Element = etree._Element
_W = "{" + W + "}"
_OFF = ("0", "false", "none", "off")
DEEPEST = 60


def local(element: Element) -> str:
    """Name without its namespace; "" for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def parse(octets: bytes | None) -> Element | None:
    """A tree without entities, network or blind trust; None when there is none."""
    if not octets:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(octets, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


class Copier:
    """Copies one tree. `picture` gives the fresh element of a drawing, or None; `note` is the name of its kind of reference."""

    def __init__(self, picture: Callable[[Element], Element | None], told: set[str]) -> None:
        self._picture = picture
        self._told = told

    def content(self, source: Element, into: Element, depth: int = 0) -> None:
        """The children of an element: paragraphs, runs, tables, and what wraps them."""
        for child in source:
            self._one(child, into, depth)

    def _one(self, child: Element, into: Element, depth: int) -> None:
        name = local(child)
        if depth > DEEPEST:
            raise ValueError("nested too deep")
        if name in DROPPED:
            self._told.add(DROPPED[name])
        if name in ("drawing", "pict", "object"):
            self._drawn(child, into, depth)
        elif name == "AlternateContent":
            choice = next((item for item in child if local(item) in ("Choice", "Fallback")), None)
            if choice is not None:
                self.content(choice, into, depth + 1)
        elif name in ("footnoteReference", "endnoteReference", "footnoteRef", "endnoteRef", "separator", "continuationSeparator"):
            into.append(bare(child))
        elif name in ("oMath", "oMathPara"):
            self._formula(child, into)
        elif name in UNWRAPPED:
            if name == "hyperlink" and child.attrib:
                self._told.add("external_links")
            self.content(child, into, depth + 1)
        elif name in CONTENT and child.tag == _W + name and not self._gone(child, name):
            fresh = bare(child)
            fresh.text = child.text if name == "t" else None
            into.append(fresh)
            self.content(child, fresh, depth + 1)

    def _gone(self, child: Element, name: str) -> bool:
        """Hidden runs, and rows that a tracked change has taken out."""
        if name == "r" and _is_hidden(child.find(f"{_W}rPr")):
            self._told.add("hidden_text")
            return True
        marks = child.find(f"{_W}trPr") if name == "tr" else None
        if marks is not None and marks.find(f"{_W}del") is not None:
            self._told.add("tracked_changes")
            return True
        return False

    def _drawn(self, child: Element, into: Element, depth: int) -> None:
        fresh = self._picture(child) if local(child) == "drawing" else None
        if fresh is not None:
            into.append(fresh)
        boxes = list(_boxes(child))
        if boxes:
            self._boxed(boxes, into, depth)
        elif fresh is None:
            self._told.add("drawings")

    def _boxed(self, boxes: list[Element], into: Element, depth: int) -> None:
        """Words of a text box stand in their run, line by line: a box of its own would need the drawing around it."""
        for box in boxes:
            for paragraph in box.iter(f"{_W}p"):
                words = etree.Element(f"{_W}p")
                self.content(paragraph, words, depth + 1)
                text = "".join(item.text or "" for item in words.iter(f"{_W}t"))
                if text.strip():
                    etree.SubElement(into, f"{_W}br")
                    etree.SubElement(into, f"{_W}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"}).text = text

    def _formula(self, child: Element, into: Element) -> None:
        text = "".join(item.text or "" for item in child.iter("{*}t"))
        if text:
            run = etree.SubElement(into, f"{_W}r") if local(into) != "r" else into
            etree.SubElement(run, f"{_W}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"}).text = text


def _boxes(element: Element) -> Iterator[Element]:
    """Text boxes, the newer form of each alone."""
    for child in element:
        if local(child) == "Fallback":
            continue
        if local(child) == "txbxContent":
            yield child
        else:
            yield from _boxes(child)


def bare(element: Element) -> Element:
    """A fresh element of the same name with its allowed attributes."""
    name = local(element)
    return etree.Element(
        _W + name, allowed_attributes(name, {str(key): str(value) for key, value in element.attrib.items()}), nsmap={"w": W}
    )


def _is_hidden(marks: Element | None) -> bool:
    if marks is None:
        return False
    return any(
        (found := marks.find(_W + name)) is not None and found.get(f"{_W}val", "true") not in _OFF
        for name in ("vanish", "webHidden", "specVanish")
    )


def filtered(source: Element | None, root: str, allowed: frozenset[str]) -> Element | None:
    """A tree of marks alone (styles, numbering): allowed elements with allowed attributes, nothing of text."""
    if source is None or local(source) != root:
        return None
    fresh = etree.Element(_W + root, nsmap={"w": W})
    _filter(source, fresh, allowed, 0)
    return fresh


def _filter(source: Element, into: Element, allowed: frozenset[str], depth: int) -> None:
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    for child in source:
        name = local(child)
        if name in allowed and child.tag == _W + name:
            fresh = bare(child)
            into.append(fresh)
            _filter(child, fresh, allowed, depth + 1)
