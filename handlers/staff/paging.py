"""Paging: an urgent ticket calls one person after the other until somebody says that they have seen it.

Only then is the resident told so. Whoever takes the ticket in any other way has seen it too.
"""

import secrets
from dataclasses import dataclass

from handlers import locales
from handlers.desk import Desk
from handlers.errors import LinkSpent
from handlers.messages import ReplyKind
from handlers.staff.on_call import NOTIFY, ladder, place, tell
from handlers.staff.relay import Word, to_resident
from handlers.staff.roster import digest
from handlers.voice import Voice
from storage import conversations, pages, tickets, workers
from storage.conversations import Author
from storage.pages import Page
from storage.tickets import EventKind, Ticket
from storage.transaction import Transaction
from storage.workers import Worker


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: Where the link of a page leads, below the address of our pages.
PATH = "/console/page"


@dataclass(frozen=True, slots=True)
class Called:
    """A page as its link shows it: the ticket, who was called, and the name of who has it now, if anybody has."""

    number: int
    urgency: str | None
    worker: str
    holder: str | None
    live: bool


async def sweep(desk: Desk) -> int:
    """Call the first or the next person where nobody has acknowledged in time; returns how many tickets were dealt with.

    Any process may do it: a ticket is dealt with once.
    """
    async with desk.storage.reading() as tx:
        if not await pages.waiting(tx, desk.now()):
            return 0
    async with desk.storage.transaction() as tx:
        count = 0
        for page, ticket in await pages.due(tx, desk.now()):
            count += 1
            if ticket.assignee_id is not None and ticket.live:
                await _seen(desk, tx, page, ticket, ticket.assignee_id)
            elif not ticket.live:
                page.next_at = None
            else:
                await _call(desk, tx, ticket, page.rung + 1)
        for ticket in await pages.unpaged(tx):
            count += 1
            await _call(desk, tx, ticket, 0)
        return count


async def called(desk: Desk, token: str) -> Called:
    """What the link of a page is about; looking acknowledges nothing, because previews open links. Raises `LinkSpent`."""
    async with desk.storage.reading() as tx:
        page = await pages.by_token(tx, digest(token))
        if page is None:
            raise LinkSpent
        return await _told(tx, page)


async def acknowledge(desk: Desk, token: str) -> Called:
    """Whoever was called says that they have seen it: they have the ticket unless somebody else does, and the resident is told.

    Again is no error. Raises `LinkSpent` for a made-up link or a worker who has left.
    """
    async with desk.storage.transaction() as tx:
        page = await pages.by_token(tx, digest(token))
        worker = await workers.get(tx, page.worker_id) if page is not None and page.worker_id is not None else None
        if page is None or worker is None or not worker.active:
            raise LinkSpent
        ticket = await tickets.claim(tx, page.ticket_id, worker.id, desk.now())
        if ticket is not None and page.acknowledged_at is None:
            await _seen(desk, tx, page, ticket, worker.id)
        return await _told(tx, page)


async def _call(desk: Desk, tx: Transaction, ticket: Ticket, rung: int) -> None:
    """Call the person on that rung; after the last round of the ladder give up, with a note on the ticket."""
    now = desk.now()
    people = await ladder(desk, tx, ticket)
    if rung >= len(people) * desk.policy.page_rounds:
        await pages.add(tx, ticket.id, None, rung, None, now=now, next_at=None)
        if people:
            await _given_up(desk, tx, ticket)
        return
    worker, token = people[rung % len(people)], secrets.token_urlsafe(24)
    await pages.add(tx, ticket.id, worker.id, rung, digest(token), now=now, next_at=now + desk.policy.page_next)
    words = _("🔴 Ticket {number}, {place}: somebody is in danger and nobody has the ticket yet. Have you seen this? Then open the link.")

    def say(voice: Voice) -> str:
        return voice.say(words, number=ticket.number, place=lambda language: place(desk, ticket, language))

    await tell(desk, tx, worker, ticket, say, kind=ReplyKind.urgent, link=desk.link(NOTIFY, f"{PATH}/{token}"))
    await tickets.event(tx, ticket.id, EventKind.paged, worker_id=worker.id, at=now)


async def _seen(desk: Desk, tx: Transaction, page: Page, ticket: Ticket, worker_id: int) -> None:
    now = desk.now()
    for one in await pages.of_ticket(tx, ticket.id):
        one.next_at = None
    page.acknowledged_at = now
    worker = await workers.get(tx, worker_id)
    if worker is None:
        return
    await tickets.event(tx, ticket.id, EventKind.acknowledged, worker_id=worker.id, at=now)
    words = _("{name} has seen this and is looking after it now.")
    await to_resident(desk, tx, ticket, worker, Word(ReplyKind.notice, lambda voice: voice.say(words, name=worker.name)))


async def _given_up(desk: Desk, tx: Transaction, ticket: Ticket) -> None:
    voice = Voice(locales.BOTH)
    await conversations.record(
        tx,
        ticket.conversation_id,
        author=Author.bot,
        kind="unpaged",
        text=voice.say(
            _("Everybody on call was called {times} times, and nobody has said that they have seen it."), times=desk.policy.page_rounds
        ),
        locale=voice.first,
        ticket_id=ticket.id,
        internal=True,
        at=desk.now(),
    )


async def _told(tx: Transaction, page: Page) -> Called:
    ticket = await tickets.get(tx, page.ticket_id)
    worker = await workers.get(tx, page.worker_id) if page.worker_id else None
    if ticket is None or worker is None:
        raise LinkSpent
    holder: Worker | None = await workers.get(tx, ticket.assignee_id) if ticket.assignee_id else None
    return Called(ticket.number, ticket.urgency, worker.name, holder.name if holder else None, ticket.live)
