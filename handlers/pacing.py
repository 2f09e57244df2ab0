"""How fast a platform lets us speak: limits counted in the database, so that all processes share them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from handlers.desk import Desk
from storage import pace
from storage.pace import Limit

__all__ = ["Limit", "allow", "hold_back"]


async def allow(desk: Desk, asked: Sequence[Mapping[str, Limit]]) -> list[timedelta | None]:
    """For each request (scope → limit), in order: None when it may go now and is counted, else how long it must wait, uncounted."""
    now = desk.now()
    async with desk.storage.transaction() as tx:
        until = [await pace.take(tx, limits, now) for limits in asked]
    return [None if moment is None else moment - now for moment in until]


async def hold_back(desk: Desk, scope: str, limit: Limit, seconds: float) -> None:
    """The platform itself asked to wait: nothing goes under this scope before."""
    now: datetime = desk.now()
    async with desk.storage.transaction() as tx:
        await pace.pause(tx, scope, limit, now + timedelta(seconds=seconds))
