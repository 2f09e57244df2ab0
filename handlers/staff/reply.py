"""What a worker writes on a ticket: a reply to the resident, an entry of the FAQ, or a note for colleagues."""

from handlers.answers import tell
from handlers.desk import Desk
from handlers.errors import EmptyMessage, NotFound
from handlers.messages import ReplyKind
from handlers.resident import payloads
from handlers.staff.queue import hold
from handlers.staff.relay import Word, to_resident
from handlers.staff.rights import ticket_for, worker_of
from handlers.tidy import clean
from storage import conversations, people, tickets
from storage.conversations import Author, Utterance
from storage.tickets import EventKind


async def reply(desk: Desk, worker_id: int, ticket_id: int, text: str) -> Utterance:
    """Answer the resident. The worker takes the ticket by answering; raises `TicketTaken` where a colleague has it."""
    words = _words(text)
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        await ticket_for(tx, worker, ticket_id)
        ticket = await hold(desk, tx, worker, ticket_id)
        word = Word(ReplyKind.relay, lambda voice: f"{worker.name}{':' if voice.first == 'en' else '：'}\n{words}", author=Author.worker)
        spoken = await to_resident(desk, tx, ticket, worker, word)
        await tickets.event(tx, ticket.id, EventKind.replied, worker_id=worker.id, at=desk.now())
        await tickets.answered(tx, ticket, desk.now())
        return spoken


async def send_entry(desk: Desk, worker_id: int, ticket_id: int, entry_id: str) -> Utterance:
    """Send the answer of an entry, in the resident's language, as the worker's reply."""
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        await ticket_for(tx, worker, ticket_id)
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
        )
        spoken = await to_resident(desk, tx, ticket, worker, word)
        await tickets.event(tx, ticket.id, EventKind.replied, worker_id=worker.id, note=entry.id, at=desk.now())
        await tickets.answered(tx, ticket, desk.now())
        return spoken


async def note(desk: Desk, worker_id: int, ticket_id: int, text: str) -> Utterance:
    """Write an internal note: colleagues see it in the thread, the resident never does. No claim is needed."""
    words = _words(text)
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        ticket = await ticket_for(tx, worker, ticket_id)
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
            at=desk.now(),
        )
        await tickets.event(tx, ticket.id, EventKind.noted, worker_id=worker.id, at=desk.now())
        return written


def _words(text: str) -> str:
    words = clean(text)
    if not words:
        raise EmptyMessage
    return words
