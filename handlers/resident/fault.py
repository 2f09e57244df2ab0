"""When our own code fails on a message: a second, smaller transaction keeps it and opens a ticket for a person."""

import logging

from faq.reading import Context, Language, Question, Reading
from handlers import locales
from handlers.desk import Desk
from handlers.messages import Message, Reply
from handlers.resident.escalate import escalate
from handlers.resident.recall import recorded_replies
from handlers.resident.turn import Turn, speak
from handlers.voice import Voice
from storage import conversations, people
from storage.conversations import Author
from storage.errors import StorageError
from storage.tickets import Reason

log = logging.getLogger(__name__)


async def faulty(desk: Desk, message: Message, fault: Exception) -> tuple[Reply, ...]:
    """Keep a message that could not be handled. The fault is logged once with its trace; a store that says no is passed on."""
    if isinstance(fault, StorageError):
        raise fault
    log.error("message_failed", exc_info=fault, extra={"channel": message.channel})
    async with desk.storage.transaction() as tx:
        known = await conversations.by_message(tx, message.channel, message.chat_id, message.message_id)
        if known is not None:
            return await recorded_replies(tx, known)
        now = desk.now()
        resident = await people.find_or_create(tx, message.channel, message.sender_id, name=message.sender_name, now=now)
        conversation = await conversations.find_or_create(
            tx, message.channel, message.chat_id, resident.id, chat_kind=message.chat_kind, locale=resident.locale or locales.BOTH, now=now
        )
        utterance = await conversations.record(
            tx, conversation.id, author=Author.resident, text=message.text, locale="und", message_id=message.message_id, at=now
        )
        unread = Reading(message.text, message.text, Language("und"), (Question(message.text, ()),))
        voice = Voice(conversation.locale)
        turn = Turn(desk, tx, message, resident, conversation, utterance, voice, unread, Context(), now)
        return await speak(turn, [await escalate(turn, Reason.fault, question=message.text)])
