"""XML of documents: entities off, no network, huge trees refused."""

from __future__ import annotations

import posixpath
import re
from zipfile import ZipFile

from lxml import etree

from intake.reading.extractors.archive import member
from intake.reading.limits import Limits

_PARSER = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "recover": True,
}


_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(wordprocessingml|spreadsheetml|presentationml|drawingml|officeDocument)/")
"""Names of ISO Strict documents (ISO/IEC 29500-1) differ from the usual, transitional ones (29500-4) by this alone."""


def parse_xml(data: bytes | None) -> etree._Element | None:
    """The root element, or None for what is no XML. Strict documents of the office are given the transitional names."""
    if not data:
        return None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = re.sub(r"\A[^<]*<\?xml[^>]*\?>", "", data.decode("utf-16", "replace")).encode("utf-8", "replace")
    data = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", data)
    try:
        root: etree._Element | None = etree.fromstring(data, etree.XMLParser(**_PARSER))  # type: ignore[arg-type]
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root


def local(element: etree._Element) -> str:
    """The element's name without its namespace; "" for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def unread(*roots: etree._Element | None) -> str:
    """The defect of a document that gave no words though its letters (`t`) have some: under names that nobody knows. "" when it has none."""
    for root in roots:
        for element in root.iter("{*}t", "{*}v", "t", "v") if root is not None else ():
            if (element.text or "").strip():
                return f"words under names that are not known: {str(element.tag)[:120]}"
    return ""


def related_of(box: ZipFile, name: str, limits: Limits) -> dict[str, str]:
    """Names of the members that a member points to (ECMA-376 part 2, 9.3), by the identity of the relation."""
    folder, base = posixpath.split(name)
    links = parse_xml(member(box, f"{folder}/_rels/{base}.rels", limits))
    return {
        item.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, item.get("Target", ""))).lstrip("/")
        for item in (links.iter("{*}Relationship") if links is not None else ())
        if item.get("TargetMode", "") != "External"
    }


def related(box: ZipFile, name: str, element: str, limits: Limits) -> list[str]:
    """The same in the order in which the member's elements of that name have them; without an element, in the order of the list."""
    places = related_of(box, name, limits)
    if not element:
        return list(places.values())
    root = parse_xml(member(box, name, limits)) if places else None
    found = (identity_of(item) for item in root.iter(f"{{*}}{element}")) if root is not None else ()
    return [places[identity] for identity in dict.fromkeys(found) if identity in places]


def links_of(box: ZipFile, name: str, limits: Limits) -> dict[str, str]:
    """Where a member's links lead that lead out of the document, by their identity."""
    folder, base = posixpath.split(name)
    links = parse_xml(member(box, f"{folder}/_rels/{base}.rels", limits))
    found = links.iter("{*}Relationship") if links is not None else ()
    return {item.get("Id", ""): item.get("Target", "")[:2000] for item in found if item.get("TargetMode", "") == "External"}


def identity_of(item: etree._Element) -> str:
    """The r:id of an element: what it is, in the list of relations."""
    return next((str(value) for key, value in item.attrib.items() if str(key).endswith("}id")), "")
