"""Labels, prose, quotes, tables and lists in six languages; each case is a mail somebody could have written."""

from __future__ import annotations

import pytest
from who_samples import TEXTS, a_round, an_arrival, answers, attachment, table

from intake.sorting.answers import map_answers

FILLER = {
    "en": ("Cable landing fees should follow cost.", "One licence for all small constellations.", "Two weeks every year, with drills."),
    "fr": ("Les redevances devraient suivre les coûts.", "Une seule licence pour les petites constellations.", "Deux semaines par an, avec exercices."),
    "es": ("Las tasas deberían seguir los costos.", "Una sola licencia para las constelaciones pequeñas.", "Dos semanas al año, con simulacros."),
    "ru": ("Плата должна следовать за затратами.", "Единая лицензия для малых группировок.", "Две недели в год, с учениями."),
    "ar": ("يجب أن تتبع الرسوم التكلفة الفعلية.", "ترخيص واحد لجميع الأبراج الصغيرة.", "أسبوعان كل سنة مع تدريبات عملية."),
    "zh": ("登陆费应当与成本相符，不应更高。", "小型星座只需一张许可证即可运营。", "每年两周，并配合实地演练进行。"),
}  # fmt: skip

LABELS = [
    ("en", "Question 1: {}", "Question 2: {}", "Question 3: {}"),
    ("en", "Q1. {}", "Q2. {}", "Q3. {}"),
    ("en", "Q.1 - {}", "Q.2 - {}", "Q.3 - {}"),
    ("en", "Answer to Question 1\n{}", "Answer to Question 2\n{}", "Answer to Question 3\n{}"),
    ("en", "Question one. {}", "Question two. {}", "Question three. {}"),
    ("en", "Question I: {}", "Question II: {}", "Question III: {}"),
    ("en", "On the first question, {}", "As to the second question, {}", "As regards the third question: {}"),
    ("en", "*Question 1*\n\n{}", "*Question 2*\n\n{}", "*Question 3*\n\n{}"),
    ("en", "Question 1 (connectivity). {}", "Question 2 (licences). {}", "Question 3 (training). {}"),
    ("en", "With respect to question no. 1, {}", "Our answer to question no. 2: {}", "Finally, question no. 3: {}"),
    ("fr", "Question 1: {}", "Question 2: {}", "Question 3: {}"),
    ("fr", "Question n° 1 – {}", "Question n° 2 – {}", "Question n° 3 – {}"),
    ("fr", "Réponse à la question 1\n\n{}", "Réponse à la question 2\n\n{}", "Réponse à la question 3\n\n{}"),
    ("fr", "Sur la première question, {}", "S'agissant de la deuxième question, {}", "En ce qui concerne la troisième question, {}"),
    ("fr", "Quant à la question 1, {}", "Pour ce qui est de la question 2, {}", "Enfin, sur la dernière question: {}"),
    ("es", "Pregunta 1. {}", "Pregunta 2. {}", "Pregunta 3. {}"),
    ("es", "Respuesta a la pregunta n.º 1\n{}", "Respuesta a la pregunta n.º 2\n{}", "Respuesta a la pregunta n.º 3\n{}"),
    ("es", "En cuanto a la primera pregunta, {}", "Respecto a la segunda pregunta, {}", "Sobre la tercera pregunta, {}"),
    ("es", "P1: {}", "P2: {}", "P3: {}"),
    ("ru", "Вопрос 1. {}", "Вопрос 2. {}", "Вопрос 3. {}"),
    ("ru", "Вопрос № 1: {}", "Вопрос № 2: {}", "Вопрос № 3: {}"),
    ("ru", "По первому вопросу. {}", "По второму вопросу. {}", "Что касается третьего вопроса, {}"),
    ("ru", "Ответ на вопрос 1:\n{}", "Ответ на вопрос 2:\n{}", "Ответ на вопрос 3:\n{}"),
    ("ru", "В1: {}", "В2: {}", "В3: {}"),
    ("ar", "السؤال الأول: {}", "السؤال الثاني: {}", "السؤال الثالث: {}"),
    ("ar", "السؤال ١: {}", "السؤال ٢: {}", "السؤال ٣: {}"),
    ("ar", "السؤال رقم 1 - {}", "السؤال رقم 2 - {}", "السؤال رقم 3 - {}"),
    ("ar", "فيما يتعلق بالسؤال الأول، {}", "وبخصوص السؤال الثاني، {}", "أما السؤال الثالث: {}"),
    ("ar", "الإجابة عن السؤال الأول\n{}", "الإجابة عن السؤال الثاني\n{}", "الإجابة عن السؤال الثالث\n{}"),
    ("zh", "问题一：{}", "问题二：{}", "问题三：{}"),
    ("zh", "问题1：{}", "问题2：{}", "问题3：{}"),
    ("zh", "第一题：{}", "第二题：{}", "第三题：{}"),
    ("zh", "关于第一个问题，{}", "关于第二个问题，{}", "关于第三个问题，{}"),
    ("zh", "答复问题一\n{}", "答复问题二\n{}", "答复问题三\n{}"),
]  # fmt: skip


