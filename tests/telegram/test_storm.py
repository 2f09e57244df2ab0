"""Limits are kept by us: three processes on one database, many chats and one busy group, and Telegram never has to refuse."""

import asyncio
from contextlib import AsyncExitStack

from bot.channels.telegram.pace import CHAT, EVERYWHERE, GROUP
from handlers.messages import Audience, Reply, ReplyKind
from handlers.pacing import Limit
from handlers.wire import to_json
from storage import Storage, outbox
from tests.telegram.conftest import linli
from tests.telegram.fake.people import Person
from tests.telegram.fake.server import Server
from tests.telegram.fake.world import Chat, World


def most(limit: Limit, seconds: float) -> int:
    """How many a limit allows in any window of that length."""
    each = limit.each.total_seconds()
    return 1 + int((seconds + limit.within.total_seconds() - each) / each)


def test_no_window_can_hold_more_than_telegram_allows() -> None:
    assert most(EVERYWHERE, 1.0) < 30
    assert most(GROUP, 60.0) < 20
    assert CHAT.each.total_seconds() > 1.0


async def test_three_processes_share_the_limits(server: Server, postgresql_url: str, world: World, group: Chat) -> None:
    people = [Person(world, f"P{number}") for number in range(12)]
    for person in people:
        person.user.started = True
        assert person.chat.id
    people[0].add_bot(group, admin=True)
    stores = [Storage(postgresql_url) for _ in range(3)]
    async with AsyncExitStack() as stack:
        for store in stores:
            await store.open()
            stack.push_async_callback(store.close)
        one, *_others = [
            await stack.enter_async_context(linli(server, store, "webhook", telegram_groups=str(group.id))) for store in stores
        ]
        async with stores[0].transaction() as tx:
            for number in range(36):
                chat = str(people[number % 12].id)
                reply = Reply("telegram", chat, Audience.private, ReplyKind.notice, f"word {number}", "en")
                await outbox.add(tx, channel="telegram", chat_id=chat, reply=to_json(reply), due_at=one.desk.now())
            for number in range(5):
                reply = Reply("telegram", str(group.id), Audience.group, ReplyKind.notice, f"line {number}", "en")
                await outbox.add(tx, channel="telegram", chat_id=str(group.id), reply=to_json(reply), due_at=one.desk.now())
        await one.until(lambda: sum(len(person.reads()) for person in people) == 36 and len(people[0].reads(group)) == 5, 30.0)
    assert world.limits.refused == 0
    assert all(sorted(person.reads()) == sorted(set(person.reads())) for person in people)


async def test_a_refusal_is_obeyed_and_nothing_is_lost(server: Server, sqlite_storage: Storage, world: World, anna: Person) -> None:
    async with linli(server, sqlite_storage) as started:
        world.faults += [("sendMessage", "2"), ("sendMessage", "garbage")]
        anna.say("How do I register my address?")
        await started.until(lambda: anna.reads(), 30.0)
        sent = world.called("sendMessage")
        assert sent[1].at - sent[0].at >= 2.0
        await asyncio.wait_for(started.quiet(), 10)
