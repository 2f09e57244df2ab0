"""The promise behind a ticket: its number, who has it, when they work and what the usual wait is, measured and never invented."""

from datetime import datetime

from handlers.desk import Desk
from handlers.voice import Voice, duration
from storage import tickets
from storage.tickets import Ticket
from storage.transaction import Transaction


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


async def promise(desk: Desk, tx: Transaction, ticket: Ticket, voice: Voice, now: datetime) -> str:
    """What a resident is told of their ticket. What is not known (hours, usual wait) is left out rather than guessed."""
    wait = await tickets.usual_wait(tx, ticket.community_id, now - desk.policy.usual_wait_over)
    profile = desk.faq.catalogue.profile(ticket.community_id)

    def words(language: str) -> str:
        hours = profile.value("worker.hours", language) if profile else None
        say = Voice(language).say
        sentences = [say(_("Ticket {number}."), number=ticket.number)]
        name = profile.value("worker.name", language) if profile else None
        if name and hours:
            sentences.append(say(_("{name} answers {hours}."), name=name, hours=hours))
        elif name:
            sentences.append(say(_("{name} answers here."), name=name))
        else:
            sentences.append(say(_("A social worker of your community answers here.")))
        if wait is not None:
            sentences.append(say(_("The usual wait now is {wait}."), wait=duration(wait, language)))
        return (" " if language == "en" else "").join(sentences)

    return voice.each(words)