def found(text: str, **more: object) -> dict[int, str]:
    """Question number -> words of the answer on one line."""
    mapping = map_answers(an_arrival(text, **more), a_round(), answers())
    return {answer.question: " ".join(answer.text.split()) for answer in mapping.answers}


@pytest.mark.parametrize("case", LABELS, ids=lambda case: f"{case[0]} {case[1][:22]}")
def test_a_label_begins_an_answer(case: tuple[str, ...]) -> None:
    language, *labels = case
    said = FILLER[language]
    text = "\n\n".join(label.format(words) for label, words in zip(labels, said, strict=True))
    assert found(text) == {1: said[0], 2: said[1], 3: said[2]}


@pytest.mark.parametrize("language", FILLER)
def test_answers_stand_between_quoted_questions(language: str) -> None:
    said = FILLER[language]
    text = "\n\n".join(f"> {number}. {TEXTS[number - 1][language]}\n\n{said[number - 1]}" for number in (1, 2, 3))
    assert found(text) == {1: said[0], 2: said[1], 3: said[2]}


@pytest.mark.parametrize("language", FILLER)
def test_a_repeated_question_is_no_part_of_the_answer(language: str) -> None:
    said = FILLER[language]
    text = "\n\n".join(f"{number}. {TEXTS[number - 1][language]}\n{said[number - 1]}" for number in (1, 3))
    assert found(text) == {1: said[0], 3: said[2]}


@pytest.mark.parametrize("language", FILLER)
def test_a_question_repeated_without_its_number(language: str) -> None:
    said = FILLER[language]
    text = f"{TEXTS[1][language]}\n\n{said[1]}\n\n{TEXTS[0][language]}\n\n{said[0]}"
    assert found(text) == {1: said[0], 2: said[1]}


@pytest.mark.parametrize("language", FILLER)
def test_a_table_of_questions_and_answers(language: str) -> None:
    said = FILLER[language]
    rows = [("No.", "Question", "Answer"), *((str(n), TEXTS[n - 1][language], said[n - 1]) for n in (1, 2, 3))]
    text, blocks = table(*rows)
    assert found("", parts=(attachment("form.xlsx", text, blocks=blocks),)) == {1: said[0], 2: said[1], 3: said[2]}


def test_a_table_with_numbers_only() -> None:
    said = FILLER["en"]
    text, blocks = table(("Question 1", said[0]), ("Question 2", ""), ("Question 3", said[2]))
    assert found("", parts=(attachment("form.docx", text, blocks=blocks),)) == {1: said[0], 3: said[2]}


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("en", "Questions 1 and 3"), ("en", "On questions 1 and 3 together:"), ("fr", "Questions 1 et 3"), ("es", "Preguntas 1 y 3:"),
        ("ru", "Вопросы 1 и 3"), ("ar", "السؤالان الأول والثالث"), ("zh", "问题一和问题三："), ("en", "First and third questions:"),
    ],
)  # fmt: skip
def test_two_questions_answered_together_carry_the_same_text(language: str, label: str) -> None:
    said = FILLER[language]
    answered = found(f"{label}\n\n{said[0]}")
    assert answered == {1: said[0], 3: said[0]}


def test_answers_out_of_order() -> None:
    said = FILLER["en"]
    assert found(f"Question 3: {said[2]}\n\nQuestion 1: {said[0]}") == {1: said[0], 3: said[2]}


