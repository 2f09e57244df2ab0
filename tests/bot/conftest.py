"""The whole application in this process, on a SQLite file."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from bot.channels.webchat import NAME, WebChat
from bot.courier import Courier
from bot.settings import Settings
from bot.web.app import create_app
from faq.knowledge import Knowledge
from handlers.desk import Desk
from handlers.policy import Policy
from storage import Storage, communities
from tests.bot.web import Desktop, Visitor, knowledge_in
from tests.desks import POLICY, Clock, hire

ADDRESS = "http://linli.test"


@pytest.fixture(scope="session")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """The small catalogue with the rules of danger."""
    return knowledge_in(tmp_path_factory.mktemp("faq") / "faq")


@pytest.fixture
def clock(now: datetime) -> Clock:
    """Time that stands still until a test moves it."""
    return Clock(now)


@pytest.fixture
def policy() -> Policy:
    """The tests' policy; an opening line waits a moment only."""
    return Policy(answer_at=POLICY.answer_at, suggest_at=POLICY.suggest_at, fragment_hold=timedelta(milliseconds=40))


@pytest.fixture
async def desk(knowledge: Knowledge, sqlite_storage: Storage, clock: Clock, policy: Policy) -> Desk:
    """A desk over the small catalogue."""
    made = Desk(knowledge, sqlite_storage, policy, clock)
    async with sqlite_storage.transaction() as tx:
        names = {one.id: one.values["community.name"] for one in knowledge.catalogue.communities.values()}
        await communities.ensure(tx, names, clock())
    return made


@pytest.fixture
def settings() -> Settings:
    """As an operator leaves them."""
    return Settings(_env_file=None, public_url=ADDRESS)


@pytest.fixture
def courier(desk: Desk) -> Courier:
    """Not running: what is confirmed waits in it."""
    return Courier(desk, {NAME: WebChat()})


@pytest.fixture
def app(desk: Desk, courier: Courier, settings: Settings) -> FastAPI:
    """The application."""
    return create_app(desk, courier, settings)


@pytest.fixture
async def browsers(app: FastAPI) -> AsyncIterator[Callable[[], httpx.AsyncClient]]:
    """As many browsers as one likes, each with cookies of its own."""
    opened: list[httpx.AsyncClient] = []

    def browser() -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        opened.append(httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers={"Accept-Language": "en"}))
        return opened[-1]

    yield browser
    for one in opened:
        await one.aclose()


@pytest.fixture
def http(browsers: Callable[[], httpx.AsyncClient]) -> httpx.AsyncClient:
    """One browser."""
    return browsers()


@pytest.fixture
async def ana(browsers: Callable[[], httpx.AsyncClient]) -> Visitor:
    """A visitor of the web chat."""
    return await Visitor(browsers()).arrive()


@pytest.fixture
def worker_browser(browsers: Callable[[], httpx.AsyncClient]) -> Callable[[], Desktop]:
    """A worker's browser, nobody signed in."""
    return lambda: Desktop(browsers())


@pytest.fixture
async def chen(desk: Desk, worker_browser: Callable[[], Desktop]) -> Desktop:
    """Chen Yuyu at her desk."""
    await hire(desk)
    return await worker_browser().sign_in(desk, "Chen Yuyu")


@pytest.fixture
async def wang(desk: Desk, worker_browser: Callable[[], Desktop]) -> Desktop:
    """Wang Lei at his desk."""
    await hire(desk, "Wang Lei")
    return await worker_browser().sign_in(desk, "Wang Lei")
