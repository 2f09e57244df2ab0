"""Replies to use again, filled for a ticket, in both languages: a worker picks one in the language that the resident reads."""

from collections.abc import Mapping
from dataclasses import dataclass

from faq import form
from handlers.desk import Desk
from handlers.staff.rights import ticket_for, worker_of
from handlers.voice import Voice
from storage import conversations, people


@dataclass(frozen=True, slots=True)
class Filled:
    """A reply to use again: its titles and its words by language (`en`, `zh`), nothing left to fill in."""

    id: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]


async def replies(desk: Desk, worker_id: int, ticket_id: int) -> tuple[str, list[Filled]]:
    """The language (`en`, `zh`) in which to answer this resident, and the replies filled for them."""
    async with desk.storage.reading() as tx:
        worker = await worker_of(tx, worker_id)
        ticket = await ticket_for(tx, worker, ticket_id)
        resident = await people.get(tx, ticket.resident_id)
        conversation = await conversations.get(tx, ticket.conversation_id)
    voice = Voice(conversation.locale if conversation else ticket.locale)
    own = {
        "resident": (resident.name or resident.alias) if resident else "",
        "worker": worker.name,
        "ticket": str(ticket.number),
    }

    def fill(text: str, language: str) -> str:
        named = form.PLACEHOLDER.sub(lambda found: own.get(found[1], found[0]), text)
        return "\n".join(desk.faq.catalogue.fill(named.split("\n"), ticket.community_id, language))

    return voice.languages[0], [
        Filled(one.id, one.titles, {language: fill(text, language) for language, text in one.texts.items()})
        for one in desk.faq.catalogue.replies.values()
    ]
