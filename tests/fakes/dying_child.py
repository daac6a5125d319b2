"""A rebuilding child that a certain original kills."""

from __future__ import annotations

import os

from intake.doors import rebuild_child
from intake.model.release import ReleasedForm, ToRelease
from intake.publication import released_form


def _release(job: ToRelease) -> ReleasedForm:
    if job.octets == b"die":
        os._exit(1)
    return released_form.release(job)


if __name__ == "__main__":
    rebuild_child.release = _release  # type: ignore[assignment]
    rebuild_child.main()
