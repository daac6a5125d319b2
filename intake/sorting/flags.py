"""The flags of a message (rounds/FORMAT.md): those that other rooms found, and link_only, wrong_date_header."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from intake.model.verdict import Attachment
from intake.sorting.view import View

_LINK = re.compile(r"https?://[^\s<>\"')\]]{8,}", re.I)
_CLOUD = re.compile(
    r"https?://[^\s/]*(?:drive\.google|docs\.google|dropbox|onedrive|1drv\.ms|sharepoint|wetransfer|we\.tl|box\.com|icloud|mega\.nz|yadi\.sk|"
    r"disk\.yandex|cloud\.mail\.ru|pan\.baidu|transfernow|sendspace|filetransfer|send\.|share\.|files?\.|cloud\.|nextcloud|seafile)",
    re.I,
)
_SENTENCES = re.compile(r"[.!?;:]\s|\n\s*\n")
_DIGIT = re.compile(r"\d")
CLOCK_ERROR = timedelta(days=2)


def flags_of(view: View, attachments: tuple[Attachment, ...], found: Iterable[str]) -> tuple[str, ...]:
    """All flags, each once, in order of the alphabet."""
    flags = set(found)
    readable = any(item.state.value in ("ok", "tracked_changes", "macro", "encrypted", "image_only") for item in attachments)
    if not view.answers and not readable and points_to_a_file(view):
        flags.add("link_only")
    if view.answers and not view.files and speaks_of_a_file(view):
        flags.add("part_missing")
    claimed = view.arrival.reading.date_claimed
    if (
        claimed is not None
        and abs(claimed - view.arrival.trust.received_at) > CLOCK_ERROR
        and view.arrival.internaldate.year > 1970
    ):
        flags.add("wrong_date_header")
    return tuple(sorted(flags))


def speaks_of_a_file(view: View) -> bool:
    """Whether the covering words put some of the answers into a file ("questions 4 and 6 are in the attached file") that is not there."""
    pieces = _SENTENCES.split(view.head)
    return any(
        view.phrases.attached.search(piece)
        and view.phrases.filed_in.search(piece)
        and view.phrases.counted.search(piece)
        and _DIGIT.search(piece)
        for piece in pieces
    )


def points_to_a_file(view: View) -> bool:
    """A link to a store of files, or a link in a short note that speaks of its document."""
    text = view.arrival.reading.text
    if "://" not in text:
        return False
    if _CLOUD.search(text):
        return True
    return (
        bool(_LINK.search(text))
        and view.mapping.substance < 60
        and len(view.note.split()) < 90
        and (
            view.phrases.ours.search(view.note) is not None
            or (
                view.phrases.texts_or_files.search(view.note) is not None and view.phrases.downloads.search(view.note) is not None
            )
        )
    )
