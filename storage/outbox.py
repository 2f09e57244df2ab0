"""The outbox: every reply that still has to reach somebody, and what became of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, and_, bindparam, case, delete, exists, or_, select, text, update
from sqlalchemy.orm import Mapped, aliased, mapped_column

from storage.base import NEVER_REUSED, Base, RowId
from storage.transaction import Transaction


class DeliveryState(StrEnum):
    """Where a delivery stands. `held`: its channel is closed to us for now. `maybe_sent`: nobody can tell. `dead`: given up."""

    due = "due"
    leased = "leased"
    sent = "sent"
    maybe_sent = "maybe_sent"
    held = "held"
    dead = "dead"


class Delivery(Base):
    """A reply on its way to a chat. A lease that ends unconfirmed makes it due again, so `due_at` of a leased one is its lease's end.

    `cause_id`: the resident's utterance that caused it. `reply`: the reply as the channel gets it.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(
            "ix_deliveries_due",
            "due_at",
            "id",
            sqlite_where=text("state IN ('due', 'leased')"),
            postgresql_where=text("state IN ('due', 'leased')"),
        ),
        Index(
            "ix_deliveries_chat",
            "channel",
            "chat_id",
            "id",
            sqlite_where=text("state IN ('due', 'leased', 'held')"),
            postgresql_where=text("state IN ('due', 'leased', 'held')"),
        ),
        Index(
            "ix_deliveries_lost",
            "id",
            sqlite_where=text("state IN ('dead', 'maybe_sent')"),
            postgresql_where=text("state IN ('dead', 'maybe_sent')"),
        ),
        Index("ix_deliveries_platform", "channel", "chat_id", "platform_message_id"),
        Index(None, "cause_id"),
        Index(None, "utterance_id"),
        Index(None, "conversation_id"),
        NEVER_REUSED,
    )

    id: Mapped[RowId]
    channel: Mapped[str]
    chat_id: Mapped[str]
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    utterance_id: Mapped[int | None] = mapped_column(ForeignKey("utterances.id", ondelete="CASCADE"))
    cause_id: Mapped[int | None] = mapped_column(ForeignKey("utterances.id", ondelete="CASCADE"))
    reply: Mapped[dict[str, Any]]
    state: Mapped[DeliveryState]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int]
    sent_at: Mapped[datetime | None]
    platform_message_id: Mapped[str | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime]


# Written out in SQL, because a partial index serves only a query that visibly says the same.
_SKEW = timedelta(minutes=1)  # clocks of several machines may differ by so much
_WAITING = text("deliveries.state IN ('due', 'leased')")


async def add(
    tx: Transaction,
    *,
    channel: str,
    chat_id: str,
    reply: Mapping[str, Any],
    due_at: datetime,
    conversation_id: int | None = None,
    utterance_id: int | None = None,
    cause_id: int | None = None,
    leased_until: datetime | None = None,
) -> Delivery:
    """A reply to be sent from `due_at` on. With `leased_until` the caller sends it and nobody else does before that."""
    delivery = Delivery(
        channel=channel,
        chat_id=chat_id,
        conversation_id=conversation_id,
        utterance_id=utterance_id,
        cause_id=cause_id,
        reply=dict(reply),
        state=DeliveryState.due if leased_until is None else DeliveryState.leased,
        due_at=leased_until or due_at,
        leased_until=leased_until,
        attempts=0 if leased_until is None else 1,
        created_at=due_at,
    )
    tx.session.add(delivery)
    tx.queued = tx.queued or leased_until is None
    await tx.flush()
    return delivery


async def waiting(tx: Transaction, channel: str, chat_id: str, now: datetime) -> set[DeliveryState]:
    """In which states deliveries to that chat are on their way or held: what comes now has to go behind them."""
    query = (
        select(Delivery.state)
        .where(text("deliveries.state IN ('due', 'leased', 'held')"), Delivery.channel == channel, Delivery.chat_id == chat_id)
        .where(or_(Delivery.state != DeliveryState.due, Delivery.attempts > 0, Delivery.due_at <= now))
        .distinct()
    )
    return set((await tx.session.scalars(query)).all())


async def get(tx: Transaction, delivery_id: int) -> Delivery | None:
    """The delivery of that id."""
    return await tx.session.get(Delivery, delivery_id)


