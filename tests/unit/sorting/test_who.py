"""Who a text is filed for: signatures, forms, letterheads, prose and addresses in six languages."""
# ruff: noqa: E501 - a case stands on one line

from __future__ import annotations

import pytest
from msgspec.structs import replace
from who_samples import a_round, an_arrival, attachment, who

from intake.model.verdict import Category, Region
from intake.sorting.who import Author, Identity, identify
from intake.sorting.who_tables import KnownRespondent


def identified(text: str, address: str = "x@example.org", name: str = "", **more: object) -> Identity:
    """The identity of a mail with this body."""
    arrival = an_arrival(text, sender=address, name=name, **more)
    return identify(arrival, Author(address=address, name=name), a_round(), who())


SIGNATURES = [
    # text, person, organization, category, country
    (
        "Dear all,\n\nOur views are below.\n\nKind regards,\n\nDr. Ana Ruiz Pardo\nDirector, Coastal Affairs\nMinistry of Sea Communications\nLima, Peru",
        "Ana Ruiz Pardo", "Ministry of Sea Communications", Category.GOVERNMENT, "PE",
    ),
    (
        "Hello,\n\nplease see below.\n\nBest,\n\nJohn O'Malley, PhD\nHead of Policy\nSkyline Relay Networks Ltd.\nP.O. Box 12, Accra, Ghana",
        "John O'Malley", "Skyline Relay Networks Ltd.", Category.PRIVATE_SECTOR, "GH",
    ),
    (
        "Madame, Monsieur,\n\nVoici notre avis.\n\nCordialement,\n\nMme Aline Kouassi\nSecrétaire générale\nFédération nationale des radios rurales (FNRR)\nAbidjan, Côte d'Ivoire",
        "Aline Kouassi", "Fédération nationale des radios rurales", Category.CIVIL_SOCIETY, "CI",
    ),
    (
        "Monsieur le Président,\n\nVeuillez trouver nos vues.\n\nVeuillez agréer, Monsieur le Président, l'expression de ma haute considération.\n\nPaul-Henri Mbarga\nDirecteur général\nAgence de régulation des télécommunications\nYaoundé",
        "Paul-Henri Mbarga", "Agence de régulation des télécommunications", Category.GOVERNMENT, "CM",
    ),
    (
        "Estimados señores:\n\nAquí nuestra opinión.\n\nAtentamente,\n\nLic. Rosa Elena Quiroga\nDirectora Ejecutiva\nCámara Boliviana de Operadores Satelitales\nLa Paz, Bolivia",
        "Rosa Elena Quiroga", "Cámara Boliviana de Operadores Satelitales", Category.PRIVATE_SECTOR, "BO",
    ),
    (
        "Уважаемые коллеги!\n\nНаправляем наше мнение.\n\nС уважением,\nПетров Сергей Иванович\nзаместитель директора\nМинистерство связи и транспорта\nг. Бишкек, Кыргызстан",
        "Петров Сергей Иванович", "Министерство связи и транспорта", Category.GOVERNMENT, "KG",
    ),
    (
        "Добрый день!\n\nНаш ответ ниже.\n\nС уважением,\n\nАнна Белова\nюрист\nООО «Северная Спутниковая Сеть»\nМосква",
        "Анна Белова", "ООО «Северная Спутниковая Сеть»", Category.PRIVATE_SECTOR, "RU",
    ),
    (
        "السلام عليكم\n\nفيما يلي رأينا.\n\nمع خالص التحية\n\nد. ليلى حسن العلي\nمديرة الشؤون الدولية\nوزارة الاتصالات والربط الفضائي\nعمّان، الأردن",
        "ليلى حسن العلي", "وزارة الاتصالات والربط الفضائي", Category.GOVERNMENT, "JO",
    ),
    (
        "تحية طيبة وبعد،\n\nهذه ملاحظاتنا.\n\nوتفضلوا بقبول فائق الاحترام\n\nسامر عبد الله القاسم\nالمدير العام\nشركة الأفق للاتصالات الفضائية\nالرباط",
        "سامر عبد الله القاسم", "شركة الأفق للاتصالات الفضائية", Category.PRIVATE_SECTOR, "MA",
    ),
    (
        "尊敬的秘书处：\n\n现将意见报告如下。\n\n此致\n敬礼\n\n王晓梅  副处长\n海岛通信管理局\n中国上海",
        "王晓梅", "海岛通信管理局", Category.GOVERNMENT, "CN",
    ),
    (
        "您好：\n\n我们的意见如下。\n\n此致\n敬礼！\n\n李建国 总经理\n蓝海卫星通信有限公司\n北京",
        "李建国", "蓝海卫星通信有限公司", Category.PRIVATE_SECTOR, "CN",
    ),
    (
        "Hello,\n\nshort notes below.\n\nRegards,\nMaja Kovač\nResearcher, Institute for Space Law, University of Brela",
        "Maja Kovač", None, Category.ACADEMIA, None,
    ),
    (
        "Hello,\n\nshort notes below.\n\nRegards,\n\nTomas Lind\nChair\nNorthern Internet Exchange Point\nOslo",
        "Tomas Lind", "Northern Internet Exchange Point", Category.TECHNICAL_COMMUNITY, "NO",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", SIGNATURES, ids=lambda case: case[1])
def test_a_signature(case: tuple[str, str, str | None, Category, str | None]) -> None:
    text, person, organization, category, country = case
    respondent = identified(text).respondent
    assert respondent.person == person
    assert organization is None or respondent.organization == organization
    assert respondent.category is category
    assert country is None or respondent.country == country


FORMS = [
    "Name: RUIZ PARDO, Ana\nJob title: Adviser\nOrganization: Harbour Radio Trust\nCountry: Fiji\nType of organization: Civil society",
    "Nom et prénom : Ana Ruiz Pardo\nFonction : Conseillère\nOrganisation: Harbour Radio Trust\nPays : Fidji\nType d'organisation : Société civile",
    "Nombre: Ana Ruiz Pardo\nCargo: Asesora\nOrganización: Harbour Radio Trust\nPaís: Fiyi\nTipo de organización: Sociedad civil",
    "ФИО: Ana Ruiz Pardo\nДолжность: советник\nОрганизация: Harbour Radio Trust\nСтрана: Фиджи\nКатегория: Гражданское общество",
    "الاسم: Ana Ruiz Pardo\nالمنصب: مستشارة\nالمنظمة: Harbour Radio Trust\nالدولة: فيجي\nالفئة: المجتمع المدني",
    "姓名：Ana Ruiz Pardo\n职务：顾问\n单位：Harbour Radio Trust\n国家：斐济\n类别：民间社会",
]


@pytest.mark.parametrize("form", FORMS, ids=["en", "fr", "es", "ru", "ar", "zh"])
def test_declared_fields_outrank_all(form: str) -> None:
    respondent = identified(f"{form}\n\nQuestion 1: yes.\n\nRegards,\nSomebody Else").respondent
    assert respondent.person is not None
    assert sorted(respondent.person.lower().split()) == ["ana", "pardo", "ruiz"]
    assert (respondent.organization, respondent.country, respondent.region) == ("Harbour Radio Trust", "FJ", Region.ASIA_PACIFIC)
    assert respondent.category is Category.CIVIL_SOCIETY
    assert respondent.sources["organization"] == "declared"


def test_an_assistant_sends_the_ministers_letter() -> None:
    letter = (
        "MINISTRY OF REMOTE LINKS\n\nThe Ministry submits its views on the questions of the consultation in what follows here.\n\n"
        "Yours faithfully,\n\nHelena Marques Costa\nMinister"
    )
    found = identified(
        "Dear Sir,\n\nOn instruction of the Minister I send the letter.\n\nRegards,\nPaulo Reis\nPersonal assistant",
        "paulo@links.gov.pt", parts=(attachment("letter.pdf", letter),),
    )  # fmt: skip
    assert found.respondent.person == "Helena Marques Costa"
    assert found.respondent.category is Category.GOVERNMENT
    assert found.respondent.country == "PT"


def test_a_law_firm_files_for_its_client() -> None:
    text = (
        "Dear Sirs,\n\nOn behalf of Coastal Cable Workers Union, we submit the following.\n\nYours faithfully,\n\nJane Miller\n"
        "Partner\nMiller & Stone LLP\nLondon"
    )
    respondent = identified(text, "jane@millerstone.co.uk").respondent
    assert respondent.organization == "Coastal Cable Workers Union"
    assert respondent.category is Category.CIVIL_SOCIETY


@pytest.mark.parametrize(
    "text",
    [
        "I write in my personal capacity.\n\nRegards,\nIvo Marek",
        "J'écris à titre personnel.\n\nCordialement,\nIvo Marek",
        "Escribo a título personal.\n\nSaludos,\nIvo Marek",
        "Пишу от себя лично.\n\nС уважением,\nIvo Marek",
        "أكتب بصفتي الشخصية.\n\nمع التحية\nIvo Marek",
        "我以个人身份提交意见。\n\n此致\n敬礼\nIvo Marek",
    ],
)
def test_an_individual_says_so(text: str) -> None:
    assert identified(text, "ivo.marek@gmail.com").respondent.category is Category.INDIVIDUAL


def test_a_person_without_any_organization_is_an_individual() -> None:
    found = identified("Hello,\n\nQuestion 1: lower the fees.\n\nThanks,\nIvo Marek", "ivo.marek@gmail.com", "Ivo Marek")
    assert found.respondent.category is Category.INDIVIDUAL
    assert found.flags == ("no_country",)
    assert found.doubts


BODIES = [
    ("Secretary\nWest African Satellite Organization", "an intergovernmental organization of 12 member States", Region.AFRICA),
    ("Secretary\nIntergovernmental Centre for Island Links", "an intergovernmental centre", Region.INTERNATIONAL),
    (
        "Secrétaire\nOrganisation intergouvernementale européenne des câbles",
        "une organisation intergouvernementale",
        Region.EUROPE,
    ),
    ("Secretaria\nOrganización Interamericana de Enlaces", "una organización intergubernamental", Region.AMERICAS),
]


@pytest.mark.parametrize("case", BODIES, ids=lambda case: case[2].value)
def test_bodies_of_states_have_a_region_and_no_country(case: tuple[str, str, Region]) -> None:
    block, said, region = case
    respondent = identified(f"Hello,\n\nWe are {said}.\n\nRegards,\n\nAna Ruiz\n{block}", "ana@waso.int").respondent
    assert (respondent.category, respondent.country, respondent.region) == (Category.INTERGOVERNMENTAL, None, region)


def test_a_worldwide_federation_is_an_international_organization() -> None:
    respondent = identified(
        "Hello,\n\nsee below.\n\nRegards,\n\nAna Ruiz\nPresident\nInternational Federation of Radio Listeners\nGeneva"
    ).respondent
    assert (respondent.category, respondent.country) == (Category.INTERNATIONAL_ORG, None)
    assert respondent.region is Region.INTERNATIONAL


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("a@x.gov.zm", "ZM"),
        ("a@x.co.uk", "GB"),
        ("a@agency.gov", "US"),
        ("a@x.io", None),
        ("a@gmail.com", None),
        ("a@x.com", None),
    ],
)
def test_country_by_domain(address: str, country: str | None) -> None:
    assert identified("Question 1: yes.", address).respondent.country == country


