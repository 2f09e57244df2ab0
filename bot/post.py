"""One channel's deliveries: so many at a time, of each chat one after the other, again when they fail."""

import asyncio
import logging
from contextlib import suppress

from bot.channels import Channel
from bot.ledger import Ledger
from handlers.desk import Desk
from handlers.errors import DeliveryError, MaybeSent, RetryAfter, Unavailable
from handlers.messages import Reply
from handlers.routine.deliver import bell, bell_away, take

log = logging.getLogger(__name__)

#: Messages under way at once, and how many more replies to whoever just spoke may wait for their turn before the outbox keeps them.
AT_ONCE = 12
WAITING = 100
#: How often the outbox is looked at when no bell rings, in seconds.
POLL_S = 1.0
SHORTEST_S = 0.01
#: A platform that takes longer over one reply is not waited for any more, in seconds.
SEND_S = 120.0
#: How long messages under way may take when Linli stops, in seconds.
DRAIN_S = 3.0


class Post:
    """Sends on one channel."""

    def __init__(self, desk: Desk, channel: Channel, ledger: Ledger) -> None:
        self._desk = desk
        self._channel = channel
        self._ledger = ledger
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._tasks: set[asyncio.Task[bool]] = set()
        self._bell = asyncio.Event()

    async def send(self, reply: Reply) -> bool:
        """Send a reply that is leased to us; False when it did not go, or has to wait: then the outbox sees to it."""
        if self._waiting >= WAITING:
            self._ledger.behind(reply)
            return False
        self._ledger.begin(reply)
        self._waiting += 1
        try:
            async with self._slots:
                return await self._send(reply)
        finally:
            self._waiting -= 1

    async def run(self) -> None:
        """Until cancelled: send what is due."""
        bell(self._desk, self._bell)
        try:
            while True:
                self._bell.clear()
                wait_s = await self._round()
                if wait_s:
                    # Not wait_for: before Python 3.12 it forgets a cancellation that comes together with the bell.
                    with suppress(TimeoutError):
                        async with asyncio.timeout(wait_s):
                            await self._bell.wait()
        finally:
            bell_away(self._desk, self._bell)

    def look(self) -> None:
        """Something may be due now."""
        self._bell.set()

    async def close(self) -> None:
        """Let what is under way arrive, for a while."""
        if self._tasks:
            _done, late = await asyncio.wait(self._tasks, timeout=DRAIN_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _round(self) -> float:
        """Take as many as may go now; returns after how many seconds to look again, if no bell rings before."""
        room = AT_ONCE - len(self._tasks)
        if room <= 0:
            return POLL_S
        try:
            taken = await take(self._desk, self._channel.name, room, self._ledger.in_hand)
        except Unavailable:
            log.warning("outbox_unavailable", extra={"channel": self._channel.name})
            return POLL_S
        except Exception:
            log.exception("outbox_failed", extra={"channel": self._channel.name})
            return POLL_S
        for reply in taken.replies:
            self._ledger.begin(reply)
            task = asyncio.create_task(self._in_a_slot(reply))
            self._tasks.add(task)
            task.add_done_callback(self._ended)
        if taken.replies or taken.next_at is None:
            return 0 if taken.replies else POLL_S
        return min(max((taken.next_at - self._desk.now()).total_seconds(), SHORTEST_S), POLL_S)

    async def _in_a_slot(self, reply: Reply) -> bool:
        async with self._slots:
            return await self._send(reply)

    def _ended(self, task: asyncio.Task[bool]) -> None:
        self._tasks.discard(task)
        self._bell.set()

    async def _send(self, reply: Reply) -> bool:
        try:
            async with asyncio.timeout(SEND_S):
                platform_message_id = await self._channel.send(reply)
        except DeliveryError as error:
            self._ledger.failed(reply, error)
        except Unavailable:  # the channel keeps its own pace in memory, and memory says no
            self._ledger.failed(reply, RetryAfter(POLL_S))
        except TimeoutError:
            self._ledger.failed(reply, MaybeSent("no answer"))
        except asyncio.CancelledError:
            self._ledger.failed(reply, MaybeSent("interrupted"))
            raise
        except Exception as fault:
            log.exception("send_failed", extra={"channel": self._channel.name, "delivery": reply.delivery_id})
            self._ledger.failed(reply, DeliveryError(type(fault).__name__))
        else:
            self._ledger.went(reply, platform_message_id)
            return True
        return False
