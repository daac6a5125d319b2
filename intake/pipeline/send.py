"""Send: letters from the outbox to SMTP, at least once, at most two copies, byte-identical (docs/STATES.md, A1 to A5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from intake.model.ledger import OutboxState, Outgoing
from intake.model.letter import Outcome
from intake.pipeline.office import Office

RETRY_MINUTES = (5, 15, 30, 60, 120, 240, 480)
"""Waits after a temporary refusal; the last repeats (RFC 5321 4.5.4.1: at least 30 minutes later on, 4 to 5 days in all)."""

GIVE_UP = timedelta(days=5)
CLAIMED = 16
"""So many letters begin with one commit (A1). Those that a death or an error leaves untouched are queued again by `resume`."""
PAUSED = "letters.paused"


SLOW = timedelta(seconds=10)
REST = timedelta(minutes=5)
"""An attempt that took SLOW and came to nothing: the relay is left alone for REST. A server that is dead behind a firewall takes a minute
for each letter; meanwhile nobody would look at the mailbox, and no command would get its turn."""
AT_A_TIME = timedelta(seconds=20)
"""So long letters go out; then mail and commands have their turn, and sending goes on."""


class Sent(Struct, frozen=True, kw_only=True):
    """What one round of sending did, by the state in which each letter was left. `more`: it stopped for others' sake alone."""

    states: dict[str, int]
    more: bool = False


def send_due(office: Office, limit: int = 100) -> Sent:
    """Hand over what is due, one after the other. Nothing when letters are paused or there is no SMTP server."""
    states: Counter[str] = Counter()
    begun = office.now()
    if office.post is None or office.ledger.setting(PAUSED) or _rests(office, begun):
        return Sent(states={})
    left, more = limit, False
    while left > 0 and not more and (claimed := office.ledger.claim_due(office.now(), min(left, CLAIMED))):
        for letter in claimed:
            states[_hand_over(office, letter).value] += 1
            left -= 1
            office.pulse()
            more = office.now() - begun >= AT_A_TIME
            if more or _rests(office, office.now()):
                more = more and not _rests(office, office.now())
                office.ledger.recover_outbox(office.now())  # those of this commit that were not begun
                left = 0
                break
    if states:  # a lost ledger must not make us forget what went
        office.vault.keep_journal(office.ledger.journal_entries(office.vault.journal_seq()))
    return Sent(states=dict(states), more=more)


def _rests(office: Office, now: datetime) -> bool:
    """Whether the relay is left alone now; a clock that was set back does not prolong it."""
    return office.relay_rests is not None and now < office.relay_rests <= now + REST


def _hand_over(office: Office, letter: Outgoing) -> OutboxState:
    assert office.post is not None
    begun = office.now()

    def before_dot() -> None:
        office.ledger.mark_committing(letter.id, office.now())

    end = office.post.hand_over(letter.raw, letter.recipient, before_dot)
    now = office.now()
    if end.outcome in (Outcome.TEMPORARY, Outcome.UNKNOWN) and now - begun >= SLOW:
        office.relay_rests = now + REST
    retry_at: datetime | None = None
    if end.outcome is Outcome.TEMPORARY and now - (letter.created_at or now) < GIVE_UP:
        retry_at = now + timedelta(minutes=RETRY_MINUTES[min(letter.tries, len(RETRY_MINUTES)) - 1 if letter.tries else 0])
    if end.outcome is Outcome.UNKNOWN:
        retry_at = now + timedelta(minutes=RETRY_MINUTES[1])
    return office.ledger.settle(letter.id, end, at=now, retry_at=retry_at)


def capped(office: Office, letters: Sequence[Outgoing]) -> tuple[Outgoing, ...]:
    """The letters, with those past a cap held for a person: per address, per domain, and in all."""
    now = office.now()
    policy = office.letters
    day, hour = now - timedelta(days=1), now - timedelta(hours=1)
    going = [letter for letter in letters if letter.state not in (OutboxState.SUPPRESSED, OutboxState.HELD)]
    if not going:
        return tuple(letters)
    known = office.ledger.known_letters([letter.id for letter in going])
    asked = sorted({letter.recipient.lower() for letter in going})
    houses = sorted({address.rpartition("@")[2] for address in asked})
    addresses = Counter(office.ledger.letters_since_each(day, recipients=asked))
    domains = Counter(office.ledger.letters_since_each(day, domains=houses))
    total = office.ledger.letters_since(hour)
    passed: list[Outgoing] = []
    for letter in letters:
        if letter.state in (OutboxState.SUPPRESSED, OutboxState.HELD) or letter.id in known:
            passed.append(letter)
            continue
        address = letter.recipient.lower()
        domain = address.rpartition("@")[2]
        reason = ""
        if addresses[address] >= policy.cap_per_address_day:
            reason = f"more than {policy.cap_per_address_day} letters to this address in a day"
        elif domains[domain] >= policy.cap_per_domain_day:
            reason = f"more than {policy.cap_per_domain_day} letters to this domain in a day"
        elif total >= policy.cap_per_hour:
            reason = f"more than {policy.cap_per_hour} letters in an hour"
        if reason:
            passed.append(_held(letter, reason))
            continue
        addresses[address] += 1
        domains[domain] += 1
        total += 1
        passed.append(letter)
    return tuple(passed)


def _held(letter: Outgoing, reason: str) -> Outgoing:
    return replace(letter, state=OutboxState.HELD, reason=reason)