def test_a_government_on_a_private_mail_host() -> None:
    text = "Hello,\n\nOur reply.\n\nRegards,\n\nAna Ruiz\nDirector\nNational Spectrum Authority\nTarawa, Kiribati"
    respondent = identified(text, "spectrum.ki@gmail.com").respondent
    assert (respondent.category, respondent.country, respondent.region) == (Category.GOVERNMENT, "KI", Region.ASIA_PACIFIC)


@pytest.mark.parametrize(
    "opening",
    [
        "On behalf of the administrations of Fiji, Samoa, Tonga and Vanuatu, we send this joint response.",
        "Au nom des administrations de Fidji, Samoa, Tonga et Vanuatu, voici notre réponse conjointe.",
        "En nombre de las administraciones de Fiji, Samoa, Tonga y Vanuatu, enviamos esta respuesta conjunta.",
        "От имени администраций: Фиджи, Самоа, Тонга и Вануату, направляем совместный ответ.",
        "نيابة عن إدارات فيجي وساموا وتونغا وفانواتو نرسل هذا الرد المشترك.",
        "谨代表斐济、萨摩亚、汤加和瓦努阿图提交联合答复。",
    ],
)
def test_a_joint_response_of_states(opening: str) -> None:
    found = identified(f"{opening}\n\nRegards,\nAna Ruiz\nSecretary", "ana@links.gov.fj")
    assert len(found.co_signatories) == 4
    assert "joint" in found.flags


