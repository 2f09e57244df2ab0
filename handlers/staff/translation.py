"""Translation aid: a worker reads a message in their language, and sees the reply in the resident's before it goes.

Both texts are kept. A translator that is slow or talks nonsense costs the translation, never a message: nothing else waits for it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from faq.language import detect
from handlers import locales
from handlers.desk import Desk
from handlers.errors import EmptyMessage
from handlers.protection import protect
from handlers.staff.reply import Original
from handlers.staff.rights import ticket_for, worker_of
from handlers.tidy import clean
from handlers.translator import NotTranslated
from storage import conversations, people, translations, workers
from storage.conversations import Author, Conversation, Utterance
from storage.tickets import Ticket
from storage.transaction import Transaction

#: How long a worker waits for a translation.
PATIENCE = timedelta(seconds=10)
#: How many turns of a thread are translated at once.
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Preview:
    """A reply before it goes: `text` is what the resident would read in `locale`, `original` what the worker wrote."""

    text: str
    locale: str
    original: Original


async def read(desk: Desk, worker_id: int, ticket_id: int, language: str) -> dict[int, str]:
    """The resident's turns of a ticket in the worker's language, by turn; only those in another one, and those that could be translated.

    What was translated once is kept, and is not sent out again.
    """
    async with desk.storage.reading() as tx:
        worker = await worker_of(tx, worker_id)
        ticket = await ticket_for(tx, worker, ticket_id)
        thread = await conversations.of_ticket(tx, ticket.id)
        foreign = [said for said in thread if said.author is Author.resident and said.text and _foreign(said, language)]
        known = await translations.of_utterances(tx, [said.id for said in foreign])
        names = await _names(tx, ticket)
    found = {said: one.text for said, all_ in known.items() for one in all_ if one.locale == language}
    missing = [said for said in foreign if said.id not in found]
    if not desk.translator.name or not missing:
        return found
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(said: Utterance) -> tuple[Utterance, str] | None:
        async with gate:
            try:
                return said, await translated(desk, said.text, language, names)
            except NotTranslated:
                return None

    made = [done for done in await asyncio.gather(*map(one, missing)) if done is not None]
    async with desk.storage.transaction() as tx:
        for said, text in made:
            current = await conversations.utterance(tx, said.id)
            if current is not None and current.text == said.text:  # it may have been erased meanwhile
                await translations.put(tx, current, language, text, made_by=desk.translator.name, now=desk.now())
                found[said.id] = text
    return found


async def preview(desk: Desk, worker_id: int, ticket_id: int, text: str) -> Preview | None:
    """What the resident would read; None where they read the worker's language anyway, or no translator is set up.

    Hand `original` to `undo.hold_back` (or `reply.say`) with the text, as it is or corrected. Raises `NotTranslated`, `EmptyMessage`.
    """
    words = clean(text)
    if not words:
        raise EmptyMessage
    async with desk.storage.reading() as tx:
        worker = await worker_of(tx, worker_id)
        ticket = await ticket_for(tx, worker, ticket_id)
        conversation = await conversations.get(tx, ticket.conversation_id)
        target = _reads(conversation, await conversations.of_ticket(tx, ticket.id)) if conversation else "en"
        names = await _names(tx, ticket)
    source = detect(words).code
    if not desk.translator.name or source == target or (source == "zh" and target.startswith("zh")):
        return None
    made = await translated(desk, words, target, names)
    return Preview(made, target, Original(words, source, desk.translator.name))


async def translated(desk: Desk, text: str, target: str, names: Sequence[str] = ()) -> str:
    """A text in another language: what must stay has stayed, approved terms are used. Raises `NotTranslated`, also when it takes too long."""
    aside = protect(text, target=target, names=names, glossary=desk.faq.catalogue.glossary)
    source = detect(text).code
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            made = await desk.translator.translate(aside.text, source=None if source in ("mixed", "und") else source, target=target)
    except TimeoutError:
        raise NotTranslated from None
    return aside.restore(clean(made))


def _foreign(said: Utterance, language: str) -> bool:
    code = detect(said.text).code
    return code not in ("und", language) and not (code == "mixed" and language in ("en", "zh"))


def _reads(conversation: Conversation, thread: Sequence[Utterance]) -> str:
    """The language that a resident reads: the one they are spoken to in, else that of their last words."""
    if conversation.locale != locales.BOTH:
        return conversation.locale
    codes = [detect(said.text).code for said in reversed(thread) if said.author is Author.resident and said.text]
    return next((code for code in codes if code not in ("mixed", "und")), "en")


async def _names(tx: Transaction, ticket: Ticket) -> list[str]:
    """The people who may be spoken of."""
    resident = await people.get(tx, ticket.resident_id)
    known = [one.name for one in await workers.everyone(tx)]
    return [*known, *((resident.name, resident.alias) if resident and resident.name else ())]
