"""Forgetting a person: whoever asks for it, the same is done."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from faq.folder import discard
from handlers.desk import Desk
from handlers.messages import Audience, Reply, ReplyKind
from handlers.voice import Voice
from handlers.wire import from_json, to_json
from storage import audit, erasure, marks, outbox, tickets
from storage.erasure import Cause, Copy
from storage.tickets import LIVE
from storage.transaction import Transaction

#: Set when somebody was erased: the database is to be scrubbed.
SCRUB = "scrub_due"


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


async def forget(desk: Desk, tx: Transaction, resident_id: int, *, cause: Cause, worker_id: int | None = None) -> tuple[int, ...]:
    """Erase a person; returns the numbers of the urgent tickets that stay until they are closed.

    Other open tickets are taken back. Cards that show the person elsewhere are replaced where their channel can.
    """
    now = desk.now()
    staying = await erasure.urgent(tx, resident_id)
    theirs = await tickets.of_resident(tx, resident_id)
    await asyncio.to_thread(discard, desk.faq.loaded.folder, {ticket.number for ticket in theirs})
    for ticket in theirs:
        if ticket.status in LIVE and ticket not in staying:
            await tickets.close(tx, ticket.id, by=worker_id, outcome="withdrawn", now=now)
    await tx.flush()
    erased = await erasure.ask(tx, resident_id, cause=cause, worker_id=worker_id, keep=staying, now=now)
    await audit.record(tx, "resident_forgotten", f"resident:{resident_id}", worker_id=worker_id, now=now, detail=dict(erased.counts))
    await _take_back(tx, desk, erased.copies)
    await marks.put(tx, SCRUB, now.isoformat(), now)
    return tuple(ticket.number for ticket in staying)


async def _take_back(tx: Transaction, desk: Desk, copies: Sequence[Copy]) -> None:
    """Put a neutral line in the place of each card that a channel can still change."""
    voice = Voice("en+zh")
    words = voice.say(_("The person asked for deletion. Their words are gone."))
    cards = {(copy.channel, copy.chat_id, copy.reply["slot"]): copy for copy in copies if copy.reply.get("slot")}
    for (_channel, _chat_id, slot), chat in cards.items():
        shown = from_json(chat.reply)
        thread = replace(shown.thread, title=str(shown.ticket), open=False) if shown.thread else None
        neutral = Reply(
            shown.channel, shown.chat_id, Audience.staff, ReplyKind.card, words, voice.first, slot=slot, thread=thread, minor=True
        )
        await outbox.add(tx, channel=chat.channel, chat_id=chat.chat_id, reply=to_json(neutral), due_at=desk.now())
