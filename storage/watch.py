"""Waiting for changes: one look at the change log for all who wait, instead of one each."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from storage.errors import StorageError

POLL_S = 1.0  # another process may write without our being told; then this is how late we are at most


class Watch:
    """Wakes everybody who waits when the change log has moved. Hints make it quick, looking every second makes it sure."""

    def __init__(self, look: Callable[[], Awaitable[int]]) -> None:
        self._look = look
        self._newest = 0
        self._moved = asyncio.Event()
        self._hint = asyncio.Event()
        self._waiting = 0
        self._task: asyncio.Task[None] | None = None

    def moved_to(self, newest: int) -> None:
        """The change log has reached this id."""
        if newest > self._newest:
            self._newest = newest
            moved, self._moved = self._moved, asyncio.Event()
            moved.set()

    def hint(self) -> None:
        """Something may have changed: look now instead of at the next second."""
        self._hint.set()

    async def changed(self, after: int, timeout_s: float) -> None:
        """Return when the log is past `after`, or after `timeout_s` seconds."""
        self._waiting += 1
        if self._task is None or self._task.done():
            self._hint.set()
            self._task = asyncio.create_task(self._keep_looking())
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    while self._newest <= after:
                        await self._moved.wait()
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _keep_looking(self) -> None:
        while self._waiting:
            with suppress(TimeoutError):  # not wait_for: before Python 3.12 it forgets a cancellation that comes together with the hint
                async with asyncio.timeout(POLL_S):
                    await self._hint.wait()
            self._hint.clear()
            with suppress(StorageError):  # whoever writes or reads meets the same trouble and tells it
                self.moved_to(await self._look())