def test_a_joint_response_of_organizations() -> None:
    text = "This joint submission is co-signed by:\n\n- Harbour Radio Trust\n- Island Women's Network\n- Reef Listeners' Club\n\nRegards,\nAna Ruiz"
    assert identified(text).co_signatories == ("Harbour Radio Trust", "Island Women's Network", "Reef Listeners' Club")


def test_the_longest_form_of_a_name() -> None:
    text = "Question 1: yes.\n\nBest,\nBeth\n\nElizabeth Anne Turner-Okello\nChair, Lakeside Radio Club"
    respondent = identified(text, name="Elizabeth Turner-Okello").respondent
    assert respondent.person == "Elizabeth Anne Turner-Okello"


def test_a_confirmed_sender_is_proposed_with_that_source() -> None:
    known = KnownRespondent(
        address="@reef.example.org", organization="Reef Listeners", category=Category.CIVIL_SOCIETY, country="FJ"
    )
    arrival = an_arrival("Question 1: yes.\n\nAna Ruiz", sender="ana@reef.example.org")
    found = identify(arrival, Author(address="ana@reef.example.org"), a_round(), replace(who(), directory=(known,)))
    assert (found.respondent.organization, found.respondent.country) == ("Reef Listeners", "FJ")
    assert found.respondent.sources["organization"] == "directory"


