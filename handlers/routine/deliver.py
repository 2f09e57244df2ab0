"""What is due goes out: the outbox handed to a send function, confirmed, tried again or given to a person."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from handlers.desk import Desk
from handlers.errors import DeliveryError, RetryAfter, Unreachable, WindowClosed
from handlers.messages import Reply
from handlers.routine.undelivered import not_delivered
from handlers.wire import from_json
from storage import changes, outbox
from storage.outbox import Delivery
from storage.transaction import Transaction

#: Sends one reply and returns the platform's id of the message; raises a `DeliveryError`.
Send = Callable[[Reply], Awaitable[str]]
#: How long one round may take to send what it leased.
LEASE = timedelta(seconds=60)
#: How many deliveries one round takes.
BATCH = 20


async def confirm(desk: Desk, sent: Mapping[int, str]) -> None:
    """Deliveries that went out, with the platform's id of each message."""
    if sent:
        async with desk.storage.transaction() as tx:
            await outbox.confirm(tx, dict(sent), desk.now())


async def deliver_due(desk: Desk, send: Send) -> int:
    """Send what is due, at most `BATCH`, of each chat the earliest, all at once; returns how many were taken."""
    async with desk.storage.reading() as tx:
        due_at = await outbox.next_due_at(tx)
    if due_at is None or due_at > desk.now():
        return 0
    async with desk.storage.transaction() as tx:
        due = await outbox.lease_due(tx, desk.now(), LEASE, BATCH)
    sent: dict[int, str] = {}
    failed: list[tuple[Delivery, DeliveryError]] = []

    async def send_one(delivery: Delivery) -> None:
        try:
            sent[delivery.id] = await send(from_json({**delivery.reply, "delivery_id": delivery.id}))
        except DeliveryError as error:
            failed.append((delivery, error))

    await asyncio.gather(*map(send_one, due))
    if due:
        async with desk.storage.transaction() as tx:
            await outbox.confirm(tx, sent, desk.now())
            for delivery, error in failed:
                await _failed(desk, tx, delivery, error)
    return len(due)


async def news(desk: Desk, seen: int, timeout_s: float) -> int:
    """Wait until anything changed after the change `seen`, or for `timeout_s` seconds; returns the newest change."""
    await desk.storage.changed(seen, timeout_s)
    async with desk.storage.reading() as tx:
        return await changes.latest(tx)


async def failed(desk: Desk, delivery_id: int, error: DeliveryError) -> None:
    """A delivery that its own channel could not send: the courier takes it over."""
    async with desk.storage.transaction() as tx:
        delivery = await outbox.get(tx, delivery_id)
        if delivery is not None:
            await _failed(desk, tx, delivery, error)


async def _failed(desk: Desk, tx: Transaction, delivery: Delivery, error: DeliveryError) -> None:
    now = desk.now()
    if isinstance(error, WindowClosed):
        await outbox.hold(tx, delivery.id, str(error))
    elif isinstance(error, Unreachable) or (delivery.attempts >= desk.policy.retry_limit and not isinstance(error, RetryAfter)):
        await outbox.kill(tx, delivery.id, str(error) or type(error).__name__)
        await not_delivered(desk, tx, delivery)
    else:
        await outbox.postpone(tx, delivery.id, now + _pause(desk, delivery.attempts, error), str(error) or type(error).__name__)


def _pause(desk: Desk, attempts: int, error: DeliveryError) -> timedelta:
    """The platform's own wish, else doubling waits with jitter, so that many do not come back at the same moment."""
    if isinstance(error, RetryAfter):
        return timedelta(seconds=error.seconds)
    longest = min(desk.policy.retry_first * 2 ** min(attempts, 20), desk.policy.retry_longest)
    return timedelta(seconds=longest.total_seconds() * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, no secret
