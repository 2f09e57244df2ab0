"""The outbox in the hands of whoever sends: what is under way stays theirs, what the clock did is mended, who waits is woken."""

import asyncio
from datetime import datetime, timedelta

from storage import Delivery, DeliveryState, Storage, Transaction, duties, outbox
from tests.storage import rows

LEASE = timedelta(seconds=30)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


async def leased(storage: Storage, now: datetime, **how: object) -> list[int]:
    async with storage.transaction() as tx:
        return [delivery.id for delivery in await outbox.lease_due(tx, now, LEASE, **how)]  # type: ignore[arg-type]


async def kept(storage: Storage, delivery: Delivery) -> Delivery:
    async with storage.reading() as tx:
        found = await outbox.get(tx, delivery.id)
    assert found is not None
    return found


async def spoken(tx: Transaction, now: datetime, chat: str = "chat") -> Delivery:
    """A reply in a conversation."""
    said = await rows.said(tx, await rows.conversation(tx, now), "there", now)
    return await outbox.add(tx, channel="web", chat_id=chat, reply={}, due_at=now, utterance_id=said.id)


async def test_each_channel_is_leased_for_itself(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        web = await rows.delivery(tx, now)
        other = await outbox.add(tx, channel="telegram", chat_id="chat", reply={}, due_at=now)
        assert await outbox.next_due_at(tx, channel="wechat") is None

    assert await leased(storage, now, channel="wechat") == []
    assert await leased(storage, now, channel="telegram") == [other.id]
    assert await leased(storage, now) == [web.id]


async def test_what_is_in_hand_is_not_leased_again_though_the_clock_jumped_ahead(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        one, behind = await rows.delivery(tx, now), await rows.delivery(tx, now)
    assert await leased(storage, now) == [one.id]

    assert await leased(storage, now + HOUR, apart={one.id}) == []
    async with storage.transaction() as tx:
        await outbox.confirm(tx, {one.id: None}, now)
    assert await leased(storage, now + HOUR) == [behind.id]


async def test_a_lease_lasts_as_long_as_its_holder_says_so(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        one = await rows.delivery(tx, now)
        done = await rows.delivery(tx, now, "elsewhere")
    await leased(storage, now)
    async with storage.transaction() as tx:
        await outbox.confirm(tx, {done.id: None}, now)
        await outbox.extend(tx, {one.id, done.id}, now + MINUTE + LEASE)

    assert await leased(storage, now + MINUTE) == []
    assert await leased(storage, now + MINUTE + LEASE) == [one.id]
    assert (await kept(storage, done)).state is DeliveryState.sent


async def test_the_platforms_pace_is_no_failed_attempt_and_lets_nobody_pass(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        first, _behind = await rows.delivery(tx, now), await rows.delivery(tx, now)
    for _ in range(5):
        await leased(storage, now)
        async with storage.transaction() as tx:
            await outbox.postpone(tx, first.id, now, "429", counted=False)
    assert (await kept(storage, first)).attempts == 1
    await leased(storage, now)
    async with storage.transaction() as tx:
        await outbox.postpone(tx, first.id, now + MINUTE, "429", counted=False)

    assert await leased(storage, now) == []
    assert await leased(storage, now + MINUTE) == [first.id]


async def test_what_a_chat_still_waits_for_is_known(storage: Storage, now: datetime) -> None:
    async def waiting(at: datetime = now) -> set[DeliveryState]:
        async with storage.reading() as tx:
            return await outbox.waiting(tx, "web", "chat", at)

    assert await waiting() == set()
    async with storage.transaction() as tx:
        planned = await rows.delivery(tx, now + HOUR)
    assert await waiting() == set()
    assert await waiting(now + HOUR) == {DeliveryState.due}
    async with storage.transaction() as tx:
        await outbox.confirm(tx, {planned.id: None}, now)
        held = await rows.delivery(tx, now)
        await rows.delivery(tx, now, leased_until=now + LEASE)
        await outbox.hold(tx, held.id, "window closed")
    assert await waiting() == {DeliveryState.held, DeliveryState.leased}


async def test_a_clock_put_back_holds_nothing_back_for_long(storage: Storage, now: datetime) -> None:
    ahead = now + 3 * HOUR
    async with storage.transaction() as tx:
        reply = await spoken(tx, ahead)
        tried = await rows.delivery(tx, now, "b")
        await outbox.lease_due(tx, now, LEASE)
        await outbox.postpone(tx, tried.id, ahead, "500")
        taken = await rows.delivery(tx, now, "c", leased_until=ahead)
        planned = await rows.delivery(tx, ahead, "d")
        assert await outbox.mend(tx, now, HOUR) == 3

    assert await leased(storage, now) == sorted([reply.id, tried.id, taken.id])
    async with storage.transaction() as tx:
        assert await outbox.mend(tx, now, HOUR) == 0
    assert await leased(storage, ahead - MINUTE, apart={reply.id, tried.id, taken.id}) == []
    assert planned.due_at == ahead


async def test_a_clock_put_back_does_not_keep_a_duty_with_the_dead(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        assert await duties.take(tx, "clock", "dead", now + HOUR, LEASE)
        assert not await duties.take(tx, "clock", "heir", now + HOUR, LEASE)
        assert await duties.take(tx, "clock", "heir", now, LEASE)


async def test_a_bell_rings_for_what_is_queued_and_for_nothing_else(storage: Storage, now: datetime) -> None:
    bell = asyncio.Event()
    storage.ring(bell)
    async with storage.transaction() as tx:
        await rows.delivery(tx, now, leased_until=now + LEASE)
        await rows.conversation(tx, now)
    assert not bell.is_set()
    async with storage.transaction() as tx:
        await rows.delivery(tx, now)
    assert bell.is_set()

    bell.clear()
    storage.ring_no_more(bell)
    async with storage.transaction() as tx:
        await rows.delivery(tx, now)
    assert not bell.is_set()


async def test_a_bell_rings_for_what_another_process_has_queued(postgresql_url: str, now: datetime) -> None:
    here, there = Storage(postgresql_url), Storage(postgresql_url)
    bell = asyncio.Event()
    here.ring(bell)
    async with asyncio.timeout(10):
        while not bell.is_set():  # until the listener has connected
            async with there.transaction() as tx:
                await rows.delivery(tx, now)
            await asyncio.sleep(0.01)
    await here.close()
    await there.close()
