"""What a message is, by what its sender says: each rule with cases in six languages. None of these words is of any sample."""
# ruff: noqa: E501 - a case stands on one line, in its own script

from __future__ import annotations

import pytest

from intake.model.verdict import Disposition
from tests.fakes.mails import a_mail, verdict_of

CASES: list[tuple[str, str, str, str]] = [
    # automatic answers that carry no header of automatic mail
    (
        "auto_reply",
        "en",
        "Out of office: Re: Links for remote communities",
        "Hello,\n\nI am out of the office until 14 May with no access to mail. In urgent cases please call my deputy.\n\nTom",
    ),
    (
        "auto_reply",
        "en",
        "Re: Your message",
        "Thank you for your e-mail. I am currently on leave and will be back on Monday. For urgent matters please write to my colleague.",
    ),
    (
        "auto_reply",
        "fr",
        "Réponse automatique : Accusé de réception",
        "Bonjour,\n\nJe suis absente du bureau jusqu'au 12 mai inclus. En cas d'urgence, merci de contacter mon assistant.\n\nClaire",
    ),
    ("auto_reply", "fr", "Re: Votre réponse", "Je suis actuellement en congé et ne pourrai vous répondre avant le 20 mai."),
    (
        "auto_reply",
        "es",
        "Respuesta automática: acuse de recibo",
        "Estaré fuera de la oficina hasta el 15 de mayo. Si es urgente, escriba a mi compañera.\n\nSaludos",
    ),
    ("auto_reply", "es", "RE: su contribución", "Gracias por su mensaje. Me encuentro de vacaciones y contestaré a mi regreso."),
    (
        "auto_reply",
        "ru",
        "Автоматический ответ: подтверждение",
        "Здравствуйте! Я нахожусь в отпуске до 15 мая. По срочным вопросам обращайтесь к моему заместителю.",
    ),
    (
        "auto_reply",
        "ru",
        "Re: ваш ответ",
        "Добрый день. В настоящее время я отсутствую на рабочем месте, отвечу после возвращения.",
    ),
    ("auto_reply", "zh", "自动回复：收到确认", "您好，我目前不在办公室，5月15日返回。紧急事宜请联系我的同事。"),
    ("auto_reply", "zh", "回复：您的意见", "您好！我正在休假，期间无法及时处理邮件，敬请谅解。"),
    (
        "auto_reply",
        "ar",
        "رد تلقائي: إشعار الاستلام",
        "تحية طيبة، أنا خارج المكتب حتى 15 مايو. في الحالات العاجلة يرجى الاتصال بزميلي.",
    ),
    ("auto_reply", "ar", "رد: ردكم", "شكراً على رسالتكم. أنا في إجازة وسأعود يوم الاثنين."),
    ("auto_reply", "de", "Abwesenheitsnotiz: Ihre Nachricht", "Ich bin bis 15. Mai nicht im Büro."),
    ("auto_reply", "pt", "Resposta automática: recibo", "Estou de férias até 15 de maio."),
    (
        "auto_reply",
        "en",
        "Re: Receipt",
        "Mr Dahl has left the authority. Please write to the registry instead.\n\nThis is an automated message.",
    ),
    (
        "auto_reply",
        "fr",
        "Re: Accusé de réception",
        "M. Dahl ne travaille plus dans notre service. Ceci est un message automatique.",
    ),
    ("auto_reply", "es", "Re: Acuse de recibo", "El Sr. Dahl ya no trabaja en esta institución. Este es un mensaje automático."),
    ("auto_reply", "ru", "Re: Подтверждение", "Г-н Даль больше не работает в ведомстве. Это автоматическое сообщение."),
    ("auto_reply", "zh", "回复：确认", "达尔先生已离职，请联系登记处。本邮件为自动回复。"),
    ("auto_reply", "ar", "رد: إشعار", "السيد دال لم يعد يعمل لدينا. هذه رسالة تلقائية."),
    # ticket systems without headers
    (
        "auto_reply",
        "en",
        "[Ticket #48213] We have received your request",
        "Your request has been received and a support ticket has been created. Ticket number: 48213. Please do not change the subject line.",
    ),
    (
        "auto_reply",
        "fr",
        "[#48213] Votre demande a été enregistrée",
        "Bonjour, votre demande a bien été enregistrée sous le numéro de ticket 48213. Notre équipe vous répondra.",
    ),
    (
        "auto_reply",
        "es",
        "Ticket 48213: su solicitud ha sido recibida",
        "Su solicitud ha sido recibida. Número de caso: 48213. Un agente le responderá pronto.",
    ),
    (
        "auto_reply",
        "ru",
        "Заявка №48213 зарегистрирована",
        "Ваше обращение зарегистрировано. Номер заявки: 48213. Ожидайте ответа специалиста.",
    ),
    ("auto_reply", "zh", "工单已创建 #48213", "您的请求已收到，工单编号：48213，我们会尽快处理。"),
    ("auto_reply", "ar", "تم إنشاء تذكرة رقم 48213", "تم استلام طلبكم وتم إنشاء تذكرة. رقم التذكرة: 48213."),
    # read receipts
    ("auto_reply", "fr", "Lu : accusé de réception", "Votre message a été lu le jeudi 2 mai 2024."),
    ("auto_reply", "ru", "Прочитано: подтверждение", "Ваше сообщение было прочитано 2 мая 2024 г."),
    # withdrawals
    (
        "withdrawal",
        "en",
        "Withdrawal of our response",
        "Dear secretariat,\n\nafter discussion in our board we wish to withdraw the response that we sent on 3 May. Please do not publish it.\n\nAna Berg",
    ),
    (
        "withdrawal",
        "en",
        "Our submission",
        "Please be informed that our association hereby withdraws its submission of last week.",
    ),
    (
        "withdrawal",
        "fr",
        "Retrait de notre contribution",
        "Madame, Monsieur,\n\nNous vous informons que nous retirons notre contribution du 3 mai. Merci de ne pas la publier.",
    ),
    ("withdrawal", "fr", "Notre réponse", "Notre conseil d'administration a décidé de retirer sa réponse à la consultation."),
    (
        "withdrawal",
        "es",
        "Retiro de nuestra respuesta",
        "Por decisión de la junta directiva, retiramos la respuesta enviada el 3 de mayo. Rogamos no publicarla.",
    ),
    ("withdrawal", "es", "Nuestra contribución", "Les comunicamos que deseamos retirar nuestra contribución."),
    (
        "withdrawal",
        "ru",
        "Отзыв нашего ответа",
        "Настоящим просим отозвать ответ, направленный 3 мая. Просим его не публиковать.",
    ),
    ("withdrawal", "ru", "О нашем ответе", "По решению правления мы отзываем свой ответ на консультацию."),
    ("withdrawal", "zh", "撤回答复", "尊敬的秘书处：经理事会讨论，我们决定撤回5月3日提交的答复，请勿公布。"),
    ("withdrawal", "ar", "سحب ردنا", "نود إبلاغكم بأن مجلس الإدارة قرر سحب الرد المرسل في 3 مايو، ونرجو عدم نشره."),
    ("withdrawal", "ar", "بشأن مساهمتنا", "نسحب مساهمتنا المقدمة الأسبوع الماضي."),
    # endorsements
    (
        "endorsement",
        "en",
        "Support for the joint response",
        "The Port Authority of Norrvik fully supports the response of the Island Operators Forum and has nothing to add.",
    ),
    (
        "endorsement",
        "en",
        "Island Operators Forum",
        "We would like to associate ourselves with the contribution submitted by the Island Operators Forum.",
    ),
    (
        "endorsement",
        "fr",
        "Soutien",
        "Notre association s'associe pleinement à la contribution du Forum des opérateurs insulaires.",
    ),
    (
        "endorsement",
        "fr",
        "Contribution du Forum",
        "Nous appuyons sans réserve la réponse déposée par le Forum des opérateurs insulaires.",
    ),
    (
        "endorsement",
        "es",
        "Apoyo a la respuesta conjunta",
        "Nuestra cooperativa se adhiere a la respuesta presentada por el Foro de Operadores Insulares.",
    ),
    ("endorsement", "es", "Respaldo", "Por la presente apoyamos plenamente la contribución del Foro de Operadores Insulares."),
    (
        "endorsement",
        "ru",
        "Поддержка совместного ответа",
        "Наша организация полностью поддерживает ответ Форума островных операторов.",
    ),
    ("endorsement", "ru", "О совместном вкладе", "Присоединяемся к вкладу Форума островных операторов."),
    ("endorsement", "zh", "支持联合答复", "我会完全支持岛屿运营商论坛提交的联合答复，没有其他补充。"),
    ("endorsement", "ar", "تأييد الرد المشترك", "تعلن جمعيتنا تأييدها الكامل لرد منتدى مشغلي الجزر."),
    ("endorsement", "en", "Re: Island Operators Forum", "+1 from the Norrvik Port Authority. Please add our name."),
    ("endorsement", "ru", "Re: Совместный ответ", "Просим включить нас в число подписавших."),
    ("endorsement", "zh", "回复：联合答复", "我协会愿意联署。"),
    # questions to the secretariat
    ("enquiry", "en", "Deadline", "Dear all, could you please tell me whether responses may be sent in Portuguese? Thank you."),
    ("enquiry", "en", "Receipt?", "We sent our answers last Friday. Did they reach you?"),
    ("enquiry", "en", "Interview request", "I write for a trade paper. Who could talk to me about the responses so far?"),
    ("enquiry", "fr", "Question", "Bonjour, pourriez-vous me dire si une prolongation du délai est envisagée ? Merci d'avance."),
    ("enquiry", "fr", "Bonne réception", "Nous avons envoyé notre réponse vendredi. L'avez-vous bien reçue ?"),
    ("enquiry", "es", "Consulta sobre el plazo", "Buenos días, ¿hasta qué fecha se pueden enviar las respuestas? Gracias."),
    ("enquiry", "es", "Visado", "Necesito una carta de invitación para la reunión presencial. ¿A quién debo dirigirme?"),
    ("enquiry", "ru", "Вопрос о сроках", "Здравствуйте! Подскажите, пожалуйста, до какого числа принимаются ответы?"),
    ("enquiry", "ru", "Получение", "На прошлой неделе мы направили ответ. Просим подтвердить его получение."),
    ("enquiry", "zh", "咨询截止日期", "您好，请问提交意见的截止时间是日内瓦时间吗？谢谢。"),
    ("enquiry", "ar", "استفسار", "السلام عليكم، هل يمكن إرسال الردود باللغة البرتغالية؟ وشكراً."),
    ("enquiry", "ar", "الموعد النهائي", "نرجو إفادتنا بالموعد النهائي لتقديم الردود."),
    # meant for another procedure
    (
        "misdirected",
        "en",
        "Application for the position of network engineer",
        "Dear Sir or Madam, please find my CV for the vacancy that you advertised. I have ten years of experience in radio planning and would be glad to join your team.",
    ),
    (
        "misdirected",
        "fr",
        "Candidature au poste d'assistant",
        "Madame, Monsieur, je vous adresse ma candidature au poste d'assistant de direction paru sur votre site. Vous trouverez ci-dessous mon parcours professionnel.",
    ),
    (
        "misdirected",
        "es",
        "Licitación 14/2024: oferta",
        "Estimados señores, presentamos nuestra oferta para la licitación de mobiliario de oficina número 14. El precio total figura en el cuadro siguiente.",
    ),
    (
        "misdirected",
        "ru",
        "Тендер на поставку мебели",
        "Направляем наше предложение по тендеру на поставку офисной мебели. Цена указана ниже.",
    ),
    ("misdirected", "zh", "求职：网络工程师", "您好，附上我的简历，应聘贵单位网络工程师一职，盼复。"),
    ("misdirected", "ar", "طلب وظيفة", "السادة الكرام، أتقدم بطلب وظيفة محاسب المعلن عنها، وتجدون أدناه السيرة الذاتية."),
    # answers to somebody else's list of questions
    (
        "misdirected",
        "en",
        "Response to the consultation on railway ticket prices",
        "Question 1: Season tickets should cost a third less.\n\nQuestion 2: Trains must run later on Fridays.",
    ),
    (
        "misdirected",
        "fr",
        "Réponse à la consultation sur les tarifs ferroviaires",
        "Question 1 : Les abonnements devraient coûter un tiers de moins.\n\nQuestion 2 : Les trains doivent circuler plus tard.",
    ),
    (
        "misdirected",
        "es",
        "Respuesta a la consulta sobre tarifas ferroviarias",
        "Pregunta 1: Los abonos deberían costar un tercio menos.\n\nPregunta 2: Los trenes deben circular más tarde.",
    ),
    (
        "misdirected",
        "ru",
        "Ответ на консультацию по железнодорожным тарифам",
        "Вопрос 1. Проездные должны стоить на треть дешевле.\n\nВопрос 2. Поезда должны ходить позже.",
    ),
    (
        "misdirected",
        "ar",
        "رد على الاستشارة بشأن أسعار تذاكر القطارات",
        "السؤال 1: ينبغي أن تنخفض الاشتراكات بمقدار الثلث.\n\nالسؤال 2: يجب أن تعمل القطارات حتى وقت متأخر.",
    ),
    # short notes
    ("correspondence", "en", "Re: Receipt", "Many thanks for the confirmation."),
    ("correspondence", "fr", "Re: Accusé de réception", "Bien reçu, merci beaucoup."),
    ("correspondence", "es", "Re: Acuse de recibo", "Recibido, muchas gracias."),
    ("correspondence", "ru", "Re: Подтверждение", "Спасибо, получили."),
    ("correspondence", "zh", "回复：确认收到", "已收到，谢谢！"),
    ("correspondence", "ar", "رد: إشعار الاستلام", "شكراً جزيلاً لكم."),
    ("correspondence", "en", "Re: Locked file", "The password for the file is Harbour-7."),
    ("correspondence", "fr", "Re: fichier protégé", "Le mot de passe du fichier est Harbour-7."),
    ("correspondence", "es", "Re: archivo", "La contraseña del archivo es Harbour-7."),
    ("correspondence", "ru", "Re: файл", "Пароль к файлу: Harbour-7"),
    ("correspondence", "zh", "回复：文件", "文件密码为 Harbour-7。"),
    ("correspondence", "ar", "رد: الملف", "كلمة المرور للملف هي Harbour-7"),
    (
        "correspondence",
        "en",
        "Re: Please confirm",
        "The message that you forwarded was not sent by our ministry and we know nothing of it.",
    ),
    ("correspondence", "fr", "Re: vérification", "Ce courriel n'émane pas de nos services."),
    ("correspondence", "es", "Re: verificación", "Ese mensaje no fue enviado por nuestra institución."),
    ("correspondence", "ru", "Re: проверка", "Наше ведомство это письмо не направляло."),
    ("correspondence", "zh", "回复：核实", "该邮件并非我部发送。"),
    ("correspondence", "ar", "رد: تحقق", "هذه الرسالة لم تصدر عن وزارتنا."),
    # advertising and mass mail
    (
        "spam",
        "en",
        "You have won",
        "Congratulations! You have won the jackpot of our online casino. Click here to claim your welcome bonus now.",
    ),
    (
        "spam",
        "en",
        "Grow your business",
        "We are an agency for web design and SEO services. Our special offer for you: 50 % discount for a limited time. Schedule a call today.",
    ),
    (
        "spam",
        "fr",
        "Offre spéciale",
        "Profitez de notre offre spéciale : promotion sur les prêts sans justificatif. Cliquez ici.",
    ),
    ("spam", "es", "Oferta especial", "Préstamo inmediato sin requisitos. Oferta especial, haga clic aquí para ganar dinero."),
    ("spam", "ru", "Заработок без вложений", "Казино онлайн: выигрыш гарантирован, скидки новым игрокам, заработайте сегодня."),
    ("spam", "zh", "优惠促销", "本公司代开各类发票，优惠多多，另有贷款业务，欢迎来电。"),
    ("spam", "ar", "عرض خاص", "كازينو على الإنترنت: عرض خاص وخصم كبير، انقر هنا الآن واربح."),
    (
        "spam",
        "en",
        "Connected World Weekly, issue 61",
        "In this issue: five trends in retail.\n\nYou are receiving this newsletter because you subscribed. Unsubscribe or manage your preferences.",
    ),
    (
        "spam",
        "es",
        "Boletín semanal",
        "Las noticias de la semana.\n\nUsted recibe este correo porque está suscrito al boletín. Darse de baja.",
    ),
    (
        "spam",
        "ru",
        "Новости недели",
        "Главное за неделю.\n\nВы получили это письмо, потому что подписаны на рассылку. Отписаться",
    ),
]


@pytest.mark.parametrize(
    ("wanted", "language", "subject", "text"), CASES, ids=[f"{i}-{c[0]}-{c[1]}" for i, c in enumerate(CASES)]
)
def test_a_note_is_what_it_says(wanted: str, language: str, subject: str, text: str) -> None:
    verdict = verdict_of(a_mail(subject, text))
    assert verdict.disposition is Disposition(wanted), [
        (item.finding, item.because, item.confidence) for item in verdict.findings
    ]
    assert verdict.findings, "all reasons are kept"
