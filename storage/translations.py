"""Translations: a turn in another language, beside the words that were really said."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage import changes
from storage.base import Base
from storage.changes import Subject
from storage.conversations import Utterance
from storage.transaction import Transaction


class Translation(Base):
    """A turn in `locale`. `original`: these are the writer's own words, and the turn is what was made of them.

    Emptying the turn removes it, by a trigger of the database.
    """

    __tablename__ = "translations"

    utterance_id: Mapped[int] = mapped_column(ForeignKey("utterances.id", ondelete="CASCADE"), primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    original: Mapped[bool]
    made_by: Mapped[str]
    at: Mapped[datetime]


async def put(
    tx: Transaction, utterance: Utterance, locale: str, text: str, *, original: bool = False, made_by: str, now: datetime
) -> None:
    """Keep a turn in another language; whoever shows the ticket is told."""
    insert = postgresql.insert if tx.dialect == "postgresql" else sqlite.insert
    new = insert(Translation).values(utterance_id=utterance.id, locale=locale, text=text, original=original, made_by=made_by, at=now)
    values = {"text": text, "original": original, "made_by": made_by, "at": now}
    await tx.session.execute(new.on_conflict_do_update(index_elements=[Translation.utterance_id, Translation.locale], set_=values))
    if utterance.ticket_id is not None:
        await changes.note(tx, Subject.ticket, utterance.ticket_id, now)


async def of_utterances(tx: Transaction, utterance_ids: Collection[int]) -> Mapping[int, Sequence[Translation]]:
    """What is there for these turns."""
    found: dict[int, list[Translation]] = {}
    if utterance_ids:
        query = select(Translation).where(Translation.utterance_id.in_(sorted(utterance_ids))).order_by(Translation.locale)
        for row in (await tx.session.scalars(query)).all():
            found.setdefault(row.utterance_id, []).append(row)
    return found


async def original(tx: Transaction, utterance_id: int) -> Translation | None:
    """The writer's own words behind a translated turn."""
    return await tx.session.scalar(select(Translation).where(Translation.utterance_id == utterance_id, Translation.original))
