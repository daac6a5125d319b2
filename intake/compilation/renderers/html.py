"""HTML in one file: landmarks, headings in order, language and direction of every part, no resource from outside."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from html import escape

from intake.compilation.nodes import Contents, Cover, Facts, Heading, Line, Node, Outline, Quoted, Table, Told
from intake.model.text import Block, BlockKind, Run

_CSS = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;font:1rem/1.55 "Noto Sans","Noto Sans Arabic","Noto Sans CJK SC",system-ui,sans-serif;color:#1b1b1b;background:#fff}
main,header,footer{max-width:52rem;margin:0 auto;padding:0 1rem}
.skip{position:absolute;left:-99rem}.skip:focus{position:static;display:inline-block;padding:.5rem 1rem}
a{color:#0b4f8a}a:focus,[tabindex]:focus{outline:3px solid #b35c00;outline-offset:2px}
header{border-bottom:3px solid #0b4f8a;padding-top:1.5rem;padding-bottom:1rem}
.block{display:flex;gap:1rem;justify-content:space-between;flex-wrap:wrap;font-size:.95rem}.block p{margin:0}
h1{font-size:1.8rem;line-height:1.25;margin:1.2rem 0 .4rem}h2{font-size:1.4rem;margin:2.4rem 0 .6rem;border-bottom:1px solid #9aa7b3}
h3{font-size:1.15rem;margin:2rem 0 .5rem}h4{font-size:1rem;margin:1.4rem 0 .4rem}
.draft{border:2px solid #a40000;color:#a40000;padding:.5rem .75rem;font-weight:700}
.note,.source{color:#4a4a4a;font-size:.92rem}.marker{background:#fff4d6;border-inline-start:4px solid #b35c00;padding:.3rem .6rem}
.told{border-inline-start:3px solid #c9d3dc;padding-inline-start:1rem}.told p{margin:.5rem 0;white-space:pre-line;overflow-wrap:anywhere}
blockquote{margin:.5rem 0;padding:.5rem 1rem;background:#f2f5f8}
dl{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;gap:.15rem 1rem;margin:.6rem 0;font-size:.95rem}
dt{color:#4a4a4a}dd{margin:0;overflow-wrap:anywhere}
.box{display:block;border:1px solid #9aa7b3;padding:.5rem .9rem}.box dt{font-weight:700;color:#1b1b1b;margin-top:.4rem}
.item{margin:.25rem 0;padding-inline-start:1rem;text-indent:-.6rem}.item::before{content:"– "}.numbered>span{display:inline-block;min-width:2rem}
.translation{border-inline-start-style:dashed;font-style:italic}
.scroll{overflow-x:auto}.scroll th,.scroll td{min-width:4.5em}table{border-collapse:collapse;width:100%;margin:1rem 0;font-size:.95rem}
caption{text-align:start;font-weight:600;padding:.3rem 0}th,td{border:1px solid #9aa7b3;padding:.35rem .5rem;text-align:start;vertical-align:top}
thead th{background:#e6edf3}.total td,.total th{font-weight:700;border-top:2px solid #1b1b1b}
.bar{display:inline-block;height:.7rem;background:#0b4f8a;vertical-align:middle;margin-inline-start:.5rem}
nav ol{list-style:none;padding-inline-start:0}nav ol ol{padding-inline-start:1.2rem}
@media(max-width:40rem){dl{grid-template-columns:1fr}dt{margin-top:.4rem}h1{font-size:1.5rem}}
@media print{a{color:inherit;text-decoration:none}.skip{display:none}h2{break-before:page}h3,h4{break-after:avoid}}
""".strip().replace("\n", "")


def render(outline: Outline) -> bytes:
    """UTF-8, no script, nothing fetched."""
    out = io.BytesIO()
    for line in _lines(outline):
        out.write(line.encode("utf-8"))
        out.write(b"\n")
    return out.getvalue()


def _lines(outline: Outline) -> Iterator[str]:
    """Piece by piece: the whole of a long document stands in memory once."""
    yield from (
        "<!DOCTYPE html>",
        f'<html lang="{outline.language}" dir="{outline.direction}">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{_say(outline.title)} – {_say(outline.stamp)}</title><style>{_CSS}</style></head>",
        f'<body><a class="skip" href="#content">{_say(outline.skip)}</a>',
    )
    opened, under = False, ""
    named: set[str] = set()
    for node in outline.nodes:
        if isinstance(node, Cover):
            yield from _cover(node, outline)
            continue
        if not opened:
            yield '<main id="content" tabindex="-1">'
            opened = True
        if isinstance(node, Heading):
            under = node.text
        if isinstance(node, Table):
            yield from _table(node, node.caption if node.caption not in named else f"{under} – {node.caption}")
            named.add(node.caption)
        else:
            yield from _node(node, outline)
    yield from (
        "</main>",
        f"<footer><p>{_say(outline.symbol)} · {_say(outline.stamp)} · {_say(outline.date)}</p></footer>",
        "</body></html>",
    )


def _say(text: str) -> str:
    """Escaped, with control and override characters shown as the replacement mark."""
    kept = "".join(char if ord(char) >= 32 or char in "\n\t" else "\ufffd" for char in text)
    return escape("".join("\ufffd" if char in "\u202a\u202b\u202d\u202e" else char for char in kept))


