"""Footers stand at the end and say nothing of the author's: sentences of his own that begin like one stay his, in six languages."""

from __future__ import annotations

import pytest

from intake.model.text import SpanKind
from intake.reading.spans import spans_of
from tests.corpus.test_reading_corpus import WORDS

# a sentence that begins as a legal footer and is none, a legal footer, a sentence that begins as a device's line, a device's line
SIX = {
    "en": ("If you have received this message in error is a formula; nobody ever obeys it.",
           "This message is confidential. If you are not the intended recipient, please delete it and notify the sender.",
           "Sent from my village were forty complaints about the price of a phone.", "Sent from my phone"),
    "fr": ("Si vous avez reçu ce message par erreur : voilà ce que lisent les gens, et personne n'en tient compte.",
           "Ce message est confidentiel. Si vous n'êtes pas le destinataire, merci de le détruire et d'avertir l'expéditeur.",
           "Envoyé de mon village, ce texte parle des prix.", "Envoyé de mon téléphone"),
    "es": ("Este correo electrónico, dicen las empresas: la gente no lo lee jamás y nada cambia con ello.",
           "Este mensaje es confidencial. Si usted no es el destinatario, elimine este correo y avise al remitente.",
           "Enviado desde mi pueblo llega este ruego sobre los precios.", "Enviado desde mi móvil"),
    "ru": ("Если вы не являетесь богатым человеком: связь для вас дорога, и никто этого не меняет.",
           "Настоящее сообщение конфиденциально. Если вы не являетесь получателем, удалите это сообщение.",
           "Отправлено из нашего села много жалоб на цены.", "Отправлено с телефона"),
    "zh": ("如果您不是富人，接入对您来说就太贵，没有人关心这一点。",
           "本邮件及其附件含有保密信息。如果您不是收件人，请立即删除本邮件。",
           "发自我的家乡，许多人抱怨价格太高。", "发自我的手机"),
    "ar": ("إذا لم تكن المستلم لراتب جيد: فالإنترنت باهظ الثمن، ولا أحد يهتم بذلك.",
           "هذه الرسالة ومرفقاتها سرية. إذا لم تكن المستلم المقصود يرجى حذف الرسالة.",
           "أرسلت من قريتي شكاوى كثيرة عن ارتفاع الأسعار.", "أرسلت من هاتفي"),
}  # fmt: skip
OWN = "1. Yes.\n\n{}\n\n2. No, for it costs too much.\n\n3. Train the teachers."


def new(text: str) -> str:
    return "".join(text[span.start : span.end] for span in spans_of(text, WORDS) if span.kind is SpanKind.NEW)


@pytest.mark.parametrize("language", SIX)
@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_whatever_it_begins_like_nothing_before_answers_is_a_footer(language: str, place: int) -> None:
    said = SIX[language][place]
    text = OWN.format(said)
    found = new(text)
    assert "2. No, for it costs too much." in found
    assert "3. Train the teachers." in found
    assert place == 3 or found == text  # a device's line of its own may stand anywhere; what follows it is the author's


@pytest.mark.parametrize("language", SIX)
@pytest.mark.parametrize("place", [0, 2])
def test_a_sentence_of_the_author_s_stays_his_where_it_is_the_last(language: str, place: int) -> None:
    text = f"1. Yes.\n\n{SIX[language][place]}"
    assert new(text) == text


@pytest.mark.parametrize("language", SIX)
@pytest.mark.parametrize(("place", "kind"), [(1, SpanKind.LEGAL_FOOTER), (3, SpanKind.DEVICE_FOOTER)])
@pytest.mark.parametrize("between", ["\n\n", "\n\n________\n", "\n\nA. Name\n"])
def test_the_footer_itself_is_none_of_his_words(language: str, place: int, kind: SpanKind, between: str) -> None:
    text = f"1. Yes.{between}{SIX[language][place]}"
    assert {span.kind for span in spans_of(text, WORDS)} == {SpanKind.NEW, kind}
    assert SIX[language][place] not in new(text)


@pytest.mark.parametrize("rule", ["_" * 40, "-- ", "-----"])
def test_a_list_footer_speaks_of_nothing_but_the_list(rule: str) -> None:
    footer = f"Talk mailing list\ntalk@lists.example.org\nTo unsubscribe send a letter to the people who look after\nthis list.\n{rule}"
    assert new(f"Yes.\n{rule}\n{footer}".removesuffix(rule)).strip() == "Yes."
    for own in ("2. A mailing list is needed.", "Everybody should read it.")[: 1 if rule == "-- " else 2]:
        text = f"Yes.\n{rule}\n{own}\nhttps://example.org/mailman/listinfo/talk\nThat is our last word."
        assert new(text) == text


@pytest.mark.parametrize("mark", ["--", "-- ", "—"])
def test_a_mark_that_divides_answers_is_no_signature(mark: str) -> None:
    text = f"Cost is high.\n{mark}\nTeachers need training.\n{mark}\nNetworks come first."
    assert new(text) == text
    signed = f"Cost is high.\n{mark}\nTeachers need training.\n{mark}\nA. Name\n+44 20 7946 0000"
    assert new(signed) == signed.rpartition(mark)[0]


def test_a_numbered_answer_below_a_signature_is_the_author_s() -> None:
    assert new("1. Yes.\n\n-- \nA. Name\nCompany\n\n2. No.").split() == ["1.", "Yes.", "2.", "No."]
