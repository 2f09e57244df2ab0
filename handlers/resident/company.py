"""A message in a group: kept as a fact without words, judged by the group sense, and answered where that says so."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from faq.reading import Context, Reading
from handlers import privacy
from handlers.decision import Action, Step
from handlers.desk import Desk
from handlers.messages import Audience, Message, Reply, ReplyKind
from handlers.resident.answer import show, suggest
from handlers.resident.ears import HOUR, Ears
from handlers.resident.escalate import escalate
from handlers.resident.flood import unread
from handlers.resident.group import GroupAction, Heard, Manners, Mode, Said, Sense, sense
from handlers.resident.handover import into_private
from handlers.resident.recall import Recall
from handlers.resident.receive import Received, begin
from handlers.resident.smalltalk import small_talk
from handlers.resident.turn import Turn, speak
from handlers.resident.urgent import alarm
from handlers.tidy import tidy
from handlers.voice import Voice
from storage import conversations, groups, people, tickets, workers
from storage.conversations import Author
from storage.groups import GroupFact, Speaker
from storage.tickets import EventKind, Reason
from storage.transaction import Transaction
from storage.workers import Worker

#: The name under which Linli stands among those who spoke.
BOT = "Linli"
#: Matters of these topics are private when somebody speaks of themselves.
PRIVATE_TOPICS = frozenset({"healthcare", "safety"})
_MYSELF = re.compile(
    r"\b(?:i|i'?m|im|me|my|we|our)\b|我|俺|(?:my|our) (?:wife|husband|son|daughter|child|kid|mother|father)|老公|老婆|孩子|儿子|女儿", re.I
)
#: Commands that are answered in the group; the others are about a person and belong in private.
IN_GROUP = ("/help", "/start")


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


@dataclass(frozen=True, slots=True)
class Company:
    """What comes of a message in a group. `remove`: it must not stand there; `seen`: a sign on it is enough of an answer."""

    action: GroupAction
    received: Received = field(default_factory=lambda: Received(()))
    remove: bool = False
    seen: bool = False


async def hear(desk: Desk, ears: Ears, message: Message, manners: Manners = Manners()) -> Company:  # noqa: B008 - a frozen value
    """Take in what was said in a group. The same message again has no second effect, except that it is removed again."""
    message = tidy(message)
    channel, chat_id = message.channel, message.chat_id
    async with desk.order.turn((channel, chat_id, "")):
        facts = await ears.recent(channel, chat_id)
        known = next((fact for fact in reversed(facts) if fact.message_id == message.message_id), None)
        if known is not None:
            return Company(GroupAction(known.action), Received((), again=True), remove=known.action in REMOVED)
        scene = Scene(message, facts, await ears.staff(message.sender_id), await ears.mode(channel, chat_id), manners, desk.now())
        try:
            judged, reading = _judge(desk, scene, _not_here), None
        except _NeedsReading:
            judged, reading = await asyncio.to_thread(_read_and_judge, desk, scene)
        heard = _fact(message, Speaker.worker if scene.by_worker else Speaker.resident, judged.action, scene.now)
        if judged.action in REMOVED or (judged.action is GroupAction.silent and not scene.by_worker):
            await ears.keep(heard)
            return Company(judged.action, remove=judged.action in REMOVED)
        done, facts_now = await _act(desk, scene, heard, judged, reading)
        ears.remember(*facts_now)
        return done


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the judgement of a message rests on."""

    message: Message
    facts: Sequence[GroupFact]
    by_worker: bool
    mode: Mode
    manners: Manners
    now: datetime


class _NeedsReading(Exception):
    """The message has to be read for meaning, which takes a thread of its own."""


def _not_here(text: str, context: Context) -> Reading:
    raise _NeedsReading


#: What must not stand in a group.
REMOVED = frozenset({GroupAction.privacy_warning, GroupAction.spam})


def _read_and_judge(desk: Desk, scene: Scene) -> tuple[Sense, Reading | None]:
    """The group sense, and how the message was read."""
    readings: list[Reading] = []

    def read(text: str, context: Context) -> Reading:
        readings.append(desk.faq.read(text[: desk.policy.read_characters], context))
        return readings[-1]

    return _judge(desk, scene, read), readings[-1] if readings else None