def test_numbers_of_an_earlier_draft_become_todays() -> None:
    text = "Question 4: Should emergency services receive training, and from whom?\n\nYes, from the fire brigades."
    mapping = map_answers(an_arrival(text), a_round(), answers())
    assert [answer.question for answer in mapping.answers] == [3]
    assert mapping.flags == ("old_questions",)


def test_a_number_that_only_the_draft_has() -> None:
    assert found("Question 4: Train them where they work, not in hotels.") == {3: "Train them where they work, not in hotels."}


@pytest.mark.parametrize(
    "text",
    [
        "We do not answer your questions. Four remarks instead.\n\n1. The time was short.\n\n2. The room was small.\n\n3. Nobody listened.",
        "Nous ne répondrons pas aux questions. Trois remarques.\n\n1. Le délai était court.\n\n2. La salle était petite.\n\n3. Personne n'a écouté.",
        "No vamos a contestar. Tres observaciones:\n\n1) El plazo fue corto.\n\n2) La sala era pequeña.\n\n3) Nadie escuchó.",
        "Не будем отвечать на вопросы. Три замечания:\n\n1. Срок был мал.\n\n2. Зал был мал.\n\n3. Никто не слушал.",
        "لن نجيب عن الأسئلة. ثلاث ملاحظات:\n\n1. كان الوقت قصيرا.\n\n2. كانت القاعة صغيرة.\n\n3. لم يستمع أحد.",
        "我们不回答问题，只提三点意见：\n\n1. 时间太短。\n\n2. 会场太小。\n\n3. 无人倾听。",
        "Please do three things:\n\n1) Lower the price.\n\n2) Count us.\n\n3) Keep us safe.",
        "I have three quick questions:\n\n1. How many came?\n\n2. Who signed?\n\n3. When is the report?",
    ],
)  # fmt: skip
def test_numbered_points_that_answer_no_question_are_no_answers(text: str) -> None:
    assert found(text) == {}


@pytest.mark.parametrize(
    ("language", "intro"),
    [
        ("en", "Our answers to your questions:"), ("fr", "Voici nos réponses à vos questions :"), ("es", "Nuestras respuestas a las preguntas:"),
        ("ru", "Наши ответы на вопросы:"), ("ar", "إجاباتنا على الأسئلة:"), ("zh", "我们对问题的回答如下："),
    ],
)  # fmt: skip
@pytest.mark.parametrize("style", ["{}. ", "{}) ", "({}) "])
def test_a_bare_list_that_is_announced_as_answers(language: str, intro: str, style: str) -> None:
    said = FILLER[language]
    text = intro + "\n\n" + "\n\n".join(style.format(number) + said[number - 1] for number in (1, 2, 3))
    assert found(text) == {1: said[0], 2: said[1], 3: said[2]}


def test_chinese_and_arabic_numerals_of_a_list() -> None:
    said = FILLER["zh"]
    text = "答复如下：\n\n一、" + said[0] + "\n\n二、" + said[1] + "\n\n三、" + said[2]
    assert found(text) == {1: said[0], 2: said[1], 3: said[2]}


def test_headings_that_name_the_subject() -> None:
    text = (
        "Connectivity cost\n\nFees should follow cost in every country.\n\nLicensing of satellite operators\n\nOne licence is enough for all."
        "\n\nTraining of emergency staff\n\nTwo weeks every year."
    )
    assert found(text) == {
        1: "Fees should follow cost in every country.",
        2: "One licence is enough for all.",
        3: "Two weeks every year.",
    }


def test_numbered_headings_go_before_the_answer() -> None:
    text = "1. International connectivity\n\nFees should follow cost.\n\n2. Licensing rules\n\nOne licence.\n\n3. Emergency services\n\nTwo weeks."
    assert found(text) == {1: "Fees should follow cost.", 2: "One licence.", 3: "Two weeks."}


def test_a_question_named_by_its_subject() -> None:
    text = "Question 1: Fees should follow cost.\n\nOn the question about the training of emergency services: two weeks a year."
    assert found(text) == {1: "Fees should follow cost.", 3: "two weeks a year."}


def test_the_list_of_questions_under_a_letter_is_no_answer() -> None:
    quoted = "\n".join(f"> {number}. {TEXTS[number - 1]['en']}" for number in (1, 2, 3))
    assert found(f"Question 2: One licence for all.\n\nRegards,\nAna Ruiz\n\n{quoted}\n") == {2: "One licence for all."}


