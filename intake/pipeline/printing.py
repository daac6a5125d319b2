"""An outline to files: the formats that need no press, and the PDF, in volumes where it is long."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct
from msgspec.structs import replace

from intake.compilation.renderers.pdf import pages_of, typst_data
from intake.compilation.volumes import index_lines, needs_volumes, volumes_of, with_index
from intake.compilation.words import Words
from intake.errors import Broken
from intake.model.outline import Outline
from intake.ports import Press


class Printed(Struct, frozen=True, kw_only=True):
    """PDF files by name, and the signs that stand in them by their code, with how often."""

    files: dict[str, bytes]
    replaced: dict[str, int]


def pdf_files(press: Press, source: str, outline: Outline, words: Words, name: str, responses: int = 0) -> Printed:
    """NAME.pdf; above about a hundred responses it is the first of several volumes, the others are NAME-volume-02.pdf and so on.

    Every volume is a PDF/UA-1 by itself. One after the other, because a volume's first page follows from those before it; the first is
    set twice, the second time with the pages of all in its contents.
    """
    if not needs_volumes(outline, responses):
        whole = press.typeset(source, typst_data(outline))
        return Printed(files={f"{name}.pdf": whole.pdf}, replaced=dict(whole.replaced))
    volumes = volumes_of(outline, words)
    files: dict[str, bytes] = {}
    pages: dict[tuple[int, str], int] = {}
    lines = index_lines(volumes, pages, words)
    replaced: Counter[str] = Counter()
    page = 1
    for number, volume in enumerate(volumes, 1):
        volume = with_index(volume, lines) if number == 1 else replace(volume, first_page=page)
        made = press.typeset(source, typst_data(volume))
        replaced.update(made.replaced)
        count, places = pages_of(made.pdf, volume)
        pages |= {(number, anchor): page + index for anchor, index in places.items()}
        page += count
        files[f"{name}.pdf" if number == 1 else f"{name}-volume-{number:02}.pdf"] = made.pdf
    first = with_index(volumes[0], index_lines(volumes, pages, words))
    made = press.typeset(source, typst_data(first))
    if pages_of(made.pdf, first) != pages_of(files[f"{name}.pdf"], first):
        raise Broken("the contents of all volumes changed the pages of the first one")
    files[f"{name}.pdf"] = made.pdf
    return Printed(files=files, replaced=dict(replaced))
