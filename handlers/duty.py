"""Duties that one process of several does at a time: the clock, the reading of a platform's updates."""

from datetime import timedelta

from handlers.desk import Desk
from storage import duties

#: A process that has not been heard of for this long has lost its duties; it says that it is there several times in between.
LEASE = timedelta(seconds=8)


def shared(desk: Desk) -> bool:
    """Whether there can be other processes at all: a SQLite file has one server, which has every duty."""
    return desk.storage.shared


async def take(desk: Desk, name: str, holder: str) -> bool:
    """Have a duty, or go on having it, for `LEASE`; False while another process has it."""
    async with desk.storage.transaction() as tx:
        return await duties.take(tx, name, holder, desk.now(), LEASE)


async def give_up(desk: Desk, name: str, holder: str) -> None:
    """Leave it to the next at once."""
    async with desk.storage.transaction() as tx:
        await duties.give_up(tx, name, holder)
