"""How much a bot may send: about 30 messages a second, one a second to a chat, 20 a minute to a group (the Bot API's FAQ)."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.telegram.fake.refusals import too_many


@dataclass
class Window:
    """At most `times` in any `within` seconds."""

    times: int
    within: float
    moments: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until one more is allowed."""
        while self.moments and self.moments[0] <= now - self.within:
            self.moments.popleft()
        return self.moments[0] + self.within - now if len(self.moments) >= self.times else 0.0


class Limits:
    """Counts what is sent; refuses what is too much. `refused` counts the refusals."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.on = True
        self.refused = 0
        self._clock = clock
        self._all = Window(30, 1.0)
        self._chats: dict[int, list[Window]] = {}

    def take(self, chat_id: int) -> None:
        """One more message to this chat. Raises `Refused` 429 with the seconds to wait."""
        if not self.on:
            return
        now = self._clock()
        if chat_id not in self._chats:
            self._chats[chat_id] = [Window(1, 1.0), *([Window(20, 60.0)] if chat_id < 0 else [])]
        windows = [self._all, *self._chats[chat_id]]
        wait = max(window.wait(now) for window in windows)
        if wait > 0:
            self.refused += 1
            raise too_many(max(1, math.ceil(wait)))
        for window in windows:
            window.moments.append(now)
