"""What became of deliveries, written down in batches: while one commit is on its way, the next batch gathers by itself."""

import asyncio
import logging
from collections.abc import Callable

from handlers.desk import Desk
from handlers.errors import DeliveryError, RetryAfter, Unavailable
from handlers.messages import Reply
from handlers.routine.deliver import settle

log = logging.getLogger(__name__)

#: What was shown rather than sent cannot arrive twice, so its confirmation waits this long for company, in seconds.
GATHER_S = 0.25
#: How long to wait when the store says no, in seconds.
PAUSE_S = 0.5
#: More than this at once would hold the writer's turn for long.
BATCH = 200


def _nothing() -> None:
    return


class Ledger:
    """`in_hand` are the deliveries that this process is sending or has not yet written down: nobody here takes them again.

    `written` is called after each batch, when the next replies to the same chats may go.
    """

    def __init__(self, desk: Desk) -> None:
        self.in_hand: set[int] = set()
        self._desk = desk
        self._sent: dict[int, str] = {}
        self._failed: dict[int, DeliveryError] = {}
        self._woken = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self.written: Callable[[], None] = _nothing

    def begin(self, reply: Reply) -> None:
        """It is being sent."""
        self.in_hand.add(reply.delivery_id)

    def went(self, reply: Reply, platform_message_id: str) -> None:
        """The platform has it: written at once, because a crash before that sends it twice."""
        self._sent[reply.delivery_id] = platform_message_id
        self._woken.set()

    def failed(self, reply: Reply, error: DeliveryError) -> None:
        """It did not go."""
        self._failed[reply.delivery_id] = error
        self._woken.set()

    def behind(self, reply: Reply) -> None:
        """It was not tried, because one before it did not go."""
        if reply.delivery_id:
            self.in_hand.add(reply.delivery_id)
            self.failed(reply, RetryAfter(0))

    def shown(self, reply: Reply) -> None:
        """It was shown as the answer to a request."""
        if reply.delivery_id:
            self.in_hand.add(reply.delivery_id)
            self._sent[reply.delivery_id] = ""
            if self._timer is None:
                self._timer = asyncio.get_running_loop().call_later(GATHER_S, self._ring)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            if not await self.write():
                await asyncio.sleep(PAUSE_S)
                self._woken.set()

    async def write(self) -> bool:
        """Write one batch; False when the store said no, and then nothing is forgotten."""
        sent = dict(list(self._sent.items())[:BATCH])
        failed = dict(list(self._failed.items())[: BATCH - len(sent)])
        if not sent and not failed:
            return True
        try:
            await settle(self._desk, sent, failed)
        except Unavailable:
            log.warning("deliveries_not_written", extra={"waiting": len(self._sent) + len(self._failed)})
            return False
        for delivery_id in sent:
            self._sent.pop(delivery_id)
        for delivery_id in failed:
            self._failed.pop(delivery_id)
        self.in_hand -= sent.keys() | failed.keys()
        if self._sent or self._failed:
            self._woken.set()
        self.written()
        return True

    async def close(self) -> None:
        """Write what is left, as long as the store lets us."""
        if self._timer is not None:
            self._timer.cancel()
        while (self._sent or self._failed) and await self.write():
            pass

    def _ring(self) -> None:
        self._timer = None
        self._woken.set()
