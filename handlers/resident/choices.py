"""What happens when somebody taps a button (or types its number where there are none)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from handlers.messages import Choice, Reply, ReplyKind
from handlers.promise import promise
from handlers.resident import forget, mydata, notice, payloads
from handlers.resident.answer import show
from handlers.resident.commands import OFFERED, last_question, speak_from_now_on, start
from handlers.resident.escalate import escalate, join
from handlers.resident.turn import Turn
from handlers.voice import Voice
from storage import conversations, tickets, translations
from storage.conversations import Utterance
from storage.tickets import Reason, Status, Ticket


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


async def choice(turn: Turn) -> list[Reply] | None:
    """What a tap answers, or None where the message is no tap."""
    if turn.message.choice is None:
        return None
    verb, argument = payloads.parse(turn.message.choice)
    handler = VERBS.get(verb)
    replies = await handler(turn, argument) if handler else None
    return replies if replies is not None else [gone(turn)]


def gone(turn: Turn) -> Reply:
    """Said where a button leads nowhere: it is from long ago, or was made up."""
    return turn.reply(ReplyKind.notice, turn.voice.say(_("That button no longer works. Write your question and I answer.")))


async def entry(turn: Turn, argument: str) -> list[Reply] | None:
    """Show the entry that was picked among suggestions, related entries or a topic."""
    return [show(turn, argument)] if turn.desk.faq.entry(argument) else None


async def other_language(turn: Turn, argument: str) -> list[Reply] | None:
    """The same reply in the other language, so that it can be held up to a taxi driver, nurse or policeman."""
    spoken = await _mine(turn, argument)
    if spoken is None:
        return None
    voice = Voice(spoken.locale).other
    other = replace(turn, voice=voice)
    if spoken.kind == ReplyKind.urgent and spoken.entry_id is not None:
        words = next(
            (a.words for a in turn.desk.faq.alarms if a.entry == spoken.entry_id and a.words[voice_of(spoken)] == spoken.text), None
        )
        if words is not None:
            return [other.reply(ReplyKind.urgent, voice.each(lambda language: words[language]), entry=spoken.entry_id)]
    return [show(other, spoken.entry_id)] if spoken.entry_id is not None and turn.desk.faq.entry(spoken.entry_id) else None


async def original(turn: Turn, argument: str) -> list[Reply] | None:
    """What the worker wrote, as they wrote it."""
    spoken = await _mine(turn, argument)
    written = await translations.original(turn.tx, spoken.id) if spoken is not None else None
    return [turn.reply(ReplyKind.notice, written.text)] if written is not None else None


def voice_of(spoken: Utterance) -> str:
    """The catalogue that a recorded reply was spoken from."""
    return Voice(spoken.locale).languages[0]


async def helped(turn: Turn, argument: str) -> list[Reply] | None:
    """The answer helped."""
    spoken = await _mine(turn, argument)
    if spoken is None:
        return None
    spoken.feedback = 1
    return [turn.reply(ReplyKind.notice, turn.voice.say(_("Good. Thank you for telling me.")))]


async def unhelpful(turn: Turn, argument: str) -> list[Reply] | None:
    """The answer did not help: a ticket with the original question."""
    spoken = await _mine(turn, argument)
    if spoken is None:
        return None
    spoken.feedback = -1
    return [await escalate(turn, Reason.unhelpful, question=await _asked(turn, spoken))]


async def none_fits(turn: Turn, argument: str) -> list[Reply] | None:
    """None of the suggestions fits: a ticket with the original question."""
    spoken = await _mine(turn, argument)
    return [await escalate(turn, Reason.unmatched, question=await _asked(turn, spoken))] if spoken else None


async def human(turn: Turn, argument: str) -> list[Reply] | None:
    """A person, please, about whatever stood above the button."""
    spoken = await _mine(turn, argument)
    question = await _asked(turn, spoken) if spoken else last_question(turn)
    waiting = next((one for one in await tickets.live(turn.tx, turn.conversation.id) if one.question == question), None)
    return [await join(turn, waiting) if waiting else await escalate(turn, Reason.requested, question=question)]


async def withdraw(turn: Turn, argument: str) -> list[Reply] | None:
    """The person takes a ticket back."""
    ticket = await _my_ticket(turn, argument)
    if ticket is None or ticket.status is Status.closed:
        return None
    await tickets.close(turn.tx, ticket.id, by=None, outcome="withdrawn", now=turn.now)
    text = turn.voice.say(_("Ticket {number} is taken back. Nobody needs to answer it now."), number=ticket.number)
    return [turn.reply(ReplyKind.receipt, text, choices=[reopen_choice(turn.voice, ticket.number)], ticket=ticket.number)]


async def reopen(turn: Turn, argument: str) -> list[Reply] | None:
    """The person takes a closed ticket up again."""
    ticket = await _my_ticket(turn, argument)
    if ticket is None or ticket.status is not Status.closed or ticket.closed_at is None:
        return None
    if turn.now - ticket.closed_at > turn.desk.policy.reopen_within:
        return [await escalate(turn, Reason.requested, question=ticket.question)]
    opened = await tickets.reopen(turn.tx, ticket.id, by=None, now=turn.now)
    if opened is None:
        return None
    told = await promise(turn.desk, turn.tx, opened, turn.voice, turn.now)
    again = turn.voice.say(_("Ticket {number} is open again."), number=opened.number)
    return [turn.reply(ReplyKind.receipt, f"{again}\n{told}", ticket=opened.number)]


async def rate(turn: Turn, argument: str) -> list[Reply] | None:
    """One to five for the help that was given."""
    number, _colon, stars = argument.partition(":")
    ticket = await _my_ticket(turn, number)
    if ticket is None or stars not in {"1", "2", "3", "4", "5"}:
        return None
    await tickets.rate(turn.tx, ticket.id, int(stars), turn.now)
    return [turn.reply(ReplyKind.notice, turn.voice.say(_("Thank you. The team sees it.")), ticket=ticket.number)]


async def language(turn: Turn, argument: str) -> list[Reply] | None:
    """Speak this language with me from now on."""
    return [speak_from_now_on(turn, argument)] if argument in {"en", "zh", "zh-Hant"} else None


async def topic(turn: Turn, argument: str) -> list[Reply] | None:
    """The first entries of a topic to choose from."""
    catalogue = turn.desk.faq.catalogue
    entries = [e for e in catalogue.entries.values() if e.topic == argument][:OFFERED]
    if not entries:
        return None
    first = turn.voice.languages[0]
    choices = [Choice(turn.voice.write(e.titles[first]), payloads.payload(payloads.ENTRY, e.id)) for e in entries]
    text = turn.voice.say(_("Choose one, or ask in your own words."))
    return [turn.reply(ReplyKind.suggestion, text, choices=[*choices, payloads.human(turn.voice)])]


async def community(turn: Turn, argument: str) -> list[Reply] | None:
    """The link in the lift was opened: the community is known, and the person is welcomed."""
    return await start(turn, f"c-{argument}")


def reopen_choice(voice: Voice, number: int) -> Choice:
    """The button that takes a closed ticket up again."""
    return Choice(voice.label(_("Take it up again")), payloads.payload(payloads.REOPEN, number))


async def _mine(turn: Turn, argument: str) -> Utterance | None:
    """The reply of this very conversation that a button stood under; nobody reaches another conversation with a made-up number."""
    if not argument.isdecimal() or len(argument) > 18:
        return None
    spoken = await conversations.utterance(turn.tx, int(argument))
    return spoken if spoken is not None and spoken.conversation_id == turn.conversation.id else None


async def _asked(turn: Turn, spoken: Utterance) -> str:
    """The resident's own words that a reply answered."""
    cause = await conversations.utterance(turn.tx, spoken.in_reply_to_id) if spoken.in_reply_to_id else None
    return cause.text if cause is not None and cause.text else last_question(turn)


async def _my_ticket(turn: Turn, number: str) -> Ticket | None:
    ticket = await tickets.by_number(turn.tx, int(number)) if number.isdecimal() and len(number) < 10 else None
    return ticket if ticket is not None and ticket.resident_id == turn.resident.id else None


VERBS: dict[str, Callable[[Turn, str], Awaitable[list[Reply] | None]]] = {
    payloads.ENTRY: entry,
    payloads.OTHER_LANGUAGE: other_language,
    payloads.ORIGINAL: original,
    payloads.HELPED: helped,
    payloads.UNHELPFUL: unhelpful,
    payloads.NONE_FITS: none_fits,
    payloads.HUMAN: human,
    payloads.WITHDRAW: withdraw,
    payloads.REOPEN: reopen,
    payloads.RATE: rate,
    payloads.LANGUAGE: language,
    payloads.TOPIC: topic,
    payloads.COMMUNITY: community,
    payloads.UNDERSTOOD: notice.understood,
    payloads.MY_DATA: mydata.my_data,
    payloads.FORGET: forget.answered,
}
