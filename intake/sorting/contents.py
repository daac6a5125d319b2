"""What a message brings: its attachments under their own names, and the sketch by which near-identical texts are found."""

from __future__ import annotations

from collections.abc import Sequence

from rensa import RMinHash

from intake.model.mail import Part, Reading, Scan
from intake.model.verdict import Attachment
from intake.sorting.folding import folded, words_of

PERMUTATIONS = 128
SHINGLE = 3
_ARCHIVES = (
    "application/zip",
    "application/x-zip-compressed",
    "application/x-tar",
    "application/gzip",
    "application/x-bzip2",
    "application/x-xz",
)

_ENCLOSING = "application/pdf"
"""Is a document itself, whatever files were put into it."""


def attachments_of(reading: Reading) -> tuple[Attachment, ...]:
    """The attachments under their own names, after opening TNEF, S/MIME and attached messages; a zip is listed as such."""
    return tuple(_attachments(reading.parts))


def _attachments(parts: Sequence[Part]) -> list[Attachment]:
    found: list[Attachment] = []
    for part in parts:
        if part.message is not None:
            found += _attachments(part.children)  # those of the message itself count their paths from 1 again
        elif part.children and not _is_archive(part):
            found += _attachments(part.children)
            if part.sniffed_type != _ENCLOSING:
                continue
        if part.message is None and not part.body and part.state is not None:
            name = part.name or part.path
            found.append(
                Attachment(
                    part=part.path,
                    name=name,
                    sha256=part.sha256,
                    size_bytes=part.size_bytes,
                    state=part.state,
                    scan=worst_scan(part),
                )
            )
    return found


def worst_scan(part: Part) -> Scan:
    """A scanner's word on a file and on what it holds: infected before unscanned before clean."""
    said = {part.scan, *(worst_scan(child) for child in part.children)}
    return next((word for word in (Scan.INFECTED, Scan.UNSCANNED, Scan.CLEAN) if word in said), Scan.OFF)


def _is_archive(part: Part) -> bool:
    return part.sniffed_type in _ARCHIVES or (part.name or "").lower().endswith(".zip")


def sketch(text: str) -> tuple[int, ...]:
    """MinHash signature of a text's word 3-grams; () for a text of fewer than twenty words."""
    tokens = words_of(folded(text[:60000]))
    if len(tokens) < 20:
        return ()
    shingles = [" ".join(tokens[index : index + SHINGLE]) for index in range(len(tokens) - SHINGLE + 1)]
    made = RMinHash(num_perm=PERMUTATIONS, seed=1336)
    made.update(shingles)
    return tuple(made.digest())
