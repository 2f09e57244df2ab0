"""Workers: who they are, which communities are theirs, how they are signed in."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, delete, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import NEVER_REUSED, Base, RowId
from storage.transaction import Transaction


class Role(StrEnum):
    """What a worker may do: answer; see and export all of a community; change the FAQ and the roster."""

    worker = "worker"
    supervisor = "supervisor"
    admin = "admin"


class Worker(Base):
    """A person who answers. One who left stays as a row, not `active`, because the thread names them.

    `notify`: addresses where this person is paged, in the words of whoever sends (such as `mailto://…`); they may hold secrets.
    """

    __tablename__ = "workers"
    __table_args__ = (
        Index("uq_workers_name_active", "name", unique=True, sqlite_where=text("active"), postgresql_where=text("active")),
        NEVER_REUSED,
    )

    id: Mapped[RowId]
    name: Mapped[str]
    languages: Mapped[list[str]]
    role: Mapped[Role]
    telegram_id: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    notify: Mapped[list[str]] = mapped_column(default=list)
    active: Mapped[bool]
    created_at: Mapped[datetime]


class WorkerCommunity(Base):
    """A community that a worker looks after. A worker without any looks after all."""

    __tablename__ = "worker_communities"
    __table_args__ = (Index(None, "community_id"),)

    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id", ondelete="CASCADE"), primary_key=True)
    community_id: Mapped[str] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"), primary_key=True)


class SignInLink(Base):
    """A link that signs a worker in once. Only a hash of its token is kept."""

    __tablename__ = "sign_in_links"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]


class WorkerSession(Base):
    """A signed-in browser. Only a hash of its token is kept; `csrf` is the token its forms must carry."""

    __tablename__ = "worker_sessions"
    __table_args__ = (Index(None, "worker_id"),)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id", ondelete="CASCADE"))
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


async def add(
    tx: Transaction,
    name: str,
    *,
    role: Role = Role.worker,
    languages: Collection[str] = (),
    communities: Collection[str] = (),
    telegram_id: str | None = None,
    now: datetime,
) -> Worker:
    """A new worker. Raises `Conflict` when an active worker has that name, or anyone that Telegram id."""
    worker = Worker(name=name, role=role, languages=list(languages), telegram_id=telegram_id, active=True, created_at=now)
    tx.session.add(worker)
    await tx.flush()
    tx.session.add_all(WorkerCommunity(worker_id=worker.id, community_id=community) for community in sorted(set(communities)))
    await tx.flush()
    return worker


async def get(tx: Transaction, worker_id: int) -> Worker | None:
    """The worker of that id, also one who left."""
    return await tx.session.get(Worker, worker_id)


async def by_name(tx: Transaction, name: str) -> Worker | None:
    """The active worker of that name."""
    return await tx.session.scalar(select(Worker).where(Worker.name == name, Worker.active))


async def by_telegram_id(tx: Transaction, telegram_id: str) -> Worker | None:
    """The active worker with that Telegram account."""
    return await tx.session.scalar(select(Worker).where(Worker.telegram_id == telegram_id, Worker.active))


async def everyone(tx: Transaction, *, also_left: bool = False) -> Sequence[Worker]:
    """The active workers by name; with `also_left` those who left as well."""
    query = select(Worker).order_by(Worker.name, Worker.id)
    return (await tx.session.scalars(query if also_left else query.where(Worker.active))).all()


async def communities_of(tx: Transaction, worker_id: int) -> set[str]:
    """The communities that a worker looks after; empty means all."""
    query = select(WorkerCommunity.community_id).where(WorkerCommunity.worker_id == worker_id)
    return set((await tx.session.scalars(query)).all())


async def serving(tx: Transaction, community_id: str | None) -> Sequence[Worker]:
    """The active workers who look after a community (for None: everybody), by name."""
    query = select(Worker).where(Worker.active).order_by(Worker.name, Worker.id)
    if community_id is not None:
        own = select(WorkerCommunity.community_id).where(WorkerCommunity.worker_id == Worker.id)
        query = query.where(or_(~own.exists(), own.where(WorkerCommunity.community_id == community_id).exists()))
    return (await tx.session.scalars(query)).all()


async def set_communities(tx: Transaction, worker_id: int, communities: Collection[str]) -> None:
    """From now on this worker looks after these communities, or after all when there are none."""
    await tx.session.execute(delete(WorkerCommunity).where(WorkerCommunity.worker_id == worker_id))
    tx.session.add_all(WorkerCommunity(worker_id=worker_id, community_id=community) for community in sorted(set(communities)))
    await tx.flush()


async def remove(tx: Transaction, worker_id: int, now: datetime) -> Worker | None:
    """The worker leaves: no longer active, signed out everywhere, links and Telegram account of no use any more."""
    worker = await get(tx, worker_id)
    if worker is None:
        return None
    worker.active = False
    worker.telegram_id = None
    await tx.session.execute(
        update(WorkerSession).where(WorkerSession.worker_id == worker_id, WorkerSession.revoked_at.is_(None)).values(revoked_at=now)
    )
    await tx.session.execute(
        update(SignInLink).where(SignInLink.worker_id == worker_id, SignInLink.spent_at.is_(None)).values(spent_at=now)
    )
    await tx.flush()
    return worker


async def add_link(tx: Transaction, worker_id: int, token_hash: str, expires_at: datetime) -> SignInLink:
    """A link by which this worker can sign in once until then."""
    link_row = SignInLink(token_hash=token_hash, worker_id=worker_id, expires_at=expires_at)
    tx.session.add(link_row)
    await tx.flush()
    return link_row


async def link(tx: Transaction, token_hash: str) -> SignInLink | None:
    """The link, spent or not: looking at it does not spend it."""
    return await tx.session.get(SignInLink, token_hash)


async def spend_link(tx: Transaction, token_hash: str, now: datetime) -> Worker | None:
    """Sign in by a link: its worker for the first who spends it in time, None for everybody else."""
    query = (
        update(SignInLink)
        .where(SignInLink.token_hash == token_hash, SignInLink.spent_at.is_(None), SignInLink.expires_at > now)
        .values(spent_at=now)
        .returning(SignInLink.worker_id)
    )
    worker_id = await tx.session.scalar(query)
    if worker_id is None:
        return None
    worker = await get(tx, worker_id)
    return worker if worker is not None and worker.active else None


async def add_session(tx: Transaction, worker_id: int, token_hash: str, csrf: str, *, now: datetime, expires_at: datetime) -> WorkerSession:
    """A browser is signed in until `expires_at`."""
    row = WorkerSession(token_hash=token_hash, worker_id=worker_id, csrf=csrf, created_at=now, seen_at=now, expires_at=expires_at)
    tx.session.add(row)
    await tx.flush()
    return row


async def session(tx: Transaction, token_hash: str, now: datetime, idle: timedelta) -> tuple[WorkerSession, Worker] | None:
    """Who is signed in by this token: None when it ended, was revoked, lay idle too long, or the worker left."""
    query = (
        select(WorkerSession, Worker)
        .join(Worker, Worker.id == WorkerSession.worker_id)
        .where(
            WorkerSession.token_hash == token_hash,
            WorkerSession.revoked_at.is_(None),
            WorkerSession.expires_at > now,
            WorkerSession.seen_at > now - idle,
            Worker.active,
        )
    )
    row = (await tx.session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def touch_session(tx: Transaction, token_hash: str, now: datetime) -> None:
    """The worker is still there."""
    await tx.session.execute(update(WorkerSession).where(WorkerSession.token_hash == token_hash).values(seen_at=now))


async def revoke_session(tx: Transaction, token_hash: str, now: datetime) -> None:
    """Sign this browser out; again is no error."""
    await tx.session.execute(
        update(WorkerSession).where(WorkerSession.token_hash == token_hash, WorkerSession.revoked_at.is_(None)).values(revoked_at=now)
    )


async def revoke_all(tx: Transaction, worker_id: int, now: datetime, *, but: str | None = None) -> int:
    """Sign a worker out everywhere, except where the session has the token hash `but`; links they have not used are spent too.

    Returns how many browsers were signed in.
    """
    ended = (
        update(WorkerSession)
        .where(WorkerSession.worker_id == worker_id, WorkerSession.revoked_at.is_(None), WorkerSession.expires_at > now)
        .values(revoked_at=now)
        .returning(WorkerSession.token_hash)
    )
    if but is not None:
        ended = ended.where(WorkerSession.token_hash != but)
    count = len((await tx.session.scalars(ended, execution_options={"synchronize_session": False})).all())
    unused = update(SignInLink).where(SignInLink.worker_id == worker_id, SignInLink.spent_at.is_(None)).values(spent_at=now)
    await tx.session.execute(unused, execution_options={"synchronize_session": False})
    return count
