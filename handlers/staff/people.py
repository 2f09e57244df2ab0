"""An admin keeps the people of the desk: who they are, what they may do, where they are called. Each step is recorded."""

from collections.abc import Sequence

from handlers.desk import Desk
from handlers.errors import LinliError, NameTaken, NotFound
from handlers.staff import roster
from handlers.staff.rights import require, worker_of
from handlers.tidy import clean
from storage import audit, communities, workers
from storage.transaction import Transaction
from storage.workers import Role, Worker


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


class LastAdmin(LinliError):
    """Somebody must be able to do this again."""

    sentence = _("This is the last admin. Make somebody else an admin first.")


async def everyone(desk: Desk, by: int) -> list[tuple[Worker, set[str]]]:
    """The workers of the desk with their communities (none means all); for supervisors and admins."""
    async with desk.storage.reading() as tx:
        require(await worker_of(tx, by), Role.supervisor, Role.admin)
        return [(one, await workers.communities_of(tx, one.id)) for one in await workers.everyone(tx)]


async def add(desk: Desk, by: int, name: str, *, role: Role, languages: Sequence[str], serves: Sequence[str] = ()) -> tuple[Worker, str]:
    """A new worker, and the token of their one-time link. Raises `NameTaken`, `NotFound` for a community that is not there."""
    async with desk.storage.transaction() as tx:
        await _admin(tx, by)
        known = {one.id for one in await communities.everyone(tx)}
        if not clean(name) or not set(serves) <= known:
            raise NotFound
        if await workers.by_name(tx, clean(name)) is not None:
            raise NameTaken(clean(name))
        worker = await workers.add(tx, clean(name)[:60], role=role, languages=languages, communities=serves, now=desk.now())
        await audit.record(tx, "worker_added", f"worker:{worker.id}", worker_id=by, now=desk.now(), detail={"role": role})
    return worker, await roster.link(desk, worker.id)


async def link(desk: Desk, by: int, worker_id: int) -> str:
    """The token of a fresh one-time link for somebody who cannot sign in."""
    async with desk.storage.transaction() as tx:
        await _admin(tx, by)
        await worker_of(tx, worker_id)
        await audit.record(tx, "link_given", f"worker:{worker_id}", worker_id=by, now=desk.now())
    return await roster.link(desk, worker_id)


async def change(
    desk: Desk, by: int, worker_id: int, *, role: Role, languages: Sequence[str], serves: Sequence[str], notify: Sequence[str]
) -> Worker:
    """What a worker may do, which communities they serve, where they are called. Their rights change at once, in every browser.

    The addresses in `notify` may hold secrets; the caller has seen to it that they can be understood. Raises `LastAdmin`.
    """
    async with desk.storage.transaction() as tx:
        await _admin(tx, by)
        worker = await worker_of(tx, worker_id)
        if role is not Role.admin:
            await _not_the_last(tx, worker)
        worker.role = role
        worker.languages = list(languages)
        worker.notify = list(notify)
        await workers.set_communities(tx, worker.id, serves)
        detail = {"role": role, "communities": sorted(serves), "addresses": len(notify)}
        await audit.record(tx, "worker_changed", f"worker:{worker.id}", worker_id=by, now=desk.now(), detail=detail)
        return worker


async def remove(desk: Desk, by: int, worker_id: int) -> None:
    """A worker leaves: signed out everywhere at once; what they wrote stays, with their name. Raises `LastAdmin`."""
    async with desk.storage.transaction() as tx:
        await _admin(tx, by)
        await _not_the_last(tx, await worker_of(tx, worker_id))
        await workers.remove(tx, worker_id, desk.now())
        await audit.record(tx, "worker_removed", f"worker:{worker_id}", worker_id=by, now=desk.now())


async def sign_out(desk: Desk, by: int, worker_id: int) -> int:
    """Sign somebody out everywhere, for instance after a phone was lost; returns how many browsers were signed in."""
    async with desk.storage.transaction() as tx:
        await _admin(tx, by)
        count = await workers.revoke_all(tx, (await worker_of(tx, worker_id)).id, desk.now())
        await audit.record(tx, "signed_out_everywhere", f"worker:{worker_id}", worker_id=by, now=desk.now())
        return count


async def _admin(tx: Transaction, by: int) -> None:
    require(await worker_of(tx, by), Role.admin)


async def _not_the_last(tx: Transaction, worker: Worker) -> None:
    if worker.role is Role.admin and not any(one.role is Role.admin and one.id != worker.id for one in await workers.everyone(tx)):
        raise LastAdmin
