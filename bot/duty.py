"""What one process of several does at a time. Another takes over within seconds of this one's end, however it ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from uuid import uuid4

from handlers import duty
from handlers.desk import Desk
from handlers.errors import Unavailable

log = logging.getLogger(__name__)

#: How often whoever has a duty says that they are there, and others look whether it is free, in seconds.
RENEW_S = duty.LEASE.total_seconds() / 4


async def on_duty(desk: Desk, name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Until cancelled: do the work whenever the duty is ours. Work that loses its duty is cancelled."""
    if not duty.shared(desk):
        await work()
        return
    holder = uuid4().hex
    try:
        while True:
            if await _have(desk, name, holder):
                log.info("on_duty", extra={"duty": name})
                await _while_ours(desk, name, holder, work)
            await asyncio.sleep(RENEW_S)
    finally:
        await asyncio.shield(_leave(desk, name, holder))


async def _while_ours(desk: Desk, name: str, holder: str, work: Callable[[], Awaitable[None]]) -> None:
    task = asyncio.ensure_future(work())
    ours_until = _clock() + duty.LEASE.total_seconds()
    try:
        while not task.done() and _clock() < ours_until:
            await asyncio.wait({task}, timeout=RENEW_S)
            asked = _clock()
            if await _have(desk, name, holder):
                ours_until = asked + duty.LEASE.total_seconds()
        if task.done():
            await task
        else:
            log.warning("duty_lost", extra={"duty": name})
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _have(desk: Desk, name: str, holder: str) -> bool:
    try:
        async with asyncio.timeout(RENEW_S):
            return await duty.take(desk, name, holder)
    except (Unavailable, TimeoutError):
        return False


async def _leave(desk: Desk, name: str, holder: str) -> None:
    try:
        await duty.give_up(desk, name, holder)
    except Unavailable:
        log.warning("duty_not_given_up", extra={"duty": name})


def _clock() -> float:
    """Seconds that only go forward."""
    return asyncio.get_running_loop().time()
