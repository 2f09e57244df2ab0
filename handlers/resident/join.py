"""Which open ticket, if any, a message belongs to. People write in three short lines and send a photo of the letter."""

from collections.abc import Sequence
from datetime import datetime

from faq.asking import adds_on, asks
from handlers.decision import Action, Decision
from handlers.resident.turn import Turn
from storage import conversations, tickets
from storage.tickets import Status, Ticket


async def belongs_to(turn: Turn, decision: Decision) -> Ticket | None:
    """The live ticket that this message continues, or None where it stands for itself.

    It continues a ticket when it replies to one of its messages, when it is a photo, voice note or place alone, when it says
    "also …", when a person has just answered and this is no new question, or when no entry answers it and the ticket's
    last message is no older than the policy's `join_within`. A sure answer is given even while a ticket is open.
    """
    live = await tickets.live(turn.tx, turn.conversation.id)
    if not live:
        return None
    replied = await _replied_to(turn, live)
    if replied is not None:
        return replied
    newest = live[0]
    text = turn.message.text
    if not text:
        return newest
    sure = decision.action is Action.answer
    if newest.status is Status.waiting and not (sure and asks(text)):
        return newest
    age = turn.now - await _last_word(turn, newest)
    if age > turn.desk.policy.join_within or sure:
        return None
    return newest if decision.action is Action.escalate or adds_on(text) else None


async def _replied_to(turn: Turn, live: Sequence[Ticket]) -> Ticket | None:
    if turn.message.reply_to is None:
        return None
    quoted = await conversations.by_platform_message(turn.tx, turn.message.channel, turn.message.chat_id, turn.message.reply_to)
    return next((ticket for ticket in live if quoted is not None and ticket.id == quoted.ticket_id), None)


async def _last_word(turn: Turn, ticket: Ticket) -> datetime:
    said = await conversations.of_ticket(turn.tx, ticket.id)
    return max([ticket.opened_at, *(utterance.at for utterance in said)])
