"""The fresh container of a rebuilt DOCX: parts, relationships and pictures, in a fixed order; no properties of a document at all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import quoteattr

from lxml import etree

from intake.publication.docx_allowed import W

R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_WML = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_EPOCH = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KINDS = {"document": "document.main", "header": "header", "footer": "footer"}
_SETTINGS = f'{_HEAD}<w:settings xmlns:w="{W}"><w:updateFields w:val="false"/></w:settings>'

Trees = Mapping[str, tuple[etree._Element, Mapping[str, tuple[str, str]]]]


def container(trees: Trees, media: Mapping[str, bytes]) -> bytes:
    """The octets of the container; the same trees give the same octets."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in _members(trees, media):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            box.writestr(info, content)
    return out.getvalue()


def _members(trees: Trees, media: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    yield "[Content_Types].xml", _types(trees).encode()
    yield "_rels/.rels", _relations({"rId1": ("officeDocument", "word/document.xml")}).encode()
    for name in sorted(trees):
        tree, links = trees[name]
        if name == "document":
            links = {**links, "rIdsettings": ("settings", "settings.xml")}
        yield f"word/{name}.xml", _HEAD.encode() + etree.tostring(tree, encoding="UTF-8", xml_declaration=False)
        if links:
            yield f"word/_rels/{name}.xml.rels", _relations(links).encode()
    yield "word/settings.xml", _SETTINGS.encode()
    for name in sorted(media):
        yield f"word/media/{name}", media[name]


def _types(trees: Trees) -> str:
    names = {name: _KINDS.get(name.rstrip("0123456789"), name) for name in (*sorted(trees), "settings")}
    overrides = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{_WML}{kind}+xml"/>' for name, kind in names.items())
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f'<Default Extension="jpg" ContentType="image/jpeg"/>{overrides}</Types>'
    )


def _relations(links: Mapping[str, tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id={quoteattr(key)} Type="{R}/{kind}" Target={quoteattr(target)}/>'
        for key, (kind, target) in sorted(links.items())
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}relationships">{items}</Relationships>'


def inline_picture(number: int, link: str, width_emu: int, height_emu: int) -> etree._Element:
    """A picture in its line (ECMA-376 part 1, 20.4.2.8), with no name or description of the original's. Sizes in EMU, 914,400 an inch."""
    wp, a, pic = (
        f"http://schemas.openxmlformats.org/drawingml/2006/{name}" for name in ("wordprocessingDrawing", "main", "picture")
    )
    size = f'cx="{width_emu}" cy="{height_emu}"'
    named = f'id="{number}" name="Picture {number}"'
    return etree.fromstring(
        f'<w:drawing xmlns:w="{W}" xmlns:wp="{wp}" xmlns:a="{a}" xmlns:pic="{pic}" xmlns:r="{R}"><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:docPr {named}/><a:graphic><a:graphicData uri="{pic}"><pic:pic><pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{link}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        f'<a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
