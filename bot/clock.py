"""The clock: what falls due without anybody writing. One process of many looks at it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import count

from bot.courier import Courier
from handlers.desk import Desk
from handlers.errors import Unavailable
from handlers.routine.deliver import mend
from handlers.routine.retain import complete_erasures, retain, scrub
from handlers.routine.saying import say_due
from handlers.routine.standards import keep_standards
from handlers.routine.waking import settle_due, wake_due
from handlers.staff import paging

log = logging.getLogger(__name__)

#: The name of the duty.
DUTY = "clock"
#: How often the clock looks, in seconds.
TICK_S = 1.0
#: How often erasures are completed and cleaned up after, and how often retention sweeps, in seconds.
ERASE_S = 60.0
RETAIN_S = 3600.0


async def run(desk: Desk, courier: Courier) -> None:
    """Until cancelled: do each thing whenever it is due. One that fails is told and holds up none of the others."""
    sending: set[asyncio.Task[None]] = set()

    async def answer() -> None:
        for replies in await settle_due(desk):
            sending.add(task := asyncio.create_task(courier.send(replies)))
            task.add_done_callback(sending.discard)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_every(TICK_S, "lines", answer))
        tasks.create_task(_every(TICK_S, "snoozed", lambda: wake_due(desk)))
        tasks.create_task(_every(TICK_S, "replies", lambda: say_due(desk)))
        tasks.create_task(_every(TICK_S, "pages", lambda: paging.sweep(desk)))
        tasks.create_task(_every(TICK_S, "standards", lambda: keep_standards(desk)))
        tasks.create_task(_every(ERASE_S, "times", lambda: mend(desk)))
        tasks.create_task(keep_little(desk))


async def keep_little(desk: Desk) -> None:
    """Until cancelled: complete erasures every minute, and let go once an hour of what has had its time."""
    minutes = count()

    async def let_go() -> None:
        await complete_erasures(desk)
        await scrub(desk)
        if next(minutes) % round(RETAIN_S / ERASE_S) == 0:
            gone = await retain(desk)
            if gone.total:
                log.info("retained", extra={"people": gone.people} | {str(kind): rows for kind, rows in gone.rows.items()})

    await _every(ERASE_S, "keep_little", let_go)


async def _every(seconds: float, name: str, work: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            await work()
        except Unavailable:
            log.warning("clock_could_not_look", extra={"at": name})
        except Exception:
            log.exception("clock_failed", extra={"at": name})
        await asyncio.sleep(seconds)
