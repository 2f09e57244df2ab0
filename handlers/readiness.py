"""Whether Linli can serve now: keep a message, find an entry, understand a text."""

import asyncio
import logging
from dataclasses import dataclass

from handlers.desk import Desk

log = logging.getLogger(__name__)

#: How long one look may take, in seconds.
PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Readiness:
    """Each part that a resident's message needs."""

    store: bool
    faq: bool
    matcher: bool

    @property
    def ready(self) -> bool:
        """Whether all of them can serve."""
        return self.store and self.faq and self.matcher


async def readiness(desk: Desk) -> Readiness:
    """Try each part once."""
    store, matcher = await asyncio.gather(_store(desk), _matcher(desk))
    return Readiness(store, bool(desk.faq.catalogue.entries), matcher)


async def _store(desk: Desk) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await desk.storage.healthy()
    except TimeoutError:
        return False


async def _matcher(desk: Desk) -> bool:
    """Whether a text of the FAQ itself finds an entry."""
    entry = next(iter(desk.faq.catalogue.entries.values()), None)
    if entry is None:
        return False
    try:
        async with asyncio.timeout(PATIENCE_S):
            reading = await asyncio.to_thread(desk.faq.read, entry.titles["en"])
    except Exception:
        log.exception("matcher_failed")
        return False
    return bool(reading.questions[0].matches)
