"""The child that rebuilds originals for release: a job in, a ReleasedForm out, confined like the one that reads."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from intake.doors.confined import run
from intake.model.release import ReleasedForm, ToRelease
from intake.publication.released_form import release
from intake.reading.read_message import collect
from intake.reading.words import ReadingWords


def work(_reason: str, job: bytes, words: ReadingWords) -> bytes:
    """A ToRelease as JSON to its ReleasedForm."""
    asked = msgspec.json.decode(job, type=ToRelease)
    octets = collect(asked.octets, words, {asked.sha256}).get(asked.sha256) if asked.sha256 else asked.octets
    form = release(replace(asked, octets=octets)) if octets is not None else ReleasedForm(because="damaged")
    return msgspec.json.encode(form)


def main() -> None:
    """Serve until the parent closes the pipe."""
    run(work)


if __name__ == "__main__":
    main()
