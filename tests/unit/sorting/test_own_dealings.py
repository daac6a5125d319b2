"""A sender's own order, bill or contract that went wrong is another office's matter, however near it is to ours; who speaks of such
things in general answers us."""
# ruff: noqa: E501 - a mail stands on one line, in its own script

from __future__ import annotations

import pytest

from tests.fakes.mails import a_mail, verdict_of

OWN = {
    "en-subject": (
        "My order 55321 never arrived",
        "I bought a router for the island link from a seller on your platform and it never arrived. I want my money back or I will go to the police.",
    ),
    "en-ticket": (
        "Link down",
        "The link on line no. 4471-220 has been down since Monday, ticket #880123. Nobody answers. When will you repair it, and who pays for the lost month?",
    ),
    "fr": (
        "Facture 8891",
        "La facture n° 8891 du mois de février porte un montant que je ne reconnais pas. J'exige le remboursement et la copie de mon contrat.",
    ),
    "es": (
        "Reclamo",
        "El pedido 20-7713 del módem no llegó y ya me cobraron el enlace. Exijo la devolución y que me den de baja.",
    ),
    "ru": (
        "Жалоба",
        "Заказал у вас модем 3 марта, до сих пор не доставили, на звонки не отвечают. Требую вернуть деньги. Заказ № 77120.",
    ),
    "ar": ("شكوى", "لم يصل جهاز الربط الذي اشتريته منكم، رقم الطلب: 99321، ولا أحد يرد على الهاتف. أطالب باسترداد المبلغ."),
    "zh": ("投诉", "我在贵公司买的路由器一直没有收到，订单号 99321，请尽快退款。"),
}
OURS = {
    "en": "In our cooperative one parcel in five never arrived when the link was down, and nobody knew whom to ask for a refund. A shared help desk for the three islands would keep 2,000 customers and their money with us, whatever the carrier does.",
    "fr": "Dans notre coopérative un colis sur cinq n'est jamais arrivé quand la liaison était coupée, et personne ne savait à qui demander un remboursement. Un guichet commun aux trois îles garderait les 2 000 clients que nous perdons chaque année.",
    "es": "En nuestra cooperativa uno de cada cinco paquetes no llegó mientras el enlace estaba caído y nadie sabía a quién pedir un reembolso. Una mesa de ayuda común de las tres islas conservaría los 2000 clientes que perdemos cada año.",
    "ru": "В нашем кооперативе каждая пятая посылка не доходила, пока связь была прервана, и никто не знал, у кого просить возврат. Общая служба помощи трёх островов сохранила бы те 2000 покупателей, которых мы теряем каждый год.",
    "ar": "في تعاونيتنا لم يصل طرد من كل خمسة حين انقطع الرابط، ولم يعرف أحد ممن يطلب استرداد الثمن. مكتب مساعدة مشترك للجزر الثلاث يحفظ لنا 2000 زبون نخسرهم كل سنة بسبب الانقطاع.",
    "zh": "我们合作社在断网期间每五个包裹就有一个没有收到，谁也不知道该向谁要求退款。三个岛共设一个服务台，就能留住每年流失的 2000 名客户，也能让小商户安心经营下去。",
}


@pytest.mark.parametrize("name", OWN)
def test_ones_own_affair_is_another_offices(name: str) -> None:
    subject, text = OWN[name]
    verdict = verdict_of(a_mail(subject, text))
    assert verdict.disposition.value == "misdirected", verdict.findings


@pytest.mark.parametrize("name", OURS)
def test_what_happens_to_many_is_a_response(name: str) -> None:
    assert verdict_of(a_mail("Our view", OURS[name])).disposition.value == "response"
