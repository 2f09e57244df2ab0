"""The pages: their language, their safety, the private link, the description of the interface, health."""

import re
from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI

from bot.web.headers import POLICY
from bot.web.pages import STATIC
from handlers.desk import Desk
from handlers.errors import Unavailable
from handlers.staff import queue, reply
from tests.bot.web import PIANO, REGISTER, Page, Visitor
from tests.desks import hire

HTML = {"Accept": "text/html"}
PAGES = ["/", "/?c=willow", "/docs", "/console", "/nowhere", "/t/nothing", "/console/link/nothing"]


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("en-GB", "en"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("zh-TW", "zh-Hans"),
        ("ru", "en"),
        ("en;q=0.1, zh;q=0.9", "zh-Hans"),
        ("*", "en"),
        ("q=;,;;", "en"),
        ("", "en"),
    ],
)
async def test_page_speaks_the_browsers_language(http: httpx.AsyncClient, wish: str, language: str) -> None:
    assert f'<html lang="{language}">' in (await http.get("/", headers={"Accept-Language": wish})).text


async def test_the_switch_is_remembered(http: httpx.AsyncClient) -> None:
    await http.get("/?lang=zh")
    assert '<html lang="zh-Hans">' in (await http.get("/")).text


async def test_empty_chat_shows_six_topics_and_three_questions_in_both_languages(http: httpx.AsyncClient) -> None:
    source = (await http.get("/")).text
    assert len(re.findall(r'data-choice="t:', source)) == 6
    assert len(re.findall("data-ask", source)) == 6
    assert REGISTER in source
    assert "怎么办住宿登记" in source


async def test_the_link_in_the_lift_names_the_community(http: httpx.AsyncClient) -> None:
    assert 'data-community="willow"' in (await http.get("/?c=willow")).text
    assert 'data-community=""' in (await http.get("/?c=%22%3E%3Cscript%3E")).text


async def test_a_person_from_the_lift_is_welcomed_with_their_community(ana: Visitor) -> None:
    reply_ = await ana.tap("c:willow")
    assert reply_["kind"] == "welcome"
    assert len(reply_["choices"]) == 6
    assert "Willow" in reply_["text"]


@pytest.mark.parametrize("path", PAGES)
async def test_pages_run_nothing_inline_and_load_nothing_foreign(http: httpx.AsyncClient, path: str) -> None:
    response = await http.get(path, headers=HTML)
    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", response.text)
    assert not re.findall(r'(?:src|href|action)="(?!/|#)[^"]*"', response.text)
    assert "Traceback" not in response.text


@pytest.mark.parametrize("path", ["/nowhere", "/t/nothing", "/console/tickets/x", "/static/web/nothing.css"])
async def test_an_error_is_a_sentence_in_both_languages(http: httpx.AsyncClient, path: str) -> None:
    response = await http.get(path, headers=HTML)
    assert response.status_code in (401, 404)
    assert re.search("[一-鿿]{4}", response.text)


async def test_a_fault_of_ours_is_a_sentence_too(http: httpx.AsyncClient, app: FastAPI) -> None:
    @app.get("/broken")
    async def broken() -> None:
        raise ValueError("secret detail")

    response = await http.get("/broken", headers=HTML)
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "on our side" in response.text
    assert response.headers["content-security-policy"] == POLICY


async def test_files_may_be_kept_for_ever_by_their_content(http: httpx.AsyncClient) -> None:
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', (await http.get("/")).text):
        response = await http.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
    assert "no-cache" in (await http.get("/static/web/base.css")).headers["cache-control"]


async def test_first_page_is_light(http: httpx.AsyncClient) -> None:
    """All that a phone loads before the first word, compressed: under 100 kB."""
    page = await http.get("/", headers={"Accept-Encoding": "gzip"})
    files = ["/static/web/base.css", "/static/web/linli.svg", *(f"/static/chat/{one.name}" for one in STATIC["chat"].iterdir())]
    sizes = [len((await http.get(file, headers={"Accept-Encoding": "gzip"})).content) for file in files]
    assert page.headers["content-encoding"] == "gzip"
    assert sum(sizes) + len(page.content) < 100_000


