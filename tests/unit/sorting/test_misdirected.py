"""Meant for others, or an answer in words of its own: only what names another office or procedure is misdirected."""

from __future__ import annotations

import pytest

from tests.fakes.mails import a_mail, verdict_of

TO_OTHERS = [
    (
        "Repeat prescription",
        "Good morning reception,\n\nplease renew my repeat prescription, the tablets run out on Friday.\n\nOwen Pugh\n",
    ),
    (
        "Library card",
        "Dear Library team,\n\nmy daughter lost her card on the bus. Can she still take books home this week?\n\nRita Moss\n",
    ),
    (
        "Fuite d'eau",
        "Bonjour la mairie,\n\nl'eau coule dans la rue des Tilleuls depuis ce matin, devant le numéro 14.\n\nJean Aubry\n",
    ),
    (
        "Matrícula",
        "Estimada secretaría del colegio:\n\nmi hijo empieza en septiembre y falta la hoja de vacunas.\n\nRosa Lima\n",
    ),
    ("Квитанция", "Уважаемая бухгалтерия!\n\nквитанция за март пришла с ошибкой в фамилии, исправьте её.\n\nИгорь Сомов\n"),
    ("借书证", "尊敬的市图书馆：\n\n我的借书证上个月丢了，想补一张新的，需要带什么材料？\n\n王小梅\n"),
    ("موعد", "السادة في العيادة،\n\nأرجو تغيير موعدي من الثلاثاء إلى الخميس صباحاً.\n\nسلمى خوري\n"),
]
NUMBERED = [
    (
        "Tender 44/2 - chairs: clarification",
        "Dear all,\n\nQ1. May the chairs be stacked?\nQ2. Is delivery on a Sunday allowed?\n\nJo Bell\n",
    ),
    (
        "Appel d'offres 12, fournitures",
        "Bonjour,\n\nQuestion 1 : la livraison au troisième étage est-elle comprise ?\nQuestion 2 : quel est le format du papier ?\n\nL. Roy\n",
    ),
    (
        "Licitación de uniformes: consultas",
        "Buenos días:\n\n1. ¿Se admiten tallas infantiles?\n2. ¿Hay visita al almacén?\n\nP. Soto\n",
    ),
    (
        "Тендер на поставку мебели",
        "Добрый день.\n\nВопрос 1. Можно ли поставить столы частями?\nВопрос 2. Кто вывозит старую мебель?\n\nО. Лис\n",
    ),
    ("招标文件澄清：办公椅", "您好：\n\n问题1：椅子能否分批交货？\n问题2：样品何时退还？\n\n李静\n"),
    ("استفسار عن مناقصة الأثاث", "تحية طيبة،\n\nالسؤال 1: هل يجوز التسليم على دفعات؟\nالسؤال 2: متى تعاد العينات؟\n\nهدى\n"),
]
OWN_WORDS = [
    (
        "Reply from Ostrava",
        (
            "We comment on the second point only.\n\n"
            "Nobody repairs what nobody owns. Give the box at the corner a name and a key, and somebody will sweep the snow off it.\n\n"
            "Petr Malý\nOstrava\n"
        ),
    ),
    (
        "Our view",
        (
            "Dear colleagues,\n\n"
            "we were asked by our members to write down one thing: buy fewer boxes and pay more hands. We say so without reservation.\n\n"
            "For the Harbour Pilots, Lena Voss, Bremen, Germany\n"
        ),
    ),
    (
        "Réponse du Bénin",
        (
            "Voici la réponse de notre ministère.\n\n"
            "Point 1 : les pirogues arrivent avant les camions, il faut donc commencer par le quai.\n\n"
            "Point 2 : le crieur public, rien d'autre n'a fait ses preuves.\n\n"
            "Aline Dossou, directrice\n"
        ),
    ),
    (
        "Nuestra respuesta",
        (
            "No seguiremos su lista. Lo que hemos vivido es de una pieza: hay que tender la mano antes que el cable, y pagar a quien se queda de noche.\n\n"
            "Asociación de Barqueros, Iquitos, Perú\n"
        ),
    ),
    (
        "Ответ",
        (
            "Пишем коротко. Дежурный знает реку лучше начальника, пусть он и звонит. Остальное приложится.\n\n"
            "Артель «Перевоз», Архангельск, Россия\n"
        ),
    ),
    ("答复", "我们只说一件事：先把人留住，再去买设备。夜里守着的人，要有一口热饭。\n\n中国云南 渡口互助会\n"),
    ("ردنا", "نقول شيئاً واحداً: ادفعوا لمن يسهر قبل أن تشتروا الجديد، فالجار هو أول من يصل.\n\nجمعية الجسر، صور، لبنان\n"),
]


