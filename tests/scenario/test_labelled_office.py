"""The office on the labelled round: proofs before print and their corrections, and decision sheets, with what is forged among them."""

from __future__ import annotations

import email
import email.policy
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from intake.cli.rehearse import read_arrivals
from intake.model.record import Response
from intake.model.round import ProofRule
from intake.pipeline import cases_of, settle_orders, verify
from intake.pipeline.matters import waiting
from intake.pipeline.notices import proof_letters, queue
from intake.pipeline.proofs import proposals
from intake.settings import load_round
from tests.fakes.orders import BEN, HOST, OrderHouse, filled, laid, mail_from
from tests.scenario.test_words_printed import LABELLED

pytestmark = [pytest.mark.shared, pytest.mark.timeout(900)]
NEW = "Ministry of Posts and Ports"


class LabelledHouse(OrderHouse):
    """The round with its officers; our own host stands in front of its mailbox, too."""

    def _open(self) -> Any:
        consultation = load_round(LABELLED / "round.toml", strict=False)
        channels = replace(consultation.channels, trusted_hosts=(*consultation.channels.trusted_hosts, HOST))
        self.round = replace(consultation, channels=channels)
        office = super()._open()
        office.rounds = (self.round,)
        return office

    def fill(self) -> None:
        mail = read_arrivals(LABELLED)
        for item in mail:
            self.take([item.raw], at=item.internaldate)
        self.clock.advance(max(item.internaldate for item in mail) - self.clock.now())
        self.judge()


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The round, taken in once."""
    if not LABELLED.is_dir():
        pytest.skip("the labelled round is not beside the checkout")
    return laid(tmp_path_factory.mktemp("labelled") / "state", LabelledHouse)


@pytest.fixture
def house(begun: Path, tmp_path: Path) -> Iterator[LabelledHouse]:
    made = LabelledHouse(Path(shutil.copytree(begun, tmp_path / "state")))
    made.clock.advance(max(item.internaldate for item in read_arrivals(LABELLED)) - made.clock.now())
    made.judge()
    yield made
    assert verify(made.office).faults == ()
    made.close()


def of(house: OrderHouse, key: str) -> Response:
    return next(item for item in house.judge().responses if key in item.messages)


def corrected(house: OrderHouse, letter: Any, sender: str, results: str) -> str:
    """Somebody answers a proof and corrects the organization."""
    message = email.message_from_bytes(letter.raw, policy=email.policy.default)
    text = str(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    quoted = "\n".join(f"> {line}" for line in text.split("\n"))
    mail = mail_from(
        sender,
        f"Organization: {NEW}\n\nOn Monday the secretariat wrote:\n{quoted}\n",
        house.clock.now(),
        results=results,
        headers={"In-Reply-To": letter.message_id},
    )
    return house.receive(mail)


def proposed(house: OrderHouse) -> dict[str, Any]:
    found = proposals(house.office, house.round, house.judge(), cases_of(house.office, house.round))
    return {one.correction.message: one for one in found}


def said(house: OrderHouse) -> list[Any]:
    return [(item.id, item.status, item.respondent, item.answers) for item in house.judge().responses]


def test_a_correction_of_each_proof_is_a_proposal_with_its_difference_and_a_forged_one_is_not_applied(
    house: LabelledHouse,
) -> None:
    letters = queue(house.office, proof_letters(house.office, house.round))
    assert len(letters) >= 3, "the round has senders whom its host vouched for"
    before = said(house)
    good, forged = [], []
    for letter in letters[:6]:
        domain = letter.recipient.rpartition("@")[2]
        good.append(corrected(house, letter, letter.recipient, f"dmarc=pass header.from={domain}"))
        forged.append(corrected(house, letter, letter.recipient, f"dmarc=fail header.from={domain}"))
        stranger = corrected(house, letter, "someone@elsewhere.example", "dmarc=pass header.from=elsewhere.example")
        assert stranger not in proposed(house)
    found = proposed(house)
    assert set(good) <= set(found)
    for key in good:
        changes = [(item.field, item.old, item.new) for item in found[key].changes]
        assert changes == [("organization", found[key].response.respondent.organization or "", NEW)]
        assert found[key].correction.trusted
    assert not any(found[key].correction.trusted for key in forged)
    assert said(house) == before, "nothing is applied by itself"
    house.round = replace(house.round, proof=ProofRule(fields=("organization",)))
    house.office.rounds = (house.round,)
    house.office.judged.clear()
    settle_orders(house.office, house.round)
    assert {ruling.message for ruling in house.rulings()} == set(good), "by the round's rule, of authenticated senders alone"
    assert all(of(house, found[key].correction.target).respondent.organization == NEW for key in good)
    assert set(forged) & set(proposed(house)) == set(), "what it says stands now"


def test_a_sheet_settles_what_waits_and_what_is_forged_is_refused(house: LabelledHouse) -> None:
    record = house.judge()
    assert {"held", "withheld"} <= {item.kind for item in waiting(house.office, house.round)}
    data = filled(
        house.sheet("ben"),
        lambda cells, _: {"response held": ("exclude", "a test"), "withholding proposed": ("redact", "as proposed")}.get(
            cells["What waits"]
        ),
    )
    rulings = len(house.rulings())
    mail = mail_from(BEN, "The sheet.\n", house.clock.now(), files=[("s.xlsx", data)], results="dmarc=fail")
    house.receive(mail)
    assert (house.refused()[-1], len(house.rulings())) == ("not_authenticated", rulings)
    changed = filled(data, lambda _cells, _number: None, change=_swapped)
    house.receive(mail_from(BEN, "Sorted.\n", house.clock.now(), files=[("s.xlsx", changed)]))
    followed = len(house.rulings()) - rulings
    assert set(house.refused()[1:]) == {"altered"}
    assert followed == 0
    house.receive(mail_from(BEN, "Here it is.\n", house.clock.now(), files=[("s.xlsx", data)]))
    held = [item for item in record.responses if item.status.value == "held"]
    assert len(house.rulings()) > rulings + len(held) - 1
    assert not any(item.status.value == "held" for item in house.judge().responses)
    left = {item.kind for item in waiting(house.office, house.round)}
    assert not {"held", "withheld"} & left
    before = house.facts()
    house.rebuild(lose=True)
    house.judge()
    assert house.facts() == before


def _swapped(page: Any) -> None:
    """Every token stands a character aside."""
    for row in page.iter_rows():
        if str(row[9].value).startswith("I1-"):
            row[0].value = f"{row[0].value}0"
