"""Two questions with one text, questions left out in a sentence, labels that run into text, lists that a subject announces; six languages."""

from __future__ import annotations

import pytest
from test_answers_labels import FILLER, found
from who_samples import TEXTS

BOTH = {
    "en": "Both questions have one answer from us: teach the crew and pay the teacher.",
    "fr": "Aux deux questions une seule réponse : former l'équipage et payer celui qui le forme.",
    "es": "A las dos preguntas, una respuesta: formar al equipo y pagar a quien lo forma.",
    "ru": "На оба вопроса ответ один: учить экипаж и платить тому, кто его учит.",
    "ar": "جوابنا عن السؤالين واحد: تدريب الطاقم ودفع أجر من يدربه.",
    "zh": "这两个问题我们一并回答：培训船员，并付钱给培训的人。",
}
LEFT = {
    "en": ("The islanders say this on your third question only.", "For the first and second questions we have no position yet."),
    "fr": ("Les insulaires s'expriment seulement sur la troisième question.", "Sur la première et la deuxième question nous n'avons pas de position."),
    "es": ("Los isleños hablan solo de la tercera pregunta.", "Sobre la primera y la segunda pregunta no tenemos posición."),
    "ru": ("Островитяне говорят только о третьем вопросе.", "По первому и второму вопросам у нас нет позиции."),
    "ar": ("يتحدث أهل الجزيرة عن السؤال الثالث فقط.", "أما السؤالان 1 و2 فليس لدينا موقف منهما."),
    "zh": ("岛民只谈第三个问题。", "对第一和第二个问题我们暂无立场。"),
}  # fmt: skip
ONE_BY_ONE = {
    "en": "We shall not take your questions one by one. The ferry is late every day and nobody asks why.",
    "fr": "Je ne sais pas traiter vos questions une par une. Le bac est en retard chaque jour et personne ne demande pourquoi.",
    "es": "No trataré sus preguntas una por una. El transbordador llega tarde cada día y nadie pregunta por qué.",
    "ru": "Разбирать вопросы один за другим я не умею. Паром опаздывает каждый день, и никто не спросит почему.",
    "ar": "لن أتناول الأسئلة واحدا تلو الآخر. العبارة تتأخر كل يوم ولا أحد يسأل عن السبب.",
    "zh": "您的问题一一说来太长。渡船每天晚点，没有人过问原因，岛上的人只能等。",
}
HEADED = {
    "en": ("Answers of the harbour club", "1) {}\n2) {}"),
    "fr": ("Réponses du club du port", "1) {}\n2) {}"),
    "es": ("Respuestas del club del puerto", "1) {}\n2) {}"),
    "ru": ("Портовый клуб: ответы", "1) {}\n2) {}"),
    "ar": ("إجابات نادي الميناء", "1) {}\n2) {}"),
    "zh": ("海港俱乐部的答复", "（一）{}\n\n（二）{}"),
}
BARE = {"en": "Q{} ", "fr": "Q{} ", "es": "P{} ", "ru": "В{} ", "ar": "س{} ", "zh": "问{} "}
GLUED = {
    "en": ("Answer of the Harbour Board of Norrvik\nTo question 1", "To question 2"),
    "fr": ("Réponse de la capitainerie de Norrvik\nÀ la question n° 1", "À la question n° 2"),
    "es": ("Respuesta de la capitanía de Norrvik\nA la pregunta n.º 1", "A la pregunta n.º 2"),
    "ru": ("Ответ управления порта Норрвик\nК вопросу № 1", "К вопросу № 2"),
    "ar": ("رد هيئة ميناء نورفيك\nعن السؤال رقم 1", "عن السؤال رقم 2"),
}
HALF = {
    "en": "First half of what the harbour board of Norrvik says (questions 1 and 2). The other half goes by post.",
    "fr": "Première moitié de ce que dit la capitainerie (questions 1 et 2). L'autre moitié part par la poste.",
    "es": "Primera mitad de lo que dice la capitanía (preguntas 1 y 2). La otra mitad va por correo.",
    "ru": "Первая половина того, что говорит порт (вопросы 1 и 2). Вторая половина идёт почтой.",
    "ar": "النصف الأول مما تقوله هيئة الميناء (السؤالان 1 و2). أما النصف الآخر فيصل بالبريد.",
    "zh": "海港管理局意见的前半部分（问题1和2）。后半部分另寄。",
}


@pytest.mark.parametrize("language", BOTH)
def test_one_text_for_the_two_questions_above_it(language: str) -> None:
    text = f"> 1. {TEXTS[0][language]}\n\n{FILLER[language][0]}\n\n> 2. {TEXTS[1][language]}\n> 3. {TEXTS[2][language]}\n\n{BOTH[language]}\n"
    answers = found(text)
    assert set(answers) == {1, 2, 3}
    assert answers[2] == answers[3]
    left_open = found(text.replace(BOTH[language], FILLER[language][2]))
    assert set(left_open) == {1, 3}, "an empty place is none"


@pytest.mark.parametrize("language", LEFT)
def test_questions_left_out_by_a_sentence_are_none(language: str) -> None:
    only, left = LEFT[language]
    answers = found(f"{only}\n\n{FILLER[language][2]} {FILLER[language][0]}\n\n{left}\n\nTove Lind")
    assert set(answers) == {3}
    assert answers[3].startswith(FILLER[language][2][:12])


@pytest.mark.parametrize("language", ONE_BY_ONE)
def test_one_by_one_is_no_number(language: str) -> None:
    assert found(ONE_BY_ONE[language]) == {}


@pytest.mark.parametrize("language", HEADED)
def test_a_subject_that_promises_answers_makes_a_list_one_of_them(language: str) -> None:
    subject, pattern = HEADED[language]
    text = pattern.format(FILLER[language][0], FILLER[language][1])
    assert set(found(text, subject=subject)) == {1, 2}
    assert found(text, subject="Norrvik") == {}


@pytest.mark.parametrize("language", BARE)
def test_letters_without_a_stop_where_two_questions_have_one(language: str) -> None:
    label = BARE[language]
    text = f"{label.format(1)}{FILLER[language][0].lower()}\n\n{label.format(3)}{FILLER[language][2].lower()}"
    assert {number: said[:10] for number, said in found(text).items()} == {
        1: FILLER[language][0].lower()[:10],
        3: FILLER[language][2].lower()[:10],
    }
    if language != "zh":  # in Chinese no more than that stands before an answer
        assert found(f"{label.format(3)}{FILLER[language][2].lower()}") == {}


@pytest.mark.parametrize("language", GLUED)
def test_a_label_alone_on_its_line_begins_a_paragraph_of_its_own(language: str) -> None:
    first, second = GLUED[language]
    text = f"{first}\n\n{FILLER[language][0]}\n\n{second}\n\n{FILLER[language][1]}"
    assert found(text) == {1: FILLER[language][0], 2: FILLER[language][1]}


def test_a_wrapped_line_that_ends_with_a_label_is_no_heading() -> None:
    assert (
        found("The harbour wrote at length about boats, as the board says in its answer\nto question 1\nand nothing else.") == {}
    )


@pytest.mark.parametrize("language", HALF)
def test_a_sentence_that_announces_a_list_is_no_label_over_it(language: str) -> None:
    text = f"{HALF[language]}\n\n1. {FILLER[language][0]}\n\n2. {FILLER[language][1]}\n\nTove Lind"
    answers = found(text)
    assert answers[1] == FILLER[language][0]
    assert answers[2].startswith(FILLER[language][1])
