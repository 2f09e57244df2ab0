"""Order where it matters: what belongs to one chat happens one after the other, chats beside each other."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


class Lanes:
    """One lane a key, first come first served. `busy` counts what is under way or waits."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def lane(self, key: str) -> AsyncIterator[None]:
        """Inside, nothing else of this key goes on."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._locks[key]

    def start(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        """Do it in its lane without waiting for it."""
        task = asyncio.create_task(self._in_lane(key, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def empty(self) -> None:
        """Return when nothing is under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self, patience_s: float) -> None:
        """Finish what is under way, for `patience_s` seconds at most."""
        if self._tasks:
            _done, late = await asyncio.wait(self._tasks, timeout=patience_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _in_lane(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        async with self.lane(key):
            await work
