"""The same done to many tickets: one answer privately to each, closed with a kind word, given to a colleague."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from handlers.desk import Desk
from handlers.errors import LinliError, NotFound
from handlers.staff import queue
from handlers.staff.reply import reply, say
from handlers.staff.rights import worker_of
from handlers.tidy import clean
from storage import tickets

#: How many tickets are done at once; more would be a mistake of the finger.
MOST = 100


@dataclass(frozen=True, slots=True)
class Bulk:
    """What became of it: the numbers of the tickets where it was done, and where not, with the error that says why.

    The number is 0 where the worker may not see the ticket.
    """

    done: tuple[int, ...]
    failed: tuple[tuple[int, LinliError], ...]


async def answer(desk: Desk, worker_id: int, ticket_ids: Sequence[int], text: str) -> Bulk:
    """Give the same answer to each, each in their own chat; nobody learns of the others."""

    async def one(ticket_id: int) -> None:
        await reply(desk, worker_id, ticket_id, text)

    return await _each(desk, ticket_ids, one)


async def close(desk: Desk, worker_id: int, ticket_ids: Sequence[int], outcome: str, word: str = "") -> Bulk:
    """Close each. With a kind word that is what the resident gets from the worker; without, they are told and asked how it was."""
    words = clean(word)

    async def one(ticket_id: int) -> None:
        if not words:
            await queue.close(desk, worker_id, ticket_id, outcome)
            return
        async with desk.storage.transaction() as tx:
            await say(desk, tx, await worker_of(tx, worker_id), ticket_id, words)
            await tickets.close(tx, ticket_id, by=worker_id, outcome=outcome, now=desk.now())

    return await _each(desk, ticket_ids, one)


async def assign(desk: Desk, worker_id: int, ticket_ids: Sequence[int], to: int) -> Bulk:
    """Give each to a colleague."""

    async def one(ticket_id: int) -> None:
        await queue.assign(desk, worker_id, ticket_id, to)

    return await _each(desk, ticket_ids, one)


async def _each(desk: Desk, ticket_ids: Sequence[int], act: Callable[[int], Awaitable[None]]) -> Bulk:
    """One transaction a ticket: one that fails holds up none of the others."""
    done: list[int] = []
    failed: list[tuple[int, LinliError]] = []
    for ticket_id in list(dict.fromkeys(ticket_ids))[:MOST]:
        try:
            await act(ticket_id)
        except LinliError as error:
            failed.append((0 if isinstance(error, NotFound) else await _number(desk, ticket_id), error))
        else:
            done.append(await _number(desk, ticket_id))
    return Bulk(tuple(done), tuple(failed))


async def _number(desk: Desk, ticket_id: int) -> int:
    async with desk.storage.reading() as tx:
        ticket = await tickets.get(tx, ticket_id)
    return ticket.number if ticket else 0
