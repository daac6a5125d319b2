"""Chinese in traditional characters is read as in simplified ones: what a mail is, who sends it, which question it answers."""

from __future__ import annotations

import pytest

from intake.sorting.folding import fold
from intake.sorting.han import SIMPLIFIED
from tests.fakes.mails import a_mail, verdict_of

HOUSES = {
    "香港社區網絡協會": "civil_society",
    "港島區漁民工會": "civil_society",
    "香港電訊管理局": "government",
    "離島網絡交換中心": "technical_community",
    "濱海大學法律學院": "academia",
    "匯點有限公司": "private_sector",
}
NOTES = {
    "withdrawal": ("撤回", "我會決定撤回此前提交的意見，請勿公佈。"),
    "auto_reply": ("自動回覆", "您好，郵件已收到，本人出差至六月三日。"),
    "enquiry": ("提問", "請問現在還能提交嗎？"),
    "endorsement": ("支持", "我會贊同港口聯盟的意見，不再另行提交。"),
    "revision": ("更正", "前一封有誤，請以本郵件為準。\n\n問題一：島嶼之間共用海纜可以降低價格。"),
}


@pytest.mark.parametrize("name", HOUSES)
def test_who_and_on_which_question(name: str) -> None:
    text = f"問題一：島嶼之間共用海纜可以降低價格。\n\n問題二：整個區域只需一張許可證。\n\n陳美玲\n主任\n{name}\n香港\n"
    verdict = verdict_of(a_mail("回應", text))
    assert [answer.question for answer in verdict.answers] == [1, 2]
    assert (verdict.respondent.organization, verdict.respondent.person) == (name, "陳美玲")
    assert verdict.respondent.category.value == HOUSES[name]


@pytest.mark.parametrize("wanted", NOTES)
def test_what_it_is(wanted: str) -> None:
    assert verdict_of(a_mail(*NOTES[wanted])).disposition.value == wanted


def test_every_offset_stays_true() -> None:
    """One character for one, and none that would have to be folded again."""
    text = "".join(SIMPLIFIED)
    assert len(fold(text).text) == len(text)
    assert not set(SIMPLIFIED) & set(SIMPLIFIED.values())


@pytest.mark.parametrize("signed", ["董事長 陳美玲\n匯點有限公司\n香港", "陳美玲 總經理\n匯點有限公司\n香港"])
def test_functions_are_no_names(signed: str) -> None:
    text = f"問題一：島嶼之間共用海纜可以降低價格。\n\n問題二：整個區域只需一張許可證。\n\n{signed}\n"
    assert verdict_of(a_mail("回應", text)).respondent.person == "陳美玲"
