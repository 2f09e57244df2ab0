"""When our own code fails on a message: a second, smaller transaction keeps it and opens a ticket for a person."""

import logging

from faq.reading import Context
from handlers import locales
from handlers.desk import Desk
from handlers.messages import Message, Reply, ReplyKind
from handlers.resident.escalate import OPENINGS, escalate
from handlers.resident.flood import unread
from handlers.resident.recall import as_message, recorded_replies
from handlers.resident.turn import Turn, speak
from handlers.voice import Voice
from storage import conversations, people, tickets
from storage.conversations import Author
from storage.errors import StorageError
from storage.tickets import Reason
from storage.transaction import Transaction

log = logging.getLogger(__name__)


async def faulty(desk: Desk, message: Message, fault: Exception) -> tuple[tuple[Reply, ...], bool]:
    """Keep a message that could not be handled; the replies, and whether it had been kept before.

    The fault is logged once with its trace; a store that says no is passed on. Where even the usual receipt fails, the message
    is kept and handed over with the barest one.
    """
    if isinstance(fault, StorageError):
        raise fault
    log.error("message_failed", exc_info=fault, extra={"channel": message.channel})
    try:
        return await _handed_over(desk, message, bare=False)
    except StorageError:
        raise
    except Exception:
        log.exception("receipt_failed", extra={"channel": message.channel})
        return await _handed_over(desk, message, bare=True)


async def faulty_lines(desk: Desk, conversation_id: int, fault: Exception) -> tuple[Reply, ...]:
    """The same for opening lines that were kept already and could not be answered."""
    if isinstance(fault, StorageError):
        raise fault
    log.error("lines_failed", exc_info=fault, extra={"conversation": conversation_id})
    async with desk.storage.transaction() as tx:
        held = await conversations.held(tx, conversation_id)
        conversation = await conversations.get(tx, conversation_id)
        resident = await people.get(tx, conversation.resident_id) if conversation else None
        if not held or conversation is None or resident is None:
            return ()
        for utterance in held:
            utterance.held_until = None
        text = "\n".join(utterance.text for utterance in held)
        message = as_message(conversation, held[-1], resident)
        turn = Turn(
            desk, tx, message, resident, conversation, held[-1], Voice(conversation.locale), unread(text), Context(), desk.now()
        )  # fmt: skip
        return await speak(turn, [await escalate(turn, Reason.fault, question=text)])


async def _handed_over(desk: Desk, message: Message, *, bare: bool) -> tuple[tuple[Reply, ...], bool]:
    async with desk.storage.transaction() as tx:
        known = await conversations.by_message(tx, message.channel, message.chat_id, message.message_id)
        if known is not None:
            return await recorded_replies(tx, known), True
        turn = await _turn(desk, tx, message)
        receipt = await _barely(turn) if bare else await escalate(turn, Reason.fault, question=message.text)
        return await speak(turn, [receipt]), False


async def _turn(desk: Desk, tx: Transaction, message: Message) -> Turn:
    now = desk.now()
    resident = await people.find_or_create(tx, message.channel, message.sender_id, name=message.sender_name, now=now)
    conversation = await conversations.find_or_create(
        tx, message.channel, message.chat_id, resident.id, chat_kind=message.chat_kind, locale=resident.locale or locales.BOTH, now=now
    )
    utterance = await conversations.record(
        tx, conversation.id, author=Author.resident, text=message.text, locale="und", message_id=message.message_id, at=now
    )
    return Turn(desk, tx, message, resident, conversation, utterance, Voice(conversation.locale), unread(message.text), Context(), now)


async def _barely(turn: Turn) -> Reply:
    """A ticket and one sentence: nothing of the FAQ, no figures, nothing that could fail again."""
    ticket, _new = await tickets.open_ticket(
        turn.tx,
        conversation=turn.conversation,
        topic=None,
        cause_id=turn.utterance.id,
        reason=Reason.fault,
        question=turn.message.text,
        locale=turn.voice.first,
        now=turn.now,
    )
    await conversations.join(turn.tx, turn.utterance, ticket.id, turn.now)
    return turn.reply(ReplyKind.receipt, turn.voice.say(OPENINGS[Reason.fault]), ticket=ticket.number)
