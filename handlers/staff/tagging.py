"""Tags: words that workers put on tickets to find them again."""

from collections.abc import Sequence

from handlers.desk import Desk
from handlers.errors import EmptyMessage
from handlers.staff.rights import ticket_for, worker_of
from handlers.tidy import clean
from storage import changes, tags
from storage.changes import Subject

#: Characters of a tag.
LONGEST = 30


def named(words: str) -> str:
    """A tag as it is kept: one line, small letters, no sign that parts a list. Raises `EmptyMessage` where nothing is left."""
    tag = " ".join(clean(words).replace(",", " ").replace("，", " ").lstrip("#").lower().split())[:LONGEST].strip()
    if not tag:
        raise EmptyMessage
    return tag


async def tag(desk: Desk, worker_id: int, ticket_id: int, words: str) -> str:
    """Put a tag on a ticket, also one that a colleague has; returns it as it is kept. Again is no error."""
    name = named(words)
    async with desk.storage.transaction() as tx:
        ticket = await ticket_for(tx, await worker_of(tx, worker_id), ticket_id)
        if await tags.put(tx, ticket.id, name):
            await changes.note(tx, Subject.ticket, ticket.id, desk.now())
    return name


async def untag(desk: Desk, worker_id: int, ticket_id: int, words: str) -> None:
    """Take a tag off."""
    async with desk.storage.transaction() as tx:
        ticket = await ticket_for(tx, await worker_of(tx, worker_id), ticket_id)
        await tags.take_off(tx, ticket.id, named(words))
        await changes.note(tx, Subject.ticket, ticket.id, desk.now())


async def of_ticket(desk: Desk, worker_id: int, ticket_id: int) -> Sequence[str]:
    """The tags of a ticket."""
    async with desk.storage.reading() as tx:
        ticket = await ticket_for(tx, await worker_of(tx, worker_id), ticket_id)
        return (await tags.of_tickets(tx, [ticket.id]))[ticket.id]


async def known(desk: Desk, worker_id: int) -> Sequence[str]:
    """The tags in use, the most frequent first; to be proposed while one is typed."""
    async with desk.storage.reading() as tx:
        await worker_of(tx, worker_id)
        return await tags.known(tx)
