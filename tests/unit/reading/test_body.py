"""All of a mail's own words are read, in order; of two forms of a text the fuller one, and a difference is noted; in six languages."""

from __future__ import annotations

import pytest

from intake.model.mail import Reading
from intake.reading.read_message import read_message
from tests.corpus.test_reading_corpus import WORDS

# three sentences, and one that says the contrary of the last
SIX = {
    "en": ("Access is too dear.", "Train the teachers.", "We accept clause nine.", "We refuse clause nine."),
    "fr": ("L'accès est trop cher.", "Formez les maîtres.", "Nous acceptons l'article neuf.", "Nous refusons l'article neuf."),
    "es": ("El acceso es caro.", "Formen a los maestros.", "Aceptamos el artículo nueve.", "Rechazamos el artículo nueve."),
    "ru": ("Доступ слишком дорог.", "Обучайте учителей.", "Мы принимаем пункт девять.", "Мы отвергаем пункт девять."),
    "zh": ("接入太贵。", "请培训教师。", "我们接受第九条。", "我们反对第九条。"),
    "ar": ("النفاذ باهظ الثمن.", "دربوا المعلمين.", "نقبل المادة التاسعة.", "نرفض المادة التاسعة."),
}
NOTICE = {
    "en": "This message is in HTML format.", "fr": "Ce message est au format HTML.", "es": "Este mensaje está en formato HTML.",
    "ru": "Это письмо в формате HTML.", "zh": "本邮件为 HTML 格式。", "ar": "هذه الرسالة بصيغة HTML.",
}  # fmt: skip
PDF = "Content-Type: application/pdf; name=a.pdf\n\n%PDF-1.4\n"


def plain(words: str) -> str:
    return f"Content-Type: text/plain; charset=utf-8\n\n{words}\n"


def page(*words: str) -> str:
    return f"Content-Type: text/html; charset=utf-8\n\n{''.join(f'<p>{each}</p>' for each in words)}\n"


def multi(kind: str, *parts: str) -> str:
    mark = f"={kind}{sum(map(len, parts))}="
    return (
        f'Content-Type: multipart/{kind}; boundary="{mark}"\n\n'
        + "".join(f"--{mark}\n{part}" for part in parts)
        + f"--{mark}--\n"
    )


def read(tree: str) -> Reading:
    return read_message(f"From: a@example.org\nSubject: Answer\nMIME-Version: 1.0\n{tree}".encode(), WORDS)


@pytest.mark.parametrize("language", SIX)
def test_parts_that_follow_one_another_are_the_text_in_order(language: str) -> None:
    one, two, three, _ = SIX[language]
    both = multi("alternative", plain(one), page(one))
    for tree in (
        multi("mixed", plain(one), PDF, page(two, three)),
        multi("mixed", page(one), plain(two), page(three)),
        multi("mixed", both, page(two), plain(three)),
        multi("mixed", both, multi("alternative", plain(two), page(two)), page(three)),
        multi("alternative", plain(one), multi("mixed", page(one), PDF, page(two), page(three))),
        multi("mixed", multi("related", page(one)), PDF, multi("related", page(two), page(three))),
    ):
        assert [line for line in read(tree).text.split("\n") if line] == [one, two, three], tree


@pytest.mark.parametrize("language", SIX)
def test_the_same_words_in_two_forms_stand_once_also_without_alternative(language: str) -> None:
    words = SIX[language][:3]
    for parts in ((plain("\n\n".join(words)), page(*words)), (page(*words), plain("\n\n".join(words)))):
        for kind in ("alternative", "mixed"):
            found = read(multi(kind, *parts))
            assert [line for line in found.text.split("\n") if line] == list(words)
            assert not [item.code for item in found.defects]


@pytest.mark.parametrize("language", SIX)
def test_the_fuller_form_is_read(language: str) -> None:
    one, two, three, _ = SIX[language]
    found = read(multi("alternative", plain(f"{one}\n\n{two}"), page(one, two, three)))
    assert three in found.text
    assert [item.code for item in found.defects] == ["html_says_more"]
    found = read(multi("alternative", plain(f"{one}\n\n{two}\n\n{three}"), page(one, two)))
    assert three in found.text
    assert [item.code for item in found.defects] == ["plain_says_more"]


@pytest.mark.parametrize("language", SIX)
def test_a_notice_is_no_text(language: str) -> None:
    found = read(multi("alternative", plain(NOTICE[language]), page(*SIX[language][:2])))
    assert found.text.split("\n\n") == list(SIX[language][:2])
    assert [item.code for item in found.defects] == ["html_says_more"]


@pytest.mark.parametrize("language", SIX)
def test_forms_that_contradict_one_another_are_noted_both_ways(language: str) -> None:
    one, two, three, contrary = SIX[language]
    found = read(multi("alternative", plain("\n\n".join((one, two, three))), page(one, two, contrary)))
    assert three in found.text
    assert [item.code for item in found.defects] == ["html_says_more", "plain_says_more"]


def test_markup_and_quotation_are_no_difference() -> None:
    found = read(multi(
        "alternative",
        plain("See *here* <https://example.org/a?b=c>\n\n[image: logo]\n\n> you asked\n> us this"),
        page("See <b>here</b>", "<img alt='' src='x.png'>", "<blockquote type=cite>you asked us this</blockquote>"),
    ))  # fmt: skip
    assert not [item.code for item in found.defects if "says_more" in item.code]
