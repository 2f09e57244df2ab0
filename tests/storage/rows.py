"""Rows that many storage tests begin with."""

from collections.abc import Sequence
from datetime import datetime

from storage import (
    Author,
    Conversation,
    Delivery,
    Reason,
    Ticket,
    Transaction,
    Utterance,
    Worker,
    conversations,
    outbox,
    people,
    tickets,
    workers,
)


async def conversation(tx: Transaction, now: datetime, sender: str = "anna", chat: str = "chat", channel: str = "web") -> Conversation:
    """One resident in one chat."""
    resident = await people.find_or_create(tx, channel, sender, name=sender.title(), now=now)
    return await conversations.find_or_create(tx, channel, chat, resident.id, chat_kind="private", locale="en", now=now)


async def said(tx: Transaction, spoken_in: Conversation, text: str, now: datetime, message_id: str | None = None) -> Utterance:
    """A resident's turn."""
    return await conversations.record(
        tx, spoken_in.id, author=Author.resident, text=text, locale="en", at=now, message_id=message_id
    )  # fmt: skip


async def ticket(tx: Transaction, about: Conversation, now: datetime, topic: str = "visa", urgency: str | None = None) -> Ticket:
    """A live ticket."""
    opened, _ = await tickets.open_ticket(
        tx, conversation=about, topic=topic, reason=Reason.unmatched, question="Where?", locale="en", urgency=urgency, now=now
    )
    return opened


async def worker(tx: Transaction, now: datetime, name: str = "Li Na", communities: Sequence[str] = ()) -> Worker:
    """Somebody who answers."""
    return await workers.add(tx, name, languages=["en", "zh"], communities=communities, now=now)


async def delivery(
    tx: Transaction, now: datetime, chat: str = "chat", text: str = "hello", leased_until: datetime | None = None
) -> Delivery:
    """A reply that has to go to a chat."""
    return await outbox.add(tx, channel="web", chat_id=chat, reply={"text": text}, due_at=now, leased_until=leased_until)
