"""A post in memory."""

from __future__ import annotations

from collections.abc import Callable

from intake.model.letter import HandOver, Outcome


class FakePost:
    """See ports.Post. `refuse_at`: step -> reply ("rcpt", "dot"), or "lost" at "body" and "dot"."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.recipients: list[str] = []
        self.refuse_at: dict[str, str] = {}

    def hand_over(self, raw: bytes, recipient: str, before_dot: Callable[[], None]) -> HandOver:
        """One attempt."""
        if "@" not in recipient or not recipient.isprintable():
            return HandOver(outcome=Outcome.PERMANENT, reply="not an address")
        for step in ("rcpt", "body"):
            if step in self.refuse_at:
                return self._ended(self.refuse_at[step], Outcome.TEMPORARY)
        before_dot()
        reply = self.refuse_at.get("dot", "250 taken")
        if not reply.startswith(("4", "5")):
            self.letters.append(raw)
            self.recipients.append(recipient)
        return self._ended(reply, Outcome.UNKNOWN)

    def _ended(self, reply: str, when_lost: Outcome) -> HandOver:
        kinds = {"2": Outcome.SENT, "4": Outcome.TEMPORARY, "5": Outcome.PERMANENT}
        return HandOver(outcome=kinds.get(reply[0], when_lost), reply=reply)
