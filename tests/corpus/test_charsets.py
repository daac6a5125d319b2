"""Charsets named rightly, wrongly and not at all, in six languages: long texts are read right always, short ones as far as they can be told.

`python -m tests.corpus.test_charsets` prints the table of docs/READING.md.
"""

from __future__ import annotations

import base64
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from intake.reading.charsets import decoded
from intake.reading.decode import clean
from intake.reading.read_message import read_message
from intake.reading.words import reading_words

SHORT: dict[str, list[str]] = {
    "ar": ["شكراً جزيلاً", "نعم", "رد على الاستشارة", "وزارة الاتصالات", "مع التحية", "لا نوافق على المقترح", "محمد أحمد", "المرفق: رأي الهيئة",
           "السؤال الأول", "الجمهورية التونسية", "نؤيد ذلك تماماً.", "مملكة البحرين"],
    "ru": ["Спасибо", "Да", "Ответ на консультацию", "Министерство связи", "С уважением", "Мы не согласны", "Иван Петров", "Приложение: отзыв",
           "Вопрос первый", "ОТВЕТ", "Республика Беларусь", "Поддерживаем полностью.", "ИНН 7701", "г. Москва, ул. Тверская, д. 7"],
    "zh": ["谢谢", "是的", "关于征求意见的答复", "工业和信息化部", "此致敬礼", "我们不同意该提案", "张伟", "附件：意见", "第一个问题", "中华人民共和国",
           "完全支持。", "北京市西长安街13号"],
    "fr": ["Réponse à la consultation", "Merci à tous", "Ministère de l’Économie", "Nous ne sommes pas d’accord", "François Hérault",
           "Pièce jointe : avis", "Première question", "Oui, à l’évidence", "Où ça ?", "À bientôt", "Île-de-France", "Société Générale des Eaux — n° 3"],
    "es": ["Respuesta a la consulta pública", "Sí", "Administración de España", "No estamos de acuerdo, señor", "José Núñez", "¿Por qué no?",
           "Primera pregunta: ¿qué medidas?", "Atención", "Año 2026", "Señora Directora:", "Comisión", "¡Muchas gracias!"],
    "en": ["It’s our view", "“Yes”", "Thanks — we agree", "cost £500", "naïve approach", "100 €", "café", "question 1 – answer", "Zürich office",
           "§ 5 applies", "±3 %", "Department’s reply…"],
}  # fmt: skip
LONG: dict[str, str] = {
    "ar": "تود إدارتنا أن تعرب عن تأييدها للمقترح المقدم بشأن حماية الكابلات البحرية، وترى أن التعاون الدولي ضروري.",
    "ru": "Наша администрация поддерживает предложение о защите подводных кабелей и считает, что сотрудничество необходимо.",
    "zh": "我国主管部门支持关于保护海底电缆的提案，认为国际合作十分必要。各成员国应当交流信息，并采取适当措施。",
    "fr": "Notre administration appuie la proposition relative à la protection des câbles sous-marins et l’estime nécessaire.",
    "es": "Nuestra administración apoya la propuesta sobre la protección de los cables y considera que la cooperación es necesaria.",
    "en": "Our administration supports the proposal – and thinks that “international co-operation” is needed; it shouldn’t wait for £5.",
}
CHARSETS: dict[str, list[str]] = {
    "ar": ["cp1256", "iso-8859-6", "utf-8"], "ru": ["cp1251", "koi8-r", "iso-8859-5", "cp866", "utf-8"],
    "zh": ["gb18030", "gb2312", "big5", "utf-8"], "fr": ["cp1252", "iso-8859-1", "iso-8859-15", "utf-8"],
    "es": ["cp1252", "iso-8859-1", "iso-8859-15", "utf-8"], "en": ["cp1252", "utf-8"],
}  # fmt: skip
LABELS = ("right", "none", "us-ascii", "iso-8859-1", "utf-8", "gb2312 for gb18030")
_SIMPLE = "谢关于征见复业张伟问题华国长号个们议该护电缆为认际应当换对机构实发门动进过时说让请还这设给结经济协条义务权网络区与会产价员单双变极样类边达"
_FULL = "謝關於徵見復業張偉問題華國長號個們議該護電纜為認際應當換對機構實發門動進過時說讓請還這設給結經濟協條義務權網絡區與會產價員單雙變極樣類邊達"
_TRADITIONAL = str.maketrans(_SIMPLE, _FULL) if len(_SIMPLE) == len(_FULL) else {}
AMBIGUOUS = 0.85
"""What a guess reaches at the least on texts of one to five words without a label: a word of two letters is a word in several charsets."""


