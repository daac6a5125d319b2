"""Labels without a word for a question, captions under a label, and what looks like one of them and is none; six languages."""

from __future__ import annotations

import pytest
from test_answers_labels import FILLER, found

GREETINGS = {
    "en": "Dear colleagues,",
    "fr": "Bonjour,",
    "es": "Hola:",
    "ru": "Здравствуйте!",
    "ar": "تحية طيبة،",
    "zh": "各位好：",
}
SPELLED = {
    "en": ("one", "two", "three"), "fr": ("une", "deux", "trois"), "es": ("uno", "dos", "tres"), "ru": ("один", "два", "три"),
    "ar": ("الأولى", "الثانية", "الثالثة"), "zh": ("一", "二", "三"),
}  # fmt: skip
NAMED = [
    ("en", "on {n}: {}"), ("fr", "sur {n} : {}"), ("fr", "pour la {n} : {}"), ("es", "sobre {n}: {}"), ("es", "a la {n}: {}"),
    ("ru", "по {n}: {}"), ("ru", "на {n}-й: {}"), ("ar", "عن {n}: {}"), ("zh", "关于{n}：{}"),
    ("en", "number {n}, {}"), ("fr", "numéro {n}, {}"), ("es", "número {n}, {}"), ("ru", "номер {n}, {}"), ("ar", "رقم {n}، {}"),
    ("en", "Qn {n}: {}"), ("en", "Ques. {n}: {}"), ("fr", "Quest. {n} : {}"), ("es", "Preg. {n}: {}"), ("ru", "Вопр. {n}: {}"),
    ("es", "la {w}: {}"), ("fr", "la {w} : {}"),
    ("en", "Answer {w}\n{}"), ("fr", "Réponse {w}\n{}"), ("es", "Respuesta {w}\n{}"), ("ru", "Ответ {w}\n{}"),
    ("ar", "الإجابة {w}\n{}"), ("zh", "回答{w}\n{}"), ("zh", "答复{w}\n{}"),
    ("en", "MASTS ON CHURCHES (question {n})\n{}"), ("fr", "RÉSEAUX D'ÎLE (question {n})\n{}"), ("es", "REDES DE ISLA (pregunta {n})\n{}"),
    ("ru", "СЕТИ ОСТРОВОВ (вопрос {n})\n{}"), ("ar", "شبكات الجزر (السؤال {n})\n{}"), ("zh", "岛屿网络（问题{n}）\n{}"),
]  # fmt: skip
COUNTED = [
    ("es", "{n}ª {}"), ("es", "{n}.ª {}"), ("en", "=== {n} ===\n{}"), ("fr", "--- {n} ---\n{}"), ("es", "*** {n} ***\n{}"),
    ("ru", "=== {n} ===\n{}"), ("ar", "=== {n} ===\n{}"), ("zh", "=== {n} ===\n{}"), ("en", "## {n} ##\n{}"),
]  # fmt: skip


def written(language: str, pattern: str, numbers: tuple[int, ...]) -> tuple[str, dict[int, str]]:
    """(a mail whose answers are labelled like this, the answers)."""
    said = {number: FILLER[language][number - 1] for number in numbers}
    pieces = [
        pattern.replace("{n}", str(number)).replace("{w}", SPELLED[language][number - 1]).replace("{}", text)
        for number, text in said.items()
    ]
    return f"{GREETINGS[language]}\n\n" + "\n\n".join(pieces) + "\n\nA. Person\n", said


@pytest.mark.parametrize("numbers", [(1, 3), (1, 2, 3), (2, 3), (1, 2)])
@pytest.mark.parametrize(("language", "pattern"), NAMED)
def test_a_number_that_is_named_is_a_question_s(language: str, pattern: str, numbers: tuple[int, ...]) -> None:
    text, said = written(language, pattern, numbers)
    assert {number: answer[:12] for number, answer in found(text).items()} == {
        number: answer[:12] for number, answer in said.items()
    }


@pytest.mark.parametrize("numbers", [(1, 3), (1, 2, 3), (2, 3)])
@pytest.mark.parametrize(("language", "pattern"), COUNTED)
def test_a_number_that_is_only_marked_is_a_question_s_where_a_list_of_numbers_would_be(
    language: str, pattern: str, numbers: tuple[int, ...]
) -> None:
    text, said = written(language, pattern, numbers)
    assert {number: answer[:12] for number, answer in found(text).items()} == {
        number: answer[:12] for number, answer in said.items()
    }
    own, _ = written(language, pattern, (1, 2))
    assert found(own) == {}, "two points of one's own"


@pytest.mark.parametrize(
    "text",
    [
        "We met on 12: it rained. Masts fell.\n\nOn 30: more rain.",
        "No one: that is who repairs the mast.\n\nNo two: masts are alike.",
        "The one: a mast. The island has nobody else.",
        "En 2: nada.\n\nLa red: una antena.",
        "Le 1er mai, la tempête.\n\nLe 2 mai, le calme revient sur l'île.",
        "Part 1: who we are\n\nPart 2: what we own",
    ],
)
def test_dates_parts_and_nobody_are_no_labels(text: str) -> None:
    assert len(found(text)) < 2


