"""A letter: built, and handed over with its three commits over a kept connection."""

from __future__ import annotations

from typing import Any

from intake.doors.smtp import SmtpPost, SmtpRelay
from intake.model.record import Record
from intake.pipeline import Office, judge_round, send_due, take_in
from intake.pipeline.cases import lean_cases_of
from intake.pipeline.judge import letters_for
from tests.bench.corpus import messages
from tests.bench.house import WATCHED, office
from tests.bench.measure import Cost, aim, cost_of
from tests.bench.servers import scratch, smtp_sink, soon


def figures(quick: bool) -> dict[str, Any]:
    """Processor time of this process; the SMTP server (smtp-sink, in C) is another. Without TLS."""
    count = 30 if quick else 400
    with scratch() as folder, smtp_sink() as port:
        post = SmtpPost(SmtpRelay(host="127.0.0.1", port=port, tls="none"))
        with office(folder, post=post) as made:
            load = [(raw, at) for at, raw in messages(count, soon(), small=True)]
            take_in(made, WATCHED, load, answerable=True)
            record = judge_round(made, made.rounds[0])
            queued = sum(made.ledger.letter_counts(WATCHED.round_id).values())
            built, again = _built_again(made, record)
            made.ledger.put_setting("bench", "warm")
            handed, sent = cost_of(lambda: send_due(made, limit=count + 1))
        post.close()
    number = sent.states.get("sent", 0)
    built_ms, handed_ms = built.cpu_s * 1000 / again, handed.cpu_s * 1000 / max(number, 1)
    return {
        "letters": queued,
        "sent": number,
        "built_cpu_ms": round(built_ms, 3),
        "handed_over_cpu_ms": round(handed_ms, 3),
        "aims": {
            "letter built and handed over, CPU ms": aim(built_ms + handed_ms, 3.0, "ms"),
            "letter built and handed over, CPU ms (aimed at)": aim(built_ms + handed_ms, 1.5, "ms"),
        },
    }


def _built_again(made: Office, record: Record) -> tuple[Cost, int]:
    """Every letter of the record once more, as the first time: facts, words, octets; the messages are at hand, as they are then. Gives
    how many, too."""
    consultation = made.rounds[0]
    cases, receipts = lean_cases_of(made, consultation), made.ledger.numbers(consultation.id).receipts
    known, made.ledger.known_letters = made.ledger.known_letters, lambda _ids: set()  # type: ignore[method-assign]
    try:
        cost, letters = cost_of(lambda: letters_for(made, consultation, record, cases, receipts))
        return cost, len(letters)
    finally:
        made.ledger.known_letters = known  # type: ignore[method-assign]
