"""What was said before in a conversation, as far as understanding the next message needs it. Read only: no lock is held while it is used."""

from dataclasses import dataclass, field
from datetime import datetime

from faq.reading import Context
from handlers.desk import Desk
from handlers.messages import ChatKind, Message, Reply
from handlers.resident import payloads
from handlers.wire import from_json
from storage import conversations, outbox
from storage.conversations import Author, Conversation, Utterance
from storage.people import Resident
from storage.transaction import Transaction

#: How many of the resident's own texts are looked back at.
TURNS = 2


@dataclass(frozen=True, slots=True)
class Recall:
    """`offered` are the payloads that a bare number refers to, `held` the opening lines that wait for this one, since `held_since`.

    `rapid`: how many messages came within the time by which a flood is told.
    """

    context: Context = field(default_factory=Context)
    offered: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    held_since: datetime | None = None
    rapid: int = 0


async def recall(desk: Desk, message: Message) -> Recall:
    """What was shown and said before in the sender's conversation in this chat; empty for a first message."""
    async with desk.storage.reading() as tx:
        conversation = await conversations.of_sender(tx, message.channel, message.chat_id, message.sender_id)
        return await recall_conversation(desk, tx, conversation) if conversation else Recall()


async def recall_conversation(desk: Desk, tx: Transaction, conversation: Conversation) -> Recall:
    """The same for a conversation that is at hand."""
    since = desk.now() - desk.policy.context_lives
    held = await conversations.held(tx, conversation.id)
    last = await conversations.last_turns(tx, conversation.id, max(3 * TURNS, 2 * desk.policy.flood_after + 2))
    turns = [
        said.text
        for said in last[-3 * TURNS :]
        if said.author is Author.resident and said.held_until is None and said.at >= since and said.text
    ]
    offered = tuple(conversation.offered) if _fresh(conversation.offered_at, since) else ()
    entries = [argument for verb, argument in map(payloads.parse, offered) if verb == payloads.ENTRY]
    suggested = any(payloads.parse(payload)[0] == payloads.NONE_FITS for payload in offered)
    context = Context(
        entry=conversation.last_entry_id if _fresh(conversation.last_entry_at, since) else None,
        choices=tuple(entries) if suggested else (),
        turns=tuple(turns[-TURNS:]),
    )
    fresh = desk.now() - desk.policy.flood_within
    rapid = sum(said.author is Author.resident and said.at > fresh for said in last)
    return Recall(context, offered, tuple(said.text for said in held), held[0].at if held else None, rapid)


def as_message(conversation: Conversation, utterance: Utterance, resident: Resident) -> Message:
    """The message that an utterance was, as far as answering it later needs it."""
    return Message(
        channel=conversation.channel,
        chat_id=conversation.chat_id,
        sender_id="",
        message_id=utterance.message_id or "",
        sent_at=utterance.at,
        text=utterance.text,
        chat_kind=ChatKind(conversation.chat_kind),
        sender_name=resident.name,
    )


def _fresh(at: datetime | None, since: datetime) -> bool:
    return at is not None and at >= since


async def recorded_replies(tx: Transaction, utterance: Utterance) -> tuple[Reply, ...]:
    """The replies that were given to a message when it came for the first time."""
    deliveries = await outbox.of_cause(tx, utterance.id)
    return tuple(from_json({**delivery.reply, "delivery_id": delivery.id}) for delivery in deliveries)
