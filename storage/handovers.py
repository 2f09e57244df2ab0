"""Hand-overs: a question asked where others read along, kept for its asker until they open the private chat."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base
from storage.transaction import Transaction


class Handover(Base):
    """The way into private for one person. Only a hash of the token is kept; `question` is their own words."""

    __tablename__ = "handovers"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    sender_id: Mapped[str]
    question: Mapped[str]
    expires_at: Mapped[datetime]


async def add(tx: Transaction, token_hash: str, *, channel: str, sender_id: str, question: str, expires_at: datetime) -> None:
    """Keep a question for its asker until then."""
    tx.session.add(Handover(token_hash=token_hash, channel=channel, sender_id=sender_id, question=question, expires_at=expires_at))
    await tx.flush()


async def question(tx: Transaction, token_hash: str, *, channel: str, sender_id: str, now: datetime) -> str | None:
    """The question behind a token, for its own asker alone and only in time."""
    query = select(Handover.question).where(
        Handover.token_hash == token_hash, Handover.channel == channel, Handover.sender_id == sender_id, Handover.expires_at > now
    )
    return await tx.session.scalar(query)


async def prune(tx: Transaction, now: datetime) -> None:
    """Forget questions that were never taken up."""
    await tx.session.execute(delete(Handover).where(Handover.expires_at <= now))
