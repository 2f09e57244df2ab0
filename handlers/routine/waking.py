"""What the clock brings up again: opening lines that nothing followed, and tickets that were put aside until now."""

from datetime import timedelta

from handlers.desk import Desk
from handlers.messages import Reply
from handlers.resident.receive import settle
from storage import conversations, tickets

#: A channel that waits itself for an opening line has this long before the clock answers instead.
PATIENCE = timedelta(seconds=2)


async def settle_due(desk: Desk) -> list[Reply]:
    """Answer the opening lines that have waited long enough; returns what is to be said."""
    async with desk.storage.reading() as tx:
        due = await conversations.held_due(tx, desk.now() - PATIENCE)
    return [reply for conversation_id in due for reply in await settle(desk, conversation_id)]


async def wake_due(desk: Desk) -> int:
    """Bring snoozed tickets whose time has come back into the queue; returns how many."""
    async with desk.storage.reading() as tx:
        if not await tickets.snooze_due(tx, desk.now()):
            return 0
    async with desk.storage.transaction() as tx:
        return len(await tickets.wake_due(tx, desk.now()))