async def of_cause(tx: Transaction, utterance_id: int) -> Sequence[Delivery]:
    """All deliveries that an utterance of a resident caused, in order."""
    return (await tx.session.scalars(select(Delivery).where(Delivery.cause_id == utterance_id).order_by(Delivery.id))).all()


async def lease_due(
    tx: Transaction, now: datetime, lease: timedelta, limit: int = 50, *, channel: str | None = None, apart: Collection[int] = ()
) -> list[Delivery]:
    """Take what is due for sending (on one channel): of each chat only the earliest that is not delivered, so that order in a chat holds.

    What is leased twice at the same time is impossible; what is not confirmed before the lease ends comes again, except what
    is `apart`: the caller still has it in hand, whatever the clock says.
    """
    picked = (
        select(Delivery.id)
        .where(_WAITING, Delivery.due_at <= now, *_of(channel), Delivery.id.not_in(apart), ~_blocked(_EARLIER.due_at <= now))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Delivery)
        .cte("picked")
    )
    query = (
        update(Delivery)
        .where(Delivery.id.in_(select(picked.c.id)))
        .values(state=DeliveryState.leased, due_at=now + lease, leased_until=now + lease, attempts=Delivery.attempts + 1)
        .returning(Delivery)
    )
    leased = (await tx.session.scalars(query, execution_options={"populate_existing": True, "synchronize_session": False})).all()
    return sorted(leased, key=lambda delivery: delivery.id)


async def extend(tx: Transaction, delivery_ids: Collection[int], until: datetime) -> None:
    """Whoever sends these is still at it."""
    if delivery_ids:
        query = update(Delivery).where(Delivery.id.in_(sorted(delivery_ids)), Delivery.state == DeliveryState.leased)
        await tx.session.execute(query.values(due_at=until, leased_until=until).execution_options(synchronize_session=False))


async def confirm(tx: Transaction, sent: Mapping[int, str | None], now: datetime) -> None:
    """These deliveries (id → the platform's message id, if it has one) have been sent; again is no error."""
    if not sent:
        return
    table = Delivery.__table__
    query = (
        update(Delivery)
        .where(table.c.id == bindparam("of_id"), table.c.state != DeliveryState.sent)
        .values(
            state=DeliveryState.sent, sent_at=now, platform_message_id=bindparam("platform_id"), leased_until=None, error=None
        )
    )  # fmt: skip
    connection = await tx.session.connection()
    await connection.execute(query, [{"of_id": delivery_id, "platform_id": sent[delivery_id]} for delivery_id in sorted(sent)])


async def postpone(tx: Transaction, delivery_id: int, due_at: datetime, error: str | None, *, counted: bool = True) -> None:
    """It did not go; try again from then on. Later ones for the same chat wait behind it.

    Not `counted`: it was not its own fault (the platform's pace), so this try does not count among its attempts.
    """
    values: dict[str, Any] = {"state": DeliveryState.due, "due_at": due_at, "leased_until": None, "error": error}
    if not counted:  # never back to none: what was never tried lets later ones pass
        values["attempts"] = case((Delivery.attempts > 1, Delivery.attempts - 1), else_=1)
    tx.queued = True
    await _put(tx, delivery_id, **values)


async def take_back(tx: Transaction, delivery_id: int) -> None:
    """What nobody has begun to send is not sent any more; on its way or gone, it stays."""
    await tx.session.execute(delete(Delivery).where(Delivery.id == delivery_id, Delivery.state == DeliveryState.due))


async def lane_of(tx: Transaction, channel: str, chat_id: str, platform_message_id: str) -> str | None:
    """The lane (`chat/thread`) of the reply that stands at that message of a chat, None where it is none of ours."""
    query = (
        select(Delivery.chat_id)
        .where(Delivery.channel == channel, Delivery.platform_message_id == platform_message_id)
        .where(Delivery.chat_id.startswith(f"{chat_id}/", autoescape=True))
        .limit(1)
    )
    return await tx.session.scalar(query)


async def hold(tx: Transaction, delivery_id: int, reason: str) -> None:
    """Its channel is closed to us (no reply window): keep it until `release_held`. Later ones for the same chat wait behind it."""
    await _put(tx, delivery_id, state=DeliveryState.held, leased_until=None, error=reason)


