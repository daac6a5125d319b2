"""The outcome letter by mail alone: an officer gives its words in an answer or in the sheet, is shown the letters, and lets them go."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from intake.model.ledger import OutboxState, Outgoing
from intake.pipeline import verify
from intake.pipeline.outcome import words_in
from tests.fakes.desk import Desk, offered, text_of
from tests.fakes.orders import BEN, filled, laid, mail_from, quoted

pytestmark = pytest.mark.timeout(280)
OFFER, WAIT = "tell respondents the outcome", "the outcome’s words wait"
WORDS = (
    "The group took note of the responses and will come back to them in a year. || Its report is public. "
    "[fr] Le groupe a pris note des réponses et y reviendra dans un an. [ar] أحاط الفريق علماً بالردود."
)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample round, released."""
    folder = laid(tmp_path_factory.mktemp("outcome") / "state", Desk)
    made = Desk(folder)
    made.judge()
    made.release()
    made.office.ledger.squeeze()
    made.close()
    return folder


@pytest.fixture
def house(begun: Path, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(Path(shutil.copytree(begun, tmp_path / "state")))
    made.clock.advance(datetime.combine(made.round.dates.group_meeting_end, time(12), UTC) - made.clock.now())
    made.office.cited = lambda _round: {1: ["Cost is the first hurdle."]}
    made.judge()
    yield made
    assert verify(made.office).faults == ()
    made.close()


def the_digest(house: Desk) -> Any:
    house.digest()
    return house.mail_to(BEN)


def answered(house: Desk, mail: Any, words: str, said: str) -> None:
    """`words`: what the letter offers, or what stands before that."""
    flat = " ".join(text_of(mail).split())
    place = flat.find(f"] {words}")  # in an answer; a digest has the number below
    number = f"{flat[flat.rindex('[', 0, place) : place]}]" if place >= 0 else offered(flat, "outcome")[0]
    house.receive(mail_from(BEN, f"{number} {said}\n\n{quoted(text_of(mail))}", house.clock.now()))


def outcomes(house: Desk) -> list[Outgoing]:
    return [item for item in house.office.ledger.letters() if item.kind == "outcome"]


def enclosed(mail: Any) -> str:
    (part,) = [part for part in mail.iter_attachments() if part.get_filename() == "letters.txt"]
    return str(part.get_content()).replace("\r\n", "\n")


def test_words_are_given_shown_replaced_and_let_go_once(house: Desk) -> None:
    first = the_digest(house)
    assert "English first" in " ".join(text_of(first).split())
    answered(house, first, OFFER, 'outcome "The group did something."')
    assert (house.refused(), outcomes(house)) == ([], [])
    shown = house.mail_to(BEN)
    assert "The group did something." in " ".join(enclosed(shown).split())
    assert outcomes(house) == [], "nothing is made before somebody lets it go"
    answered(house, shown, OFFER, f'outcome "{WORDS}"')
    again = house.mail_to(BEN)
    told = " ".join(enclosed(again).split())
    assert "The group did something." not in told
    assert "took note of the responses" in told
    assert "Le groupe a pris note" in told
    assert "Cost is the first hurdle." in told
    assert "||" not in told
    answered(house, shown, WAIT, "approve")
    assert house.refused() == ["gone"], "the words that he saw there are not those that stand now"
    answered(house, again, WAIT, "approve")
    made = outcomes(house)
    assert len(made) == told.count("To: ") > 3
    assert {item.state for item in made} == {OutboxState.QUEUED}
    assert {item.language for item in made} >= {"en", "fr"}
    house.clock.advance(timedelta(days=1))
    assert "outcome I1-" not in " ".join(text_of(the_digest(house)).split()), "they are told once"
    before = house.facts()
    house.rebuild(lose=True)
    house.judge()
    assert house.facts()["rulings"] == before["rulings"]


def test_by_sheet_the_same_letters(house: Desk) -> None:
    row = {"tell respondents the outcome": ("outcome", None)}

    def with_words(page: Any) -> None:
        for cells in page.iter_rows():
            if cells[6].value == "outcome":
                cells[8].value = WORDS

    data = filled(house.sheet("ben"), lambda cells, _: row.get(cells["What waits"]), change=with_words)
    house.receive(mail_from(BEN, "The sheet.\n", house.clock.now(), files=[("sheet.xlsx", data)]))
    told = " ".join(enclosed(house.mail_to(BEN)).split())
    assert "Le groupe a pris note" in told
    waits = {"the outcome’s words wait, given by": ("approve", None)}
    data = filled(house.sheet("ben"), lambda cells, _: waits.get(cells["What waits"]))
    house.receive(mail_from(BEN, "The sheet.\n", house.clock.now(), files=[("sheet.xlsx", data)]))
    assert house.refused() == []
    assert len(outcomes(house)) == told.count("To: ")


@pytest.mark.parametrize("said", ["outcome", 'outcome "[fr] Le groupe a pris note."', 'outcome "  "'])
def test_without_words_in_english_nothing_is_taken(house: Desk, said: str) -> None:
    answered(house, the_digest(house), OFFER, said)
    assert len(house.refused()) == 1
    assert (house.followed(), outcomes(house)) == ([], [])


def test_before_the_group_meets_nobody_is_asked(begun: Path, tmp_path: Path) -> None:
    made = Desk(Path(shutil.copytree(begun, tmp_path / "state")))
    made.judge()
    assert "outcome I1-" not in " ".join(text_of(the_digest(made)).split())
    made.close()


def test_a_forged_word_is_not_taken(house: Desk) -> None:
    mail = the_digest(house)
    number, _ = offered(text_of(mail), "outcome")
    text = f'{number} outcome "{WORDS}"\n\n{quoted(text_of(mail))}'
    house.receive(mail_from(BEN, text, house.clock.now(), results="dmarc=fail header.from=council-group.example"))
    assert house.refused() == ["not_authenticated"]
    assert (house.followed(), outcomes(house)) == ([], [])


def test_languages_and_paragraphs() -> None:
    assert words_in("One. || Two. [FR] Un. [ar] واحد") == {"en": ("One.", "Two."), "fr": ("Un.",), "ar": ("واحد",)}
    assert words_in("[zh] 一") == {"zh": ("一",)}
    assert words_in(" || ") == {}
    assert words_in("See [1] and [de]. [en] More.") == {"en": ("See [1] and [de].", "More.")}