WRAPPED = {
    "en": "We lost the mast last winter, as told in the letter on masts (question 1)\nand the parish paid for another one.",
    "fr": "Nous avons perdu le pylône l'hiver dernier, comme dit plus haut (question 1)\net la paroisse en a payé un autre.",
    "es": "Perdimos la torre el invierno pasado, como se dijo más arriba (pregunta 1)\ny la parroquia pagó otra.",
    "ru": "Прошлой зимой мы потеряли мачту, как сказано выше (вопрос 1)\nи приход заплатил за другую.",
}


@pytest.mark.parametrize("language", WRAPPED)
def test_a_sentence_that_is_wrapped_behind_a_bracket_is_no_heading(language: str) -> None:
    assert found(WRAPPED[language]) == {}


BROKEN = {
    "en": ("The cost was", "high in all places, and nobody could pay it."),
    "fr": ("Le coût était", "élevé partout, et personne ne pouvait payer."),
    "es": ("El costo era", "alto en todas partes y nadie podía pagarlo."),
    "ru": ("Стоимость была", "высокой повсюду, и никто не мог платить."),
}
CAPTIONS = {
    "en": ("Cost of links", "It was high in all places, and nobody could pay it."),
    "fr": ("Coût des liaisons", "Il était élevé partout, et personne ne pouvait payer."),
    "es": ("Costo de los enlaces", "Era alto en todas partes y nadie podía pagarlo."),
    "ru": ("Стоимость линий", "Она была высокой повсюду, и никто не мог платить."),
    "ar": ("تكلفة الروابط", "كانت مرتفعة في كل مكان ولم يستطع أحد دفعها."),
    "zh": ("线路成本", "各地的成本都很高，没有人付得起这笔钱。"),
}
QUESTIONS = {"en": "Question 1", "fr": "Question 1", "es": "Pregunta 1", "ru": "Вопрос 1", "ar": "السؤال 1", "zh": "问题1"}


@pytest.mark.parametrize("language", BROKEN)
def test_a_sentence_that_was_broken_keeps_its_first_line(language: str) -> None:
    first, rest = BROKEN[language]
    assert found(f"{QUESTIONS[language]}: {first}\n\n{rest}\n")[1] == f"{first} {rest}"


@pytest.mark.parametrize("language", CAPTIONS)
def test_a_caption_on_the_label_s_own_line_is_none_of_the_answer(language: str) -> None:
    caption, text = CAPTIONS[language]
    assert found(f"{QUESTIONS[language]}: {caption}\n\n{text}\n")[1] == text


@pytest.mark.parametrize("language", CAPTIONS)
def test_a_sentence_on_the_label_s_own_line_is_the_answer_s(language: str) -> None:
    _, text = CAPTIONS[language]
    again = FILLER[language][0]
    assert found(f"{QUESTIONS[language]}: {text}\n\n{again}\n")[1] == f"{text} {again}"


OPEN = {
    "en": ("We shall answer separately.", "left blank", "reply to it separately"),
    "fr": ("Nous répondrons séparément.", "laissée en blanc", "par courrier séparé"),
    "es": ("Lo contestaremos por separado.", "la dejamos en blanco", "irá aparte"),
    "ru": ("Ответим отдельно.", "оставили пустым", "отдельным письмом"),
    "ar": ("سنجيب عنه على حدة.", "تركناه فارغاً", "في رسالة منفصلة"),
    "zh": ("我们将另函答复。", "留空", "单独答复"),
}


@pytest.mark.parametrize("language", OPEN)
def test_an_answer_that_is_left_open_is_none(language: str) -> None:
    for said in OPEN[language]:
        text = f"{QUESTIONS[language]}: {FILLER[language][0]}\n\n{QUESTIONS[language].replace('1', '2')}: {said}\n"
        assert set(found(text)) == {1}, said


@pytest.mark.parametrize("language", OPEN)
def test_a_list_with_an_open_item_answers_the_questions(language: str) -> None:
    """Nobody numbers a point of his own that he does not have."""
    before = {
        "en": "We wrote this after a long winter on the island; it is the same as the signed copy that goes by post.",
        "fr": "Nous avons écrit ceci après un long hiver sur l'île; c'est le même texte que la copie signée.",
        "es": "Escribimos esto tras un largo invierno en la isla; es lo mismo que la copia firmada que va por correo.",
        "ru": "Мы написали это после долгой зимы на острове; это то же самое, что и подписанный экземпляр.",
        "ar": "كتبنا هذا بعد شتاء طويل في الجزيرة، وهو مطابق للنسخة الموقعة المرسلة بالبريد العادي.",
        "zh": "本文写于岛上漫长的冬季之后，与另行邮寄的签字件内容相同，特此说明。",
    }[language]
    first, _, third = FILLER[language]
    for nothing in ("–", OPEN[language][0]):
        assert set(found(f"{before}\n\n1. {first}\n\n2. {nothing}\n\n3. {third}\n")) == {1, 3}, nothing


def test_a_short_answer_that_speaks_of_what_is_separate_is_one() -> None:
    assert set(found("Question 1: License each island separately.\n\nQuestion 2: Answer complaints in a week.\n")) == {1, 2}


@pytest.mark.parametrize(
    "words", [("vessel", "fisher", "licence"), ("mast", "", "mooring"), ("порт", "–", "судно"), ("кабель", "", "якорь")]
)
def test_a_table_of_names_is_no_list_of_answers(words: tuple[str, str, str]) -> None:
    rows = "\n\n".join(f"{number}. {word}" for number, word in enumerate(words, 1))
    assert found(f"The elements that we keep for each landing on the island, as they stand in our book:\n\n{rows}\n") == {}
