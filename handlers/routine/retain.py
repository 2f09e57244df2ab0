"""Retention: what has been kept for its time goes, by the clock; what would go can be told before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.desk import Desk
from handlers.forgetting import SCRUB, forget
from storage import erasure, marks, retention
from storage.erasure import Cause
from storage.retention import Kept, Limits

#: A message that came in the moment of an erasure is erased by a second look within this time.
SECOND_LOOK = timedelta(minutes=10)
#: A last word that could not be delivered for so long is given up.
LAST_WORD = timedelta(hours=1)
#: After an erasure the database is scrubbed again and again for this long: a reader at work may have kept it from finishing.
SCRUB_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many rows have had their time, by kind, and how many people were silent for too long."""

    rows: dict[Kept, int]
    people: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.rows.values()) + self.people


def limits(desk: Desk) -> Limits:
    """Everything before these moments has had its time."""
    now, keep = desk.now(), desk.policy
    return Limits(
        text=now - keep.keep_text,
        attachments=now - keep.keep_attachments,
        logs=now - keep.keep_logs,
        records=now - keep.keep_records,
    )


async def overdue(desk: Desk) -> Overdue:
    """What a sweep would empty or remove now; nothing is changed."""
    async with desk.storage.reading() as tx:
        rows = await retention.overdue(tx, limits(desk))
        people = await erasure.silent_since(tx, desk.now() - desk.policy.keep_people, limit=1_000_000)
    return Overdue(rows, len(people))


async def retain(desk: Desk) -> Overdue:
    """Empty and remove all that has had its time, in small transactions between which others write; returns what went."""
    rows, people, more = dict.fromkeys(Kept, 0), 0, True
    while more:
        async with desk.storage.transaction() as tx:
            done, more = await retention.sweep(tx, limits(desk), desk.now())
        rows = {kept: rows[kept] + count for kept, count in done.items()}
    while True:
        async with desk.storage.transaction() as tx:
            silent = await erasure.silent_since(tx, desk.now() - desk.policy.keep_people, limit=20)
            for resident_id in silent:
                await forget(desk, tx, resident_id, cause=Cause.silence)
        people += len(silent)
        if not silent:
            break
    async with desk.storage.transaction() as tx:
        await retention.tidy(tx, limits(desk), desk.now())
        if rows[Kept.tickets] or rows[Kept.talk] or rows[Kept.deliveries]:
            await marks.put(tx, SCRUB, desk.now().isoformat(), desk.now())
    return Overdue(rows, people)


async def complete_erasures(desk: Desk) -> int:
    """Erase what had to wait for an urgent ticket, and what slipped in beside an erasure; returns how many people."""
    async with desk.storage.reading() as tx:
        last_words = await erasure.farewells(tx)
        due = [*await erasure.waiting(tx), *await erasure.done_since(tx, desk.now() - SECOND_LOOK)]
    for one in due:
        async with desk.storage.transaction() as tx:
            await erasure.ask(tx, one.resident_id, cause=one.cause, now=one.done_at or desk.now())
            if one.done_at is None:
                await marks.put(tx, SCRUB, desk.now().isoformat(), desk.now())
    if last_words:
        async with desk.storage.transaction() as tx:
            await erasure.forget_farewells(tx, desk.now() - LAST_WORD)
    return len(due)


async def scrub(desk: Desk) -> bool:
    """After an erasure leave nothing behind the rows; True when nothing is left to do."""
    async with desk.storage.reading() as tx:
        mark = await marks.get(tx, SCRUB)
    if not mark:
        return True
    clean = await desk.storage.scrub()
    if clean and desk.now() - datetime.fromisoformat(mark) > SCRUB_FOR:
        async with desk.storage.transaction() as tx:
            await marks.put(tx, SCRUB, "", desk.now())
    return clean
