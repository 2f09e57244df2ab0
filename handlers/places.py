"""Where something of ours stands on a platform (a ticket's thread, a card that is changed in place), and chats that move."""

from dataclasses import dataclass

from handlers.desk import Desk
from storage import chats, marks, threads
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Place:
    """The platform's id of it, and what it last showed."""

    platform_id: str
    state: str


async def find(desk: Desk, channel: str, chat_id: str, name: str) -> Place | None:
    """Where the thing of that name stands in a chat; None while it is not there."""
    async with desk.storage.reading() as tx:
        found = await threads.get(tx, channel, chat_id, name)
    return Place(found.platform_id, found.state) if found else None


async def stands(desk: Desk, channel: str, chat_id: str, name: str, platform_id: str, state: str = "") -> None:
    """It stands there now."""
    async with desk.storage.transaction() as tx:
        await threads.put(tx, channel, chat_id, name, platform_id, state)


async def gone(desk: Desk, channel: str, chat_id: str, name: str) -> None:
    """It is no longer there."""
    async with desk.storage.transaction() as tx:
        await threads.forget(tx, channel, chat_id, name)


async def names(desk: Desk, channel: str, chat_id: str, platform_id: str) -> list[str]:
    """What of ours stands at an id of the platform's."""
    async with desk.storage.reading() as tx:
        return list(await threads.names(tx, channel, chat_id, platform_id))


async def chat_moved(desk: Desk, channel: str, old: str, new: str) -> None:
    """A chat has a new id: rewritten everywhere, and remembered for settings that still name the old one."""
    async with desk.storage.transaction() as tx:
        await chats.move(tx, channel, old, new)
        await marks.put(tx, f"moved:{channel}:{old}", new, desk.now())


async def chat_now(desk: Desk, channel: str, chat_id: str) -> str:
    """The id that a chat has today."""
    async with desk.storage.reading() as tx:
        return await now_called(tx, channel, chat_id)


async def now_called(tx: Transaction, channel: str, chat_id: str) -> str:
    """The same within a transaction."""
    for _step in range(8):
        moved = await marks.get(tx, f"moved:{channel}:{chat_id}")
        if moved is None:
            break
        chat_id = moved
    return chat_id


async def kept(desk: Desk, name: str, first: str) -> str:
    """The text kept under a name, the same for every process; `first` where there is none yet."""
    async with desk.storage.transaction() as tx:
        value = await marks.get(tx, name)
        if value is None:
            value = first
            await marks.put(tx, name, value, desk.now())
    return value


async def keep(desk: Desk, name: str, value: str) -> None:
    """Keep a text under a name."""
    async with desk.storage.transaction() as tx:
        await marks.put(tx, name, value, desk.now())
