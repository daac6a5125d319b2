"""The corridor: order and nothing else. Read this first.

    receive   mailbox -> vault object -> receipt -> delivery            receive.py   W0 to W5: after it nothing can be lost
    read      object -> Reading, in jailed children, cached             judge.py
    orders    officers' mail -> decisions, before it is judged          order_desk.py
    judge     Readings -> Verdicts -> Record, numbers, letters due      judge.py     one transaction, W6
    advance   the same for a few new messages of a large round          growing.py   what the fold kept goes on; else judge
    send      outbox -> SMTP, at most two copies                        send.py      A1 to A5
    digest    a day of the record -> the daily letter                   daily.py
    compile   Record -> Edition -> DOCX, PDF, HTML, Markdown            papers.py    draft, or Rev. n by release
    verify    objects, sums, journal                                    verify.py

Rooms are called with values, doors through their shapes (ports). A message that defeats a room is set aside there; what
fails here is a door, and then the step ends with what is recorded and is done again.
"""

from __future__ import annotations

from intake.pipeline.cases import cases_of
from intake.pipeline.daily import digest_day
from intake.pipeline.growing import advance, let_go_of_large
from intake.pipeline.judge import judge_round, settle_round
from intake.pipeline.office import LetterPolicy, Office
from intake.pipeline.order_desk import settle_orders
from intake.pipeline.papers import compile_round, release
from intake.pipeline.receive import Watched, receive, take_in
from intake.pipeline.send import send_due
from intake.pipeline.verify import verify

__all__ = [
    "LetterPolicy",
    "Office",
    "Watched",
    "advance",
    "cases_of",
    "compile_round",
    "digest_day",
    "judge_round",
    "let_go_of_large",
    "receive",
    "release",
    "send_due",
    "settle_orders",
    "settle_round",
    "take_in",
    "verify",
]
