"""What the clock brings up again: opening lines that nothing followed, and tickets that were put aside until now."""

import logging
from datetime import timedelta

from handlers.desk import Desk
from handlers.errors import Unavailable
from handlers.messages import Reply
from handlers.resident.receive import settle
from storage import conversations, tickets

log = logging.getLogger(__name__)

#: A channel that waits itself for an opening line has this long before the clock answers instead.
PATIENCE = timedelta(seconds=2)


async def settle_due(desk: Desk) -> list[tuple[Reply, ...]]:
    """Answer the opening lines that have waited long enough; returns what is to be said, conversation by conversation."""
    async with desk.storage.reading() as tx:
        due = await conversations.held_due(tx, desk.now() - PATIENCE, never_after=desk.now() + desk.policy.flood_patience)
    said = []
    for conversation_id in due:
        try:
            said.append(await settle(desk, conversation_id))
        except Unavailable:
            raise
        except Exception:
            log.exception("lines_not_answered", extra={"conversation": conversation_id})
    return [replies for replies in said if replies]


async def wake_due(desk: Desk) -> int:
    """Bring snoozed tickets whose time has come back into the queue; returns how many."""
    async with desk.storage.reading() as tx:
        if not await tickets.snooze_due(tx, desk.now()):
            return 0
    async with desk.storage.transaction() as tx:
        return len(await tickets.wake_due(tx, desk.now()))
