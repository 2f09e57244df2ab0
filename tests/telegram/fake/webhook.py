"""Delivering updates to the bot's webhook: in order within a chat, chats in parallel, again until it says 2xx."""

import asyncio
import time
from typing import Any

import aiohttp

from tests.telegram.fake.world import Json, World

#: Telegram waits longer from time to time; tests cannot.
FIRST_WAIT_S, LONGEST_WAIT_S = 0.05, 1.0


def lane(update: Json) -> Any:
    """Updates of one lane are delivered one after the other."""
    for value in update.values():
        if isinstance(value, dict):
            message = value.get("message", value)
            return message.get("chat", {}).get("id") if isinstance(message, dict) else None
    return None


class Pusher:
    """Runs while a webhook is set."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._busy: set[Any] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.woken = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
            try:
                while True:
                    self.woken.clear()
                    self._start(http)
                    await self.woken.wait()
            finally:
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, http: aiohttp.ClientSession) -> None:
        world = self._world
        with world.changed:
            if not world.webhook["url"]:
                return
            for update in list(world.updates):
                key = lane(update)
                if key in self._busy or len(self._busy) >= world.webhook["connections"]:
                    continue
                self._busy.add(key)
                task = asyncio.create_task(self._deliver(http, update, key))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _deliver(self, http: aiohttp.ClientSession, update: Json, key: Any) -> None:
        world, wait = self._world, FIRST_WAIT_S
        try:
            while (hook := dict(world.webhook))["url"]:
                headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret"]} if hook["secret"] else {}
                try:
                    async with http.post(hook["url"], json=update, headers=headers) as response:
                        await response.read()
                        if 200 <= response.status < 300:
                            with world.changed:
                                world.updates.remove(update)
                                world.confirmed = max(world.confirmed, update.get("update_id", 0))
                                world.changed.notify_all()
                            return
                        said = f"Wrong response from the webhook: {response.status}"
                except (aiohttp.ClientError, TimeoutError) as error:
                    said = f"Connection failed: {type(error).__name__}"
                world.webhook |= {"last_error_date": int(time.time()), "last_error_message": said}
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT_S)
        finally:
            self._busy.discard(key)
            self.woken.set()
