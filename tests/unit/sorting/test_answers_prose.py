"""Answers that prose, counted words, letters out of order and short questions point to; other wordings in several languages."""
# ruff: noqa: E501 - a case stands on one line, in its own script

from __future__ import annotations

import pytest
from who_samples import a_round, an_arrival, answers

from intake.sorting.answers import map_answers
from intake.sorting.answers_questions import question_index


def found(text: str, **more: object) -> dict[int, str]:
    """Question number -> words of the answer on one line."""
    mapping = map_answers(an_arrival(text, **more), a_round(), answers())
    return {answer.question: " ".join(answer.text.split()) for answer in mapping.answers}


ONE = [
    ("Just on number two from our side: one licence for all small constellations is what helps.", 2),
    ("Seulement sur le numéro deux : une seule licence pour les petites constellations suffirait.", 2),
    ("Solo sobre el número 3: dos semanas al año, con simulacros y sin aviso previo.", 3),
    ("Только по номеру два: единая лицензия для всех малых группировок нужна больше всего.", 2),
    ("On the first: cable landing fees should follow cost and nothing but cost.", 1),
    ("Sur la troisième : deux semaines par an, avec exercices de nuit et sans préavis.", 3),
    ("По второму: единая лицензия для всех малых группировок нужна больше всего.", 2),
]


@pytest.mark.parametrize("case", ONE, ids=lambda case: case[0][:20])
def test_a_number_with_a_colon_is_a_label(case: tuple[str, int]) -> None:
    text, number = case
    got = found(f"Good day,\n\n{text}\n\nTom Reid\nHarbour Clerks")
    assert list(got) == [number]
    assert got[number] == text.partition(":")[2].strip()


def test_subjects_with_their_number_in_brackets() -> None:
    """ "About training (your third point): ..." in three languages."""
    english = "We speak of two things. About training (that is your third point): two weeks every year, with drills. About permits (second question): one licence for all.\n\nNobody knows the rest."
    assert found(english)[3].startswith("two weeks")
    assert found(english)[2].startswith("one licence")
    french = "Quant à la formation (votre troisième point) : deux semaines par an, avec exercices."
    assert found(french) == {3: "deux semaines par an, avec exercices."}
    russian = "Насчет обучения (это третий пункт): две недели в год, с учениями и без предупреждения."
    assert found(russian) == {3: "две недели в год, с учениями и без предупреждения."}


def test_letters_out_of_order_are_numbers_of_questions() -> None:
    """Nobody counts points of his own from c to a."""
    text = "Hello. I answer for the Harbour Clerks.\n\nc) Two weeks every year, with drills at night.\n\na) Landing fees should follow cost and nothing else.\n\nTom Reid"
    assert found(text) == {
        3: "Two weeks every year, with drills at night.",
        1: "Landing fees should follow cost and nothing else.",
    }
    text = "Отвечаю за портовых служащих.\n\nб) Единая лицензия для малых группировок.\n\nа) Плата должна следовать за затратами.\n\nИван Петров"
    assert set(found(text)) == {1, 2}


def test_a_list_of_the_author_s_own_is_still_his_own() -> None:
    """The same numbers where nothing says that they answer: no answers."""
    assert (
        found("We live by the harbour and see three things.\n\n1) Ships are late.\n\n2) Cranes are old.\n\n3) Roads are wet.")
        == {}
    )
    assert found("As to the weather, it rains. On the whole, we are content, and the first: nothing.") == {}


WRITTEN = [
    ("en", "Question ({}): "), ("en", "Q no. {}: "), ("fr", "Quest. {} : "), ("fr", "Question [{}] "), ("es", "Resp. {}: "), ("es", "Pregunta ({}): "),
    ("ru", "Вопр. {}: "), ("ru", "Отв. {}. "), ("ar", "السؤال ({}): "), ("zh", "问题（{}）："),
]  # fmt: skip


@pytest.mark.parametrize("case", WRITTEN, ids=lambda case: case[1])
def test_labels_in_brackets_and_cut_short(case: tuple[str, str]) -> None:
    text = f"{case[1].format(1)}Landing fees should follow cost.\n\n{case[1].format(2)}One licence for small constellations."
    assert found(text) == {1: "Landing fees should follow cost.", 2: "One licence for small constellations."}


