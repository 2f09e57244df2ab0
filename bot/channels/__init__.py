"""The channels: how Linli listens and speaks on each platform, all with the same two words, Message and Reply."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from handlers.messages import Message, Reply
from handlers.resident.receive import Received

#: What a channel hands every message to.
Receive = Callable[[Message], Awaitable[Received]]


class Channel(Protocol):
    """A way to reach people. Says how a reply looks; what it says was decided before."""

    name: str

    async def send(self, reply: Reply) -> str:
        """Show a reply where it belongs and return the platform's id of it ("" where there is none).

        Raises `RetryAfter`, `WindowClosed` or `Unreachable`, or another `DeliveryError` where trying again may help.
        """
        ...