@pytest.mark.parametrize(("subject", "text"), TO_OTHERS, ids=[item[0] for item in TO_OTHERS])
def test_what_greets_another_office_is_not_ours(subject: str, text: str) -> None:
    assert verdict_of(a_mail(subject, text)).disposition.value in ("misdirected", "enquiry")


@pytest.mark.parametrize(("subject", "text"), OWN_WORDS, ids=[item[0] for item in OWN_WORDS])
def test_an_answer_in_words_of_its_own_is_an_answer(subject: str, text: str) -> None:
    assert verdict_of(a_mail(subject, text)).disposition.value == "response"


@pytest.mark.parametrize(("subject", "text"), NUMBERED, ids=[item[0] for item in NUMBERED])
def test_numbers_alone_make_no_answer(subject: str, text: str) -> None:
    assert verdict_of(a_mail(subject, text)).disposition.value in ("misdirected", "enquiry")


CUSTOMERS = [
    (
        "Complaint",
        "Dear all,\n\nI cancelled my line in May and you are still charging me. I want my money back. Contract number 77120.\n\nLiam Orr\n",
    ),
    (
        "Réclamation",
        "Bonjour,\n\nj'ai résilié en mars et on me prélève encore tous les mois. Mon contrat porte le numéro 40 118.\n\nLuc Besse\n",
    ),
    (
        "Queja",
        "Buenas tardes:\n\nme siguen cobrando el teléfono que di de baja. Iré a la oficina de protección al consumidor.\n\nInés Paz\n",
    ),
    (
        "Жалоба",
        "Здравствуйте.\n\nС меня списали деньги за услугу, которой нет. Номер договора 3390-17. Верните деньги.\n\nПётр Лунин\n",
    ),
    ("شكوى", "تحية،\n\nألغيت الاشتراك قبل شهرين وما زلتم تخصمون. رقم العقد 5521. أعيدوا المبلغ.\n\nسامي حداد\n"),
    ("投诉", "您好：\n\n我的号码二月已销户，三月还是被扣了三十元，请退钱。合同号 88213。\n\n周明\n"),
]
APPLICANTS = [
    (
        "Skipper's ticket",
        "Good day,\n\nplease find my application for a skipper's ticket. Date of birth: 2 June 1998. Fee paid by card.\n\nTom Rae\n",
    ),
    (
        "Permis bateau",
        "Madame,\n\nvoici ma demande de permis bateau. Née le 2 juin 1998. Quelle sera la date d'examen pour Nantes ?\n\nAnne Roy\n",
    ),
    (
        "Licencia de guía",
        "Señores:\n\nenvío mi solicitud de guía de montaña. Fecha de nacimiento: 2 de junio de 1998. Tasa pagada.\n\nPaz Gil\n",
    ),
    (
        "Удостоверение",
        "Добрый день.\n\nНаправляю моё заявление на удостоверение шкипера. Дата рождения: 02.06.1998. Госпошлина уплачена.\n\nЛев Ким\n",
    ),
    ("رخصة مرشد", "تحية،\n\nأرسل طلبي للحصول على رخصة مرشد جبلي. تاريخ الميلاد: 2 يونيو 1998. الرسوم مدفوعة.\n\nرامي نصر\n"),
    ("申请", "您好：\n\n本人申请船长证书，出生日期一九九八年六月二日，已缴费，请告知考试时间。\n\n何强\n"),
]
PAYING_RESPONDENTS = [
    (
        "Our view",
        "They charged me twice as much as on the mainland for the same link. One price for all islands, please.\n\nMoa Lind, Visby\n",
    ),
    (
        "Notre avis",
        "Sur l'île on me facture trois fois le prix du continent pour la même liaison. Un seul prix pour tous.\n\nYann, Ouessant\n",
    ),
    (
        "Opinión",
        "En la isla me cobran el triple por la misma conexión. Un solo precio para todas las islas.\n\nSara, El Hierro\n",
    ),
    (
        "Мнение",
        "У нас на острове с меня взяли втрое больше, чем на материке, за ту же связь. Пусть цена будет одна.\n\nОля, Соловки\n",
    ),
]


@pytest.mark.parametrize(("subject", "text"), CUSTOMERS)
def test_a_customer_s_own_contract_is_the_supplier_s(subject: str, text: str) -> None:
    verdict = verdict_of(a_mail(subject, text))
    assert verdict.disposition.value == "misdirected", verdict.findings


@pytest.mark.parametrize(("subject", "text"), APPLICANTS)
def test_an_application_for_a_paper_is_another_office_s(subject: str, text: str) -> None:
    verdict = verdict_of(a_mail(subject, text))
    assert verdict.disposition.value == "misdirected", verdict.findings


@pytest.mark.parametrize(("subject", "text"), PAYING_RESPONDENTS)
def test_what_somebody_pays_may_be_his_answer(subject: str, text: str) -> None:
    assert verdict_of(a_mail(subject, text)).disposition.value == "response"
