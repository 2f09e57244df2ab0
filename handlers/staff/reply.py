"""What a worker writes on a ticket: a reply to the resident, an entry of the FAQ, or a note for colleagues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers.answers import tell
from handlers.desk import Desk
from handlers.errors import EmptyMessage, NotFound
from handlers.messages import Attachment, ReplyKind
from handlers.resident import payloads
from handlers.staff.queue import hold
from handlers.staff.relay import Word, no_choices, to_resident
from handlers.staff.rights import ticket_for, worker_of
from handlers.tidy import clean
from handlers.voice import Voice
from storage import conversations, people, tickets, translations
from storage.conversations import Author, Utterance
from storage.tickets import EventKind, Ticket
from storage.transaction import Transaction
from storage.workers import Worker


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: Said below words that a machine has translated.
TRANSLATED = _("(Translated by machine. The original is one tap away.)")


#: How soon the same words again are a second tap of the same finger.
AGAIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Original:
    """What a worker wrote before it was translated, its language, and what translated it."""

    text: str
    locale: str
    made_by: str


async def reply(
    desk: Desk, worker_id: int, ticket_id: int, text: str, *, attachments: Sequence[Attachment] = (), message_id: str | None = None
) -> Utterance:
    """Answer the resident. The worker takes the ticket by answering; raises `TicketTaken` where a colleague has it.

    `attachments` go along by their platform's reference. The same `message_id` again has no second effect.
    """
    words = clean(text) if attachments else _words(text)
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        return await say(desk, tx, worker, ticket_id, words, attachments=attachments, message_id=message_id)


async def say(
    desk: Desk,
    tx: Transaction,
    worker: Worker,
    ticket_id: int,
    words: str,
    *,
    attachments: Sequence[Attachment] = (),
    message_id: str | None = None,
    original: Original | None = None,
) -> Utterance:
    """Answer the resident in a transaction of the caller's. With `original` the words are a translation, and the resident is told so.

    Without a `message_id` the same words again within `AGAIN` are taken for a second tap and are not said twice.
    """
    before = await _written(tx, await ticket_for(tx, worker, ticket_id), message_id)
    if before is not None:
        return before
    ticket = await hold(desk, tx, worker, ticket_id)
    if message_id is None and (same := await _just_said(desk, tx, ticket, worker, words)) is not None and not attachments:
        return same

    def told(voice: Voice) -> str:
        said = f"{worker.name}{':' if voice.first == 'en' else '：'}\n{words}".rstrip()
        return f"{said}\n\n{voice.say(TRANSLATED)}" if original else said

    word = Word(
        ReplyKind.relay,
        told,
        choices=payloads.original if original else no_choices,
        author=Author.worker,
        attachments=tuple(attachments),
        message_id=message_id,
    )
    spoken = await to_resident(desk, tx, ticket, worker, word)
    if original:
        await translations.put(tx, spoken, original.locale, original.text, original=True, made_by=original.made_by, now=desk.now())
    await tickets.event(tx, ticket.id, EventKind.replied, worker_id=worker.id, at=desk.now())
    await tickets.answered(tx, ticket, desk.now())
    return spoken


async def send_entry(desk: Desk, worker_id: int, ticket_id: int, entry_id: str, *, message_id: str | None = None) -> Utterance:
    """Send the answer of an entry, in the resident's language, as the worker's reply. The same `message_id` again sends nothing."""
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        before = await _written(tx, await ticket_for(tx, worker, ticket_id), message_id)
        if before is not None:
            return before
        ticket = await hold(desk, tx, worker, ticket_id)
        entry = desk.faq.entry(entry_id)
        resident = await people.get(tx, ticket.resident_id)
        if entry is None or resident is None:
            raise NotFound
        word = Word(
            ReplyKind.relay,
            lambda voice: (
                f"{worker.name}{':' if voice.first == 'en' else '：'}\n"
                + tell(desk.faq.catalogue, entry, voice, today=desk.now().date(), community=resident.community_id)
            ),
            choices=payloads.other_language,
            author=Author.worker,
            entry=entry.id,
            message_id=message_id,
        )
        spoken = await to_resident(desk, tx, ticket, worker, word)
        await tickets.event(tx, ticket.id, EventKind.replied, worker_id=worker.id, note=entry.id, at=desk.now())
        await tickets.answered(tx, ticket, desk.now())
        return spoken


async def note(desk: Desk, worker_id: int, ticket_id: int, text: str, *, message_id: str | None = None) -> Utterance:
    """Write an internal note: colleagues see it in the thread, the resident never does. No claim is needed.

    The same `message_id` again has no second effect.
    """
    words = _words(text)
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        ticket = await ticket_for(tx, worker, ticket_id)
        before = await _written(tx, ticket, message_id)
        if before is not None:
            return before
        written = await conversations.record(
            tx,
            ticket.conversation_id,
            author=Author.worker,
            worker_id=worker.id,
            kind="note",
            text=words,
            locale="und",
            ticket_id=ticket.id,
            internal=True,
            message_id=message_id,
            at=desk.now(),
        )
        await tickets.event(tx, ticket.id, EventKind.noted, worker_id=worker.id, at=desk.now())
        return written


def _words(text: str) -> str:
    words = clean(text)
    if not words:
        raise EmptyMessage
    return words


async def _written(tx: Transaction, ticket: Ticket, message_id: str | None) -> Utterance | None:
    """What was written on this ticket with that message, where it came before."""
    if message_id is None:
        return None
    await conversations.lock(tx, ticket.conversation_id)
    return next((said for said in await conversations.of_ticket(tx, ticket.id) if said.message_id == message_id), None)


async def _just_said(desk: Desk, tx: Transaction, ticket: Ticket, worker: Worker, words: str) -> Utterance | None:
    """The last turn of the ticket, where this worker has said these words in it a moment ago."""
    await conversations.lock(tx, ticket.conversation_id)
    last = next((said for said in reversed(await conversations.of_ticket(tx, ticket.id)) if not said.internal), None)
    if last is None or last.worker_id != worker.id or last.at < desk.now() - AGAIN:
        return None
    return last if words in (last.text, "\n".join(last.text.split("\n")[1:])) else None
