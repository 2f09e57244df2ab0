"""The stream: what others say arrives by itself, from where the page stopped, whichever process it was said in."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from bot.courier import Courier
from bot.settings import Settings
from bot.web.app import create_app
from handlers.desk import Desk
from handlers.policy import Policy
from handlers.staff import queue, reply
from storage import Storage
from tests.bot.web import PIANO, REGISTER, Visitor
from tests.desks import Clock, hire


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The application on a port of this machine."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve())
        async with asyncio.timeout(10):
            while not server.started:  # noqa: ASYNC110 - uvicorn tells by a flag
                await asyncio.sleep(0)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        server.should_exit = True


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    """Where the application is."""
    async with served(app) as url:
        yield url


@pytest.fixture
async def ben(address: str) -> AsyncIterator[Visitor]:
    """A visitor on a real connection."""
    async with httpx.AsyncClient(base_url=address, timeout=10) as http:
        yield await Visitor(http).arrive()


@asynccontextmanager
async def listening(visitor: Visitor, url: str = "", **headers: str) -> AsyncIterator[Callable[[], Any]]:
    """The stream of a visitor; call it for the next turn."""
    async with visitor.http.stream("GET", f"{url}/chat/stream", headers={**visitor.headers, **headers}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = response.aiter_lines()

        async def following() -> dict[str, Any]:
            async with asyncio.timeout(10):
                async for line in lines:
                    if line.startswith("data: {") and '"kind": "privacy"' not in line:
                        value: dict[str, Any] = json.loads(line.removeprefix("data: "))
                        return value
            raise EOFError

        yield following


async def test_a_workers_answer_arrives_without_asking(ben: Visitor, desk: Desk) -> None:
    chen = await hire(desk)
    async with listening(ben) as following:
        await ben.say(PIANO)
        assert [(await following())["author"] for _n in range(2)] == ["resident", "bot"]
        (row,) = await queue.waiting(desk, chen.id)
        await reply.reply(desk, chen.id, row.ticket.id, "Mr Li tunes pianos.")
        heard = await following()
    assert (heard["author"], heard["name"], heard["ticket"]) == ("worker", "Chen Yuyu", 1)
    assert heard["text"].endswith("Mr Li tunes pianos.")


async def test_a_stream_goes_on_after_the_last_event_it_heard(ben: Visitor) -> None:
    await ben.say(REGISTER)
    first, second = await ben.heard()
    async with listening(ben, **{"Last-Event-ID": str(first["id"])}) as following:
        assert (await following())["id"] == second["id"]


async def test_what_one_replica_takes_the_other_tells(
    ben: Visitor, desk: Desk, sqlite_url: str, settings: Settings, policy: Policy, clock: Clock
) -> None:
    other = Storage(sqlite_url)
    await other.open()
    second = Desk(desk.faq, other, policy, clock)
    try:
        async with served(create_app(second, Courier(second, {}), settings)) as url, listening(ben, url) as following:
            await ben.say(REGISTER)
            assert (await following())["text"] == REGISTER
    finally:
        await other.close()


async def test_an_answer_is_not_seen_until_the_page_has_it(ben: Visitor, desk: Desk) -> None:
    chen = await hire(desk)
    await ben.say(PIANO)
    (row,) = await queue.waiting(desk, chen.id)
    said = await reply.reply(desk, chen.id, row.ticket.id, "Mr Li tunes pianos.")
    assert (await queue.look(desk, chen.id, row.ticket.id)).conversation.seen_utterance_id < said.id
    await ben.heard()
    assert (await queue.look(desk, chen.id, row.ticket.id)).conversation.seen_utterance_id >= said.id


async def test_nobody_hears_another_visitors_stream(ben: Visitor, address: str) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=10) as http:
        eve = await Visitor(http).arrive()
        async with listening(eve) as following:
            await ben.say(PIANO)
            await eve.say(REGISTER)
            assert (await following())["text"] == REGISTER
