"""Cases without their words give the record that cases with them give, word for word once it is put together again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from intake.casework.drafts import Case, Told
from intake.casework.judge import judge
from intake.casework.lean import MARK, lean, lean_response, whole_response
from intake.model.mail import ChannelKind
from tests.fakes.mails import a_mail, cases_of, the_round

TEXT = "Question 1. {0} says what no other house has said, at some length, so that it is more than a note of thanks.\n\nKind regards,\n{0}"
MAILS = [
    *(a_mail("Response", TEXT.format(name), f"{name} <{name.lower()}@house.example>") for name in ("Ada", "Bo", "Cy")),
    a_mail("Response", TEXT.format("Ada"), "Ada <ada@house.example>"),
    a_mail("Revised response", "This replaces what we sent.\n\n" + TEXT.format("Ada, now"), "Ada <ada@house.example>"),
    a_mail("More", "Question 2. A further answer of ours, which adds to what we sent before.\n\nBo", "Bo <bo@house.example>"),
    a_mail("Support", "We support the response of Ada.\n\nDee\n", "Dee <dee@other.example>"),
    a_mail("A question", "Until when may we write to you? Thank you.\n", "Eve <eve@other.example>"),
    *(
        a_mail(
            "Act now", "Please keep our libraries open. I write as a reader of www.readers.example, who asks you so. " * 4, who
        )
        for who in (f"R{number} <r{number}@mail{number}.example>" for number in range(6))
    ),
]


class Shelf:
    """The words of these cases; how often they were asked for."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = {case.key: case for case in cases}
        self.asked = 0

    def whole(self, case: Case) -> Case:
        """With its words."""
        self.asked += 1
        return self.cases[case.arrival.key]

    def told(self, case: Case, what: str, of: Callable[[Case], Told]) -> Told:
        """Never remembered here."""
        assert what
        return of(self.whole(case))


@pytest.mark.parametrize("channel", [ChannelKind.ADDRESS, ChannelKind.LIST])
def test_the_record_of_lean_cases_is_the_record_without_its_words(channel: ChannelKind) -> None:
    cases = cases_of(MAILS, dict.fromkeys(range(len(MAILS)), channel))
    shelf = Shelf(cases)
    whole = judge(the_round(), cases, ())
    light = judge(the_round(), [lean(case, shelf) for case in cases], ())
    assert light.filed == whole.filed
    assert (light.counts, light.campaigns) == (whole.counts, whole.campaigns)
    assert [lean_response(item) for item in whole.responses] == list(light.responses)
    verdicts = {case.key: case.verdict for case in cases}
    assert [whole_response(item, verdicts.__getitem__) for item in light.responses] == list(whole.responses)
    assert any(answer.text.startswith(MARK) for item in light.responses for _, answer in item.answers)


def test_other_words_at_the_same_place_are_another_response() -> None:
    one, other = (
        judge(the_round(), cases_of([a_mail("Response", TEXT.format(name), "Ada <ada@house.example>")]), ()).responses[0]
        for name in ("Ada", "Ida")
    )
    marks = [[passage.text for _, answer in lean_response(item).answers for passage in answer.passages] for item in (one, other)]
    assert marks[0] != marks[1]


def test_a_lean_case_holds_no_text_of_a_response() -> None:
    (case,) = cases_of(MAILS[:1])
    light = lean(case, Shelf([case]))
    assert "no other house" not in str(light)
    assert light.key == case.key
    assert (light.received_at, light.message_id, light.content_hash, light.person) == (
        case.received_at, case.message_id, case.content_hash, case.person,
    )  # fmt: skip
