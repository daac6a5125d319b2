"""Answers without a word for "question": numbers that leave some out, letters, ordinals, a sentence that announces the one answered."""

# ruff: noqa: E501 - a way to number stands on one line with the others of its language

from __future__ import annotations

import pytest

from tests.fakes.mails import a_mail, verdict_of

ONE = {
    "en": "Share one landing station among the islands and publish what it costs.",
    "fr": "Partager une station entre les îles et publier ce qu'elle coûte à chacun.",
    "es": "Compartir una estación entre las islas y publicar lo que cuesta a cada una.",
    "ru": "Одна общая станция на все острова и открытая цена для каждого из них.",
    "zh": "各岛共用一个登陆站，并公布其价格，让每个岛都知道。",
    "ar": "تقاسم محطة واحدة بين الجزر ونشر ما تكلفه على كل جزيرة منها.",
}
OTHER = {
    "en": "Teach the ambulance crews to set up a dish themselves in bad weather.",
    "fr": "Apprendre aux ambulanciers à monter eux-mêmes une antenne par mauvais temps.",
    "es": "Enseñar a las ambulancias a montar ellas mismas una antena con mal tiempo.",
    "ru": "Научить бригады скорой помощи самим разворачивать антенну в непогоду.",
    "zh": "在恶劣天气下教急救人员自己架设天线，每年两次。",
    "ar": "تعليم فرق الإسعاف نصب الهوائي بأنفسهم في الطقس السيئ مرتين كل سنة.",
}
STYLES = {
    "en": ("1) {a}\n\n3) {b}", "1. {a}\n3. {b}", "(1) {a}\n\n(3) {b}", "I. {a}\n\nIII. {b}", "a) {a}\n\nc) {b}", "#1 {a}\n\n#3 {b}", "First. {a}\n\nThird. {b}", "1 - {a}\n3 - {b}"),
    "fr": ("1) {a}\n\n3) {b}", "1. {a}\n3. {b}", "I. {a}\n\nIII. {b}", "a) {a}\n\nc) {b}", "Premièrement : {a}\n\nTroisièmement : {b}"),
    "es": ("1) {a}\n\n3) {b}", "1.- {a}\n3.- {b}", "a) {a}\n\nc) {b}", "PRIMERA. {a}\n\nTERCERA. {b}", "I. {a}\n\nIII. {b}"),
    "ru": ("1) {a}\n\n3) {b}", "1. {a}\n3. {b}", "а) {a}\n\nв) {b}", "Во-первых, {a}\n\nВ-третьих, {b}", "I. {a}\n\nIII. {b}"),
    "zh": ("一、{a}\n\n三、{b}", "1. {a}\n3. {b}", "（一）{a}\n\n（三）{b}", "第一，{a}\n\n第三，{b}"),
    "ar": ("١) {a}\n\n٣) {b}", "1. {a}\n3. {b}", "أولاً: {a}\n\nثالثاً: {b}", "أ) {a}\n\nج) {b}"),
}  # fmt: skip
LISTS = [(language, style) for language, styles in STYLES.items() for style in styles]
ANNOUNCED = {
    "en": ("Norrvik Board, on the third question: {b}", "We answer question 3 only. {b}", "Our club answers the third question.\n\n{b}"),
    "fr": ("L'Office de Norrvik, sur la troisième question : {b}", "Nous répondons à la seule question 3.\n\n{b}"),
    "es": ("La Junta de Norrvik responde la pregunta tres:\n\n{b}", "Contestamos solo la pregunta 3. {b}"),
    "ru": ("Управление порта, по третьему вопросу: {b}", "Отвечаем только на вопрос 3.\n\n{b}"),
    "zh": ("我局仅就问题三答复如下：\n\n{b}", "我们只回答第三个问题：{b}"),
    "ar": ("هيئة الميناء، عن السؤال الثالث: {b}", "نجيب عن السؤال 3 فقط.\n\n{b}"),
}  # fmt: skip
SAID = [(language, style) for language, styles in ANNOUNCED.items() for style in styles]


def answers(text: str) -> dict[int, str]:
    return {answer.question: answer.text for answer in verdict_of(a_mail("Links", text)).answers}


@pytest.mark.parametrize(("language", "style"), LISTS, ids=[f"{lang}-{n}" for n, (lang, _) in enumerate(LISTS)])
def test_a_list_that_leaves_numbers_out_is_our_numbering(language: str, style: str) -> None:
    found = answers(style.format(a=ONE[language], b=OTHER[language]) + "\n\nTove Lind")
    assert set(found) == {1, 3}
    assert found[1].startswith(ONE[language][:12])
    assert found[3].startswith(OTHER[language][:12])


@pytest.mark.parametrize(("language", "style"), SAID, ids=[f"{lang}-{n}" for n, (lang, _) in enumerate(SAID)])
def test_the_one_question_that_a_sentence_announces(language: str, style: str) -> None:
    found = answers(style.format(b=OTHER[language]) + "\n\nTove Lind")
    assert set(found) == {3}
    assert found[3].startswith(OTHER[language][:12])


@pytest.mark.parametrize(
    "text",
    [
        "We have three complaints:\n\n1. Nobody was told of it.\n2. The page does not open.\n3. The form wants a number.",
        "Our meeting was on\n3. December 2027 in Norrvik, and nobody came from the ministry to hear us.",
        "Could you tell us whether question 3 concerns only hospitals?",
        "We do not answer question 3, and here is why: nobody asked the islands before.",
        "A. Berg wrote to you last week about the harbour.",
    ],
)
def test_what_is_no_answer_stays_none(text: str) -> None:
    assert answers(text) == {}


def test_two_labels_with_one_text() -> None:
    for label in ("Q1 & Q3", "*Q1 & Q3.*", "Q1/Q3:", "Answer to Q1 and Q3", "Questions 1 and 3:"):
        found = answers(f"{label}\n{ONE['en']}")
        assert set(found) == {1, 3}, label


def test_a_question_left_open_among_the_quoted_ones() -> None:
    mail = (
        "Our answers are between your lines.\n\nOn 2 May the secretariat wrote:\n"
        "> 1. How can the cost of international connectivity be reduced for remote communities?\n\n" + ONE["en"] + "\n\n"
        "> 2. Which licensing rules help or hinder small satellite operators?\n"
        "> 3. What training should be offered to the staff of emergency services?\n\n" + OTHER["en"] + "\n"
    )
    assert set(answers(mail)) == {1, 3}
