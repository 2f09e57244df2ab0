"""A resident's own rights, asked for at the station: everything held about them, and its deletion."""

from handlers.desk import Desk
from handlers.errors import NotFound
from handlers.export import Export, collect
from handlers.forgetting import forget as forget_person
from handlers.staff.rights import communities_of, require, worker_of
from storage import audit, people
from storage.erasure import Cause
from storage.people import Resident
from storage.transaction import Transaction
from storage.workers import Role


async def export(desk: Desk, worker_id: int | None, alias: str) -> Export:
    """Everything held about a resident, for them. A supervisor's right, and recorded; None stands for the operator at the machine."""
    async with desk.storage.transaction() as tx:
        resident = await _resident(tx, worker_id, alias)
        await audit.record(tx, "resident_exported", f"resident:{resident.id}", worker_id=worker_id, now=desk.now())
        return await collect(desk, tx, resident.id)


async def forget(desk: Desk, worker_id: int | None, alias: str) -> tuple[int, ...]:
    """Delete what is held about a resident who asked for it; returns the urgent tickets that stay until they are closed."""
    async with desk.storage.transaction() as tx:
        resident = await _resident(tx, worker_id, alias)
        return await forget_person(desk, tx, resident.id, cause=Cause.worker, worker_id=worker_id)


async def _resident(tx: Transaction, worker_id: int | None, alias: str) -> Resident:
    resident = await people.by_alias(tx, alias)
    if resident is None:
        raise NotFound
    if worker_id is not None:
        worker = await worker_of(tx, worker_id)
        require(worker, Role.supervisor, Role.admin)
        mine = await communities_of(tx, worker)
        if mine is not None and resident.community_id is not None and resident.community_id not in mine:
            raise NotFound
    return resident
