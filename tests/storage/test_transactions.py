"""A transaction is kept whole or not at all, whatever happens in between."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from storage import Conflict, Storage, Transaction, conversations, people
from tests.storage import rows


async def residents_named(storage: Storage, channel: str, *senders: str) -> list[str | None]:
    async with storage.reading() as tx:
        return [name for name in [await _name(tx, channel, sender) for sender in senders] if name]


async def _name(tx: Transaction, channel: str, sender: str) -> str | None:
    found = await conversations.of_sender(tx, channel, "chat", sender)
    resident = None if found is None else await people.get(tx, found.resident_id)
    return None if resident is None else resident.name


async def test_what_was_committed_is_read_back(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        await rows.conversation(tx, now, "anna")

    assert await residents_named(storage, "web", "anna") == ["Anna"]


async def test_an_exception_keeps_nothing(storage: Storage, now: datetime) -> None:
    async def fail() -> None:
        async with storage.transaction() as tx:
            await rows.conversation(tx, now, "anna")
            raise KeyError

    with pytest.raises(KeyError):
        await fail()

    assert await residents_named(storage, "web", "anna") == []


async def test_a_number_that_was_rolled_back_is_given_again(storage: Storage, now: datetime) -> None:
    async def fail() -> None:
        async with storage.transaction() as tx:
            await rows.ticket(tx, await rows.conversation(tx, now), now)
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    async with storage.transaction() as tx:
        first = await rows.ticket(tx, await rows.conversation(tx, now), now)
        second = await rows.ticket(tx, await rows.conversation(tx, now), now, topic="housing")

    assert (first.number, second.number) == (1, 2)


async def test_rows_stay_readable_after_the_commit(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        spoken_in = await rows.conversation(tx, now)
        opened = await rows.ticket(tx, spoken_in, now)

    assert (opened.assignee_id, opened.opened_at, spoken_in.last_entry_id) == (None, now, None)


async def test_the_same_message_twice_in_one_conversation_is_a_conflict(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        spoken_in = await rows.conversation(tx, now)
        await rows.said(tx, spoken_in, "hello", now, "m1")

    with pytest.raises(Conflict):
        async with storage.transaction() as tx:
            await rows.said(tx, spoken_in, "hello", now, "m1")


async def test_a_reading_cannot_write(sqlite_storage: Storage, now: datetime) -> None:
    with pytest.raises(Exception, match="readonly"):
        async with sqlite_storage.reading() as tx:
            await rows.conversation(tx, now)


async def test_a_reading_does_not_wait_for_a_writer(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        await rows.conversation(tx, now, "anna")
        assert await residents_named(storage, "web", "anna") == []


async def test_writers_cancelled_at_any_moment_leave_no_lock_behind(storage: Storage, now: datetime) -> None:
    async def write(number: int) -> None:
        async with storage.transaction() as tx:
            await rows.conversation(tx, now, f"s{number}")

    tasks = [asyncio.create_task(write(number)) for number in range(60)]
    for number, task in enumerate(tasks):
        if number % 3:
            for _ in range(number):
                await asyncio.sleep(0)
            task.cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)

    assert all(result is None or isinstance(result, asyncio.CancelledError) for result in done)
    await asyncio.wait_for(write(1000), 5)
    kept = await residents_named(storage, "web", *(f"s{number}" for number in range(60)))
    assert len(kept) >= sum(result is None for result in done)


async def test_text_that_no_database_takes_is_mended(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        spoken_in = await rows.conversation(tx, now)
        kept = await rows.said(tx, spoken_in, "a\x00b \ud800 你好 😀", now, "m\x00")
        spoken_in.offered = ["x\x00", "\udfff"]
    async with storage.reading() as tx:
        found = await conversations.by_message(tx, "web", "chat", "m\x00")
        again = await conversations.get(tx, spoken_in.id)

    assert found is not None
    assert (found.id, found.text) == (kept.id, "a\ufffdb \ufffd 你好 😀")
    assert again is not None
    assert again.offered == ["x\ufffd", "\ufffd"]


async def test_times_come_back_in_utc(storage: Storage) -> None:
    beijing = datetime(2026, 3, 2, 17, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    async with storage.transaction() as tx:
        made = await rows.conversation(tx, beijing)
    async with storage.reading() as tx:
        found = await conversations.get(tx, made.id)

    assert found is not None
    assert found.created_at == beijing
    assert found.created_at.tzinfo is UTC


async def test_a_time_without_zone_is_refused(sqlite_storage: Storage) -> None:
    with pytest.raises(Exception, match="without a zone"):
        async with sqlite_storage.transaction() as tx:
            await rows.conversation(tx, datetime(2026, 3, 2))  # noqa: DTZ001
