"""A PDF to its pages: what is drawn, and nothing that stands behind, beside or above it."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from intake.model.release import ReleasedForm
from intake.publication.pictures import bare_jpeg

_OF_A_PAGE = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group")
"""Keys of a page that say how it looks (ISO 32000-1, table 30); all others go."""
_NEVER = ("/Metadata", "/PieceInfo", "/LastModified", "/OPI", "/Alternates", "/StructParent", "/StructParents", "/PtData")
"""Keys that carry what is not drawn; none is ever the name of a font or picture."""
_NEVER_ON_OBJECTS = ("/Ref", "/AF", "/AA", "/ID", "/Measure", "/Name")
"""Likewise, on pictures and forms alone: elsewhere they may be names that a page's contents use."""
_MOST_OBJECTS = 400_000


def pages_only(octets: bytes) -> ReleasedForm:
    """A new file with the pages alone: no metadata, annotations, attachments, scripts, actions, forms, tags, bookmarks or older states.

    Form fields are drawn as they stand. A file with layers is listed ("layers"): a layer that is off would come to light.
    """
    try:
        with pikepdf.open(io.BytesIO(octets)) as source:
            if source.is_encrypted:
                return ReleasedForm(because="encrypted")
            removed = tuple(dict.fromkeys(_had(source)))
            if "layers" in removed:
                return ReleasedForm(because="layers")
            _draw_fields(source)
            return _rebuilt(source, removed)
    except pikepdf.PasswordError:
        return ReleasedForm(because="encrypted")
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, OSError):
        return ReleasedForm(because="damaged")  # a broken tree shows itself as any of these


def _had(source: Pdf) -> Iterator[str]:
    root = source.Root
    if "/OCProperties" in root:
        yield "layers"
    if "/Metadata" in root or (source.trailer.get("/Info") is not None and len(source.docinfo)):
        yield "metadata"
    names = root.get("/Names", Dictionary())
    if "/EmbeddedFiles" in names or "/AF" in root:
        yield "attachments"
    if "/JavaScript" in names or "/OpenAction" in root or "/AA" in root:
        yield "scripts"
    if "/AcroForm" in root:
        yield "fields"
    if "/StructTreeRoot" in root:
        yield "tags"
    if any("/Annots" in page for page in source.pages):
        yield "annotations"


def _draw_fields(source: Pdf) -> None:
    """Fields become part of their page; notes, links and stamps of reviewers are taken off first."""
    for page in source.pages:
        notes = page.get("/Annots")
        if notes is not None:
            fields = [item for item in notes if isinstance(item, Dictionary) and item.get("/Subtype") == Name.Widget]
            page.Annots = Array(fields)
    if "/AcroForm" in source.Root:
        source.flatten_annotations("screen")


def _rebuilt(source: Pdf, removed: tuple[str, ...]) -> ReleasedForm:
    with Pdf.new() as fresh:
        for page in source.pages:
            _inherit(page.obj)
            fresh.pages.append(page)
        count = len(fresh.pages)
        for page in fresh.pages:
            for key in list(page.obj.keys()):
                if key not in (*_OF_A_PAGE, "/Type", "/Parent"):
                    del page.obj[key]
        _strip(fresh)
        for key in list(fresh.Root.keys()):
            if key not in ("/Type", "/Pages"):
                del fresh.Root[key]
        out = io.BytesIO()
        fresh.save(out, deterministic_id=True, fix_metadata_version=False, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    if not count:
        return ReleasedForm(because="damaged")
    return ReleasedForm(octets=out.getvalue(), media_type="application/pdf", suffix="pdf", removed=removed, pages=count)


def _inherit(page: Object) -> None:
    """What a page has from the nodes above it (table 30, inheritable) is written on the page itself."""
    for key in ("/Resources", "/MediaBox", "/CropBox", "/Rotate"):
        node, steps = page, 0
        while key not in node and "/Parent" in node and steps < 64:
            node, steps = node["/Parent"], steps + 1
        if key in node and key not in page:
            page[key] = node[key]


def _strip(pdf: Pdf) -> None:
    """Keys that carry what is not drawn, off every object of the new file. Raises ValueError for a file beyond reason."""
    if len(pdf.objects) > _MOST_OBJECTS:
        raise ValueError("too many objects")
    for item in pdf.objects:
        _strip_one(item, 0)


def _strip_one(item: Object, depth: int) -> None:
    """One object and what lies directly in it; what it refers to is an object of its own."""
    if depth > 50:
        raise ValueError("nested too deep")
    if isinstance(item, Dictionary | Stream):
        drawn = isinstance(item, Stream) and item.get("/Subtype") in (Name.Image, Name.Form)
        for key in list(item.keys()):
            if key in _NEVER or (drawn and key in _NEVER_ON_OBJECTS):
                del item[key]
            else:
                _strip_direct(item[key], depth)
        if drawn and item.get("/Filter") == Name.DCTDecode:
            _bare_photograph(item)
    elif isinstance(item, Array):
        for inner in item:
            _strip_direct(inner, depth)


def _bare_photograph(item: Object) -> None:
    """A photograph inside a page loses what the camera wrote, as one beside it does."""
    raw = item.read_raw_bytes()
    bare = bare_jpeg(raw)
    if bare is not None and bare != raw:
        marks = item.get("/DecodeParms")
        item.write(bare, filter=Name.DCTDecode, decode_parms=marks if isinstance(marks, Dictionary) else None)


def _strip_direct(inner: object, depth: int) -> None:
    if isinstance(inner, Dictionary | Array) and not inner.is_indirect:
        _strip_one(inner, depth + 1)