async def test_docs_describe_every_route_of_the_chat(http: httpx.AsyncClient) -> None:
    source = Page((await http.get("/docs")).text).text
    for route in (
        "POST /chat/visitors",
        "POST /chat/messages",
        "GET /chat/messages",
        "GET /chat/stream",
        "GET /chat/link",
        "GET /health/ready",
    ):
        assert route in source


async def test_private_link_shows_the_conversation_and_lets_it_go_on(ana: Visitor, browsers: Callable[[], httpx.AsyncClient]) -> None:
    assert (await ana.http.get("/chat/link", headers=ana.headers)).status_code == 404
    await ana.say(PIANO)
    path = (await ana.http.get("/chat/link", headers=ana.headers)).json()["url"].removeprefix("http://linli.test")
    assert (await ana.http.get("/chat/link", headers=ana.headers)).json()["url"].endswith(path)
    other = browsers()
    assert PIANO in Page((await other.get(path, headers=HTML)).text).text
    await other.post(path, headers={"Origin": "http://linli.test"})
    lines = (await other.get("/chat/messages")).json()["messages"]
    assert lines[0]["text"] == PIANO
    said = await other.post("/chat/messages", json={"id": "n", "text": "it is an upright"}, headers={"Origin": "http://linli.test"})
    assert said.json()["replies"][0]["ticket"] == 1
    assert [line["text"] for line in await ana.heard() if line["author"] == "resident"] == [PIANO, "it is an upright"]


async def test_only_the_digest_of_the_private_link_is_kept(ana: Visitor, desk: Desk) -> None:
    await ana.say(PIANO)
    token = (await ana.http.get("/chat/link", headers=ana.headers)).json()["url"].rpartition("/")[2]
    assert desk.storage.path is not None
    files = [one for one in desk.storage.path.parent.iterdir() if one.is_file()]
    assert not any(secret.encode() in one.read_bytes() for one in files for secret in (token, ana.token))


async def test_a_preview_of_the_private_link_does_not_count_as_seen(ana: Visitor, http: httpx.AsyncClient, desk: Desk) -> None:
    chen = await hire(desk)
    await ana.say(PIANO)
    path = (await ana.http.get("/chat/link", headers=ana.headers)).json()["url"].removeprefix("http://linli.test")
    (row,) = await queue.waiting(desk, chen.id)
    said = await reply.reply(desk, chen.id, row.ticket.id, "Mr Li tunes pianos.")
    await http.get(path)
    assert (await queue.look(desk, chen.id, row.ticket.id)).conversation.seen_utterance_id < said.id
    await http.get(path, headers={"Sec-Fetch-Mode": "navigate"})
    assert (await queue.look(desk, chen.id, row.ticket.id)).conversation.seen_utterance_id == said.id


async def test_hostile_words_are_shown_as_words(ana: Visitor, http: httpx.AsyncClient) -> None:
    hostile = "</p><script>alert(1)</script><img src=x onerror=alert(2)> javascript:alert(3) \"quotes\" 'and' &amp; {{ 7*7 }}"
    await ana.say(hostile)
    await ana.tap("h:")
    path = (await ana.http.get("/chat/link", headers=ana.headers)).json()["url"].removeprefix("http://linli.test")
    page = Page((await http.get(path, headers=HTML)).text)
    assert hostile in page.text
    assert "script" not in page.tags
    assert not any(link.startswith("javascript") for link in page.links)


async def test_health(http: httpx.AsyncClient) -> None:
    assert (await http.get("/health/live")).status_code == 200
    ready = await http.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "store": True, "faq": True, "matcher": True})


async def test_not_ready_where_nothing_can_be_kept(http: httpx.AsyncClient, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object) -> None:
        raise Unavailable("disk full")

    monkeypatch.setattr(type(desk.storage), "transaction", refuse)
    ready = await http.get("/health/ready")
    assert (ready.status_code, ready.json()["store"]) == (503, False)


async def test_not_ready_where_texts_cannot_be_understood(http: httpx.AsyncClient, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> None:
        raise ValueError("no model")

    monkeypatch.setattr(type(desk.faq), "read", broken)
    ready = await http.get("/health/ready")
    assert (ready.status_code, ready.json()["matcher"]) == (503, False)
    assert (await http.get("/health/live")).status_code == 200
