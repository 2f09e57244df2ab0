"""The promise behind a ticket: its number, who has it, when they work and what the usual wait is, measured and never invented.

Out of hours it says from when on somebody answers, and who can be asked now.
"""

from datetime import datetime

from handlers.desk import Desk
from handlers.hours import HERE, Hours, hours
from handlers.voice import Voice, duration, weekday
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

    open_at = hours(desk, ticket.community_id)

    def words(language: str) -> str:
        times = profile.value("worker.hours", language) if profile else None
        say = Voice(language).say
        sentences = [say(_("Ticket {number}."), number=ticket.number)]
        name = profile.value("worker.name", language) if profile else None
        if name and times:
            sentences.append(say(_("{name} answers {hours}."), name=name, hours=times))
        elif name:
            sentences.append(say(_("{name} answers here."), name=name))
        else:
            sentences.append(say(_("A social worker of your community answers here.")))
        if not open_at.is_open(now):
            sentences += _closed(open_at, now, language)
        elif wait is not None:
            sentences.append(say(_("The usual wait now is {wait}."), wait=duration(wait, language)))
        return (" " if language == "en" else "").join(sentences)

    return voice.each(words)


def _closed(office: Hours, now: datetime, language: str) -> list[str]:
    """From when on somebody answers, and whom to ask now."""
    say = Voice(language).say
    opens = office.opens_at(now)
    sentences = [say(_("The office is closed now."))]
    if opens is not None:
        sentences.append(
            say(
                _("It answers again on {day} from {time}."),
                day=weekday(opens.astimezone(HERE), language),
                time=f"{opens.astimezone(HERE):%H:%M}",
            )
        )
    sentences.append(
        say(
            _(
                "Now you can ring 12367 about visas and permits, day and night, in English too, or 12345 about the city "
                "(it may have no English); in danger 110, fire 119, ambulance 120."
            )
        )
    )
    return sentences
