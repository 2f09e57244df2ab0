"""The queue of open tickets and who holds which: list, look, claim, release, assign, snooze, close, reopen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from faq.entry import Entry
from handlers.desk import Desk
from handlers.errors import NotFound, TicketClosed, TicketTaken
from handlers.messages import Choice, ReplyKind
from handlers.resident import payloads
from handlers.resident.choices import reopen_choice
from handlers.staff.relay import Word, on_it, to_resident
from handlers.staff.rights import communities_of, ticket_for, worker_of
from handlers.voice import Voice
from storage import audit, conversations, people, tickets, workers
from storage.conversations import Conversation, Utterance
from storage.people import Resident
from storage.tickets import QueueRow, Status, Ticket, TicketEvent
from storage.transaction import Transaction
from storage.workers import Worker


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: The states of a ticket that somebody still has to do something about.
OPEN_STATES = (Status.open, Status.assigned, Status.waiting, Status.snoozed)

#: The outcome of what was no question at all.
SPAM = "spam"
#: How many turns before a ticket are shown with it: often the answer that did not help.
BEFORE = 4


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket with all that a worker needs beside it, oldest word first. `before`: what was said shortly before it was opened."""

    ticket: Ticket
    resident: Resident
    conversation: Conversation
    thread: Sequence[Utterance]
    events: Sequence[TicketEvent]
    earlier: Sequence[Ticket]
    nearest: Sequence[Entry]
    assignee: Worker | None
    names: dict[int, str]
    before: Sequence[Utterance] = ()


async def waiting(
    desk: Desk, worker_id: int, states: Sequence[Status] = OPEN_STATES, *, limit: int = 100, offset: int = 0
) -> list[QueueRow]:
    """The tickets of the worker's communities: urgent first, then who waits longest."""
    async with desk.storage.reading() as tx:
        worker = await worker_of(tx, worker_id)
        return await tickets.queue(tx, communities=await communities_of(tx, worker), states=states, limit=limit, offset=offset)


async def look(desk: Desk, worker_id: int, ticket_id: int, *, again: bool = False) -> Case:
    """One ticket with its thread, history, the resident's earlier tickets and the nearest entries.

    That it was looked at is recorded; `again`, when a page that shows it is brought up to date, it is not.
    """
    async with desk.storage.reading() if again else desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        ticket = await ticket_for(tx, worker, ticket_id)
        if not again:
            await audit.record(tx, "ticket_seen", f"ticket:{ticket.id}", worker_id=worker.id, now=desk.now())
        resident = await people.get(tx, ticket.resident_id)
        conversation = await conversations.get(tx, ticket.conversation_id)
        if resident is None or conversation is None:
            raise NotFound
        thread = await conversations.of_ticket(tx, ticket.id)
        staff = {member.id: member.name for member in await workers.everyone(tx, also_left=True)}
        earlier = [other for other in await tickets.of_resident(tx, resident.id) if other.id != ticket.id]
        nearest = [entry for entry in map(desk.faq.entry, ticket.nearest) if entry is not None]
        assignee = await workers.get(tx, ticket.assignee_id) if ticket.assignee_id else None
        events = await tickets.events(tx, ticket.id)
        before = await conversations.before(tx, conversation.id, thread[0].id if thread else 0, BEFORE)
        return Case(ticket, resident, conversation, thread, events, earlier, nearest, assignee, staff, before)


async def claim(desk: Desk, worker_id: int, ticket_id: int) -> Ticket:
    """Take a ticket. Taking it twice is the same as once; raises `TicketTaken` with the holder's name where somebody else has it."""
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        await ticket_for(tx, worker, ticket_id)
        claimed = await hold(desk, tx, worker, ticket_id)
        await on_it(desk, tx, claimed, worker)
        return claimed


async def hold(desk: Desk, tx: Transaction, worker: Worker, ticket_id: int) -> Ticket:
    """Make sure that this worker has the ticket, inside a transaction of the caller's."""
    claimed = await tickets.claim(tx, ticket_id, worker.id, desk.now())
    if claimed is not None:
        return claimed
    ticket = await tickets.get(tx, ticket_id)
    if ticket is None:
        raise NotFound
    if ticket.status is Status.closed:
        raise TicketClosed(ticket.number)
    holder = await workers.get(tx, ticket.assignee_id) if ticket.assignee_id else None
    raise TicketTaken(ticket.number, holder.name if holder else "–")


async def release(desk: Desk, worker_id: int, ticket_id: int) -> None:
    """Put a ticket back into the queue."""
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        await ticket_for(tx, worker, ticket_id)
        await hold(desk, tx, worker, ticket_id)
        await tickets.release(tx, ticket_id, worker.id, desk.now())


async def assign(desk: Desk, worker_id: int, ticket_id: int, to: int) -> Ticket:
    """Give a ticket to a colleague, whoever has it now."""
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        ticket = await ticket_for(tx, worker, ticket_id)
        if ticket.status is Status.closed:
            raise TicketClosed(ticket.number)
        colleague = await worker_of(tx, to)
        await ticket_for(tx, colleague, ticket_id)
        assigned = await tickets.assign(tx, ticket_id, colleague.id, by=worker.id, now=desk.now())
        if assigned is None:
            raise NotFound
        return assigned


async def snooze(desk: Desk, worker_id: int, ticket_id: int, until: datetime) -> None:
    """Let a ticket rest until a time; a word of the resident wakes it earlier."""
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        await ticket_for(tx, worker, ticket_id)
        await hold(desk, tx, worker, ticket_id)
        await tickets.snooze(tx, ticket_id, until, by=worker.id, now=desk.now())


async def wait_for_answer(desk: Desk, worker_id: int, ticket_id: int) -> None:
    """Let a ticket rest until the resident writes; it comes back by itself after `policy.answer_within`, so that none is forgotten."""
    await snooze(desk, worker_id, ticket_id, desk.now() + desk.policy.answer_within)


async def close(desk: Desk, worker_id: int, ticket_id: int, outcome: str = "solved") -> None:
    """Close a ticket; the resident is told and asked how it was. Whoever sent spam is not."""
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        await ticket_for(tx, worker, ticket_id)
        ticket = await hold(desk, tx, worker, ticket_id)
        await tickets.close(tx, ticket.id, by=worker.id, outcome=outcome, now=desk.now())
        if outcome != SPAM:
            await to_resident(desk, tx, ticket, worker, _closing(ticket))


async def reopen(desk: Desk, worker_id: int, ticket_id: int) -> None:
    """Open a closed ticket again; the worker has it then."""
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        await ticket_for(tx, worker, ticket_id)
        await tickets.reopen(tx, ticket_id, by=worker.id, now=desk.now())
        await hold(desk, tx, worker, ticket_id)


def _ratings(ticket: Ticket) -> list[Choice]:
    return [Choice(str(stars), payloads.payload(payloads.RATE, f"{ticket.number}:{stars}")) for stars in range(1, 6)]


def _closing(ticket: Ticket) -> Word:
    def say(voice: Voice) -> str:
        return voice.say(_("Ticket {number} is closed. Was this a help? Give it a number from 1 to 5."), number=ticket.number)

    return Word(ReplyKind.notice, say, choices=lambda voice: (*_ratings(ticket), reopen_choice(voice, ticket.number)))
