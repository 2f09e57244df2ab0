"""Service standards, counted in office time: who has a ticket is reminded, then the supervisor is told, then it goes back to the queue."""

from datetime import datetime

from handlers.desk import Desk
from handlers.hours import HERE, Hours, hours
from handlers.messages import ReplyKind
from handlers.staff.on_call import NOTIFY, ladder, place, reachable, supervisors, tell
from handlers.voice import Voice, weekday
from storage import standards, tickets, workers
from storage.tickets import EventKind, Standard, Ticket
from storage.transaction import Transaction
from storage.workers import Worker


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: What is to be done by then.
WHAT = {
    Standard.first: _("the first answer to ticket {number} ({place}) is due by {time}."),
    Standard.next: _("the next answer to ticket {number} ({place}) is due by {time}."),
    Standard.resolution: _("ticket {number} ({place}) is to be settled by {time}."),
}
#: The event's note where the clock has put a ticket back into the queue.
OVERDUE = "overdue"


async def keep_standards(desk: Desk) -> int:
    """Count what is due, and remind where it is time; returns how many tickets were dealt with. Any process may do it, each ticket once."""
    async with desk.storage.reading() as tx:
        if not await standards.any_due(tx, desk.now()):
            return 0
    async with desk.storage.transaction() as tx:
        due = await standards.due(tx, desk.now())
        for ticket in due:
            await _keep(desk, tx, ticket, desk.now())
        return len(due)


async def _keep(desk: Desk, tx: Transaction, ticket: Ticket, now: datetime) -> None:
    office = hours(desk, ticket.community_id)
    if ticket.remind_at is None:
        await _count(desk, tx, office, ticket, now)
    elif ticket.reminded == 0:
        await _remind(desk, tx, ticket, now)
        await standards.reminded(tx, ticket, ticket.due_at)
    elif ticket.reminded == 1:
        for worker in await supervisors(desk, tx, ticket):
            await _tell(desk, tx, ticket, worker, now)
        await standards.reminded(tx, ticket, office.after(now, desk.policy.release_after) if ticket.assignee_id else None)
    else:
        if ticket.assignee_id is not None:
            await tickets.assign(tx, ticket.id, None, by=None, now=now, note=OVERDUE)
        await standards.reminded(tx, ticket, None)


async def _count(desk: Desk, tx: Transaction, office: Hours, ticket: Ticket, now: datetime) -> None:
    """From when the resident waits; the time for the whole matter runs from its opening and is counted once."""
    policy = desk.policy
    since = ticket.waiting_since or ticket.opened_at
    length = policy.next_answer if ticket.first_replied_at else policy.first_answer
    answer_by = office.after(since, length)
    resolve_by = ticket.resolve_by or office.after(ticket.opened_at, policy.resolution)
    remind_at = office.after(since, max(length - policy.remind_before, length / 2))
    if resolve_by is not None and (answer_by is None or resolve_by < answer_by):
        remind_at = min(remind_at or resolve_by, resolve_by - policy.remind_before)
    await standards.count(tx, ticket, answer_by=answer_by, resolve_by=resolve_by, remind_at=remind_at, now=now)


async def _remind(desk: Desk, tx: Transaction, ticket: Ticket, now: datetime) -> None:
    """Who has it; where nobody has, who is called first."""
    holder = await workers.get(tx, ticket.assignee_id) if ticket.assignee_id else next(iter(await ladder(desk, tx, ticket)), None)
    if holder is not None and holder.active:
        await _tell(desk, tx, ticket, holder, now)


async def _tell(desk: Desk, tx: Transaction, ticket: Ticket, worker: Worker, now: datetime) -> None:
    await tickets.event(tx, ticket.id, EventKind.reminded, worker_id=worker.id, at=now)
    if not reachable(desk, worker) or ticket.due_at is None or ticket.due_for is None:
        return
    due_at, what = ticket.due_at.astimezone(HERE), WHAT[ticket.due_for]

    def say(voice: Voice) -> str:
        words = voice.each(
            lambda language: Voice(language).say(
                what,
                number=ticket.number,
                place=place(desk, ticket, language),
                time=f"{due_at:%H:%M}" if due_at.date() == now.astimezone(HERE).date() else f"{weekday(due_at, language)} {due_at:%H:%M}",
            )
        )
        return words[:1].upper() + words[1:]

    await tell(desk, tx, worker, ticket, say, kind=ReplyKind.notice, link=desk.link(NOTIFY, f"/console/tickets/{ticket.number}"))
