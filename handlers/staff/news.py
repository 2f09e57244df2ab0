"""When to look again: anything may have changed, in this process or another."""

from handlers.desk import Desk
from storage import changes


async def news(desk: Desk, seen: int, timeout_s: float) -> int:
    """Wait until anything changed after the change `seen`, or for `timeout_s` seconds; returns the newest change."""
    await desk.storage.changed(seen, timeout_s)
    async with desk.storage.reading() as tx:
        return await changes.latest(tx)
