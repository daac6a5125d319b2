"""Answers in six languages with what documents have in them: figures, brackets, Latin in Arabic, ligatures, addresses, lists."""

from __future__ import annotations

from collections import Counter

ANSWERS: dict[str, list[str]] = {
    "ar": [
        "رداً على الاستشارة العامة بشأن حماية الكابلات البحرية، تود إدارتنا أن تقدم الملاحظات الآتية.",
        "السؤال الأول: ما هي التدابير اللازمة؟ ينبغي للدول الأعضاء أن تتخذ الإجراءات الملائمة لحماية البنية التحتية الأساسية.",
        "في عام 2024 أصدرت اللجنة القرار رقم 102 (المراجع في بوسان، 2014)، وبلغت النسبة 45.7% من الكابلات.",
        "وفقاً لتقرير International Telecommunication Union (ITU) الصادر في 15/03/2025، فإن الاتصالات الإلكترونية لا تزال الأهم.",
        "١. الأولوية الأولى هي السلامة والأمن. ٢. الأولوية الثانية هي التعاون بين المشغلين والسلطات.",
        "لا إلى الأبد: الآلات والأجهزة والإلكترونيات والاتصالات اللاسلكية والأقمار الصناعية.",
        "للاتصال: office@example.org أو الهاتف +41 22 730 5111 من الساعة 9:30 إلى 17:00.",
        "أولاً وثانياً، لكل إنسان حقٌّ في نفاذٍ شاملٍ لا لاحقاً. شاملاً كاملاً عاجلاً مثلاً، فضلاً عن ذلك: سهلاً، دخلاً وأعمالاً.",
        "«الإنترنت للجميع» هو شعار المؤتمر [الدورة الثالثة] الذي عُقد في مدينة دبي.",
    ],
    "en": [
        "In reply to the public consultation on the protection of submarine cables, our administration offers these remarks.",
        "Question 1: which measures? The offices of affiliated firms find this efficient; cables flow with affluent traffic.",
        "In 2024 the committee adopted decision 102 (Rev. Busan, 2014); 45.7% of cables were hit, some “three quarters”.",
        "Contact: office@example.org, +41 22 730 5111, from 9:30 to 17:00.",
    ],
    "fr": [
        "En réponse à la consultation publique sur la protection des câbles sous-marins, notre administration présente ses observations.",
        "Question 1 : quelles mesures ? L’œuvre d’un cœur naïf, où l’été dernier façonna « l’Internet pour tous ».",
        "En 2024, la Commission a adopté la décision 102 (Rév. Busan, 2014) ; 45,7 % des câbles ont été touchés.",
        "Contact : office@example.org, +41 22 730 5111, de 9 h 30 à 17 h 00.",
    ],
    "es": [
        "En respuesta a la consulta pública sobre la protección de los cables submarinos, nuestra administración presenta sus observaciones.",
        "Pregunta 1: ¿qué medidas? ¡El niño pingüino bebió una cigüeña! Órganos, útiles y ágiles.",
        "En 2024 la comisión adoptó la decisión 102 (Rev. Busán, 2014); el 45,7 % de los cables resultó afectado.",
        "Contacto: office@example.org, +41 22 730 5111, de 9:30 a 17:00.",
    ],
    "ru": [
        "В ответ на открытую консультацию по защите подводных кабелей наша администрация представляет следующие замечания.",
        "Вопрос 1: какие меры? Съешь же ещё этих мягких французских булок, да выпей чаю; подъезд объявлен.",
        "В 2024 году комиссия приняла решение 102 (Пересм. Пусан, 2014 г.); 45,7 % кабелей пострадали.",
        "Контакт: office@example.org, +41 22 730 5111, с 9:30 до 17:00.",
    ],
    "zh": [
        "为答复关于保护海底电缆的公开征求意见，我国主管部门提出以下意见。",
        "问题1：应采取哪些措施？各成员国应采取适当措施，保护关键基础设施，加强国际合作与信息共享。",
        "2024年，委员会通过了第102号决定（2014年，釜山，修订版），45.7%的电缆受到影响。",
        "联系方式：office@example.org，+41 22 730 5111，时间9:30至17:00。",
    ],
}  # fmt: skip


def recall(wanted: str, found: str, language: str) -> float:
    """Share of the words (of Chinese: the characters) that are found, each as often as it is wanted."""
    first, second = (_units(text, language) for text in (wanted, found))
    return (first & second).total() / first.total()


def _units(text: str, language: str) -> Counter[str]:
    text = text.replace("\u00a0", " ").replace("\u202f", " ")
    return Counter(char for char in text if char.strip()) if language == "zh" else Counter(text.split())
