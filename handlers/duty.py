"""Duties that one process of several does at a time, such as reading a platform's updates."""

from datetime import timedelta

from handlers.desk import Desk
from storage import duties


async def take(desk: Desk, name: str, holder: str, lease: timedelta) -> bool:
    """Have a duty, or go on having it, for `lease`; False while another process has it."""
    async with desk.storage.transaction() as tx:
        return await duties.take(tx, name, holder, desk.now(), lease)


async def give_up(desk: Desk, name: str, holder: str) -> None:
    """Leave it to the next at once."""
    async with desk.storage.transaction() as tx:
        await duties.give_up(tx, name, holder)
