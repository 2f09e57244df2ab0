"""Waiting with an opening line ("hi", "my visa") until its rest has come or enough time has passed."""

import asyncio

from handlers.desk import Desk
from handlers.messages import Reply
from handlers.resident.receive import Received, settle


async def settled(desk: Desk, received: Received) -> tuple[Reply, ...]:
    """The replies to a message, waited for where it was an opening line. Nothing where a later line takes it along."""
    if received.settle_at is None:
        return received.replies
    await asyncio.sleep(max(0.0, (received.settle_at - desk.now()).total_seconds()))
    return (*received.replies, *await settle(desk, received.conversation_id, received.settle_at))
