"""The people of the desk: who they are, which communities they serve, and how they sign in."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.desk import Desk
from handlers.errors import LinkSpent, NameTaken, NotFound
from storage import audit, workers
from storage.workers import Role, Worker, WorkerSession


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: `token` goes into the cookie and is kept nowhere else, `csrf` into every form."""

    token: str
    csrf: str
    worker: Worker


def digest(token: str) -> str:
    """What is stored of a secret token: SHA-256 in hex. The token has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


async def add(
    desk: Desk,
    name: str,
    *,
    role: Role = Role.worker,
    languages: Sequence[str] = ("en", "zh"),
    communities: Sequence[str] = (),
    telegram_id: str | None = None,
) -> Worker:
    """Add a worker; no communities means all of them. Raises `NameTaken`: residents know a worker by the name."""
    async with desk.storage.transaction() as tx:
        if await workers.by_name(tx, name) is not None:
            raise NameTaken(name)
        worker = await workers.add(
            tx, name, role=role, languages=list(languages), communities=list(communities), telegram_id=telegram_id, now=desk.now()
        )
        await audit.record(tx, "worker_added", f"worker:{worker.id}", worker_id=None, now=desk.now())
        return worker


async def everyone(desk: Desk) -> Sequence[Worker]:
    """All workers who are with the desk now."""
    async with desk.storage.reading() as tx:
        return await workers.everyone(tx)


async def named(desk: Desk, name: str) -> Worker:
    """The worker of this name. Raises `NotFound`."""
    async with desk.storage.reading() as tx:
        worker = await workers.by_name(tx, name)
    if worker is None or not worker.active:
        raise NotFound
    return worker


async def remove(desk: Desk, worker_id: int) -> None:
    """A worker leaves: no sign-in any more, every session ended at once. What they wrote stays, with their name."""
    async with desk.storage.transaction() as tx:
        await workers.remove(tx, worker_id, desk.now())
        await audit.record(tx, "worker_removed", f"worker:{worker_id}", worker_id=None, now=desk.now())


async def link(desk: Desk, worker_id: int) -> str:
    """A fresh one-time sign-in token for a worker; it is shown once and only its digest is kept."""
    token = secrets.token_urlsafe(32)
    async with desk.storage.transaction() as tx:
        await workers.add_link(tx, worker_id, digest(token), desk.now() + desk.policy.sign_in_link_lives)
    return token


async def link_holder(desk: Desk, token: str) -> Worker:
    """Whose sign-in link this is, without spending it: link previews open links. Raises `LinkSpent`."""
    async with desk.storage.reading() as tx:
        found = await workers.link(tx, digest(token))
        worker = await workers.get(tx, found.worker_id) if found else None
    if found is None or worker is None or not worker.active or found.spent_at is not None or found.expires_at <= desk.now():
        raise LinkSpent
    return worker


async def sign_in(desk: Desk, token: str) -> SignedIn:
    """Spend a sign-in link and open a session. Raises `LinkSpent` where it was spent, is too old or never was one."""
    session, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    async with desk.storage.transaction() as tx:
        worker = await workers.spend_link(tx, digest(token), desk.now())
        if worker is None:
            raise LinkSpent
        now = desk.now()
        await workers.add_session(tx, worker.id, digest(session), csrf=csrf, now=now, expires_at=now + desk.policy.session_lives)
        await audit.record(tx, "signed_in", f"worker:{worker.id}", worker_id=worker.id, now=now)
    return SignedIn(session, csrf, worker)


async def session(desk: Desk, token: str) -> tuple[WorkerSession, Worker] | None:
    """The session behind a cookie while it lasts; None where it ended, idled out, was revoked or never was."""
    async with desk.storage.reading() as tx:
        return await workers.session(tx, digest(token), desk.now(), desk.policy.session_idle)


async def touch(desk: Desk, token: str) -> None:
    """The worker did something: the idle time of the session begins anew."""
    async with desk.storage.transaction() as tx:
        await workers.touch_session(tx, digest(token), desk.now())


async def sign_out(desk: Desk, token: str) -> None:
    """End a session."""
    async with desk.storage.transaction() as tx:
        await workers.revoke_session(tx, digest(token), desk.now())
