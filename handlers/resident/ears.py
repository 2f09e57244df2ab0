"""What Linli remembers of its groups from one message to the next: their last hour without words, their mode, and who is a worker.

Facts of many messages are written in one transaction. Where one process serves alone they are read once and remembered;
where several share the database they are read for each message.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.desk import Desk
from handlers.resident.group import Mode
from storage import groups, workers
from storage.groups import GroupFact, Speaker

#: Facts serve for this long.
HOUR = timedelta(hours=1)
#: Of a lively group so many of the latest facts are looked at, and everything that Linli or a worker said.
LATEST = 200
#: Modes and the staff table are read again after this time.
FRESH = timedelta(seconds=5)


class Ears:
    """One a process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._facts: dict[tuple[str, str], list[GroupFact]] = {}
        self._modes: dict[tuple[str, str], tuple[Mode, datetime]] = {}
        self._staff: set[str] = set()
        self._staff_at: datetime | None = None
        self._heard: list[tuple[GroupFact, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def recent(self, channel: str, chat_id: str) -> Sequence[GroupFact]:
        """The facts of a group's last hour, oldest first."""
        since = self._desk.now() - HOUR
        key = (channel, chat_id)
        if key not in self._facts or self._desk.storage.shared:
            async with self._desk.storage.reading() as tx:
                self._facts[key] = list(await groups.recent(tx, channel, chat_id, since))
        facts = self._facts[key]
        if len(facts) > 2 * LATEST or (facts and facts[0].at < since):
            late = facts[-LATEST:]
            facts = [fact for fact in facts[:-LATEST] if fact.speaker is not Speaker.resident] + late
            self._facts[key] = facts = [fact for fact in facts if fact.at >= since]
        return facts

    def remember(self, *facts: GroupFact) -> None:
        """These are kept; the next message of their group knows of them."""
        for fact in facts:
            self._facts.setdefault((fact.channel, fact.chat_id), []).append(fact)

    async def keep(self, fact: GroupFact) -> None:
        """Keep a fact about which nothing else is done; returns when it is kept. Facts of one moment share a transaction."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._heard.append((fact, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await kept
        self.remember(fact)

    async def mode(self, channel: str, chat_id: str) -> Mode:
        """How much the group wants to hear."""
        now = self._desk.now()
        known = self._modes.get((channel, chat_id))
        if known is None or now - known[1] > FRESH:
            async with self._desk.storage.reading() as tx:
                group = await groups.get(tx, channel, chat_id)
            known = self._modes[(channel, chat_id)] = (Mode(group.mode) if group else Mode.normal, now)
        return known[0]

    async def staff(self, sender_id: str) -> bool:
        """Whether this account is a worker's."""
        now = self._desk.now()
        if self._staff_at is None or now - self._staff_at > FRESH:
            async with self._desk.storage.reading() as tx:
                self._staff = {worker.telegram_id for worker in await workers.everyone(tx) if worker.telegram_id}
            self._staff_at = now
        return sender_id in self._staff

    async def _write(self) -> None:
        while self._heard:
            heard, self._heard = self._heard, []
            try:
                async with self._desk.storage.transaction() as tx:
                    await groups.record(tx, [fact for fact, _kept in heard])
            except Exception as fault:
                for _fact, kept in heard:
                    if not kept.done():
                        kept.set_exception(fault)
                continue
            for _fact, kept in heard:
                if not kept.done():
                    kept.set_result(None)
