"""A chat that got a new id on its platform: rewritten wherever it stands, in one transaction."""

from typing import Any

from sqlalchemy import delete, func, select, update

from storage.conversations import Conversation, Utterance
from storage.groups import Group, GroupFact
from storage.outbox import Delivery
from storage.threads import Thread
from storage.tickets import Ticket
from storage.transaction import Transaction


async def move(tx: Transaction, channel: str, old: str, new: str) -> None:
    """From now on the chat `old` is `new`; again is no error. A delivery's lane (`chat/thread`) moves with its chat."""
    await _conversations(tx, channel, old, new)
    for table in (Group, Thread):
        await _unless_there(tx, table, channel, old, new)
    await tx.session.execute(delete(GroupFact).where(GroupFact.channel == channel, GroupFact.chat_id == old))
    query = select(Delivery).where(Delivery.channel == channel, (Delivery.chat_id == old) | Delivery.chat_id.startswith(f"{old}/"))
    for delivery in (await tx.session.scalars(query)).all():
        delivery.chat_id = new + delivery.chat_id.removeprefix(old)
        delivery.reply = {**delivery.reply, "chat_id": new}
    await tx.flush()


async def _conversations(tx: Transaction, channel: str, old: str, new: str) -> None:
    """A resident who already has a conversation under the new id keeps that one, with what was said and open in the other."""
    query = select(Conversation).where(Conversation.channel == channel, Conversation.chat_id == old)
    for conversation in (await tx.session.scalars(query)).all():
        twin = await tx.session.scalar(
            select(Conversation).where(
                Conversation.channel == channel, Conversation.chat_id == new, Conversation.resident_id == conversation.resident_id
            )
        )
        if twin is None:
            conversation.chat_id = new
            continue
        taken = select(Utterance.message_id).where(Utterance.conversation_id == twin.id, Utterance.message_id.is_not(None))
        await tx.session.execute(
            update(Utterance).where(Utterance.conversation_id == conversation.id, Utterance.message_id.in_(taken)).values(message_id=None)
        )
        for table in (Utterance, Delivery):
            await tx.session.execute(update(table).where(table.conversation_id == conversation.id).values(conversation_id=twin.id))
        busy = select(Ticket.topic).where(Ticket.conversation_id == twin.id, Ticket.status != "closed", Ticket.topic.is_not(None))
        clashing = func.coalesce(Ticket.topic, "").in_(busy)
        await tx.session.execute(update(Ticket).where(Ticket.conversation_id == conversation.id, clashing).values(topic=None))
        await tx.session.execute(update(Ticket).where(Ticket.conversation_id == conversation.id).values(conversation_id=twin.id))
        await tx.session.delete(conversation)
    await tx.flush()


async def _unless_there(tx: Transaction, table: Any, channel: str, old: str, new: str) -> None:
    for row in (await tx.session.scalars(select(table).where(table.channel == channel, table.chat_id == old))).all():
        key = (channel, new, row.name) if table is Thread else (channel, new)
        if await tx.session.get(table, key) is None:
            row.chat_id = new
        else:
            await tx.session.delete(row)
    await tx.flush()
