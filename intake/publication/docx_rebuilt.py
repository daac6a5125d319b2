"""A DOCX written anew: its words, marks, tables, notes, heads and pictures, in a fresh container that has nothing else."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping, Sequence

from lxml import etree
from msgspec import Struct

from intake.model.release import ReleasedForm
from intake.publication.docx_allowed import NUMBERING, STYLES, W
from intake.publication.docx_container import R, container, inline_picture
from intake.publication.docx_tree import Copier, Element, filtered, local, parse
from intake.publication.docx_words import Held, take_out
from intake.publication.pictures import bare_jpeg, bare_png

_W, _R = "{" + W + "}", "{" + R + "}"
_MEMBER_BYTES = 80 * 1024 * 1024
_UNPACKED_BYTES = 400 * 1024 * 1024
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_UNSAID = {"vbaproject.bin": "macros", "vbadata.xml": "macros", "comments.xml": "comments", "people.xml": "metadata", "core.xml": "metadata",
           "app.xml": "metadata", "custom.xml": "metadata"}  # fmt: skip


class Part(Struct):
    """A fresh part of the container. `links`: relationship id -> (kind, target)."""

    name: str
    tree: Element
    links: dict[str, tuple[str, str]]


def rebuild_docx(octets: bytes, withheld: Sequence[str] = ()) -> ReleasedForm:
    """The released form of a DOCX (or DOCM, DOTX). Listed when it is damaged, or when withheld words cannot be taken out for certain."""
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as box:
            if sum(item.file_size for item in box.infolist()) > _UNPACKED_BYTES:
                return ReleasedForm(because="too_large")
            if any(item.flag_bits & 1 for item in box.infolist()):
                return ReleasedForm(because="encrypted")
            return _Rebuilding(box).whole(withheld)
    except Held:
        return ReleasedForm(because="withheld")
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, EOFError, NotImplementedError, etree.LxmlError):
        return ReleasedForm(because="damaged")  # a broken container shows itself as any of these


class _Rebuilding:
    """One container being read and written."""

    def __init__(self, box: zipfile.ZipFile) -> None:
        self._box = box
        self._names = set(box.namelist())
        self._told: set[str] = {word for name in self._names if (word := _UNSAID.get(posixpath.basename(name).lower()))}
        if any("/embeddings/" in name or "/activeX/" in name for name in self._names):
            self._told.add("ole")
        self._media: dict[str, bytes] = {}

    def whole(self, withheld: Sequence[str]) -> ReleasedForm:
        """Everything that is printed, and nothing that is not."""
        main = self._tree("word/document.xml")
        body = main.find(f"{_W}body") if main is not None else None
        if body is None:
            return ReleasedForm(because="damaged")
        document = Part(name="document", tree=etree.Element(f"{_W}document", nsmap={"w": W, "r": R}), links={})
        into = etree.SubElement(document.tree, f"{_W}body")
        links = self._links("word/_rels/document.xml.rels")
        self._copier(document, links).content(body, into)
        parts = [document, *self._notes(document), *self._heads(document, body, links)]
        if withheld:
            take_out([part.tree for part in parts], withheld)
            self._told.add("withheld")
        for root, name, allowed in (("styles", "styles", STYLES), ("numbering", "numbering", NUMBERING)):
            tree = filtered(self._tree(f"word/{name}.xml"), root, allowed)
            if tree is not None:
                parts.append(Part(name=name, tree=tree, links={}))
                document.links[f"rId{name}"] = (name, f"{name}.xml")
        return ReleasedForm(
            octets=container({part.name: (part.tree, part.links) for part in parts}, self._media),
            media_type=_TYPE,
            suffix="docx",
            removed=tuple(sorted(self._told)),
        )

    def _notes(self, document: Part) -> list[Part]:
        made = []
        for name, item in (("footnotes", "footnote"), ("endnotes", "endnote")):
            source = self._tree(f"word/{name}.xml")
            if source is None:
                continue
            part = Part(name=name, tree=etree.Element(f"{_W}{name}", nsmap={"w": W, "r": R}), links={})
            copier = self._copier(part, self._links(f"word/_rels/{name}.xml.rels"))
            for note in source.iter(f"{_W}{item}"):
                marks = {key: note.get(key, "") for key in (f"{_W}id", f"{_W}type") if note.get(key, "").lstrip("-").isalnum()}
                copier.content(note, etree.SubElement(part.tree, f"{_W}{item}", marks))
            document.links[f"rId{name}"] = (name, f"{name}.xml")
            made.append(part)
        return made

    def _heads(self, document: Part, body: Element, links: Mapping[str, str]) -> list[Part]:
        """Page heads and feet of the first section that has them, at the first section of the new document."""
        fresh = next(document.tree.iter(f"{_W}sectPr"), None)
        if fresh is None:
            fresh = etree.SubElement(document.tree[0], f"{_W}sectPr")
        wanted: dict[tuple[str, str], str] = {}
        for section in body.iter(f"{_W}sectPr"):
            for item in section:
                if local(item) in ("headerReference", "footerReference"):
                    wanted.setdefault((local(item), item.get(f"{_W}type", "default")), links.get(item.get(f"{_R}id", ""), ""))
        made: list[Part] = []
        for (kind, page), target in sorted(wanted.items()):
            source = self._tree(target)
            if source is None or page not in ("default", "first", "even"):
                continue
            root, name = kind.removesuffix("Reference"), f"{kind.removesuffix('Reference')}{len(made) + 1}"
            part = Part(
                name=name, tree=etree.Element(f"{_W}{'hdr' if root == 'header' else 'ftr'}", nsmap={"w": W, "r": R}), links={}
            )
            self._copier(part, self._links(f"word/_rels/{posixpath.basename(target)}.rels")).content(source, part.tree)
            if not len(part.tree):
                etree.SubElement(part.tree, f"{_W}p")
            document.links[f"rId{name}"] = (root, f"{name}.xml")
            fresh.insert(len(made), etree.Element(f"{_W}{kind}", {f"{_W}type": page, f"{_R}id": f"rId{name}"}))
            made.append(part)
        return made

    def _copier(self, part: Part, links: Mapping[str, str]) -> Copier:
        return Copier(lambda drawing: self._picture(drawing, part, links), self._told)

    def _picture(self, drawing: Element, part: Part, links: Mapping[str, str]) -> Element | None:
        """A PNG or JPEG of the container itself, drawn in its line; pictures from elsewhere and other kinds go."""
        blip = next(drawing.iter("{*}blip"), None)
        target = links.get(blip.get(f"{_R}embed", ""), "") if blip is not None else ""
        octets = self._member(target) if target.startswith("word/media/") else None
        if octets is None:
            if blip is not None and blip.get(f"{_R}link"):
                self._told.add("external_links")
            return None
        png = bare_png(octets)
        bare = png or bare_jpeg(octets)
        if bare is None:
            return None
        name = f"picture{len(self._media) + 1}.{'png' if png else 'jpg'}"
        self._media[name] = bare
        part.links[f"rId{len(self._media)}p"] = ("image", f"media/{name}")
        extent = next(drawing.iter("{*}extent"), None)
        size = [int(extent.get(key, "0")) if extent is not None and extent.get(key, "").isdigit() else 0 for key in ("cx", "cy")]
        return inline_picture(len(self._media), f"rId{len(self._media)}p", size[0] or 914400, size[1] or 914400)

    def _links(self, name: str) -> dict[str, str]:
        """Relationships that stay inside the container: id -> member."""
        tree, found = self._tree(name), {}
        for item in tree if tree is not None else ():
            target = item.get("Target", "")
            if item.get("TargetMode", "").lower() == "external" or "://" in target:
                self._told.add("external_links")
                continue
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("word", target))
            found[item.get("Id", "")] = path
        return found

    def _tree(self, name: str) -> Element | None:
        return parse(self._member(name))

    def _member(self, name: str) -> bytes | None:
        if name not in self._names or self._box.getinfo(name).file_size > _MEMBER_BYTES:
            return None
        with self._box.open(name) as handle:
            return handle.read(_MEMBER_BYTES)
