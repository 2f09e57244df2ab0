"""People who write while Linli is killed: they note what they were told yes to, and try again until they are."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.telegram.fake.people import Person
from tests.telegram.fake.world import World

#: What they write: half of it is on file, half of it needs a person; now and then somebody only says hello first.
ANSWERED = ("How do I register my address?", "怎么换驾照", "My insurance does not pay", "can the community help me find a nanny?")
ASKED = ("Where can I get my piano number {n} tuned?", "谁能帮我修第 {n} 把琵琶？")


def words(chance: random.Random, n: int) -> str:
    """A message."""
    return chance.choice(ANSWERED) if chance.random() < 0.5 else chance.choice(ASKED).format(n=n)


@dataclass
class Visitor:
    """Somebody on the web page. `acknowledged`: the ids of the replies to each message that was answered with 200, every time."""

    name: str
    chance: random.Random
    urls: Callable[[], list[str]]
    token: str = ""
    acknowledged: dict[str, list[list[int]]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    async def talk(self, http: aiohttp.ClientSession, messages: int, pause_s: float = 0.0) -> None:
        """Say so many things, one after the other; one in five is sent a second time although it was answered."""
        self.token = (await self._insist(http, "/chat/visitors", {}))["visitor"]
        for n in range(messages):
            key = f"{self.name}-{n}"
            body = {"id": key, "text": words(self.chance, n)}
            self.told.append(key)
            for _again in range(1 + (self.chance.random() < 0.2)):
                begun = asyncio.get_running_loop().time()
                answer = await self._insist(http, "/chat/messages", body)
                self.took.append(asyncio.get_running_loop().time() - begun)
                self.acknowledged.setdefault(key, []).append([reply["id"] for reply in answer["replies"]])
            await asyncio.sleep(pause_s * self.chance.random())

    async def read(self, http: aiohttp.ClientSession) -> list[dict[str, Any]]:
        """All that was said, as the page shows it."""
        lines: list[dict[str, Any]] = []
        cursor = 0
        while True:
            url = f"{self.urls()[0]}/chat/messages?after={cursor}"
            async with http.get(url, headers={"Authorization": f"Bearer {self.token}"}) as answer:
                page = await answer.json()
            if not page["messages"]:
                return lines
            lines += page["messages"]
            cursor = page["cursor"]

    async def _insist(self, http: aiohttp.ClientSession, path: str, body: dict[str, Any]) -> Any:
        while True:
            url = self.chance.choice(self.urls())
            try:
                headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
                async with http.post(url + path, json=body, headers=headers, timeout=aiohttp.ClientTimeout(total=15)) as answer:
                    if answer.status in {200, 201}:
                        return await answer.json()
                    if answer.status != 503:
                        self.wrong.append(f"{answer.status} {await answer.text()}")
            except (aiohttp.ClientError, TimeoutError, OSError):
                pass
            await asyncio.sleep(0.02 + 0.05 * self.chance.random())


@dataclass
class Friend:
    """Somebody in a private chat on Telegram, which keeps what Linli has not confirmed."""

    person: Person
    chance: random.Random
    said: dict[int, str] = field(default_factory=dict)

    async def talk(self, messages: int, pause_s: float) -> None:
        """Say so many things."""
        self.person.start()
        for n in range(messages):
            await asyncio.sleep(pause_s * (0.5 + self.chance.random()))
            message = self.person.say(words(self.chance, n))
            self.said[message["message_id"]] = message["text"]

    def heard(self, world: World) -> list[str]:
        """What Linli sent, in order."""
        return self.person.chat.texts(by=world.bot.id)