class Case(Struct, frozen=True):
    """A text as it was sent. `size`: short or long; `label`: what the mail says of it."""

    size: str
    language: str
    charset: str
    label: str
    text: str
    data: bytes

    @property
    def said(self) -> str | None:
        """The charset as declared."""
        if self.label == "gb2312 for gb18030":
            return "gb2312"
        return self.charset if self.label == "right" else None if self.label == "none" else self.label

    @property
    def told(self) -> str:
        """Column of the table."""
        return "right" if self.label in ("right", "gb2312 for gb18030") else "none" if self.label == "none" else "wrong"


def cases() -> Iterator[Case]:
    for language, charsets in CHARSETS.items():
        for size, texts in (("short", SHORT[language]), ("long", [LONG[language]])):
            for charset in charsets:
                for text in texts:
                    yield from labelled(size, language, charset, text.translate(_TRADITIONAL) if charset == "big5" else text)


def labelled(size: str, language: str, charset: str, text: str) -> Iterator[Case]:
    text = "".join(char for char in text if char.encode(charset, "ignore"))
    data = text.encode(charset)
    for label in LABELS:
        fits = {"gb2312 for gb18030": charset == "gb18030", "utf-8": charset != "utf-8"}.get(label, True)
        if fits and not data.isascii():
            yield Case(size, language, charset, label, text, data)


CASES = list(cases())


def is_read(case: Case) -> bool:
    return clean(decoded(case.data, case.said)[0]) == case.text


def test_a_right_label_is_believed() -> None:
    assert [case for case in CASES if case.told == "right" and not is_read(case)] == []


def test_long_texts_are_read_whatever_the_label() -> None:
    assert [case for case in CASES if case.size == "long" and not is_read(case)] == []


@pytest.mark.parametrize("language", CHARSETS)
def test_short_texts_are_guessed(language: str) -> None:
    short = [is_read(case) for case in CASES if case.size == "short" and case.language == language and case.told != "right"]
    assert sum(short) >= AMBIGUOUS * len(short)


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        ("海底電纜の保護について".encode("iso-2022-jp"), "iso-2022-jp", "海底電纜の保護について"),
        ("海底電纜の保護について".encode("iso-2022-jp"), None, "海底電纜の保護について"),
        ("海底電纜の保護について".encode("iso-2022-jp"), "us-ascii", "海底電纜の保護について"),
        ("Réponse – ответ".encode("utf-7"), "utf-7", "Réponse – ответ"),
        ("Réponse – ответ".encode("utf-7"), "unicode-1-1-utf-7", "Réponse – ответ"),
        ("保护海底电缆".encode("hz"), "hz-gb-2312", "保护海底电缆"),
        ("Ответ".encode("utf-16"), None, "Ответ"),
        ("Ответ".encode("utf-16"), "utf-16", "Ответ"),
        ("\ufeffОтвет".encode(), "koi8-r", "Ответ"),
        ("Réponse à l’été".encode().decode("cp1252").encode(), "utf-8", "Réponse à l’été"),
        ("Ответ на вопрос".encode().decode("latin-1").encode(), "utf-8", "Ответ на вопрос"),
        ("答复意见".encode().decode("latin-1").encode(), None, "答复意见"),
        ("谢谢".encode("gb2312"), "gb2312", "谢谢"),
        ("镕基 㐀".encode("gb18030"), "gb2312", "镕基 㐀"),
        ("“Yes” – 5 €".encode("cp1252"), "iso-8859-1", "“Yes” – 5 €"),
        ("안녕하세요 여러분".encode("euc-kr"), "ks_c_5601-1987", "안녕하세요 여러분"),
    ],
)
def test_the_odd_ones(data: bytes, label: str | None, text: str) -> None:
    assert clean(decoded(data, label)[0]) == text


def test_a_text_in_base64_with_a_wrong_label_is_told_in_the_mail() -> None:
    words = reading_words(tomllib.loads(Path("config/reading.toml").read_text("utf-8")))
    head = b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    reading = read_message(head + base64.encodebytes(LONG["ru"].encode("koi8-r")), words)
    assert reading.text.strip() == LONG["ru"]
    assert [defect.code for defect in reading.defects] == ["charset_repaired"]


if __name__ == "__main__":
    total: Counter[tuple[str, str, str]] = Counter()
    right: Counter[tuple[str, str, str]] = Counter()
    for each in CASES:
        key = each.size, each.told, each.language
        total[key] += 1
        right[key] += is_read(each)
    for size in ("long", "short"):
        for told in ("right", "none", "wrong"):
            row = [f"{right[size, told, language]} of {total[size, told, language]}" for language in CHARSETS]
            sys.stdout.write(f"| {size}, label {told} | {' | '.join(row)} |\n")
