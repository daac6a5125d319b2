"""Made-up text in six languages for the load: clauses that go together in any order, with names that stand nowhere else.

Without those names everything would be near everything else, and the whole load one campaign."""

from __future__ import annotations

import random

OPENINGS = {
    "en": (
        "In our experience",
        "Since the last round",
        "As a rule",
        "In rural districts",
        "According to our survey",
        "For small operators",
        "On the islands",
        "Within two years",
    ),
    "fr": (
        "D'après notre expérience",
        "Depuis la dernière session",
        "En règle générale",
        "Dans les zones rurales",
        "Selon notre enquête",
        "Pour les petits opérateurs",
        "Dans les îles",
        "En deux ans",
    ),
    "es": (
        "Según nuestra experiencia",
        "Desde la última ronda",
        "Por regla general",
        "En las zonas rurales",
        "Según nuestra encuesta",
        "Para los pequeños operadores",
        "En las islas",
        "En dos años",
    ),
    "ru": (
        "По нашему опыту",
        "С прошлого раунда",
        "Как правило",
        "В сельских районах",
        "По данным нашего опроса",
        "Для малых операторов",
        "На островах",
        "За два года",
    ),
    "zh": ("根据我们的经验", "自上一轮以来", "通常", "在农村地区", "根据我们的调查", "对小型运营商而言", "在岛屿上", "两年之内"),
    "ar": (
        "وفقا لخبرتنا",
        "منذ الجولة الأخيرة",
        "كقاعدة عامة",
        "في المناطق الريفية",
        "وفقا لاستقصائنا",
        "بالنسبة إلى صغار المشغلين",
        "في الجزر",
        "خلال عامين",
    ),
}
MAINS = {
    "en": (
        "a school pays more for its line than for its books",
        "power fails more often than the network does",
        "licence fees eat what the subsidy brings",
        "a shared mast halves the cost of a village",
        "nobody trains those who repair the antennas",
        "the fund is audited late or never",
        "libraries stay open when schools have closed",
        "maps of coverage flatter whoever draws them",
        "pupils share one device among six",
        "permits for trenches take longer than the trenches",
    ),
    "fr": (
        "une école paie sa ligne plus cher que ses livres",
        "le courant manque plus souvent que le réseau",
        "les redevances absorbent la subvention",
        "un pylône partagé divise par deux le coût d'un village",
        "personne ne forme ceux qui réparent les antennes",
        "le fonds est contrôlé tard ou jamais",
        "les bibliothèques restent ouvertes après l'école",
        "les cartes de couverture flattent leurs auteurs",
        "six élèves se partagent un appareil",
        "les permis de tranchée durent plus que les tranchées",
    ),
    "es": (
        "una escuela paga más por su línea que por sus libros",
        "la electricidad falla más que la red",
        "las tasas absorben la subvención",
        "una torre compartida reduce a la mitad el costo de una aldea",
        "nadie forma a quienes reparan las antenas",
        "el fondo se audita tarde o nunca",
        "las bibliotecas siguen abiertas cuando cierra la escuela",
        "los mapas de cobertura favorecen a quien los dibuja",
        "seis alumnos comparten un aparato",
        "los permisos de zanja tardan más que las zanjas",
    ),
    "ru": (
        "школа платит за линию больше, чем за книги",
        "электричество пропадает чаще, чем сеть",
        "сборы поглощают всю субсидию",
        "общая мачта вдвое удешевляет подключение деревни",
        "никто не учит тех, кто чинит антенны",
        "фонд проверяют поздно или никогда",
        "библиотеки открыты, когда школа закрыта",
        "карты покрытия льстят их авторам",
        "шесть учеников делят одно устройство",
        "разрешения на траншеи ждут дольше, чем роют траншеи",
    ),
    "zh": (
        "学校的线路费高于购书费",
        "停电比断网更为频繁",
        "许可费抵消了补贴",
        "共用铁塔使村庄成本减半",
        "没有人培训修理天线的人员",
        "基金很晚才审计或从不审计",
        "学校关门后图书馆仍然开放",
        "覆盖图总是美化绘图者",
        "六名学生共用一台设备",
        "挖沟许可比挖沟本身更费时",
    ),
    "ar": (
        "تدفع المدرسة مقابل خطها أكثر مما تدفع مقابل كتبها",
        "ينقطع التيار أكثر مما تنقطع الشبكة",
        "تبتلع الرسوم قيمة الإعانة",
        "يخفض البرج المشترك كلفة القرية إلى النصف",
        "لا أحد يدرب من يصلح الهوائيات",
        "تراجع حسابات الصندوق متأخرة أو لا تراجع",
        "تبقى المكتبات مفتوحة بعد إغلاق المدارس",
        "تجامل خرائط التغطية من يرسمها",
        "يتقاسم ستة تلاميذ جهازا واحدا",
        "تستغرق تصاريح الحفر وقتا أطول من الحفر",
    ),
}
TAILS = {
    "en": (
        "and we ask that this be measured",
        "which the report should say plainly",
        "as annex {n} shows in detail",
        "in {n} of the places that we visited",
        "although the law of {y} forbids it",
        "and so it was in {y} already",
    ),
    "fr": (
        "et nous demandons que cela soit mesuré",
        "ce que le rapport devrait dire clairement",
        "comme le montre l'annexe {n}",
        "dans {n} des lieux que nous avons visités",
        "bien que la loi de {y} l'interdise",
        "et c'était déjà le cas en {y}",
    ),
    "es": (
        "y pedimos que esto se mida",
        "lo que el informe debería decir con claridad",
        "como muestra el anexo {n}",
        "en {n} de los lugares que visitamos",
        "aunque la ley de {y} lo prohíbe",
        "y así era ya en {y}",
    ),
    "ru": (
        "и мы просим это измерять",
        "о чём доклад должен сказать прямо",
        "как показывает приложение {n}",
        "в {n} местах из тех, где мы были",
        "хотя закон {y} года это запрещает",
        "и так было уже в {y} году",
    ),
    "zh": (
        "我们要求对此进行衡量",
        "报告应当明确指出这一点",
        "详见附件{n}",
        "我们走访的地点中有{n}处如此",
        "尽管{y}年的法律予以禁止",
        "{y}年已是如此",
    ),
    "ar": (
        "ونطلب قياس ذلك",
        "وينبغي للتقرير أن يقول ذلك بوضوح",
        "كما يبين الملحق {n}",
        "في {n} من المواقع التي زرناها",
        "رغم أن قانون عام {y} يحظره",
        "وكان الأمر كذلك في عام {y}",
    ),
}
SUBJECTS = {
    "en": "Our response",
    "fr": "Notre réponse",
    "es": "Nuestra respuesta",
    "ru": "Наш ответ",
    "zh": "我方答复",
    "ar": "ردنا",
}
HOUSES = {
    "en": "Association for the Networks of {place}", "fr": "Association des réseaux de {place}", "es": "Asociación de Redes de {place}",
    "ru": "Ассоциация сетей {place}", "zh": "{place}网络协会", "ar": "جمعية شبكات {place}",
}  # fmt: skip
CHARSETS = {
    "en": ("us-ascii", "utf-8"), "fr": ("iso-8859-1", "utf-8", "windows-1252"), "es": ("iso-8859-1", "utf-8", "windows-1252"),
    "ru": ("koi8-r", "windows-1251", "utf-8"), "zh": ("gb18030", "utf-8", "gb2312"), "ar": ("windows-1256", "utf-8"),
}  # fmt: skip
LANGUAGES = ("en",) * 45 + ("fr",) * 15 + ("es",) * 15 + ("ru",) * 8 + ("zh",) * 8 + ("ar",) * 9
_SYLLABLES = ("ka", "lo", "mer", "ti", "sun", "dar", "vo", "ne", "pri", "al", "ost", "ha")


def sentence(chance: random.Random, language: str) -> str:
    """One sentence."""
    tail = chance.choice(TAILS[language]).format(n=chance.randrange(2, 990), y=chance.randrange(1950, 2026))
    comma, stop = {"zh": ("，", "。"), "ar": ("، ", ".")}.get(language, (", ", "."))
    where = f" ({place(chance)} {place(chance)})"
    return f"{chance.choice(OPENINGS[language])}{comma}{chance.choice(MAINS[language])}{where}{comma}{tail}{stop}"


def text(chance: random.Random, language: str, size_bytes: int) -> str:
    """Paragraphs of about that size in UTF-8."""
    paragraphs: list[list[str]] = [[]]
    size = 0
    while size < size_bytes:
        one = sentence(chance, language)
        size += len(one.encode()) + 1
        paragraphs[-1].append(one)
        if chance.random() < 0.22:
            paragraphs.append([])
    joiner = "" if language == "zh" else " "
    return "\n\n".join(joiner.join(some) for some in paragraphs if some) + "\n"


def place(chance: random.Random) -> str:
    """A name that is no place."""
    return "".join(chance.choice(_SYLLABLES) for _ in range(3)).capitalize()
