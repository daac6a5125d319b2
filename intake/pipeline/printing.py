"""An outline to files: the formats that need no press, and the PDF, in volumes where it is long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from msgspec import Struct

from intake.compilation.renderers import docx
from intake.compilation.renderers.pdf import pages_of, places_of, typst_data
from intake.compilation.volumes import index_lines, needs_volumes, volumes_of, with_index
from intake.compilation.words import Words
from intake.errors import Broken, Moved
from intake.model.outline import ContentsLine, Outline
from intake.ports import Pages, Press, Typeset
from intake.ports_files import WordProcessor

AT_ONCE = 2
"""Volumes under the press at one time: each takes some 350 MB, and a machine for this work has two cores."""


class Printed(Struct, frozen=True, kw_only=True):
    """PDF files by name, and the signs that stand in them by their code, with how often."""

    files: dict[str, bytes]
    replaced: dict[str, int]


def pdf_files(press: Press, source: str, outline: Outline, words: Words, name: str, responses: int = 0) -> Printed:
    """NAME.pdf; above about a hundred responses it is the first of several volumes, the others are NAME-volume-02.pdf and so on.

    Every volume is a PDF/UA-1 by itself. The first is set twice, the second time with the pages of all in its contents.
    """
    if not needs_volumes(outline, responses):
        whole = press.typeset(source, typst_data(outline))
        return Printed(files={f"{name}.pdf": whole.pdf}, replaced=dict(whole.replaced))
    volumes = volumes_of(outline, words)
    first = with_index(volumes[0], index_lines(volumes, {}, words))
    run = _Run(press, source, [first, *volumes[1:]])
    try:
        made = run.all()
    except Moved:
        run = _Run(press, source, [first, *volumes[1:]])
        made = run.all()
    pages = {
        (number, anchor): start + index
        for number, (volume, start, length) in enumerate(zip(volumes, run.starts(), run.pages, strict=True), 1)
        for anchor, index in places_of(length.headings, volume).items()
    }
    files = {f"{name}-volume-{number:02}.pdf": volume.pdf for number, volume in enumerate(made[1:], 2)}
    first = with_index(volumes[0], index_lines(volumes, pages, words))
    again = _Run(press, source, [first])
    files[f"{name}.pdf"] = again.all()[0].pdf
    if again.pages[0] != run.pages[0]:
        raise Broken("the contents of all volumes changed the pages of the first one")
    replaced: Counter[str] = Counter()
    for volume in made:
        replaced.update(volume.replaced)
    return Printed(files=files, replaced=dict(replaced))


def docx_file(outline: Outline, processor: WordProcessor | None) -> bytes:
    """The DOCX. Where a word processor lays it out and says where its headings stand, its contents say so from the first opening; a
    long one's pages come when the reader updates the contents."""
    plain = docx.render(outline)
    if processor is None or needs_volumes(outline, 0):
        return plain
    laid_out = processor.laid_out(plain)
    if laid_out is None:
        return plain
    _, places = pages_of(laid_out, outline)
    lines = [ContentsLine(level=0, text="", anchor=anchor, volume=1, place=str(page + 1)) for anchor, page in places.items()]
    return docx.render(with_index(outline, lines))


class _Run:
    """Volumes under the press, two at a time. A volume's first page follows from the length of those before it: each is laid out,
    tells its length, and is printed when the lengths of all before it are known, which are under the press before it."""

    def __init__(self, press: Press, source: str, volumes: Sequence[Outline]) -> None:
        self._press = press
        self._source = source
        self._volumes = volumes
        self._starts: list[Future[int]] = [Future() for _ in range(len(volumes) + 1)]
        self._starts[0].set_result(1)
        self.pages = [Pages(count=0, headings=())] * len(volumes)

    def all(self) -> list[Typeset]:
        """The volumes in their order. Raises what the press raised for the first that failed."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(self._one, range(len(self._volumes))))

    def starts(self) -> list[int]:
        """The number of the first page of each."""
        return [start.result() for start in self._starts[:-1]]

    def _one(self, index: int) -> Typeset:
        def first_page(pages: Pages) -> int:
            self.pages[index] = pages
            start = self._starts[index].result()
            self._starts[index + 1].set_result(start + pages.count)
            return start

        try:
            return self._press.typeset(self._source, typst_data(self._volumes[index]), first_page)
        except BaseException as error:
            if not self._starts[index + 1].done():
                self._starts[index + 1].set_exception(error)
            raise
