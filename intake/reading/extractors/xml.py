"""XML of documents: entities off, no network, huge trees refused."""

from __future__ import annotations

from lxml import etree

_PARSER = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "recover": True,
}


def parse_xml(data: bytes | None) -> etree._Element | None:
    """The root element, or None for what is no XML."""
    if not data:
        return None
    try:
        root: etree._Element | None = etree.fromstring(data, etree.XMLParser(**_PARSER))  # type: ignore[arg-type]
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root


def local(element: etree._Element) -> str:
    """The element's name without its namespace; "" for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