def _judge(desk: Desk, scene: Scene, read: Callable[[str, Context], Reading]) -> Sense:
    message, facts = scene.message, scene.facts
    to_bot = message.addressed
    if message.forwarded and not to_bot:
        return Sense(GroupAction.silent)
    names = {fact.sender_id: fact.name for fact in facts}
    whom = message.answers or (message.calls[0] if message.calls else None)
    reply_to = names.get(whom, whom) if whom else BOT if to_bot and message.reply_to else None
    last = next((fact.entry_id for fact in reversed(facts) if fact.speaker is Speaker.bot and fact.entry_id), None) if to_bot else None
    said = Said(message.sender_name or message.sender_id, scene.now, message.text, reply_to, to_bot, scene.by_worker)
    return sense(
        said,
        [_heard(fact, names) for fact in facts],
        lambda text: read(text, Context(entry=last)),
        desk.thresholds,
        urgent=desk.faq.urgent,
        mode=scene.mode,
        manners=scene.manners,
    )


def _heard(fact: GroupFact, names: dict[str, str]) -> Heard:
    whom = fact.answers
    return Heard(
        fact.name,
        fact.at,
        names.get(whom, whom) if whom else None,
        by_bot=fact.speaker is Speaker.bot,
        by_worker=fact.speaker is Speaker.worker,
        entry=fact.entry_id,
    )


async def _act(desk: Desk, scene: Scene, heard: GroupFact, judged: Sense, reading: Reading | None) -> tuple[Company, tuple[GroupFact, ...]]:
    """Do it in one transaction; what came of it, and the facts that are kept of it."""
    message = scene.message
    async with desk.storage.transaction() as tx:
        if await conversations.by_message(tx, message.channel, message.chat_id, message.message_id) is not None:
            return Company(judged.action, Received((), again=True)), ()
        if scene.by_worker and judged.action is GroupAction.silent:
            await groups.record(tx, [heard])
            worker = await workers.by_telegram_id(tx, message.sender_id)
            seen = worker is not None and await _answered_by_hand(tx, message, worker, scene.now)
            return Company(judged.action, seen=seen), (heard,)
        turn = await begin(desk, tx, message, reading or unread(message.text), Recall())
        replies = await _answer(turn, judged, scene.facts, scene.now)
        spoken = await speak(turn, replies)
        facts = (heard, _spoke(message, judged, scene.now))
        await groups.record(tx, facts)
        return Company(judged.action, Received(spoken, turn.conversation.id)), facts


def _fact(message: Message, speaker: Speaker, action: str, now: datetime) -> GroupFact:
    return GroupFact(
        channel=message.channel,
        chat_id=message.chat_id,
        message_id=message.message_id,
        sender_id=message.sender_id,
        name=(message.sender_name or message.sender_id)[:80],
        speaker=speaker,
        answers=message.answers or (message.calls[0] if message.calls else None),
        calls=list(message.calls),
        addressed=message.addressed,
        entry_id=None,
        action=action,
        at=now,
    )


def _spoke(message: Message, judged: Sense, now: datetime) -> GroupFact:
    """That Linli spoke. What it said unasked answers nobody, and counts towards what it may say in an hour."""
    fact = _fact(message, Speaker.bot, judged.action, now)
    fact.message_id = f"to {message.message_id}"
    fact.sender_id, fact.name = BOT, BOT
    fact.answers = message.sender_id if message.addressed else None
    fact.entry_id = judged.entry
    return fact


async def _answer(turn: Turn, judged: Sense, facts: Sequence[GroupFact], now: datetime) -> list[Reply]:
    match judged.action:
        case GroupAction.urgent:
            first = (await alarm(turn))[0]
            return [replace(first, choices=(*first.choices, await into_private(turn, turn.message.text)))]
        case GroupAction.answer if judged.entry is not None and turn.desk.faq.entry(judged.entry) is not None:
            return [await _private_or_here(turn, judged)]
        case GroupAction.pointer if judged.entry is not None:
            return [await _point_back(turn, judged.entry, now)]
        case GroupAction.suggest:
            matches = judged.candidates
            return [suggest(turn, Step(Action.suggest, turn.message.text, matches))]
        case GroupAction.smalltalk:
            return small_talk(turn)
        case GroupAction.command:
            return await _command(turn)
    return [await _hand_over(turn, judged)]


