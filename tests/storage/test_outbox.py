"""Everything due is sent once, in order, and what fails is not lost."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

from storage import DeliveryState, Storage, conversations, outbox
from tests.storage import rows

LEASE = timedelta(seconds=30)
MINUTE = timedelta(minutes=1)


async def leased(storage: Storage, now: datetime, limit: int = 50) -> list[int]:
    async with storage.transaction() as tx:
        return [delivery.id for delivery in await outbox.lease_due(tx, now, LEASE, limit)]


async def test_eight_senders_in_two_processes_take_six_hundred_deliveries_and_none_twice(
    storage: Storage, database_url: str, now: datetime
) -> None:
    other = Storage(database_url)  # with its own connections and locks, as another process has
    async with storage.transaction() as tx:
        for number in range(600):
            await rows.delivery(tx, now, chat=f"c{number}")
    taken: Counter[int] = Counter()

    async def send(through: Storage) -> None:
        while ids := await leased(through, now, 7):
            taken.update(ids)

    async with asyncio.TaskGroup() as senders:
        for number in range(8):
            senders.create_task(send((storage, other)[number % 2]))
    await other.close()

    assert len(taken) == 600
    assert set(taken.values()) == {1}


async def test_order_in_a_chat_holds_with_many_senders(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        for number in range(90):
            await rows.delivery(tx, now, chat=f"c{number % 3}", text=str(number))
    sent: list[int] = []

    async def send() -> None:
        idle = 0
        while idle < 20 and len(sent) < 90:
            async with storage.transaction() as tx:
                mine = await outbox.lease_due(tx, now, LEASE, 2)
            sent.extend(int(delivery.reply["text"]) for delivery in mine)
            idle = 0 if mine else idle + 1
            async with storage.transaction() as tx:
                await outbox.confirm(tx, {delivery.id: None for delivery in mine}, now)

    async with asyncio.TaskGroup() as senders:
        for _ in range(4):
            senders.create_task(send())

    assert sorted(sent) == list(range(90))
    for chat in range(3):
        of_chat = [number for number in sent if number % 3 == chat]
        assert of_chat == sorted(of_chat)


async def test_one_lease_takes_one_of_each_chat(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        first, _, other = [await rows.delivery(tx, now, chat) for chat in ("a", "a", "b")]

    assert await leased(storage, now) == [first.id, other.id]
    assert await leased(storage, now) == []


async def test_a_lease_that_ends_unconfirmed_comes_again(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        one = await rows.delivery(tx, now)

    assert await leased(storage, now) == [one.id]
    assert await leased(storage, now + LEASE - MINUTE / 60) == []
    assert await leased(storage, now + LEASE) == [one.id]
    async with storage.reading() as tx:
        kept = await outbox.get(tx, one.id)
    assert kept is not None
    assert kept.attempts == 2


async def test_what_the_caller_sends_is_left_to_the_caller_for_the_lease(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        mine = await rows.delivery(tx, now, leased_until=now + LEASE)
        behind = await rows.delivery(tx, now)

    assert await leased(storage, now) == []
    async with storage.transaction() as tx:
        await outbox.confirm(tx, {mine.id: "p1"}, now)
    assert await leased(storage, now) == [behind.id]


async def test_a_confirmed_delivery_stays_sent_whatever_comes_late(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        one = await rows.delivery(tx, now)
        await outbox.confirm(tx, {one.id: "p1"}, now)
        await outbox.confirm(tx, {one.id: "p2"}, now + MINUTE)
        await outbox.postpone(tx, one.id, now, "late")
        await outbox.kill(tx, one.id, "late")
    async with storage.reading() as tx:
        kept = await outbox.get(tx, one.id)

    assert kept is not None
    assert (kept.state, kept.platform_message_id, kept.sent_at) == (DeliveryState.sent, "p1", now)
    assert await leased(storage, now + 60 * MINUTE) == []


async def test_a_postponed_delivery_holds_back_its_chat_only(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        first = await rows.delivery(tx, now, "a")
        behind = await rows.delivery(tx, now, "a")
        other = await rows.delivery(tx, now, "b")
    assert await leased(storage, now) == [first.id, other.id]
    async with storage.transaction() as tx:
        await outbox.postpone(tx, first.id, now + MINUTE, "429")
        await outbox.confirm(tx, {other.id: None}, now)
        assert await outbox.next_due_at(tx) == now + MINUTE

    assert await leased(storage, now) == []
    assert await leased(storage, now + MINUTE) == [first.id]
    async with storage.transaction() as tx:
        await outbox.confirm(tx, {first.id: None}, now)
    assert await leased(storage, now + MINUTE) == [behind.id]


async def test_what_is_planned_for_later_does_not_hold_back_the_chat(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        planned = await rows.delivery(tx, now + 60 * MINUTE)
        reply = await rows.delivery(tx, now)

    assert await leased(storage, now) == [reply.id]
    async with storage.transaction() as tx:
        await outbox.confirm(tx, {reply.id: None}, now)
        assert await outbox.next_due_at(tx) == now + 60 * MINUTE
    assert await leased(storage, now + 60 * MINUTE) == [planned.id]


async def test_held_until_the_person_writes_again(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        first, behind = await rows.delivery(tx, now), await rows.delivery(tx, now)
        await outbox.hold(tx, first.id, "window closed")
    assert await leased(storage, now) == []
    async with storage.transaction() as tx:
        assert await outbox.next_due_at(tx) is None
        assert await outbox.release_held(tx, "web", "elsewhere", now) == 0
        assert await outbox.release_held(tx, "web", "chat", now) == 1

    assert await leased(storage, now) == [first.id]
    assert behind.state == DeliveryState.due


async def test_the_dead_are_seen_and_revived_and_hold_nothing_back(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        gone, unsure, fine = [await rows.delivery(tx, now) for _ in range(3)]
        await outbox.kill(tx, gone.id, "blocked")
        await outbox.doubt(tx, unsure.id, "timeout")
        assert [(row.id, row.state) for row in await outbox.dead(tx)] == [
            (unsure.id, DeliveryState.maybe_sent),
            (gone.id, DeliveryState.dead),
        ]
    assert await leased(storage, now) == [fine.id]
    async with storage.transaction() as tx:
        await outbox.confirm(tx, {fine.id: None}, now)
        assert await outbox.revive(tx, gone.id, now)
        assert not await outbox.revive(tx, fine.id, now)

    assert await leased(storage, now) == [gone.id]


async def test_replies_are_found_by_what_caused_them_and_by_the_platforms_id(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        spoken_in = await rows.conversation(tx, now)
        asked = await rows.said(tx, spoken_in, "where?", now, "m1")
        answer = await rows.said(tx, spoken_in, "there", now)
        made = [
            await outbox.add(
                tx,
                channel="web",
                chat_id="chat",
                reply={"n": n},
                due_at=now,
                conversation_id=spoken_in.id,
                utterance_id=answer.id,
                cause_id=asked.id,
            )
            for n in range(2)
        ]
        await outbox.confirm(tx, {made[0].id: "p1", made[1].id: None}, now)
    async with storage.reading() as tx:
        again = await outbox.of_cause(tx, asked.id)
        found = await conversations.by_platform_message(tx, "web", "chat", "p1")
        other = await conversations.by_platform_message(tx, "web", "elsewhere", "p1")

    assert [delivery.reply for delivery in again] == [{"n": 0}, {"n": 1}]
    assert found is not None
    assert (found.id, other) == (answer.id, None)