async def release_held(tx: Transaction, channel: str, chat_id: str, now: datetime) -> int:
    """The channel is open again for this chat: what was held is due now. Returns how many."""
    query = (
        update(Delivery)
        .where(
            text("deliveries.state IN ('due', 'leased', 'held')"),
            Delivery.channel == channel,
            Delivery.chat_id == chat_id,
            Delivery.state == DeliveryState.held,
        )
        .values(state=DeliveryState.due, due_at=now, error=None)
        .returning(Delivery.id)
    )
    released = (await tx.session.scalars(query, execution_options={"synchronize_session": False})).all()
    tx.queued = tx.queued or bool(released)
    return len(released)


async def reclaim(tx: Transaction, now: datetime) -> int:
    """Whoever had leases is gone for certain: what they had is due now. Returns how many."""
    query = (
        update(Delivery)
        .where(_WAITING, Delivery.state == DeliveryState.leased)
        .values(state=DeliveryState.due, due_at=now, leased_until=None)
    )
    taken = (await tx.session.scalars(query.returning(Delivery.id), execution_options={"synchronize_session": False})).all()
    tx.queued = tx.queued or bool(taken)
    return len(taken)


async def mend(tx: Transaction, now: datetime, longest: timedelta) -> int:
    """Make due what the clock would hold back because it was put back; `longest` is the longest wait that is ever meant. Returns how many."""
    later = now + longest
    mistimed = or_(
        and_(Delivery.created_at > now + _SKEW, Delivery.utterance_id.is_not(None)),  # said in a conversation, so meant at once
        and_(Delivery.due_at > later, or_(Delivery.state == DeliveryState.leased, Delivery.attempts > 0)),
    )
    query = (
        update(Delivery)
        .where(_WAITING, Delivery.due_at > now, mistimed)
        .values(state=DeliveryState.due, due_at=now, created_at=case((Delivery.created_at > now, now), else_=Delivery.created_at))
        .returning(Delivery.id)
    )
    mended = (await tx.session.scalars(query, execution_options={"synchronize_session": False})).all()
    tx.queued = tx.queued or bool(mended)
    return len(mended)


async def doubt(tx: Transaction, delivery_id: int, error: str) -> None:
    """Nobody can tell whether it went, and sending it twice would be worse: staff see it among the dead."""
    await _put(tx, delivery_id, state=DeliveryState.maybe_sent, leased_until=None, error=error)


async def kill(tx: Transaction, delivery_id: int, error: str) -> None:
    """It can never go (blocked, chat gone, tried too often): staff see it among the dead."""
    await _put(tx, delivery_id, state=DeliveryState.dead, leased_until=None, error=error)


async def dead(tx: Transaction, limit: int = 200) -> Sequence[Delivery]:
    """What did not go, or perhaps did not, newest first."""
    query = select(Delivery).where(text("deliveries.state IN ('dead', 'maybe_sent')")).order_by(Delivery.id.desc()).limit(limit)
    return (await tx.session.scalars(query)).all()


async def revive(tx: Transaction, delivery_id: int, now: datetime) -> bool:
    """Try a dead or doubtful one again, as if it were new; False when it is neither."""
    query = (
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state.in_([DeliveryState.dead, DeliveryState.maybe_sent]))
        .values(state=DeliveryState.due, due_at=now, attempts=0, error=None)
        .returning(Delivery.id)
    )
    revived = await tx.session.scalar(query) is not None
    tx.queued = tx.queued or revived
    return revived


async def next_due_at(tx: Transaction, *, channel: str | None = None, apart: Collection[int] = ()) -> datetime | None:
    """When there will be something to lease (perhaps already), None when nothing waits."""
    query = (
        select(Delivery.due_at)
        .where(_WAITING, *_of(channel), Delivery.id.not_in(apart), ~_blocked(_EARLIER.due_at <= Delivery.due_at))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(1)
    )
    return await tx.session.scalar(query)


_EARLIER = aliased(Delivery, name="earlier")


def _of(channel: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if channel is None else (Delivery.channel == channel,)


def _blocked(its_turn: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an earlier delivery to the same chat has to go first; one that is only planned for later does not."""
    return exists().where(
        text("earlier.state IN ('due', 'leased', 'held')"),
        _EARLIER.channel == Delivery.channel,
        _EARLIER.chat_id == Delivery.chat_id,
        _EARLIER.id < Delivery.id,
        or_(_EARLIER.state != DeliveryState.due, _EARLIER.attempts > 0, its_turn),
    )


async def _put(tx: Transaction, delivery_id: int, **values: Any) -> None:
    await tx.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state != DeliveryState.sent)
        .values(values)
        .execution_options(synchronize_session="evaluate")
    )
