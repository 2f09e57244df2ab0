"""/forget: what is held about a person is deleted, after one question; what must stay for a while, and why, is said."""

from dataclasses import dataclass, replace

from handlers import locales
from handlers.desk import Desk
from handlers.forgetting import forget
from handlers.messages import Audience, ChatKind, Choice, Message, Reply, ReplyKind
from handlers.resident import payloads
from handlers.resident.mydata import in_private
from handlers.resident.turn import Turn
from handlers.voice import Voice
from handlers.wire import to_json
from storage import conversations, erasure, outbox
from storage.erasure import Cause


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: The argument of the button that means it.
YES = "yes"


async def ask(turn: Turn, argument: str) -> list[Reply]:
    """What would be deleted and what would stay, with a button that means it."""
    if turn.message.chat_kind is ChatKind.group:
        return [in_private(turn)]
    staying = await erasure.urgent(turn.tx, turn.resident.id)
    words = turn.voice.say(
        _(
            "This deletes everything you wrote here and were answered, your name and how I know you. Your open tickets are taken back. "
            "It cannot be undone. What stays are numbers without you: that a question was asked and when."
        )
    )
    if staying:
        words = f"{words}\n\n{_stays(turn.voice, [ticket.number for ticket in staying])}"
    choices = (
        Choice(turn.voice.label(_("Delete everything")), payloads.payload(payloads.FORGET, YES)),
        Choice(turn.voice.label(_("Keep it")), payloads.payload(payloads.FORGET, "no")),
    )
    return [turn.reply(ReplyKind.notice, words, choices=choices)]


async def answered(turn: Turn, argument: str) -> list[Reply] | None:
    """The buttons of /privacy and of the question, except the one that means it: `forgotten` takes that."""
    if argument == "ask":
        return await ask(turn, "")
    return [turn.reply(ReplyKind.notice, turn.voice.say(_("Nothing was deleted.")))] if argument == "no" else None


@dataclass(frozen=True, slots=True)
class _Person:
    resident_id: int
    locale: str


async def forgotten(desk: Desk, message: Message) -> Reply | None:
    """Delete, when the message is the tap that means it; None for any other message.

    The tap is not kept, and the last reply only until it has gone out. The same tap again finds nobody and says so.
    """
    if message.choice != payloads.payload(payloads.FORGET, YES) or message.chat_kind is not ChatKind.private:
        return None
    async with desk.storage.transaction() as tx:
        chat = await conversations.of_sender(tx, message.channel, message.chat_id, message.sender_id)
        person = _Person(chat.resident_id, chat.locale) if chat else None
        staying = await forget(desk, tx, person.resident_id, cause=Cause.resident) if person else ()
        last = _last_word(message, person, staying)
        delivery = await outbox.add(
            tx,
            channel=last.channel,
            chat_id=last.chat_id,
            reply=to_json(last),
            due_at=desk.now(),
            leased_until=desk.now() + desk.policy.reply_lease,
        )
        await erasure.farewell(tx, delivery.id, desk.now())
        return replace(last, delivery_id=delivery.id)


def _last_word(message: Message, person: _Person | None, staying: tuple[int, ...]) -> Reply:
    voice = Voice(person.locale if person else locales.from_hint(message.locale_hint) or locales.BOTH)
    if person is None:
        words = voice.say(_("Nothing is held about you."))
    elif staying:
        words = f"{voice.say(_('Everything else is deleted.'))}\n{_stays(voice, staying)}"
    else:
        words = voice.say(_("Everything about you is deleted. Copies in backups end within 30 days. Write whenever you need us again."))
    return Reply(message.channel, message.chat_id, Audience.private, ReplyKind.privacy, words, voice.first)


def _stays(voice: Voice, numbers: tuple[int, ...] | list[int]) -> str:
    return voice.say(
        _("Ticket {numbers} is about danger and still open: it stays, with your name, until it is closed. Then it is deleted too."),
        numbers=lambda language: (", " if language == "en" else "、").join(map(str, numbers)),
    )
