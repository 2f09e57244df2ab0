"""One turn of a conversation: what somebody said, who they are, how it was read and in which voice they are answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from faq.reading import Context, Reading
from handlers.desk import Desk
from handlers.messages import Attachment, Audience, ChatKind, Choice, Message, Reply, ReplyKind
from handlers.speaking import numbered, offer
from handlers.voice import Voice
from handlers.wire import to_json
from storage import conversations, outbox
from storage.conversations import Author, Conversation, Utterance
from storage.outbox import DeliveryState
from storage.people import Resident
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Turn:
    """Handed down the list of those who may take a message; lives as long as its transaction."""

    desk: Desk
    tx: Transaction
    message: Message
    resident: Resident
    conversation: Conversation
    utterance: Utterance
    voice: Voice
    reading: Reading
    context: Context
    now: datetime

    def reply(
        self,
        kind: ReplyKind,
        text: str,
        *,
        choices: Sequence[Choice] = (),
        entry: str | None = None,
        ticket: int | None = None,
        attachments: Sequence[Attachment] = (),
    ) -> Reply:
        """A reply to this message, in the chat where it was said."""
        audience = Audience.group if self.message.chat_kind is ChatKind.group else Audience.private
        return Reply(
            channel=self.message.channel,
            chat_id=self.message.chat_id,
            audience=audience,
            kind=kind,
            text=text,
            locale=self.voice.first,
            choices=tuple(choices),
            quote=self.message.message_id if audience is Audience.group else None,
            entry=entry,
            ticket=ticket,
            attachments=tuple(attachments),
        )


async def speak(turn: Turn, replies: Sequence[Reply]) -> tuple[Reply, ...]:
    """Record what is said as utterances and, leased to the speaker's channel, as deliveries, all in the turn's transaction.

    Where earlier replies to this chat are still under way, these go behind them: their `delivery_id` is 0, and the courier sends
    them. The person has written, so what was held for them goes out first.
    """
    message = turn.message
    waiting = await outbox.waiting(turn.tx, message.channel, message.chat_id, turn.now)
    if DeliveryState.held in waiting:
        await outbox.release_held(turn.tx, message.channel, message.chat_id, turn.now)
    return tuple([await _speak(turn, reply, in_turn=not waiting) for reply in replies])


async def _speak(turn: Turn, reply: Reply, *, in_turn: bool) -> Reply:
    spoken = await conversations.record(
        turn.tx,
        turn.conversation.id,
        author=Author.bot,
        kind=reply.kind,
        text=reply.text,
        locale=reply.locale,
        entry_id=reply.entry,
        in_reply_to_id=turn.utterance.id,
        ticket_id=turn.utterance.ticket_id if reply.ticket is not None else None,
        at=turn.now,
    )
    reply = numbered(reply, spoken)
    delivery = await outbox.add(
        turn.tx,
        channel=reply.channel,
        chat_id=reply.chat_id,
        reply=to_json(reply),
        conversation_id=turn.conversation.id,
        utterance_id=spoken.id,
        cause_id=turn.utterance.id,
        due_at=turn.now,
        leased_until=turn.now + turn.desk.policy.reply_lease if in_turn else None,
    )
    if reply.kind is not ReplyKind.privacy:  # a typed number means the buttons of what was asked, not those of a notice
        offer(turn.conversation, reply.choices, turn.now)
    if reply.entry is not None:
        turn.conversation.last_entry_id = reply.entry
        turn.conversation.last_entry_at = turn.now
    return replace(reply, delivery_id=delivery.id if in_turn else 0)
