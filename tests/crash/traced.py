"""A life of the daemon's pass for a tracer to watch: `python -m tests.crash.traced FOLDER SMTP_PORT`; mails in one batch, a letter for each."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from intake.doors.smtp import SmtpPost, SmtpRelay
from tests.fakes.bureau import Bureau, mail

MAILS = 5
"""More than are synced one by one (FILES_SYNCED_ALONE)."""


def main() -> None:
    """The first look, a day, the mails, one pass."""
    bureau = Bureau(Path(sys.argv[1]))
    bureau.drafts = False
    post = SmtpPost(SmtpRelay(host="127.0.0.1", port=int(sys.argv[2]), tls="none", timeout_s=20, dot_timeout_s=20))
    bureau.doors = (bureau.doors[0], post)
    with bureau.life() as office:
        bureau.cycle(office)
        bureau.clock.advance(timedelta(days=1))
        bureau.mailbox.deliver([mail(number) for number in range(MAILS)], bureau.clock.now())
        bureau.cycle(office)
    post.close()


if __name__ == "__main__":
    main()