POINTS = ["Point {}: ", "Punto {}: ", "Пункт {}. ", "البند {}: ", "§{} ", "{}° "]


@pytest.mark.parametrize("label", POINTS)
def test_points_answer_where_all_questions_have_one(label: str) -> None:
    """And the cover says that it answers; two points of a letter are its own."""
    said = ["Landing fees should follow cost.", "One licence for small constellations.", "Two weeks with drills at night."]
    text = "\n\n".join(label.format(number) + words for number, words in enumerate(said, 1))
    assert list(found(text, subject="Our answers")) == [1, 2, 3]
    assert found(f"{label.format(1)}Ships are late.\n\n{label.format(2)}Cranes are old.", subject="Harbour") == {}


COUNTED = [
    ("Our answers", "One: landing fees should follow cost.\n\nTwo: one licence for small constellations."),
    ("Nos réponses", "Une : les redevances devraient suivre les coûts.\n\nDeux : une seule licence suffit."),
    ("Nuestras respuestas", "Uno: las tasas deberían seguir los costos.\n\nDos: una sola licencia basta."),
]


@pytest.mark.parametrize("case", COUNTED, ids=lambda case: case[0])
def test_numbers_spelled_out_answer_where_the_subject_says_so(case: tuple[str, str]) -> None:
    """Without a word of answers they are points of one's own."""
    subject, text = case
    assert list(found(text, subject=subject)) == [1, 2]
    assert found("One: ships are late.\n\nTwo: cranes are old.", subject="Harbour Clerks") == {}


PENDING = ["Answer to follow.", "Réponse à suivre.", "Respuesta por enviar.", "Ответ досылаем.", "待提交。", "الجواب يتبع."]


@pytest.mark.parametrize("words", [*PENDING, "We pass.", "Paso.", "Je passe.", "Пропускаем.", "略。"])
def test_a_promise_or_a_pass_is_no_answer(words: str) -> None:
    assert list(found(f"Question 1: Landing fees should follow cost.\n\nQuestion 2: {words}")) == [1]


def test_one_number_that_the_covering_words_announce() -> None:
    assert found("HCL comments on 2 only.\n\n2. Permits come last in our list; one form would do for all of them.") == {
        2: "Permits come last in our list; one form would do for all of them."
    }
    assert found("Отвечаем на вопрос 3.\n\n3. Две недели в год, с учениями и без предупреждения.")[3].startswith("Две недели")


def test_a_question_named_with_its_ordinal_behind() -> None:
    text = "Monsieur,\n\nL'Union des ports se borne à la question deuxième.\n\nUne seule licence pour les petites constellations coûterait moins que onze."
    assert found(text) == {2: "Une seule licence pour les petites constellations coûterait moins que onze."}


def test_abbreviated_labels_of_an_office() -> None:
    text = "Ans. to Q. No. 1: Landing fees should follow cost.\n\nAns. to Q. No. 2: One licence for small constellations."
    assert found(text) == {1: "Landing fees should follow cost.", 2: "One licence for small constellations."}


def test_the_last_item_above_a_name_is_an_answer() -> None:
    """Words above a signature are no caption of it."""
    text = "WE ARE THE HARBOUR CREDIT UNION\n\n1) LET THE FEES FOLLOW THE COST\n\n2) ONE FORM FOR ALL PERMITS\n\n3) TWO WEEKS WITH DRILLS IS ENOUGH\n\nJOHN MARTIN REID\nMANAGER"
    assert found(text, subject="ANSWERS QUESTIONS 1 2 3")[3] == "TWO WEEKS WITH DRILLS IS ENOUGH"


def test_a_short_question_is_found_before_its_answer() -> None:
    """Of the words behind it none need be the question's."""
    index = question_index(a_round(), answers().idle)
    longest = max(index.texts, key=lambda text: len(text.plain))
    hit = index.repeated(f"{longest.plain} and nobody ever told us why that should be so or who would gain by it")
    assert hit is not None
    assert hit.number == longest.number
