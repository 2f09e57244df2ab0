"""Waiting with an opening line ("hi", "my visa") until its rest has come or enough time has passed."""

import asyncio

from handlers.desk import Desk
from handlers.messages import Reply
from handlers.resident.receive import Received, settle
from storage import conversations


async def settled(desk: Desk, received: Received) -> tuple[Reply, ...]:
    """The replies to a message, waited for where it was an opening line. Nothing where a later line takes it along."""
    if received.settle_at is None:
        return received.replies
    await asyncio.sleep(max(0.0, (received.settle_at - desk.now()).total_seconds()))
    async with desk.storage.reading() as tx:
        held = await conversations.held(tx, received.conversation_id)
    if held and held[-1].held_until is not None and held[-1].held_until > received.settle_at:
        return ()
    return await settle(desk, received.conversation_id)
