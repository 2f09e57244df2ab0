"""The staff group follows the tickets: whatever changes one, wherever, its card and its thread there follow.

It reads the log of changes, so no use-case needs to think of the staff group, and many changes of a moment make one edit.
"""

from dataclasses import replace

from handlers.desk import Desk
from handlers.messages import Attachment, AttachmentKind, Audience, Reply, ReplyKind
from handlers.staff.card import Room, card, excerpt, lane, thread
from handlers.wire import to_json
from storage import changes, conversations, marks, outbox, people, threads, tickets, workers
from storage.changes import Subject
from storage.conversations import Author, Utterance
from storage.outbox import Delivery
from storage.tickets import Ticket
from storage.transaction import Transaction

#: How many changes are followed in one transaction.
BATCH = 100
#: How much of a later message stands in the thread, in characters.
LINE = 500
#: Our own kind of the note that tells of an answer that did not arrive.
UNDELIVERED = "undelivered"


async def follow(desk: Desk, room: Room) -> int:
    """Queue what the staff group has not seen yet; returns how many changes were read. Several processes may do it at once."""
    mark = f"staff group {room.channel}"
    async with desk.storage.transaction() as tx:
        await marks.put(tx, f"{mark} lock", room.chat_id, desk.now())  # whoever comes second waits here and finds it done
        seen = int(await marks.get(tx, mark) or 0)
        news = await changes.since(tx, seen, BATCH)
        if not news:
            return 0
        about = dict.fromkeys(int(change.subject_id) for change in news if change.subject is Subject.ticket)
        for ticket_id in about:
            ticket = await tickets.get(tx, ticket_id)
            if ticket is not None:
                await _show(desk, tx, room, ticket)
        await marks.put(tx, mark, str(news[-1].id), desk.now())
        return len(news)


async def behind(desk: Desk, room: Room) -> bool:
    """Whether there is anything to follow; takes no lock."""
    async with desk.storage.reading() as tx:
        return await changes.latest(tx) > int(await marks.get(tx, f"staff group {room.channel}") or 0)


async def _show(desk: Desk, tx: Transaction, room: Room, ticket: Ticket) -> None:
    """The card as it is now, then what was said since the thread was brought up to date."""
    shown = await threads.get(tx, room.channel, room.chat_id, f"told:{ticket.number}")
    if shown is None and not ticket.live:
        return
    new = await card(desk, tx, room, ticket)
    told = int(shown.state) if shown is not None else 0
    later = [said for said in await conversations.of_ticket(tx, ticket.id) if said.id > told]
    lines = [line for said in later for line in [await _line(tx, room, ticket, said)] if line is not None]
    if shown is not None:
        # A look of the card that has not gone out yet is out of date, and nobody's words shall wait behind it.
        await outbox.take_back(tx, int(shown.platform_id))
        for line in lines:
            await _queue(desk, tx, room, ticket, line)
    last = await _queue(desk, tx, room, ticket, replace(new, minor=shown is not None and ticket.live))
    if shown is None:
        for line in lines:
            await _queue(desk, tx, room, ticket, line)
    told = later[-1].id if later else told
    await threads.put(tx, room.channel, room.chat_id, f"told:{ticket.number}", str(last.id), str(told))


async def _line(tx: Transaction, room: Room, ticket: Ticket, said: Utterance) -> Reply | None:
    """What the thread is told of an utterance. The question itself stands on the card; what was written in the thread is there."""
    attachments = tuple(Attachment(AttachmentKind(one["kind"]), one["reference"], one.get("name")) for one in said.attachments)
    if said.author is Author.resident:
        if said.id == ticket.cause_id:
            text = ""
        else:
            resident = await people.get(tx, ticket.resident_id)
            text = f"{(resident.name or resident.alias) if resident else ''}: {excerpt(said.text, LINE)}" if said.text else ""
    elif said.kind == UNDELIVERED:
        text = f"⚠ {said.text}"
    elif said.author is Author.worker and said.message_id is None:
        worker = await workers.get(tx, said.worker_id) if said.worker_id else None
        text = f"{'//' if said.internal else '→'} {worker.name if worker else ''}: {excerpt(said.text, LINE)}"
    else:
        return None
    if not text and not attachments:
        return None
    return Reply(
        channel=room.channel,
        chat_id=room.chat_id,
        audience=Audience.staff,
        kind=ReplyKind.error if said.kind == UNDELIVERED else ReplyKind.relay,
        text=text,
        locale="en",
        ticket=ticket.number,
        attachments=attachments if said.author is Author.resident else (),
        thread=await thread(tx, ticket),
        minor=said.author is Author.worker,
    )


async def _queue(desk: Desk, tx: Transaction, room: Room, ticket: Ticket, reply: Reply) -> Delivery:
    return await outbox.add(tx, channel=room.channel, chat_id=lane(room, ticket), reply=to_json(reply), due_at=desk.now())
