"""The clock: what falls due without anybody writing."""

import asyncio
import logging
from datetime import timedelta
from itertools import count
from uuid import uuid4

from bot.courier import Courier
from handlers.desk import Desk
from handlers.duty import take
from handlers.errors import Unavailable
from handlers.routine.retain import complete_erasures, retain, scrub
from handlers.routine.waking import settle_due, wake_due

log = logging.getLogger(__name__)

#: How often the clock looks, in seconds.
TICK_S = 1.0


#: How often erasures are completed and cleaned up after, and how often retention sweeps, in seconds.
ERASE_S = 60.0
RETAIN_S = 3600.0


async def keep_little(desk: Desk) -> None:
    """Until cancelled: complete erasures every minute, and let go once an hour of what has had its time. One process of many does it."""
    me = uuid4().hex
    for minute in count():
        try:
            if not await take(desk, "keep_little", me, timedelta(seconds=2.5 * ERASE_S)):
                await asyncio.sleep(ERASE_S)
                continue
            await complete_erasures(desk)
            await scrub(desk)
            if minute % round(RETAIN_S / ERASE_S) == 0:
                gone = await retain(desk)
                if gone.total:
                    log.info("retained", extra={"people": gone.people} | {str(kind): rows for kind, rows in gone.rows.items()})
        except Unavailable:
            log.warning("could_not_let_go")
        await asyncio.sleep(ERASE_S)


async def run(desk: Desk, courier: Courier) -> None:
    """Until cancelled: answer opening lines that nothing followed, and bring snoozed tickets back."""
    while True:
        try:
            await courier.send(await settle_due(desk))
            await wake_due(desk)
        except Unavailable:
            log.warning("clock_could_not_look")
        await asyncio.sleep(TICK_S)
