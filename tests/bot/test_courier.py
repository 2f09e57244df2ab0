"""Replies on their way: in order within a chat, no chat or channel in another's way, nothing lost, nothing twice."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.courier import Courier
from bot.post import AT_ONCE
from handlers.desk import Desk, utc_now
from handlers.errors import DeliveryError, MaybeSent, RetryAfter, Unreachable, WindowClosed
from handlers.messages import Audience, Reply, ReplyKind
from handlers.resident.receive import receive
from handlers.wire import to_json
from storage import Storage, StorageUnavailable, outbox
from storage.outbox import Delivery, DeliveryState
from tests.desks import POLICY, Person, open_desk
from tests.platform import Platform

QUICK = replace(POLICY, retry_first=timedelta(milliseconds=5), retry_longest=timedelta(milliseconds=20), retry_limit=4)


@dataclass
class Post:
    """A desk, its channels and a courier that runs."""

    desk: Desk
    courier: Courier
    queued: list[int] = field(default_factory=list)

    async def queue(self, *texts: str, channel: str = "test", chat: str = "chat", leased: bool = False) -> list[Reply]:
        """Replies that wait for the courier, or are leased to whoever sends them."""
        now = self.desk.now()
        replies = []
        async with self.desk.storage.transaction() as tx:
            for text in texts:
                reply = Reply(channel, chat, Audience.private, ReplyKind.relay, text, "en")
                until = now + timedelta(seconds=30) if leased else None
                row = await outbox.add(tx, channel=channel, chat_id=chat, reply=to_json(reply), due_at=now, leased_until=until)
                replies.append(replace(reply, delivery_id=row.id))
        return replies

    async def row(self, reply: Reply) -> Delivery:
        """What the outbox knows of a reply."""
        async with self.desk.storage.reading() as tx:
            found = await outbox.get(tx, reply.delivery_id)
        assert found is not None
        return found

    async def until(self, reply: Reply, true: Callable[[Delivery], bool]) -> Delivery:
        """The row of a reply once something is true of it."""
        async with asyncio.timeout(10):
            while not true(row := await self.row(reply)):  # noqa: ASYNC110 - rows have no bell
                await asyncio.sleep(0.005)
        return row


@asynccontextmanager
async def posted(desk: Desk, *platforms: Platform) -> AsyncIterator[Post]:
    """A courier that runs."""
    courier = Courier(desk, {platform.name: platform for platform in platforms})
    running = asyncio.create_task(courier.run())
    try:
        yield Post(desk, courier)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest.fixture
async def desk(storage: Storage) -> Desk:
    """A desk whose clock goes."""
    return replace(await open_desk(storage, utc_now, QUICK), now=utc_now)  # type: ignore[arg-type]


async def test_what_is_queued_arrives_once_and_is_confirmed(desk: Desk) -> None:
    platform = Platform()
    async with posted(desk, platform) as post:
        (one,) = await post.queue("hello")
        row = await post.until(one, lambda row: row.state is DeliveryState.sent)
    assert (platform.texts, row.platform_message_id, row.error) == (["hello"], "p1", None)


async def test_a_slow_channel_holds_up_no_other(desk: Desk) -> None:
    slow, quick = Platform("slow"), Platform("quick")
    slow.gate.clear()
    async with posted(desk, slow, quick) as post:
        for number in range(3 * AT_ONCE):
            await post.queue("slow", channel="slow", chat=f"c{number}")
        await slow.until(lambda: slow.under_way == AT_ONCE)
        await post.queue("quick", channel="quick")
        await quick.until(lambda: quick.arrived)
        assert slow.arrived == []
        slow.gate.set()
        await slow.until(lambda: len(slow.arrived) == 3 * AT_ONCE)
    assert slow.most == AT_ONCE


async def test_a_slow_chat_holds_up_no_other_and_keeps_its_own_order(desk: Desk) -> None:
    platform = Platform()
    async with posted(desk, platform) as post:
        first = await post.queue(*(f"a{number}" for number in range(5)), chat="a")
        platform.refuse = lambda reply: DeliveryError("500") if reply.text == "a0" and len(platform.arrived) < 3 else None
        await post.queue("b0", "b1", "b2", chat="b")
        await post.until(first[-1], lambda row: row.state is DeliveryState.sent)
    assert [text for text in platform.texts if text.startswith("a")] == ["a0", "a1", "a2", "a3", "a4"]
    assert [text for text in platform.texts if text.startswith("b")] == ["b0", "b1", "b2"]
    assert platform.twice == []


async def test_a_platform_that_asks_to_wait_is_not_asked_before_and_it_is_no_failed_try(desk: Desk) -> None:
    tries: list[datetime] = []

    def refuse(_reply: Reply) -> DeliveryError | None:
        tries.append(desk.now())
        return RetryAfter(0.1) if len(tries) <= 2 * QUICK.retry_limit else None

    platform = Platform(refuse=refuse)
    async with posted(desk, platform) as post:
        (one,) = await post.queue("hello")
        row = await post.until(one, lambda row: row.state is DeliveryState.sent)
    assert row.attempts < QUICK.retry_limit
    pauses = [(after - before).total_seconds() for before, after in pairwise(tries)]
    assert min(pauses) >= 0.1


async def test_what_can_never_go_and_what_was_tried_too_often_is_given_up_apart(desk: Desk) -> None:
    errors = {"blocked": Unreachable("blocked"), "broken": DeliveryError("500"), "unsure": MaybeSent("timeout")}
    platform = Platform(refuse=lambda reply: errors[reply.text])
    async with posted(desk, platform) as post:
        rows = {text: (await post.queue(text, chat=text))[0] for text in errors}
        ends = {
            text: await post.until(row, lambda row: row.state not in {DeliveryState.due, DeliveryState.leased})
            for text, row in rows.items()
        }
    assert {text: (row.state, row.error, row.attempts) for text, row in ends.items()} == {
        "blocked": (DeliveryState.dead, "blocked", 1),
        "broken": (DeliveryState.dead, "500", 4),
        "unsure": (DeliveryState.maybe_sent, "maybe sent: timeout", 4),
    }


async def test_a_doubt_is_remembered_until_it_is_settled(desk: Desk) -> None:
    answers = iter([MaybeSent("timeout"), DeliveryError("500"), Unreachable("blocked")])
    platform = Platform(refuse=lambda _reply: next(answers))
    async with posted(desk, platform) as post:
        (one,) = await post.queue("hello")
        row = await post.until(one, lambda row: row.state not in {DeliveryState.due, DeliveryState.leased})
    assert (row.state, row.error) == (DeliveryState.maybe_sent, "maybe sent: blocked")


async def test_a_fault_of_a_channel_of_ours_is_tried_again_and_ends_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Platform):
        async def send(self, reply: Reply) -> str:
            if reply.text == "bad" and not self.arrived:
                self.arrived.append(reply)
                raise KeyError("a slip")
            return await super().send(reply)

    platform = Broken()
    async with posted(desk, platform) as post:
        await post.queue("bad", chat="a")
        await post.queue("good", chat="b")
        await platform.until(lambda: {"good", "bad"} <= set(platform.texts[1:]))
    assert "send_failed" in caplog.text


async def test_a_closed_window_keeps_replies_until_the_person_writes_again(desk: Desk) -> None:
    ana = Person(desk)
    platform = Platform(refuse=lambda _reply: WindowClosed("48 h"))
    async with posted(desk, platform) as post:
        held = await post.queue("first", "second", chat="chat-Ana")
        await post.until(held[0], lambda row: row.state is DeliveryState.held)
        platform.refuse = lambda _reply: None
        received = await receive(desk, ana.message("Where can I get my piano tuned?"))
        await post.courier.send(received.replies)
        await platform.until(lambda: len(platform.arrived) == 2 + len(received.replies))
    assert platform.texts == ["first", "second", *(reply.text for reply in received.replies)]


async def test_replies_go_behind_what_is_still_under_way_to_the_same_chat(desk: Desk) -> None:
    ana, platform = Person(desk), Platform()
    platform.gate.clear()
    async with posted(desk, platform) as post:
        first = await receive(desk, ana.message("Where can I get my piano tuned?"))
        sending = asyncio.create_task(post.courier.send(first.replies))
        await platform.until(lambda: platform.under_way == 1)
        second = await receive(desk, ana.message("How do I register my address?"))
        await post.courier.send(second.replies)
        assert platform.under_way == 1
        platform.gate.set()
        await sending
        await platform.until(lambda: len(platform.arrived) == len(first.replies) + len(second.replies))
    assert platform.texts == [reply.text for reply in (*first.replies, *second.replies)]


async def test_of_replies_that_are_sent_together_the_later_ones_wait_when_the_first_fails(desk: Desk) -> None:
    fails = iter([DeliveryError("500")])
    platform = Platform(refuse=lambda _reply: next(fails, None))
    async with posted(desk, platform) as post:
        await post.courier.send(await post.queue("one", "two", "three", leased=True))
        await platform.until(lambda: len(platform.arrived) == 3)
    assert platform.texts == ["one", "two", "three"]


async def test_when_the_store_says_no_what_was_sent_is_not_sent_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    refusals = iter([StorageUnavailable("full"), StorageUnavailable("full")])
    confirm = outbox.confirm

    async def refuse(*arguments: object) -> None:
        for refusal in refusals:
            raise refusal
        await confirm(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "confirm", refuse)
    monkeypatch.setattr("bot.ledger.PAUSE_S", 0.01)
    platform = Platform()
    async with posted(desk, platform) as post:
        one, two = await post.queue("one", "two")
        await post.until(two, lambda row: row.state is DeliveryState.sent)
    assert platform.texts == ["one", "two"]
    assert (await post.row(one)).attempts == 1


async def test_a_message_under_way_when_linli_stops_arrives_and_is_confirmed(desk: Desk) -> None:
    platform = Platform()
    platform.gate.clear()
    async with posted(desk, platform) as post:
        (one,) = await post.queue("hello")
        await platform.until(lambda: platform.under_way == 1)
        asyncio.get_running_loop().call_soon(platform.gate.set)
    assert (await post.row(one)).state is DeliveryState.sent
    assert platform.texts == ["hello"]


async def test_what_was_shown_in_an_answer_is_confirmed_and_not_sent(desk: Desk) -> None:
    platform = Platform()
    async with posted(desk, platform) as post:
        (one,) = await post.queue("hello", leased=True)
        post.courier.sent(one)
        await post.until(one, lambda row: row.state is DeliveryState.sent)
    assert platform.arrived == []


async def test_three_couriers_of_three_processes_send_nothing_twice_and_keep_every_chats_order(storage: Storage, database_url: str) -> None:
    platform, stores = Platform(), [storage, Storage(database_url), Storage(database_url)]
    desks = [replace(await open_desk(store, utc_now, QUICK), now=utc_now) for store in stores]  # type: ignore[arg-type]
    async with posted(desks[0], platform) as one, posted(desks[1], platform), posted(desks[2], platform):
        for number in range(8):
            await one.queue(*(f"{chat}-{number}" for chat in "a"), chat="a")
            await one.queue(*(f"{chat}-{number}" for chat in "b"), chat="b")
            await one.queue(f"c{number}-0", chat=f"c{number}")
        await platform.until(lambda: len(platform.arrived) == 24, 30)
    for store in stores[1:]:
        await store.close()
    assert platform.twice == []
    for chat in "ab":
        assert [text for text in platform.texts if text.startswith(chat)] == [f"{chat}-{number}" for number in range(8)]
