"""Who may do what: checked inside the use-cases, so that every front end has the same rules."""

from handlers.errors import NotAllowed, NotFound
from storage import tickets, workers
from storage.tickets import Ticket
from storage.transaction import Transaction
from storage.workers import Role, Worker


async def worker_of(tx: Transaction, worker_id: int) -> Worker:
    """The worker who acts. Raises `NotAllowed` for somebody who was removed."""
    worker = await workers.get(tx, worker_id)
    if worker is None or not worker.active:
        raise NotAllowed
    return worker


async def communities_of(tx: Transaction, worker: Worker) -> set[str] | None:
    """The communities whose tickets a worker may see; None means all of them."""
    return await workers.communities_of(tx, worker.id) or None


async def ticket_for(tx: Transaction, worker: Worker, ticket_id: int) -> Ticket:
    """A ticket that this worker may see. Raises `NotFound` for any other, so that nobody learns which numbers exist."""
    ticket = await tickets.get(tx, ticket_id)
    mine = await communities_of(tx, worker)
    if ticket is None or (mine is not None and ticket.community_id is not None and ticket.community_id not in mine):
        raise NotFound
    return ticket


def require(worker: Worker, *roles: Role) -> None:
    """Raises `NotAllowed` unless the worker has one of the roles."""
    if worker.role not in roles:
        raise NotAllowed
