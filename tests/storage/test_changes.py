"""Whoever watches is woken, misses nothing, and is not woken for nothing."""

import asyncio
import time
from datetime import datetime

from storage import Storage, Subject, changes
from tests.storage import rows


async def noted(storage: Storage, subject_id: str, now: datetime) -> None:
    async with storage.transaction() as tx:
        await changes.note(tx, Subject.conversation, subject_id, now)


async def newest(storage: Storage) -> int:
    async with storage.reading() as tx:
        return await changes.latest(tx)


async def test_a_change_wakes_those_who_wait_in_this_process_at_once(storage: Storage, now: datetime) -> None:
    waiting = [asyncio.create_task(storage.changed(0, 30)) for _ in range(5)]
    await asyncio.sleep(0)
    await noted(storage, "1", now)
    begun = time.monotonic()
    await asyncio.wait_for(asyncio.gather(*waiting), 5)

    assert time.monotonic() - begun < 0.5


async def test_a_change_of_another_process_wakes_too(storage: Storage, database_url: str, now: datetime) -> None:
    other = Storage(database_url)
    waiting = asyncio.create_task(storage.changed(0, 30))
    await asyncio.sleep(0)
    await noted(other, "1", now)
    await asyncio.wait_for(waiting, 5)
    await other.close()

    assert await newest(storage) == 1


async def test_who_is_behind_does_not_wait(storage: Storage, now: datetime) -> None:
    await noted(storage, "1", now)
    await asyncio.wait_for(storage.changed(0, 30), 1)


async def test_without_change_the_wait_ends_in_time(storage: Storage, now: datetime) -> None:
    await noted(storage, "1", now)
    await asyncio.wait_for(storage.changed(1, 0.01), 1)


async def test_what_is_rolled_back_is_not_told(storage: Storage, now: datetime) -> None:
    async def fail() -> None:
        async with storage.transaction() as tx:
            await changes.note(tx, Subject.faq, "", now)
            raise KeyError

    await asyncio.gather(fail(), return_exceptions=True)

    assert await newest(storage) == 0


async def test_one_thing_changed_often_in_a_transaction_is_told_once(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        spoken_in = await rows.conversation(tx, now)
        for number in range(5):
            await rows.said(tx, spoken_in, str(number), now)
    async with storage.reading() as tx:
        told = await changes.since(tx, 0)

    assert [(change.subject, change.subject_id) for change in told] == [(Subject.conversation, str(spoken_in.id))]


async def test_a_reader_that_follows_the_numbers_misses_nothing(storage: Storage, now: datetime) -> None:
    seen: list[str] = []
    writers_done = asyncio.Event()

    async def write(number: int) -> None:
        async with storage.transaction() as tx:
            await changes.note(tx, Subject.conversation, number, now)
            await rows.conversation(tx, now, f"s{number}")

    async def follow() -> None:
        cursor = 0
        while True:
            last_look = writers_done.is_set()
            async with storage.reading() as tx:
                fresh = await changes.since(tx, cursor)
            seen.extend(change.subject_id for change in fresh)
            cursor = fresh[-1].id if fresh else cursor
            if last_look:
                return

    follower = asyncio.create_task(follow())
    await asyncio.gather(*(write(number) for number in range(80)))
    writers_done.set()
    await follower

    assert sorted(map(int, seen)) == list(range(80))


async def test_pruned_changes_leave_the_newest_as_cursor(storage: Storage, now: datetime) -> None:
    for number in range(4):
        await noted(storage, str(number), now)
    async with storage.transaction() as tx:
        assert await changes.prune(tx, now) == 0
        assert await changes.prune(tx, now.replace(year=2027)) == 3
        assert await changes.latest(tx) == 4
