"""A person's own data over HTTP: a link that opens once, the visitor's own at any time, nobody else's ever."""

from collections.abc import Callable

import httpx
import pytest

from bot.courier import Courier
from bot.settings import Settings
from bot.web.app import create_app
from handlers.desk import Desk
from tests.bot.conftest import ADDRESS
from tests.bot.web import PIANO, Visitor

Browsers = Callable[[], httpx.AsyncClient]


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk whose pages people can open."""
    from dataclasses import replace

    return replace(desk, url=ADDRESS)


async def link(ana: Visitor) -> str:
    said = await ana.say("/mydata")
    return next(word for word in str(said["text"]).split() if word.startswith(f"{ADDRESS}/mydata/"))


async def test_link_shows_a_button_and_opens_once(ana: Visitor, browsers: Browsers) -> None:
    await ana.say(f"{PIANO} <b>canary</b>")
    address = await link(ana)
    phone = browsers()
    for _ in range(2):  # a messenger looks first
        asked = await phone.get(address)
        assert asked.status_code == 200
        assert "canary" not in asked.text
    opened = await phone.post(f"{address}?lang=en", headers={"Origin": ADDRESS})
    assert opened.status_code == 200
    assert "&lt;b&gt;canary&lt;/b&gt;" in opened.text
    assert "unsafe-inline" not in opened.headers["content-security-policy"]
    assert "script-src 'self'" not in opened.headers["content-security-policy"]
    assert opened.headers["cache-control"] == "no-store"
    assert (await phone.post(address, headers={"Origin": ADDRESS})).status_code == 404
    assert (await phone.get(address)).status_code == 404


async def test_another_site_cannot_spend_it(ana: Visitor, browsers: Browsers) -> None:
    address = await link(ana)
    assert (await browsers().post(address, headers={"Origin": "https://evil.example"})).status_code == 403
    assert (await browsers().get(address)).status_code == 200


async def test_a_made_up_link_leads_nowhere(browsers: Browsers) -> None:
    for token in ("x", "a" * 43, "a" * 4000):
        assert (await browsers().get(f"/mydata/{token}")).status_code == 404


async def test_visitor_takes_their_own_and_nobody_elses(ana: Visitor, browsers: Browsers) -> None:
    ben = await Visitor(browsers()).arrive()
    await ana.say(f"{PIANO} ana-words")
    await ben.say(f"{PIANO} ben-words")
    mine = await ana.http.get("/chat/mydata", headers=ana.headers)
    assert mine.headers["content-disposition"].endswith('filename="linli-mydata.json"')
    assert "ana-words" in mine.text
    assert "ben-words" not in mine.text
    assert ana.token not in mine.text
    page = await ana.http.get("/chat/mydata?form=html&lang=zh", headers=ana.headers)
    assert "关于您的全部数据" in page.text
    assert (await browsers().get("/chat/mydata")).status_code == 401


async def test_after_forget_the_visitor_has_nothing(ana: Visitor) -> None:
    await ana.say(PIANO)
    await ana.say("/forget")
    response = await ana.post(id="bye", choice="f:yes")
    assert [reply["kind"] for reply in response.json()["replies"]] == ["privacy"]
    assert (await ana.http.get("/chat/mydata", headers=ana.headers)).status_code == 404
    assert (await ana.http.get("/chat/messages", headers=ana.headers)).json()["messages"] == []
    assert (await ana.post(id="bye", choice="f:yes")).status_code == 200


@pytest.mark.parametrize(("language", "words"), [("en", "What is kept about you"), ("zh", "保存了您的哪些信息")])
async def test_privacy_page_says_it_all_in_both_languages(http: httpx.AsyncClient, language: str, words: str) -> None:
    shown = await http.get(f"/privacy?lang={language}")
    assert shown.status_code == 200
    assert words in shown.text
    assert "/forget" in shown.text


async def test_the_notice_links_to_the_page(ana: Visitor) -> None:
    response = await ana.post(id="first", text=PIANO)
    assert response.json()["replies"][1]["kind"] == "privacy"
    assert f"{ADDRESS}/privacy" in response.json()["replies"][1]["text"]


def test_routes_stand_in_the_application(desk: Desk, courier: Courier, settings: Settings) -> None:
    paths = set(create_app(desk, courier, settings).openapi()["paths"])
    assert "/chat/mydata" in paths
