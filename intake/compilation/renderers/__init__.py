"""The formats, one line each. A renderer is pure: an outline in, the file's octets out; PDF gives what the press typesets."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from intake.compilation.nodes import Outline
from intake.compilation.renderers import docx, html, markdown


class Renderer(Struct, frozen=True, kw_only=True):
    """A format that needs no press."""

    name: str
    suffix: str
    render: Callable[[Outline], bytes]


RENDERERS: tuple[Renderer, ...] = (
    Renderer(name="docx", suffix="docx", render=docx.render),
    Renderer(name="html", suffix="html", render=html.render),
    Renderer(name="md", suffix="md", render=markdown.render),
)

__all__ = ["RENDERERS", "Renderer"]
