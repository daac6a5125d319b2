"""An office whose officers release by mail: letters wait for approval, the group has a list, originals are rebuilt in the jail."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

from msgspec.structs import replace as changed

from intake.digest.tokens import tokens_in
from intake.doors.rebuilder import JailedRebuilder
from intake.doors.share import InstalledShare
from intake.doors.site import revision_folder, revision_store
from intake.model.ledger import OutboxState, Outgoing
from intake.model.record import Action, Ruling
from intake.pipeline.releasing import carry_out
from tests.fakes.orders import OrderHouse

GROUP = "group@lists.council-group.example"


class Desk(OrderHouse):
    """See above."""

    def _open(self) -> Any:
        office = super()._open()
        self.round = changed(self.round, channels=changed(self.round.channels, group_address=GROUP))
        office.rounds = (self.round,)
        office.letters = replace(office.letters, mode="approve")
        office.rebuilder = JailedRebuilder(InstalledShare(None).text("config", "reading.toml"))
        office.released = self._released
        return office

    def close(self) -> None:
        self.office.rebuilder.close()  # type: ignore[attr-defined]
        super().close()

    def _released(self, round_id: str, number: int, name: str) -> bytes | None:
        path = revision_folder(self.folder, round_id, number) / name
        return path.read_bytes() if path.is_file() else None

    def work(self) -> int:
        """What the daemon's child does."""
        return carry_out(self.office, self.round, revision_store(self.folder))

    def mail_to(self, address: str) -> EmailMessage:
        """The last letter to somebody."""
        letter = [item for item in self.office.ledger.letters() if item.recipient == address][-1]
        return email.message_from_bytes(letter.raw, policy=email.policy.default)  # type: ignore[return-value]

    def waiting_letters(self) -> list[Outgoing]:
        return list(self.office.ledger.letters(self.round.id, (OutboxState.WAITING_APPROVAL,)))

    def orders(self, action: Action = Action.ERRAND) -> list[Ruling]:
        return [ruling for ruling in self.rulings() if ruling.action is action]


def text_of(mail: EmailMessage) -> str:
    return str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n")  # type: ignore[union-attr]


def offered(text: str, words: str) -> tuple[str, str]:
    """(number in brackets, token) of the first line of a letter that offers these words."""
    flat = " ".join(text.split())
    for number, rest in re.findall(r"\[(\d+)\] ((?:(?!\[\d+\]).)*)", flat):
        if f"{words} I1-" in rest or f"{words} / " in rest:
            return f"[{number}]", tokens_in(rest)[0]
    raise AssertionError(f"{words!r} is not offered in:\n{text}")
