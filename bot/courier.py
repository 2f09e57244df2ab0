"""The courier: replies on their way to people. What a channel sent is confirmed in batches, what is due is sent, again if need be."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.channels import Channel
from handlers.desk import Desk
from handlers.errors import DeliveryError, Unavailable
from handlers.messages import Reply
from handlers.routine.deliver import confirm, deliver_due, failed, news

log = logging.getLogger(__name__)

#: Confirmations wait this long for company: one commit then confirms many.
GATHER = timedelta(milliseconds=50)
#: How often the outbox is looked at when nothing wakes the courier, in seconds.
POLL_S = 1.0


class Courier:
    """Sends and confirms. One a process; the outbox sees to it that several never send the same."""

    def __init__(self, desk: Desk, channels: Mapping[str, Channel]) -> None:
        self._desk = desk
        self._channels = channels
        self._sent: dict[int, str] = {}
        self._woken = asyncio.Event()

    async def send(self, replies: Sequence[Reply]) -> None:
        """Send replies to whoever just spoke, in order; what fails is left to the rounds."""
        for reply in replies:
            try:
                self.sent(reply, await self._channel(reply).send(reply))
            except DeliveryError as error:
                await failed(self._desk, reply.delivery_id, error)
                return

    def sent(self, reply: Reply, platform_message_id: str = "") -> None:
        """A reply has reached its platform, for instance as the body of an HTTP answer; it is confirmed with the next batch."""
        self._sent[reply.delivery_id] = platform_message_id
        self._woken.set()

    async def settle(self) -> None:
        """Confirm now what was sent, as the last thing that a channel does before it closes."""
        await self._confirm()

    async def run(self) -> None:
        """Until cancelled: confirm what was sent and send what is due."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._confirm_for_ever())
                tasks.create_task(self._deliver_for_ever())
        finally:
            await self._confirm()

    async def _confirm_for_ever(self) -> None:
        while True:
            await self._woken.wait()
            await asyncio.sleep(GATHER.total_seconds())
            self._woken.clear()
            await self._confirm()

    async def _confirm(self) -> None:
        sent, self._sent = self._sent, {}
        try:
            await confirm(self._desk, sent)
        except Unavailable:
            self._sent = {**sent, **self._sent}
            self._woken.set()
            log.warning("confirming_failed", extra={"waiting": len(self._sent)})
            await asyncio.sleep(POLL_S)

    async def _deliver_for_ever(self) -> None:
        seen = 0
        while True:
            try:
                while await deliver_due(self._desk, self._dispatch):
                    pass
                seen = await news(self._desk, seen, POLL_S)
            except Unavailable:
                log.warning("outbox_unavailable")
                await asyncio.sleep(POLL_S)

    async def _dispatch(self, reply: Reply) -> str:
        return await self._channel(reply).send(reply)

    def _channel(self, reply: Reply) -> Channel:
        channel = self._channels.get(reply.channel)
        if channel is None:
            raise DeliveryError(f"The channel {reply.channel} is not running here.")
        return channel
