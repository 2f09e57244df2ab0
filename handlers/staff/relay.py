"""What a worker does reaches the resident: in the chat where they are, in their language, from a named person."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from handlers.desk import Desk
from handlers.errors import NotFound
from handlers.messages import Attachment, Audience, ChatKind, Choice, Reply, ReplyKind
from handlers.speaking import numbered, offer
from handlers.voice import Voice
from handlers.wire import to_json
from storage import conversations, outbox
from storage.conversations import Author, Conversation, Utterance
from storage.tickets import Ticket
from storage.transaction import Transaction
from storage.workers import Worker


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


def no_choices(voice: Voice) -> Sequence[Choice]:
    """Nothing to tap."""
    return ()


@dataclass(frozen=True, slots=True)
class Word:
    """Something to tell a resident, made when their voice is known. `author` is who says it, by the message `message_id` of theirs."""

    kind: ReplyKind
    say: Callable[[Voice], str]
    choices: Callable[[Voice], Sequence[Choice]] = no_choices
    author: Author = Author.bot
    entry: str | None = None
    attachments: tuple[Attachment, ...] = ()
    message_id: str | None = None


async def to_resident(desk: Desk, tx: Transaction, ticket: Ticket, worker: Worker, word: Word) -> Utterance:
    """Record a word in the thread of a ticket and queue it for the resident's own chat, in the caller's transaction."""
    conversation = await conversations.get(tx, ticket.conversation_id)
    if conversation is None:
        raise NotFound
    now = desk.now()
    voice = Voice(conversation.locale)
    spoken = await conversations.record(
        tx,
        conversation.id,
        author=word.author,
        worker_id=worker.id if word.author is Author.worker else None,
        kind=word.kind,
        text=word.say(voice),
        locale=voice.first,
        entry_id=word.entry,
        ticket_id=ticket.id,
        message_id=word.message_id,
        attachments=[asdict(attachment) for attachment in word.attachments],
        at=now,
    )
    reply = Reply(
        channel=conversation.channel,
        chat_id=conversation.chat_id,
        audience=Audience.person_in_group if conversation.chat_kind == ChatKind.group else Audience.private,
        kind=word.kind,
        text=spoken.text,
        locale=voice.first,
        choices=tuple(word.choices(voice)),
        entry=word.entry,
        ticket=ticket.number,
        attachments=word.attachments,
        quote=await _asked_in_group(tx, conversation, ticket),
    )
    reply = numbered(reply, spoken)
    await outbox.add(
        tx,
        channel=reply.channel,
        chat_id=reply.chat_id,
        reply=to_json(reply),
        conversation_id=conversation.id,
        utterance_id=spoken.id,
        due_at=now,
    )
    offer(conversation, reply.choices, now)
    return spoken


async def on_it(desk: Desk, tx: Transaction, ticket: Ticket, worker: Worker) -> None:
    """In a group the receipt changes to who has the ticket: one message a question, not one a step."""
    conversation = await conversations.get(tx, ticket.conversation_id)
    if conversation is None or conversation.chat_kind != ChatKind.group:
        return
    voice = Voice(conversation.locale)
    reply = Reply(
        channel=conversation.channel,
        chat_id=conversation.chat_id,
        audience=Audience.person_in_group,
        kind=ReplyKind.receipt,
        text=voice.say(_("Ticket {number}. {name} is on it."), number=ticket.number, name=worker.name),
        locale=voice.first,
        ticket=ticket.number,
        slot=f"receipt:{ticket.number}",
        minor=True,
    )
    await outbox.add(
        tx, channel=reply.channel, chat_id=reply.chat_id, reply=to_json(reply), conversation_id=conversation.id, due_at=desk.now()
    )


async def _asked_in_group(tx: Transaction, conversation: Conversation, ticket: Ticket) -> str | None:
    """The message that an answer in a group replies to, so that everybody sees whom it is for."""
    if conversation.chat_kind != ChatKind.group:
        return None
    asked = await conversations.utterance(tx, ticket.cause_id) if ticket.cause_id else None
    return asked.message_id if asked else None
