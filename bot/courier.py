"""The courier: replies on their way to people. One post a channel, so that a slow platform holds up nobody else's messages."""

import asyncio
import logging
from collections.abc import Mapping, Sequence

from bot.channels import Channel
from bot.ledger import Ledger
from bot.post import Post
from handlers.desk import Desk
from handlers.errors import Unavailable
from handlers.messages import Reply
from handlers.routine.deliver import LEASE, keep

log = logging.getLogger(__name__)

#: How often what is being sent is said to be so, in seconds.
KEEP_S = LEASE.total_seconds() / 3


class Courier:
    """Sends and confirms. One a process; the outbox sees to it that several never send the same."""

    def __init__(self, desk: Desk, channels: Mapping[str, Channel]) -> None:
        self._desk = desk
        self._ledger = Ledger(desk)
        self._posts = {name: Post(desk, channel, self._ledger) for name, channel in channels.items()}
        self._ledger.written = self._look

    async def send(self, replies: Sequence[Reply]) -> None:
        """Send replies to whoever just spoke, in order. What fails, and what has others before it, is left to the rounds."""
        for number, reply in enumerate(replies):
            post = self._posts.get(reply.channel)
            if reply.delivery_id and post is not None and not await post.send(reply):
                for behind in replies[number + 1 :]:
                    self._ledger.behind(behind)
                return

    def sent(self, reply: Reply) -> None:
        """A reply has reached its reader without being sent, for instance as the body of an HTTP answer."""
        self._ledger.shown(reply)

    async def settle(self) -> None:
        """Write down now what became of everything, as the last thing that a channel does before it closes."""
        await self._ledger.close()

    async def run(self) -> None:
        """Until cancelled: send what is due and write down what became of it."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._ledger.run())
                tasks.create_task(self._keep_for_ever())
                for post in self._posts.values():
                    tasks.create_task(post.run())
        finally:
            await asyncio.shield(self._end())

    def _look(self) -> None:
        for post in self._posts.values():
            post.look()

    async def _end(self) -> None:
        await asyncio.gather(*(post.close() for post in self._posts.values()))
        await self._ledger.close()

    async def _keep_for_ever(self) -> None:
        """However long a platform takes, nobody else sends the same meanwhile."""
        while True:
            held = set(self._ledger.in_hand)
            await asyncio.sleep(KEEP_S)
            try:
                if still := held & set(self._ledger.in_hand):
                    await keep(self._desk, still)
            except Unavailable:
                log.warning("leases_not_kept", extra={"deliveries": len(still)})
