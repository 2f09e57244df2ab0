"""A platform in memory: takes messages, refuses them when told to, and remembers what arrived, in order."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from handlers.errors import DeliveryError
from handlers.messages import Reply


@dataclass
class Platform:
    """A channel. `refuse` may name an error for a reply; `gate`, while closed, keeps every message under way."""

    name: str = "test"
    refuse: Callable[[Reply], DeliveryError | None] = lambda _reply: None
    arrived: list[Reply] = field(default_factory=list)
    under_way: int = 0
    most: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    _moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.gate.set()

    async def send(self, reply: Reply) -> str:
        """Take a message, unless it is refused."""
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await self._tell()
            await self.gate.wait()
            await asyncio.sleep(0)
            error = self.refuse(reply)
            if error is not None:
                raise error
            self.arrived.append(reply)
            return f"p{len(self.arrived)}"
        finally:
            self.under_way -= 1
            await self._tell()

    async def until(self, true: Callable[[], object], seconds: float = 10.0) -> None:
        """Wait until something is true of what has arrived or is under way."""
        async with asyncio.timeout(seconds), self._moved:
            await self._moved.wait_for(true)

    @property
    def texts(self) -> list[str]:
        """What arrived, in order."""
        return [reply.text for reply in self.arrived]

    @property
    def twice(self) -> list[str]:
        """What arrived more than once."""
        return [text for text, times in Counter(self.texts).items() if times > 1]

    async def _tell(self) -> None:
        async with self._moved:
            self._moved.notify_all()