def _cover(node: Cover, outline: Outline) -> Iterator[str]:
    yield '<header><div class="block">'
    meeting = f"<p>{_say(node.meeting)}</p>" if node.meeting else ""
    yield f"<div><p><strong>{_say(node.group)}</strong></p>{meeting}</div>"
    yield f"<div><p><strong>{_say(node.document)}</strong></p><p>{_say(node.date)}</p><p>{_say(node.original)}</p></div></div>"
    yield f"<h1>{_say(node.title)}</h1>{f'<p><strong>{_say(node.topic)}</strong></p>' if node.topic else ''}"
    for label, value in node.facts:
        yield f"<p>{_say(label)}{outline.colon}<bdi>{_say(value)}</bdi></p>"
    if node.box:
        yield '<dl class="box">' + "".join(f"<dt>{_say(label)}</dt><dd>{_say(text)}</dd>" for label, text in node.box) + "</dl>"
    yield "</header>"


def _node(node: Node, outline: Outline) -> Iterator[str]:
    if isinstance(node, Heading):
        yield f'<h{node.level + 1} id="{node.anchor}"><bdi>{_say(node.text)}</bdi></h{node.level + 1}>'
    elif isinstance(node, Line):
        style = f' class="{node.style}"' if node.style != "body" else ' class="numbered"' if node.label else ""
        label = f"<span>{_say(node.label)}</span> " if node.label else ""
        yield f"<p{style}>{label}{_say(node.text)}</p>"
    elif isinstance(node, Quoted):
        yield f'<blockquote lang="{node.language}" dir="{node.direction}"><p>{_say(node.text)}</p></blockquote>'
    elif isinstance(node, Facts):
        yield (
            "<dl>" + "".join(f"<dt>{_say(label)}</dt><dd><bdi>{_say(value)}</bdi></dd>" for label, value in node.pairs) + "</dl>"
        )
    elif isinstance(node, Contents):
        yield from _contents(node, outline)
    elif isinstance(node, Told):
        kind = "told translation" if node.of == "translation" else "told"
        yield f'<div class="{kind}" lang="{node.language}" dir="{node.direction}">'
        yield from _told(node.blocks)
        yield "</div>"


def _contents(node: Contents, outline: Outline) -> Iterator[str]:
    yield f'<nav aria-label="{_say(node.title)}"><h2 id="contents">{_say(node.title)}</h2><ol>'
    inner = False
    for item in outline.nodes:
        if not isinstance(item, Heading) or item.level > 2:
            continue
        link = f'<a href="#{item.anchor}"><bdi>{_say(item.text)}</bdi></a>'
        if item.level == 1:
            yield ("</ol></li>" if inner else "") + f"<li>{link}<ol>"
            inner = True
        else:
            yield f"<li>{link}</li>"
    yield ("</ol></li>" if inner else "") + "</ol></nav>"


def _table(node: Table, name: str) -> Iterator[str]:
    """`name`: of the part of the page that it is, unlike that of every other."""
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{_say(name)}"><table><caption>{_say(node.caption)}</caption>'
    yield "<thead><tr>" + "".join(f'<th scope="col">{_say(cell)}</th>' for cell in node.head) + "</tr></thead><tbody>"
    largest = max((int(row[-1]) for row in node.rows if row[-1].isdigit()), default=0) if node.bars else 0
    for index, row in enumerate(node.rows):
        last = node.total and index == len(node.rows) - 1
        cells = [f'<th scope="row"><bdi>{_say(row[0])}</bdi></th>', *(f"<td><bdi>{_say(cell)}</bdi></td>" for cell in row[1:])]
        if node.bars and not last and largest:
            width = round(12 * int(row[-1]) / largest, 2)
            cells[-1] = f'<td>{_say(row[-1])}<span class="bar" style="width:{width}rem"></span></td>'
        yield f"<tr{' class=total' if last else ''}>{''.join(cells)}</tr>"
    yield "</tbody></table></div>"


def _told(blocks: Sequence[Block]) -> Iterator[str]:
    open_as = ""
    for block in blocks:
        wanted = "table" if block.kind is BlockKind.TABLE_ROW else ""
        if open_as and wanted != open_as:
            yield "</tbody></table></div>"
            open_as = ""
        if wanted == "table":
            if not open_as:
                yield '<div class="scroll" tabindex="0"><table><tbody>'
                open_as = wanted
            yield "<tr>" + "".join(f"<td>{_runs(cell)}</td>" for cell in block.cells) + "</tr>"
        elif block.kind is BlockKind.HEADING:
            yield f"<p><strong>{_runs(block.runs)}</strong></p>"
        else:
            deeper = block.kind is BlockKind.LIST_ITEM and block.level > 1
            indent = f' style="margin-inline-start:{1.2 * (min(block.level, 6) - 1):.1f}rem"' if deeper else ""
            yield f"<p{indent}>{_runs(block.runs)}</p>"
    if open_as:
        yield "</tbody></table></div>"


def _runs(runs: Sequence[Run]) -> str:
    pieces = []
    for run in runs:
        words = _say(run.text)
        if run.bold:
            words = f"<strong>{words}</strong>"
        if run.italic:
            words = f"<em>{words}</em>"
        if run.struck:
            words = f"<s>{words}</s>"
        pieces.append(words)
    return "".join(pieces)
