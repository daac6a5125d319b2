"""What is proposed to be withheld, and what is left alone."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from who_samples import a_round, an_arrival, attachment, withheld

from intake.model.verdict import Respondent
from intake.sorting.withheld import Withholding, propose_withheld


def proposed(text: str, **more: object) -> Withholding:
    """The proposals for a mail with this body."""
    return propose_withheld(an_arrival(text, **more), a_round(), withheld())


REQUESTS = [
    ("Annex B is confidential and may not be published.", "Annex B - rates.pdf"),
    ("Please do not publish Annex 2: it holds business secrets.", "annex_2.xlsx"),
    ("L'annexe 2 est confidentielle; le reste peut être publié.", "Annexe 2 - tarifs.pdf"),
    ("El anexo 3 es confidencial y no debe publicarse.", "Anexo 3.pdf"),
    ("Приложение 2 конфиденциально, просим не публиковать.", "Приложение 2.pdf"),
    ("الملحق 2 سري وليس للنشر.", "الملحق 2.pdf"),
    ("附件二为商业秘密，请勿公开。", "附件二.pdf"),
]


@pytest.mark.parametrize(("sentence", "name"), REQUESTS)
def test_a_named_confidential_part_is_withheld_whole(sentence: str, name: str) -> None:
    found = proposed(f"Question 1: yes.\n\n{sentence}", parts=(attachment("Annex A.pdf"), attachment(name, path="3")))
    assert [(entry.part, entry.start, entry.end, entry.reason) for entry in found.withheld] == [("3", 0, 0, "confidential_part")]
    assert found.flags == ("confidential_part",)


def test_of_two_annexes_the_one_that_is_called_confidential() -> None:
    parts = (attachment("Annex A.pdf"), attachment("Annex B.pdf", path="3"))
    found = proposed("Annex A may be printed in full, but Annex B is confidential.", parts=parts)
    assert [entry.part for entry in found.withheld] == ["3"]


@pytest.mark.parametrize(
    "text",
    [
        "Annex B is not confidential.",
        "L'annexe B n'est pas confidentielle.",
        "El anexo B no es confidencial.",
        "Приложение 2 не конфиденциально.",
        "附件二并非机密。",
        "Nothing in the annexes is confidential.",
        "Our password policy is strict; the file is protected by company policy and marked confidential.",
    ],
)
def test_no_request(text: str) -> None:
    parts = (attachment("Annex B.pdf"), attachment("Приложение 2.pdf", path="3"), attachment("附件二.pdf", path="4"))
    assert proposed(text, parts=parts).withheld == ()


FOOTERS = [
    "This e-mail and any attachments are confidential and intended solely for the addressee. If you are not the intended recipient, delete it.",
    "Ce message et toutes les pièces jointes sont confidentiels et établis à l'intention exclusive de leur destinataire.",
    "Este mensaje es confidencial y para uso exclusivo de su destinatario. Si lo recibió por error, elimine el mensaje.",
    "Данное сообщение конфиденциально и предназначено только адресату. Если вы не адресат, удалите электронное письмо.",
    "هذه الرسالة سرية وموجهة إلى المرسل إليه فقط. إذا وصلتكم بالخطأ يرجى حذف الرسالة وإشعار المرسل بذلك في الحال.",
    "本邮件内容保密，仅供收件人使用。如误收，请立即通知发件人并删除本电子邮件及其所有附件，不得复制、传播或使用其中的任何信息，谢谢您的理解与配合，祝您工作愉快，身体健康，万事如意，阖家幸福安康。",
]  # fmt: skip


@pytest.mark.parametrize("footer", FOOTERS, ids=["en", "fr", "es", "ru", "ar", "zh"])
def test_a_standard_footer_is_no_request(footer: str) -> None:
    found = proposed(f"Question 1: yes.\n\nAna Ruiz\n\n{footer}", parts=(attachment("reply.pdf"),))
    assert found == Withholding((), ("footer_only",))


def test_a_marked_footer_is_no_request() -> None:
    assert proposed("Question 1: yes.\n====\nThis e-mail is confidential.\n").flags == ("footer_only",)


PERSONAL = [
    ("My passport is AB1234567 if you need it.", "identity_number"),
    ("Mon numéro d'identité est le 1 85 05 78 006 084.", "identity_number"),
    ("Mi DNI es 44.555.666 y espero respuesta.", "identity_number"),
    ("Мой паспорт: серия 45 08 123456.", "identity_number"),
    ("رقم الهوية 1029384756 لمن يطلبه.", "identity_number"),
    ("我的身份证号码是11010119800101123X。", "identity_number"),
    ("I live at 12 Harbour Lane, third door.", "home_address"),
    ("J'habite 12 rue du Port, à Brest.", "home_address"),
    ("Vivo en la calle 4-17, zona 12.", "home_address"),
    ("Проживаю: ул. Ленина, д. 5, кв. 7.", "home_address"),
    ("أسكن في شارع النصر رقم 15.", "home_address"),
    ("我住在和平路15号。", "home_address"),
    ("You may call me in the evening on my mobile 0771 555 0199 at any time.", "telephone"),
    ("Si quieren hablar conmigo, mi celular es el 5501-7734 para lo que gusten.", "telephone"),
    ("如果需要进一步了解情况，晚上可以打我的手机 13905550199 与我联系。", "telephone"),
    ("如需進一步了解情況，晚上可以打我的手機 13905550199 與我聯繫。", "telephone"),
    ("Если нужно, вечером звоните на мой мобильный, мой номер 8 903 555-01-99, я отвечу.", "telephone"),
    ("إذا احتجتم إلى مزيد من التفاصيل فرقم هاتفي المحمول هو 0501234567 في المساء.", "telephone"),
    ("The case of Mrs. Mary Okonkwo shows it: her line was cut.", "third_person"),
    ("Les cuento lo que pasó con doña Carmen Solís, de mi aldea.", "third_person"),
]


@pytest.mark.parametrize(("sentence", "reason"), PERSONAL)
def test_personal_data_in_running_text(sentence: str, reason: str) -> None:
    text = f"Question 1: our lines fail in the rains.\n\n{sentence}\n\nQuestion 2: yes."
    found = proposed(text)
    assert reason in {entry.reason for entry in found.withheld}
    assert "personal_data" in found.flags
    assert all(0 <= entry.start < entry.end <= len(text) for entry in found.withheld)


OWN_NUMBERS = [
    "If anything is unclear, call me at +41 79 555 01 99.",
    "Vous pouvez m'appeler au 06 39 98 12 34.",
    "Si tienen dudas pueden llamarme al 600 123 456.",
    "Если что-то неясно, позвоните мне: +7 912 555 01 99.",
    "للمزيد يمكنكم الاتصال بي على 0100 555 0199.",
    "如有疑问请打电话给我：138 0013 8000。",
]


@pytest.mark.parametrize("sentence", OWN_NUMBERS, ids=["en", "fr", "es", "ru", "ar", "zh"])
def test_a_number_to_call_a_person_at_is_private_and_an_offices_is_not(sentence: str) -> None:
    """A person who answers for nobody else gives his own telephone; the officer of a body, in its covering note, that of his desk."""
    arrival = an_arrival(f"Question 1: our lines fail in the rains.\n\n{sentence}\n\nQuestion 2: yes.")
    alone = propose_withheld(arrival, a_round(), withheld(), Respondent(person="Ana Ruiz"))
    assert [entry.reason for entry in alone.withheld] == ["telephone"]
    for officer in (Respondent(person="Ana Ruiz", organization="Coast Regulator"), Respondent(), None):
        assert propose_withheld(arrival, a_round(), withheld(), officer) == Withholding()


def test_an_ordinary_signature_is_no_personal_data() -> None:
    text = "Question 1: yes.\n\nRegards,\nAna Ruiz\nDirector, Reef Radio\n12 Harbour Lane, Suva\nTel. +679 331 2345\nMobile: +679 999 1234"
    assert proposed(text) == Withholding()


def test_figures_are_no_telephone_numbers() -> None:
    assert proposed("Mobile accounts 11.1 20.3 23 27.9 33.4 million in five years of growth on the coast.") == Withholding()


def test_a_picture_of_a_signature() -> None:
    picture = replace(attachment("signature_scan.png"), media_type="image/png")
    assert [entry.reason for entry in proposed("Question 1: yes.", parts=(picture,)).withheld] == ["signature_image"]
