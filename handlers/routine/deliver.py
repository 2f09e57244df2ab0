"""What is due goes out: taken from the outbox, confirmed, tried again, held or given to a person."""

import asyncio
import logging
import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from handlers.desk import Desk
from handlers.errors import DeliveryError, MaybeSent, RetryAfter, Unreachable, WindowClosed
from handlers.messages import Reply
from handlers.routine.undelivered import not_delivered
from handlers.wire import from_json
from storage import changes, outbox
from storage.outbox import Delivery
from storage.transaction import Transaction

log = logging.getLogger(__name__)

#: Who sends says at least this often that they are still at it; a third of it, because saying so may fail once.
LEASE = timedelta(seconds=30)
#: The longest wait between two tries that is ever meant: what would wait longer has met a clock that was put back.
LONGEST = timedelta(hours=1)
#: Stands before the last error of a delivery that may have arrived all the same.
PERHAPS = "maybe sent: "


def bell(desk: Desk, event: asyncio.Event) -> None:
    """Ring this bell from now on when something was queued, here or in another process."""
    desk.storage.ring(event)


def bell_away(desk: Desk, event: asyncio.Event) -> None:
    """Ring it no more."""
    desk.storage.ring_no_more(event)


@dataclass(frozen=True, slots=True)
class Taken:
    """Replies leased to the caller; `next_at` is when the next one will be due, if that is known."""

    replies: tuple[Reply, ...] = ()
    next_at: datetime | None = None


async def take(desk: Desk, channel: str, room: int, apart: Collection[int]) -> Taken:
    """Up to `room` replies that are due on a channel, of each chat the earliest, leased to the caller. `apart`: already in their hands."""
    now = desk.now()
    async with desk.storage.reading() as tx:  # looking costs nobody the writer's turn
        due_at = await outbox.next_due_at(tx, channel=channel, apart=apart)
    if due_at is None or due_at > now:
        return Taken(next_at=due_at)
    async with desk.storage.transaction() as tx:
        due = await outbox.lease_due(tx, now, LEASE, room, channel=channel, apart=apart)
        replies = [await _reply(tx, delivery) for delivery in due]
    return Taken(tuple(reply for reply in replies if reply is not None))


async def keep(desk: Desk, delivery_ids: Collection[int]) -> None:
    """These are still being sent."""
    async with desk.storage.transaction() as tx:
        await outbox.extend(tx, delivery_ids, desk.now() + LEASE)


async def settle(desk: Desk, sent: Mapping[int, str], failed: Mapping[int, DeliveryError]) -> None:
    """Write down what became of deliveries: which went out (with the platform's id of the message) and which did not, and why.

    Before all others who write: what went out and is not yet written down goes out twice if Linli is killed now.
    """
    async with desk.storage.transaction(first=True) as tx:
        now = desk.now()
        await outbox.confirm(tx, dict(sent), now)
        for delivery_id in sorted(failed):
            delivery = await outbox.get(tx, delivery_id)
            if delivery is not None:
                await _failed(desk, tx, delivery, failed[delivery_id], now)


async def news(desk: Desk, seen: int, timeout_s: float) -> int:
    """Wait until anything changed after the change `seen`, or for `timeout_s` seconds; returns the newest change."""
    await desk.storage.changed(seen, timeout_s)
    async with desk.storage.reading() as tx:
        return await changes.latest(tx)


async def begin(desk: Desk) -> None:
    """The first thing that a server does: where it is the only one there can be, what was leased is nobody's any more."""
    if not desk.storage.shared:
        async with desk.storage.transaction() as tx:
            await outbox.reclaim(tx, desk.now())


async def mend(desk: Desk) -> int:
    """Let go what a clock that was put back would hold; returns how many."""
    async with desk.storage.transaction() as tx:
        return await outbox.mend(tx, desk.now(), LONGEST)


async def _reply(tx: Transaction, delivery: Delivery) -> Reply | None:
    try:
        return from_json({**delivery.reply, "delivery_id": delivery.id})
    except ValidationError:
        log.exception("delivery_unreadable", extra={"delivery": delivery.id})
        await outbox.kill(tx, delivery.id, "unreadable")
        return None


async def _failed(desk: Desk, tx: Transaction, delivery: Delivery, error: DeliveryError, now: datetime) -> None:
    doubtful = isinstance(error, MaybeSent) or (delivery.error or "").startswith(PERHAPS)
    says = (PERHAPS if doubtful else "") + (str(error) or type(error).__name__).removeprefix(PERHAPS)
    if isinstance(error, WindowClosed):
        await outbox.hold(tx, delivery.id, says)
    elif isinstance(error, RetryAfter):
        await outbox.postpone(tx, delivery.id, now + timedelta(seconds=error.seconds), says, counted=False)
    elif isinstance(error, Unreachable) or delivery.attempts >= desk.policy.retry_limit:
        await (outbox.doubt if doubtful else outbox.kill)(tx, delivery.id, says)
        await not_delivered(desk, tx, delivery)
        log.warning("delivery_given_up", extra={"delivery": delivery.id, "channel": delivery.channel, "attempts": delivery.attempts})
    else:
        await outbox.postpone(tx, delivery.id, now + _pause(desk, delivery.attempts), says)


def _pause(desk: Desk, attempts: int) -> timedelta:
    """Doubling waits with jitter, so that many do not come back at the same moment."""
    longest = min(desk.policy.retry_first * 2 ** min(attempts, 20), desk.policy.retry_longest)
    return timedelta(seconds=longest.total_seconds() * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, no secret
