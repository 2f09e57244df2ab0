"""A whole Linli on the fake server, polling and called by webhook."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from bot.channels.telegram.application import Telegram
from bot.courier import Courier
from bot.settings import Settings
from faq.knowledge import Knowledge
from handlers.desk import Desk, utc_now
from handlers.policy import Policy
from storage import Storage, communities
from tests.desks import POLICY, small_knowledge
from tests.telegram.fake.people import Person
from tests.telegram.fake.server import Server, running
from tests.telegram.fake.world import Chat, World


@pytest.fixture
def world() -> World:
    """Nobody but the bot."""
    return World()


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    """The world's Bot API."""
    with running(world) as started:
        yield started


@pytest.fixture(params=["polling", "webhook"])
def mode(request: pytest.FixtureRequest) -> str:
    """How updates come."""
    return str(request.param)


@dataclass
class Linli:
    """One running process of Linli, as far as Telegram sees it."""

    world: World
    desk: Desk
    telegram: Telegram
    courier: Courier

    async def until(self, true: Callable[[], Any], seconds: float = 10.0) -> Any:
        """The first true value of `true()`."""
        return await asyncio.to_thread(self.world.wait_for, true, seconds)

    async def quiet(self) -> None:
        """Return when Linli has taken everything that was sent to it and has answered."""
        newest = max((update.get("update_id", 0) for update in self.world.updates), default=0)
        await self.until(lambda: self.world.confirmed >= newest)
        assert self.telegram.intake is not None
        await self.telegram.intake.idle()


@asynccontextmanager
async def linli(
    server: Server, storage: Storage, mode: str = "polling", policy: Policy = POLICY, faq: Knowledge | None = None, **more: Any
) -> AsyncIterator[Linli]:
    """Linli with the small catalogue, listening to the fake server."""
    desk = Desk(faq or small_knowledge(), storage, Policy() if faq else policy, utc_now)
    async with storage.transaction() as tx:
        await communities.ensure(tx, {one.id: one.values["community.name"] for one in desk.faq.catalogue.communities.values()}, desk.now())
    app = FastAPI()
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(serving(app)) if mode == "webhook" else ""
        values: dict[str, Any] = {"telegram_token": SecretStr(server.world.token), "telegram_base_url": server.base_url, "_env_file": None}
        settings = Settings(telegram_mode=mode, public_url=web, **(values | more))
        telegram = Telegram(desk, settings, long_poll_s=5)
        app.include_router(telegram.router())
        courier = Courier(desk, {telegram.name: telegram})
        tasks = [asyncio.create_task(courier.run()), asyncio.create_task(telegram.run(courier))]
        try:
            await asyncio.wait_for(telegram.listening.wait(), 10)
            yield Linli(server.world, desk, telegram, courier)
        finally:
            for task in reversed(tasks):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """An application on a free port of loopback; yields its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    task = asyncio.create_task(server.main_loop())
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task
        await server.shutdown()


@pytest.fixture
async def bot(server: Server, sqlite_storage: Storage, mode: str) -> AsyncIterator[Linli]:
    """Linli in either mode."""
    async with linli(server, sqlite_storage, mode) as started:
        yield started


@pytest.fixture
def anna(world: World) -> Person:
    """A resident who has opened the bot."""
    return Person(world, "Anna")


@pytest.fixture
def group(world: World) -> Chat:
    """A residents' group."""
    return world.group("Neighbours of West Lake")
