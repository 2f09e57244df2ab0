"""The clock: what falls due without anybody writing."""

import asyncio
import logging

from bot.courier import Courier
from handlers.desk import Desk
from handlers.errors import Unavailable
from handlers.routine.waking import settle_due, wake_due

log = logging.getLogger(__name__)

#: How often the clock looks, in seconds.
TICK_S = 1.0


async def run(desk: Desk, courier: Courier) -> None:
    """Until cancelled: answer opening lines that nothing followed, and bring snoozed tickets back."""
    while True:
        try:
            await courier.send(await settle_due(desk))
            await wake_due(desk)
        except Unavailable:
            log.warning("clock_could_not_look")
        await asyncio.sleep(TICK_S)
