"""An original to its released form: rebuilt from what is allowed, never cleaned of what is known to be bad."""

from __future__ import annotations

from intake.model.release import ReleasedForm, ToRelease
from intake.publication.docx_rebuilt import rebuild_docx
from intake.publication.pdf_pages import pages_only
from intake.publication.pictures import picture_alone

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORD_TYPES = (
    DOCX,
    "application/vnd.ms-word.document.macroenabled.12",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
    "application/vnd.ms-word.template.macroenabled.12",
)
LARGEST_BYTES = 64 * 1024 * 1024


def released_form(octets: bytes, media_type: str, *, withheld: tuple[str, ...] = ()) -> ReleasedForm:
    """The released form of one original. Total: never raises on hostile octets, but may be slow or large: run it in the jail.

    DOCX is written anew from an allow-list of elements; a PDF gives its pages; a picture its pixels' own data. Everything else is
    listed ("format"). `withheld`: words that may not leave; where they cannot be taken out for certain the original is listed.
    """
    if len(octets) > LARGEST_BYTES:
        return ReleasedForm(because="too_large")
    kind = media_type.lower().partition(";")[0].strip()
    try:
        if kind in WORD_TYPES:
            return rebuild_docx(octets, withheld)
        if withheld:
            return ReleasedForm(because="withheld")
        if kind == "application/pdf":
            return pages_only(octets)
        if kind in ("image/png", "image/jpeg"):
            return picture_alone(octets)
    except (MemoryError, RecursionError):
        return ReleasedForm(because="damaged")
    return ReleasedForm(because="format")


def release(job: ToRelease) -> ReleasedForm:
    """The same for a job as it goes through the jail's pipe."""
    return released_form(job.octets, job.media_type, withheld=job.withheld)