def test_the_list_of_questions_before_the_answers_is_none() -> None:
    listed = "\n\n".join(f"{number}. {TEXTS[number - 1]['en']}" for number in (1, 2, 3))
    text = f"{listed}\n\nOur answers:\n\nQuestion 1: Fees should follow cost.\n\nQuestion 2: One licence."
    assert found(text) == {1: "Fees should follow cost.", 2: "One licence."}


@pytest.mark.parametrize(
    "nothing",
    [
        "",
        "-",
        "n/a",
        "will follow",
        "To be sent later",
        "suivra",
        "se enviará más adelante",
        "последует",
        "سيرسل لاحقا",
        "稍后提交",
        "无",
    ],
)
def test_empty_fields_and_promises_are_no_answers(nothing: str) -> None:
    assert found(f"Question 1: Fees should follow cost.\n\nQuestion 2: {nothing}\n\nQuestion 3: Two weeks.") == {
        1: "Fees should follow cost.", 3: "Two weeks.",
    }  # fmt: skip


@pytest.mark.parametrize("opinion", ["No opinion.", "Sans objet.", "Not applicable to islands.", "Нет мнения.", "لا رأي لنا."])
def test_no_opinion_is_an_answer(opinion: str) -> None:
    assert found(f"Question 1: {opinion}\n\nQuestion 2: One licence.")[1] == opinion


def test_a_passing_mention_is_no_label() -> None:
    text = "Question 1: Fees should follow cost, see what we say under question 3 below. In question 2 you ask for rules.\n\nQuestion 3: Drills."
    assert found(text) == {
        1: "Fees should follow cost, see what we say under question 3 below. In question 2 you ask for rules.", 3: "Drills.",
    }  # fmt: skip


def test_closing_and_signature_are_no_part_of_the_last_answer() -> None:
    text = "Question 3: Two weeks every year.\n\nYours sincerely,\n\nAna Ruiz Pardo\nDirector, Coastal Radio Society\nLima"
    assert found(text) == {3: "Two weeks every year."}


def test_answer_word_behind_the_question() -> None:
    text = f"Q1: {TEXTS[0]['en']}\nA1: Fees should follow cost.\n\nQ2: {TEXTS[1]['en']}\nA2: One licence for all of them."
    assert found(text) == {1: "Fees should follow cost.", 2: "One licence for all of them."}


def test_the_subject_names_the_only_question() -> None:
    text = (
        "Dear colleagues,\n\n"
        + "Crews on our coast train with the lifeboat service, at sea and at night, because storms do not come by day. " * 3
    )
    assert set(found(text, subject="Answer to question 3")) == {3}


@pytest.mark.parametrize(
    "note",
    [
        "Please see our answers in red below.", "Voir nos réponses en rouge dans votre message.", "Contesto entre líneas.",
        "Отвечаем в тексте вашего письма.", "انظروا ردنا باللون الأحمر.", "答复见下方红字。",
    ],
)  # fmt: skip
def test_answers_written_into_the_quoted_mail(note: str) -> None:
    said = FILLER["en"]
    letter = (
        "Dear Sir or Madam,\n"
        + "\n".join(f"{n}. {TEXTS[n - 1]['en']}\n{said[n - 1]}" for n in (1, 2))
        + f"\n3. {TEXTS[2]['en']}\n"
    )
    quoted = "".join(f"> {line}\n" for line in letter.splitlines())
    assert found(f"{note}\n\n{quoted}") == {1: said[0], 2: said[1]}


def test_an_earlier_response_quoted_under_a_short_note_is_no_new_answer() -> None:
    said = FILLER["en"]
    quoted = "\n".join(f"> Question {n}: {said[n - 1]}" for n in (1, 2, 3))
    assert found(f"Did you receive this?\n\n{quoted}") == {}


def test_on_the_second_after_the_first_question() -> None:
    said = FILLER["en"]
    assert found(f"As to your first question, {said[0]}\n\nOn the second, {said[1]}\n\nTurning to the third: {said[2]}") == {
        1: said[0], 2: said[1], 3: said[2],
    }  # fmt: skip