def test_the_senders_own_summary() -> None:
    text = "Question 1: yes.\n\nExecutive summary\n\nLinks cost too much on small islands.\n\nDetails follow."
    assert identified(text).abstract == "Links cost too much on small islands."


def test_nobody_at_all_is_a_doubt() -> None:
    found = identified("yes", "info@example.com", "Info")
    assert found.respondent.category is Category.UNSPECIFIED
    assert "nobody is named" in found.doubts


def test_a_from_name_of_one_word_on_a_host_of_its_own_is_an_organization() -> None:
    respondent = identified("Question 1: yes.", "filing@reeflink.example", "Reeflink").respondent
    assert (respondent.person, respondent.organization) == (None, "Reeflink")
    assert respondent.confidence["category"] < 0.5


def test_a_pseudonym_on_a_free_host_is_an_individual() -> None:
    found = identified("Question 1: yes.", "deepdiver@gmail.com", "deepdiver")
    assert (found.respondent.person, found.respondent.category) == ("deepdiver", Category.INDIVIDUAL)
    assert "no_country" in found.flags


def test_the_group_itself_is_no_respondent() -> None:
    text = "To the Working Group on Remote Links\n\nQuestion 1: yes.\n\nRegards,\nAna Ruiz"
    assert identified(text, "ana@gmail.com", "Ana Ruiz").respondent.organization is None


@pytest.mark.parametrize(
    "note",
    [
        "For Mr Peter Okello, Director", "pour Mme Aline Kouassi, directrice", "por Rosa Elena Quiroga, Directora",
    ],
)  # fmt: skip
def test_signed_for_somebody_else(note: str) -> None:
    person = identified(f"Question 1: yes.\n\nRegards,\n\nSam Hill\n{note}\nHarbour Radio Trust").respondent.person
    assert person is not None
    assert person.split()[-1] in note
    assert person != "Sam Hill"
