"""Who is answering at this moment, shown to colleagues who look at the same ticket."""

from handlers.desk import Desk
from handlers.staff.rights import ticket_for, worker_of
from storage import presences


async def here(desk: Desk, worker_id: int, ticket_id: int) -> list[str]:
    """This worker is writing on the ticket; to be said again every few seconds. Returns the names of the others who are."""
    async with desk.storage.transaction() as tx:
        ticket = await ticket_for(tx, await worker_of(tx, worker_id), ticket_id)
        now = desk.now()
        await presences.here(tx, ticket.id, worker_id, now + desk.policy.presence, now)
        return [one.name for one in await presences.at(tx, ticket.id, now) if one.id != worker_id]


async def gone(desk: Desk, worker_id: int, ticket_id: int) -> None:
    """The worker has left the ticket, or has sent what they wrote."""
    async with desk.storage.transaction() as tx:
        ticket = await ticket_for(tx, await worker_of(tx, worker_id), ticket_id)
        await presences.gone(tx, ticket.id, worker_id, desk.now())


async def others(desk: Desk, worker_id: int, ticket_id: int) -> list[str]:
    """The names of the colleagues who are answering the ticket now."""
    async with desk.storage.reading() as tx:
        ticket = await ticket_for(tx, await worker_of(tx, worker_id), ticket_id)
        return [one.name for one in await presences.at(tx, ticket.id, desk.now()) if one.id != worker_id]
