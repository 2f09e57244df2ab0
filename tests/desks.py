"""A whole desk for tests: the small catalogue, a clock that moves when told, and people who talk."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from faq.knowledge import Knowledge
from handlers.desk import Desk
from handlers.messages import Message, Reply, ReplyKind
from handlers.policy import Policy
from handlers.resident.receive import Received, receive
from handlers.staff import roster
from storage import communities
from storage.database import Storage
from storage.workers import Role, Worker

CATALOGUE = Path(__file__).parent / "catalogue"
#: With six entries and no encoder only letters tell, so the bar is higher than the calibration's. Where time stands still everybody
#: would seem to write very fast.
POLICY = Policy(answer_at=0.9, suggest_at=0.6, flood_after=0)
_numbers = count(1)


@cache
def small_knowledge() -> Knowledge:
    """Six entries, read once a process."""
    return Knowledge(CATALOGUE)


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    time: datetime

    def __call__(self) -> datetime:
        return self.time

    def pass_(self, **units: float) -> None:
        """Let time pass, in the units of `timedelta`."""
        self.time += timedelta(**units)


async def open_desk(storage: Storage, clock: Clock, policy: Policy = POLICY) -> Desk:
    """A desk over the small catalogue, its communities known."""
    desk = Desk(small_knowledge(), storage, policy, clock)
    async with storage.transaction() as tx:
        await communities.ensure(tx, {one.id: one.values["community.name"] for one in desk.faq.catalogue.communities.values()}, clock())
    return desk


@dataclass
class Person:
    """Somebody who writes in a private chat; every message has a number of its own."""

    desk: Desk
    name: str = "Ana"
    channel: str = "test"
    heard: list[Reply] = field(default_factory=list)

    def message(self, text: str, **more: Any) -> Message:
        """What they write, before anybody has read it."""
        values: dict[str, Any] = {"message_id": f"m{next(_numbers)}", "sent_at": self.desk.now(), "sender_name": self.name} | more
        return Message(self.channel, f"chat-{self.name}", self.name, text=text, **values)

    async def receive(self, text: str, **more: Any) -> Received:
        """Write and see all that comes of it."""
        received = await receive(self.desk, self.message(text, **more))
        self.heard += received.replies
        return received

    async def say(self, text: str, **more: Any) -> Reply:
        """Write and get the one reply; what newcomers are told of privacy beside it is left out."""
        received = await self.receive(text, **more)
        replies = [reply for reply in received.replies if reply.kind is not ReplyKind.privacy] or received.replies
        assert len(replies) == 1, received
        return replies[0]

    async def tap(self, label: str) -> Reply:
        """Tap the button of that name under the last reply that has one."""
        choice = next(choice for reply in reversed(self.heard) for choice in reply.choices if choice.label == label)
        return await self.say("", choice=choice.payload)


async def hire(desk: Desk, name: str = "Chen Yuyu", role: Role = Role.worker, communities: tuple[str, ...] = ()) -> Worker:
    """A worker of the desk."""
    return await roster.add(desk, name, role=role, communities=communities)
