"""A worker in the staff group: taps on cards, words in a ticket's thread. Every act is a person's, never the group's."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.desk import Desk
from handlers.errors import LinliError, NotFound
from handlers.messages import Attachment, Audience, Reply, ReplyKind
from handlers.staff import piles, queue, reply
from handlers.staff.card import VERB, Act, Room, both, card, excerpt, pause, thread
from handlers.staff.rights import ticket_for, worker_of
from storage import conversations, outbox, threads, tickets, workers
from storage.conversations import Utterance
from storage.workers import Worker

#: A line that begins so is a note for colleagues.
NOTE = "//"
#: How many tickets the list in the staff group shows.
LISTED = 15


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a tap: a sentence for the one who tapped, and the card where a menu was opened on it."""

    says: str
    card: Reply | None = None


async def who(desk: Desk, telegram_id: str) -> Worker | None:
    """The worker whose Telegram account this is; None for everybody else, whatever group they are in."""
    async with desk.storage.reading() as tx:
        return await workers.by_telegram_id(tx, telegram_id)


async def ticket_at(desk: Desk, room: Room, *, topic: str | None, reply_to: str | None) -> int | None:
    """The number of the ticket that a message in the staff group is about: of its topic, or of the message that it replies to."""
    async with desk.storage.reading() as tx:
        names = list(await threads.names(tx, room.channel, room.chat_id, topic)) if topic else []
        if reply_to and not topic:
            names += await threads.names(tx, room.channel, room.chat_id, reply_to)
            lane = await outbox.lane_of(tx, room.channel, room.chat_id, reply_to)
            names += [lane.partition("/")[2]] if lane else []
    for name in names:
        kind, _colon, number = name.partition(":")
        if kind in {"ticket", "card"} and number.isdecimal():
            return int(number)
    return None


async def say(
    desk: Desk, worker: Worker, channel: str, number: int, text: str, *, attachments: Sequence[Attachment] = (), message_id: str
) -> Utterance:
    """Words in a ticket's thread: to the resident, or, behind `//`, to colleagues. The same message again has no second effect."""
    ticket_id = await piles.numbered(desk, worker.id, number)
    if text.startswith(NOTE):
        return await reply.note(desk, worker.id, ticket_id, text.removeprefix(NOTE), message_id=message_id)
    if attachments and not await _on(desk, worker, ticket_id, channel):
        raise OtherChannel
    return await reply.reply(desk, worker.id, ticket_id, text, attachments=attachments, message_id=message_id)


class OtherChannel(LinliError):
    """A file of one platform cannot be shown on another."""

    sentence = _("The resident writes from another app, where this file cannot be shown. Describe it in words.")


async def tap(desk: Desk, room: Room, worker: Worker, payload: str, *, message_id: str) -> Done:
    """A button of a card. Raises a `LinliError` whose sentence the worker is told. The same `message_id` again sends nothing twice."""
    verb, act, number, argument = [*payload.split(":", 3), "", "", ""][:4]
    if verb != VERB or act not in set(Act) or not number.isdecimal() or len(number) > 9:
        raise NotFound
    ticket_id = await piles.numbered(desk, worker.id, int(number))
    match Act(act):
        case Act.card | Act.entries | Act.colleagues | Act.pauses as menu:
            async with desk.storage.reading() as tx:
                ticket = await ticket_for(tx, await worker_of(tx, worker.id), ticket_id)
                return Done("", await card(desk, tx, room, ticket, menu))
        case Act.claim:
            await queue.claim(desk, worker.id, ticket_id)
            return Done(both(_("It is yours.")))
        case Act.entry:
            await reply.send_entry(desk, worker.id, ticket_id, argument, message_id=message_id)
            return Done(both(_("Sent.")))
        case Act.assign:
            if not argument.isdecimal():
                raise NotFound
            await queue.assign(desk, worker.id, ticket_id, int(argument))
            return Done(both(_("Handed over.")))
        case Act.snooze:
            span = pause(argument)
            if span is None:
                raise NotFound
            await queue.snooze(desk, worker.id, ticket_id, desk.now() + span)
            return Done(both(_("Put aside; a word of the resident brings it back at once.")))
        case Act.close:
            await queue.close(desk, worker.id, ticket_id)
            return Done(both(_("Closed. The resident is asked how it was.")))
        case Act.spam:
            await queue.close(desk, worker.id, ticket_id, queue.SPAM)
            return Done(both(_("Closed.")))
        case Act.reopen:
            await queue.reopen(desk, worker.id, ticket_id)
            return Done(both(_("It is open again, and yours.")))


async def told(desk: Desk, room: Room, number: int, text: str, quote: str | None) -> Reply:
    """Something to say in a ticket's thread in answer to a worker."""
    async with desk.storage.reading() as tx:
        ticket = await tickets.by_number(tx, number)
        where = await thread(tx, ticket) if ticket is not None else None
    return Reply(room.channel, room.chat_id, Audience.staff, ReplyKind.error, text, "en", quote=quote, thread=where)


async def overview(desk: Desk, worker: Worker) -> str:
    """The open tickets in a few lines, urgent first, then who waits longest."""
    rows = await queue.waiting(desk, worker.id, limit=LISTED)
    lines = [
        f"{'🔴 ' if row.ticket.urgency else ''}{row.ticket.number} · {row.resident_alias} · {row.assignee_name or '–'} · "
        f"{excerpt(row.ticket.question, 80)}"
        for row in rows
    ]
    return "\n".join(lines) or both(_("Nobody is waiting for an answer."))


def sorry(error: LinliError) -> str:
    """What a worker is told when it did not work, in both languages."""
    return " · ".join(error.told(language) for language in ("en", "zh"))


async def _on(desk: Desk, worker: Worker, ticket_id: int, channel: str) -> bool:
    """Whether the resident of a ticket is on that channel."""
    async with desk.storage.reading() as tx:
        ticket = await ticket_for(tx, await worker_of(tx, worker.id), ticket_id)
        conversation = await conversations.get(tx, ticket.conversation_id)
    return conversation is not None and conversation.channel == channel
