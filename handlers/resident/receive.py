"""The one way in: whatever a resident says or taps on any channel comes through `receive`.

Understand first, without the database's lock; then one transaction that records the message, decides, and records the replies.
Acknowledge after it, send after it, confirm after sending. The same message again gives the same replies and has no second effect.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from faq.asking import opens
from faq.reading import Reading
from handlers import locales
from handlers.decision import Action, decide
from handlers.desk import Desk
from handlers.errors import EmptyMessage
from handlers.messages import Message, Reply
from handlers.resident.answer import answer
from handlers.resident.choices import choice
from handlers.resident.commands import command
from handlers.resident.escalate import join
from handlers.resident.fault import faulty, faulty_lines
from handlers.resident.flood import floods, pause, unread
from handlers.resident.forget import forgotten
from handlers.resident.handover import taken_up
from handlers.resident.join import belongs_to
from handlers.resident.notice import first_notice
from handlers.resident.recall import Recall, as_message, recall, recall_conversation, recorded_replies
from handlers.resident.smalltalk import small_talk
from handlers.resident.turn import Turn, speak
from handlers.resident.urgent import alarm
from handlers.tidy import tidy
from handlers.voice import Voice
from storage import conversations, people
from storage.conversations import Author, Conversation, Utterance
from storage.errors import Conflict
from storage.people import Resident
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Received:
    """What is said to the speaker now. An opening line ("hi", "my visa") is answered by `settle` at `settle_at`, with what follows it.

    `again`: the message was received before; its replies are on their way or there already.
    """

    replies: tuple[Reply, ...]
    conversation_id: int = 0
    settle_at: datetime | None = None
    again: bool = False


async def receive(desk: Desk, message: Message) -> Received:
    """Take a message in and answer it. Raises `EmptyMessage`, and `StorageUnavailable` where nothing could be kept.

    A message on which our own code fails is recorded all the same and becomes a ticket.
    """
    message = tidy(message)
    if not (message.text or message.attachments or message.choice):
        raise EmptyMessage
    message = await taken_up(desk, message)
    async with desk.order.turn((message.channel, message.chat_id, message.sender_id)):
        return await _receive(desk, message)


async def _receive(desk: Desk, message: Message) -> Received:
    before = await recall(desk, message)
    message = _numbered(message, before)
    try:
        if floods(desk, message, before):
            return await _once(desk, message, None, before)
        farewell = await forgotten(desk, message)
        if farewell is not None:
            return Received((farewell,))
        reading = await _read(desk, message.text, before)
        return await _once(desk, message, reading, before)
    except Exception as fault:
        replies, again = await faulty(desk, message, fault)
        return Received(replies, again=again)


async def settle(desk: Desk, conversation_id: int, at: datetime | None = None) -> tuple[Reply, ...]:
    """Answer the opening lines of a conversation that nothing followed; nothing where a later message took them along.

    `at`: the moment for which this was planned; nothing where a later message waits for a later one.
    """
    try:
        return await _settle(desk, conversation_id, at)
    except Exception as fault:
        return await faulty_lines(desk, conversation_id, fault)


async def _settle(desk: Desk, conversation_id: int, at: datetime | None) -> tuple[Reply, ...]:
    async with desk.storage.reading() as tx:
        conversation = await conversations.get(tx, conversation_id)
        before = await recall_conversation(desk, tx, conversation) if conversation else Recall()
    if conversation is None or not before.held:
        return ()
    reading = await _read(desk, "", before)
    async with desk.storage.transaction() as tx:
        held = await conversations.held(tx, conversation_id)
        conversation = await conversations.get(tx, conversation_id)
        if not held or conversation is None or _waits_longer(held[-1], at):
            return ()
        resident = await people.get(tx, conversation.resident_id)
        if resident is None:
            return ()
        message = as_message(conversation, held[-1], resident)
        turn = _turn(desk, tx, replace(message, text=reading.text), resident, conversation, held[-1], reading, before)
        for utterance in held:
            utterance.held_until = None
        return await _together(turn, held[:-1])


async def _together(turn: Turn, held: Sequence[Utterance]) -> tuple[Reply, ...]:
    """Answer a message with what waited for it: the ticket it belongs to gets its opening lines and pictures too."""
    replies = await speak(turn, await first_notice(turn, await _route(turn)))
    if turn.utterance.ticket_id is not None:
        for utterance in held:
            await conversations.join(turn.tx, utterance, turn.utterance.ticket_id, turn.now)
    return replies


def _numbered(message: Message, before: Recall) -> Message:
    """A bare number taps the button of that number, for channels that have none."""
    if message.choice is None and message.text.isdecimal() and len(message.text) < 3 and 0 < int(message.text) <= len(before.offered):
        return replace(message, choice=before.offered[int(message.text) - 1])
    return message


async def _read(desk: Desk, text: str, before: Recall) -> Reading:
    """Read a text together with the opening lines that wait for it. Danger is looked for at once, the rest in a thread."""
    whole = "\n".join([*before.held, text] if text else before.held).strip()[: desk.policy.read_characters]
    return await asyncio.to_thread(desk.faq.read, whole, before.context)


def _waits_longer(last: Utterance, at: datetime | None) -> bool:
    return at is not None and last.held_until is not None and last.held_until > at


async def _once(desk: Desk, message: Message, reading: Reading | None, before: Recall) -> Received:
    try:
        return await _in_one_transaction(desk, message, reading, before)
    except Conflict:  # the same message, or the person's first two, came twice at the same moment: the other one is in now
        return await _in_one_transaction(desk, message, reading, before)


async def _in_one_transaction(desk: Desk, message: Message, reading: Reading | None, before: Recall) -> Received:
    """`reading` is None where the message is only kept for now."""
    async with desk.storage.transaction() as tx:
        known = await conversations.by_message(tx, message.channel, message.chat_id, message.message_id)
        if known is not None:
            return Received(await recorded_replies(tx, known), known.conversation_id, known.held_until, again=True)
        if reading is None:
            turn = await begin(desk, tx, message, unread(message.text), before)
            return Received(await pause(turn, before), turn.conversation.id, turn.utterance.held_until)
        turn = await begin(desk, tx, message, reading, before)
        if before.held:
            turn = replace(turn, message=replace(message, text=reading.text))
        held = [utterance for utterance in await conversations.held(tx, turn.conversation.id) if utterance.id != turn.utterance.id]
        wait = _wait(turn)
        for utterance in [*held, turn.utterance]:
            utterance.held_until = None if wait is None else turn.now + wait
        if wait is not None:
            return Received((), turn.conversation.id, turn.utterance.held_until)
        return Received(await _together(turn, held), turn.conversation.id)


async def begin(desk: Desk, tx: Transaction, message: Message, reading: Reading, before: Recall) -> Turn:
    """Find the person and the conversation, and record what was said before anything is done about it."""
    now = desk.now()
    resident = await people.find_or_create(tx, message.channel, message.sender_id, name=message.sender_name, now=now)
    first = locales.settle(resident.locale, reading.language, None, message.locale_hint)
    conversation = await conversations.find_or_create(
        tx, message.channel, message.chat_id, resident.id, chat_kind=message.chat_kind, locale=first, now=now
    )
    conversation.locale = locales.settle(resident.locale, reading.language, conversation.locale, message.locale_hint)
    utterance = await conversations.record(
        tx,
        conversation.id,
        author=Author.resident,
        text=message.text,
        locale=reading.language.code,
        message_id=message.message_id,
        choice=message.choice,
        attachments=[asdict(attachment) for attachment in message.attachments],
        at=now,
    )
    return _turn(desk, tx, message, resident, conversation, utterance, reading, before)


def _turn(
    desk: Desk,
    tx: Transaction,
    message: Message,
    resident: Resident,
    conversation: Conversation,
    utterance: Utterance,
    reading: Reading,
    before: Recall,
) -> Turn:
    voice = Voice(conversation.locale)
    return Turn(desk, tx, message, resident, conversation, utterance, voice, reading, before.context, desk.now())


def _wait(turn: Turn) -> timedelta | None:
    """How long to wait for what follows before answering. Danger, taps, commands and single files never wait."""
    policy, message = turn.desk.policy, turn.message
    if turn.reading.urgency or message.choice or message.text.startswith("/"):
        return None
    if message.album:
        return policy.album_hold
    return policy.fragment_hold if policy.fragment_hold and not message.attachments and opens(message.text) else None


async def _route(turn: Turn) -> list[Reply]:
    """Down one list; the first that takes the message answers it."""
    if turn.message.choice is None and turn.reading.urgency is not None:
        return await alarm(turn)
    for take in (command, choice):
        replies = await take(turn)
        if replies is not None:
            return replies
    decision = decide(turn.reading, turn.desk.thresholds, tuple(turn.desk.faq.catalogue.entries))
    ticket = await belongs_to(turn, decision)
    if decision.action is Action.smalltalk:
        if ticket is not None:
            turn.utterance.ticket_id = ticket.id
        return small_talk(turn)
    return [await join(turn, ticket)] if ticket is not None else await answer(turn, decision)
