"""Tags: words that workers put on tickets to find them again."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ForeignKey, Index, delete, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base
from storage.transaction import Transaction


class TicketTag(Base):
    """A tag on a ticket."""

    __tablename__ = "ticket_tags"
    __table_args__ = (Index(None, "tag"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)


async def put(tx: Transaction, ticket_id: int, tag: str) -> bool:
    """Put a tag on a ticket; False when it had it."""
    insert = postgresql.insert if tx.dialect == "postgresql" else sqlite.insert
    new = insert(TicketTag).values(ticket_id=ticket_id, tag=tag).on_conflict_do_nothing().returning(TicketTag.tag)
    return await tx.session.scalar(new) is not None


async def take_off(tx: Transaction, ticket_id: int, tag: str) -> None:
    """Take a tag off; no error when it is not there."""
    await tx.session.execute(delete(TicketTag).where(TicketTag.ticket_id == ticket_id, TicketTag.tag == tag))


async def of_tickets(tx: Transaction, ticket_ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    """The tags of these tickets, each list in alphabetical order."""
    found: dict[int, list[str]] = {ticket_id: [] for ticket_id in ticket_ids}
    if found:
        query = select(TicketTag).where(TicketTag.ticket_id.in_(sorted(found))).order_by(TicketTag.tag)
        for row in (await tx.session.scalars(query)).all():
            found[row.ticket_id].append(row.tag)
    return found


async def known(tx: Transaction, limit: int = 100) -> Sequence[str]:
    """The tags in use, the most frequent first."""
    count = func.count().label("n")
    query = select(TicketTag.tag, count).group_by(TicketTag.tag).order_by(text("n DESC"), TicketTag.tag).limit(limit)
    return [row[0] for row in (await tx.session.execute(query)).all()]
