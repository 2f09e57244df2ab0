"""Whole stories of killing: people talk, Linli dies again and again, and in the end it is counted."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import text

from storage import Storage
from tests.crash import verdict
from tests.crash.lives import Forge, Life
from tests.crash.talkers import Friend, Visitor
from tests.crash.verdict import Verdict
from tests.telegram.fake.people import Person
from tests.telegram.fake.server import running
from tests.telegram.fake.world import World

#: A life ends after so many messages at most, or after so many seconds (between the two) in which it took fewer.
MOST = 12
PATIENCE_S = (0.3, 3.0)


async def web(made: Forge, folder: Path, database_url: str, *, kills: int, seed: int = 1, visitors: int = 12) -> Verdict:
    """Visitors write while Linli is killed so many times, then until all of them have been answered."""
    chance = random.Random(seed)
    life = Life(made, folder, database_url)
    people = [Visitor(f"v{n}", random.Random(seed * 1000 + n), lambda: [life.url]) for n in range(visitors)]
    async with aiohttp.ClientSession() as http:
        life.begin()
        await life.ready()
        talking = [asyncio.create_task(visitor.talk(http, 100_000)) for visitor in people]
        await _die_and_live(life, kills, chance, lambda: sum(len(one.acknowledged) for one in people))
        for task in talking:
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)
        return await _judge(life, database_url, lambda storage: verdict.of_web(storage, http, people, life.kills))


async def telegram(
    made: Forge, folder: Path, database_url: str, *, kills: int, seed: int = 1, friends: int = 30, mode: str = "webhook", messages: int = 0
) -> Verdict:
    """The same over a fake Bot API, which keeps what was not confirmed."""
    chance = random.Random(seed)
    world = World()
    with running(world) as server:
        life = Life(
            made, folder, database_url, telegram_token=world.token, telegram_base_url=server.base_url, telegram_mode=mode, telegram_secret="s" * 32
        )  # fmt: skip
        people = [Friend(Person(world, f"F{n}"), random.Random(seed * 1000 + n)) for n in range(friends)]
        life.begin()
        await life.ready()
        enough = messages or max(3, round(kills * 1.2))
        talking = asyncio.gather(*(friend.talk(enough, 1.0) for friend in people))
        await _die_and_live(life, kills, chance, lambda: world.confirmed)
        await talking

        async def judge(storage: Storage) -> Verdict:
            return await verdict.of_telegram(storage, world, people, life.kills)

        return await _judge(life, database_url, judge, lambda: not world.updates)


async def replicas(
    made: Forge, folder: Path, database_url: str, *, messages: int, every_s: float, seed: int = 1, visitors: int = 24
) -> tuple[Verdict, float]:
    """Three processes on one PostgreSQL, one of them killed every so often; returns the seconds it took too."""
    chance = random.Random(seed)
    lives = [Life(made, folder / str(n), database_url) for n in range(3)]
    people = [Visitor(f"v{n}", random.Random(seed * 1000 + n), lambda: [life.url for life in lives]) for n in range(visitors)]
    async with aiohttp.ClientSession() as http:
        for life in lives:
            life.begin()
        for life in lives:
            await life.ready()
        begun = time.monotonic()
        talking = asyncio.gather(*(visitor.talk(http, messages // visitors) for visitor in people))
        killing = asyncio.create_task(_kill_now_and_then(lives, chance, every_s))
        await talking
        took = time.monotonic() - begun
        killing.cancel()
        await asyncio.gather(killing, return_exceptions=True)
        for life in lives:
            if life.pid is None:
                life.begin()
            await life.ready()
        kills = sum(life.kills for life in lives)
        storage = Storage(database_url)
        try:
            await quiet(storage)
            judged = await verdict.of_web(storage, http, people, kills)
        finally:
            await storage.close()
        for life in lives:
            life.kill()
        return judged, took


async def quiet(storage: Storage, also: Callable[[], Any] = lambda: True, seconds: float = 60.0) -> None:
    """Wait until nothing waits to be sent or answered any more."""
    waiting = text(
        "SELECT (SELECT count(*) FROM deliveries WHERE state IN ('due', 'leased')) + (SELECT count(*) FROM utterances WHERE held_until IS NOT NULL)"
    )
    async with asyncio.timeout(seconds):
        while True:
            async with storage.reading() as tx:
                left = (await tx.session.execute(waiting)).scalar_one()
            if not left and also():
                return
            await asyncio.sleep(0.05)


async def _die_and_live(life: Life, kills: int, chance: random.Random, done: Callable[[], int]) -> None:
    """Kill in the middle of things: after so many more were `done`, or when nothing moves for long."""
    for _ in range(kills):
        enough, patience = done() + chance.randint(0, MOST), chance.uniform(*PATIENCE_S)
        begun = time.monotonic()
        while done() < enough and time.monotonic() - begun < patience:  # noqa: ASYNC110 - counts are looked at, they do not ring
            await asyncio.sleep(0.005)
        await asyncio.sleep(chance.uniform(0, 0.03))
        life.kill()
        life.begin()
        await life.ready()


async def _kill_now_and_then(lives: Sequence[Life], chance: random.Random, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        life = chance.choice(list(lives))
        life.kill()
        await asyncio.sleep(every_s / 4)
        life.begin()
        await life.ready()


async def _judge(
    life: Life, database_url: str, judge: Callable[[Storage], Any], also: Callable[[], Any] = lambda: True
) -> Verdict:  # fmt: skip
    storage = Storage(database_url)
    try:
        await quiet(storage, also)
        judged: Verdict = await judge(storage)
    finally:
        await storage.close()
        kills = life.kills
        life.kill()
    judged.kills = kills
    return judged
