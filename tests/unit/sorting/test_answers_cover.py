"""Whatever is written, every word of the author is in exactly one place, and the offsets are true."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from who_samples import TEXTS, a_round, an_arrival, answers, attachment, table

from intake.sorting.answers import Mapping, map_answers
from intake.sorting.answers_units import authored

PIECES = [
    "Question 1:", "Q2.", "Question 3", "السؤال الثاني:", "问题三：", "Вопрос 1.", "Pregunta 2", "1.", "2)", "三、", "iv.", "On question 1,",
    "Questions 1 and 3", "Dear all,", "Kind regards,", "Ana Ruiz", "General comments", "Annex", "will follow", "-", "n/a", "> quoted line",
    "Fees follow cost.", "نعم، بالتأكيد.", "费用过高。", "Ответ: да.", "\t", "ٱلسُّؤَالُ", "ﬁnal", "İstanbul 2", "①", "", "", TEXTS[0]["en"],
    "> " + TEXTS[1]["fr"], TEXTS[2]["zh"], TEXTS[0]["ar"], TEXTS[1]["ru"],
]  # fmt: skip
LINES = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=30)), max_size=25)


def covered(mapping: Mapping) -> dict[str, set[int]]:
    """Offsets by part that stand in an answer or bucket; each passage's words are those at its offsets."""
    found: dict[str, set[int]] = {}
    passages = [passage for answer in mapping.answers for passage in answer.passages]
    for passage in (*passages, *mapping.general, *mapping.unmapped, *mapping.cover, *mapping.labels):
        found.setdefault(passage.part, set()).update(range(passage.start, passage.end))
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINES, LINES)
def test_every_own_word_has_a_place(body: list[str], enclosed: list[str]) -> None:
    text, blocks = table(("1", " ".join(enclosed).replace("\n", " ").replace("\t", " ") or "x"))
    parts = (attachment("a.txt", "\n".join(enclosed)), attachment("b.xlsx", text, path="3", blocks=blocks))
    arrival = an_arrival("\n".join(body), parts=parts)
    mapping = map_answers(arrival, a_round(), answers())
    places = covered(mapping)
    for unit in authored(arrival):
        for start, end in unit.own:
            missing = [i for i in range(start, end) if unit.text[i].isalnum() and i not in places.get(unit.part, set())]
            assert not missing, (unit.part, unit.text[missing[0] : missing[0] + 20])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINES)
def test_offsets_are_true_and_questions_are_the_rounds(body: list[str]) -> None:
    arrival = an_arrival("\n".join(body))
    mapping = map_answers(arrival, a_round(), answers())
    for answer in mapping.answers:
        assert answer.question in (1, 2, 3)
        for passage in answer.passages:
            assert passage.text == arrival.reading.text[passage.start : passage.end]
            assert passage.text.strip()
    for passage in (*mapping.general, *mapping.unmapped, *mapping.cover, *mapping.labels):
        assert passage.text == arrival.reading.text[passage.start : passage.end]
