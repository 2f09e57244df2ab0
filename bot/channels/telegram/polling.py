"""Asking Telegram for updates. The offset moves on only after everything before it is kept by us, so that a crash loses nothing."""

import asyncio
import logging
from typing import Any, cast

from telegram import Bot, error

from bot.channels.telegram.intake import KINDS, Intake
from bot.channels.telegram.request import TooMany
from bot.duty import on_duty
from handlers.desk import Desk
from handlers.errors import Unavailable

log = logging.getLogger(__name__)

#: How long Telegram may hold a request open when there is nothing new, in seconds.
LONG_POLL_S = 20
BATCH = 100
DUTY = "telegram polling"
#: First and longest pause after a failure, in seconds.
PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0


class Polling:
    """The loop. `confirmed` is the offset that Telegram was told last."""

    def __init__(self, desk: Desk, bot: Bot, intake: Intake, *, long_poll_s: int = LONG_POLL_S) -> None:
        self._desk = desk
        self._bot = bot
        self._intake = intake
        self._long_poll_s = long_poll_s
        self._offset = 0

    async def run(self) -> None:
        """Until cancelled; of several processes one asks at a time."""
        await on_duty(self._desk, DUTY, self._ask)

    async def _ask(self) -> None:
        pause_s = PAUSE_S
        while True:
            try:
                await self._round()
                pause_s = PAUSE_S
            except TooMany as fault:
                await asyncio.sleep(fault.seconds)
            except (error.TelegramError, Unavailable) as fault:
                log.warning("telegram_not_read", extra={"says": str(fault), "pause_s": pause_s})
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def _round(self) -> None:
        """Fetch a batch and hand it on; the offset follows the last update that is kept."""
        batch = await self._fetch()
        if not batch:
            return
        done = await asyncio.gather(*(self._intake.take(update) for update in batch), return_exceptions=True)
        for update, outcome in zip(batch, done, strict=True):
            if isinstance(outcome, Unavailable):
                raise outcome
            if isinstance(outcome, BaseException):
                log.error("update_failed", exc_info=outcome, extra={"update": update.get("update_id")})
            self._offset = max(self._offset, int(update.get("update_id", 0)) + 1)

    async def _fetch(self) -> list[dict[str, Any]]:
        """Updates as they are: one that the library cannot read must not hide the others."""
        asked = {"offset": self._offset, "limit": BATCH, "timeout": self._long_poll_s, "allowed_updates": list(KINDS)}
        # In this spelling the library hands the answer out as it came instead of parsing it whole.
        answer = await self._bot.do_api_request("get_Updates", asked, read_timeout=self._long_poll_s + 10)
        return cast("list[dict[str, Any]]", answer) if isinstance(answer, list) else []
