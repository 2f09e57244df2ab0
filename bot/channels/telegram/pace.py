"""Telegram's limits, kept by us so that it never has to refuse: 30 messages a second, one a second to a chat, 20 a minute to a group.

Each limit is a burst and a steady rate such that no window of Telegram's length can hold more than it allows, with a
little room for the network's unevenness. Requests of one moment share a transaction.
"""

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta

from handlers.desk import Desk
from handlers.errors import RetryAfter
from handlers.pacing import Limit, allow, hold_back

#: 4 at once, then 25 a second: at most 28 in any second.
EVERYWHERE = Limit(4, timedelta(milliseconds=160))
#: One each 1.05 seconds.
CHAT = Limit(1, timedelta(milliseconds=1050))
#: 4 at once, then one each 4.15 seconds: at most 18 in any minute.
GROUP = Limit(4, timedelta(seconds=16.6))
#: What is minor leaves half of the burst to others.
GROUP_MINOR = Limit(2, timedelta(seconds=8.3))
#: Between two messages to a chat lies at least this long from the first one's arrival, in seconds.
GAP_S = 1.0
#: How many chats' last arrivals are remembered before the old ones are swept.
REMEMBERED = 1000
#: How long a message may wait here, in seconds, before the outbox takes it back.
PATIENCE_S = 1.5
#: The parts of one message stay together: a part waits this long for its turn.
PATIENCE_WITHIN_S = 45.0


class Pace:
    """Asks for leave before each message."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asked: list[tuple[Mapping[str, Limit], asyncio.Future[timedelta | None]]] = []
        self._asking: asyncio.Task[None] | None = None
        self._answered: dict[str, float] = {}

    async def leave(self, chat_id: str, *, minor: bool = False, patience_s: float = PATIENCE_S) -> None:
        """Return when a message to this chat may go. Raises `RetryAfter` when that is further away than `patience_s`."""
        limits = limits_of(chat_id, minor=minor)
        left = patience_s
        while (wait := await self._ask(limits)) is not None:
            seconds = max(wait.total_seconds(), 0.005)
            if seconds > left:
                raise RetryAfter(seconds)
            left -= seconds
            await asyncio.sleep(seconds)
        # A message that was long on its way counts, for Telegram, from its arrival.
        await asyncio.sleep(max(self._answered.get(chat_id, 0.0) + GAP_S - time.monotonic(), 0.0))

    def arrived(self, chat_id: str) -> None:
        """Telegram has answered: the message before has arrived at the latest now."""
        now = time.monotonic()
        if len(self._answered) > REMEMBERED:
            self._answered = {chat: at for chat, at in self._answered.items() if now - at < GAP_S}
        self._answered[chat_id] = now

    async def refused(self, chat_id: str, seconds: float) -> None:
        """Telegram asked to wait all the same: it is the judge of its own limits."""
        scope, limit = next(reversed(limits_of(chat_id, minor=False).items()))
        await hold_back(self._desk, scope, limit, seconds)

    async def _ask(self, limits: Mapping[str, Limit]) -> timedelta | None:
        answer: asyncio.Future[timedelta | None] = asyncio.get_running_loop().create_future()
        self._asked.append((limits, answer))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_for_all())
        return await answer

    async def _ask_for_all(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, []
            try:
                waits = await allow(self._desk, [limits for limits, _answer in asked])
            except Exception as fault:
                for _limits, answer in asked:
                    if not answer.done():
                        answer.set_exception(fault)
                continue
            for (_limits, answer), wait in zip(asked, waits, strict=True):
                if not answer.done():
                    answer.set_result(wait)


def limits_of(chat_id: str, *, minor: bool) -> dict[str, Limit]:
    """The limits that a message to this chat counts under; groups have negative ids."""
    limits = {"telegram": EVERYWHERE, f"telegram:{chat_id}": CHAT}
    if chat_id.startswith("-"):
        limits[f"telegram:{chat_id}:minute"] = GROUP_MINOR if minor else GROUP
    return limits
