"""What replicas share: duties, marks and pace."""

import asyncio
from datetime import datetime, timedelta

from storage import Storage, duties, marks, pace
from storage.pace import Limit

LEASE = timedelta(seconds=20)
SECOND = timedelta(seconds=1)


async def test_one_of_many_has_a_duty_and_the_next_takes_over(storage: Storage, now: datetime) -> None:
    async def take(holder: str, at: datetime) -> bool:
        async with storage.transaction() as tx:
            return await duties.take(tx, "clock", holder, at, LEASE)

    won = await asyncio.gather(*(take(f"p{number}", now) for number in range(4)))
    holder = f"p{won.index(True)}"

    assert sorted(won) == [False, False, False, True]
    assert await take(holder, now + 19 * SECOND)
    assert not await take("late", now + 38 * SECOND)
    assert await take("late", now + 39 * SECOND)
    assert not await take(holder, now + 39 * SECOND)
    async with storage.transaction() as tx:
        await duties.give_up(tx, "clock", holder)
        await duties.give_up(tx, "clock", "late")
    assert await take(holder, now + 40 * SECOND)


async def test_a_mark_moves(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        assert await marks.get(tx, "offset") is None
        await marks.put(tx, "offset", "5", now)
        await marks.put(tx, "offset", "6", now)
        assert await marks.get(tx, "offset") == "6"


async def test_a_burst_is_free_and_then_the_pace_holds(storage: Storage, now: datetime) -> None:
    limits = {"bot": Limit(3, 3 * SECOND), "chat": Limit(100, SECOND)}

    async def allowed(at: datetime) -> bool:
        async with storage.transaction() as tx:
            return await pace.take(tx, limits, at) is None

    burst = await asyncio.gather(*(allowed(now) for _ in range(6)))

    assert sum(burst) == 3
    assert not await allowed(now + 0.9 * SECOND)
    assert await allowed(now + SECOND)
    assert not await allowed(now + SECOND)
    assert [await allowed(now + 60 * SECOND) for _ in range(4)] == [True, True, True, False]


async def test_refused_uses_nothing_and_says_when(storage: Storage, now: datetime) -> None:
    wide, narrow = Limit(2, 2 * SECOND), Limit(1, 10 * SECOND)
    async with storage.transaction() as tx:
        assert await pace.take(tx, {"wide": wide, "narrow": narrow}, now) is None
        for _ in range(5):
            assert await pace.take(tx, {"wide": wide, "narrow": narrow}, now) == now + 10 * SECOND
        assert await pace.take(tx, {"wide": wide}, now) is None


async def test_a_platform_that_asks_for_a_pause_gets_it(storage: Storage, now: datetime) -> None:
    limit = Limit(30, SECOND)
    async with storage.transaction() as tx:
        await pace.take(tx, {"bot": limit}, now)
        await pace.pause(tx, "bot", limit, now + 40 * SECOND)
        await pace.pause(tx, "bot", limit, now + 5 * SECOND)
        assert await pace.take(tx, {"bot": limit}, now + 39 * SECOND) == now + 40 * SECOND
        assert await pace.take(tx, {"bot": limit}, now + 40 * SECOND) is None
        await pace.prune(tx, now + 39 * SECOND)
        assert await pace.take(tx, {"bot": limit}, now + 40 * SECOND) is not None