@pytest.mark.parametrize(
    "paragraph",
    [
        "As to the training, your third question, we drill.", "Quant à la formation, votre troisième question, nous exerçons.",
        "En cuanto a la formación (tercera pregunta), practicamos.",
    ],
)  # fmt: skip
def test_a_label_in_apposition(paragraph: str) -> None:
    assert set(found(f"Question 1: Fees should follow cost.\n\n{paragraph}")) == {1, 3}


def test_answers_in_the_other_languages_of_the_world() -> None:
    assert found("Frage 1: Die Gebühren sollen sinken.\n\nFrage 2: Eine Lizenz genügt.") == {
        1: "Die Gebühren sollen sinken.",
        2: "Eine Lizenz genügt.",
    }
    assert found("Pergunta 1: As taxas devem baixar.\n\nPergunta 3: Duas semanas.") == {
        1: "As taxas devem baixar.",
        3: "Duas semanas.",
    }


def test_the_signed_copy_adds_nothing() -> None:
    said = FILLER["en"]
    text = f"Question 1: {said[0]}\n\nQuestion 2: {said[1]}"
    assert found(text, parts=(attachment("signed.pdf", text),)) == {1: said[0], 2: said[1]}


def test_answers_of_body_and_attachment_together() -> None:
    said = FILLER["en"]
    parts = (attachment("more.pdf", f"Question 2: {said[1]}\n\nQuestion 3: {said[2]}"),)
    assert found(f"Question 1: {said[0]}", parts=parts) == {1: said[0], 2: said[1], 3: said[2]}


def test_language_is_that_of_the_answers_and_not_of_the_covering_note() -> None:
    said = FILLER["fr"]
    body = "Dear colleagues,\n\nplease find attached our reply to the consultation, which we hope will be of use to the group."
    enclosed = f"Question 1: {said[0]} {said[0]}\n\nQuestion 2: {said[1]} Les règles sont les mêmes pour tous dans le pays."
    mapping = map_answers(an_arrival(body, parts=(attachment("reponse.pdf", enclosed),)), a_round(), answers())
    assert mapping.language == "fr"


def test_general_comments_are_kept_apart() -> None:
    text = "Question 1: Fees should follow cost.\n\nGeneral comments\n\nThe consultation came late and was announced in one language only."
    mapping = map_answers(an_arrival(text), a_round(), answers())
    assert [answer.text for answer in mapping.answers] == ["Fees should follow cost."]
    assert any("announced in one language" in passage.text for passage in mapping.general)


def test_a_letter_without_answers_is_general() -> None:
    text = (
        "Dear Sir,\n\n"
        + "The group should meet in public and publish what was said, because those who write cannot hear the answer. " * 3
    )
    mapping = map_answers(an_arrival(text), a_round(), answers())
    assert not mapping.answers
    assert len(mapping.general) == 1
    assert mapping.substance > 50


@pytest.mark.parametrize(
    "label",
    [
        "Réponse Q.{}: ", "Re Q{}: ", "[Q{}] ", "With regard to Q{}, ", "Question {} of 3: ", "Our response to Question {} is as follows: ",
        "На вопрос {} отвечаем: ", "По вопросу № {} сообщаем: ", "对问题{}的回答：", "关于问题{}的意见：", "إجابة س{}: ", "الرد على السؤال {}: ",
        "Respuesta {}: ", "R{}.- ", "Rép. {}: ", "## Question {}\n", "**Question {}**\n", "Question-{}: ", "第{}问：", "Ответ на {}-й вопрос: ",
    ],
)  # fmt: skip
def test_other_ways_to_write_a_label(label: str) -> None:
    said = FILLER["en"]
    text = "Hello,\n\n" + "\n\n".join(label.format(n) + said[n - 1] for n in (1, 2, 3)) + "\n\nRegards,\nAna Ruiz"
    assert found(text) == {1: said[0], 2: said[1], 3: said[2]}


def test_an_answer_that_echoes_the_question_is_an_answer() -> None:
    echo = "Training should be offered to the staff of emergency services"
    text = f"Question 3: {TEXTS[2]['en']}\n\nResponse Q3: {echo}\n\nQuestion 1: {TEXTS[0]['en']}\n\nLower the fees."
    assert found(text) == {3: echo, 1: "Lower the fees."}


def test_a_title_with_words_of_a_question_is_no_label() -> None:
    assert found("The staff of emergency services\n\nThey work at night on our coast, and nobody pays them for it.") == {}
