"""A law clinic or counsel that sends somebody's response: the client's it is; and leagues, which only some States are."""
# ruff: noqa: E501 - a mail stands on one line

from __future__ import annotations

import pytest

from tests.fakes.mails import a_mail, verdict_of

CLIENTS = [
    ("Heron Bay Residents' Association", "Dear all,\n\nwe file the response of our principal, the Heron Bay Residents' Association, Nadi, Fiji.\n\nTim Orr, trainee\nUniversity of Westmere law clinic, Switzerland\n"),
    ("Association des Riverains du Lac", "Mesdames, Messieurs,\n\nnous déposons la réponse de notre mandante, l'Association des Riverains du Lac, à Kayes (Mali).\n\nLuc Roy, assistant\nClinique du droit, Université de Valmont, Suisse\n"),
    ("Asociación Vecinal Bahía Garza", "Estimados:\n\npresentamos la respuesta de nuestra poderdante, la Asociación Vecinal Bahía Garza, de Loja (Ecuador).\n\nAna Paz, pasante\nClínica jurídica, Universidad de Montealto, Suiza\n"),
    ("жителей озера Цапли", "Уважаемые коллеги,\n\nнаправляем ответ нашей доверительницы, Ассоциации жителей озера Цапли, Ош, Кыргызстан.\n\nИван Лис, стажёр\nЮридическая клиника, Университет Вальмон, Швейцария\n"),
    ("جمعية سكان خليج البلشون", "السادة،\n\nنرفع رد موكلتنا، جمعية سكان خليج البلشون، صفاقس، تونس.\n\nسامي نصر، متدرب\nالعيادة القانونية، جامعة فالمون، سويسرا\n"),
    ("鹭湾居民协会", "各位：\n\n现代表我方委托人：鹭湾居民协会（斐济）提交答复。\n\n王明，实习生\n瓦尔蒙大学法律诊所，瑞士\n"),
]  # fmt: skip
LEAGUES = [
    ("League of Women Skippers", "civil_society"),
    ("League of Volunteer Lighthouse Crews", "civil_society"),
    ("League of Arab States", "intergovernmental"),
    ("League of Coastal States", "intergovernmental"),
]


@pytest.mark.parametrize(("client", "text"), CLIENTS)
def test_what_counsel_sends_is_the_client_s(client: str, text: str) -> None:
    respondent = verdict_of(a_mail("Response", text, sender="Clinic <clinic@law.example>")).respondent
    assert client in (respondent.organization or "")
    assert respondent.category.value == "civil_society"


@pytest.mark.parametrize(("name", "category"), LEAGUES)
def test_a_league_is_of_states_only_where_it_says_so(name: str, category: str) -> None:
    text = f"Question 1: Share the masts among all the islands.\n\nAna Berg\nSecretary\n{name}\n"
    assert verdict_of(a_mail("Response", text)).respondent.category.value == category
