"""The web chat over HTTP: what programs and the page rely on, and what happens to every kind of bad input."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import ClassVar

import httpx
import pytest
from starlette.requests import Request

from bot.channels.webchat.router import _limits
from bot.courier import Courier
from bot.settings import Settings
from bot.web.app import create_app
from handlers.desk import Desk
from handlers.errors import Unavailable
from handlers.messages import Reply
from handlers.policy import Policy
from tests.bot.web import PIANO, REGISTER, Visitor, told
from tests.desks import Clock

REPLY = {"id", "kind", "text", "locale", "choices", "entry", "ticket"}
LINE = {"id", "author", "kind", "text", "locale", "entry", "ticket", "at"}


async def test_a_new_visitor_gets_a_token_and_the_same_as_a_cookie(http: httpx.AsyncClient) -> None:
    response = await http.post("/chat/visitors")
    assert response.status_code == 201
    cookie = response.headers["set-cookie"]
    assert response.json()["visitor"] in cookie
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()


async def test_cookie_is_for_https_only_where_the_public_address_is(desk: Desk, courier: Courier) -> None:
    app = create_app(desk, courier, Settings(_env_file=None, public_url="https://linli.test"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://linli.test") as http:
        response = await http.post("/chat/visitors")
    assert "secure" in response.headers["set-cookie"].lower()
    assert "max-age" in response.headers["strict-transport-security"]


async def test_a_question_is_answered_with_source_and_date(ana: Visitor) -> None:
    reply = await ana.say(REGISTER)
    assert set(reply) == REPLY
    assert (reply["kind"], reply["entry"], reply["locale"]) == ("answer", "registration-how", "en")
    assert "📄 Source:" in reply["text"]
    assert "Checked on" in reply["text"]


async def test_a_chinese_question_is_answered_in_chinese(ana: Visitor) -> None:
    reply = await ana.say("怎么办住宿登记")
    assert (reply["entry"], reply["locale"]) == ("registration-how", "zh")


async def test_an_unknown_question_becomes_a_ticket_with_a_number(ana: Visitor) -> None:
    reply = await ana.say(PIANO)
    assert (reply["kind"], reply["ticket"]) == ("receipt", 1)
    assert "Ticket 1" in reply["text"]


async def test_the_same_id_gives_the_same_replies_and_no_second_effect(ana: Visitor) -> None:
    first = await ana.post(id="x", text=PIANO)
    again = await ana.post(id="x", text=PIANO)
    assert again.json() == first.json()
    assert [line["author"] for line in await ana.heard()] == ["resident", "bot"]


async def test_the_same_message_twice_at_the_same_moment_has_one_effect(ana: Visitor) -> None:
    both = await asyncio.gather(ana.post(id="x", text=PIANO), ana.post(id="x", text=PIANO))
    assert both[0].json() == both[1].json()
    assert len(await ana.heard()) == 2


async def test_a_tapped_button_counts_and_is_shown_by_its_words(ana: Visitor) -> None:
    await ana.say(REGISTER)
    helped = next(choice for choice in ana.last["choices"] if "helped" in choice["label"])
    await ana.tap(helped["payload"])
    assert [line["text"] for line in await ana.heard() if line["author"] == "resident"] == [REGISTER, helped["label"]]


async def test_asking_for_a_person_twice_opens_one_ticket(ana: Visitor) -> None:
    receipt = await ana.say(PIANO)
    assert [(await ana.tap("h:"))["ticket"] for _time in range(2)] == [receipt["ticket"]] * 2


async def test_an_unknown_button_gets_a_sentence(ana: Visitor) -> None:
    reply = await ana.tap("zz:999")
    assert "no longer works" in reply["text"]


async def test_a_button_of_another_visitor_does_nothing(ana: Visitor, browsers: Callable[[], httpx.AsyncClient]) -> None:
    await ana.say(REGISTER)
    ben = await Visitor(browsers()).arrive()
    reply = await ben.tap(next(choice["payload"] for choice in ana.last["choices"] if choice["payload"].startswith("n:")))
    assert "no longer works" in reply["text"]
    assert reply["ticket"] is None


async def test_an_opening_line_is_answered_within_its_own_request(ana: Visitor) -> None:
    assert (await ana.say("I have a question"))["text"]


async def test_an_opening_line_is_read_together_with_what_follows_it(ana: Visitor, policy: Policy) -> None:
    opening = asyncio.create_task(ana.post(id="a", text="my question"))
    while not await ana.heard():
        pass
    rest = await ana.post(id="b", text=REGISTER)
    replies = [*told(await opening), *told(rest)]
    assert [reply["entry"] for reply in replies] == ["registration-how"]


async def test_messages_come_in_order_and_after_the_cursor(ana: Visitor) -> None:
    await ana.say(REGISTER)
    everything = (await ana.http.get("/chat/messages", headers=ana.headers)).json()
    assert [line["author"] for line in everything["messages"]][:2] == ["resident", "bot"]
    assert set(everything["messages"][0]) >= LINE
    assert everything["cursor"] == everything["messages"][-1]["id"]
    later = (await ana.http.get(f"/chat/messages?after={everything['cursor']}", headers=ana.headers)).json()
    assert later == {"messages": [], "cursor": everything["cursor"]}


async def test_nobody_reads_what_another_visitor_said(ana: Visitor, browsers: Callable[[], httpx.AsyncClient]) -> None:
    await ana.say(PIANO)
    ben = await Visitor(browsers()).arrive()
    assert await ben.heard() == []


async def test_the_courier_is_told_of_each_reply_that_went_out(desk: Desk, settings: Settings) -> None:
    class Noted(Courier):
        """Writes down what it is told."""

        told: ClassVar[list[int]] = []

        def sent(self, reply: Reply) -> None:
            self.told.append(reply.id)

    app = create_app(desk, Noted(desk, {}), settings)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://linli.test") as http:
        ana = await Visitor(http).arrive()
        response = await ana.post(id="1", text=REGISTER)
    assert Noted.told == [reply["id"] for reply in response.json()["replies"]]


@pytest.mark.parametrize("token", ["", "short", "x" * 44, "ä" * 43, "link." + "x" * 43])
async def test_without_a_token_nobody_is_known(http: httpx.AsyncClient, token: str) -> None:
    headers = [(b"authorization", b"Bearer " + token.encode())]
    for method, path in (("GET", "/chat/messages"), ("GET", "/chat/link"), ("GET", "/chat/stream"), ("POST", "/chat/messages")):
        response = await http.request(method, path, headers=headers)
        assert response.status_code == 401
        assert response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'"hello"', 400),
        (b"\xff\xfe{", 400),
        (b'{"id": "1", "text": "\xc3\x28"}', 400),
        (b"[" * 60_000, 400),
        (b'{"a":' * 10_000, 400),
        (b'{"id": "1", "text": ' + b"9" * 5_000 + b"}", 400),
        (b'{"id": "1", "text": "' + b"x" * 65_536 + b'"}', 413),
        (b"{}", 422),
        (b'{"id": "1"}', 422),
        (b'{"id": "1", "text": ""}', 422),
        (b'{"id": "1", "text": "  \\n "}', 422),
        (b'{"id": "1", "text": "\\u0000\\u202e"}', 422),
        (b'{"id": "1", "text": 5}', 422),
        (b'{"id": "1", "text": ["a"]}', 422),
        (b'{"id": "1", "choice": 5}', 422),
        (b'{"text": "hello"}', 422),
        (b'{"id": "", "text": "hello"}', 422),
        (b'{"id": "\\u0000", "text": "hello"}', 422),
        (b'{"id": "\\ud800", "text": "hello"}', 422),
        (b'{"id": true, "text": "hello"}', 422),
        (b'{"id": "1", "choice": "' + b"e" * 500 + b'"}', 422),
    ],
)
async def test_bad_input_gets_the_right_status_and_a_sentence(ana: Visitor, body: bytes, status: int) -> None:
    response = await ana.http.post("/chat/messages", content=body, headers=ana.headers)
    assert response.status_code == status
    assert response.json()["detail"].endswith(".")
    assert await ana.heard() == []


async def test_a_body_without_a_length_is_not_read_beyond_the_limit(ana: Visitor) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _part in range(200):
            yield b"x" * 1024

    response = await ana.http.post("/chat/messages", content=endless(), headers=ana.headers)
    assert response.status_code == 413


@pytest.mark.parametrize(
    "text",
    [
        "a\u202eb",
        "\u2066hidden\u2069",
        "a\x00b",
        "\ud800 lone",
        "😀",
        "<script>alert(1)</script>",
        "'; DROP TABLE tickets; --",
        "x" * 60_000,
        "\ufeffhello",
    ],
    ids=range(9),
)
async def test_odd_texts_are_taken_and_answered(ana: Visitor, text: str) -> None:
    response = await ana.http.post("/chat/messages", content=json.dumps({"id": "1", "text": text}), headers=ana.headers)
    assert response.status_code == 200
    assert response.json()["replies"]


async def test_sentences_are_in_the_readers_language(ana: Visitor) -> None:
    response = await ana.http.post("/chat/messages", content=b"{", headers={**ana.headers, "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})
    assert response.json()["locale"] == "zh"
    assert "JSON" in response.json()["detail"]


async def test_above_the_limit_a_visitor_waits_and_then_is_heard_again(ana: Visitor, clock: Clock) -> None:
    statuses = [(await ana.post(id=str(n), text="hello there")).status_code for n in range(31)]
    assert statuses == [200] * 30 + [429]
    refused = await ana.post(id="31", text="hello there")
    assert 0 < int(refused.headers["retry-after"]) <= 60
    clock.pass_(seconds=int(refused.headers["retry-after"]))
    assert (await ana.post(id="31", text="hello there")).status_code == 200


async def test_somebody_in_danger_is_heard_above_the_limit(ana: Visitor) -> None:
    for n in range(31):
        await ana.post(id=str(n), text="hello there")
    response = await ana.post(id="help", text="help there is a fire in my flat right now")
    assert response.status_code == 200
    assert told(response)[0]["kind"] == "urgent"


async def test_one_address_may_send_ten_times_as_much(browsers: Callable[[], httpx.AsyncClient], settings: Settings) -> None:
    request = Request({"type": "http", "headers": [], "client": ("192.0.2.1", 1)})
    assert sorted(_limits(request, "s", settings.chat_limit).values()) == [30, 300]
    assert _limits(request, "s", 0) == {}


async def test_another_sites_page_can_say_nothing(ana: Visitor) -> None:
    ana.http.cookies.set("linli_visitor", ana.token)
    for headers in ({"Origin": "https://evil.test"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        response = await ana.http.post("/chat/messages", json={"id": "1", "text": "hello"}, headers=headers)
        assert response.status_code == 403
    form = await ana.http.post("/chat/messages", content=b'{"id":"1","text":"hi"}', headers={"Content-Type": "text/plain"})
    assert form.status_code == 415
    assert await ana.heard() == []


async def test_the_cookie_is_as_good_as_the_header(ana: Visitor) -> None:
    ana.http.cookies.set("linli_visitor", ana.token)
    response = await ana.http.post("/chat/messages", json={"id": "1", "text": REGISTER}, headers={"Origin": "http://linli.test"})
    assert response.status_code == 200
    assert len(await ana.heard()) == 2


async def test_what_cannot_be_kept_is_never_answered_with_ok(ana: Visitor, monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    def refuse(*_given: object) -> None:
        raise Unavailable("disk full")

    monkeypatch.setattr(type(desk.storage), "transaction", refuse)
    response = await ana.post(id="1", text=REGISTER)
    assert response.status_code == 503
    assert "not taken" in response.json()["detail"]
    assert "disk" not in response.text


async def test_our_own_fault_is_a_ticket_not_a_trace(ana: Visitor, monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    def broken(*_given: object) -> None:
        raise ValueError("secret detail")

    monkeypatch.setattr(type(desk.faq), "read", broken)
    response = await ana.post(id="1", text=REGISTER)
    assert response.status_code == 200
    assert told(response)[0]["ticket"] == 1
    assert "secret" not in response.text


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "9" * 30, "１"])
async def test_a_cursor_is_a_number(ana: Visitor, cursor: str) -> None:
    assert (await ana.http.get(f"/chat/messages?after={cursor}", headers=ana.headers)).status_code == 400