async def _private_or_here(turn: Turn, judged: Sense) -> Reply:
    """An answer for everybody; but what somebody tells of their own health or danger is nobody else's business."""
    assert judged.entry is not None
    entry = turn.desk.faq.catalogue.entries[judged.entry]
    if entry.topic in PRIVATE_TOPICS and _MYSELF.search(turn.message.text):
        button = await into_private(turn, turn.message.text)
        text = turn.voice.say(_("I can help with that. It is your own affair, so let us go on in private."))
        return turn.reply(ReplyKind.pointer, text, choices=[button], entry=entry.id)
    step = judged.decision.steps[0] if judged.decision else None
    return show(turn, entry.id, step.part if step and step.entry == entry.id else None)


async def _point_back(turn: Turn, entry_id: str, now: datetime) -> Reply:
    """The group has had this answer: point to it, or give it again where it cannot be found."""
    since = now - Manners().repeat_after
    before = await conversations.platform_message_of(turn.tx, turn.message.channel, turn.message.chat_id, entry_id, since)
    if before is None:
        return show(turn, entry_id)
    text = turn.voice.say(_("That was just answered here."))
    return replace(turn.reply(ReplyKind.pointer, text, entry=entry_id), quote=before)


async def _command(turn: Turn) -> list[Reply]:
    if turn.message.text.startswith(IN_GROUP):
        text = turn.voice.say(_("Ask me here by replying to one of my messages, or in private for what concerns you alone."))
        return [turn.reply(ReplyKind.notice, text, choices=[await into_private(turn, "/start")])]
    text = turn.voice.say(_("That is between you and me: let us go on in private."))
    return [turn.reply(ReplyKind.pointer, text, choices=[await into_private(turn, turn.message.text)])]


async def _hand_over(turn: Turn, judged: Sense) -> Reply:
    """A ticket; its receipt is one line that changes as the ticket does."""
    asked = turn.message.text
    reason = Reason.requested if asked.startswith("/") else Reason.unmatched
    asked = asked.partition(" ")[2] or asked if asked.startswith("/") else asked
    receipt = await escalate(turn, reason, question=asked, matches=judged.candidates)
    return replace(receipt, choices=(await into_private(turn, asked),), slot=f"receipt:{receipt.ticket}")


async def _answered_by_hand(tx: Transaction, message: Message, worker: Worker, now: datetime) -> bool:
    """A worker simply answered in the group: the asker's open ticket notices."""
    if message.answers is None:
        return False
    conversation = await conversations.of_sender(tx, message.channel, message.chat_id, message.answers)
    live = await tickets.live(tx, conversation.id) if conversation else ()
    ticket = next((one for one in live if one.assignee_id in (None, worker.id)), None)
    if conversation is None or ticket is None:
        return False
    await tickets.claim(tx, ticket.id, worker.id, now)
    await conversations.record(
        tx,
        conversation.id,
        author=Author.worker,
        worker_id=worker.id,
        kind=ReplyKind.relay,
        text=privacy.mask(message.text),
        locale=conversation.locale,
        message_id=message.message_id,
        ticket_id=ticket.id,
        at=now,
    )
    await tickets.event(tx, ticket.id, EventKind.replied, worker_id=worker.id, at=now)
    await tickets.answered(tx, ticket, now)
    return True


async def warning(desk: Desk, message: Message, *, removed: bool, in_group: bool = False) -> Reply:
    """Why a message with a private number is gone (or should go), for its writer; in the group without a word of what it was."""
    async with desk.storage.transaction() as tx:
        resident = await people.find_or_create(tx, message.channel, message.sender_id, name=message.sender_name, now=desk.now())
        locale = resident.locale or "en+zh"
    voice = Voice(locale)
    if in_group:
        text = voice.say(_("I removed a message to protect its writer. Whoever wrote it can ask me in private why."))
    elif removed:
        text = voice.say(
            _(
                "I removed your message from the group: it held a number of a passport, permit, identity or bank card."
                " Nobody needs it there. If a social worker needs it, send it to me here."
            )
        )
    else:
        text = voice.say(
            _(
                "Your message in the group holds a number of a passport, permit, identity or bank card. Delete it there,"
                " I may not do it. If a social worker needs it, send it to me here."
            )
        )
    return Reply(
        channel=message.channel,
        chat_id=message.chat_id if in_group else message.sender_id,
        audience=Audience.group if in_group else Audience.private,
        kind=ReplyKind.privacy,
        text=text,
        locale=voice.first,
    )


async def forget_facts(desk: Desk) -> None:
    """Facts older than an hour serve nothing and are forgotten."""
    async with desk.storage.transaction() as tx:
        await groups.prune(tx, desk.now() - HOUR)
