"""Whose turn it is to write, where only one can at a time."""

import asyncio
from collections import deque


class Turn:
    """First come, first served, except that who asks to be `first` goes before all who wait. Handed on directly, so nobody is passed."""

    def __init__(self) -> None:
        self._taken = False
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self, *, first: bool = False) -> None:
        """Wait for the turn."""
        if not self._taken:
            self._taken = True
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        (self._waiting.appendleft if first else self._waiting.append)(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():  # handed to us at the very moment in which we gave up
                self.pass_on()
            else:
                self._waiting.remove(mine)
            raise

    def pass_on(self) -> None:
        """Let the next one write."""
        if self._waiting:
            self._waiting.popleft().set_result(None)
        else:
            self._taken = False
