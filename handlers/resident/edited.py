"""A message that its writer changed after it was sent."""

from dataclasses import replace

from handlers.desk import Desk
from handlers.messages import ChatKind, Message
from handlers.resident.receive import Received, receive
from handlers.tidy import tidy
from storage import conversations, tickets
from storage.conversations import Author
from storage.tickets import EventKind


async def edited(desk: Desk, message: Message, original_id: str) -> Received:
    """On a ticket the new words join it, without a receipt; a question in private is answered anew; talk in a group is left alone.

    `message` carries the new words under an id of its own, so that the same edit again has no second effect.
    """
    message = tidy(message)
    async with desk.storage.transaction() as tx:
        if await conversations.by_message(tx, message.channel, message.chat_id, message.message_id) is not None:
            return Received((), again=True)
        before = await conversations.by_message(tx, message.channel, message.chat_id, original_id)
        ticket = await tickets.get(tx, before.ticket_id) if before is not None and before.ticket_id else None
        if before is not None and before.text == message.text:
            return Received((), again=True)
        if before is not None and ticket is not None and ticket.live:
            changed = await conversations.record(
                tx,
                before.conversation_id,
                author=Author.resident,
                text=f"✎ {message.text}",
                locale=before.locale,
                message_id=message.message_id,
                at=desk.now(),
            )
            await conversations.join(tx, changed, ticket.id, desk.now())
            await tickets.event(tx, ticket.id, EventKind.joined, at=desk.now())
            return Received((), before.conversation_id)
    if message.chat_kind is ChatKind.private and message.text:
        return await receive(desk, replace(message, attachments=()))
    return Received(())
