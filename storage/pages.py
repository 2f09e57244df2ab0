"""Pages: who was called to a ticket, in which order, and who said that they have seen it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, exists, select, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import NEVER_REUSED, Base, RowId
from storage.tickets import Ticket
from storage.transaction import Transaction


class Page(Base):
    """One call to one person. Only a hash of the token in its link is kept.

    `worker_id` is empty where nobody can be reached: then the page only remembers that this was tried. `rung`: the place on the
    ladder of people, counted through all rounds. `next_at`: when the next person is called, empty when the calling has ended.
    """

    __tablename__ = "pages"
    __table_args__ = (
        Index(None, "ticket_id"),
        Index("ix_pages_next_at", "next_at", sqlite_where=text("next_at IS NOT NULL"), postgresql_where=text("next_at IS NOT NULL")),
        NEVER_REUSED,
    )

    id: Mapped[RowId]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    rung: Mapped[int]
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    sent_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]


async def add(
    tx: Transaction, ticket_id: int, worker_id: int | None, rung: int, token_hash: str | None, *, now: datetime, next_at: datetime | None
) -> Page:
    """Somebody is called; the earlier calls to this ticket wait no longer."""
    for before in await of_ticket(tx, ticket_id):
        before.next_at = None
    page = Page(ticket_id=ticket_id, worker_id=worker_id, rung=rung, token_hash=token_hash, sent_at=now, next_at=next_at)
    tx.session.add(page)
    await tx.flush()
    return page


async def of_ticket(tx: Transaction, ticket_id: int) -> Sequence[Page]:
    """Everybody who was called to a ticket, in order."""
    return (await tx.session.scalars(select(Page).where(Page.ticket_id == ticket_id).order_by(Page.id))).all()


async def by_token(tx: Transaction, token_hash: str) -> Page | None:
    """The page whose link has this token."""
    return await tx.session.scalar(select(Page).where(Page.token_hash == token_hash))


async def unpaged(tx: Transaction, limit: int = 50) -> Sequence[Ticket]:
    """Urgent tickets that nobody has and nobody was called to, oldest first."""
    query = (
        select(Ticket)
        .where(
            text("tickets.status != 'closed'"),
            Ticket.urgency.is_not(None),
            Ticket.assignee_id.is_(None),
            Ticket.first_replied_at.is_(None),
            ~exists().where(Page.ticket_id == Ticket.id),
        )
        .order_by(Ticket.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Ticket)
    )
    return (await tx.session.scalars(query)).all()


async def due(tx: Transaction, now: datetime, limit: int = 50) -> Sequence[tuple[Page, Ticket]]:
    """Calls whose ticket somebody took meanwhile, or that nobody answered in time, longest first; nobody else gets them."""
    query = (
        select(Page, Ticket)
        .join(Ticket, Ticket.id == Page.ticket_id)
        .where(Page.next_at.is_not(None), (Page.next_at <= now) | Ticket.assignee_id.is_not(None) | Ticket.closed_at.is_not(None))
        .order_by(Page.next_at, Page.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Page)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in (await tx.session.execute(query)).all()]


async def waiting(tx: Transaction, now: datetime) -> bool:
    """Whether there is anybody to call or any call to end; takes no lock."""
    called = (
        select(Page.id)
        .join(Ticket, Ticket.id == Page.ticket_id)
        .where(Page.next_at.is_not(None), (Page.next_at <= now) | Ticket.assignee_id.is_not(None) | Ticket.closed_at.is_not(None))
        .limit(1)
    )
    if await tx.session.scalar(called) is not None:
        return True
    return bool(await unpaged(tx, limit=1))
